#include "plumbline/stats/roc.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/stats/clusters.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/sort_order.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Rows of one score.
struct TieBlock {
  uint32_t positives = 0;
  uint32_t negatives = 0;
};

struct RankedRows {
  std::vector<uint32_t> order;   // rows by ascending score
  std::vector<TieBlock> blocks;  // the same rows, counted score by score
  int64_t positives = 0;
  int64_t negatives = 0;
};

void CheckLength(size_t found, size_t expected, const char* what) {
  if (found == expected) return;
  throw Error(ErrorCode::kInvalidInput,
              "there must be one of the {} for each score, found {} for {} "
              "scores",
              what, found, expected);
}

RankedRows Rank(std::span<const double> scores,
                std::span<const uint8_t> labels) {
  CheckLength(labels.size(), scores.size(), "labels");
  RankedRows rows;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] > 1) {
      throw Error(ErrorCode::kInvalidInput,
                  "labels must be 0 or 1, found {} at position {} (counted "
                  "from 0)",
                  labels[i], i);
    }
    rows.positives += labels[i];
  }
  rows.negatives = static_cast<int64_t>(labels.size()) - rows.positives;

  rows.order = SortOrder(scores, "scores");
  double score = kNaN;
  for (const uint32_t row : rows.order) {
    if (scores[row] != score) {
      rows.blocks.emplace_back();
      score = scores[row];
    }
    TieBlock& block = rows.blocks.back();
    block.positives += labels[row];
    block.negatives += 1 - labels[row];
  }
  return rows;
}

// Exact: twice the Mann-Whitney count is an integer below 2^63.
double Auroc(const RankedRows& rows) {
  if (rows.positives == 0 || rows.negatives == 0) return kNaN;
  uint64_t twice_wins = 0;
  uint64_t negatives_below = 0;
  for (const TieBlock& block : rows.blocks) {
    twice_wins += block.positives * (2 * negatives_below + block.negatives);
    negatives_below += block.negatives;
  }
  return static_cast<double>(twice_wins) / 2 /
         (static_cast<double>(rows.positives) *
          static_cast<double>(rows.negatives));
}

// Calls visit(block, of_positive, of_negative) for every block with the
// placement of its positives among the negatives and of its negatives among the
// positives, both minus the AUROC, which is the mean of either (DeLong 1988,
// eq. 4-5).
template <typename Visit>
void ForEachPlacement(const RankedRows& rows, double auroc, Visit&& visit) {
  const auto m = static_cast<double>(rows.positives);
  const auto n = static_cast<double>(rows.negatives);
  double positives_below = 0;
  double negatives_below = 0;
  for (const TieBlock& block : rows.blocks) {
    const double below = negatives_below + 0.5 * block.negatives;
    const double above = m - positives_below - 0.5 * block.positives;
    visit(block, below / n - auroc, above / m - auroc);
    positives_below += block.positives;
    negatives_below += block.negatives;
  }
}

// The same a row, in the order of the rows.
std::vector<double> CentredPlacements(const RankedRows& rows, double auroc,
                                      std::span<const uint8_t> labels) {
  std::vector<double> placements(labels.size());
  auto row = rows.order.begin();
  ForEachPlacement(
      rows, auroc,
      [&](const TieBlock& block, double of_positive, double of_negative) {
        const auto end = row + block.positives + block.negatives;
        for (; row != end; ++row) {
          placements[*row] = labels[*row] ? of_positive : of_negative;
        }
      });
  return placements;
}

// Sums of centred placements over the rows of one cluster.
struct ClusterSum {
  double of_positives = 0;
  double of_negatives = 0;
};

// What the variance needs to know of the rows besides the placements.
struct Design {
  std::span<const uint8_t> labels;
  DenseClusters clusters;  // count 0: rows are independent
  int64_t positives = 0;
  int64_t negatives = 0;
  int64_t positive_clusters = 0;
  int64_t negative_clusters = 0;
};

