#include "plumbline/base/random.h"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/log1p.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

// Boost computes in long double unless told otherwise; a double is enough here
// and three times as fast.
using Fast =
    boost::math::policies::policy<boost::math::policies::promote_double<false>>;

constexpr double kHalfLogTwoPi = 0.91893853320467274178;

// Below this mean, counting up from zero is faster than rejection.
constexpr double kSmallMean = 10;
// A count above this has a probability under 1e-70 when the mean is at most
// kSmallMean: reached only when rounding errors of the sum exhaust it.
constexpr int64_t kLargestSmallCount = 110;
// Doubles hold every integer up to here.
constexpr int64_t kLargestTrials = int64_t{1} << 53;

// log(k!) minus Stirling's formula for it; k >= 1.
double StirlingError(double k) {
  static constexpr double kExact[] = {
      0,
      0.081061466795327258220,
      0.041340695955409294094,
      0.027677925684998339149,
      0.020790672103765093112,
      0.016644691189821192163,
      0.013876128823070747999,
      0.011896709945891770095,
      0.010411265261972096497,
      0.009255462182712732918,
      0.008330563433362871256,
      0.007573675487951840795,
      0.006942840107209529866,
      0.006408994188004207068,
      0.005951370112758847736,
      0.005554733551962801371,
  };
  if (k < 16) return kExact[static_cast<int>(k)];
  const double k2 = k * k;
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - 1.0 / 1680 / k2) / k2) / k2) /
         k;
}

// k log(k / mean) + mean - k without cancellation near k = mean, where the
// difference of logarithms of factorials would lose every digit of a large
// count; k >= 1. Source: Loader 2000, "Fast and accurate computation of
// binomial probabilities", the deviance part D0.
double Deviance(double k, double mean) {
  return -k * boost::math::log1pmx((mean - k) / k, Fast());
}

// Source: Loader 2000.
double LogBinomialProbability(double k, double n, double p) {
  if (k == 0) return n * std::log1p(-p);
  if (k == n) return n * std::log(p);
  return StirlingError(n) - StirlingError(k) - StirlingError(n - k) -
         Deviance(k, n * p) - Deviance(n - k, n * (1 - p)) - kHalfLogTwoPi -
         0.5 * std::log(k * ((n - k) / n));
}

double LogPoissonProbability(double k, double mean) {
  if (k == 0) return -mean;
  return -StirlingError(k) - Deviance(k, mean) - kHalfLogTwoPi -
         0.5 * std::log(k);
}

// One uniform, counted down through the probabilities from zero upwards.
int64_t SmallBinomial(RandomStream& stream, int64_t n, double p) {
  const double odds = p / (1 - p);
  const double none = std::exp(static_cast<double>(n) * std::log1p(-p));
  const int64_t largest = std::min(n, kLargestSmallCount);
  while (true) {
    double left = stream.NextUniform();
    double probability = none;
    for (int64_t k = 0; k <= largest; ++k) {
      if (left <= probability) return k;
      left -= probability;
      probability *= odds * static_cast<double>(n - k) / (k + 1);
    }
  }
}

int64_t SmallPoisson(RandomStream& stream, double mean) {
  const double none = std::exp(-mean);
  while (true) {
    double left = stream.NextUniform();
    double probability = none;
    for (int64_t k = 0; k <= kLargestSmallCount; ++k) {
      if (left <= probability) return k;
      left -= probability;
      probability *= mean / (k + 1);
    }
  }
}

// p <= 1/2, n p >= 10. Source: Hormann 1993, "The generation of binomial
// random variates", J. Stat. Comput. Simul. 46:101-110, algorithm BTRS.
int64_t LargeBinomial(RandomStream& stream, int64_t trials, double p) {
  const double n = static_cast<double>(trials);
  const double spread = std::sqrt(n * p * (1 - p));
  const double b = 1.15 + 2.53 * spread;
  const double a = -0.0873 + 0.0248 * b + 0.01 * p;
  const double centre = n * p + 0.5;
  const double sure = 0.92 - 4.2 / b;
  while (true) {
    const double u = stream.NextUniform() - 0.5;
    const double v = stream.NextUniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + centre);
    if (us >= 0.07 && v <= sure) return static_cast<int64_t>(k);
    if (k < 0 || k > n) continue;
    const double alpha = (2.83 + 5.1 / b) * spread;
    const double mode = std::floor((n + 1) * p);
    if (std::log(v * alpha / (a / (us * us) + b)) <=
        LogBinomialProbability(k, n, p) - LogBinomialProbability(mode, n, p)) {
      return static_cast<int64_t>(k);
    }
  }
}

// mean >= 10. Source: Hormann 1993, "The transformed rejection method for
// generating Poisson random variables", Insur. Math. Econ. 12:39-45, PTRS.
int64_t LargePoisson(RandomStream& stream, double mean) {
  const double b = 0.931 + 2.53 * std::sqrt(mean);
  const double a = -0.059 + 0.02483 * b;
  const double sure = 0.9277 - 3.6224 / (b - 2);
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
  while (true) {
    const double u = stream.NextUniform() - 0.5;
    const double v = stream.NextUniform();
    const double us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + mean + 0.43);
    if (us >= 0.07 && v <= sure) return static_cast<int64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <=
        LogPoissonProbability(k, mean)) {
      return static_cast<int64_t>(k);
    }
  }
}

