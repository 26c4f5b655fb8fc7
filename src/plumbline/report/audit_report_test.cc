#include "plumbline/report/audit_report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/synthetic_audit.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

constexpr const char* kScript = "<script>alert('x')</script>";

SyntheticAudit Hostile() {
  return {.targets = {kScript, "\"><svg onload=y>"},
          .attributes = {{kScript, {"\"'&", "a|b\n\x1b[31m", "\u202Eevil"}},
                         {std::string(5000, 'x'), {"🧬漢字", "אבג"}}}};
}

// 14 metrics and more, all that the audit knows.
std::vector<std::string> ManyMetrics(size_t count) {
  std::vector<std::string> names = {"fnr", "fpr", "auroc",
                                    "ppv", "ece", "brier"};
  while (names.size() < count) {
    names.push_back("metric" + std::to_string(names.size()));
  }
  return names;
}

std::vector<std::string> Numbered(const std::string& name, int count) {
  std::vector<std::string> names;
  for (int i = 1; i <= count; ++i) names.push_back(name + std::to_string(i));
  return names;
}

int Lines(const std::string& text) { return Occurrences(text, "\n"); }

int LongestLine(const std::string& text) {
  int longest = 0;
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    longest = std::max(longest, DisplayWidth(std::string_view(text).substr(
                                    start, end - start)));
    start = end + 1;
  }
  return longest;
}

TEST(AuditReportHtml, IsOneWellFormedPageThatLoadsAndRunsNothing) {
  const std::string html = AuditReportHtml(FixtureAudit());
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_LT(html.size(), 1'000'000u);
  EXPECT_NE(html.find("content=\"default-src 'none'; style-src "
                      "'unsafe-inline'; img-src data:\""),
            std::string::npos);
  EXPECT_NE(html.find("<html lang=\"en\">"), std::string::npos);
  for (const char* forbidden :
       {"<script", "javascript:", "http://", "https://", "onload=", "src="}) {
    EXPECT_EQ(html.find(forbidden), std::string::npos) << forbidden;
  }
}

TEST(AuditReportHtml, BeginsWithTheVerdict) {
  const Json audit = FixtureAudit();
  const std::string html = AuditReportHtml(audit);
  const size_t verdict = html.find("1. Verdict</h2>");
  ASSERT_NE(verdict, std::string::npos);
  EXPECT_LT(verdict, html.find("2. Population"));
  // The first finding, with its first few words.
  const std::string finding = audit["findings"][0]["sentence"];
  EXPECT_EQ(html.find(finding.substr(0, 20), verdict) - verdict,
            std::string("1. Verdict</h2>\n<p class=\"lead\">").size());
  EXPECT_NE(html.find("This is not a pass."), std::string::npos);
}

TEST(AuditReportHtml, GivesEveryFigureATitleADescriptionAndEveryTableACaption) {
  const std::string html = AuditReportHtml(FixtureAudit());
  const int figures = Occurrences(html, "<svg ");
  EXPECT_GT(figures, 20);
  EXPECT_EQ(Occurrences(html, "<svg role=\"img\""), figures);
  EXPECT_EQ(Occurrences(html, "<title id="), figures);
  EXPECT_EQ(Occurrences(html, "<desc id="), figures);
  EXPECT_EQ(Occurrences(html, "<table>"), Occurrences(html, "<caption>"));
  EXPECT_EQ(Occurrences(html, "<table>"),
            Occurrences(html, "class=\"scroll\" tabindex=\"0\""));
  EXPECT_EQ(Occurrences(html, "<th>"), 0);  // all have a scope
}

TEST(AuditReportHtml, HasASectionForEveryPartOfTheMinimumContent) {
  Json audit = MakeAudit();
  const std::string html = AuditReportHtml(audit);
  for (const char* part :
       {"Verdict", "Population, labels and threshold",
        "Data flow and missing values", "Performance for everyone",
        "Performance by group", "Intersections", "Calibration by group",
        "Discrimination and net benefit by group",
        "Robustness to missing demographics",
        "The smallest gap that these data could show", "Limitations",
        "Methods, versions and hashes", "Reporting checklists", "Sign-off"}) {
    EXPECT_NE(html.find(std::string(". ") + part + "</h2>"), std::string::npos)
        << part;
  }
}

