#include "plumbline/report/number_text.h"

#include <gtest/gtest.h>

namespace plumbline::report {
namespace {

AuditEstimate FnrEstimate() {
  AuditEstimate estimate;
  estimate.value = 0.31;
  estimate.lo = 0.281;
  estimate.hi = 0.34;
  estimate.n = 880;
  return estimate;
}

TEST(EstimateText, PutsTheIntervalInWordsBehindTheValue) {
  EXPECT_EQ(EstimateText(FnrEstimate(), NumberKind::kPercent, 10),
            "31.0 % (28.1 to 34.0)");
  EXPECT_EQ(EstimateText(FnrEstimate(), NumberKind::kDecimal, 10),
            "0.310 (0.281 to 0.340)");
}

TEST(EstimateText, SaysHowManyRowsAreLacking) {
  AuditEstimate estimate = FnrEstimate();
  estimate.lo = estimate.hi = std::nullopt;
  estimate.n = 6;
  estimate.reason = "below_minimum";
  EXPECT_EQ(EstimateText(estimate, NumberKind::kPercent, 10),
            "31.0 % (too few: 6 of 10 needed)");
  estimate.value = std::nullopt;
  EXPECT_EQ(EstimateText(estimate, NumberKind::kPercent, 10),
            "too few: 6 of 10 needed");
}

TEST(EstimateText, GivesEveryReasonInWords) {
  AuditEstimate estimate;
  estimate.reason = "one_class";
  EXPECT_EQ(EstimateText(estimate, NumberKind::kPercent, 10), "only one class");
  estimate.reason = "suppressed";
  EXPECT_EQ(EstimateText(estimate, NumberKind::kPercent, 10),
            "hidden (small cells)");
  estimate.reason = "below_minimum";  // and n is hidden
  EXPECT_EQ(EstimateText(estimate, NumberKind::kPercent, 10),
            "too few: 10 needed");
  estimate.reason = "";
  EXPECT_EQ(EstimateText(estimate, NumberKind::kPercent, 10), "not available");
}

TEST(NumberText, HasNoMinusZero) {
  EXPECT_EQ(NumberText(-0.0001, NumberKind::kPercent), "0.0 %");
  EXPECT_EQ(NumberText(-0.001, NumberKind::kPercent), "-0.1 %");
}

TEST(NumberText, KeepsEnormousRatiosShort) {
  EXPECT_EQ(NumberText(1.234e9, NumberKind::kRatio), "1.2e+09");
}

TEST(KindOfMetric, FollowsTheUnitAndWithoutOneTheName) {
  EXPECT_EQ(KindOfMetric("new_share", "rate"), NumberKind::kPercent);
  EXPECT_EQ(KindOfMetric("balanced_accuracy", "number"), NumberKind::kDecimal);
  EXPECT_EQ(KindOfMetric("fnr", ""), NumberKind::kPercent);
  EXPECT_EQ(KindOfMetric("calibration_slope", "number"), NumberKind::kRatio);
}

TEST(KindOfGap, FollowsTheMeasureThenTheMetric) {
  EXPECT_EQ(KindOfGap("max_min", "fnr", ""), NumberKind::kPoints);
  EXPECT_EQ(KindOfGap("max_min", "auroc", ""), NumberKind::kDecimal);
  EXPECT_EQ(KindOfGap("ratio_rest", "fnr", ""), NumberKind::kRatio);
  EXPECT_EQ(KindOfGap("equalised_odds", "", ""), NumberKind::kPoints);
  EXPECT_EQ(KindOfGap("heterogeneity", "fnr", ""), NumberKind::kStatistic);
  EXPECT_EQ(KindOfGap("theil", "fnr", ""), NumberKind::kDecimal);
}

TEST(ProbabilityText, NeverClaimsZero) {
  EXPECT_EQ(ProbabilityText(0.0), "<0.001");
  EXPECT_EQ(ProbabilityText(0.0341), "0.034");
  EXPECT_EQ(ProbabilityText(0.2), "0.20");
  EXPECT_EQ(ProbabilityText(std::nullopt), "-");
}

}  // namespace
}  // namespace plumbline::report
