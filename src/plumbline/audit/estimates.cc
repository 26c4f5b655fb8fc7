#include "plumbline/audit/estimates.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"
#include "plumbline/stats/roc.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

struct Range {
  double lo;
  double hi;
};

Range RangeOf(const Metric& metric) {
  const double infinity = std::numeric_limits<double>::infinity();
  switch (metric.id) {
    case MetricId::kYoudenJ:
      return {-1, 1};
    case MetricId::kBrier:
    case MetricId::kBalancedAccuracy:
      return {0, 1};
    case MetricId::kLogLoss:
    case MetricId::kObservedExpected:
      return {0, infinity};
    case MetricId::kDPrime:
    case MetricId::kCriterionC:
    case MetricId::kNetBenefit:
    case MetricId::kCalibrationSlope:
    case MetricId::kCalibrationIntercept:
      return {-infinity, infinity};
    default:
      return {0, 1};
  }
}

double Z(const AuditOptions& options) {
  return NormalQuantile(0.5 + options.level / 2);
}

// Sets lo and hi around the value, or says that there is no interval.
void SetNormalInterval(Estimate& e, const Metric& metric, double se,
                       const char* method, const AuditOptions& options) {
  e.standard_error = se;
  if (!std::isfinite(se)) {
    e.lo = e.hi = kNan;
    e.reason = "unstable";
    return;
  }
  const Range range = RangeOf(metric);
  e.lo = std::max(range.lo, e.value - Z(options) * se);
  e.hi = std::min(range.hi, e.value + Z(options) * se);
  e.method = method;
}

void SetInterval(Estimate& e, const Interval& interval, const char* method,
                 const AuditOptions& options) {
  e.lo = interval.lo;
  e.hi = interval.hi;
  e.standard_error = (interval.hi - interval.lo) / (2 * Z(options));
  e.method = method;
}

Interval Wilson(double p, double rows, double design_effect,
                const AuditOptions& options) {
  return WilsonIntervalOfShare(p, rows / design_effect, options.level);
}

double ShareOf(const RateParts& parts) {
  return std::min(1.0, parts.numerator / parts.denominator);
}

void Rate(const TargetData& data, const Metric& metric, const GroupSums& sums,
          const AuditOptions& options, Estimate& e) {
  const RateParts rows = PartsOfRate(metric.id, sums.row_counts);
  e.value = ShareOf(PartsOfRate(metric.id, sums.counts()));
  e.events = static_cast<int64_t>(rows.numerator);
  e.design_effect = DesignEffect(data, metric, sums);
  SetInterval(e, Wilson(e.value, rows.denominator, e.design_effect, options),
              "wilson", options);
}

// A proportion p of weighted rows and its gradient.
struct Share {
  double p;
  SumVector gradient;
  double rows;  // in the denominator; the next two: their weights
  double weights;
  double squared_weights;
  double rows_per_subject;
};

Share ShareOfRate(const Metric& metric, const GroupSums& sums) {
  const Denominator denominator = DenominatorOf(metric, sums);
  const RateParts parts = PartsOfRate(metric.id, sums.counts());
  return {ShareOf(parts),
          GradientOf(metric, sums, 0),
          static_cast<double>(denominator.rows),
          parts.denominator,
          PartsOfRate(metric.id, sums.squared_weights()).denominator,
          static_cast<double>(denominator.rows) /
              std::max<int64_t>(1, denominator.subjects)};
}

// Variance by clustering over `independent`, at least 1.
double ClusterEffectOf(const TargetData& data, const GroupSums& sums,
                       const Share& share, double independent) {
  if (!data.clustered) return 1;
  const double robust = LinearisedVariance(sums, share.gradient);
  return std::max(1.0, independent > 0 && std::isfinite(robust)
                           ? robust / independent
                           : share.rows_per_subject);
}

// Of independent rows of equal weight, and of independent rows of their own
// weights.
double BinomialVariance(const Share& share) {
  return share.p * (1 - share.p) / share.rows;
}
double IndependentVariance(const GroupSums& sums, const Share& share) {
  return sums.weighted ? RowVariance(sums, share.gradient)
                       : BinomialVariance(share);
}

double DesignEffectOf(const TargetData& data, const GroupSums& sums,
                      const Share& share) {
  const double independent = IndependentVariance(sums, share);
  const double cluster = ClusterEffectOf(data, sums, share, independent);
  if (!sums.weighted) return cluster;
  const double binomial = BinomialVariance(share);
  return cluster *
         (binomial > 0 && independent > 0
              ? independent / binomial
              : KishEffect(share.rows, share.weights, share.squared_weights));
}

