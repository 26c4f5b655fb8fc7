#include "plumbline/report/heat_map.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/report/html.h"
#include "plumbline/report/svg.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

constexpr int kShades = 6;
constexpr double kLeft = 128;
constexpr double kTop = 44;
constexpr double kCellWidth = 88;
constexpr double kCellHeight = 40;
constexpr double kLegendHeight = 48;
constexpr double kNarrowest = 430;
constexpr int kRowLabelColumns = 17;
constexpr int kColumnLabelColumns = 12;

struct Range {
  double lo = std::numeric_limits<double>::infinity();
  double hi = -std::numeric_limits<double>::infinity();
};

// Small cells say too little to stretch the shades.
Range RangeOfCells(const HeatMap& map) {
  Range range;
  for (const HeatCell& cell : map.cells) {
    if (!cell.value || cell.small) continue;
    range.lo = std::min(range.lo, *cell.value);
    range.hi = std::max(range.hi, *cell.value);
  }
  if (range.lo <= range.hi) {
    range.lo = std::min(range.lo, map.at_least_lo.value_or(range.lo));
    range.hi = std::max(range.hi, map.at_least_hi.value_or(range.hi));
  }
  return range;
}

int ShadeOf(double value, const Range& range, bool low_is_bad) {
  if (!(range.lo < range.hi)) return 0;
  double share = (value - range.lo) / (range.hi - range.lo);
  if (low_is_bad) share = 1 - share;
  return std::clamp(static_cast<int>(share * kShades), 0, kShades - 1);
}

void DrawCell(const HeatMap& map, const HeatCell& cell, double x, double y,
              const Range& range, const std::string& hatch, Svg* svg) {
  const double middle = x + kCellWidth / 2;
  if (!cell.exists) {
    svg->Rectangle(x + 1, y + 1, kCellWidth - 2, kCellHeight - 2, "hx");
    svg->Text(middle, y + 24, "none", "mu", Anchor::kMiddle);
    return;
  }
  std::string text_class = "hn";
  if (cell.small || !cell.value) {
    svg->Rectangle(x + 1, y + 1, kCellWidth - 2, kCellHeight - 2, "hx");
    svg->Raw("<rect x=\"" + std::to_string(static_cast<int>(x) + 1) +
             "\" y=\"" + std::to_string(static_cast<int>(y) + 1) +
             "\" width=\"" + std::to_string(static_cast<int>(kCellWidth) - 2) +
             "\" height=\"" +
             std::to_string(static_cast<int>(kCellHeight) - 2) +
             "\" fill=\"url(#" + hatch + ")\"/>");
  } else {
    const int shade = ShadeOf(*cell.value, range, map.low_is_bad);
    const std::string number = std::to_string(shade);
    svg->Rectangle(x + 1, y + 1, kCellWidth - 2, kCellHeight - 2,
                   ("h" + number).c_str());
    text_class = "t" + number;
  }
  svg->Text(middle, y + 18, cell.value_text, (text_class + " hv").c_str(),
            Anchor::kMiddle);
  svg->Text(middle, y + 33, cell.count_text, (text_class + " hc").c_str(),
            Anchor::kMiddle);
}

void DrawLegend(const HeatMap& map, const Range& range, double y,
                const std::string& hatch, Svg* svg) {
  constexpr double kBox = 26;
  double x = 4;
  if (range.lo <= range.hi) {
    const double best = map.low_is_bad ? range.hi : range.lo;
    const double worst = map.low_is_bad ? range.lo : range.hi;
    for (int shade = 0; shade < kShades; ++shade) {
      svg->Rectangle(x + shade * kBox, y, kBox, 12,
                     ("h" + std::to_string(shade)).c_str());
    }
    svg->Text(x, y + 26, NumberText(best, map.kind), "ti");
    svg->Text(x + kShades * kBox, y + 26, NumberText(worst, map.kind), "ti",
              Anchor::kEnd);
    x += kShades * kBox + 24;
  }
  svg->Raw("<rect class=\"hx\" x=\"" + std::to_string(static_cast<int>(x)) +
           "\" y=\"" + std::to_string(static_cast<int>(y)) +
           "\" width=\"26\" height=\"12\"/><rect x=\"" +
           std::to_string(static_cast<int>(x)) + "\" y=\"" +
           std::to_string(static_cast<int>(y)) +
           "\" width=\"26\" height=\"12\" fill=\"url(#" + hatch + ")\"/>");
  svg->Text(x + 33, y + 11, "hatched: too few to judge, or hidden", "ti");
}

}  // namespace

std::string DrawHeatMap(const HeatMap& map) {
  const double right = kLeft + kCellWidth * map.columns.size();
  const double bottom = kTop + kCellHeight * map.rows.size();
  Svg svg(std::max(right + 2, kNarrowest), bottom + kLegendHeight, map.id,
          map.title, map.description);
  const std::string hatch = map.id + "-h";
  svg.Raw("<defs><pattern id=\"" + hatch +
          "\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
          "patternTransform=\"rotate(45)\"><path class=\"hl\" d=\"M0 0V6\"/>"
          "</pattern></defs>\n");
  svg.Text(0, kTop - 8, Shorten(map.row_name, kRowLabelColumns), "hd");
  svg.Text(kLeft, 12, Shorten(map.column_name, 40), "hd");
  for (size_t c = 0; c < map.columns.size(); ++c) {
    svg.Text(kLeft + (c + 0.5) * kCellWidth, kTop - 8,
             Shorten(map.columns[c], kColumnLabelColumns), "la",
             Anchor::kMiddle);
  }
  const Range range = RangeOfCells(map);
  for (size_t r = 0; r < map.rows.size(); ++r) {
    const double y = kTop + r * kCellHeight;
    svg.Text(0, y + 24, Shorten(map.rows[r], kRowLabelColumns), "la");
    for (size_t c = 0; c < map.columns.size(); ++c) {
      DrawCell(map, map.cells[r * map.columns.size() + c],
               kLeft + c * kCellWidth, y, range, hatch, &svg);
    }
  }
  DrawLegend(map, range, bottom + 14, hatch, &svg);
  return svg.Finish();
}

}  // namespace plumbline::report
