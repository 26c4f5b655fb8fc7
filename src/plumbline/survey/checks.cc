#include "plumbline/survey/checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

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
      SameRateP(p_a, EffectiveRows(a), p_b, EffectiveRows(b));
  return comparison;
}

double SameRateP(double p_a, double n_a, double p_b, double n_b) {
  const double pooled = (n_a * p_a + n_b * p_b) / (n_a + n_b);
  const double least = std::min(n_a, n_b) * std::min(pooled, 1 - pooled);
  if (least >= kLeastExpected) {
    return TwoSidedNormalP(
        (p_a - p_b) / std::sqrt(pooled * (1 - pooled) * (1 / n_a + 1 / n_b)));
  }
  return FisherExactP(std::llround(n_a * p_a), std::llround(n_a),
                      std::llround(n_b * p_b), std::llround(n_b));
}

double SmallestExpected(const ContingencyTable& table) {
  std::vector<double> rows(table.rows, 0.0), columns(table.columns, 0.0);
  double n = 0;
  for (int r = 0; r < table.rows; ++r) {
    for (int c = 0; c < table.columns; ++c) {
      const auto count =
          static_cast<double>(table.counts[r * table.columns + c]);
      rows[r] += count;
      columns[c] += count;
      n += count;
    }
  }
  double least = n;
  for (const double r : rows) {
    for (const double c : columns) {
      if (r > 0 && c > 0) least = std::min(least, r * c / n);
    }
  }
  return least;
}

double SameMixP(const ContingencyTable& table) {
  if (SmallestExpected(table) >= kLeastExpected) {
    return Associate(table, {.permutations = 0, .replicates = 0}).p_chi_squared;
  }
  const std::span<const int64_t> a =
      std::span(table.counts).first(table.columns);
  const std::span<const int64_t> b =
      std::span(table.counts).last(table.columns);
  const auto n_a =
      static_cast<double>(std::accumulate(a.begin(), a.end(), int64_t{0}));
  const auto n_b =
      static_cast<double>(std::accumulate(b.begin(), b.end(), int64_t{0}));
  if (n_a == 0 || n_b == 0) return 1;
  double least = 1;
  int compared = 0;
  for (int c = 0; c < table.columns; ++c) {
    if (a[c] + b[c] == 0) continue;
    ++compared;
    least = std::min(least, SameRateP(static_cast<double>(a[c]) / n_a, n_a,
                                      static_cast<double>(b[c]) / n_b, n_b));
  }
  // Of two, one is the other's complement.
  return std::min(1.0, least * std::max(1, compared == 2 ? 1 : compared));
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
