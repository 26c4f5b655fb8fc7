#include "plumbline/stats/permutation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

constexpr char kPurpose[] = "permutation";
// Permutations in one piece of work.
constexpr int64_t kPiece = 64;

// Counts the permutations in [0, permutations) for which a fresh counter made
// by `make_counter()` (one a piece of work) says true, in parallel.
template <typename MakeCounter>
int64_t CountPermutations(const PermutationOptions& options,
                          const MakeCounter& make_counter) {
  const int64_t pieces = (options.permutations + kPiece - 1) / kPiece;
  std::vector<int64_t> counts(static_cast<size_t>(pieces), 0);
  ParallelFor(pieces, options.threads, [&](int64_t piece) {
    auto is_extreme = make_counter();
    const int64_t end = std::min(options.permutations, (piece + 1) * kPiece);
    for (int64_t i = piece * kPiece; i < end; ++i) {
      RandomStream random(options.seed, kPurpose, static_cast<uint64_t>(i));
      counts[static_cast<size_t>(piece)] += is_extreme(random) ? 1 : 0;
    }
  });
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

double PhipsonSmyth(int64_t extreme, int64_t permutations) {
  return static_cast<double>(1 + extreme) /
         static_cast<double>(1 + permutations);
}

void CheckOptions(const PermutationOptions& options) {
  if (options.permutations < 1) {
    throw Error(ErrorCode::kInvalidInput,
                "a permutation test needs at least 1 permutation, found {}",
                options.permutations);
  }
}

void CheckRows(std::span<const double> values, std::span<const uint8_t> groups,
               std::span<const uint32_t> clusters) {
  if (groups.size() != values.size() ||
      (!clusters.empty() && clusters.size() != values.size())) {
    throw Error(ErrorCode::kInvalidInput,
                "a permutation test needs one group and one cluster a value, "
                "found {} values, {} groups and {} clusters",
                values.size(), groups.size(), clusters.size());
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw Error(ErrorCode::kInvalidInput,
                  "value {} of a permutation test is not a finite number; "
                  "leave such rows out",
                  i);
    }
    if (groups[i] > 1) {
      throw Error(ErrorCode::kInvalidInput,
                  "a permutation test compares the groups 0 and 1, found group "
                  "{} in row {}",
                  groups[i], i);
    }
  }
}

struct Cluster {
  double sum = 0;  // of the values of its rows
  double rows = 0;
};

// The rows as clusters, those of group 1 first.
struct Clusters {
  std::vector<Cluster> clusters;
  size_t ones = 0;  // clusters of group 1
};

// Row numbers in the order of their cluster.
std::vector<size_t> RowsByCluster(size_t rows,
                                  std::span<const uint32_t> clusters) {
  std::vector<size_t> order(rows);
  std::iota(order.begin(), order.end(), size_t{0});
  if (!clusters.empty()) {
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return clusters[a] < clusters[b];
    });
  }
  return order;
}

Clusters SumClusters(std::span<const double> values,
                     std::span<const uint8_t> groups,
                     std::span<const uint32_t> clusters) {
  std::vector<Cluster> by_group[2];
  const std::vector<size_t> order = RowsByCluster(values.size(), clusters);
  for (size_t i = 0; i < order.size(); ++i) {
    const size_t row = order[i];
    const bool continues =
        i > 0 && !clusters.empty() && clusters[row] == clusters[order[i - 1]];
    if (continues && groups[row] != groups[order[i - 1]]) {
      throw Error(ErrorCode::kInvalidInput,
                  "cluster {} has rows of both groups; a permutation of whole "
                  "clusters needs one group a cluster",
                  clusters[row]);
    }
    std::vector<Cluster>& target = by_group[groups[row]];
    if (!continues) target.emplace_back();
    target.back().sum += values[row];
    target.back().rows += 1;
  }
  for (int group = 0; group < 2; ++group) {
    if (by_group[group].empty()) {
      throw Error(ErrorCode::kInvalidInput,
                  "a permutation test needs rows in both groups, found none in "
                  "group {}",
                  group);
    }
  }
  Clusters result{std::move(by_group[1]), 0};
  result.ones = result.clusters.size();
  result.clusters.insert(result.clusters.end(), by_group[0].begin(),
                         by_group[0].end());
  return result;
}

