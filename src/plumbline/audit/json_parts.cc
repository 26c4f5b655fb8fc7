#include "plumbline/audit/json_parts.h"

#include <cmath>
#include <utility>

#include "plumbline/audit/metrics.h"

namespace plumbline {
namespace {

const char* DirectionName(MetricDirection direction) {
  switch (direction) {
    case MetricDirection::kLowerIsBetter:
      return "lower_is_better";
    case MetricDirection::kHigherIsBetter:
      return "higher_is_better";
    case MetricDirection::kOneIsBest:
      return "one_is_best";
    case MetricDirection::kZeroIsBest:
      return "zero_is_best";
    case MetricDirection::kNone:
      break;
  }
  return "none";
}

}  // namespace

Json RoundedNumber(double value) {
  if (!std::isfinite(value) || value == 0) return Number(value);
  const double scale = std::pow(10, 8 - std::ceil(std::log10(std::abs(value))));
  const double rounded = std::round(value * scale) / scale;
  return Number(std::isfinite(rounded) ? rounded : value);
}

Json TextOrNull(const char* text) {
  return text == nullptr ? Json() : Json(text);
}

Json MetricsJson(const std::vector<std::string>& names) {
  Json metrics = Json::array();
  for (const std::string& name : names) {
    const Metric& metric = *FindMetric(name);
    metrics.push_back(
        {{"name", metric.name},
         {"label", metric.label},
         {"direction", DirectionName(metric.direction)},
         {"unit", metric.family == MetricFamily::kRate ? "rate" : "number"},
         {"summary", metric.summary}});
  }
  return metrics;
}

Json FindingJson(const Finding& finding, Json target) {
  Json numbers = Json::object();
  for (const auto& [name, value] : finding.numbers) {
    numbers[name] = RoundedNumber(value);
  }
  return {{"code", finding.code},        {"severity", finding.severity},
          {"target", std::move(target)}, {"sentence", finding.sentence},
          {"action", finding.action},    {"numbers", std::move(numbers)}};
}

Json LimitationsJson(const std::vector<Limitation>& limitations) {
  Json list = Json::array();
  for (const Limitation& limitation : limitations) {
    list.push_back({{"code", limitation.code}, {"text", limitation.text}});
  }
  return list;
}

}  // namespace plumbline
