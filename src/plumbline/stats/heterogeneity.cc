#include "plumbline/stats/heterogeneity.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/binomial_quantile.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/normal_table.h"
#include "plumbline/stats/range_tail.h"

namespace plumbline {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Differences of fractions k / n that are equal on paper differ by this little
// in floating point.
constexpr double kTie = 1e-12;

struct NormalDraw {
  const NormalTable& normal;
  double centre;
  double standard_error;

  double operator()(uint32_t bits) const {
    return centre + standard_error * normal(bits);
  }
};

// The largest and the smallest value of the groups seen so far, one a draw.
struct Extremes {
  explicit Extremes(size_t draws)
      : high(draws, -std::numeric_limits<double>::infinity()),
        low(draws, std::numeric_limits<double>::infinity()) {}

  template <typename Quantile>
  void Add(const std::vector<uint32_t>& words, const Quantile& quantile) {
    for (size_t i = 0; i < high.size(); ++i) {
      const double value = quantile(words[i]);
      high[i] = std::max(high[i], value);
      low[i] = std::min(low[i], value);
    }
  }

  std::vector<double> high;
  std::vector<double> low;
};

// One word of random bits a draw for this group: a function of seed, stream,
// group and draw alone. `words` is as long as the draws, rounded up to 4.
void FillWords(const PhiloxKey& key, uint64_t stream, uint32_t group,
               std::vector<uint32_t>& words) {
  for (size_t block = 0; 4 * block < words.size(); ++block) {
    const PhiloxCounter bits = Philox4x32(
        {static_cast<uint32_t>(block), group, static_cast<uint32_t>(stream),
         static_cast<uint32_t>(stream >> 32)},
        key);
    std::copy(bits.begin(), bits.end(), words.begin() + 4 * block);
  }
}

int64_t WholeTrials(const NullGroup& group) {
  return std::max<int64_t>(1, std::llround(group.effective_trials));
}

void CheckInput(std::span<const NullGroup> groups, double pooled,
                const RangeNullOptions& options) {
  bool proportions = false;
  for (size_t g = 0; g < groups.size(); ++g) {
    const NullGroup& group = groups[g];
    if (!(group.effective_trials >= 0 && group.effective_trials < 9e15 &&
          group.standard_error >= 0 && std::isfinite(group.standard_error))) {
      throw Error(ErrorCode::kInvalidInput,
                  "a range needs finite trials and standard errors >= 0, found "
                  "{} and {} in group {}",
                  group.effective_trials, group.standard_error, g);
    }
    proportions = proportions || group.effective_trials > 0;
  }
  if (!std::isfinite(pooled) || (proportions && (pooled < 0 || pooled > 1))) {
    throw Error(ErrorCode::kInvalidInput,
                "the pooled value of proportions must lie between 0 and 1, "
                "found {}",
                pooled);
  }
  if (options.draws < 1) {
    throw Error(ErrorCode::kInvalidInput,
                "a simulation needs at least 1 draw, found {}", options.draws);
  }
  if (options.shifted < 0 ||
      static_cast<size_t>(options.shifted) >= groups.size()) {
    throw Error(ErrorCode::kInvalidInput,
                "the shifted group must be one of {} groups, found {}",
                groups.size(), options.shifted);
  }
  if (!(options.power > 0 && options.power < 1)) {
    throw Error(ErrorCode::kInvalidInput,
                "the power must lie between 0 and 1, found {}", options.power);
  }
}

// The smallest shift in (0, reach] at which `often_enough` holds, to 1 part in
// 1000; NaN when it does not hold even at the end.
template <typename Predicate>
double SmallestShift(double reach, const Predicate& often_enough) {
  if (!often_enough(reach)) return kNan;
  double near = 0;
  double far = reach;
  while (far - near > 1e-3 * far && far > 1e-9 * reach) {
    const double middle = (near + far) / 2;
    (often_enough(middle) ? far : near) = middle;
  }
  return far;
}

// Whether the range exceeds p95 in `power` of the draws when the shifted group
// is drawn by `quantile` and the others were as in `others`.
template <typename Quantile>
bool ExceedsOften(const Extremes& others, const std::vector<uint32_t>& words,
                  const Quantile& quantile, double p95, double power) {
  size_t above = 0;
  for (size_t i = 0; i < others.high.size(); ++i) {
    const double value = quantile(words[i]);
    const double range =
        std::max(others.high[i], value) - std::min(others.low[i], value);
    above += range > p95 + kTie;
  }
  return above >= power * others.high.size();
}

// Fewer draws than this beyond the observed range say too little of the tail.
constexpr int64_t kFewDraws = 10;

// The largest and smallest of all groups in `draws` draws.
class RangeDraws {
 public:
  RangeDraws(std::span<const NullGroup> groups, double pooled,
             const RangeNullOptions& options, size_t draws)
      : groups_(groups),
        pooled_(pooled),
        options_(options),
        key_(StreamKey(options.seed, "range under no difference")),
        words_((draws + 3) / 4 * 4) {}

