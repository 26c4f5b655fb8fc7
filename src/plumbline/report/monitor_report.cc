// The page of rates over time.
#include "plumbline/report/monitor_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/html.h"
#include "plumbline/report/monitor_document.h"
#include "plumbline/report/monitor_figures.h"
#include "plumbline/report/page_writer.h"

namespace plumbline::report {
namespace {

constexpr size_t kTargetsDrawn = 6;
constexpr size_t kMostBytes = 980'000;

const char* ClassOf(const std::string& outcome) {
  return outcome == "shown"               ? "shown"
         : outcome == "none_above_margin" ? "none"
                                          : "unknown";
}

std::string Mark(const std::string& outcome) {
  const char* mark = outcome == "shown"               ? "▲"
                     : outcome == "none_above_margin" ? "●"
                                                      : "◇";
  return fmt::format("<span aria-hidden=\"true\">{}</span> {}", mark,
                     DriftOutcomeWords(outcome));
}

void WriteVerdict(const MonitorDocument& document, PageWriter* page) {
  page->BeginSection("Verdict", "verdict");
  page->html +=
      "<p class=\"lead\">" + Escaped(MonitorVerdict(document)) + "</p>\n";
  page->Paragraph(fmt::format(
      "An alarm needs an e-value of {}: {} rates are tested together at alpha "
      "= {:g} ({}).",
      Escaped(EValueText(document.log10_e_needed)), document.tested,
      1 - document.level,
      document.correction == "bonferroni"
          ? "Bonferroni: the chance of any false alarm, ever, is at most alpha"
          : "e-BH: of the reported ones, at most the share alpha is false on "
            "average, at the end of the data"));
  page->html += "<ul class=\"findings\">\n";
  size_t written = 0;
  for (const auto& finding : document.findings) {
    if (written++ == 30) break;
    page->html += "<li><span class=\"sev\">" +
                  Escaped(SeverityWords(finding.severity)) +
                  "</span><span><code>" + Escaped(finding.code) + "</code> " +
                  Escaped(finding.sentence) + " <span class=\"act\">" +
                  Escaped(finding.action) + "</span></span></li>\n";
  }
  page->html += "</ul>\n";
  if (document.findings.size() > 30) {
    page->Note(fmt::format("{} more findings are in monitor.json.",
                           document.findings.size() - 30));
  }
  for (const auto& gate : document.gates) {
    page->Paragraph("Gate " + Escaped(GateOutcomeWords(gate.outcome)) + ": " +
                    Escaped(gate.sentence));
  }
  page->EndSection();
}

void WriteWindows(const MonitorDocument& document, PageWriter* page) {
  page->BeginSection("Windows");
  HtmlTable table("Rows and subjects with a date in each window.", "Windows",
                  &page->html);
  table.HeadText("Window");
  table.HeadText("Part");
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects");
  for (const MonitorWindow& window : document.windows) {
    table.Row(Escaped(window.name));
    table.Text(Escaped(window.part == "before"     ? "before the baseline"
                       : window.part == "baseline" ? "baseline"
                                                   : "monitored"));
    table.Number(CountText(window.rows));
    table.Number(CountText(window.subjects));
  }
  table.Finish();
  page->EndSection();
}

void WriteDriftTable(const MonitorDocument& document, const std::string& target,
                     int metric, PageWriter* page) {
  const MonitorMetric& named = document.metrics[metric];
  HtmlTable table(Escaped(named.label) +
                      ": before, since, and the evidence of drift. n counts "
                      "subjects (rows where there is no subject column).",
                  named.label, &page->html);
  table.HeadText("Group");
  table.HeadNumber("Before");
  table.HeadNumber("n");
  table.HeadNumber("Since");
  table.HeadNumber("n");
  table.HeadNumber("Change");
  table.HeadNumber("e-value now");
  table.HeadText("Alarm");
  table.HeadText("Outcome");
  for (const MonitorDrift& drift : document.drift) {
    if (drift.target != target || drift.metric != metric) continue;
    static const MonitorPoint kNone;
    const MonitorPoint& now =
        drift.points.empty() ? kNone : drift.points.back();
    table.Row(EscapedName(drift.name));
    table.Number(MonitorIntervalText(drift.baseline, named.kind, false));
    table.Number(drift.expected ? "given" : CountText(drift.baseline_n));
    table.Number(MonitorIntervalText(now.rate, named.kind, false));
    table.Number(CountText(now.n));
    table.Number(MonitorIntervalText(now.change, named.kind, true));
    table.Number(EValueText(now.log10_e));
    table.Text(Escaped(drift.alarm_day.empty() ? "-" : drift.alarm_day));
    table.Outcome(Mark(drift.outcome), ClassOf(drift.outcome));
  }
  table.Finish();
}

void WriteMetric(const MonitorDocument& document, const std::string& target,
                 int metric, size_t panels, PageWriter* page) {
  page->html += "<h3>" + Escaped(document.metrics[metric].label) + "</h3>\n";
  const MonitorScale scale = ScaleOfMetric(document, target, metric);
  page->html += "<div class=\"figures\">\n";
  size_t drawn = 0;
  size_t left_out = 0;
  for (const MonitorDrift& drift : document.drift) {
    if (drift.target != target || drift.metric != metric) continue;
    if (drawn == panels && drift.outcome != "shown") {
      ++left_out;
      continue;
    }
    drawn = std::min(drawn + 1, panels);
    page->BeginFigure(
        "curve",
        DrawMonitorPanel(page->NextId(), document, drift,
                         document.FindGroup(target, drift.name), scale),
        "<b>" + EscapedName(drift.name) + "</b>, " +
            DriftOutcomeWords(drift.outcome));
    page->EndFigure();
  }
  page->html += "</div>\n";
  if (left_out > 0) {
    page->Note(
        fmt::format("{} more groups without an alarm are in the table "
                    "and in drift.csv.",
                    left_out));
  }
  WriteDriftTable(document, target, metric, page);
}

void WriteTarget(const MonitorDocument& document, const std::string& target,
                 size_t panels, PageWriter* page) {
  page->Note(
      "Dots with bars: the estimate of each window, by rows, with its own "
      "interval. Line and blue band: the rate since the baseline and its "
      "confidence sequence, by subjects, valid at all times at once while the "
      "rate is constant. Dashed line and grey band: the baseline. Below: the "
      "e-value of drift on a logarithmic scale; the dashed line is what an "
      "alarm needs, the upright one the window of the alarm.");
  for (size_t m = 0; m < document.metrics.size(); ++m) {
    if (document.metrics[m].followed) {
      WriteMetric(document, target, static_cast<int>(m), panels, page);
    }
  }
}

void WriteGaps(const MonitorDocument& document, PageWriter* page) {
  if (document.gap_drift.empty()) return;
  page->BeginSection("Gaps to the reference group");
  HtmlTable table(
      "Difference to the reference group, before and since. The confidence "
      "sequence of the change joins those of the two groups (union bound), at "
      "the level of all gaps together.",
      "Gaps over time", &page->html);
  table.HeadText("Group");
  table.HeadText("Reference");
  if (document.targets.size() > 1) table.HeadText("Target");
  table.HeadText("Rate");
  table.HeadNumber("Before");
  table.HeadNumber("Since");
  table.HeadNumber("Change");
  table.HeadText("Outcome");
  size_t written = 0;
  for (const MonitorGapDrift& gap : document.gap_drift) {
    if (written == 200) break;
    ++written;
    const MonitorMetric& metric = document.metrics[gap.metric];
    const NumberKind kind = metric.kind;
    table.Row(EscapedName(gap.group));
    table.Text(EscapedName(gap.reference));
    if (document.targets.size() > 1) table.Text(EscapedName(gap.target));
    table.Text(Escaped(metric.label));
    table.Number(MonitorIntervalText({gap.baseline, {}, {}}, kind, true));
    table.Number(MonitorIntervalText({gap.later, {}, {}}, kind, true));
    table.Number(MonitorIntervalText(gap.change, kind, true));
    table.Outcome(Mark(gap.outcome), ClassOf(gap.outcome));
  }
  table.Finish();
  if (written < document.gap_drift.size()) {
    page->Note(fmt::format("{} more gaps are in monitor.json.",
                           document.gap_drift.size() - written));
  }
  page->EndSection();
}

void WriteMethods(const MonitorDocument& document, PageWriter* page) {
  page->BeginSection("Methods");
  page->Paragraph(
      "Each window is audited on its own with the engine of plumbline audit. "
      "For drift, each subject contributes the mean over its rows in the "
      "rate's denominator in a window, a number in [0, 1]. Evidence against "
      "\"the rate is what it was\" is the wealth of gamblers who bet fixed "
      "shares of what they have on each contribution (Waudby-Smith and Ramdas "
      "2024; for zeros and ones a mixture likelihood ratio, Robbins 1970). If "
      "nothing drifts, the chance that it ever reaches 1/alpha is at most "
      "alpha (Ville 1939), however often one looks.");
  page->Paragraph(
      "Where the baseline is estimated, the e-value is the least, over all "
      "rates the baseline may have, of the baseline's own e-value against that "
      "rate times that of what came later: the baseline's error is accounted "
      "for in full (universal inference, Wasserman, Ramdas and Balakrishnan "
      "2020). Confidence sequences are what these e-values do not reject.");
  page->Paragraph(fmt::format(
      "Subjects who come back are counted {}. The margin is {:g}; the test is "
      "against a drift of more than {:g}.",
      document.subject_visits == "once"
          ? "once, in the first window in which they have a row in the "
            "denominator"
          : "in every window anew",
      document.margin, document.drift_margin));
  page->EndSection();
}

void WriteLimitations(const MonitorDocument& document, PageWriter* page) {
  page->BeginSection("Limitations");
  if (document.limitations.empty()) {
    page->Paragraph("None beyond those of the methods.");
  }
  page->html += "<ul>\n";
  for (const std::string& text : document.limitations) {
    page->html += "<li><code>PL121</code> " + Escaped(text) + "</li>\n";
  }
  page->html += "</ul>\n";
  page->EndSection();
}

PageHead HeadOf(const MonitorDocument& document) {
  PageHead head;
  head.kicker = "Plumbline monitor";
  head.title = document.title.empty() ? "Rates over time" : document.title;
  head.version = document.version;
  head.facts.emplace_back("Rows", CountText(document.rows));
  if (document.clustered) {
    head.facts.emplace_back("Subjects", CountText(document.subjects));
  }
  head.facts.emplace_back(
      "Time", Escaped(document.first_day + " to " + document.last_day));
  head.facts.emplace_back("Windows",
                          fmt::format("{} ({})", document.windows.size(),
                                      Escaped(document.window)));
  head.facts.emplace_back("Baseline", document.baseline.empty()
                                          ? "values given beforehand"
                                          : Escaped(document.baseline));
  for (const auto& target : document.targets) {
    head.facts.emplace_back("Flagged, " + EscapedName(target.name),
                            Escaped("at or above " + target.threshold));
  }
  return head;
}

std::string Write(const MonitorDocument& document, size_t panels) {
  PageWriter page;
  WriteVerdict(document, &page);
  const size_t after_verdict = page.html.size();
  WriteWindows(document, &page);
  size_t drawn = 0;
  for (const auto& target : document.targets) {
    if (drawn == kTargetsDrawn) break;
    page.BeginFoldedSection(EscapedName(target.name), drawn++ == 0);
    WriteTarget(document, target.name, panels, &page);
    page.EndFoldedSection();
  }
  if (drawn < document.targets.size()) {
    page.Note(fmt::format("{} more targets are in drift.csv.",
                          document.targets.size() - drawn));
  }
  WriteGaps(document, &page);
  WriteLimitations(document, &page);
  WriteMethods(document, &page);
  page.html.insert(after_verdict, page.Contents());
  return FinishPage(HeadOf(document), page.html,
                    "Parts that are folded on the screen are not printed; "
                    "open them before printing, or read drift.csv.");
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string MonitorReportHtml(const Json& monitor) {
  const report::MonitorDocument document = report::ReadMonitorDocument(monitor);
  size_t panels = 24;
  std::string html = report::Write(document, panels);
  while (html.size() > report::kMostBytes && panels > 1) {
    panels /= 2;
    html = report::Write(document, panels);
  }
  return html;
}

}  // namespace plumbline
