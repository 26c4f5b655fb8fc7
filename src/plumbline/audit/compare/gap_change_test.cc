#include "plumbline/audit/compare/gap_change.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "plumbline/audit/compare/paired_input_for_test.h"

namespace plumbline {
namespace {

CompareOptions Options(std::vector<std::string> metrics) {
  CompareOptions options;
  options.audit.metrics = std::move(metrics);
  options.audit.threshold = ParseThresholdRule("0.4");
  options.audit.replicates = 200;
  options.audit.threads = 1;
  return options;
}

const GapChange& Find(const CompareResult& result, const std::string& measure) {
  for (const GapChange& gap : result.gaps) {
    if (gap.measure == measure) return gap;
  }
  throw std::runtime_error("no gap by " + measure);
}

TEST(GapChanges, AreDifferencesOfDifferences) {
  const CompareInput input =
      PairedInput({.rows = 4000, .levels = {2}, .seed = 21}, 0.5, 0, 0.8);
  const CompareResult result = CompareModels(input, Options({"fnr"}));
  const GapChange& pair = Find(result, "difference_reference");
  const auto difference = [&](int group) {
    return result.groups[group].metrics[0].difference;
  };
  EXPECT_DOUBLE_EQ(pair.value, difference(pair.group).value -
                                   difference(pair.reference).value);
  EXPECT_NEAR(pair.p,
              std::erfc(std::abs(pair.value) /
                        std::hypot(difference(1).standard_error,
                                   difference(2).standard_error) /
                        std::sqrt(2.0)),
              1e-12);
  const GapChange& largest = Find(result, "max_min");
  EXPECT_DOUBLE_EQ(largest.value,
                   largest.models[1].value - largest.models[0].value);
  EXPECT_STREQ(largest.outcome, "widened");
  EXPECT_EQ(largest.models[1].worst, 1);
}

TEST(GapChanges, AreNarrowedByUndoingTheHarm) {
  const CompareInput input = Swapped(
      PairedInput({.rows = 4000, .levels = {2}, .seed = 21}, 0.5, 0, 0.8));
  const CompareResult result = CompareModels(input, Options({"fnr"}));
  EXPECT_STREQ(Find(result, "max_min").outcome, "narrowed");
}

// From a gap that may be nothing to one on the other side: it widened, and that
// another group was ahead before is not known.
TEST(GapChanges, AreReversedOnlyWhereBothModelsHaveAGap) {
  const auto outcome = [](double lo_before, double lo_after) {
    GapChange change;
    change.metric = "fnr";
    change.measure = "difference_reference";
    change.models[0] = {lo_before + 0.02, lo_before, lo_before + 0.04};
    change.models[1] = {lo_after + 0.02, lo_after, lo_after + 0.04};
    change.p = 1e-6;
    std::vector<GapChange> gaps = {change};
    const CompareInput input =
        PairedInput({.rows = 100, .levels = {2}, .seed = 24}, 0.5);
    JudgeGapChanges(input, Options({"fnr"}), gaps);
    return std::string(gaps[0].outcome);
  };
  EXPECT_EQ(outcome(0.01, -0.15), "reversed");
  EXPECT_EQ(outcome(-0.15, 0.01), "reversed");
  EXPECT_EQ(outcome(-0.01, -0.15), "widened");
  EXPECT_EQ(outcome(0.10, -0.03), "shifted");
  EXPECT_EQ(outcome(0.10, 0.01), "narrowed");
}

TEST(GapChanges, OfTwoGroupsHaveTheSameErrorByBothWays) {
  // With two groups far apart the largest gap is a difference, so that
  // resampling and linearisation must agree.
  const CompareInput input = PairedInput({.rows = 8000,
                                          .rows_per_subject = 4,
                                          .subject_sd = 1,
                                          .levels = {2},
                                          .planted = -1.5,
                                          .seed = 22},
                                         0.5);
  CompareOptions options = Options({"fnr", "auroc"});
  options.audit.replicates = 2000;
  const CompareResult result = CompareModels(input, options);
  for (size_t i = 0; i + 1 < result.gaps.size(); i += 2) {
    const GapChange& largest = result.gaps[i];
    const GapChange& pair = result.gaps[i + 1];
    EXPECT_NEAR(std::abs(pair.value), std::abs(largest.value), 1e-12);
    EXPECT_NEAR((largest.hi - largest.lo) / (pair.hi - pair.lo), 1, 0.08);
  }
}

TEST(GapChanges, SayWhyThereIsNoInterval) {
  const CompareInput input =
      PairedInput({.rows = 400, .levels = {2}, .seed = 23}, 0.5);
  CompareOptions options = Options({"fnr", "brier"});
  options.audit.replicates = 0;
  const CompareResult result = CompareModels(input, options);
  for (const GapChange& gap : result.gaps) {
    if (gap.measure != "max_min") continue;
    EXPECT_STREQ(gap.reason,
                 gap.metric == "fnr" ? "not_requested" : "no_replicates");
    EXPECT_STREQ(gap.outcome, "cannot_tell");
    EXPECT_TRUE(std::isnan(gap.lo));
  }
}

}  // namespace
}  // namespace plumbline