TEST(AuditReportHtml, ShowsHostileNamesAsText) {
  const std::string html = AuditReportHtml(MakeAudit(Hostile()));
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<svg onload"), std::string::npos);
  EXPECT_EQ(html.find('\x1b'), std::string::npos);
  EXPECT_EQ(html.find("\u202E"), std::string::npos);
  // Names are cut, in descriptions of figures at 400 columns.
  EXPECT_EQ(html.find(std::string(500, 'x')), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert"), std::string::npos);
}

TEST(AuditReportHtml, PrintsWhyANumberIsMissing) {
  Json audit = MakeAudit();
  Json& fnr = audit["groups"][1]["metrics"]["fnr"];
  fnr["lo"] = fnr["hi"] = nullptr;
  fnr["n"] = 6;
  fnr["reason"] = "below_minimum";
  Json& fpr = audit["groups"][1]["metrics"]["fpr"];
  fpr["value"] = fpr["lo"] = fpr["hi"] = nullptr;
  fpr["reason"] = "one_class";
  const std::string html = AuditReportHtml(audit);
  EXPECT_NE(html.find("too few: 6 of 10 needed"), std::string::npos);
  EXPECT_NE(html.find("only one class"), std::string::npos);
}

TEST(AuditReportHtml, StaysUnderAMegabyteFor136GroupsAnd25Metrics) {
  // 1 + 18 + 117 = 136 groups.
  const Json audit = MakeAudit({.attributes = {{"sex", Numbered("s", 2)},
                                               {"age", Numbered("a", 5)},
                                               {"race", Numbered("r", 5)},
                                               {"device", Numbered("d", 6)}},
                                .metrics = ManyMetrics(25)});
  ASSERT_EQ(audit["groups"].size(), 136u);
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_LT(html.size(), 1'000'000u);
  // All of them in the table: 136 is not too much.
  EXPECT_NE(html.find("All metrics of 136 groups"), std::string::npos);
}

TEST(AuditReportHtml, StaysUnderAMegabyteFor14TargetsOf30Groups) {
  // 1 + 11 + 18 = 30 groups.
  const Json audit = MakeAudit(
      {.targets = Numbered("Target ", 14),
       .attributes = {{"sex", Numbered("s", 2)}, {"race", Numbered("r", 9)}},
       .metrics = ManyMetrics(14)});
  ASSERT_EQ(audit["groups"].size(), 14 * 30u);
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_LT(html.size(), 1'000'000u);
  EXPECT_EQ(Occurrences(html, "<details class=\"target\""), 14);
}

TEST(AuditReportHtml, SaysWhereTheRestIsWhenNotAllFits) {
  const Json audit = MakeAudit({.targets = Numbered("Target ", 3),
                                .attributes = {{"site", Numbered("site ", 40)},
                                               {"unit", Numbered("unit ", 30)}},
                                .metrics = ManyMetrics(12),
                                .curves = false});
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_LT(html.size(), 1'000'000u);
  EXPECT_NE(html.find("of 1,271 groups"), std::string::npos);
  EXPECT_NE(html.find("all are in groups.csv"), std::string::npos);
}

TEST(AuditReportHtml, NeedsNoCurvesNoGapsAndNoAttributes) {
  Json audit = MakeAudit({.curves = false});
  for (const char* list : {"gaps", "missingness", "gates", "findings",
                           "limitations", "attributes"}) {
    audit[list] = Json::array();
  }
  audit["groups"] = Json::array({audit["groups"][0]});
  EXPECT_EQ(MarkupFault(AuditReportHtml(audit)), "");
  EXPECT_NE(AuditText(audit).find("No comparison between groups was made."),
            std::string::npos);
}

TEST(AuditReportHtml, ShowsHiddenCountsAsHidden) {
  Json audit = MakeAudit();
  Json& group = audit["groups"][1];
  group["n"] = group["subjects"] = group["events"] = nullptr;
  for (auto& [name, estimate] : group["metrics"].items()) {
    for (const char* key : {"value", "lo", "hi", "n", "subjects", "events"}) {
      estimate[key] = nullptr;
    }
    estimate["reason"] = "suppressed";
  }
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("hidden (small cells)"), std::string::npos);
}

TEST(AuditText, FitsTheWidth) {
  for (const int width : {60, 80, 100, 140}) {
    EXPECT_LE(LongestLine(AuditText(FixtureAudit(), width)), width);
    EXPECT_LE(LongestLine(AuditText(MakeAudit(Hostile()), width)), width);
  }
}

TEST(AuditText, BeginsWithTitlePopulationAndVerdict) {
  const std::string text = AuditText(MakeAudit());
  EXPECT_TRUE(text.starts_with(
      "Test set\n"
      "========\n"
      "  12,345 rows of 9,000 subjects in preds.csv; flagged at or above 0.412 "
      "(rule fpr=0.2), fitted on\n"
      "  separate tuning rows.\n"
      "\n"
      "VERDICT\n"
      "  More positives of race=C are missed. Of 9 comparisons between groups, "
      "3 showed a gap, 3 showed\n"
      "  that there is none above the margin, and in 3 these data cannot "
      "tell."))
      << text;
}

