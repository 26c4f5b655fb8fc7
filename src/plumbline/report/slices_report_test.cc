// Slices on the page and the terminal.
#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/synthetic_audit.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

Json Interval(double value, double lo, double hi) {
  return {{"value", value}, {"lo", lo}, {"hi", hi}};
}

Json Numbers(double difference) {
  return {{"n", 1972},
          {"subjects", 431},
          {"rate", Interval(0.287, 0.251, 0.326)},
          {"rest", {{"value", 0.145}, {"lo", 0.12}, {"hi", 0.17}}},
          {"difference", Interval(difference, 0.076, 0.209)},
          {"excess", Interval(278.4, 150.2, 412.0)},
          {"p_adjusted", 0.0004}};
}

Json Slice(const std::string& name, const char* outcome) {
  return {{"name", name},
          {"conditions", {{"view", "AP"}}},
          {"outcome", outcome},
          {"held_out", Numbers(0.141)},
          {"found_on", Numbers(0.234)}};
}

Json Search(const std::string& target, const char* metric, const Json& found) {
  return {
      {"target", target},
      {"model", nullptr},
      {"metric", metric},
      {"found_on", {{"n", 6059}}},
      {"held_out", {{"n", 5441}}},
      {"tested", 104},
      {"too_small", 17},
      {"discoveries", static_cast<int>(found.size()) + 1},
      {"redundant", 1},
      {"detectable", Json::array({{{"share", 0.05}, {"difference", 0.34}},
                                  {{"share", 0.5}, {"difference", nullptr}}})},
      {"found", found}};
}

Json Audit(const SyntheticAudit& kind, const Json& found) {
  Json audit = MakeAudit(kind);
  const Json& first = audit["targets"][0];
  Json search = Search(first["target"], "fpr", found);
  if (first.contains("model")) search["model"] = first["model"];
  audit["slices"] = {{"columns", Json::array({"sex", "view"})},
                     {"depth", 2},
                     {"fdr", 0.05},
                     {"minimum", 30},
                     {"searches", Json::array({search})}};
  return audit;
}

TEST(SlicesReport, ShowsTheNumbersOfTheDocument) {
  const std::string html = AuditReportHtml(
      Audit({}, Json::array({Slice("view=AP", "shown"),
                             Slice("sex=F, view=AP", "insufficient")})));
  EXPECT_EQ(MarkupFault(html), "");
  for (const char* part :
       {"<h3>False alarms among negatives</h3>", "14.1\u00a0pp (7.6 to 20.9)",
        "28.7\u00a0% (25.1 to 32.6)", "14.5\u00a0%", "1,972", "431",
        "278 (150 to 412)", "23.4\u00a0pp", "&lt;0.001", "</span> more errors",
        "</span> cannot tell",
        "104 slices of up to 2 conditions on sex and view",
        "At a false-discovery rate of 0.05, 3 stood out; 1 of these is",
        "34.0\u00a0pp in a slice of 5\u00a0% of the rows",
        "Difference to the rest (pp)"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
}

TEST(SlicesReport, SaysThatNothingStoodOut) {
  Json audit = Audit({}, Json::array());
  audit["slices"]["searches"][0]["discoveries"] = 0;
  audit["slices"]["searches"][0]["detectable"] = Json::array();
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("None stood out."), std::string::npos);
  EXPECT_NE(html.find("No excess in any slice could have been seen."),
            std::string::npos);
  EXPECT_EQ(html.find("Errors in excess"), std::string::npos);
}

TEST(SlicesReport, ShowsADashForWhatIsNotThere) {
  Json slice = Slice("view=AP", "insufficient");
  slice["held_out"] = {{"n", nullptr},
                       {"subjects", nullptr},
                       {"rate", Json::object()},
                       {"rest", Json::object()},
                       {"difference", {{"value", nullptr}}},
                       {"excess", Json::object()},
                       {"p_adjusted", nullptr}};
  const std::string html = AuditReportHtml(Audit({}, Json::array({slice})));
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("nan"), std::string::npos);
  EXPECT_NE(html.find("</span> cannot tell</td><td>-</td><td>-</td><td>-</td>"
                      "<td>-</td><td>-</td><td>-</td><td>-</td>"),
            std::string::npos);
}

TEST(SlicesReport, KeepsHostileAndLongNamesHarmless) {
  const std::string name =
      "<script>alert('x')</script>&\"" + std::string(400, 'x');
  const Json audit = Audit({}, Json::array({Slice(name, "shown")}));
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find(std::string(100, 'x')), std::string::npos);
  const std::string text = AuditText(audit, 80);
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    EXPECT_LE(DisplayWidth(text.substr(begin, end - begin)), 80);
    begin = end + 1;
  }
}

// Headings go down one step at a time.
TEST(SlicesReport, StandsBelowItsTargetIfThereAreSeveral) {
  const std::string html =
      AuditReportHtml(Audit({.targets = {"Effusion", "Mass"}},
                            Json::array({Slice("view=AP", "shown")})));
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("<h3>Slices</h3>"), std::string::npos);
  EXPECT_NE(html.find("<h4>False alarms among negatives</h4>"),
            std::string::npos);
}

TEST(SlicesDocument, SaysWhereItIsWrong) {
  Json audit = Audit({}, Json::array({Slice("view=AP", "shown")}));
  audit["slices"]["searches"][0]["found"][0].erase("held_out");
  try {
    AuditText(audit);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "audit.json: slices.searches[0].found[0] has no \"held_out\"; "
                 "was it written by plumbline audit?");
  }
}

}  // namespace
}  // namespace plumbline::report
