#include <functional>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/face/synth/synthetic_groups.h"
#include "plumbline/stats/normal.h"

namespace plumbline::face {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// P(score >= threshold) of a normal score.
double Above(double threshold, double mean, double sd) {
  return NormalCdf((mean - threshold) / sd);
}

// The threshold at which a rate that falls with it is `rate`.
double Solve(double rate, double low, double high,
             const std::function<double(double)>& rate_at) {
  if (!(rate > 0)) return kInfinity;
  if (rate >= rate_at(-kInfinity)) return -kInfinity;
  while (rate_at(low) < rate) low -= high - low;
  while (rate_at(high) > rate) high += high - low;
  for (int step = 0; step < 200; ++step) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    (rate_at(middle) > rate ? low : high) = middle;
  }
  return high;
}

void CheckGroup(const SynthOptions& options, int g) {
  CheckSynthOptions(options);
  if (g >= 0 && g < static_cast<int>(options.groups.size())) return;
  throw Error(ErrorCode::kUsage, "there is no synthetic group {} of {}", g,
              options.groups.size());
}

}  // namespace

double TrueFmr(const SynthOptions& options, int g, int h, double threshold) {
  CheckGroup(options, g);
  CheckGroup(options, h);
  const double other =
      Above(threshold, ImpostorMean(options, g, h), ImpostorSd(options, g, h));
  const SynthGroup& group = options.groups[g];
  const double same = Above(threshold, group.genuine_mean, group.genuine_sd);
  const double p = options.label_errors;
  return (1 - FailureOf(options, g, h)) * ((1 - p) * other + p * same);
}

double TruePooledFmr(const SynthOptions& options, double threshold) {
  CheckSynthOptions(options);
  const int groups = static_cast<int>(options.groups.size());
  const bool ordered = options.impostor_comparisons > 0;
  double sum = 0;
  double weight = 0;
  for (int g = 0; g < groups; ++g) {
    for (int h = 0; h < groups; ++h) {
      // Where each pair is compared once, the earlier group is the reference;
      // which matters with label errors alone.
      double cell = CellWeight(options, g, h);
      if (!ordered && g > h) cell = 0;
      if (!ordered && g < h) cell *= 2;
      if (cell == 0) continue;
      sum += cell * TrueFmr(options, g, h, threshold);
      weight += cell;
    }
  }
  return sum / weight;
}

double TrueThreshold(const SynthOptions& options, int g, int h, double fmr) {
  CheckGroup(options, g);
  CheckGroup(options, h);
  const double mean = ImpostorMean(options, g, h);
  return Solve(fmr, mean, mean + ImpostorSd(options, g, h),
               [&](double t) { return TrueFmr(options, g, h, t); });
}

double TruePooledThreshold(const SynthOptions& options, double fmr) {
  CheckSynthOptions(options);
  const double mean = options.groups[0].impostor_mean;
  return Solve(fmr, mean, mean + options.groups[0].impostor_sd,
               [&](double t) { return TruePooledFmr(options, t); });
}

double TrueFnmr(const SynthOptions& options, int g, double threshold) {
  CheckGroup(options, g);
  const SynthGroup& group = options.groups[g];
  return 1 - (1 - FailureOf(options, g, g)) *
                 Above(threshold, group.genuine_mean, group.genuine_sd);
}

}  // namespace plumbline::face
