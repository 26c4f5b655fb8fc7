#include "plumbline/stats/shrinkage.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/normal_table.h"

namespace plumbline {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
// Limits of the prior strength a + b.
constexpr double kWeakest = 1;
constexpr double kStrongest = 1e6;

void CheckSizes(size_t left, size_t right, const char* left_name,
                const char* right_name) {
  if (left != right) {
    throw Error(ErrorCode::kInvalidInput,
                "shrinkage needs one entry a group, found {} {} and {} {}",
                left, left_name, right, right_name);
  }
}

struct Estimate {
  double value;
  double variance;
};

struct Centre {
  double mean = 0;
  double variance = 0;  // of the mean
};

// Inverse-variance weighted mean when groups differ by `between` (variance).
Centre WeightedCentre(const std::vector<Estimate>& estimates, double between) {
  double weights = 0;
  double sum = 0;
  for (const Estimate& estimate : estimates) {
    const double weight = 1 / (estimate.variance + between);
    weights += weight;
    sum += weight * estimate.value;
  }
  return {sum / weights, 1 / weights};
}

// The tau^2 at which the generalised Q statistic equals its expectation,
// G - 1. Q is convex and falling in tau^2, so Newton from 0 climbs to the
// root without overshooting (DerSimonian and Kacker 2007, Contemp. Clin.
// Trials 28:105-114).
double PauleMandel(const std::vector<Estimate>& estimates) {
  const double expected = static_cast<double>(estimates.size()) - 1;
  double between = 0;
  for (int step = 0; step < 200; ++step) {
    const double mean = WeightedCentre(estimates, between).mean;
    double q = 0;
    double slope = 0;
    for (const Estimate& estimate : estimates) {
      const double weight = 1 / (estimate.variance + between);
      const double square = (estimate.value - mean) * (estimate.value - mean);
      q += weight * square;
      slope += weight * weight * square;
    }
    if (!(q > expected) || slope == 0) break;
    const double next = between + (q - expected) / slope;
    if (next <= between * (1 + 1e-15)) break;
    between = next;
  }
  return between;
}

// Mean and variance of estimates that are known without error.
struct Spread {
  double mean = kNan;
  double variance = 0;
};

Spread SampleSpread(const std::vector<Estimate>& estimates) {
  if (estimates.empty()) return {};
  const double count = static_cast<double>(estimates.size());
  double sum = 0;
  for (const Estimate& estimate : estimates) sum += estimate.value;
  const double mean = sum / count;
  if (estimates.size() == 1) return {mean, 0};
  double squares = 0;
  for (const Estimate& estimate : estimates) {
    squares += (estimate.value - mean) * (estimate.value - mean);
  }
  return {mean, squares / (count - 1)};
}

// Squared standard errors, those of 0 raised to the smallest positive one; NaN
// for groups that cannot be used.
std::vector<double> UsableVariances(std::span<const double> estimates,
                                    std::span<const double> standard_errors) {
  std::vector<double> variances(estimates.size(), kNan);
  double smallest = std::numeric_limits<double>::infinity();
  for (size_t g = 0; g < estimates.size(); ++g) {
    const double se = standard_errors[g];
    if (!std::isfinite(estimates[g]) || !std::isfinite(se) || se < 0) continue;
    variances[g] = se * se;
    if (variances[g] > 0) smallest = std::min(smallest, variances[g]);
  }
  if (!std::isfinite(smallest)) return variances;
  for (double& variance : variances) {
    if (variance == 0) variance = smallest;
  }
  return variances;
}

struct Count {
  double successes;
  double trials;
};

struct Moments {
  double mean = 0;
  double overdispersion = 0;  // 1 / (a + b + 1), within the limits
  double mean_variance = 0;
};

// Kleinman's weight of a group: the inverse of its variance up to a factor.
double KleinmanWeight(double trials, double overdispersion) {
  return trials / (1 + overdispersion * (trials - 1));
}

// One round of moments: the weighted sum of squares about the weighted mean
// is set equal to its expectation. `previous` gives the weights.
Moments KleinmanRound(const std::vector<Count>& counts, double previous) {
  double total = 0;
  double sum = 0;
  for (const Count& count : counts) {
    const double weight = KleinmanWeight(count.trials, previous);
    total += weight;
    sum += weight * count.successes / count.trials;
  }
  Moments moments;
  moments.mean = sum / total;
  double squares = 0;
  double unit = 0;      // sum w (1 - w / total)
  double binomial = 0;  // the same over trials
  for (const Count& count : counts) {
    const double weight = KleinmanWeight(count.trials, previous);
    const double deviation = count.successes / count.trials - moments.mean;
    squares += weight * deviation * deviation;
    unit += weight * (1 - weight / total);
    binomial += weight * (1 - weight / total) / count.trials;
  }
  const double variance = moments.mean * (1 - moments.mean);
  const double raw =
      (squares - variance * binomial) / (variance * (unit - binomial));
  const double least = 1 / (kStrongest + 1);
  const double most = 1 / (kWeakest + 1);
  moments.overdispersion =
      std::isfinite(raw) ? std::clamp(raw, least, most) : least;
  return moments;
}

// Two rounds, as the paper advises: weights by trials first, then weights that
// know the overdispersion found.
Moments KleinmanMoments(const std::vector<Count>& counts) {
  Moments moments = KleinmanRound(counts, 0);
  moments = KleinmanRound(counts, moments.overdispersion);
  const double g = moments.overdispersion;
  double total = 0;
  double sum = 0;
  double trials = 0;
  double successes = 0;
  for (const Count& count : counts) {
    const double weight = KleinmanWeight(count.trials, g);
    total += weight;
    sum += weight * weight * (g + (1 - g) / count.trials);
    trials += count.trials;
    successes += count.successes;
  }
  if (successes <= 0 || successes >= trials) {
    // Nothing or everything was a success: keep the prior off the edge, where
    // it would claim certainty (half a success and half a failure added).
    moments.mean = (successes + 0.5) / (trials + 1);
  }
  moments.mean_variance =
      moments.mean * (1 - moments.mean) * sum / (total * total);
  return moments;
}

std::vector<Count> UsableCounts(std::span<const double> successes,
                                std::span<const double> trials) {
  std::vector<Count> counts;
  for (size_t g = 0; g < trials.size(); ++g) {
    if (!(successes[g] >= 0 && successes[g] <= trials[g] &&
          std::isfinite(trials[g]))) {
      throw Error(ErrorCode::kInvalidInput,
                  "a proportion needs 0 <= successes <= trials, found {} of {} "
                  "in group {}",
                  successes[g], trials[g], g);
    }
    if (trials[g] > 0) counts.push_back({successes[g], trials[g]});
  }
  return counts;
}

}  // namespace