// F1 = 2 q / (1 + q) of the proportion q = TP / (TP + FP + FN), so Wilson's
// interval of q carries over.
void F1(const TargetData& data, const GroupSums& sums,
        const AuditOptions& options, Estimate& e) {
  const Confusion c = sums.counts();
  const auto trials = [](const Confusion& of) { return of.tp + of.fp + of.fn; };
  const double all = trials(c);
  const double q = c.tp / all;
  e.value = 2 * q / (1 + q);
  const Share share{
      q,
      {(1 - q) / all, -q / all, -q / all},
      trials(sums.row_counts),
      all,
      trials(sums.squared_weights()),
      static_cast<double>(sums.rows) / std::max<int64_t>(1, sums.subjects)};
  e.design_effect = DesignEffectOf(data, sums, share);
  const Interval interval = Wilson(q, share.rows, e.design_effect, options);
  SetInterval(e,
              {e.value, 2 * interval.lo / (1 + interval.lo),
               2 * interval.hi / (1 + interval.hi)},
              "wilson", options);
}

void SetDesignEffect(const TargetData& data, const GroupSums& sums,
                     const SumVector& gradient, Estimate& e) {
  e.design_effect =
      (data.clustered ? LinearisedDesignEffect(sums, gradient) : 1) *
      KishEffect(sums);
}

double Covariance(const GroupSums& sums, const SumVector& a,
                  const SumVector& b) {
  double covariance = 0;
  for (int i = 0; i < kSumCount; ++i) {
    for (int j = 0; j < kSumCount; ++j) {
      covariance += a[i] * b[j] * sums.second[i * kSumCount + j];
    }
  }
  return covariance;
}

// Of sensitivity and FPR over subjects who have both kinds of rows; 0 where
// rows stand alone or a rate is 0 or 1.
double Correlation(const TargetData& data, const GroupSums& sums) {
  if (!data.clustered) return 0;
  const SumVector tpr = GradientOf(*FindMetric("sensitivity"), sums, 0);
  const SumVector fpr = GradientOf(*FindMetric("fpr"), sums, 0);
  const double variances =
      Covariance(sums, tpr, tpr) * Covariance(sums, fpr, fpr);
  return variances > 0
             ? std::clamp(Covariance(sums, tpr, fpr) / std::sqrt(variances),
                          -1.0, 1.0)
             : 0;
}

// Youden's J = TPR - FPR and balanced accuracy (J + 1) / 2 from the Wilson
// intervals of both rates: never degenerate at 0 and 1. With the correlation
// of the two (Zou and Donner 2008, Stat. Med. 27:1693-1702).
void TwoRates(const TargetData& data, const Metric& metric,
              const GroupSums& sums, const AuditOptions& options, Estimate& e) {
  const Confusion c = sums.counts();
  const auto wilson = [&](const char* name) {
    const Metric& rate = *FindMetric(name);
    return Wilson(ShareOf(PartsOfRate(rate.id, c)),
                  PartsOfRate(rate.id, sums.row_counts).denominator,
                  DesignEffect(data, rate, sums), options);
  };
  const Interval tpr = wilson("sensitivity");
  const Interval fpr = wilson("fpr");
  const double correlation = Correlation(data, sums);
  const auto reach = [correlation](double a, double b) {
    return std::sqrt(std::max(0.0, a * a + b * b - 2 * correlation * a * b));
  };
  Interval j{tpr.value - fpr.value, 0, 0};
  j.lo = j.value - reach(tpr.value - tpr.lo, fpr.hi - fpr.value);
  j.hi = j.value + reach(tpr.hi - tpr.value, fpr.value - fpr.lo);
  if (metric.id == MetricId::kBalancedAccuracy) {
    j = {(j.value + 1) / 2, (j.lo + 1) / 2, (j.hi + 1) / 2};
  }
  e.value = GroupCountMetric(metric, sums, c, data.threshold_odds());
  SumVector gradient = GradientOf(*FindMetric("sensitivity"), sums, 0);
  const SumVector of_fpr = GradientOf(*FindMetric("fpr"), sums, 0);
  for (int k = 0; k < kSumCount; ++k) gradient[k] -= of_fpr[k];
  SetDesignEffect(data, sums, gradient, e);
  SetInterval(e, j, "mover", options);
}

