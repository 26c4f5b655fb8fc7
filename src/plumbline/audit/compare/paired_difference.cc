#include "plumbline/audit/compare/paired_difference.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/audit/estimates.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/power.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kPower = 0.8;

// A rate over rows that the labels choose, so that both models have the same.
bool HasFixedDenominator(const Metric& metric) {
  switch (metric.id) {
    case MetricId::kSelectionRate:
    case MetricId::kSensitivity:
    case MetricId::kSpecificity:
    case MetricId::kFnr:
    case MetricId::kFpr:
    case MetricId::kAccuracy:
      return true;
    default:
      return false;
  }
}

// Bounded by -1 and 1.
bool IsBounded(const Metric& metric) {
  switch (metric.id) {
    case MetricId::kLogLoss:
    case MetricId::kObservedExpected:
    case MetricId::kDPrime:
    case MetricId::kCriterionC:
    case MetricId::kNetBenefit:
      return false;
    case MetricId::kYoudenJ:
      return false;  // it reaches from -2 to 2
    default:
      return true;
  }
}

// Events of a rate, by which model has them.
PairedCounts CountsOf(const Metric& metric, const PairedSums& sums) {
  const auto flagged = [&](int label) {
    const JointFlags& f = sums.flags[label];
    return PairedCounts{f.both, f.baseline_only, f.challenger_only, f.neither};
  };
  const auto turned = [](const PairedCounts& c) {
    return PairedCounts{c.neither, c.b_only, c.a_only, c.both};
  };
  const auto add = [](const PairedCounts& x, const PairedCounts& y) {
    return PairedCounts{x.both + y.both, x.a_only + y.a_only,
                        x.b_only + y.b_only, x.neither + y.neither};
  };
  switch (metric.id) {
    case MetricId::kSensitivity:
      return flagged(1);
    case MetricId::kFnr:
      return turned(flagged(1));
    case MetricId::kFpr:
      return flagged(0);
    case MetricId::kSpecificity:
      return turned(flagged(0));
    case MetricId::kAccuracy:
      return add(flagged(1), turned(flagged(0)));
    default:
      return add(flagged(0), flagged(1));
  }
}

// Interval and one-sided bounds around the value, within the range. A variance
// over few subjects is itself uncertain: Student's t with subjects - 1 degrees
// of freedom (Korn and Graubard 1990, Am. Stat. 44:270-276).
void SetStudent(const Metric& metric, double se, double degrees,
                const char* method, double level, PairedDifference* d) {
  const double range =
      IsBounded(metric) ? 1 : std::numeric_limits<double>::infinity();
  const auto within = [range](double x) {
    return std::clamp(x, -range, range);
  };
  const double two_sided = TwoSidedT(level, degrees);
  const double one_sided = StudentQuantile(level, degrees);
  d->standard_error = se;
  d->lo = within(d->value - two_sided * se);
  d->hi = within(d->value + two_sided * se);
  d->lower_bound = within(d->value - one_sided * se);
  d->upper_bound = within(d->value + one_sided * se);
  d->p = TwoSidedStudentP(d->value / se, degrees);
  d->method = method;
}

double DegreesOf(int64_t subjects) {
  return static_cast<double>(std::max<int64_t>(1, subjects - 1));
}

// No subject differs, so that the variance is 0 and means nothing.
void SetAgreement(const Metric& metric, int64_t subjects, double level,
                  PairedDifference* d) {
  d->standard_error = 0;
  if (d->value != 0) {
    d->reason = "unstable";
    return;
  }
  d->p = 1;
  if (!IsBounded(metric) && metric.id != MetricId::kYoudenJ) {
    d->reason = "no_variance";
    return;
  }
  const double unseen = UnseenDifference(subjects, level);
  const double one_sided = UnseenDifference(subjects, 2 * level - 1);
  d->lo = -unseen;
  d->hi = unseen;
  d->lower_bound = -one_sided;
  d->upper_bound = one_sided;
  d->method = "unseen_difference";
}

