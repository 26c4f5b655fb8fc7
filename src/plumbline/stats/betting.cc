#include "plumbline/stats/betting.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

constexpr int kGamblers = 28;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
// Where the search for a least value stops, on the log scale.
constexpr double kTolerance = 1e-7;

struct Gambler {
  double share;        // c
  double kept;         // 1 - c
  double log_of_kept;  // what a ticket that pays nothing leaves
};

const std::array<Gambler, kGamblers>& Gamblers() {
  static const std::array<Gambler, kGamblers> gamblers = [] {
    std::array<Gambler, kGamblers> made{};
    for (int k = 0; k < kGamblers; ++k) {
      const double share = std::exp2(-0.5 * (k + 1));
      made[k] = {share, 1 - share, std::log1p(-share)};
    }
    return made;
  }();
  return gamblers;
}

// A function's value and slope.
struct Tangent {
  double value = 0;
  double slope = 0;
};

double LogMean(double a, double b) {
  const double most = std::max(a, b);
  if (std::isinf(most)) return most;
  return most + std::log((std::exp(a - most) + std::exp(b - most)) / 2);
}

// LogEvidenceAbove of one sample at many prices.
class Bets {
 public:
  explicit Bets(const BoundedSample& sample) : zeros_(sample.count(0)) {
    for (int i = 1; i <= BoundedSample::kSteps; ++i) {
      if (sample.count(i) > 0) {
        points_.push_back(
            {i / static_cast<double>(BoundedSample::kSteps), sample.count(i)});
      }
    }
  }

  Tangent At(double m) const {
    if (m <= 0) return {points_.empty() ? Wealth(1).value : kInfinity, 0};
    return Wealth(m);
  }

 private:
  struct Point {
    double x;
    double count;
  };

  Tangent Wealth(double m) const {
    std::array<double, kGamblers> logs;
    std::array<double, kGamblers> slopes;
    double most = -kInfinity;
    for (int k = 0; k < kGamblers; ++k) {
      const Gambler& gambler = Gamblers()[k];
      double log = zeros_ * gambler.log_of_kept;
      double slope = 0;
      for (const Point& point : points_) {
        const double paid = gambler.share * point.x / m;
        log += point.count * std::log(gambler.kept + paid);
        slope -= point.count * paid / (m * (gambler.kept + paid));
      }
      logs[k] = log;
      slopes[k] = slope;
      most = std::max(most, log);
    }
    double sum = 0;
    double slope = 0;
    for (int k = 0; k < kGamblers; ++k) {
      const double wealth = std::exp(logs[k] - most);
      sum += wealth;
      slope += wealth * slopes[k];
    }
    return {most + std::log(sum / kGamblers), slope / sum};
  }

  double zeros_;
  std::vector<Point> points_;
};

// Where a search for a least value begins, on the logit scale of its range; of
// a row of similar searches each begins where the last ended.
struct Start {
  double u = 0;
  double reach = 21;  // half of the first bracket
};

