#include "plumbline/face/input/score_text.h"

#include <limits>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/table/csv_utf8.h"

namespace plumbline::face {
namespace {

constexpr size_t kShownBytes = 40;  // of a field in a message

std::string Shown(std::string_view field) {
  if (field.size() <= kShownBytes) return std::string(field);
  size_t end = kShownBytes;
  // Not in the middle of a character.
  while (end > 0 && (static_cast<unsigned char>(field[end]) & 0xC0) == 0x80) {
    --end;
  }
  return std::string(field.substr(0, end)) + "...";
}

}  // namespace

void GrowingWords::Add(std::string_view word, int64_t row) {
  if (word.empty()) {
    codes_.push_back(kMissingCode);
    return;
  }
  const auto [place, is_new] = code_of_.emplace(
      std::string(word), static_cast<uint32_t>(levels_.size()));
  if (is_new) {
    levels_.emplace_back(word);
    first_row_.push_back(row);
  }
  codes_.push_back(place->second);
}

CategoricalColumn GrowingWords::Take(const std::string& name) {
  CategoricalColumn column;
  column.name = name;
  column.levels = std::move(levels_);
  column.first_row = std::move(first_row_);
  for (const uint32_t code : codes_) column.missing += code == kMissingCode;
  column.codes =
      CodeVector::Pack(codes_, static_cast<uint32_t>(column.levels.size()));
  return column;
}

TextLines::TextLines(std::string_view text, std::string file)
    : rest_(text), file_(std::move(file)) {
  if (rest_.empty()) {
    throw Error(ErrorCode::kInvalidInput, Location{file_, 0, ""},
                "is empty, and comparisons are needed");
  }
  if (rest_.find('\0') != std::string_view::npos) {
    throw Error(ErrorCode::kInvalidInput, Location{file_, 0, ""},
                "holds a NUL byte, so it is no text; was it saved as UTF-16, "
                "or is it a binary file?");
  }
}

bool TextLines::Next(std::vector<std::string_view>* fields) {
  fields->clear();
  if (rest_.empty()) return false;
  ++line_;
  const size_t end = rest_.find('\n');
  std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (csv::FindInvalidUtf8(line) != line.size()) {
    throw Error(ErrorCode::kInvalidInput, Where(""),
                "holds bytes that are not UTF-8; save the file as UTF-8");
  }
  size_t at = 0;
  while (at < line.size()) {
    const size_t begin = line.find_first_not_of(" \t", at);
    if (begin == std::string_view::npos) break;
    at = std::min(line.find_first_of(" \t", begin), line.size());
    fields->push_back(line.substr(begin, at - begin));
  }
  if (fields->empty()) {
    throw Error(ErrorCode::kInvalidInput, Where(""),
                "is empty; a comparison is expected in every line");
  }
  return true;
}

Location TextLines::Where(const std::string& field) const {
  return {file_, line_, field};
}

double TextLines::Number(std::string_view field, const std::string& what,
                         const csv::MissingMarks& missing) const {
  double value = 0;
  // Nothing may be read behind the field.
  const std::string copy(field);
  const char* end = copy.data() + copy.size();
  if (csv::ReadNumber(copy.data(), end, end, missing, &value)) return value;
  if (csv::IsInfinite(field)) {
    throw Error(ErrorCode::kInvalidInput, Where(what),
                "\"{}\" is infinite; write a failed comparison as nan",
                Shown(field));
  }
  throw Error(ErrorCode::kInvalidInput, Where(what),
              "\"{}\" is not a number; write a failed comparison as nan",
              Shown(field));
}

Table TakeTable(ScoreText scores, ScoreRoles* roles) {
  Table table;
  table.set_rows(static_cast<int64_t>(scores.score.size()));
  std::vector<std::string> header = {"score"};
  NumericColumn score{"score", std::move(scores.score), 0};
  for (const double value : score.values) score.missing += value != value;
  table.Add(std::move(score));
  roles->score = "score";
  const auto add = [&](GrowingWords* words, const char* name,
                       std::string* role) {
    if (words->size() == 0) return;
    table.Add(words->Take(name));
    header.emplace_back(name);
    *role = name;
  };
  const char* kind = scores.templates ? "template" : "subject";
  add(&scores.reference, fmt::format("reference {}", kind).c_str(),
      &roles->reference);
  add(&scores.probe, fmt::format("probe {}", kind).c_str(), &roles->probe);
  add(&scores.label, "label", &roles->label);
  add(&scores.status, "status", &roles->status);
  roles->templates = scores.templates;
  roles->header_lines = std::move(scores.header_lines);
  table.set_header(std::move(header));
  table.set_sources(std::move(scores.sources));
  return table;
}

}  // namespace plumbline::face