void Counts(const TargetData& data, const Metric& metric, const GroupSums& sums,
            const AuditOptions& options, Estimate& e) {
  const Confusion c = sums.counts();
  e.value = GroupCountMetric(metric, sums, c, data.threshold_odds());
  if (!std::isfinite(e.value)) {
    e.reason = "one_class";
    return;
  }
  switch (metric.id) {
    case MetricId::kF1:
      F1(data, sums, options, e);
      return;
    case MetricId::kYoudenJ:
    case MetricId::kBalancedAccuracy:
      TwoRates(data, metric, sums, options, e);
      return;
    default: {
      const SumVector gradient =
          GradientOf(metric, sums, data.threshold_odds());
      SetDesignEffect(data, sums, gradient, e);
      SetNormalInterval(e, metric,
                        std::sqrt(LinearisedVariance(sums, gradient)), "delta",
                        options);
    }
  }
}

void Sums(const TargetData& data, const Metric& metric, const GroupSums& sums,
          const AuditOptions& options, Estimate& e) {
  const double n = sums.counts().all();
  const SumVector gradient = GradientOf(metric, sums, data.threshold_odds());
  const double se = std::sqrt(LinearisedVariance(sums, gradient));
  SetDesignEffect(data, sums, gradient, e);
  if (metric.id != MetricId::kObservedExpected) {
    e.value = sums.sums[metric.id == MetricId::kBrier ? kBrier : kLogLoss] / n;
    SetNormalInterval(e, metric, se, "delta", options);
    return;
  }
  const double observed = sums.counts().positives();
  const double expected = sums.sums[kScore];
  e.events = static_cast<int64_t>(sums.row_counts.positives());
  if (expected <= 0) {
    e.value = kNan;
    e.reason = "unstable";
    return;
  }
  e.value = observed / expected;
  if (observed > 0 && std::isfinite(se)) {
    // On the log scale, so that the interval stays positive.
    const double factor = std::exp(Z(options) * se / e.value);
    e.standard_error = se;
    e.lo = e.value / factor;
    e.hi = e.value * factor;
    e.method = "delta";
    return;
  }
  const double rows = static_cast<double>(sums.rows);
  const Interval prevalence = Wilson(
      observed / n, rows, rows / sums.subjects * KishEffect(sums), options);
  SetInterval(
      e, {e.value, prevalence.lo * n / expected, prevalence.hi * n / expected},
      "wilson", options);
}

void FromReplicates(const TargetData& data, const Metric& metric, int group,
                    const AuditOptions& options, Estimate& e) {
  if (data.bootstrap.replicates == 0) {
    e.lo = e.hi = e.standard_error = kNan;
    e.reason = "not_requested";
    return;
  }
  const auto replicates = ReplicatesOf(data, data.bootstrap, metric, group);
  BootstrapSummary summary;
  if (data.jackknife.replicates > 0) {
    const auto jackknife = ReplicatesOf(data, data.jackknife, metric, group);
    summary = BcaInterval(e.value, replicates, jackknife, options.level);
    e.method = "bca_bootstrap";
  } else {
    summary = PercentileInterval(e.value, replicates, options.level);
    e.method = "percentile_bootstrap";
  }
  e.lo = summary.interval.lo;
  e.hi = summary.interval.hi;
  e.standard_error = summary.standard_error;
  if (!std::isfinite(e.lo) || !std::isfinite(e.hi)) {
    e.lo = e.hi = kNan;
    e.reason = "unstable";
    e.method = "none";
  }
}

// logit(value) +- z se / (value (1 - value)) with the bootstrap's standard
// error: for average precision better than percentiles, which repeated rows
// shift upwards (Boyd, Eng and Page 2013, ECML, section 3).
void LogitInterval(const AuditOptions& options, Estimate& e) {
  if (e.reason != nullptr || !(e.value > 0 && e.value < 1)) return;
  const double logit = std::log(e.value / (1 - e.value));
  const double reach =
      Z(options) * e.standard_error / (e.value * (1 - e.value));
  e.lo = 1 / (1 + std::exp(-(logit - reach)));
  e.hi = 1 / (1 + std::exp(-(logit + reach)));
  e.method = "logit_bootstrap";
}

