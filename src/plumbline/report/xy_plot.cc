#include "plumbline/report/xy_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "plumbline/base/text.h"
#include "plumbline/report/html.h"
#include "plumbline/report/text_table.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

constexpr double kWidth = 400;
constexpr double kLeft = 50;
constexpr double kRight = 386;
constexpr double kTop = 10;
constexpr double kBottom = 310;
constexpr double kLegendTop = kBottom + 62;
constexpr double kLegendRow = 19;
constexpr double kThinning = 0.33;
// Two legend entries share a line if each is at most this wide.
constexpr int kShortLabel = 20;
constexpr int kLongLabel = 48;

std::string TickText(double value, bool percent) {
  if (percent) value *= 100;
  const bool is_count = std::abs(value) >= 1000 && std::abs(value) < 1e12 &&
                        value == std::round(value);
  return is_count ? WithThousands(static_cast<long long>(value))
                  : fmt::format("{:.4g}", value);
}

void DrawFrame(const XyPlot& plot, const Scale& x, const Scale& y, Svg* svg) {
  std::string grid;
  std::string axis;
  for (const double tick : NiceTicks(plot.x_lo, plot.x_hi, 6)) {
    AppendSegment(x(tick), kTop, x(tick), kBottom, &grid);
    svg->Text(x(tick), kBottom + 16, TickText(tick, plot.percent_x), "ti",
              Anchor::kMiddle);
  }
  for (const double tick : NiceTicks(plot.y_lo, plot.y_hi, 6)) {
    AppendSegment(kLeft, y(tick), kRight, y(tick), &grid);
    svg->Text(kLeft - 6, y(tick) + 4, TickText(tick, plot.percent_y), "ti",
              Anchor::kEnd);
  }
  AppendSegment(kLeft, kBottom, kRight, kBottom, &axis);
  AppendSegment(kLeft, kTop, kLeft, kBottom, &axis);
  svg->Path(grid, "gr");
  svg->Path(axis, "ax");
  svg->Text((kLeft + kRight) / 2, kBottom + 34, plot.x_label, "ti",
            Anchor::kMiddle);
  svg->VerticalText(12, (kTop + kBottom) / 2, plot.y_label, "ti");
  std::string reference;
  if (plot.diagonal) {
    const double lo = std::max(plot.x_lo, plot.y_lo);
    const double hi = std::min(plot.x_hi, plot.y_hi);
    if (lo < hi) AppendSegment(x(lo), y(lo), x(hi), y(hi), &reference);
  }
  if (plot.zero_line && plot.y_lo <= 0 && plot.y_hi >= 0) {
    AppendSegment(kLeft, y(0), kRight, y(0), &reference);
  }
  if (plot.x_line && *plot.x_line >= plot.x_lo && *plot.x_line <= plot.x_hi) {
    AppendSegment(x(*plot.x_line), kTop, x(*plot.x_line), kBottom, &reference);
  }
  if (plot.y_line && *plot.y_line >= plot.y_lo && *plot.y_line <= plot.y_hi) {
    AppendSegment(kLeft, y(*plot.y_line), kRight, y(*plot.y_line), &reference);
  }
  svg->Path(reference, "rl");
}

bool IsInside(const XyPlot& plot, double x, double y) {
  return std::isfinite(x) && std::isfinite(y) && x >= plot.x_lo &&
         x <= plot.x_hi && y >= plot.y_lo && y <= plot.y_hi;
}

// The end of the segment a-b where it crosses into y_lo..y_hi.
Point CrossingAt(const Point& a, const Point& b, double y) {
  const double t = (y - a.y) / (b.y - a.y);
  return {a.x + t * (b.x - a.x), y};
}

