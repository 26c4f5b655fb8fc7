#include "plumbline/face/audit/face_audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/face/audit/synthetic_input_for_test.h"

namespace plumbline::face {
namespace {

SynthOptions FourGroups() {
  SynthOptions options;
  options.groups = {{.levels = {"A"}, .subjects = 250},
                    {.levels = {"B"}, .subjects = 250, .impostor_mean = 0.6},
                    {.levels = {"C"}, .subjects = 250},
                    {.levels = {"D"}, .subjects = 12}};
  options.images = 3;
  return options;
}

FaceAuditOptions At(const std::string& rule) {
  FaceAuditOptions options;
  options.at = {ParseOperatingPoint(rule)};
  options.replicates = 300;
  return options;
}

const FaceGroup& GroupNamed(const FaceAuditResult& result,
                            const FaceInput& input, const std::string& name) {
  for (const FaceGroup& group : result.groups) {
    if (input.groups.Name(group.group) == name) return group;
  }
  throw Error(ErrorCode::kInternal, "no group {}", name);
}

class AuditOfFourGroups : public testing::Test {
 protected:
  const SynthOptions synth_ = FourGroups();
  const FaceInput input_ = InputOf(synth_);
};

TEST_F(AuditOfFourGroups, IntervalsHoldTheTrueRates) {
  const double threshold = TruePooledThreshold(synth_, 0.005);
  FaceAuditOptions options = At("0");
  options.at[0].value = threshold;
  const FaceAuditResult result = AuditFaces(input_, options);
  for (int g = 0; g < 3; ++g) {
    const FaceGroup& group =
        GroupNamed(result, input_, "group=" + synth_.groups[g].levels[0]);
    const double fmr = TrueFmr(synth_, g, g, threshold);
    // Four standard errors on the log scale.
    const double se = std::log(group.fmr.rate.hi / group.fmr.rate.value) / 1.96;
    EXPECT_NEAR(std::log(group.fmr.rate.value / fmr), 0, 4 * se) << g;
    const double fnmr = TrueFnmr(synth_, g, threshold);
    EXPECT_NEAR(group.fnmr.rate.value, fnmr,
                4 * std::sqrt(group.fnmr.rate.variance) + 1e-9);
  }
  EXPECT_STREQ(result.thresholds[0].source.c_str(), "given");
}

TEST_F(AuditOfFourGroups, FindsThePlantedDifferenceAndNoOther) {
  const FaceAuditResult result = AuditFaces(input_, At("fmr=0.005"));
  int shown = 0;
  for (const FaceRatio& ratio : result.ratios) {
    if (std::string_view(ratio.outcome) != "shown") continue;
    ++shown;
    EXPECT_EQ(ratio.error, ErrorRate::kFmr);
    EXPECT_EQ(input_.groups.Name(ratio.group), "group=B");
    const double threshold = result.thresholds[0].fitted.value;
    const double truth =
        TrueFmr(synth_, 1, 1, threshold) / TrueFmr(synth_, 0, 0, threshold);
    EXPECT_LT(ratio.ratio.lo, truth * 1.3);
    EXPECT_GT(ratio.ratio.hi, truth / 1.3);
  }
  EXPECT_EQ(shown, 1);
  EXPECT_THAT(result.findings,
              testing::Contains(
                  testing::Field(&FaceFinding::code, testing::StrEq("PF101"))));
}

TEST_F(AuditOfFourGroups, SaysNothingOfTwelvePeople) {
  const FaceAuditResult result = AuditFaces(input_, At("fmr=0.005"));
  const FaceGroup& small = GroupNamed(result, input_, "group=D");
  EXPECT_STREQ(small.fmr.reason, "below_minimum");
  EXPECT_STREQ(small.fnmr.reason, "below_minimum");
  EXPECT_TRUE(std::isnan(small.fmr.rate.value));
  EXPECT_EQ(small.fmr.rate.events, 0);
  EXPECT_EQ(small.fmr.rate.n, 0);
  for (const FaceCell& cell : result.cells) {
    if (input_.groups.Name(cell.reference) == "group=D" ||
        input_.groups.Name(cell.probe) == "group=D") {
      EXPECT_NE(cell.fmr.reason, nullptr);
    }
  }
  for (const FaceDet& det : result.det) {
    EXPECT_NE(input_.groups.Name(det.group), "group=D");
  }
}

TEST_F(AuditOfFourGroups, AGroupMeetsTheTargetAtItsOwnThreshold) {
  const FaceAuditResult result = AuditFaces(input_, At("fmr=0.005"));
  const FaceGroup& b = GroupNamed(result, input_, "group=B");
  FaceAuditOptions options = At("0");
  options.at[0].value = b.own_threshold;
  const FaceAuditResult own = AuditFaces(input_, options);
  const RateEstimate& rate = GroupNamed(own, input_, "group=B").fmr.rate;
  EXPECT_LE(rate.value, 0.005);
  EXPECT_GT(rate.value, 0.0049);
  EXPECT_STREQ(b.specification, "proven_out");
}

TEST_F(AuditOfFourGroups, AThresholdCanBeSetOnOneGroup) {
  FaceAuditOptions options = At("fmr=0.005");
  options.threshold_group = "group=A";
  const FaceAuditResult result = AuditFaces(input_, options);
  EXPECT_NEAR(GroupNamed(result, input_, "group=A").fmr.rate.value, 0.005,
              1e-4);
  options.threshold_group = "group=E";
  EXPECT_THROW(AuditFaces(input_, options), Error);
}

TEST_F(AuditOfFourGroups, IsTheSameForAnyNumberOfThreads) {
  FaceAuditOptions options = At("fmr=0.005");
  options.threads = 1;
  const std::string one =
      ToJson(AuditFaces(input_, options), input_, {}, options).dump();
  options.threads = 3;
  EXPECT_EQ(one,
            ToJson(AuditFaces(input_, options), input_, {}, options).dump());
}

TEST_F(AuditOfFourGroups, DoesNotDependOnTheOrderOfComparisons) {
  FaceInput turned = input_;
  std::reverse(turned.impostor.score.begin(), turned.impostor.score.end());
  std::reverse(turned.impostor.reference.begin(),
               turned.impostor.reference.end());
  std::reverse(turned.impostor.probe.begin(), turned.impostor.probe.end());
  std::reverse(turned.genuine.score.begin(), turned.genuine.score.end());
  std::reverse(turned.genuine.subject.begin(), turned.genuine.subject.end());
  const FaceAuditOptions options = At("fmr=0.005");
  Json a = ToJson(AuditFaces(input_, options), input_, {}, options);
  Json b = ToJson(AuditFaces(turned, options), turned, {}, options);
  // Means of scores are summed in the order of the rows.
  a.erase("det");
  b.erase("det");
  EXPECT_EQ(a.dump(), b.dump());
}

TEST_F(AuditOfFourGroups, GatesAreJudgedByWholeIntervals) {
  FaceAuditOptions options = At("fmr=0.005");
  for (const char* text :
       {"fmr ratio by group <= 1.2", "fmr ratio by group <= 50",
        "fmr worst by group <= 0.5"}) {
    options.gates.push_back(ParseGate(text, {"fmr", "fnmr"}, {"group"}));
  }
  const FaceAuditResult result = AuditFaces(input_, options);
  ASSERT_EQ(result.gates.size(), 3u);
  EXPECT_EQ(result.gates[0].answer, GateAnswer::kFailed);
  EXPECT_EQ(result.gates[1].answer, GateAnswer::kMet);
  EXPECT_EQ(result.gates[2].answer, GateAnswer::kMet);
  options.replicates = 0;
  EXPECT_EQ(AuditFaces(input_, options).gates[0].answer,
            GateAnswer::kCannotTell);
}

TEST_F(AuditOfFourGroups, SaysThatATargetCannotBeReached) {
  const FaceAuditResult result = AuditFaces(input_, At("fmr=1e-7"));
  EXPECT_FALSE(result.thresholds[0].fitted.reachable);
  EXPECT_THAT(result.limitations,
              testing::Contains(testing::Field(&FaceLimitation::code,
                                               testing::StrEq("PF402"))));
}

TEST_F(AuditOfFourGroups, ScoresOfThePlantedGroupAreShifted) {
  FaceAuditOptions options = At("fmr=0.005");
  options.reference["group"] = "A";
  const FaceAuditResult result = AuditFaces(input_, options);
  int against_a = 0;
  for (const FaceShift& entry : result.shifts) {
    if (input_.groups.Name(entry.group) == "group=D") {
      EXPECT_STREQ(entry.reason, "below_minimum");
      EXPECT_TRUE(std::isnan(entry.shift.ks));
      continue;
    }
    if (input_.groups.Name(entry.reference) != "group=A") continue;
    ++against_a;
    const bool planted = input_.groups.Name(entry.group) == "group=B" &&
                         std::string_view(entry.kind) == "impostor";
    EXPECT_EQ(entry.p_adjusted <= 0.01, planted);
    if (planted) {
      EXPECT_LT(entry.shift.quantiles[2].lo, 0.6);
      EXPECT_GT(entry.shift.quantiles[2].hi, 0.6);
    }
  }
  EXPECT_EQ(against_a, 4);
}

TEST(AuditFaces, RefusesInputWithoutImpostors) {
  FaceInput input = InputOf(FourGroups());
  input.impostor = {};
  EXPECT_THROW(AuditFaces(input, At("fmr=0.1")), Error);
}

// Equal groups: few of 60 audits show a difference (Holm: 5 % at most).
TEST(AuditFaces, SeldomShowsADifferenceThatIsNotThere) {
  int false_alarms = 0;
  for (int i = 0; i < 60; ++i) {
    SynthOptions synth;
    synth.groups = {{.levels = {"A"}, .subjects = 80},
                    {.levels = {"B"}, .subjects = 80}};
    synth.seed = 100 + i;
    FaceAuditOptions options = At("fmr=0.01");
    options.replicates = 0;
    for (const FaceRatio& ratio : AuditFaces(InputOf(synth), options).ratios) {
      if (std::string_view(ratio.outcome) == "shown") {
        ++false_alarms;
        break;
      }
    }
  }
  // Two families a run; P(more than 16 | 60, 0.10) < 0.001.
  EXPECT_LE(false_alarms, 16);
}

}  // namespace
}  // namespace plumbline::face
