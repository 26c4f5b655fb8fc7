#include "plumbline/face/engine/score_evidence.h"

#include <limits>

namespace plumbline::face {

std::vector<double> ScoreEvidence::ScoresOf(const Within& within) const {
  std::vector<double> scores;
  for (int64_t i = 0; i < scores_.size(); ++i) {
    if (within.Contains(scores_.reference[i], scores_.probe[i])) {
      scores.push_back(scores_.score[i]);
    }
  }
  return scores;
}

FmrThreshold ScoreEvidence::Threshold(const Within& within,
                                      double target) const {
  const std::vector<double> targets = {target};
  if (within.groups == nullptr) {
    return ThresholdsAtFmr(scores_.score, targets, threads_)[0];
  }
  const std::vector<double> scores = ScoresOf(within);
  if (scores.empty()) {
    return {.target = target, .value = std::numeric_limits<double>::infinity()};
  }
  return ThresholdsAtFmr(scores, targets, threads_)[0];
}

FmrThreshold ScoreEvidence::At(double threshold) const {
  const int64_t accepted = CountAtOrAbove(scores_.score, threshold, threads_);
  return {.target = std::numeric_limits<double>::quiet_NaN(),
          .value = threshold,
          .accepted = accepted,
          .comparisons = comparisons(),
          .achieved = static_cast<double>(accepted) /
                      static_cast<double>(comparisons()),
          .reachable = true};
}

std::vector<Hit> ScoreEvidence::Hits(double cut,
                                     const SubjectGroups& /*groups*/) const {
  return HitsAtOrAbove(scores_, pairs_, cut, threads_);
}

std::vector<uint8_t> ScoreEvidence::ComparedWithAll(int64_t subjects) const {
  std::vector<int64_t> others(subjects);
  for (const SubjectPair& pair : pairs_.pairs()) {
    ++others[pair.first];
    ++others[pair.second];
  }
  std::vector<uint8_t> complete(subjects);
  for (int64_t i = 0; i < subjects; ++i)
    complete[i] = others[i] + 1 == subjects;
  return complete;
}

DetCurve ScoreEvidence::Curve(const Within& within,
                              std::span<const double> genuine, int most_points,
                              ScoreSummary* impostor) const {
  const std::vector<double> scores = ScoresOf(within);
  *impostor = Summarise(scores);
  return MakeDetCurve(scores, genuine, most_points);
}

}  // namespace plumbline::face
