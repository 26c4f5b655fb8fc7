#include "plumbline/report/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/report/number_text.h"
#include "plumbline/report/xy_plot.h"

namespace plumbline::report {
namespace {

// Where the last of a few round ticks covers the data, at most 1.
double RoundUp(double value) {
  for (const double limit :
       {0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8}) {
    if (value <= limit) return limit;
  }
  return 1;
}

XyPlot Start(const std::string& id, const std::string& title) {
  XyPlot plot;
  plot.id = id;
  plot.title = title;
  return plot;
}

// "everyone 0.861, A 0.875" for the description that screen readers give.
void AppendToDescription(const std::string& label, std::optional<double> value,
                         std::string* text) {
  if (!text->empty()) *text += ", ";
  *text += label;
  if (value) *text += ' ' + NumberText(*value, NumberKind::kDecimal);
}

}  // namespace

std::string DrawRoc(const std::string& id, const std::string& title,
                    const std::vector<NamedCurve>& curves) {
  XyPlot plot = Start(id, title);
  plot.x_label = "False-positive rate (%)";
  plot.y_label = "Sensitivity (%)";
  plot.diagonal = true;
  std::string areas;
  int style = 0;
  for (const NamedCurve& named : curves) {
    XySeries series{.label = named.label, .style = style++};
    for (const auto& [fpr, tpr] : named.curve->roc) {
      series.line.push_back({fpr, tpr});
    }
    if (series.line.empty()) continue;
    if (named.operating_fpr && named.operating_tpr) {
      series.marks.push_back({*named.operating_fpr, *named.operating_tpr});
    }
    AppendToDescription(named.label, named.curve->roc_area, &areas);
    plot.series.push_back(std::move(series));
  }
  if (plot.series.empty()) return "";
  plot.description = "Areas under the curves: " + areas + '.';
  return DrawXyPlot(plot);
}

std::string DrawCalibration(const std::string& id, const std::string& title,
                            const std::vector<NamedCurve>& curves) {
  XyPlot plot = Start(id, title);
  plot.x_label = "Mean score in the bin (%)";
  plot.y_label = "Observed share of positives (%)";
  plot.diagonal = true;
  double largest = 0;
  double lowest = 0;
  int style = 0;
  for (const NamedCurve& named : curves) {
    XySeries series{.label = named.label, .style = style++};
    for (const auto& bin : named.curve->calibration) {
      series.line.push_back({bin.score, bin.observed});
      if (bin.lo && bin.hi) {
        series.whiskers.push_back({bin.score, *bin.lo, *bin.hi});
      }
      largest = std::max({largest, bin.score, bin.observed});
      lowest = std::min(lowest, bin.score);
    }
    series.marks = series.line;
    if (!series.line.empty()) plot.series.push_back(std::move(series));
  }
  if (plot.series.empty()) return "";
  // Scores need not be probabilities.
  plot.x_hi = plot.y_hi = largest > 1 ? largest * 1.02 : RoundUp(largest);
  if (largest > 1) plot.y_hi = 1;
  plot.x_lo = lowest;
  plot.description = fmt::format(
      "Observed share of positives against the mean score in bins of equal "
      "counts, for {} groups, with intervals. On the dashed line scores and "
      "shares agree.",
      plot.series.size());
  return DrawXyPlot(plot);
}

std::string DrawNetBenefit(const std::string& id, const std::string& title,
                           const std::vector<NamedCurve>& curves) {
  XyPlot plot = Start(id, title);
  plot.x_label = "Threshold probability (%)";
  plot.y_label = "Net benefit per 100 rows";
  plot.zero_line = true;
  double largest = 0.001;
  double first = 1;
  double last = 0;
  int style = 0;
  for (const NamedCurve& named : curves) {
    XySeries series{.label = named.label, .style = style++};
    for (const auto& benefit : named.curve->net_benefit) {
      series.line.push_back({benefit.threshold, benefit.model});
      if (benefit.all && curves.size() <= kWithTreatAll) {
        series.dotted.push_back({benefit.threshold, *benefit.all});
      }
      largest = std::max(largest, benefit.model);
      first = std::min(first, benefit.threshold);
      last = std::max(last, benefit.threshold);
    }
    if (series.line.empty()) continue;
    // Three marks are enough to tell the lines apart.
    for (const int quarter : {1, 2, 3}) {
      series.marks.push_back(series.line[series.line.size() * quarter / 4]);
    }
    plot.series.push_back(std::move(series));
  }
  if (plot.series.empty()) return "";
  plot.x_lo = 0;
  plot.x_hi = last > first ? RoundUp(last) : 1;
  plot.y_hi = largest * 1.05;
  plot.y_lo = -0.12 * largest;
  plot.description = fmt::format(
      "Net benefit of acting on the model for {} groups, against the threshold "
      "probability. Acting on nobody has a net benefit of zero, the dashed "
      "line.",
      plot.series.size());
  return DrawXyPlot(plot);
}

std::optional<double> SensitivityAt(const AuditCurve& curve, double fpr) {
  if (curve.roc.empty()) return std::nullopt;
  std::pair<double, double> last = {0, 0};
  for (const auto& point : curve.roc) {
    if (point.first > fpr) {
      const double width = point.first - last.first;
      if (width <= 0) return last.second;
      return last.second +
             (fpr - last.first) / width * (point.second - last.second);
    }
    last = point;
  }
  return last.second;
}

}  // namespace plumbline::report
