#include "plumbline/face/engine/det.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace plumbline::face {
namespace {

// Indices of `n` steps with at most `most`, evenly spread in the log of the
// share (index + 1) / n, both ends among them.
std::vector<size_t> SpreadInLog(size_t n, int most) {
  std::vector<size_t> places;
  const double ratio = std::log(static_cast<double>(n)) / std::max(1, most - 1);
  for (int i = 0; i < most; ++i) {
    const auto place = std::min(
        n - 1, static_cast<size_t>(std::lround(std::exp(ratio * i))) - 1);
    if (places.empty() || place > places.back()) places.push_back(place);
  }
  if (places.back() != n - 1) places.push_back(n - 1);
  return places;
}

// Impostor scores in descending order, and which share of all comparisons is at
// or above each.
struct Accepted {
  std::vector<double> score;
  std::vector<double> share;

  double At(double threshold) const {
    const auto count = std::upper_bound(score.begin(), score.end(), threshold,
                                        std::greater<>()) -
                       score.begin();
    return count == 0 ? 0 : share[count - 1];
  }
};

std::vector<double> Descending(std::span<const double> scores) {
  std::vector<double> sorted(scores.begin(), scores.end());
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  return sorted;
}

void FindEqualErrors(const std::vector<double>& others,
                     const std::vector<double>& mates,
                     const std::function<DetPoint(double)>& point_at,
                     DetCurve* curve) {
  // FMR falls and FNMR rises with the threshold: the rates cross once.
  std::vector<double> all(others);
  all.insert(all.end(), mates.begin(), mates.end());
  std::sort(all.begin(), all.end());
  const auto crossing =
      std::partition_point(all.begin(), all.end(), [&](double threshold) {
        const DetPoint point = point_at(threshold);
        return point.fnmr < point.fmr;
      });
  double least = std::numeric_limits<double>::infinity();
  for (auto place = crossing == all.begin() ? crossing : crossing - 1;
       place != all.end() && place <= crossing; ++place) {
    const DetPoint point = point_at(*place);
    const double distance = std::abs(point.fmr - point.fnmr);
    if (distance < least) {
      least = distance;
      curve->eer = (point.fmr + point.fnmr) / 2;
      curve->eer_threshold = *place;
    }
  }
}

DetCurve MakeCurve(const Accepted& accepted, const std::vector<size_t>& places,
                   std::span<const double> genuine) {
  DetCurve curve;
  std::vector<double> mates(genuine.begin(), genuine.end());
  std::sort(mates.begin(), mates.end());
  const auto point_at = [&](double threshold) {
    const auto rejected =
        std::lower_bound(mates.begin(), mates.end(), threshold) - mates.begin();
    return DetPoint{
        threshold, accepted.At(threshold),
        static_cast<double>(rejected) / static_cast<double>(mates.size())};
  };
  for (const size_t place : places) {
    const DetPoint point = point_at(accepted.score[place]);
    if (curve.points.empty() || point.fmr > curve.points.back().fmr) {
      curve.points.push_back(point);
    }
  }
  FindEqualErrors(accepted.score, mates, point_at, &curve);
  return curve;
}

}  // namespace

DetCurve MakeDetCurve(std::span<const double> impostor,
                      std::span<const double> genuine, int most_points) {
  if (impostor.empty() || genuine.empty()) return {};
  Accepted accepted{.score = Descending(impostor), .share = {}};
  for (size_t i = 0; i < impostor.size(); ++i) {
    accepted.share.push_back(static_cast<double>(i + 1) /
                             static_cast<double>(impostor.size()));
  }
  return MakeCurve(accepted, SpreadInLog(impostor.size(), most_points),
                   genuine);
}

DetCurve MakeDetCurve(std::span<const double> highest, int64_t comparisons,
                      std::span<const double> body,
                      std::span<const double> genuine, int most_points) {
  if (body.empty() || genuine.empty()) return {};
  Accepted accepted{.score = Descending(highest), .share = {}};
  const auto total = static_cast<double>(comparisons);
  for (size_t i = 0; i < highest.size(); ++i) {
    accepted.share.push_back(static_cast<double>(i + 1) / total);
  }
  const std::vector<double> below = Descending(body);
  accepted.score.insert(accepted.score.end(), below.begin(), below.end());
  const double rest = 1 - static_cast<double>(highest.size()) / total;
  for (size_t i = 0; i < below.size(); ++i) {
    accepted.share.push_back(1 - rest +
                             rest * static_cast<double>(i + 1) /
                                 static_cast<double>(below.size()));
  }
  std::vector<size_t> places;
  if (!highest.empty()) places = SpreadInLog(highest.size(), most_points / 2);
  for (const size_t place : SpreadInLog(below.size(), most_points / 2)) {
    places.push_back(highest.size() + place);
  }
  return MakeCurve(accepted, places, genuine);
}

ScoreSummary Summarise(std::span<const double> scores) {
  ScoreSummary summary;
  double squares = 0;
  for (const double score : scores) {
    if (!std::isfinite(score)) continue;
    ++summary.n;
    // Welford 1962, Technometrics 4:419-420.
    const double step = score - summary.mean;
    summary.mean += step / static_cast<double>(summary.n);
    squares += step * (score - summary.mean);
  }
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  if (summary.n == 0) summary.mean = kNaN;
  summary.sd = summary.n < 2
                   ? kNaN
                   : std::sqrt(squares / static_cast<double>(summary.n - 1));
  return summary;
}

double DPrime(const ScoreSummary& impostor, const ScoreSummary& genuine) {
  return (genuine.mean - impostor.mean) /
         std::sqrt((genuine.sd * genuine.sd + impostor.sd * impostor.sd) / 2);
}

}  // namespace plumbline::face
