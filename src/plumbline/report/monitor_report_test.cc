#include "plumbline/report/monitor_report.h"

#include <gtest/gtest.h>

#include "plumbline/base/json.h"
#include "plumbline/base/test_support.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/monitor_document.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

// Two windows, one group that drifts and has a name that must be escaped, and
// one of which nothing is known.
const char* const kDocument = R"json({
"schema": "plumbline.monitor/1", "plumbline": "0.1", "title": "",
"input": {"files": [{"file": "a.csv"}], "rows": 1200, "subjects": 900,
  "subject_column": "s", "first_day": "2024-01-01", "last_day": "2024-02-28"},
"options": {"by": ["sex"], "window": "month",
  "baseline": {"first": "2024-01", "last": "2024-01"}, "level": 0.95,
  "margin": 0.05, "drift_margin": 0, "subject_visits": "once",
  "correction": "bonferroni"},
"family": {"streams": 2, "tested": 1, "log10_e_needed": 1.30103},
"targets": [{"target": "y<1", "threshold": {"rule": "fpr=0.2", "value": 0.3,
  "fitted_on": "baseline"}}],
"metrics": [{"name": "fnr", "label": "False-negative rate (FNR)",
  "unit": "rate", "followed": true}],
"windows": [
  {"window": "2024-01", "part": "baseline", "rows": 600, "subjects": 500},
  {"window": "2024-02", "part": "monitored", "rows": 600, "subjects": 400}],
"groups": [{"target": "y<1", "name": "sex=<F>", "windows": [
  {"window": "2024-01", "n": 300, "metrics": {"fnr": {"value": 0.2, "lo": 0.1,
    "hi": 0.3, "n": 100, "reason": null}}}]}],
"drift": [
  {"target": "y<1", "name": "sex=<F>", "by": ["sex"], "metric": "fnr",
   "expected": false, "baseline": {"value": 0.2, "lo": 0.12, "hi": 0.3,
   "n": 90}, "log10_e_needed": 1.30103, "alarm": {"day": "2024-02-11",
   "window": "2024-02", "log10_e": 1.4}, "outcome": "shown", "reason": null,
   "points": [{"window": "2024-02", "n": 80,
     "rate": {"value": 0.5, "lo": 0.4, "hi": 0.6},
     "change": {"value": 0.3, "lo": 0.1, "hi": 0.45}, "log10_e": 7.5}]},
  {"target": "y<1", "name": "sex=M", "by": ["sex"], "metric": "fnr",
   "expected": false, "baseline": {"value": null, "lo": 0, "hi": 1, "n": 0},
   "log10_e_needed": 1.30103, "alarm": null, "outcome": "insufficient",
   "reason": "no_baseline", "points": [{"window": "2024-02", "n": 0,
     "rate": {"value": null, "lo": 0, "hi": 1},
     "change": {"value": null, "lo": null, "hi": null}, "log10_e": null}]}],
"gap_drift": [{"target": "y<1", "metric": "fnr", "group": "sex=<F>",
  "reference": "sex=M", "baseline": 0.1, "later": 0.4,
  "change": {"value": 0.3, "lo": -0.1, "hi": 0.5}, "level": 0.95,
  "outcome": "insufficient"}],
"gates": [{"outcome": "failed", "sentence": "fnr drift by sex <= 0.05: no"}],
"findings": [{"code": "PB911", "severity": "high", "sentence": "It drifted.",
  "action": "Look."}],
"limitations": [{"code": "PL121", "text": "Rows & people."}]
})json";

Json Document() { return ParseJson(kDocument, "test"); }

TEST(MonitorReport, IsAWellFormedPageWithoutScripts) {
  const std::string html = MonitorReportHtml(Document());
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("sex=&lt;F&gt;"), std::string::npos);
  EXPECT_EQ(html.find("sex=<F>"), std::string::npos);
  EXPECT_EQ(Occurrences(html, "<figure"), 2);
  EXPECT_NE(html.find("Rows &amp; people."), std::string::npos);
}

