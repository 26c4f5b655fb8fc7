#include "plumbline/report/compare_report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

constexpr const char* kScript = "<script>alert('x')</script>";

Json Estimate(double value) {
  return {{"value", value}, {"lo", value - 0.05}, {"hi", value + 0.05},
          {"level", 0.95},  {"n", 880},           {"subjects", 700},
          {"events", 90},   {"method", "wilson"}, {"reason", nullptr}};
}

Json Difference(double value, const char* outcome, const char* verdict) {
  return {{"value", value},
          {"lo", value - 0.02},
          {"hi", value + 0.02},
          {"p", 0.01},
          {"p_adjusted", 0.02},
          {"n", 880},
          {"subjects", 700},
          {"margin", 0.05},
          {"direction", value > 0 ? "worse" : "better"},
          {"outcome", outcome},
          {"non_inferiority", verdict},
          {"smallest_detectable", 0.03},
          {"subjects_needed", 12345.0},
          {"method", "newcombe_paired"},
          {"reason", nullptr}};
}

Json Group(const std::string& name, const Json& attributes,
           const Json& grouping, const Json& difference) {
  return {{"target", "Effusion"},
          {"attributes", attributes},
          {"name", name},
          {"grouping", grouping},
          {"n", 880},
          {"subjects", 700},
          {"events", 90},
          {"metrics",
           {{"fnr",
             {{"baseline", Estimate(0.3)},
              {"challenger", Estimate(0.38)},
              {"difference", difference}}}}}};
}

// A comparison by an attribute of this name with `levels` levels.
Json MakeComparison(const std::string& attribute, int levels) {
  Json groups = Json::array();
  groups.push_back(Group("everyone", Json::object(), Json::array(),
                         Difference(-0.01, "shown", "non_inferior")));
  for (int i = 0; i < levels; ++i) {
    const std::string level = "L" + std::to_string(i);
    groups.push_back(Group(
        attribute + "=" + level, {{attribute, level}}, Json::array({attribute}),
        i == 0 ? Difference(0.08, "shown", "inferior")
               : Difference(0.01, "insufficient", "cannot_tell")));
  }
  const Json gap_of_model = {{"value", 0.1}, {"lo", 0.0}, {"hi", 0.2}};
  return {
      {"schema", "plumbline.compare/1"},
      {"plumbline", "0.1.0"},
      {"title", ""},
      {"models", {{"baseline", "old"}, {"challenger", kScript}}},
      {"input",
       {{"files", Json::array({{{"file", "preds.csv"}, {"rows", 9}}})},
        {"rows", 1760},
        {"subjects", 1400},
        {"subject_column", "id"},
        {"clustered", true}}},
      {"options",
       {{"by", {attribute}},
        {"cross", 1},
        {"at", "0.5"},
        {"replicates", 0},
        {"level", 0.95},
        {"margin", 0.05},
        {"margins", Json::array({"0.05"})},
        {"minimum", 10},
        {"seed", 1}}},
      {"targets",
       Json::array({{{"target", "Effusion"},
                     {"rows", 1760},
                     {"positives", 180},
                     {"threshold",
                      {{"baseline", {{"rule", "0.5"}, {"value", 0.5}}},
                       {"challenger", {{"rule", "0.5"}, {"value", 0.5}}}}}}})},
      {"metrics", Json::array({{{"name", "fnr"},
                                {"label", "False-negative rate (FNR)"},
                                {"direction", "lower_is_better"},
                                {"unit", "rate"},
                                {"summary", "Missed."}}})},
      {"verdict", {{"sentence", "new is worse somewhere."}}},
      {"groups", groups},
      {"gaps", Json::array({{{"target", "Effusion"},
                             {"by", {attribute}},
                             {"metric", "fnr"},
                             {"measure", "max_min"},
                             {"group", nullptr},
                             {"reference", nullptr},
                             {"baseline", gap_of_model},
                             {"challenger", gap_of_model},
                             {"value", 0.04},
                             {"lo", 0.01},
                             {"hi", 0.07},
                             {"p_adjusted", 0.01},
                             {"bias", 0.001},
                             {"outcome", "widened"}}})},
      {"gates", Json::array({{{"gate", "fnr non-inferior"},
                              {"target", "Effusion"},
                              {"outcome", "failed"},
                              {"sentence", "fnr non-inferior: failed."}}})},
      {"findings", Json::array({{{"code", "PB901"},
                                 {"severity", "high"},
                                 {"target", "Effusion"},
                                 {"sentence", "FNR is worse."},
                                 {"action", "Look."}}})},
      {"limitations",
       Json::array({{{"code", "PL107"}, {"text", "Sampling only."}}})}};
}