// The least value of a convex function on (lo, hi), or a little less: what the
// tangent at the best point found still allows.
template <typename Function>
double LeastValue(double lo, double hi, Function function, Start* start) {
  constexpr double kEnd = 21;
  if (!(lo < hi)) return function(lo).value;
  const double width = hi - lo;
  const auto at = [&](double u) { return lo + width / (1 + std::exp(-u)); };
  // The slope along u.
  const auto along = [&](double u, double slope) {
    const double p = 1 / (1 + std::exp(-u));
    return slope * width * p * (1 - p);
  };
  double u_lo = std::clamp(start->u - start->reach, -kEnd, kEnd - 0.01);
  double u_hi = std::clamp(start->u + start->reach, u_lo + 0.01, kEnd);
  Tangent left = function(at(u_lo));
  while (left.slope >= 0 && u_lo > -kEnd) {
    u_hi = u_lo;
    u_lo = std::max(-kEnd, u_lo - 4 * start->reach);
    left = function(at(u_lo));
  }
  Tangent right = function(at(u_hi));
  while (right.slope <= 0 && u_hi < kEnd) {
    u_lo = u_hi;
    left = right;
    u_hi = std::min(kEnd, u_hi + 4 * start->reach);
    right = function(at(u_hi));
  }
  start->u = left.slope >= 0 ? u_lo : u_hi;
  if (left.slope >= 0) return left.value;
  if (right.slope <= 0) return right.value;
  // Regula falsi (Illinois), halving where it creeps.
  double a = along(u_lo, left.slope);
  double b = along(u_hi, right.slope);
  double least = kInfinity;
  for (int step = 0; step < 200; ++step) {
    double u = (u_lo * b - u_hi * a) / (b - a);
    if (step % 4 == 3 || !(u > u_lo && u < u_hi)) u = (u_lo + u_hi) / 2;
    const Tangent tangent = function(at(u));
    const double room = tangent.slope > 0 ? at(u) - at(u_lo) : at(u_hi) - at(u);
    least = tangent.value - std::abs(tangent.slope) * room;
    start->u = u;
    start->reach = 0.05;
    if (tangent.value - least < kTolerance || u_hi - u_lo < 1e-12) break;
    const double slope = along(u, tangent.slope);
    if (slope > 0) {
      u_hi = u;
      b = slope;
      a /= 2;
    } else {
      u_lo = u;
      a = slope;
      b /= 2;
    }
  }
  return least;
}

// Where a monotone function that changes sign on (lo, hi) is 0, to 1e-6: regula
// falsi (Illinois), halving where it creeps and at infinite ends.
template <typename Function>
double Turning(double lo, double hi, Function function) {
  double a = function(lo);
  double b = function(hi);
  for (int step = 0; hi - lo > 1e-6; ++step) {
    double x = (lo * b - hi * a) / (b - a);
    if (step % 3 == 2 || !(x > lo && x < hi)) x = (lo + hi) / 2;
    // Not so near an end that the other stays.
    x = std::clamp(x, lo + 4e-7, hi - 4e-7);
    const double value = function(x);
    if ((value < 0) == (a < 0)) {
      lo = x;
      a = value;
      b /= 2;
    } else {
      hi = x;
      b = value;
      a /= 2;
    }
  }
  return (lo + hi) / 2;
}

// "The later mean is at most the baseline's plus d": its log e-value.
// `mirrored_baseline` bets on a baseline mean below m.
double LogDriftAbove(const Bets& mirrored_baseline, const Bets& later, double d,
                     Start* start) {
  const double lo = std::max(0.0, -d);
  const double hi = std::min(1.0, 1 - d);
  return LeastValue(
      lo, hi,
      [&](double m) {
        const Tangent below = mirrored_baseline.At(1 - m);
        const Tangent above = later.At(m + d);
        return Tangent{below.value + above.value, above.slope - below.slope};
      },
      start);
}

}  // namespace

void BoundedSample::Add(double x) {
  if (!(x >= 0 && x <= 1)) {
    throw Error(ErrorCode::kInternal, "{} is not in [0, 1]", x);
  }
  size_ += 1;
  sum_ += x;
  const double place = x * kSteps;
  const int nearest = static_cast<int>(std::lround(place));
  if (std::abs(place - nearest) < 1e-9) {
    counts_[nearest] += 1;
    return;
  }
  const int below = static_cast<int>(place);
  counts_[below] += below + 1 - place;
  counts_[below + 1] += place - below;
}

BoundedSample BoundedSample::Mirrored() const {
  BoundedSample mirrored;
  for (int i = 0; i <= kSteps; ++i) mirrored.counts_[i] = counts_[kSteps - i];
  mirrored.size_ = size_;
  mirrored.sum_ = size_ - sum_;
  return mirrored;
}

double BoundedSample::mean() const { return sum_ / size_; }

double LogEvidenceAbove(const BoundedSample& sample, double m) {
  return Bets(sample).At(m).value;
}

double LogEvidenceBelow(const BoundedSample& sample, double m) {
  return LogEvidenceAbove(sample.Mirrored(), 1 - m);
}

