#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "plumbline/audit/case_mix/case_mix.h"

namespace plumbline {
namespace {

MixEstimate Shown(std::vector<double> of_group) {
  MixEstimate estimate;
  estimate.value = 0.2;
  estimate.lo = 0.1;
  estimate.hi = 0.3;
  estimate.p = 0.0001;
  estimate.of_group = std::move(of_group);
  return estimate;
}

std::string OutcomeOf(std::vector<double> crude, std::vector<double> direct) {
  MixComparison comparison;
  comparison.metric = "fnr";
  comparison.crude = Shown(std::move(crude));
  comparison.direct = Shown(std::move(direct));
  MixResult result;
  result.comparisons = {comparison};
  JudgeMix({&result}, MixOptions());
  EXPECT_STREQ(result.comparisons[0].judged_by, "direct");
  return result.comparisons[0].outcome;
}

TEST(JudgeMix, TellsAGapThatRemainsFromOneThatReverses) {
  EXPECT_EQ(OutcomeOf({0.1, 0.3}, {0.1, 0.3}), "remains");
  EXPECT_EQ(OutcomeOf({0.1, 0.3}, {0.3, 0.1}), "reversed");
}

// The range is as large as before, but not between the same groups.
TEST(JudgeMix, DoesNotSayThatAGapRemainsBetweenOtherGroups) {
  EXPECT_EQ(OutcomeOf({0.1, 0.3, 0.2}, {0.1, 0.25, 0.3}), "remains");
  EXPECT_EQ(OutcomeOf({0.1, 0.3, 0.2}, {0.3, 0.1, 0.2}), "insufficient");
  EXPECT_EQ(OutcomeOf({0.1, 0.3, 0.2}, {0.3, 0.3, 0.1}), "insufficient");
}

}  // namespace
}  // namespace plumbline
