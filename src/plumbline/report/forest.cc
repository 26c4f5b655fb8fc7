#include "plumbline/report/forest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>

#include "plumbline/report/svg.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

constexpr double kWidth = 520;
constexpr double kCountRight = 172;
constexpr double kPlotLeft = 186;
constexpr double kPlotRight = 352;
constexpr double kTextGap = 12;
// What is written at the right may take the plot down to this width, and then
// widens the drawing.
constexpr double kNarrowestPlot = 120;
constexpr double kRowHeight = 21;
constexpr double kTop = 24;
constexpr double kBottom = 40;
constexpr int kHeadingColumns = 24;

// Widths of the 12 px sans-serif text that the page is set in, a little more
// than needed: fonts differ.
double WidthOfText(std::string_view text) {
  double width = 0;
  for (size_t at = 0; at < text.size();) {
    const char32_t c = NextCodePoint(text, &at);
    const bool narrow = c == ' ' || c == '.' || c == ',' || c == '(' ||
                        c == ')' || c == 'i' || c == 'l' || c == 't';
    const bool wide = c == '%' || c == 'm' || c == 'w' || c == U'\u2212';
    width += narrow ? 5 : wide ? 11 : ColumnsOf(c) * 7.7;
  }
  return width;
}

// Where the columns stand; the plot gives way to long texts.
struct Layout {
  double width;
  double count_right;
  double plot_left;
  double plot_right;
  double text_left;
};

Layout LayoutOf(const ForestPlot& plot) {
  double text = 0;
  for (const ForestRow& row : plot.rows) {
    // The page writes a minus sign for the hyphen, which is wider.
    const auto signs = std::count(row.text.begin(), row.text.end(), '-');
    text = std::max(text, WidthOfText(row.text) + 4.0 * signs);
  }
  // Longer names move everything to the right.
  constexpr double kColumn = 7.2;
  const double shift =
      kColumn * (plot.label_columns - ForestPlot().label_columns);
  const double plot_left = kPlotLeft + shift;
  const double plot_right =
      std::clamp(kWidth + shift - text - kTextGap, plot_left + kNarrowestPlot,
                 kPlotRight + shift);
  const double text_left = plot_right + kTextGap;
  return {std::max(kWidth + shift, text_left + text), kCountRight + shift,
          plot_left, plot_right, text_left};
}

bool IsRate(NumberKind kind) {
  return kind == NumberKind::kPercent || kind == NumberKind::kPoints;
}

std::string TickText(double value, NumberKind kind) {
  std::string text = fmt::format("{:.6g}", IsRate(kind) ? value * 100 : value);
  return text;
}

// Ticks whose numbers leave room for one another.
std::vector<double> TicksOf(const Scale& x, NumberKind kind) {
  for (int most = 6; most > 2; --most) {
    const std::vector<double> ticks = NiceTicks(x.from_lo, x.from_hi, most);
    double widest = 0;
    for (const double tick : ticks) {
      widest = std::max(widest, WidthOfText(TickText(tick, kind)));
    }
    const bool fits =
        ticks.size() < 2 || x(ticks[1]) - x(ticks[0]) >= widest + 6;
    if (fits) return ticks;
  }
  return NiceTicks(x.from_lo, x.from_hi, 2);
}

// Arrow heads where an interval leaves the plot.
void AppendArrow(double x, double y, double direction, std::string* path) {
  *path += 'M';
  AppendCoordinate(x, path);
  *path += ' ';
  AppendCoordinate(y, path);
  *path += 'l';
  AppendCoordinate(-5 * direction, path);
  *path += " -3.5v7Z";
}

// All marks of the plot, gathered by how they are drawn so that each kind is
// one path.
struct Marks {
  std::string intervals;
  std::string solid;
  std::string hollow;
  std::string arrows;
};

void AddMarks(const ForestRow& row, double y, const Scale& x, Marks* marks) {
  if (!row.value) return;
  const double left = std::min(x.to_lo, x.to_hi);
  const double right = std::max(x.to_lo, x.to_hi);
  if (row.lo && row.hi) {
    const double x1 = x(*row.lo);
    const double x2 = x(*row.hi);
    AppendSegment(std::max(x1, left), y, std::min(x2, right), y,
                  &marks->intervals);
    if (x1 < left - 0.05) AppendArrow(left - 3, y, -1, &marks->arrows);
    if (x2 > right + 0.05) AppendArrow(right + 3, y, 1, &marks->arrows);
  }
  const double at = std::clamp(x(*row.value), left, right);
  switch (row.mark) {
    case ForestRow::Mark::kGroup:
      return AppendMarker(1, at, y, 4.4, &marks->solid);
    case ForestRow::Mark::kReference:
      return AppendMarker(3, at, y, 4.8, &marks->solid);
    case ForestRow::Mark::kEveryone:
      return AppendMarker(3, at, y, 4.8, &marks->hollow);
    case ForestRow::Mark::kUncertain:
      return AppendMarker(0, at, y, 3.8, &marks->hollow);
    case ForestRow::Mark::kHeading:
      break;
  }
}