DriftEvidence EvidenceAgainst(const BoundedSample& later, double expected,
                              double margin) {
  DriftEvidence evidence;
  evidence.above = LogEvidenceAbove(later, expected + margin);
  evidence.below = LogEvidenceBelow(later, expected - margin);
  evidence.both = LogMean(evidence.above, evidence.below);
  return evidence;
}

DriftEvidence EvidenceOfDrift(const BoundedSample& baseline,
                              const BoundedSample& later, double margin) {
  DriftEvidence evidence;
  Start up;
  evidence.above =
      LogDriftAbove(Bets(baseline.Mirrored()), Bets(later), margin, &up);
  // Mirrored, what is lower is higher.
  Start down;
  evidence.below =
      LogDriftAbove(Bets(baseline), Bets(later.Mirrored()), margin, &down);
  evidence.both = LogMean(evidence.above, evidence.below);
  return evidence;
}

bool MayShowDrift(const BoundedSample& baseline, const BoundedSample& later,
                  double margin, double log_e) {
  if (baseline.size() == 0 || later.size() == 0) return false;
  // Near the least: one mean for both samples.
  const auto pooled = [&](double shift) {
    const double sum = baseline.mean() * baseline.size() +
                       (later.mean() - shift) * later.size();
    return std::clamp(sum / (baseline.size() + later.size()),
                      std::max(1e-6, 1e-6 - shift),
                      std::min(1 - 1e-6, 1 - 1e-6 - shift));
  };
  const double up = pooled(margin);
  const double down = pooled(-margin);
  const double above =
      LogEvidenceBelow(baseline, up) + LogEvidenceAbove(later, up + margin);
  const double below =
      LogEvidenceAbove(baseline, down) + LogEvidenceBelow(later, down - margin);
  return LogMean(above, below) > log_e;
}

Interval BettingInterval(const BoundedSample& sample, double level) {
  CheckLevel(level);
  const double limit = -std::log(1 - level);
  const Bets above(sample);
  const Bets below(sample.Mirrored());
  const auto wealth = [&](double m) {
    const Tangent up = above.At(m);
    const Tangent down = below.At(1 - m);
    const double weight = 1 / (1 + std::exp(down.value - up.value));
    return Tangent{LogMean(up.value, down.value),
                   weight * up.slope - (1 - weight) * down.slope};
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  if (sample.size() == 0) return {nan, 0, 1};
  const double mean = sample.mean();
  double inside = std::clamp(mean, 1e-9, 1 - 1e-9);
  if (wealth(inside).value >= limit) {
    Start start;
    if (LeastValue(0, 1, wealth, &start) >= limit) return {mean, nan, nan};
    inside = 1 / (1 + std::exp(-start.u));
  }
  const auto excess = [&](double m) { return wealth(m).value - limit; };
  Interval interval{mean, 0, 1};
  if (excess(0) >= 0) interval.lo = Turning(0, inside, excess);
  if (excess(1) >= 0) interval.hi = Turning(inside, 1, excess);
  return interval;
}

Interval DriftInterval(const BoundedSample& baseline,
                       const BoundedSample& later, double level) {
  CheckLevel(level);
  const double limit = -std::log((1 - level) / 2);
  if (baseline.size() == 0 || later.size() == 0) {
    return {std::numeric_limits<double>::quiet_NaN(), -1, 1};
  }
  const Bets baseline_above(baseline);
  const Bets baseline_below(baseline.Mirrored());
  const Bets later_above(later);
  const Bets later_below(later.Mirrored());
  Interval interval{later.mean() - baseline.mean(), -1, 1};
  Start up;
  Start down;
  const auto higher = [&](double d) {
    return LogDriftAbove(baseline_below, later_above, d, &up) - limit;
  };
  const auto lower = [&](double d) {
    return LogDriftAbove(baseline_above, later_below, -d, &down) - limit;
  };
  if (higher(-1) >= 0) interval.lo = Turning(-1, 1, higher);
  if (lower(1) >= 0) interval.hi = Turning(-1, 1, lower);
  return interval;
}

}  // namespace plumbline