TEST(AuditText, ListsGatesFindingsAndLimitations) {
  const std::string text = AuditText(MakeAudit());
  EXPECT_NE(text.find("failed  fnr gap by race <= 0.05: All of the interval "
                      "is above 0.05."),
            std::string::npos);
  EXPECT_NE(text.find("PB101 high  More positives"), std::string::npos);
  EXPECT_NE(text.find("plumbline explain PB101"), std::string::npos);
  EXPECT_NE(text.find("- Some groups are small."), std::string::npos);
}

TEST(AuditText, StaysCompactForFourteenTargets) {
  const std::string text =
      AuditText(MakeAudit({.targets = Numbered("Target ", 14)}));
  EXPECT_LE(Lines(text), 65);
  EXPECT_NE(text.find("Target 14"), std::string::npos);
  EXPECT_NE(text.find("groups.csv"), std::string::npos);
}

TEST(AuditText, TakesOneItemForAGateOfManyTargets) {
  Json audit = MakeAudit({.targets = Numbered("Target ", 14)});
  const Json gate = audit["gates"][0];
  for (int i = 2; i <= 14; ++i) {
    audit["gates"].push_back(gate);
    audit["gates"].back()["target"] = "Target " + std::to_string(i);
    audit["gates"].back()["outcome"] = i == 2 ? "failed" : "cannot_tell";
  }
  EXPECT_NE(AuditText(audit).find(
                "failed  fnr gap by race <= 0.05: failed for Target 1 and "
                "Target 2; cannot tell for 12 targets"),
            std::string::npos)
      << AuditText(audit);
}

TEST(AuditText, CannotDriveTheTerminal) {
  const std::string text = AuditText(MakeAudit(Hostile()));
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\u202E"), std::string::npos);
}

TEST(AuditMarkdown, HoldsTheSameTablesWithoutMarkupFromNames) {
  const std::string markdown = AuditMarkdown(MakeAudit(Hostile()));
  EXPECT_TRUE(markdown.starts_with("# Test set\n"));
  EXPECT_NE(markdown.find("| --- |"), std::string::npos);
  for (size_t at = markdown.find('<'); at != std::string::npos;
       at = markdown.find('<', at + 1)) {
    EXPECT_EQ(markdown[at - 1], '\\');
  }
}

TEST(AuditGroupsCsv, HasOneExactRowForEachGroupAndMetric) {
  Json audit = MakeAudit();
  audit["groups"][1]["metrics"]["fnr"]["value"] = 0.1 + 0.2;
  const std::string csv = AuditGroupsCsv(audit);
  EXPECT_EQ(Lines(csv), 1 + 12 * 3);
  EXPECT_TRUE(csv.starts_with("target,model,group,attributes,"));
  EXPECT_NE(csv.find("Effusion,score,sex=F,\"{\"\"sex\"\":\"\"F\"\"}\",1001,"
                     "801,90,0.09,fnr,0.30000000000000004,"),
            std::string::npos)
      << csv.substr(0, 1500);
}

TEST(AuditGroupsCsv, LeavesNullsEmptyAndQuotesNames) {
  Json audit = MakeAudit();
  Json& group = audit["groups"][1];
  group["name"] = "a,\"b\"";
  group["n"] = nullptr;
  EXPECT_NE(AuditGroupsCsv(audit).find("score,\"a,\"\"b\"\"\",\"{"),
            std::string::npos);
  EXPECT_NE(AuditGroupsCsv(audit).find("}\",,801,"), std::string::npos);
}

TEST(AuditGapsCsv, HasOneRowForEachGapAndAllItsColumns) {
  const Json audit = FixtureAudit();
  const std::string csv = AuditGapsCsv(audit);
  EXPECT_EQ(Lines(csv), 1 + static_cast<int>(audit["gaps"].size()));
  const std::string header = csv.substr(0, csv.find('\r'));
  for (const auto& [key, value] : audit["gaps"][0].items()) {
    EXPECT_NE(("," + header + ",").find("," + key + ","), std::string::npos)
        << key;
  }
}

TEST(AuditGapsCsv, NamesTheMissingList) {
  Json audit = MakeAudit();
  audit.erase("gaps");
  try {
    AuditGapsCsv(audit);
    FAIL() << "wrote gaps without gaps";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    EXPECT_STREQ(error.what(),
                 "audit.json: has no \"gaps\"; was it written by plumbline "
                 "audit?");
  }
}

}  // namespace
}  // namespace plumbline::report