  // Leaves the group's bits in words().
  void Add(size_t g, Extremes& extremes) {
    FillWords(key_, options_.stream, static_cast<uint32_t>(g), words_);
    if (groups_[g].effective_trials > 0) {
      binomial_.Set(WholeTrials(groups_[g]), pooled_);
      extremes.Add(words_, binomial_);
    } else {
      extremes.Add(words_, NormalDraw{NormalTable::Get(), pooled_,
                                      groups_[g].standard_error});
    }
  }

  const std::vector<uint32_t>& words() const { return words_; }

 private:
  std::span<const NullGroup> groups_;
  const double pooled_;
  const RangeNullOptions& options_;
  const PhiloxKey key_;
  std::vector<uint32_t> words_;
  BinomialQuantile binomial_;
};

int64_t CountAsLarge(const Extremes& extremes, double observed) {
  int64_t count = 0;
  for (size_t i = 0; i < extremes.high.size(); ++i) {
    count += extremes.high[i] - extremes.low[i] >= observed - kTie;
  }
  return count;
}

// P(range >= observed) far out in the tail, without draws (range_tail.h).
double TailP(std::span<const NullGroup> groups, double pooled,
             double observed) {
  if (!(observed > kTie)) return 1;
  BinomialQuantile binomial;
  double lowest = pooled;
  double highest = pooled;
  for (const NullGroup& group : groups) {
    if (group.effective_trials > 0) {
      binomial.Set(WholeTrials(group), pooled);
      lowest = std::min(lowest, binomial.lowest());
      highest = std::max(highest, binomial.highest());
    } else {
      lowest = std::min(lowest, pooled - 8.5 * group.standard_error);
      highest = std::max(highest, pooled + 8.5 * group.standard_error);
    }
  }
  RangeTail tail(observed - kTie, lowest, highest);
  for (const NullGroup& group : groups) {
    const double se = group.standard_error;
    if (group.effective_trials > 0) {
      binomial.Set(WholeTrials(group), pooled);
      tail.Add([&](double x) { return binomial.Below(x); });
    } else if (se > 0) {
      tail.Add([&](double x) { return NormalCdf((x - pooled) / se); });
    } else {
      tail.Add([&](double x) { return x > pooled ? 1.0 : 0.0; });
    }
  }
  return tail.UpperBound();
}

// The smallest value that at most 1 - quantile of the draws exceed.
double QuantileOfDraws(std::vector<double>& draws, double quantile) {
  const auto rank = static_cast<size_t>(std::ceil(quantile * draws.size())) - 1;
  std::nth_element(draws.begin(), draws.begin() + rank, draws.end());
  return draws[rank];
}

// The true shift of one group: its proportion is drawn anew around each
// candidate, so that its spread changes with it; the same bits are used for
// every candidate, so the comparison is smooth.
double SmallestDetectable(const NullGroup& group, double pooled, double p95,
                          const Extremes& others,
                          const std::vector<uint32_t>& words,
                          const RangeNullOptions& options) {
  const double sign = options.shift_up ? 1 : -1;
  if (group.effective_trials > 0) {
    BinomialQuantile quantile;
    const auto often_enough = [&](double shift) {
      quantile.Set(WholeTrials(group),
                   std::clamp(pooled + sign * shift, 0.0, 1.0));
      return ExceedsOften(others, words, quantile, p95, options.power);
    };
    return SmallestShift(options.shift_up ? 1 - pooled : pooled, often_enough);
  }
  const auto often_enough = [&](double shift) {
    const NormalDraw quantile{NormalTable::Get(), pooled + sign * shift,
                              group.standard_error};
    return ExceedsOften(others, words, quantile, p95, options.power);
  };
  // Six standard errors beyond p95, and beyond whatever the others can do.
  double reach = p95 + 6 * group.standard_error;
  while (!often_enough(reach) && std::isfinite(reach)) {
    reach = 2 * reach + std::numeric_limits<double>::min();
  }
  return SmallestShift(reach, often_enough);
}

}  // namespace

