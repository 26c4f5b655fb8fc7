#include "plumbline/survey/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/stats/decomposition.h"
#include "plumbline/stats/multiple_testing.h"

namespace plumbline::survey {

Comparison CompareOutcomes(const Context& context,
                           std::span<const int8_t> outcomes,
                           const CohortAttribute& attribute, int32_t group,
                           int32_t reference) {
  const Cohort& cohort = context.cohort();
  std::vector<int32_t> cells(cohort.rows, -1);
  std::vector<uint8_t> seen(cohort.subject_count, 0);
  Comparison comparison;
  int64_t rows = 0, subjects = 0, events = 0;
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t level = attribute.codes[row];
    if (outcomes[row] < 0 || (level != group && level != reference)) continue;
    cells[row] = (level == group ? 0 : 2) + outcomes[row];
    ++rows;
    events += outcomes[row];
    uint8_t& known = seen[cohort.subjects[row]];
    subjects += !known;
    known = 1;
  }
  const auto statistic = [](std::span<const double> n) {
    const double a = n[1] / (n[0] + n[1]);
    const double b = n[3] / (n[2] + n[3]);
    return std::vector<double>{a - b, BinarySmd(a, b), std::log(a / b)};
  };
  const auto estimates = CellStatistics(
      {cells, 4, cohort.subjects, cohort.subject_count}, statistic);
  const auto fill = [&](const CellEstimate& cell) {
    Estimate estimate = FromCell(cell, context.options.level);
    estimate.n = rows;
    estimate.subjects = subjects;
    estimate.events = events;
    if (std::isnan(estimate.value)) estimate.reason = "no_rows";
    return estimate;
  };
  comparison.difference = fill(estimates[0]);
  comparison.smd = fill(estimates[1]);
  comparison.ratio = fill(estimates[2]);
  for (double* limit :
       {&comparison.ratio.value, &comparison.ratio.lo, &comparison.ratio.hi}) {
    *limit = std::exp(*limit);
  }
  if (!std::isfinite(comparison.ratio.value)) {
    comparison.ratio.value = kNaN;
    comparison.ratio.lo = comparison.ratio.hi = kNaN;
    comparison.ratio.reason = "no_events";
  }
  // One test for all three: that the rates differ.
  comparison.smd.p = comparison.ratio.p = comparison.difference.p;
  return comparison;
}

void AdjustFamily(const std::vector<Estimate*>& family) {
  std::vector<double> p;
  for (const Estimate* estimate : family) p.push_back(estimate->p);
  const std::vector<double> adjusted = BenjaminiYekutieli(p);
  for (size_t i = 0; i < family.size(); ++i) {
    family[i]->p_adjusted = adjusted[i];
  }
}

void ForEachGroup(const Context& context,
                  const std::function<void(size_t, int32_t, int32_t)>& work) {
  for (size_t a = 0; a < context.cohort().attributes.size(); ++a) {
    const CohortAttribute& attribute = context.cohort().attributes[a];
    const int32_t reference = context.reference[a];
    if (reference < 0) continue;
    for (size_t l = 0; l < attribute.levels.size(); ++l) {
      const auto level = static_cast<int32_t>(l);
      if (level != reference && attribute.IsGroup(level)) {
        work(a, level, reference);
      }
    }
  }
}

Severity Grade(const Context& context, double effect, double alarm,
               double p_adjusted, double share_of_subjects) {
  int score = 1;
  if (std::abs(effect) >= alarm) score *= 2;
  if (p_adjusted < std::min(0.001, context.options.alpha)) score *= 2;
  if (share_of_subjects >= 0.2) score *= 2;
  return score >= 8   ? Severity::kHigh
         : score >= 4 ? Severity::kMedium
                      : Severity::kLow;
}

int64_t SubjectsIn(const Cohort& cohort, const CohortAttribute& attribute,
                   int32_t level) {
  std::vector<uint8_t> seen(cohort.subject_count, 0);
  int64_t count = 0;
  for (int64_t row = 0; row < cohort.rows; ++row) {
    if (attribute.codes[row] != level) continue;
    uint8_t& known = seen[cohort.subjects[row]];
    count += !known;
    known = 1;
  }
  return count;
}

void AddFinding(Context* context, Finding finding) {
  context->result->findings.push_back(std::move(finding));
}

std::string GroupName(const CohortAttribute& attribute, int32_t level) {
  return attribute.name + "=" + attribute.levels[level];
}

std::string Percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}

std::string Points(double difference) {
  return fmt::format("{:+.1f} pp", 100 * difference);
}

}  // namespace plumbline::survey
