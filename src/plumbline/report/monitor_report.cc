// The page of rates over time.
#include "plumbline/report/monitor_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/html.h"
#include "plumbline/report/monitor_document.h"
#include "plumbline/report/monitor_figures.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

constexpr size_t kTargetsDrawn = 6;
GapOutcome OutcomeOf(const std::string& outcome) {
  return outcome == "shown"               ? GapOutcome::kShown
         : outcome == "none_above_margin" ? GapOutcome::kNoneAboveMargin
                                          : GapOutcome::kCannotTell;
}

std::string Mark(const std::string& outcome) {
  return OutcomeMark(OutcomeOf(outcome)) + Escaped(DriftOutcomeWords(outcome));
}

void WriteVerdict(const MonitorDocument& document, PageWriter* page) {
  constexpr size_t kFindingsInSight = 8;
  constexpr size_t kFindingsFolded = 52;
  page->BeginSection("Verdict", "verdict");
  page->html +=
      "<p class=\"lead\">" + Escaped(MonitorVerdict(document)) + "</p>\n";
  page->Paragraph(fmt::format(
      "The e-value weighs the evidence that a rate is no longer what it was: "
      "on average at most 1 if nothing has changed, and growing with every "
      "person who speaks for a change. An alarm needs {}, because {} rates are "
      "watched together: {}.",
      Escaped(EValueText(document.log10_e_needed)), document.tested,
      document.correction == "bonferroni"
          ? fmt::format("if nothing changes, the chance of any false alarm, "
                        "however long one watches, is at most {:g} %",
                        100 * (1 - document.level))
          : fmt::format("of the drifts that are reported, on average at most "
                        "{:g} % are false (e-BH, at the end of the data)",
                        100 * (1 - document.level))));
  WritePolicyNote(document.policy, page);
  std::vector<GateLine> gates;
  for (const AuditGate& gate : document.gates) {
    std::string name = gate.gate.empty() ? "Gate" : EscapedName(gate.gate);
    if (document.targets.size() > 1 && !gate.target.empty()) {
      name += " (" + EscapedName(gate.target) + ')';
    }
    gates.push_back({std::move(name), gate.outcome, gate.sentence, gate.gate});
  }
  WriteGateTable(
      "Each limit is met or failed only if the whole interval says so.",
      std::move(gates), "monitor.json", page);
  WriteFindingsList(document.findings, kFindingsInSight, kFindingsFolded,
                    "monitor.json", page);
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
  HtmlTable table(
      Escaped(named.label) +
          fmt::format(": before, since, and the evidence of drift. n counts "
                      "{} in the rate's denominator.",
                      document.clustered ? "subjects" : "rows"),
      named.label, &page->html);
  const std::string level = " (" + LevelText(document.level) + ')';
  table.HeadText("Group");
  table.HeadText("Outcome");
  table.HeadNumber("Change" + level);
  table.HeadNumber("e-value now");
  table.HeadNumber("Day of the alarm");
  table.HeadNumber("Before" + level);
  table.HeadNumber("n before");
  table.HeadNumber("Since" + level);
  table.HeadNumber("n since");
  for (const MonitorDrift& drift : document.drift) {
    if (drift.target != target || drift.metric != metric) continue;
    static const MonitorPoint kNone;
    const MonitorPoint& now =
        drift.points.empty() ? kNone : drift.points.back();
    table.Row(EscapedName(drift.name));
    table.Outcome(Mark(drift.outcome), OutcomeClass(OutcomeOf(drift.outcome)));
    table.Number(MonitorIntervalText(now.change, named.kind, true));
    table.Number(EValueText(now.log10_e));
    table.Number(drift.alarm_day.empty() ? "-" : drift.alarm_day);
    table.Number(MonitorIntervalText(drift.baseline, named.kind, false));
    table.Number(drift.expected ? "given" : CountText(drift.baseline_n));
    table.Number(MonitorIntervalText(now.rate, named.kind, false));
    table.Number(CountText(now.n));
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
        fmt::format(
            "<b>{}</b>: <span class=\"{}\">{}</span>", EscapedName(drift.name),
            OutcomeClass(OutcomeOf(drift.outcome)), Mark(drift.outcome)));
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
      "Dots with bars: each window on its own, with its interval (cut at the "
      "frame). "
      "Dashed line "
      "and grey band: the baseline. Line and blue band: the rate since the "
      "baseline and its confidence sequence, an interval that holds at all "
      "times at once while the rate is constant. Below: the e-value on a "
      "logarithmic scale; the dotted line is what an alarm needs, the upright "
      "one the window of the alarm.");
  if (document.clustered) {
    page->Note(
        "Dots count images; line and bands count each person once, with the "
        "mean of their images. Where some people have many images, dots can "
        "lie on one side of the band without any drift: compare dots with "
        "dots, and the line with the dashed line.");
  }
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
    table.Outcome(Mark(gap.outcome), OutcomeClass(OutcomeOf(gap.outcome)));
  }
  table.Finish();
  if (written < document.gap_drift.size()) {
    page->Note(fmt::format("{} more gaps are in monitor.json.",
                           document.gap_drift.size() - written));
  }
  page->EndSection();
}

void WriteMethods(const MonitorDocument& document, PageWriter* page) {
  page->BeginSection("Methods, versions and hashes");
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
  HtmlTable settings("Settings; run.json has all of them.", "Settings",
                     &page->html);
  settings.HeadText("Setting");
  settings.HeadText("Value");
  WriteSetting("Plumbline", Escaped(document.version), &settings);
  WriteSetting("Level", Escaped(LevelText(document.level)), &settings);
  WriteSetting("Margin", fmt::format("{:g}", document.margin), &settings);
  WriteSetting("Rates watched", std::to_string(document.tested), &settings);
  WriteSetting("Correction",
               document.correction == "bonferroni"
                   ? "Bonferroni"
                   : Escaped(document.correction),
               &settings);
  settings.Finish();
  WriteFilesTable(document.files, "monitor.json", page);
  page->EndSection();
}

void WriteLimitations(const MonitorDocument& document, PageWriter* page) {
  page->BeginSection("Limitations");
  if (document.limitations.empty()) {
    page->Paragraph("None beyond those of the methods.");
  }
  page->html += "<ul class=\"prose\">\n";
  for (const AuditLimitation& limitation : document.limitations) {
    page->html += "<li>" + Escaped(limitation.text) + " <code>" +
                  Escaped(limitation.code) + "</code></li>\n";
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
    head.facts.emplace_back("Flagged, " + Shorten(target.name, 40),
                            Escaped(target.flagged));
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
    const std::string title = EscapedName(target.name) + " over time";
    if (document.targets.size() > 1) {
      page.BeginFoldedSection(title, drawn++ == 0);
    } else {
      ++drawn;
      page.BeginSection(title);
    }
    WriteTarget(document, target.name, panels, &page);
    if (document.targets.size() > 1) {
      page.EndFoldedSection();
    } else {
      page.EndSection();
    }
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
  while (html.size() > report::kMostPageBytes && panels > 1) {
    panels /= 2;
    html = report::Write(document, panels);
  }
  return html;
}

}  // namespace plumbline