TEST(CompareReportHtml, IsOneWellFormedPageThatLoadsAndRunsNothing) {
  const std::string html = CompareReportHtml(MakeComparison("sex", 3));
  EXPECT_EQ(MarkupFault(html), "");
  for (const char* forbidden : {"<script", "http://", "https://", "src="}) {
    EXPECT_EQ(html.find(forbidden), std::string::npos) << forbidden;
  }
  EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
}

TEST(CompareReportHtml, DrawsTheDifferencesAgainstTheMargin) {
  const std::string html = CompareReportHtml(MakeComparison("sex", 3));
  EXPECT_EQ(Occurrences(html, "<svg role=\"img\""), 1);
  EXPECT_EQ(Occurrences(html, "<rect style=\"fill:var(--none-tint)\""), 1);
  EXPECT_NE(html.find("to the right of the margin is harm"), std::string::npos);
  EXPECT_NE(html.find("worse, inferior"), std::string::npos);
  EXPECT_NE(html.find("12,345"), std::string::npos);
}

TEST(CompareReportHtml, ShowsTheNumbersOfTheDocument) {
  const std::string html = CompareReportHtml(MakeComparison("sex", 3));
  for (const char* part :
       {"new is worse somewhere.", "+8.0\u00a0pp (6.0 to 10.0)",
        ">30.0\u00a0%<", ">38.0\u00a0%<", "30.0\u00a0% (25.0 to 35.0)",
        "38.0\u00a0% (33.0 to 43.0)", ">0.020<", ">880<", ">700<",
        ">3.0\u00a0pp<", ">5.0\u00a0pp<", "Margin open: whether",
        "New minus old (pp)", ">failed.</td>"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  // The verdict comes before the numbers of a line.
  EXPECT_NE(html.find("<th scope=\"col\" class=\"t\">Verdict</th><th "
                      "scope=\"col\">New − old (95 %)</th>"),
            std::string::npos);
}

TEST(CompareReportHtml, SaysWhatThePolicyFixed) {
  Json comparison = MakeComparison("sex", 1);
  EXPECT_EQ(CompareReportHtml(comparison).find("Fixed beforehand"),
            std::string::npos);
  comparison["policy"] = {{"file", "p.toml"},
                          {"sha256", std::string(64, 'b')},
                          {"settings", Json::array()},
                          {"gates", Json::array()}};
  EXPECT_NE(CompareReportHtml(comparison)
                .find("Fixed beforehand by the policy p.toml; SHA-256 "
                      "<code>bbb"),
            std::string::npos);
  EXPECT_NE(CompareText(comparison, 200).find("policy p.toml; SHA-256 bbb"),
            std::string::npos);
}

TEST(CompareReportHtml, NeedsNoGroupsGapsGatesOrFindings) {
  Json comparison = MakeComparison("sex", 0);
  for (const char* list : {"gaps", "gates", "findings", "limitations"}) {
    comparison[list] = Json::array();
  }
  const std::string html = CompareReportHtml(comparison);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("No attribute was given with --by."), std::string::npos);
  EXPECT_NE(html.find("There are no groups to have a gap between."),
            std::string::npos);
  EXPECT_EQ(html.find("Limits that were set beforehand"), std::string::npos);
}

TEST(CompareReportHtml, SaysWhyThereIsNoDifference) {
  Json comparison = MakeComparison("sex", 1);
  Json& metric = comparison["groups"][1]["metrics"]["fnr"];
  for (const char* part : {"baseline", "challenger", "difference"}) {
    for (const char* key : {"value", "lo", "hi"}) metric[part][key] = nullptr;
    metric[part]["n"] = 6;
    metric[part]["reason"] = "below_minimum";
  }
  metric["difference"]["outcome"] = "insufficient";
  metric["difference"]["non_inferiority"] = "cannot_tell";
  metric["difference"]["direction"] = nullptr;
  metric["difference"]["p_adjusted"] = nullptr;
  metric["difference"]["smallest_detectable"] = nullptr;
  metric["difference"]["subjects_needed"] = nullptr;
  const std::string html = CompareReportHtml(comparison);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("nan"), std::string::npos);
  EXPECT_NE(html.find("too few: 6 of 10 needed"), std::string::npos);
  EXPECT_NE(html.find("</span> cannot tell"), std::string::npos);
}

