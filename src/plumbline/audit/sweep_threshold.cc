#include "plumbline/audit/sweep_threshold.h"

#include <algorithm>
#include <span>

namespace plumbline {
namespace {

constexpr int kLanes = kBootstrapLanes;
constexpr int64_t kChunkRows = 256;

using LaneArray = std::array<double, kLanes>;

// Calls visit(row, weights) for all ranked rows.
template <typename Visit>
void ForEachRow(const RankedRows& rows, const LaneWeights& weights,
                const Visit& visit) {
  std::vector<uint8_t> buffer(kChunkRows * kLanes);
  for (int64_t begin = 0; begin < rows.size(); begin += kChunkRows) {
    const int64_t end = std::min(begin + kChunkRows, rows.size());
    weights.Fill(begin, end, buffer.data());
    for (int64_t i = begin; i < end; ++i) {
      visit(i, buffer.data() + (i - begin) * kLanes);
    }
  }
}

// What a rule wants of a lane that has seen `p` of all `positives` and `n` of
// all `negatives`: larger is better, the first largest wins; below 0: not
// allowed.
double Merit(const ThresholdRule& rule, double p, double n, double positives,
             double negatives) {
  switch (rule.kind) {
    case ThresholdRuleKind::kFpr:
      return n <= rule.value * negatives ? p + n : -1;
    case ThresholdRuleKind::kSensitivity:
      return p >= rule.value * positives ? 1 : 0;
    case ThresholdRuleKind::kYouden:
      return positives > 0 && negatives > 0 ? p / positives - n / negatives : 0;
    case ThresholdRuleKind::kBestF1:
      return p + n + positives > 0 ? 2 * p / (p + n + positives) : 0;
    case ThresholdRuleKind::kTopCount:
      return p + n <= rule.value ? p + n : -1;
    case ThresholdRuleKind::kTopShare:
      return p + n <= rule.value * (positives + negatives) ? p + n : -1;
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
  LaneArray positives{};
  LaneArray negatives{};
  ForEachRow(rows, weights, [&](int64_t i, const uint8_t* w) {
    LaneArray& side = rows.positive(i) ? positives : negatives;
    for (int l = 0; l < kLanes; ++l) side[l] += w[l];
  });

  LaneArray p{};
  LaneArray n{};
  LaneArray best{};
  std::array<int64_t, kLanes> cuts{};
  for (int l = 0; l < kLanes; ++l) {
    best[l] = Merit(rule, 0, 0, positives[l], negatives[l]);
  }
  ForEachRow(rows, weights, [&](int64_t i, const uint8_t* w) {
    LaneArray& side = rows.positive(i) ? p : n;
    for (int l = 0; l < kLanes; ++l) side[l] += w[l];
    if (i + 1 < rows.size() && rows.scores[i + 1] == rows.scores[i]) return;
    for (int l = 0; l < kLanes; ++l) {
      const double merit = Merit(rule, p[l], n[l], positives[l], negatives[l]);
      if (merit > best[l]) {
        best[l] = merit;
        cuts[l] = i + 1;
      }
    }
  });
  return cuts;
}

}  // namespace plumbline
