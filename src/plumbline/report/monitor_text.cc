// Rates over time on a terminal and as Markdown.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/monitor_document.h"
#include "plumbline/report/monitor_report.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

constexpr size_t kWindowColumns = 6;  // the last ones
constexpr size_t kGroupsListed = 12;
constexpr size_t kDriftListed = 20;
constexpr size_t kTargetsListed = 3;
constexpr int kNameColumns = 40;

std::string Name(std::string_view text) { return Shorten(text, kNameColumns); }

void WriteHead(const MonitorDocument& document, PlainWriter* writer) {
  writer->Title(document.title.empty() ? "Rates over time" : document.title);
  std::string text = CountText(document.rows) + " rows";
  if (document.clustered) {
    text += " of " + CountText(document.subjects) + " subjects";
  }
  text +=
      fmt::format(", {} to {}, in {} windows ({}); ", document.first_day,
                  document.last_day, document.windows.size(), document.window);
  text += document.baseline.empty() ? "no baseline"
                                    : "baseline " + document.baseline;
  for (const auto& target : document.targets) {
    text += "; flagged " + target.flagged;
    if (document.targets.size() > 1) text += " (" + Name(target.name) + ')';
  }
  writer->Paragraph(text + '.');
}

void WriteAlarms(const MonitorDocument& document, PlainWriter* writer) {
  std::vector<const MonitorDrift*> alarms;
  for (const MonitorDrift& drift : document.drift) {
    if (drift.outcome == "shown" && !drift.points.empty()) {
      alarms.push_back(&drift);
    }
  }
  std::stable_sort(alarms.begin(), alarms.end(), [](auto* a, auto* b) {
    return a->points.back().log10_e > b->points.back().log10_e;
  });
  if (alarms.empty()) return;
  const size_t shown = std::min(alarms.size(), kDriftListed);
  TextTable table;
  const bool with_target = document.targets.size() > 1;
  if (with_target) table.AddColumn("Target", Align::kLeft);
  table.AddColumn("Drift of", Align::kLeft);
  table.AddColumn("Rate", Align::kLeft);
  table.AddColumn("Before", Align::kRight, 1);
  table.AddColumn("Change (" + LevelText(document.level) + ')', Align::kRight);
  table.AddColumn("n", Align::kRight, 2);
  table.AddColumn("Alarm", Align::kRight);
  table.AddColumn("e then", Align::kRight, 3);
  table.AddColumn("e now", Align::kRight);
  for (size_t i = 0; i < shown; ++i) {
    const MonitorDrift& drift = *alarms[i];
    const MonitorMetric& metric = document.metrics[drift.metric];
    const MonitorPoint& now = drift.points.back();
    std::vector<std::string> cells;
    if (with_target) cells.push_back(Name(drift.target));
    cells.insert(cells.end(),
                 {Name(drift.name), MonitorShortLabel(metric),
                  OptionalText(drift.baseline.value, metric.kind),
                  MonitorIntervalText(now.change, metric.kind, true),
                  CountText(now.n), drift.alarm_day,
                  EValueText(drift.alarm_log10_e), EValueText(now.log10_e)});
    table.AddRow(std::move(cells));
  }
  writer->Table(table);
  if (shown < alarms.size()) {
    writer->Paragraph(
        fmt::format("{} more are in drift.csv.", alarms.size() - shown));
  }
}