TEST(CompareReportHtml, ShowsHostileNamesAsText) {
  const std::string html =
      CompareReportHtml(MakeComparison("\"'&\u202E<svg onload=x>", 3));
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("<svg onload"), std::string::npos);
  EXPECT_EQ(html.find("\u202E"), std::string::npos);
}

TEST(CompareReportHtml, StaysBelowAMegabyte) {
  const std::string html = CompareReportHtml(MakeComparison("site", 5000));
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_LT(html.size(), 1'000'000u);
  EXPECT_NE(html.find("are in groups.csv"), std::string::npos);
}

TEST(CompareText, HasTheVerdictAndTheWorstGroupFirst) {
  const std::string text = CompareText(MakeComparison("sex", 3), 100);
  EXPECT_NE(text.find("VERDICT\n  new is worse somewhere."), std::string::npos);
  EXPECT_LT(text.find("sex=L0"), text.find("sex=L1"));
  EXPECT_NE(text.find("+8.0 pp (6.0 to 10.0)"), std::string::npos);
  EXPECT_NE(text.find("widened"), std::string::npos);
  for (size_t start = 0; start < text.size();) {
    const size_t end = std::min(text.find('\n', start), text.size());
    EXPECT_LE(DisplayWidth(text.substr(start, end - start)), 100);
    start = end + 1;
  }
}

TEST(CompareGroupsCsv, HasARowForEachGroupAndMetric) {
  const std::string csv = CompareGroupsCsv(MakeComparison("sex", 3));
  EXPECT_EQ(Occurrences(csv, "\r\n"), 5);
  const std::string head = csv.substr(0, csv.find("\r\n"));
  EXPECT_EQ(Occurrences(head, ","), 35);
}

TEST(CompareGapsCsv, HasARowForEachGap) {
  const std::string csv = CompareGapsCsv(MakeComparison("sex", 3));
  EXPECT_EQ(Occurrences(csv, "\r\n"), 2);
}

TEST(ReadCompareDocument, NamesTheDocumentThatIsWrong) {
  const auto message = [](const Json& document) -> std::string {
    try {
      CompareText(document);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  Json comparison = MakeComparison("sex", 1);
  comparison.erase("groups");
  EXPECT_EQ(message(comparison),
            "compare.json: has no \"groups\"; was it written by plumbline "
            "compare?");
  comparison["schema"] = "plumbline.audit/1";
  EXPECT_EQ(message(comparison),
            "compare.json: schema is \"plumbline.audit/1\", expected "
            "\"plumbline.compare/1\"; compare the models again with this "
            "version of plumbline");
}

}  // namespace
}  // namespace plumbline::report
