// Comparisons from text that is no table: fields set apart by spaces.
//
// Grammar: UTF-8, lines ending in LF or CRLF, fields set apart by spaces or
// tabs. Nothing is skipped: an empty line, a NUL byte, a line with too many or
// too few fields, a score that is no number is an Error(kInvalidInput) with
// file, line and what was found. A score of nan (or another mark that means
// missing) is a failed comparison, an infinite one is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plumbline/face/input/score_columns.h"
#include "plumbline/table/csv_number.h"
#include "plumbline/table/table.h"

namespace plumbline::face {

// A column of words that grows.
class GrowingWords {
 public:
  // The empty word is missing.
  void Add(std::string_view word, int64_t row);
  size_t size() const { return codes_.size(); }
  CategoricalColumn Take(const std::string& name);

 private:
  std::vector<uint32_t> codes_;
  std::vector<std::string> levels_;
  std::vector<int64_t> first_row_;
  std::unordered_map<std::string, uint32_t> code_of_;
};

enum class FileKind { kAny, kGenuine, kImpostor };

struct ScoreTextFile {
  std::string name;
  FileKind kind = FileKind::kAny;
};

// What files of text have held so far. Files of one run have the same parts.
struct ScoreText {
  explicit ScoreText(const CsvOptions& options) : missing(options.missing) {}

  std::vector<double> score;                     // NaN: failed
  GrowingWords reference, probe, label, status;  // empty: there is none
  bool templates = false;
  std::vector<TableSource> sources;
  std::vector<int> header_lines;
  csv::MissingMarks missing;
};

// A file's lines, one after the other.
class TextLines {
 public:
  // Throws Error(kInvalidInput) for a NUL byte, bytes that are not UTF-8, a
  // file without lines.
  TextLines(std::string_view text, std::string file);

  // The fields of the next line; false at the end. Throws for an empty line.
  bool Next(std::vector<std::string_view>* fields);
  int64_t line() const { return line_; }  // of the last one, from 1
  Location Where(const std::string& field) const;
  // A number; NaN where it means missing.
  double Number(std::string_view field, const std::string& what,
                const csv::MissingMarks& missing) const;

 private:
  std::string_view rest_;
  std::string file_;
  int64_t line_ = 0;
};

// The table of all files, and which column is what.
Table TakeTable(ScoreText scores, ScoreRoles* roles);

}  // namespace plumbline::face