ShrunkenEstimates ShrinkNormal(std::span<const double> estimates,
                               std::span<const double> standard_errors) {
  CheckSizes(estimates.size(), standard_errors.size(), "estimates",
             "standard errors");
  const std::vector<double> variances =
      UsableVariances(estimates, standard_errors);
  std::vector<Estimate> used;
  bool exact = true;
  for (size_t g = 0; g < estimates.size(); ++g) {
    if (std::isnan(variances[g])) continue;
    used.push_back({estimates[g], variances[g]});
    if (variances[g] > 0) exact = false;
  }

  ShrunkenEstimates result;
  Centre centre;
  if (exact) {
    const Spread spread = SampleSpread(used);
    centre.mean = spread.mean;
    result.prior_variance = spread.variance;
  } else {
    result.prior_variance = PauleMandel(used);
    centre = WeightedCentre(used, result.prior_variance);
  }
  result.prior_mean = centre.mean;
  result.mean.assign(estimates.size(), kNan);
  result.standard_error.assign(estimates.size(), kNan);
  for (size_t g = 0; g < estimates.size(); ++g) {
    if (std::isnan(variances[g])) continue;
    // The share of the prior mean in the posterior mean.
    const double pull =
        exact ? 0 : variances[g] / (variances[g] + result.prior_variance);
    result.mean[g] = estimates[g] + pull * (centre.mean - estimates[g]);
    result.standard_error[g] =
        std::sqrt((1 - pull) * variances[g] + pull * pull * centre.variance);
  }
  return result;
}

ShrunkenEstimates ShrinkProportions(std::span<const double> successes,
                                    std::span<const double> trials) {
  CheckSizes(successes.size(), trials.size(), "successes", "trials");
  const std::vector<Count> counts = UsableCounts(successes, trials);
  ShrunkenEstimates result;
  if (counts.empty()) {
    result.prior_mean = result.prior_variance = kNan;
    result.mean.assign(trials.size(), kNan);
    result.standard_error.assign(trials.size(), kNan);
    return result;
  }
  const Moments moments = KleinmanMoments(counts);
  const double strength = 1 / moments.overdispersion - 1;
  result.prior_mean = moments.mean;
  result.prior_variance = moments.mean * (1 - moments.mean) / (strength + 1);
  for (size_t g = 0; g < trials.size(); ++g) {
    const double size = strength + trials[g];
    const double pull = strength / size;
    const double mean = (moments.mean * strength + successes[g]) / size;
    result.mean.push_back(mean);
    result.standard_error.push_back(std::sqrt(
        mean * (1 - mean) / (size + 1) + pull * pull * moments.mean_variance));
  }
  return result;
}

std::vector<double> ProbabilityOfExtreme(const ShrunkenEstimates& estimates,
                                         bool largest, uint64_t seed,
                                         int draws) {
  CheckSizes(estimates.mean.size(), estimates.standard_error.size(), "means",
             "standard errors");
  if (draws < 1) {
    throw Error(ErrorCode::kInvalidInput,
                "a simulation needs at least 1 draw, found {}", draws);
  }
  const size_t groups = estimates.mean.size();
  const double sign = largest ? 1 : -1;
  std::vector<uint32_t> used;
  for (uint32_t g = 0; g < groups; ++g) {
    if (!std::isnan(estimates.mean[g]) &&
        !std::isnan(estimates.standard_error[g])) {
      used.push_back(g);
    }
  }
  std::vector<double> wins(groups, kNan);
  for (const uint32_t g : used) wins[g] = 0;
  if (used.empty()) return wins;

  const PhiloxKey key = StreamKey(seed, "probability of extreme");
  const NormalTable& normal = NormalTable::Get();
  std::vector<double> values(used.size());
  for (int draw = 0; draw < draws; ++draw) {
    PhiloxCounter words{};
    double best = -std::numeric_limits<double>::infinity();
    for (size_t j = 0; j < used.size(); ++j) {
      if (j % 4 == 0) {
        words = Philox4x32(
            {static_cast<uint32_t>(draw), static_cast<uint32_t>(j / 4), 0, 0},
            key);
      }
      const uint32_t g = used[j];
      values[j] = sign * estimates.mean[g] +
                  estimates.standard_error[g] * normal(words[j % 4]);
      best = std::max(best, values[j]);
    }
    // Groups known without error can tie: they share the win.
    const double share = 1.0 / static_cast<double>(std::count(
                                   values.begin(), values.end(), best));
    for (size_t j = 0; j < used.size(); ++j) {
      if (values[j] == best) wins[used[j]] += share;
    }
  }
  for (const uint32_t g : used) wins[g] /= draws;
  return wins;
}

}  // namespace plumbline
