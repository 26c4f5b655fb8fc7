#include "plumbline/report/monitor_figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/report/svg.h"

namespace plumbline::report {
namespace {

constexpr double kWidth = 400;
constexpr double kLeft = 62;
constexpr double kRight = 390;
constexpr double kTop = 8;
constexpr double kBottom = 148;
constexpr double kTopOfE = 166;
constexpr double kBottomOfE = 226;
constexpr double kHeight = 250;
constexpr size_t kLabels = 5;

// Estimates of windows exist for what the audit itself computes.
const MonitorEstimate* EstimateAt(const MonitorGroup* group, size_t window,
                                  int metric) {
  if (group == nullptr || group->windows[window].empty()) return nullptr;
  const MonitorEstimate& estimate = group->windows[window][metric];
  return estimate.interval.value ? &estimate : nullptr;
}

class Panel {
 public:
  Panel(const MonitorDocument& document, const MonitorDrift& drift,
        const MonitorGroup* group, const MonitorScale& scale, Svg* svg)
      : document_(document),
        drift_(drift),
        group_(group),
        svg_(*svg),
        x_{-0.5, static_cast<double>(document.windows.size()) - 0.5, kLeft,
           kRight},
        y_{scale.lo, scale.hi, kBottom, kTop} {}

  void Draw() {
    Bands();
    Axes();
    Windows();
    Alarm();
    Evidence();
  }

 private:
  double Clamped(double value) const {
    return y_(std::clamp(value, y_.from_lo, y_.from_hi));
  }

  void Shade(const std::string& path, const char* css_class, double opacity) {
    if (path.empty()) return;
    svg_.Raw(fmt::format("<path class=\"{}\" fill-opacity=\"{}\" d=\"{}\"/>",
                         css_class, opacity, path));
  }

  // The baseline across the plot, and the confidence sequence since.
  void Bands() {
    std::string line;
    if (drift_.baseline.lo && drift_.baseline.hi) {
      std::string band;
      AppendPolyline({{kLeft, Clamped(*drift_.baseline.lo)},
                      {kLeft, Clamped(*drift_.baseline.hi)},
                      {kRight, Clamped(*drift_.baseline.hi)},
                      {kRight, Clamped(*drift_.baseline.lo)}},
                     &band);
      Shade(band, "m0", 0.1);
    }
    if (drift_.baseline.value) {
      AppendSegment(kLeft, Clamped(*drift_.baseline.value), kRight,
                    Clamped(*drift_.baseline.value), &line);
      svg_.Path(line, "rl");
    }
    std::vector<Point> outline;
    std::vector<Point> middle;
    for (const MonitorPoint& point : drift_.points) {
      if (!point.rate.lo || !point.rate.hi || !point.rate.value) continue;
      outline.push_back({x_(point.window), Clamped(*point.rate.hi)});
      middle.push_back({x_(point.window), Clamped(*point.rate.value)});
    }
    for (size_t i = drift_.points.size(); i-- > 0;) {
      const MonitorPoint& point = drift_.points[i];
      if (!point.rate.lo || !point.rate.hi || !point.rate.value) continue;
      outline.push_back({x_(point.window), Clamped(*point.rate.lo)});
    }
    std::string band;
    if (middle.size() > 1) AppendPolyline(outline, &band);
    Shade(band, "m1", 0.22);
    std::string path;
    if (middle.size() > 1) AppendPolyline(middle, &path);
    if (middle.size() == 1) {
      AppendSegment(outline[0].x + 5, outline[0].y, outline[1].x + 5,
                    outline[1].y, &path);
      std::string mark;
      AppendMarker(1, middle[0].x + 5, middle[0].y, 3, &mark);
      svg_.Path(mark, "m1");
    }
    svg_.Path(path, "ln s1");
  }

  void Axes() {
    const bool percent =
        document_.metrics[drift_.metric].kind == NumberKind::kPercent;
    std::string grid;
    for (const double tick : NiceTicks(y_.from_lo, y_.from_hi, 4)) {
      AppendSegment(kLeft, y_(tick), kRight, y_(tick), &grid);
      svg_.Text(kLeft - 6, y_(tick) + 4,
                fmt::format("{:.4g}", percent ? 100 * tick : tick), "ti",
                Anchor::kEnd);
    }
    svg_.Path(grid, "gr");
    std::string axis;
    AppendSegment(kLeft, kTop, kLeft, kBottom, &axis);
    AppendSegment(kLeft, kBottom, kRight, kBottom, &axis);
    AppendSegment(kLeft, kTopOfE, kLeft, kBottomOfE, &axis);
    AppendSegment(kLeft, kBottomOfE, kRight, kBottomOfE, &axis);
    svg_.Path(axis, "ax");
    const size_t count = document_.windows.size();
    const size_t step = (count + kLabels - 1) / kLabels;
    for (size_t w = 0; w < count; w += step) {
      svg_.Text(x_(static_cast<double>(w)), kBottomOfE + 16,
                document_.windows[w].name, "ti", Anchor::kMiddle);
    }
    svg_.VerticalText(12, (kTop + kBottom) / 2,
                      MonitorShortLabel(document_.metrics[drift_.metric]) +
                          (percent ? " (%)" : ""),
                      "ti");
    svg_.VerticalText(12, (kTopOfE + kBottomOfE) / 2, "e-value", "ti");
  }

