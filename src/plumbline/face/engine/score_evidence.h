// Impostor comparisons of a table of scores.
#pragma once

#include "plumbline/face/engine/impostor_evidence.h"
#include "plumbline/face/engine/pair_table.h"

namespace plumbline::face {

class ScoreEvidence : public ImpostorEvidence {
 public:
  // Keeps a reference to the scores.
  ScoreEvidence(const ImpostorScores& scores, int threads)
      : scores_(scores), pairs_(scores), threads_(threads) {}

  int64_t comparisons() const override { return scores_.size(); }
  ImpostorCounts Count(const SubjectGroups& groups) const override {
    return CountImpostors(pairs_, groups);
  }
  FmrThreshold Threshold(const Within& within, double target) const override;
  FmrThreshold At(double threshold) const override;
  std::vector<Hit> Hits(double cut, const SubjectGroups& groups) const override;
  const ImpostorScores* Scores() const override { return &scores_; }
  std::vector<uint8_t> ComparedWithAll(int64_t subjects) const override;
  DetCurve Curve(const Within& within, std::span<const double> genuine,
                 int most_points, ScoreSummary* impostor) const override;

 private:
  std::vector<double> ScoresOf(const Within& within) const;

  const ImpostorScores& scores_;
  PairTable pairs_;
  int threads_;
};

}  // namespace plumbline::face
