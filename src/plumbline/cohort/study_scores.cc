#include "plumbline/cohort/study_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

double Mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) /
         static_cast<double>(values.size());
}

// Of scores in ascending order, at least one.
double Aggregate(std::span<const double> sorted,
                 const StudyScoreOptions& options) {
  const size_t n = sorted.size();
  const auto votes = static_cast<double>(
      sorted.end() -
      std::lower_bound(sorted.begin(), sorted.end(), options.threshold));
  const double share = votes / static_cast<double>(n);
  switch (options.aggregation) {
    case StudyAggregation::kMean:
      return Mean(sorted);
    case StudyAggregation::kMedian:
      return Mean(sorted.subspan((n - 1) / 2, n % 2 == 0 ? 2 : 1));
    case StudyAggregation::kMaximum:
      return sorted.back();
    case StudyAggregation::kTopMean:
      return Mean(sorted.last(std::min(n, static_cast<size_t>(options.top))));
    case StudyAggregation::kVoteShare:
      return share;
    case StudyAggregation::kMajority:
      return share > 0.5 ? 1.0 : share < 0.5 ? 0.0 : 0.5;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

StudyScoreOptions ParseStudyAggregation(std::string_view text) {
  StudyScoreOptions options;
  const size_t equals = text.find('=');
  const std::string_view name = text.substr(0, equals);
  const bool has_number = equals != std::string_view::npos;
  double number = 0;
  bool good = !has_number || ParseNumber(text.substr(equals + 1), &number);
  if (name == "mean" || name == "median" || name == "maximum") {
    good = good && !has_number;
    options.aggregation = name == "mean"     ? StudyAggregation::kMean
                          : name == "median" ? StudyAggregation::kMedian
                                             : StudyAggregation::kMaximum;
  } else if (name == "top-mean") {
    options.aggregation = StudyAggregation::kTopMean;
    if (has_number) {
      good =
          good && number >= 1 && number <= 1e6 && std::floor(number) == number;
      options.top = good ? static_cast<int>(number) : options.top;
    }
  } else if (name == "vote-share" || name == "majority") {
    options.aggregation = name == "majority" ? StudyAggregation::kMajority
                                             : StudyAggregation::kVoteShare;
    if (has_number) options.threshold = number;
  } else {
    good = false;
  }
  if (!good) {
    throw Error(ErrorCode::kUsage,
                "\"{}\" is no way to make one score of a study's slices; "
                "expected mean, median, maximum, top-mean=K, vote-share=T or "
                "majority=T",
                text);
  }
  return options;
}

std::vector<StudyScore> AggregateStudyScores(std::span<const int32_t> study,
                                             std::span<const double> score,
                                             int64_t studies,
                                             const StudyScoreOptions& options) {
  if (study.size() != score.size() || options.top < 1) {
    throw Error(ErrorCode::kInternal, "{} studies for {} slice scores, top {}",
                study.size(), score.size(), options.top);
  }
  std::vector<StudyScore> out(static_cast<size_t>(studies));
  std::vector<size_t> begin(out.size() + 1);
  for (size_t i = 0; i < study.size(); ++i) {
    if (study[i] < 0 || study[i] >= studies) {
      throw Error(ErrorCode::kInternal, "study {} of {}", study[i], studies);
    }
    StudyScore& one = out[static_cast<size_t>(study[i])];
    ++(std::isnan(score[i]) ? one.missing : one.slices);
  }
  for (size_t s = 0; s < out.size(); ++s) {
    begin[s + 1] = begin[s] + static_cast<size_t>(out[s].slices);
  }
  std::vector<double> sorted(begin.back());
  std::vector<size_t> next(begin.begin(), begin.end() - 1);
  for (size_t i = 0; i < study.size(); ++i) {
    if (!std::isnan(score[i])) {
      sorted[next[static_cast<size_t>(study[i])]++] = score[i];
    }
  }
  for (size_t s = 0; s < out.size(); ++s) {
    const std::span<double> own =
        std::span(sorted).subspan(begin[s], begin[s + 1] - begin[s]);
    // Sorted, so that sums do not depend on the order of slices.
    std::sort(own.begin(), own.end());
    out[s].score = own.empty() ? std::numeric_limits<double>::quiet_NaN()
                               : Aggregate(own, options);
  }
  return out;
}

}  // namespace plumbline
