#include "plumbline/audit/share.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/audit/share_input_for_test.h"
#include "plumbline/base/error.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Shared {
  Json before;
  Json after;
};

Shared Share(const AuditInput& input,
             const AuditOptions& options = ShareAuditOptions()) {
  const AuditResult result = Audit(input, options);
  Shared shared{ToJson(result, input, options), {}};
  shared.before["title"] = "";
  shared.after = SharedAudit(shared.before, input, result, {});
  return shared;
}

// p has few misses, r many: a gap that is shown, between groups that are not.
std::vector<ShareCell> FewMisses() {
  return {{"p", 90, 3, 30, 90}, {"q", 90, 30, 30, 90}, {"r", 30, 90, 30, 90}};
}

std::vector<ShareCell> ManyMisses() {
  return {{"p", 90, 30, 30, 90}, {"q", 90, 30, 30, 90}, {"r", 30, 90, 30, 90}};
}

const Json* FindCode(const Json& entries, const std::string& code) {
  for (const Json& entry : entries) {
    if (entry["code"] == code) return &entry;
  }
  return nullptr;
}

TEST(SharedNumber, HasThreeDecimals) {
  EXPECT_EQ(SharedNumber(0.12345), Json(0.123));
  EXPECT_EQ(SharedNumber(-0.0001).dump(), "0.0");
  EXPECT_EQ(SharedNumber(17), Json(17));
  EXPECT_TRUE(SharedNumber(nullptr).is_null());
}

TEST(SharedAudit, HidesWhatAFewMissesAreMadeOf) {
  const Shared shared = Share(ShareInput(FewMisses()));
  const Json& group = shared.after["groups"][1];
  EXPECT_EQ(group["name"], "a=p");
  EXPECT_EQ(group["n"], 213);
  EXPECT_EQ(group["events"], 93);
  for (const char* metric : {"fnr", "sensitivity", "ppv", "accuracy", "f1"}) {
    const Json& estimate = group["metrics"][metric];
    for (const char* key : {"value", "lo", "hi", "n", "events"}) {
      EXPECT_TRUE(estimate[key].is_null()) << metric << " " << key;
    }
    EXPECT_EQ(estimate["reason"], "suppressed");
  }
  EXPECT_EQ(group["metrics"]["fpr"]["value"], 0.25);
  EXPECT_EQ(
      group["metrics"]["auroc"]["value"],
      SharedNumber(shared.before["groups"][1]["metrics"]["auroc"]["value"]));
}

TEST(SharedAudit, LeavesOutNumbersOfGapsBetweenHiddenGroups) {
  const Shared shared = Share(ShareInput(FewMisses()));
  for (const Json& gap : shared.after["gaps"]) {
    if (gap["measure"] != "max_min" || gap["metric"] != "fnr") continue;
    EXPECT_TRUE(gap["value"].is_null());
    EXPECT_TRUE(gap["worst"].is_null());
    EXPECT_EQ(gap["outcome"], "shown");
    EXPECT_EQ(gap["reason"], "suppressed");
  }
  const Json* finding = FindCode(shared.after["findings"], "PB101");
  ASSERT_NE(finding, nullptr);
  EXPECT_EQ((*finding)["sentence"],
            "False-negative rate (FNR) differs between groups of a. The "
            "numbers are left out of this shared version.");
  EXPECT_TRUE((*finding)["numbers"].empty());
}

TEST(SharedAudit, KeepsSentencesOfWhatIsShown) {
  const Shared shared = Share(ShareInput(ManyMisses()));
  const Json* before = FindCode(shared.before["findings"], "PB101");
  const Json* after = FindCode(shared.after["findings"], "PB101");
  ASSERT_NE(before, nullptr);
  ASSERT_NE(after, nullptr);
  EXPECT_EQ((*after)["sentence"], (*before)["sentence"]);
  EXPECT_EQ((*after)["numbers"]["value"],
            SharedNumber((*before)["numbers"]["value"]));
}

TEST(SharedAudit, TakesNoFindingForThatOfAGapByItsNumbersAlone) {
  const AuditInput input = ShareInput(ManyMisses());
  const AuditOptions options = ShareAuditOptions();
  AuditResult result = Audit(input, options);
  for (Finding& finding : result.findings) {
    if (finding.code != "PB101") continue;
    Finding other = finding;  // of a part that is not shared
    other.code = "PB203";
    other.sentence = "dx: 4 rows";
    result.findings.push_back(other);
    break;
  }
  Json document = ToJson(result, input, options);
  document["title"] = "";
  const Json shared = SharedAudit(document, input, result, {});
  const Json* finding = FindCode(shared["findings"], "PB203");
  ASSERT_NE(finding, nullptr);
  EXPECT_THAT((*finding)["sentence"].get<std::string>(),
              Not(HasSubstr("4 rows")));
  EXPECT_TRUE((*finding)["numbers"].empty());
}

