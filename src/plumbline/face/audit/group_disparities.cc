#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "plumbline/face/audit/group_weights.h"
#include "plumbline/face/audit/grouping_audit.h"
#include "plumbline/face/statistics/disparity.h"
#include "plumbline/face/statistics/weighted_disparity.h"
#include "plumbline/stats/bootstrap.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Groups that have a rate.
std::vector<int> Usable(const std::vector<FaceRate>& rates) {
  std::vector<int> usable;
  for (size_t g = 0; g < rates.size(); ++g) {
    if (rates[g].reason == nullptr) usable.push_back(static_cast<int>(g));
  }
  return usable;
}

std::vector<double> Values(const std::vector<FaceRate>& rates,
                           const std::vector<int>& groups) {
  std::vector<double> values;
  for (const int g : groups) values.push_back(rates[g].rate.value);
  return values;
}

std::vector<double> Row(const std::vector<double>& replicates, int row,
                        int columns, const std::vector<int>& groups) {
  std::vector<double> values;
  for (const int g : groups) values.push_back(replicates[row * columns + g]);
  return values;
}

void SetInterval(const std::vector<double>& replicates, double level,
                 FaceDisparity* disparity) {
  if (std::isnan(disparity->value)) return;
  if (replicates.empty()) {
    disparity->reason = "not_requested";
    return;
  }
  const BootstrapSummary summary =
      PercentileInterval(disparity->value, replicates, level);
  disparity->lo = summary.interval.lo;
  disparity->hi = summary.interval.hi;
  disparity->method = "vertex_bootstrap";
  if (std::isnan(disparity->lo)) disparity->reason = "unstable";
}

// A ratio to a rate of zero is at least the limits' ratio.
void SetBound(const std::vector<FaceRate>& rates,
              const std::vector<int>& groups, FaceDisparity* disparity) {
  disparity->reason = "zero_rate";
  if (std::string_view(disparity->measure) != "max_min") return;
  double most = 0;
  double least = std::numeric_limits<double>::infinity();
  for (const int g : groups) {
    most = std::max(most, rates[g].rate.lo);
    least = std::min(least, rates[g].rate.hi);
  }
  if (least > 0) {
    disparity->lo = std::max(1.0, most / least);
    disparity->method = "bound";
  }
}

FaceDisparity Blank(const GroupingData& data, int threshold) {
  return {.threshold = threshold,
          .grouping = data.grouping,
          .value = kNaN,
          .lo = kNaN,
          .hi = kNaN,
          .reason = "below_minimum"};
}

// Measures of one rate over groups, and weighted ones where there are weights.
struct Measure {
  const char* name;
  const char* label;
  const char* summary;
  const char* source;
  double neutral;
  std::function<double(std::span<const double>)> value;
};

std::vector<Measure> MeasuresWith(const std::vector<double>& weights) {
  std::vector<Measure> measures;
  for (const DisparityMeasure& measure : DisparityMeasures()) {
    measures.push_back({measure.name, measure.label, measure.summary,
                        measure.source, measure.neutral, measure.value});
  }
  if (weights.empty()) return measures;
  for (const WeightedMeasure& measure : WeightedMeasures()) {
    measures.push_back({measure.name, measure.label, measure.summary,
                        measure.source, measure.neutral,
                        [&measure, &weights](std::span<const double> rates) {
                          return measure.value(rates, weights);
                        }});
  }
  return measures;
}

void AddOne(const AuditContext& context, const GroupingData& data,
            int threshold, ErrorRate error, const std::vector<FaceRate>& rates,
            const std::vector<double>& replicates, FaceAuditResult* result) {
  const std::vector<int> groups = Usable(rates);
  const std::vector<double> values = Values(rates, groups);
  const int columns = data.groups.groups;
  const int count = static_cast<int>(replicates.size()) / columns;
  const std::vector<double> weights =
      WeightsOf(context.input, context.options, data.grouping, groups);
  for (const Measure& measure : MeasuresWith(weights)) {
    FaceDisparity disparity = Blank(data, threshold);
    disparity.error = NameOf(error);
    disparity.measure = measure.name;
    disparity.label = measure.label;
    disparity.summary = measure.summary;
    disparity.source = measure.source;
    disparity.neutral = measure.neutral;
    if (groups.size() >= 2) {
      const auto [low, high] =
          std::minmax_element(values.begin(), values.end());
      disparity.best =
          GroupId(context.input, data, groups[low - values.begin()]);
      disparity.worst =
          GroupId(context.input, data, groups[high - values.begin()]);
      disparity.reason = nullptr;
      disparity.value = measure.value(values);
      if (std::isnan(disparity.value)) {
        SetBound(rates, groups, &disparity);
      } else {
        std::vector<double> draws;
        for (int b = 0; b < count; ++b) {
          draws.push_back(measure.value(Row(replicates, b, columns, groups)));
        }
        SetInterval(draws, context.options.level, &disparity);
      }
    }
    result->disparities.push_back(disparity);
  }
}

void AddBoth(const AuditContext& context, const GroupingData& data,
             int threshold, const std::vector<FaceRate>& fmr,
             const std::vector<FaceRate>& fnmr,
             const VertexReplicates& replicates, FaceAuditResult* result) {
  std::vector<int> groups;
  for (const int g : Usable(fmr)) {
    if (fnmr[g].reason == nullptr) groups.push_back(g);
  }
  const double weight = context.options.fmr_weight;
  for (const CompositeMeasure& measure : CompositeMeasures()) {
    FaceDisparity disparity = Blank(data, threshold);
    disparity.error = "both";
    disparity.measure = measure.name;
    disparity.label = measure.label;
    disparity.summary = measure.summary;
    disparity.source = measure.source;
    disparity.neutral = measure.neutral;
    if (groups.size() >= 2) {
      disparity.value =
          measure.value(Values(fmr, groups), Values(fnmr, groups), weight);
      disparity.reason = std::isnan(disparity.value) ? "zero_rate" : nullptr;
      std::vector<double> draws;
      for (int b = 0; b < replicates.replicates(); ++b) {
        draws.push_back(measure.value(
            Row(replicates.fmr, b, data.groups.groups, groups),
            Row(replicates.fnmr, b, data.groups.groups, groups), weight));
      }
      SetInterval(draws, context.options.level, &disparity);
    }
    result->disparities.push_back(disparity);
  }
}

}  // namespace

void AddDisparities(const AuditContext& context, const GroupingData& data,
                    int threshold, const std::vector<FaceRate>& fmr,
                    const std::vector<FaceRate>& fnmr,
                    const VertexReplicates& replicates,
                    FaceAuditResult* result) {
  AddOne(context, data, threshold, ErrorRate::kFmr, fmr, replicates.fmr,
         result);
  AddOne(context, data, threshold, ErrorRate::kFnmr, fnmr, replicates.fnmr,
         result);
  AddBoth(context, data, threshold, fmr, fnmr, replicates, result);
}

}  // namespace plumbline::face
