// Area under the ROC curve with its exact variance, and average precision.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/stats/interval.h"

namespace plumbline {

// AUROC = P(score of a positive > score of a negative) + P(equal) / 2, with its
// sampling variance.
struct AurocResult {
  double auroc = 0;     // NaN if one class is absent
  double variance = 0;  // NaN if fewer than two of either class (or clusters)
  int64_t positives = 0;
  int64_t negatives = 0;
};

// DeLong's estimate, rows independent. O(n log n).
// `labels` are 0 or 1, one a score; scores finite.
//
// Source: DeLong, DeLong, Clarke-Pearson 1988, Biometrics 44:837-845, eq. 3-6;
// placements by sorting as in Sun and Xu 2014, IEEE SPL 21(11):1389-1393.
AurocResult DelongAuroc(std::span<const double> scores,
                        std::span<const uint8_t> labels);

// The same when rows come in clusters (images of a subject), a cluster id a
// row in any numbering. With clusters of one row it is NOT numerically equal to
// DeLong's except up to the factors I/(I-1) of Obuchowski's formula, which then
// coincide with 1/(m-1) and 1/(n-1).
//
// Source: Obuchowski 1997, Biometrics 53:567-578, section 2.
AurocResult ClusteredAuroc(std::span<const double> scores,
                           std::span<const uint8_t> labels,
                           std::span<const uint32_t> clusters);

// The difference AUROC_a - AUROC_b of two models on the same rows.
struct PairedAurocResult {
  AurocResult a;
  AurocResult b;
  double covariance = 0;
  Interval difference{};
  double p = 0;  // two-sided
};

// Covariance form of DeLong (clustered when `clusters` is not empty).
PairedAurocResult PairedAuroc(std::span<const double> scores_a,
                              std::span<const double> scores_b,
                              std::span<const uint8_t> labels,
                              std::span<const uint32_t> clusters,
                              double level = 0.95);

// Interval on the logit scale, logit(A) +- z se / (A (1 - A)); stays in (0, 1).
// At A = 0 or 1 (complete separation) the variance estimate is 0 and means
// nothing: the interval is then the exact one-sided bound from the number of
// the rarer class, [alpha^(1/min(m,n)), 1] or its mirror image.
//
// Source: Pepe 2003, "The Statistical Evaluation of Medical Tests", 5.2.4.
Interval AurocInterval(const AurocResult& auroc, double level = 0.95);

// Variance of an AUROC before data are seen, for planning.
//
// Source: Hanley and McNeil 1982, Radiology 143:29-36, eq. 1-2.
double HanleyMcNeilVariance(double auroc, double positives, double negatives);

// Average precision: sum over distinct scores, highest first, of the gain in
// recall times precision (as scikit-learn's average_precision_score). NaN
// without positives.
double AveragePrecision(std::span<const double> scores,
                        std::span<const uint8_t> labels);

}  // namespace plumbline