// Path data of a line, cut at the upper and lower edge of the frame. A clip
// path would cut as well, but would need a name that is unique in the page.
std::string LineData(const XyPlot& plot, const std::vector<Point>& line,
                     const Scale& x, const Scale& y) {
  std::string data;
  std::vector<Point> run;
  const auto end_run = [&] {
    if (run.size() > 1) AppendPolyline(ThinLine(run, kThinning), &data);
    run.clear();
  };
  const auto add = [&](const Point& p) { run.push_back({x(p.x), y(p.y)}); };
  std::optional<Point> last;
  for (const Point& point : line) {
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) continue;
    const bool inside = point.y >= plot.y_lo && point.y <= plot.y_hi;
    const bool was_inside =
        last && last->y >= plot.y_lo && last->y <= plot.y_hi;
    if (last && inside != was_inside) {
      const double beyond = inside ? last->y : point.y;
      add(CrossingAt(*last, point, beyond < plot.y_lo ? plot.y_lo : plot.y_hi));
    }
    if (inside) add(point);
    if (!inside) end_run();
    last = point;
  }
  end_run();
  return data;
}

void DrawSeries(const XyPlot& plot, const XySeries& series, const Scale& x,
                const Scale& y, Svg* svg) {
  const std::string style = std::to_string(series.style % kSeriesStyles);
  svg->Path(LineData(plot, series.dotted, x, y), "dt s" + style);
  std::string whiskers;
  for (const XySeries::Whisker& whisker : series.whiskers) {
    if (whisker.x < plot.x_lo || whisker.x > plot.x_hi) continue;
    const double lo = std::clamp(whisker.lo, plot.y_lo, plot.y_hi);
    const double hi = std::clamp(whisker.hi, plot.y_lo, plot.y_hi);
    AppendSegment(x(whisker.x), y(lo), x(whisker.x), y(hi), &whiskers);
  }
  svg->Path(whiskers, "wh s" + style);
  svg->Path(LineData(plot, series.line, x, y), "ln s" + style + " d" + style);
  std::string marks;
  for (const Point& mark : series.marks) {
    if (IsInside(plot, mark.x, mark.y)) {
      AppendMarker(series.style, x(mark.x), y(mark.y), 4.2, &marks);
    }
  }
  svg->Path(marks, "m" + style);
}

// Draws the legend and returns where it ends; with no canvas only the latter.
double Legend(const XyPlot& plot, Svg* svg) {
  // One line without a name needs none.
  if (plot.series.size() == 1 && plot.series[0].label.empty()) {
    return kBottom + 42;
  }
  const bool two_columns = std::all_of(
      plot.series.begin(), plot.series.end(), [](const XySeries& series) {
        return DisplayWidth(series.label) <= kShortLabel;
      });
  const size_t per_row = two_columns ? 2 : 1;
  const size_t rows = (plot.series.size() + per_row - 1) / per_row;
  for (size_t i = 0; svg != nullptr && i < plot.series.size(); ++i) {
    const XySeries& series = plot.series[i];
    const std::string style = std::to_string(series.style % kSeriesStyles);
    // Down the first column, then the second.
    const size_t column = i / rows;
    const double x0 = kLeft + static_cast<double>(column) * 172;
    const double y0 = kLegendTop + (i % rows) * kLegendRow;
    std::string line;
    AppendSegment(x0, y0, x0 + 30, y0, &line);
    svg->Path(line, "ln s" + style + " d" + style);
    std::string mark;
    AppendMarker(series.style, x0 + 15, y0, 4.2, &mark);
    svg->Path(mark, "m" + style);
    svg->Text(x0 + 38, y0 + 4,
              Shorten(series.label, two_columns ? kShortLabel : kLongLabel),
              "la");
  }
  return kLegendTop + rows * kLegendRow - 4;
}

}  // namespace

std::string DrawXyPlot(const XyPlot& plot) {
  const Scale x = {plot.x_lo, plot.x_hi, kLeft, kRight};
  const Scale y = {plot.y_lo, plot.y_hi, kBottom, kTop};
  Svg svg(kWidth, Legend(plot, nullptr), plot.id, plot.title, plot.description);
  DrawFrame(plot, x, y, &svg);
  // Everyone on top of the groups.
  for (size_t i = plot.series.size(); i-- > 0;) {
    DrawSeries(plot, plot.series[i], x, y, &svg);
  }
  Legend(plot, &svg);
  return svg.Finish();
}

}  // namespace plumbline::report
