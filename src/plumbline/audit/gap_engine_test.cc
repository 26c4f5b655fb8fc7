#include "plumbline/audit/gap_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/gaps.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/error.h"

namespace plumbline {
namespace {

AuditOptions Options() {
  AuditOptions options;
  options.metrics = {"fnr", "fpr", "sensitivity", "selection_rate", "auroc"};
  options.threshold = ParseThresholdRule("0.4");
  options.replicates = 0;
  options.threads = 1;
  for (const GapMeasure& measure : GapRegistry()) {
    options.gaps.emplace_back(measure.name);
  }
  return options;
}

const Estimate& MetricOf(const AuditResult& result, int group,
                         std::string_view metric) {
  const auto at =
      std::find(result.metrics.begin(), result.metrics.end(), metric);
  return result.groups[group].metrics[at - result.metrics.begin()];
}

const GapResult& Find(const AuditResult& result, std::string_view measure,
                      std::string_view metric, int grouping = 1,
                      int group = -2) {
  for (const GapResult& gap : result.gaps) {
    if (gap.measure == measure && gap.metric == metric &&
        gap.grouping == grouping && (group == -2 || gap.group == group)) {
      return gap;
    }
  }
  throw Error(ErrorCode::kInternal, "no gap {} of {}", measure, metric);
}

TEST(GapsOfGrouping, FindsAPlantedUnderdiagnosis) {
  const AuditInput input =
      SyntheticInput({.rows = 4000, .levels = {3, 2}, .planted = -1.5});
  const AuditResult result = Audit(input, Options());
  const GapResult& gap = Find(result, "max_min", "fnr");
  EXPECT_STREQ(gap.outcome, "shown");
  EXPECT_LT(gap.p_adjusted, 0.001);
  EXPECT_EQ(input.groups.Name(gap.worst), "a=a0");
  EXPECT_GT(gap.worst_probability, 0.99);
  EXPECT_GT(gap.value, gap.null_p95);
  EXPECT_GT(gap.smallest_detectable, gap.null_expected);
  EXPECT_EQ(gap.value, MetricOf(result, gap.worst, "fnr").value -
                           MetricOf(result, gap.best, "fnr").value);
  // The false-positive rate was left alone.
  EXPECT_STRNE(Find(result, "max_min", "fpr").outcome, "shown");
  const GapResult& under = Find(result, "underdiagnosis", "fnr");
  EXPECT_STREQ(under.outcome, "shown");
  EXPECT_EQ(under.group, gap.worst);
}

TEST(GapsOfGrouping, SaysThatSmallDataCannotTell) {
  const AuditInput input = SyntheticInput({.rows = 200, .levels = {4}});
  const AuditResult result = Audit(input, Options());
  const GapResult& gap = Find(result, "max_min", "fnr");
  EXPECT_STREQ(gap.outcome, "insufficient");
  EXPECT_GT(gap.hi, 0.05);
  EXPECT_GT(gap.smallest_detectable, 0.05);
}

TEST(GapsOfGrouping, SaysThatLargeDataExcludeAGap) {
  const AuditInput input = SyntheticInput({.rows = 40000, .levels = {2}});
  const AuditResult result = Audit(input, Options());
  const GapResult& gap = Find(result, "max_min", "fpr");
  EXPECT_STREQ(gap.outcome, "none_above_margin");
  EXPECT_LT(gap.hi, 0.05);
}

TEST(GapsOfGrouping, NamesTheFieldsOwnMeasures) {
  const AuditInput input = SyntheticInput({.rows = 2000, .planted = -1});
  const AuditResult result = Audit(input, Options());
  EXPECT_EQ(Find(result, "demographic_parity", "selection_rate").value,
            Find(result, "max_min", "selection_rate").value);
  EXPECT_EQ(Find(result, "equal_opportunity", "sensitivity").value,
            Find(result, "max_min", "sensitivity").value);
  const double tpr = Find(result, "max_min", "sensitivity").value;
  const double fpr = Find(result, "max_min", "fpr").value;
  for (const GapResult& gap : result.gaps) {
    if (gap.measure == "equalised_odds" && gap.grouping == 1) {
      EXPECT_EQ(gap.value, std::max(tpr, fpr));
    }
  }
}

TEST(GapsOfGrouping, ComparesWithReferenceRestAndOverall) {
  const AuditInput input = SyntheticInput({.rows = 1500, .levels = {2}});
  AuditOptions options = Options();
  options.reference["a"] = "a1";
  const AuditResult result = Audit(input, options);
  for (const char* metric : {"fnr", "auroc"}) {
    const Estimate& a0 = MetricOf(result, 1, metric);
    const Estimate& a1 = MetricOf(result, 2, metric);
    const Estimate& all = MetricOf(result, 0, metric);
    EXPECT_NEAR(Find(result, "difference_reference", metric, 1, 1).value,
                a0.value - a1.value, 1e-12);
    // With two groups the rest is the other group.
    EXPECT_NEAR(Find(result, "difference_rest", metric, 1, 1).value,
                a0.value - a1.value, 1e-12);
    EXPECT_NEAR(Find(result, "difference_overall", metric, 1, 1).value,
                a0.value - all.value, 1e-12);
    EXPECT_NEAR(Find(result, "ratio_reference", metric, 1, 1).value,
                a0.value / a1.value, 1e-12);
  }
}

TEST(GapsOfGrouping, AmplificationTakesTheLabelsOwnGapAway) {
  const AuditInput input = SyntheticInput({.rows = 3000, .levels = {2}});
  AuditOptions options = Options();
  options.reference["a"] = "a0";
  const AuditResult result = Audit(input, options);
  const GapResult& gap = Find(result, "amplification", "selection_rate", 1, 2);
  const auto excess = [&](int group) {
    return MetricOf(result, group, "selection_rate").value -
           static_cast<double>(result.groups[group].events) /
               result.groups[group].n;
  };
  EXPECT_NEAR(gap.value, excess(2) - excess(1), 1e-12);
}

TEST(GapsOfGrouping, LeavesMissingAndSmallGroupsOutByName) {
  const AuditInput input =
      SyntheticInput({.rows = 400, .levels = {25}, .missing_attribute = 0.2});
  const AuditResult result = Audit(input, Options());
  const GapResult& gap = Find(result, "max_min", "fnr");
  bool missing = false;
  bool small = false;
  for (const auto& [group, reason] : gap.groups_left_out) {
    missing |= std::string_view(reason) == "missing" &&
               input.groups.Name(group) == "a=missing";
    small |= std::string_view(reason) == "below_minimum";
  }
  EXPECT_TRUE(missing);
  EXPECT_TRUE(small);
}

TEST(JudgeGaps, AdjustsWithinMetricMeasureAndNumberOfAttributes) {
  const AuditInput input = SyntheticInput({.rows = 1000, .levels = {2, 2, 2}});
  const AuditResult result = Audit(input, Options());
  std::vector<double> raw;
  std::vector<double> adjusted;
  for (const GapResult& gap : result.gaps) {
    if (gap.measure == "max_min" && gap.metric == "fnr" && gap.grouping <= 3) {
      raw.push_back(gap.p);
      adjusted.push_back(gap.p_adjusted);
    }
  }
  ASSERT_EQ(raw.size(), 3u);
  const size_t smallest =
      std::min_element(raw.begin(), raw.end()) - raw.begin();
  EXPECT_NEAR(adjusted[smallest], std::min(1.0, 3 * raw[smallest]), 1e-12);
}

TEST(ReferenceGroups, AreTheLargestUnlessGiven) {
  const AuditInput input = SyntheticInput({.rows = 500, .levels = {3}});
  const auto reference = ReferenceGroups(input, {});
  int64_t most = 0;
  for (int g = 1; g <= 3; ++g) {
    most = std::max(most, input.groups.groups[g].rows);
  }
  EXPECT_EQ(input.groups.groups[reference[1]].rows, most);
}

TEST(ReferenceGroups, RefusesALevelThatIsNotThere) {
  const AuditInput input = SyntheticInput({.rows = 100, .levels = {2}});
  AuditOptions options;
  options.reference["a"] = "a3";
  try {
    ReferenceGroups(input, options);
    FAIL() << "accepted a3";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_THAT(error.what(),
                testing::HasSubstr("--reference a=a3: \"a\" has no such level; "
                                   "did you mean"));
  }
}

}  // namespace
}  // namespace plumbline