void Ranking(const TargetData& data, const Metric& metric, int group,
             const AuditOptions& options, Estimate& e) {
  const GroupRanking& ranking = data.ranking[group];
  if (metric.id == MetricId::kAuprc) {
    e.value = ranking.average_precision;
    e.design_effect = data.clustered ? kNan : KishEffect(data.sums[group]);
    FromReplicates(data, metric, group, options, e);
    if (options.interval == IntervalMethod::kClosedForm)
      LogitInterval(options, e);
    return;
  }
  e.value = ranking.auroc.auroc;
  e.design_effect = ranking.design_effect;
  if (!std::isfinite(ranking.auroc.variance)) {
    e.lo = e.hi = e.standard_error = kNan;
    e.reason = "unstable";
    return;
  }
  SetInterval(e, AurocInterval(ranking.auroc, options.level),
              data.clustered ? "obuchowski" : "delong", options);
  if (ranking.auroc.variance > 0) {
    e.standard_error = std::sqrt(ranking.auroc.variance);
  }
}

void Regression(const TargetData& data, const Metric& metric, int group,
                const AuditOptions& options, Estimate& e) {
  const GroupCalibration& calibration = data.calibration[group];
  const CalibrationFit& fit = calibration.fit;
  const bool slope = metric.id == MetricId::kCalibrationSlope;
  e.design_effect = (slope ? calibration.slope_design_effect
                           : calibration.intercept_design_effect) *
                    KishEffect(data.sums[group]);
  e.value = slope ? fit.slope : fit.intercept;
  if (!fit.converged) {
    e.value = kNan;
    e.reason = "unstable";
    return;
  }
  SetNormalInterval(e, metric, slope ? fit.slope_se : fit.intercept_se,
                    "logistic_sandwich", options);
}

// The weight of the rows that DenominatorOf counts.
double WeightOfDenominator(const Metric& metric, const GroupSums& sums) {
  const Confusion c = sums.counts();
  return metric.family == MetricFamily::kRate
             ? PartsOfRate(metric.id, c).denominator
             : c.all();
}

bool PrefersReplicates(const TargetData& data, const Metric& metric,
                       const AuditOptions& options) {
  if (data.bootstrap.replicates == 0 || !HasReplicates(metric)) return false;
  const bool depends_on_threshold = (metric.family == MetricFamily::kRate ||
                                     metric.family == MetricFamily::kCounts) &&
                                    metric.id != MetricId::kPrevalence;
  return options.interval != IntervalMethod::kClosedForm ||
         (data.refitted && depends_on_threshold);
}

}  // namespace

Denominator DenominatorOf(const Metric& metric, const GroupSums& sums) {
  const Confusion& c = sums.row_counts;
  const auto rows = [](double count) { return static_cast<int64_t>(count); };
  switch (metric.id) {
    case MetricId::kSensitivity:
    case MetricId::kFnr:
      return {rows(c.positives()), sums.subjects_positive};
    case MetricId::kSpecificity:
    case MetricId::kFpr:
      return {rows(c.negatives()), sums.subjects_negative};
    case MetricId::kPpv:
    case MetricId::kFdr:
      return {rows(c.flagged()), sums.subjects_flagged};
    case MetricId::kNpv:
    case MetricId::kFor:
      return {rows(c.fn + c.tn), sums.subjects_unflagged};
    default:
      return {sums.rows, sums.subjects};
  }
}

double DesignEffect(const TargetData& data, const Metric& metric,
                    const GroupSums& sums) {
  return DesignEffectOf(data, sums, ShareOfRate(metric, sums));
}

double ClusterEffect(const TargetData& data, const Metric& metric,
                     const GroupSums& sums) {
  const Share share = ShareOfRate(metric, sums);
  return ClusterEffectOf(data, sums, share, IndependentVariance(sums, share));
}

