// The plan on page, terminal and CSV.
#include "plumbline/report/power_report.h"

#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

Json Group(const std::string& name) {
  const Json need = {{"trials", 2087}, {"rows", 16762}, {"subjects", 4742}};
  return {{"name", name},        {"share", 0.456},   {"expected", 0.183},
          {"prevalence", 0.125}, {"flagged", 0.283}, {"design_effect", 1.92},
          {"equal_sizes", need}, {"at_shares", need}};
}

Json Plan() {
  return {
      {"schema", "plumbline.power/1"},
      {"plumbline", "0.1.0"},
      {"title", ""},
      {"metric", "fnr"},
      {"label", "False-negative rate (FNR)"},
      {"denominator", "rows with the finding"},
      {"goal", "difference"},
      {"asked", "subjects"},
      {"margin", 0.05},
      {"power", 0.8},
      {"power_reached", 0.8001},
      {"level", 0.9},
      {"comparisons", 3},
      {"z", 1.96},
      {"rows_per_subject", 3.54},
      {"rows_cv", 0.0},
      {"icc", 0.25},
      {"missing_share", 0.1},
      {"method", "normal"},
      {"formula_trials", 2156.9},
      {"subjects", 10114},
      {"subjects_at_shares", 10147},
      {"limiting_group", "sex=F"},
      {"groups", Json::array({Group("sex=F"), Group("sex=M")})},
      {"margin_by_size",
       Json::array(
           {{{"subjects", 2371}, {"trials", 1043}, {"margin", 0.072}},
            {{"subjects", 4742}, {"trials", 2087}, {"margin", 0.05}},
            {{"subjects", 9484}, {"trials", 4174}, {"margin", nullptr}}})},
      {"power_by_margin", Json::array({{{"margin", 0.025}, {"power", 0.31}},
                                       {{"margin", 0.05}, {"power", 0.8}}})},
      {"assumptions", Json::array({"Groups & values are <guesses>."})}};
}

TEST(PowerReport, ShowsTheNumbersOfTheDocument) {
  const std::string html = PowerReportHtml(Plan());
  EXPECT_EQ(MarkupFault(html), "");
  for (const char* part :
       {"to show a difference of 5.0\u00a0pp, 10,114 subjects are needed",
        "10,147 if groups come with their shares (sex=F decides)",
        ">18.3\u00a0%<",
        ">12.5\u00a0%<",
        ">1.92<",
        ">2,087<",
        ">16,762<",
        ">4,742<",
        ">Rows with the finding<",
        "Subjects of a group",
        "Difference (pp)",
        "Power (%)",
        "7.2\u00a0pp",
        "Groups &amp; values are &lt;guesses&gt;.",
        "normal approximation",
        "2,157",
        "90\u00a0%",
        "80.0\u00a0%",
        ">3.54<",
        ">0.25<",
        ">10.0\u00a0%<"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(Occurrences(html, "<svg role=\"img\""), 2);
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

// Thousands as words, never "2e+04".
TEST(PowerReport, WritesSizesOnTheAxisInFull) {
  Json plan = Plan();
  plan["margin_by_size"][1]["subjects"] = 60000;
  const std::string html = PowerReportHtml(plan);
  EXPECT_EQ(html.find("e+0"), std::string::npos);
  EXPECT_NE(html.find(">20,000</text>"), std::string::npos);
}

TEST(PowerReport, PlansIntervalsByTheirHalfWidth) {
  Json plan = Plan();
  plan["goal"] = "precision";
  plan["power_reached"] = nullptr;
  plan["formula_trials"] = nullptr;
  plan["power_by_margin"] = Json::array();
  const std::string html = PowerReportHtml(plan);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("Half width of the interval (pp)"), std::string::npos);
  EXPECT_EQ(Occurrences(html, "<svg role=\"img\""), 1);
  EXPECT_EQ(html.find("Power asked for"), std::string::npos);
  EXPECT_NE(PowerText(plan).find("Half width of the interval at other sizes"),
            std::string::npos);
}

// The share that gives the denominator, under its own name.
TEST(PowerReport, CallsFlaggedWhatIsFlagged) {
  Json plan = Plan();
  plan["metric"] = "ppv";
  plan["denominator"] = "flagged rows";
  const std::string html = PowerReportHtml(plan);
  EXPECT_NE(html.find(">Flagged<"), std::string::npos);
  EXPECT_NE(html.find(">28.3\u00a0%<"), std::string::npos);
  EXPECT_EQ(html.find(">Prevalence<"), std::string::npos);
  const std::string text = PowerText(plan);
  EXPECT_NE(text.find("Flagged"), std::string::npos);
  EXPECT_NE(text.find("28.3 %"), std::string::npos);
  EXPECT_EQ(text.find("12.5 %"), std::string::npos);
}

TEST(PowerReport, ShowsAucInItsOwnUnits) {
  Json plan = Plan();
  plan["metric"] = "auroc";
  plan["label"] = "AUROC";
  plan["denominator"] = "rows";
  const std::string html = PowerReportHtml(plan);
  EXPECT_NE(html.find("a difference of 0.050"), std::string::npos);
  EXPECT_EQ(html.find("(pp)"), std::string::npos);
}

TEST(PowerReport, CopesWithOneHostileGroupAndNoCurves) {
  Json plan = Plan();
  Json group = Group("<script>&\"" + std::string(300, 'g'));
  group["at_shares"] = nullptr;
  group["prevalence"] = nullptr;
  plan["groups"] = Json::array({group});
  plan["subjects_at_shares"] = nullptr;
  plan["limiting_group"] = "";
  plan["margin_by_size"] = Json::array();
  plan["power_by_margin"] = Json::array();
  plan["assumptions"] = Json::array();
  const std::string html = PowerReportHtml(plan);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find(std::string(100, 'g')), std::string::npos);
  EXPECT_NE(html.find("No other size reaches the goal."), std::string::npos);
  EXPECT_EQ(html.find("groups&#39; shares<"), std::string::npos);
  const std::string text = PowerText(plan, 80);
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = text.find('\n', begin);
    EXPECT_LE(DisplayWidth(text.substr(begin, end - begin)), 80);
    begin = end + 1;
  }
}

TEST(PowerDocument, SaysWhatIsWrongWithIt) {
  Json plan = Plan();
  plan.erase("groups");
  try {
    PowerReportHtml(plan);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "power.json: has no \"groups\"; was it written by plumbline "
                 "power?");
  }
}

TEST(PowerCsv, HasARowForEachGroupAndSize) {
  EXPECT_EQ(Occurrences(PowerCsv(Plan()), "\r\n"), 3);
  EXPECT_EQ(Occurrences(PowerCurveCsv(Plan()), "\r\n"), 4);
  EXPECT_NE(PowerCsv(Plan()).find("sex=F,0.456,0.183,0.125,0.283,1.92,2087,"
                                  "16762,4742,2087,16762,4742\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace plumbline::report
