// One score for each study from the scores of its slices.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

enum class StudyAggregation : uint8_t {
  // What the published CT results on self-reported race use (Gichoya et al.
  // 2022: NLST, RSPECT, EM-CT).
  kMean,
  kMedian,  // of an even number the mean of the middle two
  kMaximum,
  kTopMean,    // mean of the `top` highest
  kVoteShare,  // share of slices at or above `threshold`
  kMajority    // 1, 0, or 0.5 for a tie of those votes
};

struct StudyScoreOptions {
  StudyAggregation aggregation = StudyAggregation::kMean;
  int top = 5;             // slices, kTopMean; a smaller study gives all it has
  double threshold = 0.5;  // of a slice's score, kVoteShare and kMajority
};

// "mean", "median", "maximum", "top-mean=K" (or "top-mean"), "vote-share=T" and
// "majority=T" (or without T). Throws Error(kUsage) for anything else.
StudyScoreOptions ParseStudyAggregation(std::string_view text);

struct StudyScore {
  double score = 0.0;  // NaN where no slice has a score
  int64_t slices = 0;  // that have one
  int64_t missing = 0;
};

// `study[i]` is the study of slice i, from 0 to `studies` - 1; a missing score
// is NaN and left out. One column of scores at a time: call it for each class.
// The result does not depend on the order of the slices.
// Throws Error(kInternal) for indices or lengths that do not fit.
std::vector<StudyScore> AggregateStudyScores(
    std::span<const int32_t> study, std::span<const double> score,
    int64_t studies, const StudyScoreOptions& options = {});

}  // namespace plumbline