double LargestMagnitude(std::span<const double> values) {
  double largest = 0;
  for (const double value : values) {
    largest = std::max(largest, std::abs(value));
  }
  return largest;
}

// |mean of the part - mean of the rest|.
double MeanDifference(const Cluster& part, const Cluster& total) {
  return std::abs(part.sum / part.rows -
                  (total.sum - part.sum) / (total.rows - part.rows));
}

Cluster SumOf(std::span<const Cluster> clusters) {
  Cluster sum;
  for (const Cluster& cluster : clusters) {
    sum.sum += cluster.sum;
    sum.rows += cluster.rows;
  }
  return sum;
}

}  // namespace

PermutationResult PermuteMeanDifference(std::span<const double> values,
                                        std::span<const uint8_t> groups,
                                        std::span<const uint32_t> clusters,
                                        const PermutationOptions& options) {
  CheckOptions(options);
  CheckRows(values, groups, clusters);
  Clusters all = SumClusters(values, groups, clusters);
  // About their mean, so that the difference of two sums loses no digits.
  Cluster total = SumOf(all.clusters);
  const double mean = total.sum / total.rows;
  for (Cluster& cluster : all.clusters) {
    cluster.sum -= mean * cluster.rows;
  }
  total = SumOf(all.clusters);

  PermutationResult result;
  result.statistic =
      MeanDifference(SumOf(std::span(all.clusters).first(all.ones)), total);
  // Sums of the same numbers in another order differ in their last bits.
  const double bar = result.statistic - 1e-13 * LargestMagnitude(values);
  // The statistic does not care which of the two parts is which: draw the
  // smaller one.
  const size_t count = all.clusters.size();
  const size_t part = std::min(all.ones, count - all.ones);
  const auto make_counter = [&] {
    return [&, order = std::vector<Cluster>(all.clusters)](
               RandomStream& random) mutable {
      // A partial Fisher-Yates shuffle from the given order, so that a
      // permutation does not depend on the one before it.
      std::copy(all.clusters.begin(), all.clusters.end(), order.begin());
      Cluster drawn;
      for (size_t i = 0; i < part; ++i) {
        std::swap(order[i], order[i + random.NextBelow(count - i)]);
        drawn.sum += order[i].sum;
        drawn.rows += order[i].rows;
      }
      return MeanDifference(drawn, total) >= bar;
    };
  };
  result.p = PhipsonSmyth(CountPermutations(options, make_counter),
                          options.permutations);
  return result;
}

PermutationResult PermuteClusters(
    std::span<const uint32_t> group_of_cluster,
    const std::function<double(std::span<const uint32_t>)>& statistic,
    const PermutationOptions& options) {
  CheckOptions(options);
  PermutationResult result;
  result.statistic = statistic(group_of_cluster);
  if (std::isnan(result.statistic)) {
    result.p = std::numeric_limits<double>::quiet_NaN();
    return result;
  }
  const double bar = result.statistic - 1e-12 * std::abs(result.statistic);
  const auto make_counter = [&] {
    return [&, groups = std::vector<uint32_t>(group_of_cluster.size())](
               RandomStream& random) mutable {
      std::copy(group_of_cluster.begin(), group_of_cluster.end(),
                groups.begin());
      for (size_t i = groups.size(); i > 1; --i) {
        std::swap(groups[i - 1], groups[random.NextBelow(i)]);
      }
      const double permuted = statistic(groups);
      return std::isnan(permuted) || permuted >= bar;
    };
  };
  result.p = PhipsonSmyth(CountPermutations(options, make_counter),
                          options.permutations);
  return result;
}

}  // namespace plumbline
