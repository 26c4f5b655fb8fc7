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

}  // namespace

DetCurve MakeDetCurve(std::span<const double> impostor,
                      std::span<const double> genuine, int most_points) {
  DetCurve curve;
  if (impostor.empty() || genuine.empty()) return curve;
  std::vector<double> others(impostor.begin(), impostor.end());
  std::vector<double> mates(genuine.begin(), genuine.end());
  std::sort(others.begin(), others.end(), std::greater<>());
  std::sort(mates.begin(), mates.end());
  const auto point_at = [&](double threshold) {
    const auto accepted = std::upper_bound(others.begin(), others.end(),
                                           threshold, std::greater<>()) -
                          others.begin();
    const auto rejected =
        std::lower_bound(mates.begin(), mates.end(), threshold) - mates.begin();
    return DetPoint{
        threshold,
        static_cast<double>(accepted) / static_cast<double>(others.size()),
        static_cast<double>(rejected) / static_cast<double>(mates.size())};
  };
  for (const size_t place : SpreadInLog(others.size(), most_points)) {
    const DetPoint point = point_at(others[place]);
    if (curve.points.empty() || point.fmr > curve.points.back().fmr) {
      curve.points.push_back(point);
    }
  }
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
      curve.eer = (point.fmr + point.fnmr) / 2;
      curve.eer_threshold = *place;
    }
  }
  return curve;
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
