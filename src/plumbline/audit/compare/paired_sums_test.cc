#include "plumbline/audit/compare/paired_sums.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/audit/compare/paired_difference.h"
#include "plumbline/audit/compare/paired_input_for_test.h"

namespace plumbline {
namespace {

constexpr double kCut = 0.4;

// Variance of the difference of two FNRs, subject by subject.
double FnrVariance(const CompareInput& input, const PairedRows& rows,
                   int group) {
  const int grouping = input.rows.groups.groups[group].grouping;
  const auto is_in = [&](int64_t row) {
    return rows.positive(row) &&
           input.rows.groups.GroupOf(rows.cell(row), grouping) ==
               static_cast<uint32_t>(group);
  };
  const auto change = [&](int64_t row) {
    return (rows.flagged(kChallenger, row) ? 0.0 : 1.0) -
           (rows.flagged(kBaseline, row) ? 0.0 : 1.0);
  };
  double positives = 0;
  double sum = 0;
  for (int64_t row = 0; row < rows.size(); ++row) {
    if (!is_in(row)) continue;
    positives += 1;
    sum += change(row);
  }
  const double difference = sum / positives;
  double squares = 0;
  int64_t subjects = 0;
  for (int64_t unit = 0; unit < rows.units(); ++unit) {
    double influence = 0;
    bool any = false;
    rows.ForEachRow(unit, [&](int64_t row) {
      any |= input.rows.groups.GroupOf(rows.cell(row), grouping) ==
             static_cast<uint32_t>(group);
      if (is_in(row)) influence += (change(row) - difference) / positives;
    });
    subjects += any;
    squares += influence * influence;
  }
  const auto s = static_cast<double>(subjects);
  return squares * s / (s - 1);
}

void ExpectFnrVariance(const SyntheticOptions& options) {
  const CompareInput input = PairedInput(options, 0.8);
  const PairedRows rows = PairRows(input, 0, {kCut, kCut});
  const auto sums = SumPairs(rows, input.rows.groups, true);
  const Metric& fnr = *FindMetric("fnr");
  for (size_t g = 0; g < sums.size(); ++g) {
    std::array<SumVector, 2> gradients;
    for (int model : {0, 1}) {
      GroupSums of_model;
      const JointFlags& f = sums[g].flags[1];
      const double flagged =
          f.both + (model == 0 ? f.baseline_only : f.challenger_only);
      const double all =
          f.both + f.baseline_only + f.challenger_only + f.neither;
      of_model.sums[kTp] = flagged;
      of_model.sums[kFn] = all - flagged;
      gradients[model] = PairGradient(fnr, of_model, 0);
    }
    EXPECT_NEAR(PairedVariance(sums[g], gradients[0], gradients[1]),
                FnrVariance(input, rows, static_cast<int>(g)), 1e-14);
  }
}

TEST(PairedVariance, IsThatOfTheSubjectsDifferences) {
  ExpectFnrVariance({.rows = 400, .seed = 11});
  ExpectFnrVariance(
      {.rows = 800, .rows_per_subject = 4, .subject_sd = 1, .seed = 12});
}

TEST(PairedVariance, CountsASubjectInSeveralGroupsInEachOfThem) {
  ExpectFnrVariance({.rows = 800,
                     .rows_per_subject = 4,
                     .subject_sd = 1,
                     .attributes_by_subject = false,
                     .seed = 13});
}

TEST(SumPairs, FindsNothingBetweenAModelAndItself) {
  const CompareInput input = PairedInput({.rows = 500, .seed = 14}, 0);
  CompareInput same = input;
  same.rows.targets[1].scores = same.rows.targets[0].scores;
  const PairedRows rows = PairRows(same, 0, {kCut, kCut});
  for (const PairedSums& sums : SumPairs(rows, same.rows.groups, true)) {
    SumVector gradient{1, 2, 3, 4, 5, 6, 7};
    EXPECT_EQ(PairedVariance(sums, gradient, gradient), 0);
    EXPECT_EQ(sums.flags[0].baseline_only + sums.flags[1].challenger_only, 0);
  }
}

}  // namespace
}  // namespace plumbline
