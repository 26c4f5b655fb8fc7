#include "plumbline/report/audit_document.h"

#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/synthetic_audit.h"

namespace plumbline::report {
namespace {

std::string MessageOf(const Json& audit) {
  try {
    ReadAuditDocument(audit);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "accepted";
}

TEST(ReadAuditDocument, GathersEverythingUnderItsTarget) {
  const AuditDocument document =
      ReadAuditDocument(MakeAudit({.targets = {"Effusion", "Edema"}}));
  ASSERT_EQ(document.targets.size(), 2u);
  for (const AuditTarget& target : document.targets) {
    EXPECT_EQ(target.groups.size(), 12u);  // 1 + 2 + 3 + 2 * 3
    EXPECT_EQ(target.gaps.size(), 9u);
    EXPECT_EQ(target.curves.size(), 6u);
    EXPECT_EQ(target.missingness.size(), 1u);
  }
  EXPECT_EQ(document.options.seed, "18446744073709551615");
}

TEST(ReadAuditDocument, NamesTheMissingKeyAndWhatToAsk) {
  for (const char* key :
       {"plumbline", "input", "options", "threshold", "targets", "attributes",
        "metrics", "groups", "gaps", "curves", "missingness", "gates",
        "findings", "limitations"}) {
    Json audit = MakeAudit();
    audit.erase(key);
    EXPECT_EQ(MessageOf(audit), "audit.json: has no \"" + std::string(key) +
                                    "\"; was it written by plumbline audit?");
  }
}

TEST(ReadAuditDocument, SaysWhereANestedKeyIsMissing) {
  Json audit = MakeAudit();
  audit["groups"][3].erase("metrics");
  EXPECT_EQ(MessageOf(audit),
            "audit.json: groups[3] has no \"metrics\"; was it written by "
            "plumbline audit?");
  audit = MakeAudit();
  audit["groups"][3]["metrics"]["fnr"].erase("value");
  EXPECT_EQ(MessageOf(audit),
            "audit.json: groups[3].metrics.fnr has no \"value\"; was it "
            "written by plumbline audit?");
}

TEST(ReadAuditDocument, SaysWhatItFoundInsteadOfANumber) {
  Json audit = MakeAudit();
  audit["groups"][3]["n"] = "many";
  EXPECT_EQ(MessageOf(audit),
            "audit.json: groups[3].n is \"many\", expected a whole number or "
            "null");
  audit = MakeAudit();
  audit["gaps"][0]["outcome"] = "perhaps";
  EXPECT_EQ(MessageOf(audit),
            "audit.json: gaps[0].outcome is \"perhaps\", expected shown, "
            "none_above_margin, insufficient or null");
  audit = MakeAudit();
  audit["curves"][0]["roc"][5] = {0.5};
  EXPECT_EQ(MessageOf(audit),
            "audit.json: curves[0].roc[5] is [0.5], expected [fpr, tpr]");
}

TEST(ReadAuditDocument, RefusesAnotherSchema) {
  Json audit = MakeAudit();
  audit["schema"] = "plumbline.audit/2";
  EXPECT_EQ(MessageOf(audit),
            "audit.json: schema is \"plumbline.audit/2\", expected "
            "\"plumbline.audit/1\"; audit the predictions again with this "
            "version of plumbline");
}

TEST(ReadAuditDocument, RefusesAGroupOfAnUnknownTarget) {
  Json audit = MakeAudit();
  audit["groups"][1]["target"] = "Edema";
  EXPECT_EQ(MessageOf(audit),
            "audit.json: groups[1] is about target \"Edema\" and model "
            "\"score\", which \"targets\" does not list");
}

TEST(ReadAuditDocument, NeverCrashesOnADocumentOfAnotherKind) {
  for (const Json& other :
       {Json(), Json(1), Json::array(), Json("text"), Json::object()}) {
    EXPECT_NE(MessageOf(other), "accepted");
  }
}

// Each value in turn is replaced by one of another type: whatever comes of it,
// it is an Error or a page.
TEST(ReadAuditDocument, SurvivesAnyValueOfAnyOtherType) {
  Json audit = MakeAudit(
      {.attributes = {{"sex", {"F"}}, {"view", {"A"}}}, .metrics = {"fnr"}});
  for (Json& curve : audit["curves"]) {  // its points are all alike
    for (const char* list : {"roc", "calibration", "net_benefit"}) {
      curve[list] = Json::array({curve[list][0], curve[list][1]});
    }
  }
  const Json flat = audit.flatten();
  int tried = 0;
  for (const auto& [path, value] : flat.items()) {
    Json& place = audit[Json::json_pointer(path)];
    for (const Json& other :
         {Json(), Json(-1), Json("x"), Json::array(), Json::object()}) {
      place = other;
      try {
        AuditText(audit);
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kInvalidInput) << path;
      }
      ++tried;
    }
    place = value;
  }
  EXPECT_GT(tried, 500);
}

TEST(WorstGroups, AreNotLedByASmallGroupWithAWideInterval) {
  Json audit = MakeAudit();
  for (Json& group : audit["groups"]) {
    Json& fnr = group["metrics"]["fnr"];
    if (group["name"] == "sex=F") {  // small: 0.60 (0.20 to 0.90)
      fnr["value"] = 0.6, fnr["lo"] = 0.2, fnr["hi"] = 0.9;
    } else if (group["name"] == "sex=M") {  // large: 0.50 (0.45 to 0.55)
      fnr["value"] = 0.5, fnr["lo"] = 0.45, fnr["hi"] = 0.55;
    }
  }
  const AuditDocument document = ReadAuditDocument(audit);
  const auto worst = WorstGroups(document, document.targets[0],
                                 document.MetricIndex("fnr"), 2);
  ASSERT_EQ(worst.size(), 2u);
  EXPECT_EQ(worst[0]->name, "sex=M");
}

TEST(HeadlineGaps, PutShownGapsBeforeTheRest) {
  const AuditDocument document = ReadAuditDocument(MakeAudit());
  const auto gaps = HeadlineGaps(document, document.targets[0]);
  ASSERT_FALSE(gaps.empty());
  EXPECT_EQ(gaps.front()->outcome, GapOutcome::kShown);
  EXPECT_EQ(gaps.back()->outcome, GapOutcome::kNoneAboveMargin);
}

TEST(CountOutcomes, CountsGapsThatCouldNotBeComputedAsCannotTell) {
  Json audit = MakeAudit();
  const int before = CountOutcomes(ReadAuditDocument(audit)).cannot_tell;
  for (Json& gap : audit["gaps"]) {
    if (gap["outcome"] != "shown") continue;
    gap["value"] = gap["lo"] = gap["hi"] = gap["outcome"] = nullptr;
    gap["reason"] = "below_minimum";
    break;
  }
  EXPECT_EQ(CountOutcomes(ReadAuditDocument(audit)).cannot_tell, before + 1);
}

TEST(CountOutcomes, DoesNotCountTheSameComparisonTwice) {
  const auto total = [](std::vector<std::string> metrics) {
    return CountOutcomes(ReadAuditDocument(MakeAudit({.metrics = metrics})))
        .total();
  };
  // Sensitivity is one minus the FNR, and prevalence is not the model's doing.
  EXPECT_EQ(total({"fnr"}), total({"fnr", "sensitivity", "prevalence"}));
  EXPECT_EQ(total({"fnr"}), total({"sensitivity"}));
}

TEST(LimitationLines, SayTheSameKindOnlyOnce) {
  Json audit = MakeAudit();
  audit["limitations"] = Json::array();
  for (const char* target : {"Edema", "Mass", "Hernia"}) {
    audit["limitations"].push_back(
        {{"code", "PL101"},
         {"text", std::string(target) + ": fitted on these rows."}});
  }
  audit["limitations"].push_back({{"code", "PL107"}, {"text", "Other."}});
  EXPECT_EQ(LimitationLines(ReadAuditDocument(audit), 1),
            (std::vector<std::string>{
                "Edema: fitted on these rows. (2 more of this kind: PL101.)",
                "Other."}));
  EXPECT_EQ(LimitationLines(ReadAuditDocument(audit), 3).size(), 4u);
}

TEST(FindingsToShow, SayWhatToDoAtTheLastOfSeveral) {
  Json audit = MakeAudit();
  const Json finding = audit["findings"][0];
  audit["findings"] = {finding, finding, finding};
  audit["findings"][2]["action"] = "Something else.";
  const auto findings = FindingsToShow(ReadAuditDocument(audit), 10);
  ASSERT_EQ(findings.size(), 3u);
  EXPECT_EQ(findings[0].action, "");
  EXPECT_EQ(findings[1].action, "Look at the missed images.");
  EXPECT_EQ(findings[2].action, "Something else.");
  // The last that is shown always says it.
  EXPECT_NE(FindingsToShow(ReadAuditDocument(audit), 1)[0].action, "");
}

TEST(TargetsWorstFirst, PutTheTargetOfASevereFindingFirst) {
  Json audit = MakeAudit({.targets = {"Mass", "Edema"}});
  audit["findings"][0]["target"] = "Edema";
  EXPECT_EQ(TargetsWorstFirst(ReadAuditDocument(audit)),
            (std::vector<int>{1, 0}));
}

}  // namespace
}  // namespace plumbline::report