TEST(SharedAudit, TellsOfAGateOnHiddenGroupsTheOutcomeAlone) {
  AuditOptions options = ShareAuditOptions();
  options.gates.push_back(
      ParseGate("fnr gap by a <= 0.05", {"fnr", "fpr"}, {"a"}));
  options.gates.push_back(
      ParseGate("fpr gap by a <= 0.5", {"fnr", "fpr"}, {"a"}));
  const Shared shared = Share(ShareInput(FewMisses()), options);
  const Json& gates = shared.after["gates"];
  EXPECT_EQ(gates[0]["sentence"],
            "fnr gap by a <= 0.05: failed. The numbers are left out of this "
            "shared version.");
  EXPECT_TRUE(gates[0]["value"].is_null());
  EXPECT_THAT(gates[1]["sentence"].get<std::string>(),
              HasSubstr("fpr gap by a <= 0.5: met; found 0.000, interval"));
}

TEST(SharedAudit, RemovesAndNamesWhatItDoesNotKnow) {
  const AuditInput input = ShareInput(ManyMisses());
  const AuditOptions options = ShareAuditOptions();
  const AuditResult result = Audit(input, options);
  Json document = ToJson(result, input, options);
  document["title"] = "";
  document["case_mix"] = {{"rows", 3}};
  document["brand_new"] = {{"rows", 3}};
  document["limitations"].push_back(
      {{"code", "PL112"}, {"text", "3 rows were left out"}});
  const Json shared = SharedAudit(document, input, result, {});
  EXPECT_FALSE(shared.contains("case_mix"));
  EXPECT_FALSE(shared.contains("brand_new"));
  EXPECT_THAT(shared["shared"]["removed"].dump(),
              HasSubstr(R"("case_mix","brand_new")"));
  EXPECT_THAT(shared["shared"]["text"].get<std::string>(),
              HasSubstr("Left out altogether, with all numbers of theirs: gaps "
                        "adjusted for case mix and brand_new."));
  const Json* limitation = FindCode(shared["limitations"], "PL112");
  ASSERT_NE(limitation, nullptr);
  EXPECT_THAT((*limitation)["text"].get<std::string>(), Not(HasSubstr("3")));
}

TEST(SharedAudit, RoundsAFittedThreshold) {
  AuditOptions options = ShareAuditOptions();
  options.threshold = ParseThresholdRule("youden");
  options.tune_on_audited = true;
  const Shared shared = Share(ShareInput(ManyMisses()), options);
  const double before =
      shared.before["targets"][0]["threshold"]["value"].get<double>();
  const double after =
      shared.after["targets"][0]["threshold"]["value"].get<double>();
  EXPECT_NEAR(after, before, 0.005);
  EXPECT_NEAR(100 * after, std::round(100 * after), 1e-9);
}

TEST(SharedAudit, RefusesWeightedRows) {
  AuditInput input = ShareInput(ManyMisses());
  input.weights.assign(input.rows, 2.0);
  try {
    Share(input);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_THAT(error.what(),
                HasSubstr("a weighted audit has no shared version"));
  }
}

TEST(ShareView, FindsATargetByItsModelWhereThereAreSeveral) {
  AuditInput input = ShareInput(ManyMisses());
  input.targets.push_back(input.targets[0]);
  for (size_t t = 0; t < 2; ++t) {
    AuditTarget& target = input.targets[t];
    target.finding = "y";
    target.score_column = t == 0 ? "s" : "other";
    target.name = "y by " + target.score_column;
  }
  const AuditResult result = Audit(input, ShareAuditOptions());
  const SharePlan plan = PlanSharing(input, result, {});
  const ShareView view(input, result, plan);
  EXPECT_EQ(view.Target("y", "s"), 0);
  EXPECT_EQ(view.Target("y", "other"), 1);
  EXPECT_EQ(view.Target("y", ""), -1) << "it could be either";
  EXPECT_EQ(view.TargetOf({{"target", "y"}, {"model", "other"}}), 1);
  EXPECT_EQ(view.TargetOf({{"target", nullptr}}), -1);
  EXPECT_EQ(view.Group("a=q"), 2);
  EXPECT_EQ(view.Group("a=x"), -1);
  EXPECT_EQ(view.Grouping({"a"}), 1);
  EXPECT_EQ(view.MissingGroup("a"), -1);
}

TEST(SharedAudit, HidesEachModelByItsOwnCounts) {
  const AuditInput input = TwoModelInput(ManyMisses());
  const Json document = Share(input).after;
  ASSERT_EQ(document["groups"].size(), 8u);
  for (const Json& group : document["groups"]) {
    if (group["name"] != "a=p") continue;
    EXPECT_EQ(group["metrics"]["fnr"]["value"].is_null(),
              group["model"] == "other");
  }
  for (const Json& finding : document["findings"]) {
    if (finding["target"].is_null()) continue;
    EXPECT_TRUE(finding.contains("model")) << finding["code"];
  }
}

}  // namespace
}  // namespace plumbline
