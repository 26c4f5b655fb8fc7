// Impostor comparisons of all pairs of images, computed from their embeddings.
#pragma once

#include <vector>

#include "plumbline/base/communicator.h"
#include "plumbline/face/embeddings/embedding_set.h"
#include "plumbline/face/engine/impostor_evidence.h"

namespace plumbline::face {

struct EmbeddingEvidenceOptions {
  // The highest share of the comparisons that anybody will ask to be accepted
  // (the false-match rate aimed at, with room for replicates), and the lowest
  // threshold that is given; +inf: none is.
  double most_accepted = 0.001;
  double lowest_threshold = 0;
  // Comparisons that are set on: those within this group of subjects, or all.
  Within basis;
  int64_t most_hits = 20'000'000;  // 24 bytes each
  uint64_t seed = 1;
  int threads = 0;
  // Processes that compute the pairs together, with the bytes of one. Null:
  // this one alone.
  Communicator* processes = nullptr;
};

// A comparison of two images counts once; its reference is the subject of the
// group that comes first (in a group, the subject that comes first). Only
// comparisons at or above a cut are kept one by one: rates and thresholds above
// it are exact, those below it are not reachable. Below it, curves come from a
// sample of 200,000 pairs drawn at random, and so do means of scores.
class EmbeddingEvidence : public ImpostorEvidence {
 public:
  // Computes all scores. The cut comes from a million pairs drawn at random; if
  // it proves too high, they are computed again with a lower one.
  //
  // Throws Error(kOutOfResources) if more than `most_hits` comparisons would
  // have to be kept, Error(kInvalidInput) for fewer than two subjects.
  EmbeddingEvidence(const EmbeddingSet& set, int64_t subjects,
                    const EmbeddingEvidenceOptions& options);

  int64_t comparisons() const override { return comparisons_; }
  ImpostorCounts Count(const SubjectGroups& groups) const override;
  FmrThreshold Threshold(const Within& within, double target) const override;
  FmrThreshold At(double threshold) const override;
  std::vector<Hit> Hits(double cut, const SubjectGroups& groups) const override;
  DetCurve Curve(const Within& within, std::span<const double> genuine,
                 int most_points, ScoreSummary* impostor) const override;

  // All pairs of images of one subject.
  GenuineScores Genuine() const;
  double cut() const { return cut_; }

 private:
  int64_t ComparisonsIn(const Within& within) const;
  // Scores of `pairs` pairs of images drawn at random, less those of one
  // person.
  std::vector<double> Sample(const Within& within, int64_t pairs) const;
  double PilotCut(const EmbeddingEvidenceOptions& options) const;
  void GatherHits(const EmbeddingEvidenceOptions& options);
  void Compute(double cut, const EmbeddingEvidenceOptions& options);

  const EmbeddingSet& set_;
  std::vector<int64_t> images_;  // of each subject
  uint64_t seed_ = 0;
  int64_t comparisons_ = 0;
  double cut_ = 0;
  std::vector<Hit> hits_;  // at or above the cut, reference < probe
};

}  // namespace plumbline::face
