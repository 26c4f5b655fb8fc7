#include "plumbline/survey/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/stats/decomposition.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline::survey {

namespace {

// Rows of a group as if each were a person's only one.
double EffectiveRows(const ClusteredProportion& p) {
  return static_cast<double>(p.rows) / p.design_effect;
}

// That two rates are one: the pooled z-test with effective rows, or Fisher's
// exact test where fewer than 5 are expected in a cell, which an estimate of
// the variance from the few would call certain.
double SameRateP(const ClusteredProportion& a, const ClusteredProportion& b) {
  constexpr double kLeastExpected = 5;
  const double n_a = EffectiveRows(a), n_b = EffectiveRows(b);
  const double p_a = a.interval.value, p_b = b.interval.value;
  const double pooled = (n_a * p_a + n_b * p_b) / (n_a + n_b);
  const double least = std::min(n_a, n_b) * std::min(pooled, 1 - pooled);
  if (least >= kLeastExpected) {
    return TwoSidedNormalP(
        (p_a - p_b) / std::sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b)));
  }
  return FisherExactP(std::llround(n_a * p_a), std::llround(n_a),
                      std::llround(n_b * p_b), std::llround(n_b));
}

// The difference over the standard deviation that was seen, which is taken as
// known.
Interval Standardised(const Interval& difference, double p_a, double p_b) {
  const double spread = std::sqrt((p_a * (1 - p_a) + p_b * (1 - p_b)) / 2);
  if (!(spread > 0)) return {kNaN, kNaN, kNaN};
  return {difference.value / spread, difference.lo / spread,
          difference.hi / spread};
}

}  // namespace

Comparison CompareRates(const ProportionSums& group,
                        const ProportionSums& reference, double level) {
  const ClusteredProportion a = ProportionOf(group, level);
  const ClusteredProportion b = ProportionOf(reference, level);
  Comparison comparison;
  const auto fill = [&](const Interval& interval, const char* method,
                        const char* reason) {
    Estimate estimate = FromInterval(interval, method);
    estimate.n = a.rows + b.rows;
    estimate.subjects = a.subjects + b.subjects;
    estimate.events = a.positives + b.positives;
    if (!std::isfinite(estimate.value)) {
      estimate.value = estimate.lo = estimate.hi = kNaN;
      estimate.reason = reason;
    }
    return estimate;
  };
  if (a.rows == 0 || b.rows == 0) {
    comparison.difference = comparison.smd = comparison.ratio =
        fill({kNaN, kNaN, kNaN}, "none", "no_rows");
    return comparison;
  }
  const double p_a = a.interval.value, p_b = b.interval.value;
  const Interval difference = NewcombeDifference(a.interval, b.interval);
  comparison.difference = fill(difference, "newcombe_clustered", "no_rows");
  comparison.smd = fill(Standardised(difference, p_a, p_b),
                        "newcombe_clustered", "no_spread");
  comparison.ratio = fill(
      KoopmanRatioOfShares(p_a, EffectiveRows(a), p_b, EffectiveRows(b), level),
      "koopman_clustered", "no_events");
  // One test for all three: that the rates differ.
  comparison.difference.p = comparison.smd.p = comparison.ratio.p =
      SameRateP(a, b);
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
