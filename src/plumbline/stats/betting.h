// Tests by betting: evidence about the mean of numbers in [0, 1] that stays
// valid however often one looks, and whenever one stops.
//
// Somebody who holds that the mean is at most m sells, at the price m, a ticket
// that pays x. A gambler who puts the share c of his wealth on each ticket
// multiplies it by 1 - c + c x / m each time, which is at most 1 on average if
// the seller is right. So his wealth (an e-value, starting at 1) reaches 1 /
// alpha at any time with probability alpha at most (Ville 1939). Here wealth is
// the mean over 28 gamblers with c = 2^(-k/2), k = 1 to 28.
//
// For numbers that are 0 or 1 each gambler's wealth is the likelihood ratio of
// m + c (1 - m) against m, so that the mean over gamblers is a mixture
// likelihood ratio (Robbins 1970, Ann. Math. Stat. 41:1397-1409). For other
// numbers in [0, 1] it is the capital process of Waudby-Smith and Ramdas 2024
// (JRSS-B 86:1-27, sec. 4) with fixed bets, mixed over a grid.
#pragma once

#include <array>
#include <limits>

#include "plumbline/stats/interval.h"

namespace plumbline {

// Numbers in [0, 1], counted on the 61 points 0, 1/60, ..., 1. A number between
// two points is shared between them so that the mean stays exact. Wealth is
// concave in x on the log scale, so sharing never adds evidence. Multiples of
// 1/60 (means of up to six zeros and ones) are exact.
class BoundedSample {
 public:
  static constexpr int kSteps = 60;

  // Throws Error(kInternal) unless 0 <= x <= 1.
  void Add(double x);
  // Of 1 - x.
  BoundedSample Mirrored() const;

  double size() const { return size_; }
  // NaN if empty.
  double mean() const;
  // How many lie at i / 60.
  double count(int i) const { return counts_[i]; }

 private:
  std::array<double, kSteps + 1> counts_{};
  double size_ = 0;
  double sum_ = 0;
};

// The logarithm of the e-value against "the mean is at most m". Decreasing and
// convex in m; 0 for an empty sample. m > 0, also above 1.
//
// Valid if each number, given those before it, has a mean of at most m; at a
// single time also if only the average of the means so far is at most m (by the
// inequality of the means, if the means are not random).
double LogEvidenceAbove(const BoundedSample& sample, double m);
// The same against "the mean is at least m"; m < 1, also below 0.
double LogEvidenceBelow(const BoundedSample& sample, double m);

// Logarithms of two e-values and of their mean, which is again an e-value.
struct DriftEvidence {
  double above = 0;  // the later mean is higher
  double below = 0;  // it is lower
  double both = 0;
};

// Against "the mean is within `margin` of `expected`", which is known.
DriftEvidence EvidenceAgainst(const BoundedSample& later, double expected,
                              double margin);

// The same against a baseline whose mean is not known, only sampled: the least,
// over all means m that the baseline may have, of the baseline's own e-value
// against m times the later numbers' against m + margin. For the true m the
// product is an e-value, and the least is no larger, so the error of the
// baseline is accounted for in full (universal inference: Wasserman, Ramdas and
// Balakrishnan 2020, PNAS 117:16880-16890, with bets for likelihoods). The two
// samples must be of different subjects.
DriftEvidence EvidenceOfDrift(const BoundedSample& baseline,
                              const BoundedSample& later, double margin);

// False only if EvidenceOfDrift(...).both is not above log_e: any m gives an
// upper limit of the least over all m. Far cheaper than the evidence itself.
bool MayShowDrift(const BoundedSample& baseline, const BoundedSample& later,
                  double margin, double log_e);

// All m that are not rejected: (above + below) / 2 < 1 / (1 - level). Computed
// at every time it covers a constant mean at all times at once with probability
// `level`. Limits are NaN if every m is rejected, which says that no single
// mean fits. [0, 1] for an empty sample.
Interval BettingInterval(const BoundedSample& sample, double level);

// The same for the later mean minus the baseline's, each side at (1 - level) /
// 2. [-1, 1] if a sample is empty.
Interval DriftInterval(const BoundedSample& baseline,
                       const BoundedSample& later, double level);

}  // namespace plumbline