HeterogeneityTest CochranQ(std::span<const double> estimates,
                           std::span<const double> standard_errors) {
  if (estimates.size() != standard_errors.size()) {
    throw Error(ErrorCode::kInvalidInput,
                "a heterogeneity test needs one standard error an estimate, "
                "found {} and {}",
                standard_errors.size(), estimates.size());
  }
  const auto usable = [&](size_t g) {
    return std::isfinite(estimates[g]) && std::isfinite(standard_errors[g]) &&
           standard_errors[g] > 0;
  };
  const auto weight = [&](size_t g) {
    return 1 / (standard_errors[g] * standard_errors[g]);
  };
  double weights = 0;
  double sum = 0;
  int64_t groups = 0;
  for (size_t g = 0; g < estimates.size(); ++g) {
    if (!usable(g)) continue;
    weights += weight(g);
    sum += weight(g) * estimates[g];
    ++groups;
  }
  if (groups < 2) return {kNan, static_cast<double>(groups) - 1, kNan};
  const double mean = sum / weights;
  HeterogeneityTest test;
  for (size_t g = 0; g < estimates.size(); ++g) {
    if (!usable(g)) continue;
    const double deviation = estimates[g] - mean;
    test.statistic += weight(g) * deviation * deviation;
  }
  test.degrees = static_cast<double>(groups) - 1;
  test.p = ChiSquaredUpperTail(test.statistic, test.degrees);
  return test;
}

RangeNull SimulateRangeNull(std::span<const NullGroup> groups, double pooled,
                            double observed_range,
                            const RangeNullOptions& options) {
  if (groups.size() < 2) return {kNan, kNan, kNan, kNan};
  CheckInput(groups, pooled, options);
  const size_t draws = options.draws;
  RangeDraws range_draws(groups, pooled, options, draws);
  Extremes others(draws);
  const size_t shifted = options.shifted;
  for (size_t g = 0; g < groups.size(); ++g) {
    if (g != shifted) range_draws.Add(g, others);
  }
  Extremes all = others;
  range_draws.Add(shifted, all);

  RangeNull null;
  std::vector<double> ranges(draws);
  for (size_t i = 0; i < draws; ++i) {
    ranges[i] = all.high[i] - all.low[i];
    null.expected += ranges[i];
  }
  null.expected /= static_cast<double>(draws);
  if (std::isnan(observed_range)) {
    null.p = kNan;
  } else {
    const int64_t as_large = CountAsLarge(all, observed_range);
    null.p = static_cast<double>(1 + as_large) / static_cast<double>(1 + draws);
    if (as_large < kFewDraws) {
      null.p = std::min(null.p, TailP(groups, pooled, observed_range));
    }
  }
  null.p95 = QuantileOfDraws(ranges, 0.95);
  null.smallest_detectable = SmallestDetectable(
      groups[shifted], pooled, null.p95, others, range_draws.words(), options);
  return null;
}

double RangeQuantile(std::span<const NullGroup> groups, double pooled,
                     double quantile, const RangeNullOptions& options) {
  if (groups.size() < 2) return kNan;
  CheckInput(groups, pooled, options);
  RangeDraws draws(groups, pooled, options, options.draws);
  Extremes all(options.draws);
  for (size_t g = 0; g < groups.size(); ++g) draws.Add(g, all);
  std::vector<double> ranges(options.draws);
  for (size_t i = 0; i < ranges.size(); ++i) {
    ranges[i] = all.high[i] - all.low[i];
  }
  return QuantileOfDraws(ranges, quantile);
}

}  // namespace plumbline