// shape >= 1. Source: Marsaglia and Tsang 2000, ACM Trans. Math. Softw.
// 26(3):363-372.
double LargeGamma(RandomStream& stream, double shape) {
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = stream.NextNormal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = stream.NextUniform();
    if (std::log(u) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
  }
}

// The logarithm, because a draw of a small shape underflows: half of the draws
// of shape 0.001 are below 1e-300.
double LogGamma(RandomStream& stream, double shape) {
  if (shape >= 1) return std::log(LargeGamma(stream, shape));
  const double larger = std::log(LargeGamma(stream, shape + 1));
  return larger + std::log(stream.NextUniform()) / shape;
}

void CheckShape(double shape) {
  if (shape > 0 && std::isfinite(shape)) return;
  throw Error(ErrorCode::kInternal,
              "a gamma or beta draw needs a finite shape above 0, found {}",
              shape);
}

}  // namespace

PhiloxCounter Philox4x32(PhiloxCounter counter, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    const uint64_t product0 = uint64_t{0xD2511F53} * counter[0];
    const uint64_t product1 = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(product1 >> 32) ^ counter[1] ^ key[0],
               static_cast<uint32_t>(product1),
               static_cast<uint32_t>(product0 >> 32) ^ counter[3] ^ key[1],
               static_cast<uint32_t>(product0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

PhiloxKey StreamKey(uint64_t seed, std::string_view purpose) {
  const uint64_t hash =
      XXH3_64bits_withSeed(purpose.data(), purpose.size(), seed);
  return {static_cast<uint32_t>(hash), static_cast<uint32_t>(hash >> 32)};
}

RandomStream::RandomStream(uint64_t seed, std::string_view purpose,
                           uint64_t index)
    : key_(StreamKey(seed, purpose)),
      counter_{0, 0, static_cast<uint32_t>(index),
               static_cast<uint32_t>(index >> 32)} {}

uint32_t RandomStream::NextUint32() {
  if (used_ == 4) {
    block_ = Philox4x32(counter_, key_);
    if (++counter_[0] == 0) ++counter_[1];
    used_ = 0;
  }
  return block_[used_++];
}

uint64_t RandomStream::NextUint64() {
  const uint64_t low = NextUint32();
  return low | uint64_t{NextUint32()} << 32;
}

double RandomStream::NextUniform() {
  while (true) {
    const uint64_t bits = NextUint64() >> 11;
    if (bits != 0) return static_cast<double>(bits) * 0x1p-53;
  }
}

double RandomStream::NextNormal() {
  constexpr double kRootTwo = 1.41421356237309504880;
  return -kRootTwo * boost::math::erfc_inv(2 * NextUniform(), Fast());
}

// Source: Lemire 2019, "Fast random integer generation in an interval", ACM
// Trans. Model. Comput. Simul. 29(1):3.
uint64_t RandomStream::NextBelow(uint64_t bound) {
  if (bound == 0) {
    throw Error(ErrorCode::kInternal,
                "a draw below a bound needs a bound above 0");
  }
  using Product = unsigned __int128;
  Product product = Product{NextUint64()} * bound;
  if (static_cast<uint64_t>(product) < bound) {
    const uint64_t uneven = -bound % bound;
    while (static_cast<uint64_t>(product) < uneven) {
      product = Product{NextUint64()} * bound;
    }
  }
  return static_cast<uint64_t>(product >> 64);
}

int64_t RandomStream::NextBinomial(int64_t trials, double probability) {
  if (trials < 0 || trials > kLargestTrials ||
      !(probability >= 0 && probability <= 1)) {
    throw Error(ErrorCode::kInternal,
                "a binomial draw needs 0 to 2^53 trials and a probability from "
                "0 to 1, found {} trials and {}",
                trials, probability);
  }
  if (probability > 0.5) {
    return trials - NextBinomial(trials, 1 - probability);
  }
  if (trials == 0 || probability == 0) return 0;
  return static_cast<double>(trials) * probability < kSmallMean
             ? SmallBinomial(*this, trials, probability)
             : LargeBinomial(*this, trials, probability);
}

int64_t RandomStream::NextPoisson(double mean) {
  if (!(mean >= 0 && mean <= static_cast<double>(kLargestTrials))) {
    throw Error(ErrorCode::kInternal,
                "a Poisson draw needs a mean from 0 to 2^53, found {}", mean);
  }
  if (mean == 0) return 0;
  return mean < kSmallMean ? SmallPoisson(*this, mean)
                           : LargePoisson(*this, mean);
}

double RandomStream::NextGamma(double shape) {
  CheckShape(shape);
  return shape >= 1 ? LargeGamma(*this, shape)
                    : std::exp(LogGamma(*this, shape));
}

double RandomStream::NextBeta(double a, double b) {
  CheckShape(a);
  CheckShape(b);
  const double log_a = LogGamma(*this, a);
  const double log_b = LogGamma(*this, b);
  return 1 / (1 + std::exp(log_b - log_a));
}

}  // namespace plumbline
