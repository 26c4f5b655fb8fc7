#include "plumbline/table/csv_header.h"

#include <algorithm>
#include <unordered_map>

#include "plumbline/base/error.h"
#include "plumbline/table/csv_diagnose.h"

namespace plumbline::csv {
namespace {

constexpr size_t kFirstPeek = 64 << 10;

void RefuseUtf16(const std::string& file, std::string_view text) {
  if (!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF")) return;
  throw Error(ErrorCode::kInvalidInput, Location{file},
              "is UTF-16 text; convert it to UTF-8 with "
              "iconv -f UTF-16 -t UTF-8");
}

void RefuseBadNames(const std::string& file,
                    const std::vector<std::string>& header) {
  std::unordered_map<std::string_view, size_t> position;
  for (size_t i = 0; i < header.size(); ++i) {
    const Location where{file, 1, ""};
    if (header[i].empty()) {
      throw Error(ErrorCode::kInvalidInput, where,
                  "column {} has no name; name it (pandas leaves out the name "
                  "of its index: write with index=False)",
                  i + 1);
    }
    const auto [earlier, is_new] = position.emplace(header[i], i);
    if (!is_new) {
      throw Error(ErrorCode::kInvalidInput, where,
                  "columns {} and {} are both called {}; give each column a "
                  "name of its own",
                  earlier->second + 1, i + 1, Shown(header[i]));
    }
  }
}

// A single column whose name holds another separator is a file that was saved
// with that separator.
void RefuseOtherSeparator(const std::string& file, const Record& record,
                          char delimiter) {
  if (record.fields.size() != 1 || record.fields[0].quoted) return;
  const std::string& name = record.fields[0].text;
  const auto hint = [&](char other, std::string_view words,
                        std::string_view what_to_do) {
    if (other == delimiter || name.find(other) == std::string::npos) return;
    throw Error(ErrorCode::kInvalidInput, Location{file, 1, ""},
                "the header is separated by {}; {}", words, what_to_do);
  };
  hint('\t', "tabs", "call the file .tsv or save it with commas");
  hint(';', "semicolons", "save the file with commas or tabs");
  hint(',', "commas", "call the file .csv or save it with tabs");
}

// The header row of the text at the source's position, after a byte order
// mark.
Record PeekHeaderRecord(Source* source, char delimiter) {
  for (size_t want = kFirstPeek;; want *= 4) {
    const std::string_view text = source->Peek(want);
    if (text.empty()) {
      throw Error(ErrorCode::kInvalidInput, Location{source->name()},
                  "the file is empty; a header row and at least one data row "
                  "are needed");
    }
    RefuseNul(source->name(), text.substr(0, kFirstPeek), source->offset());
    Record record = ReadRecord(text, delimiter);
    const bool unfinished = record.status == RecordStatus::kNoLineEnd ||
                            record.status == RecordStatus::kOpenQuote;
    if (!unfinished || source->AtEnd()) return record;
    if (want >= kMaxRecordBytes) {
      ThrowEndlessRecord({.name = source->name()}, 1, kMaxRecordBytes);
    }
  }
}

}  // namespace

std::vector<std::string> ReadHeader(Source* source, char delimiter) {
  const std::string& file = source->name();
  const std::string_view start = source->Peek(kFirstPeek);
  RefuseUtf16(file, start);
  if (start.starts_with("\xEF\xBB\xBF")) source->Consume(3);

  const Record record = PeekHeaderRecord(source, delimiter);
  const FileFacts facts{.name = file, .delimiter = delimiter};
  RefuseInvalidUtf8(facts, record, 1);
  if (record.status != RecordStatus::kDone &&
      record.status != RecordStatus::kNoLineEnd) {
    ThrowBadRecord(facts, record, 1, source->offset());
  }
  RefuseOtherSeparator(file, record, delimiter);
  std::vector<std::string> header;
  for (const Field& field : record.fields) header.push_back(field.text);
  RefuseBadNames(file, header);

  source->Consume(record.bytes);
  if (source->Peek(1).empty()) {
    throw Error(ErrorCode::kInvalidInput, Location{file},
                "has a header row but no data rows; at least one is needed");
  }
  return header;
}

std::vector<size_t> MatchHeaders(const std::string& first_file,
                                 const std::vector<std::string>& first,
                                 const std::string& file,
                                 const std::vector<std::string>& header) {
  std::unordered_map<std::string_view, size_t> position;
  for (size_t i = 0; i < header.size(); ++i) position.emplace(header[i], i);
  std::vector<size_t> positions;
  for (const std::string& name : first) {
    const auto found = position.find(name);
    if (found == position.end()) {
      throw Error(ErrorCode::kInvalidInput, Location{file, 1, ""},
                  "has no column {}, which {} has; files that are read "
                  "together need the same columns",
                  Shown(name), first_file);
    }
    positions.push_back(found->second);
    position.erase(found);
  }
  for (const std::string& name : header) {
    if (!position.contains(name)) continue;
    throw Error(ErrorCode::kInvalidInput, Location{file, 1, ""},
                "has a column {}, which {} has not; files that are read "
                "together need the same columns",
                Shown(name), first_file);
  }
  return positions;
}

}  // namespace plumbline::csv
