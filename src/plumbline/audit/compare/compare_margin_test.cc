#include "plumbline/audit/compare/compare_margin.h"

#include <gtest/gtest.h>

#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/error.h"

namespace plumbline {
namespace {

std::string Message(const std::string& text) {
  try {
    ParseMarginRule(text, ComparableMetrics());
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

MarginRule Parse(const std::string& text) {
  return ParseMarginRule(text, ComparableMetrics());
}

TEST(ParseMarginRule, ReadsNumberMetricAndGroup) {
  EXPECT_EQ(Parse("0.02").margin, 0.02);
  EXPECT_EQ(Parse("auc:0.01").metric, "auroc");
  const MarginRule rule = Parse("fnr:race=Black,sex=F:0.01");
  EXPECT_EQ(rule.metric, "fnr");
  ASSERT_EQ(rule.group.size(), 2u);
  EXPECT_EQ(rule.group[1].first, "sex");
  EXPECT_EQ(rule.group[1].second, "F");
  EXPECT_EQ(Parse("time=12:30:0.1").group[0].second, "12:30");
}

TEST(ParseMarginRule, SaysWhatIsWrong) {
  const std::string form =
      " A margin is [METRIC:][COLUMN=VALUE,...:]D, for example 0.05, "
      "brier:0.005, race=Black:0.02 or fnr:race=Black:0.01";
  EXPECT_EQ(Message("0"), "--margin 0: \"0\" is not a number above 0." + form);
  EXPECT_EQ(Message("fnr:"),
            "--margin fnr:: \"\" is not a number above 0." + form);
  EXPECT_EQ(Message("aurocc:0.1"),
            "--margin aurocc:0.1: \"aurocc\" is neither a metric nor "
            "COLUMN=VALUE; did you mean \"auroc\"?" +
                form);
  EXPECT_EQ(Message("fnr:race:0.1"),
            "--margin fnr:race:0.1: \"race\" is neither a metric nor "
            "COLUMN=VALUE." +
                form);
}

TEST(MarginOf, TakesTheMostSpecialRule) {
  const AuditInput input = SyntheticInput({.rows = 200, .levels = {2}});
  const std::vector<MarginRule> rules = {Parse("fnr:a=a0:0.01"),
                                         Parse("a=a0:0.02"), Parse("fnr:0.03")};
  const auto margin = [&](const char* metric, int group) {
    return MarginOf(rules, 0.05, metric, input.groups, group);
  };
  EXPECT_EQ(margin("fnr", 1), 0.01);
  EXPECT_EQ(margin("fpr", 1), 0.02);
  EXPECT_EQ(margin("fnr", 2), 0.03);
  EXPECT_EQ(margin("fpr", 2), 0.05);
  EXPECT_EQ(margin("fpr", 0), 0.05);
}

TEST(CheckMargins, RefusesUnknownGroupsAndTwoOfAKind) {
  const AuditInput input = SyntheticInput({.rows = 200, .levels = {2}});
  EXPECT_NO_THROW(
      CheckMargins({Parse("a=a0:0.1"), Parse("0.2")}, input.groups));
  EXPECT_THROW(CheckMargins({Parse("a=a7:0.1")}, input.groups), Error);
  EXPECT_THROW(CheckMargins({Parse("0.1"), Parse("0.2")}, input.groups), Error);
}

}  // namespace
}  // namespace plumbline