  void Windows() {
    std::string whiskers;
    std::string marks;
    for (size_t w = 0; w < document_.windows.size(); ++w) {
      const MonitorEstimate* estimate = EstimateAt(group_, w, drift_.metric);
      if (estimate == nullptr) continue;
      const double at = x_(static_cast<double>(w));
      const MonitorInterval& interval = estimate->interval;
      if (interval.lo && interval.hi) {
        AppendSegment(at, Clamped(*interval.lo), at, Clamped(*interval.hi),
                      &whiskers);
      }
      AppendMarker(0, at, Clamped(*interval.value), 3.4, &marks);
    }
    svg_.Path(whiskers, "wh s0");
    svg_.Path(marks, "m0");
  }

  void Alarm() {
    if (drift_.alarm_window < 0) return;
    std::string line;
    AppendSegment(x_(drift_.alarm_window), kTop, x_(drift_.alarm_window),
                  kBottomOfE, &line);
    svg_.Path(line, "ln s2 d2");
  }

  void Evidence() {
    double hi = std::max(1.0, drift_.log10_e_needed * 1.25);
    double lo = -1;
    std::vector<Point> points;
    for (const MonitorPoint& point : drift_.points) {
      if (!point.log10_e) continue;
      hi = std::max(hi, *point.log10_e * 1.05);
      lo = std::min(lo, *point.log10_e);
    }
    // What lies far below 1 says no more than "no drift".
    lo = std::max(lo, -3.0);
    const Scale e{lo, hi, kBottomOfE, kTopOfE};
    for (const MonitorPoint& point : drift_.points) {
      if (!point.log10_e) continue;
      points.push_back(
          {x_(point.window), e(std::clamp(*point.log10_e, lo, hi))});
    }
    std::string line;
    if (points.size() > 1) AppendPolyline(points, &line);
    svg_.Path(line, "ln s1");
    std::string marks;
    for (const Point& point : points) {
      AppendMarker(0, point.x, point.y, 2.4, &marks);
    }
    svg_.Path(marks, "m1");
    std::string needed;
    AppendSegment(kLeft, e(drift_.log10_e_needed), kRight,
                  e(drift_.log10_e_needed), &needed);
    svg_.Path(needed, "ln s2 d2");
    for (const double tick : {0.0, std::floor(hi)}) {
      svg_.Text(kLeft - 6, e(tick) + 4, tick == 0 ? "1" : EValueText(tick),
                "ti", Anchor::kEnd);
    }
  }

  const MonitorDocument& document_;
  const MonitorDrift& drift_;
  const MonitorGroup* group_;
  Svg& svg_;
  Scale x_;
  Scale y_;
};

}  // namespace

MonitorScale ScaleOfMetric(const MonitorDocument& document,
                           const std::string& target, int metric) {
  MonitorScale scale{1e300, -1e300};
  const auto take = [&](const std::optional<double>& value) {
    if (!value) return;
    scale.lo = std::min(scale.lo, *value);
    scale.hi = std::max(scale.hi, *value);
  };
  for (const MonitorDrift& drift : document.drift) {
    if (drift.target != target || drift.metric != metric) continue;
    take(drift.baseline.value);
    for (const MonitorPoint& point : drift.points) take(point.rate.value);
    const MonitorGroup* group = document.FindGroup(target, drift.name);
    for (size_t w = 0; w < document.windows.size(); ++w) {
      const MonitorEstimate* estimate = EstimateAt(group, w, metric);
      // Intervals of a handful of rows would push everything else together.
      if (estimate != nullptr && estimate->interval.lo) {
        take(estimate->interval.value);
      }
    }
  }
  if (scale.lo > scale.hi) return {0, 1};
  const double room = std::max(0.02, 0.3 * (scale.hi - scale.lo));
  const bool is_rate = document.metrics[metric].kind == NumberKind::kPercent;
  scale.lo -= room;
  scale.hi += room;
  if (is_rate) {
    scale.lo = std::max(0.0, scale.lo);
    scale.hi = std::min(1.0, scale.hi);
  }
  return scale;
}

std::string DrawMonitorPanel(const std::string& id,
                             const MonitorDocument& document,
                             const MonitorDrift& drift,
                             const MonitorGroup* group,
                             const MonitorScale& scale) {
  const MonitorMetric& metric = document.metrics[drift.metric];
  std::string description =
      fmt::format("{} of {} in {} windows: ", metric.label, drift.name,
                  document.windows.size());
  if (drift.baseline.value) {
    description += fmt::format("before {}, ",
                               NumberText(*drift.baseline.value, metric.kind));
  }
  const bool has_points =
      !drift.points.empty() && drift.points.back().rate.value;
  description +=
      has_points ? fmt::format(
                       "since {}, ",
                       NumberText(*drift.points.back().rate.value, metric.kind))
                 : std::string("nothing since, ");
  description += DriftOutcomeWords(drift.outcome) + '.';
  Svg svg(kWidth, kHeight, id, metric.label + ", " + drift.name, description);
  Panel(document, drift, group, scale, &svg).Draw();
  return svg.Finish();
}

}  // namespace plumbline::report