void SetFromVariance(const Metric& metric, double variance, int64_t subjects,
                     const char* method, double level, PairedDifference* d) {
  if (!std::isfinite(variance)) {
    d->reason = "unstable";
  } else if (variance > 0) {
    SetStudent(metric, std::sqrt(variance), DegreesOf(subjects), method, level,
               d);
  } else {
    SetAgreement(metric, subjects, level, d);
  }
}

void FixedRate(const PairedData& data, const Metric& metric, int group,
               const AuditOptions& options, PairedDifference* d) {
  const PairedSums& sums = data.sums[group];
  const PairedCounts counts = CountsOf(metric, sums);
  d->baseline_only = static_cast<int64_t>(counts.a_only);
  d->challenger_only = static_cast<int64_t>(counts.b_only);
  const SumVector a = PairGradient(metric, data.models[0].sums[group], 0);
  const SumVector b = PairGradient(metric, data.models[1].sums[group], 0);
  const double variance = PairedVariance(sums, a, b);
  d->design_effect = data.rows.clustered ? PairedDesignEffect(sums, a, b) : 1;
  // Few subjects: the design effect is itself uncertain.
  const double degrees = DegreesOf(d->subjects);
  const auto newcombe = [&](double level) {
    const double widened =
        data.rows.clustered
            ? std::pow(TwoSidedT(level, degrees) / TwoSidedZ(level), 2)
            : 1;
    return NewcombePaired(counts, level, d->design_effect * widened);
  };
  const Interval two_sided = newcombe(options.level);
  const Interval one_sided = newcombe(2 * options.level - 1);
  d->lo = two_sided.lo;
  d->hi = two_sided.hi;
  d->lower_bound = one_sided.lo;
  d->upper_bound = one_sided.hi;
  d->method = "newcombe_paired";
  d->standard_error = variance > 0
                          ? std::sqrt(variance)
                          : (d->hi - d->lo) / (2 * TwoSidedZ(options.level));
  if (!data.rows.clustered) {
    d->p = McNemarExact(d->baseline_only, d->challenger_only);
  } else if (variance > 0) {
    d->p = TwoSidedStudentP(d->value / std::sqrt(variance), degrees);
  } else {
    d->p = d->value == 0 ? 1 : kNan;
  }
}

void Linearised(const PairedData& data, const Metric& metric, int group,
                const AuditOptions& options, PairedDifference* d) {
  const PairedSums& sums = data.sums[group];
  const auto gradient = [&](int model) {
    return PairGradient(metric, data.models[model].sums[group],
                        data.models[model].threshold_odds());
  };
  const SumVector a = gradient(kBaseline);
  const SumVector b = gradient(kChallenger);
  d->design_effect = data.rows.clustered ? PairedDesignEffect(sums, a, b) : 1;
  SetFromVariance(metric, PairedVariance(sums, a, b), d->subjects,
                  "paired_linearised", options.level, d);
}

void PairedBootstrap(const PairedData& data, const Metric& metric, int group,
                     const AuditOptions& options, PairedDifference* d) {
  d->design_effect = data.rows.clustered ? kNan : 1;
  if (options.replicates == 0) {
    d->reason = "not_requested";
    return;
  }
  std::vector<double> differences =
      ReplicatesOf(data.models[kChallenger], data.models[kChallenger].bootstrap,
                   metric, group);
  const std::vector<double> a = ReplicatesOf(
      data.models[kBaseline], data.models[kBaseline].bootstrap, metric, group);
  for (size_t r = 0; r < a.size(); ++r) differences[r] -= a[r];
  const BootstrapSummary summary =
      PercentileInterval(d->value, differences, options.level);
  if (!std::isfinite(summary.interval.lo + summary.interval.hi)) {
    d->reason = "unstable";
    return;
  }
  SetFromVariance(metric, std::pow(summary.standard_error, 2), d->subjects,
                  "paired_bootstrap", options.level, d);
}

bool DependsOnThreshold(const Metric& metric) {
  return metric.family == MetricFamily::kRate ||
         metric.family == MetricFamily::kCounts;
}

