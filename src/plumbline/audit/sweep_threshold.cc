#include "plumbline/audit/sweep_threshold.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace plumbline {
namespace {

constexpr int kLanes = kBootstrapLanes;
constexpr int64_t kChunkRows = 256;

using LaneArray = std::array<double, kLanes>;

// Calls visit(row, weights) for all ranked rows. The rows' own weights multiply
// the resample's if `with_sampling_weights`.
template <typename Visit>
void ForEachRow(const RankedRows& rows, const LaneWeights& weights,
                bool with_sampling_weights, const Visit& visit) {
  LaneArray product;
  std::vector<uint8_t> buffer(kChunkRows * kLanes);
  for (int64_t begin = 0; begin < rows.size(); begin += kChunkRows) {
    const int64_t end = std::min(begin + kChunkRows, rows.size());
    weights.Fill(begin, end, buffer.data());
    for (int64_t i = begin; i < end; ++i) {
      const uint8_t* w = buffer.data() + (i - begin) * kLanes;
      if (!with_sampling_weights) {
        visit(i, w);
        continue;
      }
      const double weight = rows.weights[i];
      for (int l = 0; l < kLanes; ++l) product[l] = w[l] * weight;
      visit(i, product.data());
    }
  }
}

// What a rule wants of a lane that has seen `p` of all `positives` and `n` of
// all `negatives`: larger is better, the first largest wins; below 0: not
// allowed. Sums of weights may pass a limit by `slack` of it.
double Merit(const ThresholdRule& rule, double p, double n, double positives,
             double negatives, double slack) {
  switch (rule.kind) {
    case ThresholdRuleKind::kFpr:
      return n <= rule.value * negatives * (1 + slack) ? p + n : -1;
    case ThresholdRuleKind::kSensitivity:
      return p >= rule.value * positives * (1 - slack) ? 1 : 0;
    case ThresholdRuleKind::kYouden:
      return positives > 0 && negatives > 0 ? p / positives - n / negatives : 0;
    case ThresholdRuleKind::kBestF1:
      return p + n + positives > 0 ? 2 * p / (p + n + positives) : 0;
    case ThresholdRuleKind::kTopCount:
      return p + n <= rule.value ? p + n : -1;
    case ThresholdRuleKind::kTopShare:
      return p + n <= rule.value * (positives + negatives) * (1 + slack) ? p + n
                                                                         : -1;
    case ThresholdRuleKind::kFixed:
      return 0;
  }
  return 0;
}

}  // namespace

void LaneWeights::Fill(int64_t begin, int64_t end, uint8_t* weights) const {
  const std::span<const uint32_t> subjects(rows_.subject.data() + begin,
                                           static_cast<size_t>(end - begin));
  if (resampling_ == Resampling::kPoissonBootstrap) {
    PoissonWeightsBatch(key_, block_, subjects, weights);
    return;
  }
  for (const uint32_t subject : subjects) {
    std::fill_n(weights, kLanes, uint8_t{1});
    // Fibonacci hashing deals neighbouring subjects into different groups.
    weights[(subject * 0x9E3779B1u) >> 26] = 0;
    weights += kLanes;
  }
}

std::array<int64_t, kLanes> FitCuts(const RankedRows& rows,
                                    const ThresholdRule& rule,
                                    const LaneWeights& weights) {
  // top=100 counts rows, whatever they weigh.
  const bool weighted =
      rows.weighted() && rule.kind != ThresholdRuleKind::kTopCount;
  const double slack = weighted ? kWeightSlack : 0;
  LaneArray positives{};
  LaneArray negatives{};
  ForEachRow(rows, weights, weighted, [&](int64_t i, const auto* w) {
    LaneArray& side = rows.positive(i) ? positives : negatives;
    for (int l = 0; l < kLanes; ++l) side[l] += w[l];
  });

  LaneArray p{};
  LaneArray n{};
  LaneArray best{};
  std::array<int64_t, kLanes> cuts{};
  for (int l = 0; l < kLanes; ++l) {
    best[l] = Merit(rule, 0, 0, positives[l], negatives[l], slack);
  }
  ForEachRow(rows, weights, weighted, [&](int64_t i, const auto* w) {
    LaneArray& side = rows.positive(i) ? p : n;
    for (int l = 0; l < kLanes; ++l) side[l] += w[l];
    if (i + 1 < rows.size() && rows.scores[i + 1] == rows.scores[i]) return;
    for (int l = 0; l < kLanes; ++l) {
      const double merit =
          Merit(rule, p[l], n[l], positives[l], negatives[l], slack);
      if (merit > best[l] + slack * std::abs(best[l])) {
        best[l] = merit;
        cuts[l] = i + 1;
      }
    }
  });
  return cuts;
}

}  // namespace plumbline
