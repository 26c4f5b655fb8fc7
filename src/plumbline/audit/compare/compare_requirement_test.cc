#include "plumbline/audit/compare/compare_requirement.h"

#include <gtest/gtest.h>

#include "plumbline/audit/compare/model_comparison.h"
#include "plumbline/base/error.h"

namespace plumbline {
namespace {

const std::vector<std::string> kAttributes = {"sex", "age band", "age"};

Requirement Parse(const std::string& text) {
  return ParseRequirement(text, ComparableMetrics(), kAttributes);
}

std::string Message(const std::string& text) {
  try {
    Parse(text);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(ParseRequirement, ReadsMetricTargetAndGroups) {
  const Requirement all = Parse("auc non-inferior");
  EXPECT_EQ(all.metric, "auroc");
  EXPECT_TRUE(all.by.empty());
  const Requirement some =
      Parse("fnr non-inferior of \"Pleural Thickening\" by \"age band\" x sex");
  EXPECT_EQ(some.target, "Pleural Thickening");
  EXPECT_EQ(some.by, (std::vector<std::string>{"age band", "sex"}));
  EXPECT_EQ(Parse("fnr non-inferior by sexxage").by,
            (std::vector<std::string>{"sex", "age"}));
}

TEST(ParseRequirement, SaysWhatIsWrong) {
  const std::string form =
      ". A gate of compare is: METRIC non-inferior [of TARGET] [by A[xB]], for "
      "example: auroc non-inferior by sex";
  EXPECT_EQ(Message("auroc superior"),
            "gate `auroc superior`: expected non-inferior, found \"superior\"" +
                form);
  EXPECT_EQ(Message(""),
            "gate ``: the end is not a metric that is compared" + form);
  EXPECT_EQ(Message("fnr non-inferior by race"),
            "gate `fnr non-inferior by race`: \"race\" is not an attribute "
            "given with --by" +
                form);
  EXPECT_EQ(Message("fnr non-inferior by sex age"),
            "gate `fnr non-inferior by sex age`: \"age\" stands after the end" +
                form);
  EXPECT_EQ(Message("fnr non-inferior by sex x sex"),
            "gate `fnr non-inferior by sex x sex`: \"sex\" stands there twice" +
                form);
  EXPECT_EQ(Message("selection_rate non-inferior"),
            "gate `selection_rate non-inferior`: selection_rate has no worse "
            "end" +
                form);
}

}  // namespace
}  // namespace plumbline