// Rows and subjects of the smaller of the two denominators.
void SetDenominator(const Estimate& a, const Estimate& b, PairedDifference* d) {
  d->n = std::min(a.n, b.n);
  d->subjects = std::min(a.subjects, b.subjects);
}

void SetPlanning(const AuditOptions& options, PairedDifference* d) {
  const double z = TwoSidedZ(options.level);
  const double from_width = (d->hi - d->lo) / (2 * z);
  const double se = d->standard_error > 0 ? d->standard_error : from_width;
  if (!(se > 0)) return;
  d->smallest_detectable = SmallestDetectableShift(
      se, {.alpha = 1 - options.level, .power = kPower});
}

}  // namespace

PairedDifference ComparePair(const PairedData& data, const Metric& metric,
                             int group, const Estimate& a, const Estimate& b,
                             const AuditOptions& options) {
  PairedDifference d;
  d.lo = d.hi = d.lower_bound = d.upper_bound = kNan;
  d.standard_error = d.p = d.p_adjusted = d.family_lo = d.family_hi = kNan;
  d.smallest_detectable = d.subjects_needed = kNan;
  SetDenominator(a, b, &d);
  d.value = b.value - a.value;
  if (!std::isfinite(d.value)) {
    d.value = kNan;
    d.reason = a.reason != nullptr   ? a.reason
               : b.reason != nullptr ? b.reason
                                     : "unstable";
    return d;
  }
  for (const Estimate* e : {&a, &b}) {
    if (e->reason != nullptr &&
        std::string_view(e->reason) == "below_minimum") {
      d.reason = e->reason;
      return d;
    }
  }
  if (data.models[0].refitted && DependsOnThreshold(metric)) {
    PairedBootstrap(data, metric, group, options, &d);
  } else if (HasFixedDenominator(metric)) {
    FixedRate(data, metric, group, options, &d);
  } else if (metric.id == MetricId::kAuroc) {
    const PairedRanking& ranking = data.ranking[group];
    // The same number without the rounding of two subtractions.
    d.value = ranking.difference;
    d.design_effect = data.rows.clustered ? kNan : 1;
    SetFromVariance(
        metric, ranking.variance,
        std::min(ranking.positive_clusters, ranking.negative_clusters),
        data.rows.clustered ? "obuchowski_paired" : "delong_paired",
        options.level, &d);
  } else if (metric.family == MetricFamily::kRanking ||
             metric.family == MetricFamily::kBinned) {
    PairedBootstrap(data, metric, group, options, &d);
  } else {
    Linearised(data, metric, group, options, &d);
  }
  SetPlanning(options, &d);
  return d;
}

SumVector PairGradient(const Metric& metric, const GroupSums& sums,
                       double threshold_odds) {
  const Confusion c = sums.counts();
  SumVector gradient{};
  switch (metric.id) {
    case MetricId::kF1: {
      const double size = 2 * c.tp + c.fp + c.fn;
      const double f1 = 2 * c.tp / size;
      gradient[kTp] = 2 * (1 - f1) / size;
      gradient[kFp] = gradient[kFn] = -f1 / size;
      return gradient;
    }
    case MetricId::kYoudenJ:
    case MetricId::kBalancedAccuracy: {
      const double scale = metric.id == MetricId::kYoudenJ ? 1 : 0.5;
      const SumVector tpr = GradientOf(*FindMetric("sensitivity"), sums, 0);
      const SumVector fpr = GradientOf(*FindMetric("fpr"), sums, 0);
      for (int k = 0; k < kSumCount; ++k) {
        gradient[k] = scale * (tpr[k] - fpr[k]);
      }
      return gradient;
    }
    default:
      return GradientOf(metric, sums, threshold_odds);
  }
}

double UnseenDifference(int64_t subjects, double level) {
  if (subjects < 1) return 1;
  return 1 - std::pow((1 - level) / 2, 1 / static_cast<double>(subjects));
}

}  // namespace plumbline
