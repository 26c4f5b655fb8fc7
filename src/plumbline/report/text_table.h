// Tables for a terminal, Markdown and CSV.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

class TextTable {
 public:
  enum class Align { kLeft, kRight };
  // `spare` above 0: the column may be left out of a text that would be too
  // wide otherwise; those with the largest number go first, all of them
  // together.
  void AddColumn(std::string heading, Align align, int spare = 0);
  // As many cells as columns.
  void AddRow(std::vector<std::string> cells);

  // Columns padded by display width (UTF-8, wide characters); the widest
  // left-aligned columns are cut with an ellipsis so that no line is longer
  // than `width`. Where names would be cut below 12 columns, spare columns are
  // left out instead, and named below the table.
  std::string ToText(int width = 100) const;
  std::string ToMarkdown() const;  // pipes escaped
  std::string ToCsv() const;       // RFC 4180

 private:
  // Without the columns that a line of this width has no room for.
  TextTable Fitting(int width, std::vector<std::string>* left_out) const;
  std::vector<int> Widths() const;

  std::vector<std::string> headings_;
  std::vector<Align> align_;
  std::vector<int> spare_;
  std::vector<std::vector<std::string>> rows_;
};

// Display columns of UTF-8 text.
int DisplayWidth(std::string_view text);

}  // namespace plumbline