// Behind everything else.
void DrawBand(double band, const Scale& x, double bottom, Svg* svg) {
  const double left = std::max(x(-band), x.to_lo);
  const double right = std::min(x(band), x.to_hi);
  if (left >= right) return;
  std::string rectangle = "<rect style=\"fill:var(--none-tint)\" x=\"";
  AppendCoordinate(left, &rectangle);
  rectangle += "\" y=\"";
  AppendCoordinate(kTop, &rectangle);
  rectangle += "\" width=\"";
  AppendCoordinate(right - left, &rectangle);
  rectangle += "\" height=\"";
  AppendCoordinate(bottom - kTop, &rectangle);
  svg->Raw(rectangle + "\"/>");
}

void DrawAxis(const ForestPlot& plot, const Scale& x, double bottom, Svg* svg) {
  std::string ticks;
  std::string grid;
  for (const double tick : TicksOf(x, plot.kind)) {
    AppendSegment(x(tick), bottom, x(tick), bottom + 4, &ticks);
    AppendSegment(x(tick), kTop, x(tick), bottom, &grid);
    svg->Text(x(tick), bottom + 15, TickText(tick, plot.kind), "ti",
              Anchor::kMiddle);
  }
  AppendSegment(x.to_lo, bottom, x.to_hi, bottom, &ticks);
  svg->Path(grid, "gr");
  svg->Path(ticks, "ax");
  if (!plot.axis.empty()) {
    svg->Text((x.to_lo + x.to_hi) / 2, bottom + 31, plot.axis, "ti",
              Anchor::kMiddle);
  }
}

}  // namespace

ForestRange RangeOfForest(const ForestPlot& plot) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double value_lo = kInfinity;
  double value_hi = -kInfinity;
  double lo = kInfinity;
  double hi = -kInfinity;
  std::vector<double> widths;
  for (const ForestRow& row : plot.rows) {
    if (!row.value) continue;
    value_lo = std::min(value_lo, *row.value);
    value_hi = std::max(value_hi, *row.value);
    lo = std::min(lo, row.lo.value_or(*row.value));
    hi = std::max(hi, row.hi.value_or(*row.value));
    if (row.lo && row.hi) widths.push_back(*row.hi - *row.lo);
  }
  if (plot.line) {
    value_lo = std::min(value_lo, *plot.line);
    value_hi = std::max(value_hi, *plot.line);
  }
  if (!(value_lo <= value_hi)) return {0, 1};
  lo = std::min(lo, value_lo);
  hi = std::max(hi, value_hi);
  // One group of five rows must not squeeze all others into a dot.
  double spread = value_hi - value_lo;
  if (!widths.empty()) {
    std::nth_element(widths.begin(), widths.begin() + widths.size() / 2,
                     widths.end());
    spread = std::max(spread, widths[widths.size() / 2]);
  }
  spread = std::max(spread, 1e-3);
  lo = std::max(lo, value_lo - 1.5 * spread);
  hi = std::min(hi, value_hi + 1.5 * spread);
  const double pad = 0.04 * std::max(hi - lo, 0.01);
  const bool from_zero = plot.kind == NumberKind::kPoints && lo >= 0;
  const bool share = plot.kind == NumberKind::kPercent;
  lo = from_zero ? 0 : share ? std::max(0.0, lo - pad) : lo - pad;
  hi = share ? std::min(1.0, hi + pad) : hi + pad;
  if (!(lo < hi)) return {value_lo - 0.5, value_lo + 0.5};
  return {lo, hi};
}

std::string DrawForest(const ForestPlot& plot) {
  const double bottom = kTop + kRowHeight * plot.rows.size() + 4;
  const ForestRange range = RangeOfForest(plot);
  const Layout layout = LayoutOf(plot);
  const Scale x = {range.lo, range.hi, layout.plot_left, layout.plot_right};
  Svg svg(layout.width, bottom + kBottom, plot.id, plot.title,
          plot.description);
  if (plot.band) DrawBand(*plot.band, x, bottom, &svg);
  DrawAxis(plot, x, bottom, &svg);
  svg.Text(layout.count_right, kTop - 10, plot.count_heading, "ti",
           Anchor::kEnd);
  if (plot.line) {
    svg.Line(x(*plot.line), kTop - 5, x(*plot.line), bottom, "rl");
    // Beside the heading of the counts, not on it.
    const double half = WidthOfText(plot.line_name) / 2;
    const bool meets = !plot.count_heading.empty() &&
                       x(*plot.line) - half < layout.count_right + 6;
    svg.Text(meets ? layout.count_right + 8 : x(*plot.line), kTop - 10,
             plot.line_name, "ti", meets ? Anchor::kStart : Anchor::kMiddle);
  }
  Marks marks;
  double y = kTop + kRowHeight / 2;
  for (const ForestRow& row : plot.rows) {
    if (row.mark == ForestRow::Mark::kHeading) {
      svg.Text(0, y + 5, Shorten(row.label, kHeadingColumns), "hd");
    } else {
      const bool everyone = row.mark == ForestRow::Mark::kEveryone;
      svg.Text(everyone ? 0 : 10, y + 4, Shorten(row.label, plot.label_columns),
               everyone ? "hd" : "la");
      svg.Text(layout.count_right, y + 4, row.count, "nu", Anchor::kEnd);
      svg.Text(layout.text_left, y + 4, row.text, row.lo ? "la" : "mu");
      AddMarks(row, y, x, &marks);
    }
    y += kRowHeight;
  }
  svg.Path(marks.intervals, "iv");
  svg.Path(marks.arrows, "so");
  svg.Path(marks.solid, "so");
  svg.Path(marks.hollow, "ho");
  return svg.Finish();
}

}  // namespace plumbline::report