SumVector GradientOf(const Metric& metric, const GroupSums& sums,
                     double threshold_odds) {
  SumVector gradient{};
  const Confusion c = sums.counts();
  const double n = c.all();
  switch (metric.id) {
    case MetricId::kBrier:
    case MetricId::kLogLoss: {
      const SumIndex sum = metric.id == MetricId::kBrier ? kBrier : kLogLoss;
      const double mean = sums.sums[sum] / n;
      gradient[sum] = 1 / n;
      for (int k = kTp; k <= kTn; ++k) gradient[k] = -mean / n;
      return gradient;
    }
    case MetricId::kObservedExpected: {
      const double expected = sums.sums[kScore];
      gradient[kTp] = gradient[kFn] = 1 / expected;
      gradient[kScore] = -c.positives() / (expected * expected);
      return gradient;
    }
    case MetricId::kNetBenefit: {
      const double benefit = CountMetric(metric.id, c, threshold_odds);
      gradient = {(1 - benefit) / n, (-threshold_odds - benefit) / n,
                  -benefit / n, -benefit / n};
      return gradient;
    }
    case MetricId::kDPrime:
    case MetricId::kCriterionC: {
      // d z(p) = dp / phi(z), at the corrected rates (Gourevitch and Galanter
      // 1967, Psychometrika 32:25-33).
      const auto derivative = [](double events, double trials) {
        const double z = NormalQuantile((events + 0.5) / (trials + 1));
        return std::sqrt(2 * M_PI) * std::exp(z * z / 2);
      };
      const Confusion r = InRows(sums, c);
      const double tpr = (r.tp + 0.5) / (r.positives() + 1);
      const double fpr = (r.fp + 0.5) / (r.negatives() + 1);
      // Times rows over weights: what the sums are multiplied by.
      const double a = derivative(r.tp, r.positives()) / (r.positives() + 1) *
                       (r.positives() / c.positives());
      const double b = derivative(r.fp, r.negatives()) / (r.negatives() + 1) *
                       (r.negatives() / c.negatives());
      const double sign_b = metric.id == MetricId::kDPrime ? -1 : 1;
      gradient = {a * (1 - tpr), sign_b * b * (1 - fpr), -a * tpr,
                  -sign_b * b * fpr};
      if (metric.id == MetricId::kCriterionC) {
        for (double& g : gradient) g /= -2;
      }
      return gradient;
    }
    default: {
      // A rate numerator / denominator: each outcome is in both, in the
      // denominator alone, or in neither.
      const RateParts all = PartsOfRate(metric.id, c);
      const double p = all.numerator / all.denominator;
      for (int k = kTp; k <= kTn; ++k) {
        Confusion one;
        (k == kTp   ? one.tp
         : k == kFp ? one.fp
         : k == kFn ? one.fn
                    : one.tn) = 1;
        const RateParts parts = PartsOfRate(metric.id, one);
        gradient[k] =
            (parts.numerator - p * parts.denominator) / all.denominator;
      }
      return gradient;
    }
  }
}

double WorkingStandardError(const Estimate& estimate, double level) {
  const double from_width =
      (estimate.hi - estimate.lo) / (2 * NormalQuantile(0.5 + level / 2));
  return from_width > 0 ? from_width : estimate.standard_error;
}

Estimate EstimateMetric(const TargetData& data, const Metric& metric, int group,
                        const AuditOptions& options) {
  const GroupSums& sums = data.sums[group];
  Estimate e;
  e.value = e.lo = e.hi = e.standard_error = e.null_expected = kNan;
  const Denominator denominator = DenominatorOf(metric, sums);
  e.n = denominator.rows;
  e.subjects = denominator.subjects;
  e.weighted = sums.weighted;
  e.weight = WeightOfDenominator(metric, sums);
  if (metric.needs_scores && data.hard_decisions) {
    e.reason = "needs_scores";
    return e;
  }
  const Confusion c = sums.counts();
  const bool needs_both = metric.family == MetricFamily::kRanking ||
                          metric.family == MetricFamily::kRegression;
  if (e.n == 0 || (needs_both && (c.positives() == 0 || c.negatives() == 0))) {
    e.reason = "one_class";
    return e;
  }
  switch (metric.family) {
    case MetricFamily::kSize:
      break;
    case MetricFamily::kRate:
      Rate(data, metric, sums, options, e);
      break;
    case MetricFamily::kCounts:
      Counts(data, metric, sums, options, e);
      break;
    case MetricFamily::kRanking:
      Ranking(data, metric, group, options, e);
      break;
    case MetricFamily::kSums:
      Sums(data, metric, sums, options, e);
      break;
    case MetricFamily::kBinned:
      e.value = data.ece[group].value;
      e.null_expected = data.ece[group].null_expected;
      e.design_effect = data.clustered ? kNan : KishEffect(sums);
      FromReplicates(data, metric, group, options, e);
      break;
    case MetricFamily::kRegression:
      Regression(data, metric, group, options, e);
      break;
  }
  if (PrefersReplicates(data, metric, options) && std::isfinite(e.value)) {
    e.reason = nullptr;
    FromReplicates(data, metric, group, options, e);
  }
  const double smaller_class =
      std::min(sums.row_counts.positives(), sums.row_counts.negatives());
  const int64_t base = needs_both ? static_cast<int64_t>(smaller_class) : e.n;
  if (std::isfinite(e.value) && base < options.minimum) {
    e.lo = e.hi = e.standard_error = kNan;
    e.method = "none";
    e.reason = "below_minimum";
  }
  return e;
}

}  // namespace plumbline
