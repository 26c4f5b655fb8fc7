// Tables for a terminal, Markdown and CSV.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

class TextTable {
 public:
  enum class Align { kLeft, kRight };
  void AddColumn(std::string heading, Align align);
  // As many cells as columns.
  void AddRow(std::vector<std::string> cells);

  // Columns padded by display width (UTF-8, wide characters); the widest
  // left-aligned columns are cut with an ellipsis so that no line is longer
  // than `width`.
  std::string ToText(int width = 100) const;
  std::string ToMarkdown() const;  // pipes escaped
  std::string ToCsv() const;       // RFC 4180

 private:
  std::vector<std::string> headings_;
  std::vector<Align> align_;
  std::vector<std::vector<std::string>> rows_;
};

// Display columns of UTF-8 text.
int DisplayWidth(std::string_view text);

}  // namespace plumbline