Design MakeDesign(const RankedRows& rows, std::span<const uint8_t> labels,
                  std::span<const uint32_t> clusters) {
  Design design{labels,         NumberClusters(clusters), rows.positives,
                rows.negatives, rows.positives,           rows.negatives};
  if (clusters.empty()) return design;
  std::vector<uint8_t> has_positive(design.clusters.count);
  std::vector<uint8_t> has_negative(design.clusters.count);
  for (size_t i = 0; i < labels.size(); ++i) {
    (labels[i] ? has_positive : has_negative)[design.clusters.ids[i]] = 1;
  }
  const auto count = [](const std::vector<uint8_t>& has) {
    return std::count(has.begin(), has.end(), 1);
  };
  design.positive_clusters = count(has_positive);
  design.negative_clusters = count(has_negative);
  return design;
}

std::vector<ClusterSum> SumByCluster(std::span<const double> placements,
                                     const Design& design) {
  std::vector<ClusterSum> sums(design.clusters.count);
  for (size_t i = 0; i < placements.size(); ++i) {
    ClusterSum& sum = sums[design.clusters.ids[i]];
    (design.labels[i] ? sum.of_positives : sum.of_negatives) += placements[i];
  }
  return sums;
}

double Bessel(int64_t count) {
  return static_cast<double>(count) / static_cast<double>(count - 1);
}

// Covariance of two AUROCs whose centred placements are a and b: DeLong 1988,
// eq. 6, or Obuchowski 1997, section 2. NaN if it cannot be estimated.
double Covariance(std::span<const double> a, std::span<const double> b,
                  const Design& design) {
  if (design.positive_clusters < 2 || design.negative_clusters < 2) return kNaN;
  double s10 = 0;
  double s01 = 0;
  double s11 = 0;
  if (design.clusters.count == 0) {
    for (size_t i = 0; i < a.size(); ++i) {
      (design.labels[i] ? s10 : s01) += a[i] * b[i];
    }
  } else {
    const std::vector<ClusterSum> sums_a = SumByCluster(a, design);
    const std::vector<ClusterSum> sums_b = SumByCluster(b, design);
    for (size_t i = 0; i < sums_a.size(); ++i) {
      const auto& [a1, a0] = sums_a[i];
      const auto& [b1, b0] = sums_b[i];
      s10 += a1 * b1;
      s01 += a0 * b0;
      s11 += a1 * b0 + a0 * b1;
    }
    s11 *= Bessel(design.clusters.count);
  }
  const auto m = static_cast<double>(design.positives);
  const auto n = static_cast<double>(design.negatives);
  return Bessel(design.positive_clusters) * s10 / (m * m) +
         Bessel(design.negative_clusters) * s01 / (n * n) + s11 / (m * n);
}

// Never negative but for rounding.
double Variance(std::span<const double> placements, const Design& design) {
  const double variance = Covariance(placements, placements, design);
  return variance < 0 ? 0 : variance;
}

AurocResult Summary(double auroc, double variance, const Design& design) {
  return {auroc,
          variance,
          design.positives,
          design.negatives,
          design.positive_clusters,
          design.negative_clusters};
}

bool OneClass(const RankedRows& rows) {
  return rows.positives == 0 || rows.negatives == 0;
}

}  // namespace

AurocResult DelongAuroc(std::span<const double> scores,
                        std::span<const uint8_t> labels) {
  const RankedRows rows = Rank(scores, labels);
  AurocResult result{Auroc(rows),    kNaN,           rows.positives,
                     rows.negatives, rows.positives, rows.negatives};
  if (rows.positives < 2 || rows.negatives < 2) return result;
  double s10 = 0;
  double s01 = 0;
  ForEachPlacement(
      rows, result.auroc,
      [&](const TieBlock& block, double of_positive, double of_negative) {
        s10 += block.positives * of_positive * of_positive;
        s01 += block.negatives * of_negative * of_negative;
      });
  const auto m = static_cast<double>(rows.positives);
  const auto n = static_cast<double>(rows.negatives);
  result.variance = s10 / (m * (m - 1)) + s01 / (n * (n - 1));
  return result;
}

AurocResult ClusteredAuroc(std::span<const double> scores,
                           std::span<const uint8_t> labels,
                           std::span<const uint32_t> clusters) {
  CheckLength(clusters.size(), scores.size(), "cluster ids");
  const RankedRows rows = Rank(scores, labels);
  const Design design = MakeDesign(rows, labels, clusters);
  const double auroc = Auroc(rows);
  if (OneClass(rows)) return Summary(auroc, kNaN, design);
  return Summary(
      auroc, Variance(CentredPlacements(rows, auroc, labels), design), design);
}

