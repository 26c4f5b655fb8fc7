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
  // Clusters with at least one row of the class; the rows themselves when rows
  // are independent.
  int64_t positive_clusters = 0;
  int64_t negative_clusters = 0;
};

// Every function here that takes scores and labels throws Error(kInvalidInput)
// if a score is not finite, a label is neither 0 nor 1, or the lengths differ.
// Scores that are in ascending order already are not sorted again.

// DeLong's estimate, rows independent. The scores are sorted once.
//
// Source: DeLong, DeLong, Clarke-Pearson 1988, Biometrics 44:837-845, eq. 3-6;
// placements by sorting as in Sun and Xu 2014, IEEE SPL 21(11):1389-1393.
AurocResult DelongAuroc(std::span<const double> scores,
                        std::span<const uint8_t> labels);

// The same when rows come in clusters (images of a subject), a cluster id a
// row in any numbering. Clusters may hold rows of both classes. With I10
// clusters that have positives, I01 that have negatives and I in all, the three
// sums of squares carry the factors I10 / (I10 - 1), I01 / (I01 - 1) and
// I / (I - 1) (the house's S / (S - 1), each with its own count), so clusters
// of one row give exactly DeLong's variance.
//
// Source: Obuchowski 1997, Biometrics 53:567-578, section 2.
AurocResult ClusteredAuroc(std::span<const double> scores,
                           std::span<const uint8_t> labels,
                           std::span<const uint32_t> clusters);

// The difference AUROC_a - AUROC_b of two models on the same rows. When its
// variance estimate is 0, lo and hi are NaN, unless both models order the rows
// in the same imperfect way: then all three are 0 and p is 1.
struct PairedAurocResult {
  AurocResult a;
  AurocResult b;
  double covariance = 0;
  Interval difference{};
  double p = 0;  // two-sided, of no difference
};

// Covariance form of DeLong (of Obuchowski when `clusters` is not empty). The
// limits of the difference lie in [-1, 1].
PairedAurocResult PairedAuroc(std::span<const double> scores_a,
                              std::span<const double> scores_b,
                              std::span<const uint8_t> labels,
                              std::span<const uint32_t> clusters,
                              double level = 0.95);

// Interval on the logit scale, logit(A) +- z se / (A (1 - A)); stays in (0, 1).
// At A = 0 or 1 (complete separation) the variance estimate is 0 and means
// nothing: the interval is then the one-sided bound from the number k of
// clusters with the rarer class, [(1 - level)^(1 / k), 1] or its mirror image.
// lo and hi are NaN where the variance is.
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