TEST(MonitorReport, ShowsTheNumbersOfTheDocument) {
  const std::string html = MonitorReportHtml(Document());
  for (const char* part :
       {"Drift is shown in 1 of 2 rates", "+30.0\u00a0pp (10.0 to 45.0)",
        "20.0\u00a0% (12.0 to 30.0)", "50.0\u00a0% (40.0 to 60.0)", ">90<",
        ">80<", "10^7.5", "2024-02-11", "An alarm needs 20,", "at most 5 %",
        "</span> drift shown", "</span> cannot tell",
        "<dt>Flagged, y&lt;1</dt><dd>at or above 0.3 (fpr=0.2, fitted on the "
        "baseline and kept)</dd>",
        "<bdi>a.csv</bdi>", "<code>PL121</code>", "FNR (%)</text>"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  // Escaped once.
  EXPECT_EQ(html.find("&lt;bdi"), std::string::npos);
  EXPECT_EQ(html.find("&amp;lt;"), std::string::npos);
}

TEST(MonitorReport, TakesADocumentInWhichNothingWasFollowed) {
  Json monitor = Document();
  for (const char* list : {"drift", "gap_drift", "gates", "findings",
                           "limitations", "groups", "windows"}) {
    monitor[list] = Json::array();
  }
  monitor["targets"][0]["threshold"] = {
      {"rule", "fpr=0.2"}, {"value", nullptr}, {"fitted_on", nullptr}};
  const std::string html = MonitorReportHtml(monitor);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("Drift is shown in 0 of 0 rates"), std::string::npos);
  EXPECT_NE(html.find("<dd>never</dd>"), std::string::npos);
  EXPECT_NE(html.find("None beyond those of the methods."), std::string::npos);
  EXPECT_NE(MonitorText(monitor).find("flagged never"), std::string::npos);
}

TEST(MonitorReport, SaysWhatThePolicyFixed) {
  Json monitor = Document();
  EXPECT_EQ(MonitorReportHtml(monitor).find("Fixed beforehand"),
            std::string::npos);
  monitor["policy"] = {{"file", "p.toml"},
                       {"sha256", std::string(64, 'b')},
                       {"settings", Json::array()},
                       {"gates", Json::array()}};
  EXPECT_NE(MonitorReportHtml(monitor).find(
                "Fixed beforehand by the policy p.toml; SHA-256 <code>bbb"),
            std::string::npos);
  EXPECT_NE(MonitorText(monitor, 200)
                .find("Fixed beforehand by the policy p.toml; SHA-256 bbb"),
            std::string::npos);
}

// Shown, but with no point to show: nothing to read, nothing to crash on.
TEST(MonitorReport, TakesADriftWithoutPoints) {
  Json monitor = Document();
  monitor["drift"][0]["points"] = Json::array();
  EXPECT_EQ(MarkupFault(MonitorReportHtml(monitor)), "");
  EXPECT_EQ(MonitorText(monitor).find("Drift of"), std::string::npos);
}

TEST(MonitorReport, FoldsSeveralTargetsAndNamesTheirGates) {
  Json monitor = Document();
  Json second = monitor["targets"][0];
  second["target"] = "Mass";
  monitor["targets"].push_back(second);
  monitor["gates"][0]["gate"] = "fnr drift by sex <= 0.05";
  monitor["gates"][0]["target"] = "Mass";
  monitor["gates"][0]["sentence"] = "fnr drift by sex <= 0.05: no";
  const std::string html = MonitorReportHtml(monitor);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(Occurrences(html, "<details class=\"target\""), 2);
  EXPECT_NE(html.find("fnr drift by sex &lt;= 0.05</bdi> (<bdi>Mass</bdi>)"),
            std::string::npos);
  EXPECT_NE(html.find(">no</td>"), std::string::npos);
}

TEST(MonitorText, SaysWhatIsShownAndWhatIsNot) {
  const std::string text = MonitorText(Document(), 100);
  for (const char* part :
       {"Drift is shown in 1 of 2 rates of groups; 0 on average stayed within",
        "An alarm needs an e-value of 20 (1 rates", "2024-02-11",
        "+30.0 pp (10.0 to 45.0)", "10^7.5", "\nGates\n",
        "\nLimitations\n  PL121"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  size_t begin = 0;
  while (begin < text.size()) {
    const size_t end = text.find('\n', begin);
    EXPECT_LE(DisplayWidth(text.substr(begin, end - begin)), 100);
    begin = end + 1;
  }
  EXPECT_NE(MonitorMarkdown(Document()).find("| FNR "), std::string::npos);
}

TEST(MonitorCsv, HasARowForEachWindow) {
  EXPECT_EQ(MonitorWindowsCsv(Document()),
            "target,group,attributes,window,group_rows,group_subjects,"
            "group_events,metric,value,lo,hi,level,n,subjects,events,method,"
            "reason\r\n"
            "y<1,sex=<F>,,2024-01,300,,,fnr,0.2,0.1,0.3,,100,,,,\r\n");
  const std::string drift = MonitorDriftCsv(Document());
  EXPECT_EQ(Occurrences(drift, "\r\n"), 3);
  EXPECT_NE(drift.find("y<1,sex=<F>,,fnr,shown,,2024-02-11,2024-02,1.30103,0.2,"
                       "0.12,0.3,90,2024-02,80,0.5,0.4,0.6,0.3,0.1,0.45,7.5,"
                       "\r\n"),
            std::string::npos)
      << drift;
}

TEST(MonitorDocument, SaysWhatIsWrongWithIt) {
  Json other = Document();
  other["schema"] = "plumbline.audit/1";
  EXPECT_EQ(ErrorText([&] { ReadMonitorDocument(other); }),
            "3: monitor.json: schema is \"plumbline.audit/1\", expected "
            "\"plumbline.monitor/1\"");
  other = Document();
  other["drift"][0]["points"][0]["window"] = "2030-01";
  EXPECT_EQ(ErrorText([&] { ReadMonitorDocument(other); }),
            "3: monitor.json: drift[0].points[0].window is \"2030-01\", "
            "expected the name of a window");
  other = Document();
  other.erase("windows");
  EXPECT_EQ(ErrorText([&] { MonitorText(other); }),
            "3: monitor.json: has no \"windows\"; was it written by plumbline "
            "monitor?");
}

TEST(EValueText, CountsUntilItIsLarge) {
  EXPECT_EQ(EValueText(std::nullopt), "-");
  EXPECT_EQ(EValueText(-5), "<0.01");
  EXPECT_EQ(EValueText(0), "1.00");
  EXPECT_EQ(EValueText(3.5), "3,162");
  EXPECT_EQ(EValueText(12.34), "10^12.3");
}

}  // namespace
}  // namespace plumbline::report
