#include "plumbline/table/csv_diagnose.h"

#include "plumbline/base/error.h"
#include "plumbline/table/csv_utf8.h"

namespace plumbline::csv {
namespace {

std::string Fields(size_t count) {
  return count == 1 ? "1 field" : fmt::format("{} fields", count);
}

std::string SeparatorName(char delimiter) {
  return delimiter == '\t' ? "tab" : "comma";
}

// The column's name, or "" for a field beyond the header.
std::string ColumnName(const FileFacts& file, size_t column) {
  return column < file.header.size() ? file.header[column] : "";
}

std::string HowMissingIsWritten(const MissingMarks& missing) {
  if (missing.marks().empty()) return "empty means missing";
  std::string marks;
  for (const std::string& mark : missing.marks()) {
    marks += (marks.empty() ? "" : ", ") + mark;
  }
  return missing.marks().size() == 1
             ? fmt::format("empty or {} means missing", marks)
             : fmt::format("empty or one of {} means missing", marks);
}

void RefuseWrongFieldCount(const FileFacts& file, const Record& record,
                           int64_t row, bool line_end_added) {
  const size_t found = record.fields.size();
  const size_t expected = file.header.size();
  if (found == expected) return;
  const Location where{file.name, row, ""};
  if (line_end_added && found < expected) {
    throw Error(ErrorCode::kInvalidInput, where,
                "the file seems cut off: its last line has {} of {} and no "
                "line end; export or copy the file again",
                found, Fields(expected));
  }
  if (found == 1 && record.fields[0].text.empty() && !record.fields[0].quoted) {
    throw Error(ErrorCode::kInvalidInput, where,
                "is an empty line; remove it or fill in its {}",
                Fields(expected));
  }
  throw Error(ErrorCode::kInvalidInput, where,
              "has {}, the header has {}; check for a missing separator or an "
              "unquoted {}",
              Fields(found), expected, SeparatorName(file.delimiter));
}

void RefuseBadNumbers(const FileFacts& file, const Record& record,
                      int64_t row) {
  for (const size_t column : file.numeric) {
    const Field& field = record.fields[column];
    const char* const begin = field.text.data();
    const char* const end = begin + field.text.size();
    double value = 0;
    if (field.quoted ? ReadQuotedNumber(field.text, &value)
                     : ReadNumber(begin, end, end, *file.missing, &value)) {
      continue;
    }
    throw Error(ErrorCode::kInvalidInput,
                Location{file.name, row, file.header[column]},
                "{} is not a {}number; {}", Shown(field.text),
                IsInfinite(field.text) ? "finite " : "",
                HowMissingIsWritten(*file.missing));
  }
}

}  // namespace

void RefuseNul(const std::string& file, std::string_view text, int64_t start) {
  const size_t at = text.find('\0');
  if (at == std::string_view::npos) return;
  throw Error(ErrorCode::kInvalidInput, Location{file},
              "looks like a binary file (a NUL byte at byte {}); a CSV or TSV "
              "text file is needed",
              start + static_cast<int64_t>(at) + 1);
}

void RefuseInvalidUtf8(const FileFacts& file, const Record& record,
                       int64_t row) {
  for (size_t column = 0; column < record.fields.size(); ++column) {
    const std::string& text = record.fields[column].text;
    const size_t at = FindInvalidUtf8(text);
    if (at == text.size()) continue;
    const std::string name = ColumnName(file, column);
    throw Error(
        ErrorCode::kInvalidInput, Location{file.name, row, name},
        "byte 0x{:02X}{} is not valid UTF-8; the file is probably Latin-1: "
        "convert it with iconv -f LATIN1 -t UTF-8",
        static_cast<unsigned char>(text[at]),
        name.empty() ? fmt::format(" in column {}", column + 1) : "");
  }
}

void ThrowBadRecord(const FileFacts& file, const Record& record, int64_t row,
                    int64_t start) {
  const size_t column = record.fields.size() - 1;
  const std::string& text = record.fields.back().text;
  const Location where{file.name, row, ColumnName(file, column)};
  switch (record.status) {
    case RecordStatus::kNul:
      RefuseNul(file.name, std::string_view("\0", 1),
                start + static_cast<int64_t>(record.bytes));
      break;
    case RecordStatus::kStrayQuote:
      throw Error(ErrorCode::kInvalidInput, where,
                  "a quote inside an unquoted field, after {}; put the field "
                  "in quotes and write the quote twice (\"\")",
                  Shown(text));
    case RecordStatus::kTextAfterQuote:
      throw Error(ErrorCode::kInvalidInput, where,
                  "text after the closing quote of {}; a quote inside a "
                  "quoted field is written twice (\"\")",
                  Shown(text));
    case RecordStatus::kOpenQuote:
      throw Error(ErrorCode::kInvalidInput, where,
                  "a quote opens here and is never closed; close it, or write "
                  "a quote that belongs to the text as \"\" in a quoted field");
    case RecordStatus::kStrayReturn:
      throw Error(ErrorCode::kInvalidInput, where,
                  "a carriage return without a line feed after {}; save the "
                  "file with LF or CRLF line ends",
                  Shown(text));
    case RecordStatus::kDone:
    case RecordStatus::kNoLineEnd:
      break;
  }
  throw Error(ErrorCode::kInternal, where, "the record is not wrong");
}

void ThrowFirstError(const FileFacts& file, const Excerpt& excerpt) {
  std::string_view rest = excerpt.text;
  int64_t start = excerpt.first_byte;
  for (int64_t row = excerpt.first_row; !rest.empty(); ++row) {
    const Record record = ReadRecord(rest, file.delimiter);
    if (record.status == RecordStatus::kOpenQuote && excerpt.line_end_added) {
      const Location where{file.name, row,
                           ColumnName(file, record.fields.size() - 1)};
      throw Error(ErrorCode::kInvalidInput, where,
                  "the file seems cut off: it ends inside a quoted field that "
                  "opens here; export or copy the file again");
    }
    if (record.status != RecordStatus::kDone) {
      ThrowBadRecord(file, record, row, start);
    }
    RefuseWrongFieldCount(file, record, row, excerpt.line_end_added);
    RefuseInvalidUtf8(file, record, row);
    RefuseBadNumbers(file, record, row);
    rest.remove_prefix(record.bytes);
    start += static_cast<int64_t>(record.bytes);
  }
  throw Error(ErrorCode::kInternal, Location{file.name, excerpt.first_row, ""},
              "the fast and the careful reader disagree");
}

void ThrowEndlessRecord(const FileFacts& file, int64_t row, size_t bytes) {
  throw Error(ErrorCode::kInvalidInput, Location{file.name, row, ""},
              "has no end within {} MB; most likely a quote that opens in this "
              "row is never closed",
              bytes >> 20);
}

}  // namespace plumbline::csv
