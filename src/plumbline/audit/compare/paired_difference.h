// The difference of two models in one metric of one group, with its paired
// interval and test.
#pragma once

#include <vector>

#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/audit/compare/paired_ranking.h"
#include "plumbline/audit/compare/paired_sums.h"
#include "plumbline/audit/target_data.h"
#include "plumbline/stats/paired_proportion.h"

namespace plumbline {

// What is computed once for a target.
struct PairedData {
  // By model: the audit's own sums, rankings and replicates. The replicates of
  // the two come from the same weights, so they pair.
  std::array<TargetData, 2> models;
  PairedRows rows;
  std::vector<PairedSums> sums;        // a group
  std::vector<PairedRanking> ranking;  // a group; empty without auroc
};

// `a` and `b` are the estimates of the two models (EstimateMetric,
// audit/estimates.h). p is not adjusted and nothing is judged yet.
//
//   rates whose denominator the labels fix: Newcombe's paired interval with the
//     design effect of the difference, widened by (t / z)^2 where subjects have
//     several rows; p exact (McNemar) where rows are
//     independent, else from the linearised difference of subject sums
//   predictive values, F1, scores' means and other functions of sums:
//     linearised difference, Student's t with subjects - 1 degrees of freedom
//   auroc: covariance form of DeLong or Obuchowski
//   auprc, ece, and all that depends on a threshold refitted on the audited
//     rows: paired bootstrap, value +- t standard errors
PairedDifference ComparePair(const PairedData& data, const Metric& metric,
                             int group, const Estimate& a, const Estimate& b,
                             const AuditOptions& options);

// Gradient with respect to the sums of every metric that is a function of
// them (GradientOf, audit/estimates.h, and F1, Youden's J and balanced
// accuracy).
SumVector PairGradient(const Metric& metric, const GroupSums& sums,
                       double threshold_odds);

// How far apart two models could be that agree for all of `subjects`: a share
// 1 - ((1 - level) / 2)^(1 / subjects) of subjects on whom they differ would
// have gone unseen with that probability.
double UnseenDifference(int64_t subjects, double level);

}  // namespace plumbline
