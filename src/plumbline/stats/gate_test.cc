#include "plumbline/stats/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::vector<std::string> kMetrics = {"fnr", "fpr", "auroc"};
const std::vector<std::string> kAttributes = {"sex", "age", "age band", "x"};

Gate Parse(const std::string& text) {
  return ParseGate(text, kMetrics, kAttributes);
}

std::string Message(const std::string& text) {
  try {
    Parse(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

constexpr const char* kForm =
    "A gate is: METRIC gap|ratio|worst [of TARGET] by A[xB] <=|>= X, for "
    "example: fnr gap by sex <= 0.05";

TEST(ParseGate, ReadsEachPart) {
  const Gate gate = Parse("fnr gap by sex <= 0.05");
  EXPECT_EQ(gate.text, "fnr gap by sex <= 0.05");
  EXPECT_EQ(gate.metric, "fnr");
  EXPECT_EQ(gate.kind, GateKind::kGap);
  EXPECT_EQ(gate.target, "");
  EXPECT_THAT(gate.by, ElementsAre("sex"));
  EXPECT_EQ(gate.relation, GateRelation::kAtMost);
  EXPECT_EQ(gate.limit, 0.05);
}

TEST(ParseGate, TakesIntersectionsWithAndWithoutBlanks) {
  EXPECT_THAT(Parse("fnr gap by sexxage<=1").by, ElementsAre("sex", "age"));
  EXPECT_THAT(Parse("fnr gap by sex x age<=1").by, ElementsAre("sex", "age"));
  EXPECT_THAT(Parse("fnr gap by age x \"age band\" <= 1").by,
              ElementsAre("age", "age band"));
}

TEST(ParseGate, TellsAnAttributeCalledXFromTheSign) {
  EXPECT_THAT(Parse("fnr gap by x <= 1").by, ElementsAre("x"));
  EXPECT_THAT(Parse("fnr gap by sex x x <= 1").by, ElementsAre("sex", "x"));
  EXPECT_THAT(Parse("fnr gap by sexxx <= 1").by, ElementsAre("sex", "x"));
}

TEST(ParseGate, PrefersAWholeNameToACutOne) {
  const Gate gate =
      ParseGate("fnr gap by sexxage <= 1", kMetrics, {"sex", "age", "sexxage"});
  EXPECT_THAT(gate.by, ElementsAre("sexxage"));
}

TEST(ParseGate, TakesQuotedNamesAndWordsOfItsOwnAsNames) {
  const Gate gate =
      Parse("auroc worst of \"Pleural Thickening\" by \"age band\" >= 8e-1");
  EXPECT_EQ(gate.kind, GateKind::kWorst);
  EXPECT_EQ(gate.target, "Pleural Thickening");
  EXPECT_THAT(gate.by, ElementsAre("age band"));
  EXPECT_EQ(gate.relation, GateRelation::kAtLeast);
  EXPECT_EQ(gate.limit, 0.8);
  EXPECT_EQ(Parse("fpr ratio of by by sex <= 1.25").target, "by");
}

TEST(ParseGate, SaysWhichPartIsWrongAndShowsTheForm) {
  const auto expected = [](const std::string& problem) {
    return problem + " " + kForm;
  };
  EXPECT_EQ(Message(""),
            expected("gate ``: expected a metric, found the end."));
  EXPECT_EQ(Message("fnrr gap by sex <= 1"),
            expected("gate `fnrr gap by sex <= 1`: \"fnrr\" is not a metric; "
                     "did you mean \"fnr\"?"));
  EXPECT_EQ(Message("zzzzzz gap by sex <= 1"),
            expected("gate `zzzzzz gap by sex <= 1`: \"zzzzzz\" is not a "
                     "metric; there are fnr, fpr and auroc."));
  EXPECT_EQ(Message("fnr gp by sex <= 1"),
            expected("gate `fnr gp by sex <= 1`: expected gap, ratio or worst, "
                     "found \"gp\"."));
  EXPECT_EQ(Message("fnr gap sex <= 1"),
            expected("gate `fnr gap sex <= 1`: expected \"by\" and attributes, "
                     "found \"sex\"."));
  EXPECT_EQ(Message("fnr gap by sx <= 1"),
            expected("gate `fnr gap by sx <= 1`: \"sx\" is not an attribute "
                     "given with --by; did you mean \"sex\"?"));
  EXPECT_EQ(Message("fnr gap by sex < 1"),
            expected("gate `fnr gap by sex < 1`: expected <= or >=, found "
                     "\"<\"."));
  EXPECT_EQ(Message("fnr gap by sex <= 5%"),
            expected("gate `fnr gap by sex <= 5%`: expected a number after the "
                     "relation, found \"5%\"."));
  EXPECT_EQ(Message("fnr gap by sex <= 1 2"),
            expected("gate `fnr gap by sex <= 1 2`: \"2\" stands after the "
                     "limit."));
  EXPECT_EQ(Message("fnr gap by sex x sex <= 1"),
            expected("gate `fnr gap by sex x sex <= 1`: \"sex\" stands there "
                     "twice."));
  EXPECT_EQ(Message("fnr gap of \"A by sex <= 1"),
            expected("gate `fnr gap of \"A by sex <= 1`: the quote before \"A "
                     "by sex <= 1\" is not closed."));
}

TEST(ParseGate, SaysThatNoAttributeIsGiven) {
  try {
    ParseGate("fnr gap by sex <= 1", kMetrics, {});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("\"sex\" is not an attribute: none is "
                                        "given with --by."));
  }
}

TEST(ParseGate, NeverAcceptsATruncatedGate) {
  const std::string whole = "auroc worst of \"A B\" by sex x age >= 0.5";
  ASSERT_NO_THROW(Parse(whole));
  // Without the digits after the point the number is still one.
  for (size_t length = 0; length + 2 < whole.size(); ++length) {
    const std::string part = whole.substr(0, length);
    if (part.ends_with("0")) continue;
    EXPECT_THROW(Parse(part), Error) << part;
  }
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

TEST(JudgeGate, DecidesOnlyWhenTheWholeIntervalAgrees) {
  const Gate at_most = Parse("fnr gap by sex <= 0.05");
  EXPECT_EQ(JudgeGate(at_most, 0.01, 0.05), GateOutcome::kMet);
  EXPECT_EQ(JudgeGate(at_most, 0.04, 0.06), GateOutcome::kCannotTell);
  EXPECT_EQ(JudgeGate(at_most, 0.05, 0.06), GateOutcome::kCannotTell);
  EXPECT_EQ(JudgeGate(at_most, 0.0501, 0.06), GateOutcome::kFailed);

  const Gate at_least = Parse("auroc worst by sex >= 0.8");
  EXPECT_EQ(JudgeGate(at_least, 0.8, 0.9), GateOutcome::kMet);
  EXPECT_EQ(JudgeGate(at_least, 0.7, 0.9), GateOutcome::kCannotTell);
  EXPECT_EQ(JudgeGate(at_least, 0.7, 0.8), GateOutcome::kCannotTell);
  EXPECT_EQ(JudgeGate(at_least, 0.7, 0.79), GateOutcome::kFailed);
}

TEST(JudgeGate, CannotTellWithoutAnInterval) {
  const Gate gate = Parse("fnr gap by sex <= 0.05");
  EXPECT_EQ(JudgeGate(gate, kNan, kNan), GateOutcome::kCannotTell);
  EXPECT_EQ(JudgeGate(gate, kNan, 0.01), GateOutcome::kCannotTell);
  EXPECT_EQ(JudgeGate(gate, 0.5, kNan), GateOutcome::kCannotTell);
}

}  // namespace
}  // namespace plumbline