PairedAurocResult PairedAuroc(std::span<const double> scores_a,
                              std::span<const double> scores_b,
                              std::span<const uint8_t> labels,
                              std::span<const uint32_t> clusters,
                              double level) {
  const double z = TwoSidedZ(level);
  CheckLength(scores_b.size(), scores_a.size(), "second model's scores");
  if (!clusters.empty()) {
    CheckLength(clusters.size(), scores_a.size(), "cluster ids");
  }
  const RankedRows rows_a = Rank(scores_a, labels);
  const RankedRows rows_b = Rank(scores_b, labels);
  const Design design = MakeDesign(rows_a, labels, clusters);
  PairedAurocResult result;
  result.a = Summary(Auroc(rows_a), kNaN, design);
  result.b = Summary(Auroc(rows_b), kNaN, design);
  const double difference = result.a.auroc - result.b.auroc;
  result.covariance = kNaN;
  result.difference = {difference, kNaN, kNaN};
  result.p = kNaN;
  if (OneClass(rows_a)) return result;

  const std::vector<double> a =
      CentredPlacements(rows_a, result.a.auroc, labels);
  const std::vector<double> b =
      CentredPlacements(rows_b, result.b.auroc, labels);
  result.a.variance = Variance(a, design);
  result.b.variance = Variance(b, design);
  result.covariance = Covariance(a, b, design);
  // From the differences, not as the sum of the three: exact when the models
  // nearly agree.
  std::vector<double> differences(a.size());
  std::transform(a.begin(), a.end(), b.begin(), differences.begin(),
                 std::minus<>());
  const double error = std::sqrt(Variance(differences, design));
  if (error > 0) {
    result.difference.lo = std::max(-1.0, difference - z * error);
    result.difference.hi = std::min(1.0, difference + z * error);
    result.p = TwoSidedNormalP(difference / error);
  } else if (error == 0 && difference == 0) {
    result.p = 1;
    if (result.a.variance > 0) result.difference = {0, 0, 0};
  }
  return result;
}

Interval AurocInterval(const AurocResult& auroc, double level) {
  const double z = TwoSidedZ(level);
  const double a = auroc.auroc;
  if (a == 0 || a == 1) {
    const int64_t rarer =
        auroc.positive_clusters > 0 && auroc.negative_clusters > 0
            ? std::min(auroc.positive_clusters, auroc.negative_clusters)
            : std::min(auroc.positives, auroc.negatives);
    const double bound = std::pow(1 - level, 1 / static_cast<double>(rarer));
    return a == 1 ? Interval{1, bound, 1} : Interval{0, 0, 1 - bound};
  }
  const double half_width = z * std::sqrt(auroc.variance) / (a * (1 - a));
  const double logit = std::log(a / (1 - a));
  const auto expit = [](double x) { return 1 / (1 + std::exp(-x)); };
  return {a, expit(logit - half_width), expit(logit + half_width)};
}

double HanleyMcNeilVariance(double auroc, double positives, double negatives) {
  const double square = auroc * auroc;
  const double q1 = auroc / (2 - auroc);
  const double q2 = 2 * square / (1 + auroc);
  return (auroc * (1 - auroc) + (positives - 1) * (q1 - square) +
          (negatives - 1) * (q2 - square)) /
         (positives * negatives);
}

double AveragePrecision(std::span<const double> scores,
                        std::span<const uint8_t> labels) {
  const RankedRows rows = Rank(scores, labels);
  if (rows.positives == 0) return kNaN;
  // Rows with this score or a higher one, block after block.
  auto found = static_cast<double>(rows.positives);
  auto flagged = static_cast<double>(labels.size());
  double sum = 0;
  for (const TieBlock& block : rows.blocks) {
    sum += block.positives * (found / flagged);
    found -= block.positives;
    flagged -= block.positives + block.negatives;
  }
  return sum / static_cast<double>(rows.positives);
}

}  // namespace plumbline
