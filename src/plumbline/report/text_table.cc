#include "plumbline/report/text_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/report/csv_text.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/utf8.h"

namespace plumbline {
namespace {

using report::AppendCsvRecord;
using report::CleanText;
using report::EscapeMarkdown;
using report::Shorten;

constexpr int kBetweenColumns = 2;
// A name cut shorter than this says nothing.
constexpr int kNarrowest = 4;

// Takes display columns from the widest left-aligned columns until the line
// fits or all of them are at their narrowest.
void Narrow(int width, const std::vector<TextTable::Align>& align,
            std::vector<int>* widths) {
  int excess = std::accumulate(widths->begin(), widths->end(), 0) +
               kBetweenColumns * (static_cast<int>(widths->size()) - 1) - width;
  while (excess > 0) {
    int widest = -1;
    for (size_t i = 0; i < widths->size(); ++i) {
      if (align[i] == TextTable::Align::kLeft && (*widths)[i] > kNarrowest &&
          (widest < 0 || (*widths)[i] > (*widths)[widest])) {
        widest = static_cast<int>(i);
      }
    }
    if (widest < 0) return;
    --(*widths)[widest];
    --excess;
  }
}

}  // namespace

void TextTable::AddColumn(std::string heading, Align align) {
  headings_.push_back(std::move(heading));
  align_.push_back(align);
}

void TextTable::AddRow(std::vector<std::string> cells) {
  if (cells.size() != headings_.size()) {
    throw Error(ErrorCode::kInternal,
                "a table of {} columns was given a row of {} cells",
                headings_.size(), cells.size());
  }
  rows_.push_back(std::move(cells));
}

std::string TextTable::ToText(int width) const {
  if (headings_.empty()) return "";
  std::vector<int> widths;
  for (size_t i = 0; i < headings_.size(); ++i) {
    int widest = DisplayWidth(headings_[i]);
    for (const auto& row : rows_) {
      widest = std::max(widest, DisplayWidth(row[i]));
    }
    widths.push_back(widest);
  }
  Narrow(width, align_, &widths);

  std::string out;
  const auto append_line = [&](const std::vector<std::string>& cells) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line.append(kBetweenColumns, ' ');
      const std::string cell = Shorten(CleanText(cells[i]), widths[i]);
      const int padding = std::max(0, widths[i] - DisplayWidth(cell));
      if (align_[i] == Align::kRight) line.append(padding, ' ');
      line += cell;
      if (align_[i] == Align::kLeft) line.append(padding, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += Shorten(line, width) + '\n';
  };
  append_line(headings_);
  std::vector<std::string> rules;
  for (const int column : widths) rules.emplace_back(column, '-');
  append_line(rules);
  for (const auto& row : rows_) append_line(row);
  return out;
}

std::string TextTable::ToMarkdown() const {
  std::string out;
  const auto append_line = [&](const std::vector<std::string>& cells) {
    out += '|';
    for (const std::string& cell : cells)
      out += ' ' + EscapeMarkdown(cell) + " |";
    out += '\n';
  };
  append_line(headings_);
  out += '|';
  for (const Align align : align_) {
    out += align == Align::kRight ? " ---: |" : " --- |";
  }
  out += '\n';
  for (const auto& row : rows_) append_line(row);
  return out;
}

std::string TextTable::ToCsv() const {
  std::string out;
  AppendCsvRecord(headings_, &out);
  for (const auto& row : rows_) AppendCsvRecord(row, &out);
  return out;
}

int DisplayWidth(std::string_view text) {
  int columns = 0;
  for (size_t position = 0; position < text.size();) {
    columns += report::ColumnsOf(report::NextCodePoint(text, &position));
  }
  return columns;
}

}  // namespace plumbline