// Windows of one metric, a row for each group.
void WriteWindows(const MonitorDocument& document, const std::string& target,
                  size_t metric, PlainWriter* writer) {
  const size_t count = document.windows.size();
  const size_t first = count > kWindowColumns ? count - kWindowColumns : 0;
  TextTable table;
  table.AddColumn(MonitorShortLabel(document.metrics[metric]), Align::kLeft);
  table.AddColumn("Baseline", Align::kRight);
  for (size_t w = first; w < count; ++w) {
    // The latest windows stay longest.
    table.AddColumn(document.windows[w].name, Align::kRight,
                    static_cast<int>(count - w));
  }
  table.AddColumn("Since", Align::kRight);
  table.AddColumn("Outcome", Align::kRight);
  size_t rows = 0;
  for (const MonitorDrift& drift : document.drift) {
    if (drift.target != target || drift.metric != static_cast<int>(metric)) {
      continue;
    }
    const MonitorGroup* group = document.FindGroup(target, drift.name);
    if (group == nullptr || rows++ >= kGroupsListed) continue;
    const NumberKind kind = document.metrics[metric].kind;
    std::vector<std::string> cells = {Name(drift.name),
                                      OptionalText(drift.baseline.value, kind)};
    for (size_t w = first; w < count; ++w) {
      cells.push_back(
          group->windows[w].empty()
              ? "-"
              : OptionalText(group->windows[w][metric].interval.value, kind));
    }
    cells.push_back(drift.points.empty()
                        ? "-"
                        : OptionalText(drift.points.back().rate.value, kind));
    cells.push_back(drift.outcome == "none_above_margin"
                        ? "within margin"
                        : DriftOutcomeWords(drift.outcome));
    table.AddRow(std::move(cells));
  }
  if (rows > 0) writer->Table(table);
  if (rows > kGroupsListed) {
    writer->Paragraph(fmt::format("{} more groups are in windows.csv.",
                                  rows - kGroupsListed));
  }
}

void WriteRates(const MonitorDocument& document, PlainWriter* writer) {
  size_t targets = 0;
  for (const auto& target : document.targets) {
    if (targets++ == kTargetsListed) {
      writer->Paragraph(fmt::format("{} more targets are in windows.csv.",
                                    document.targets.size() - kTargetsListed));
      break;
    }
    writer->Heading("Rates by window" + (document.targets.size() == 1
                                             ? std::string()
                                             : ": " + Name(target.name)));
    for (const char* name : {"fnr", "fpr", "selection_rate", "prevalence"}) {
      for (size_t m = 0; m < document.metrics.size(); ++m) {
        if (document.metrics[m].name == name) {
          WriteWindows(document, target.name, m, writer);
        }
      }
    }
  }
  writer->Paragraph(
      "Windows count rows; baseline and since count each subject's mean. "
      "Intervals and further rates are in windows.csv and drift.csv.");
}

std::string Write(const Json& monitor, PlainWriter* writer) {
  const MonitorDocument document = ReadMonitorDocument(monitor);
  WriteHead(document, writer);
  writer->Heading("VERDICT");
  writer->Paragraph(
      MonitorVerdict(document) +
      fmt::format(" An alarm needs an e-value of {} ({} rates are tested; {}).",
                  EValueText(document.log10_e_needed), document.tested,
                  document.correction == "bonferroni"
                      ? "Bonferroni, valid at any time"
                      : "e-BH, at the end of the data"));
  if (!document.policy.file.empty()) {
    writer->Paragraph(PolicySentence(document.policy));
  }
  WriteAlarms(document, writer);
  for (const auto& finding : document.findings) {
    if (finding.code == "PB913" || finding.code == "PB914") {
      writer->Item(finding.code, finding.sentence);
    }
  }
  WriteRates(document, writer);
  if (!document.gates.empty()) writer->Heading("Gates");
  for (const auto& gate : document.gates) {
    writer->Item(GateOutcomeWords(gate.outcome), gate.sentence);
  }
  if (!document.limitations.empty()) writer->Heading("Limitations");
  for (const AuditLimitation& limitation : document.limitations) {
    writer->Item(limitation.code, limitation.text);
  }
  return writer->Finish();
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string MonitorText(const Json& monitor, int width) {
  report::PlainWriter writer(report::PlainWriter::Format::kText, width);
  return report::Write(monitor, &writer);
}

std::string MonitorMarkdown(const Json& monitor) {
  report::PlainWriter writer(report::PlainWriter::Format::kMarkdown, 0);
  return report::Write(monitor, &writer);
}

}  // namespace plumbline
