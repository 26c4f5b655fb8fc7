#include "plumbline/report/text_table.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
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
// Below this, columns that may be spared are.
constexpr int kLegible = 12;

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

void TextTable::AddColumn(std::string heading, Align align, int spare) {
  headings_.push_back(std::move(heading));
  align_.push_back(align);
  spare_.push_back(spare);
}

void TextTable::AddRow(std::vector<std::string> cells) {
  if (cells.size() != headings_.size()) {
    throw Error(ErrorCode::kInternal,
                "a table of {} columns was given a row of {} cells",
                headings_.size(), cells.size());
  }
  rows_.push_back(std::move(cells));
}

std::vector<int> TextTable::Widths() const {
  std::vector<int> widths;
  for (size_t i = 0; i < headings_.size(); ++i) {
    int widest = DisplayWidth(headings_[i]);
    for (const auto& row : rows_) {
      widest = std::max(widest, DisplayWidth(row[i]));
    }
    widths.push_back(widest);
  }
  return widths;
}

TextTable TextTable::Fitting(int width,
                             std::vector<std::string>* left_out) const {
  TextTable table = *this;
  while (true) {
    const std::vector<int> widths = table.Widths();
    int needed = -kBetweenColumns;
    int most = 0;
    for (size_t i = 0; i < widths.size(); ++i) {
      needed += kBetweenColumns + (table.align_[i] == Align::kLeft
                                       ? std::min(widths[i], kLegible)
                                       : widths[i]);
      most = std::max(most, table.spare_[i]);
    }
    if (needed <= width || most == 0) return table;
    TextTable fewer;
    fewer.rows_.resize(table.rows_.size());
    for (size_t i = 0; i < widths.size(); ++i) {
      if (table.spare_[i] == most) {
        left_out->push_back(table.headings_[i]);
        continue;
      }
      fewer.AddColumn(table.headings_[i], table.align_[i], table.spare_[i]);
      for (size_t r = 0; r < table.rows_.size(); ++r) {
        fewer.rows_[r].push_back(table.rows_[r][i]);
      }
    }
    table = std::move(fewer);
  }
}

std::string TextTable::ToText(int width) const {
  if (headings_.empty()) return "";
  std::vector<std::string> left_out;
  const TextTable fitting = Fitting(width, &left_out);
  if (!left_out.empty()) {
    return fitting.ToText(width) +
           Shorten("Left out to fit: " + CleanText(JoinWords(left_out)),
                   width) +
           '\n';
  }
  std::vector<int> widths = Widths();
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
