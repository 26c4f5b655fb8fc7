// A comparison on a terminal and as Markdown.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/json.h"
#include "plumbline/base/text.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/compare_document.h"
#include "plumbline/report/compare_report.h"
#include "plumbline/report/compare_words.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

// With more targets than this, only the few worst lines of each.
constexpr size_t kTargetsInDetail = 3;
constexpr int kNameColumns = 60;

std::string Name(std::string_view text) { return Shorten(text, kNameColumns); }

std::string ThresholdText(const CompareDocument& document) {
  const CompareTarget& target = document.targets.front();
  if (document.targets.size() > 1) {
    return "flagged by the rule " + document.options.at + " for each model";
  }
  const std::string a = ThresholdWords(target.thresholds[0]);
  const std::string b = ThresholdWords(target.thresholds[1]);
  if (a == b) return "flagged " + a;
  return "flagged " + a + " of the first and " + b + " of the second";
}

void WriteHead(const CompareDocument& document, PlainWriter* writer) {
  writer->Title(document.title.empty() ? "Two models compared by group"
                                       : document.title);
  std::string text =
      fmt::format("Old: {}. New: {}. {} rows", Name(document.names[0]),
                  Name(document.names[1]), CountText(document.input.rows));
  if (!document.input.subject_column.empty()) {
    text += " of " + CountText(document.input.subjects) + " subjects";
  }
  std::vector<std::string> files;
  for (const auto& file : document.input.files) {
    files.push_back(Name(file.file));
  }
  if (files.size() > 3) {
    const size_t more = files.size() - 3;
    files.resize(3);
    files.push_back(fmt::format("{} more files", more));
  }
  if (!files.empty()) text += " in " + JoinWords(files);
  writer->Paragraph(text + "; " + ThresholdText(document) + '.');
}

void WriteVerdict(const CompareDocument& document, PlainWriter* writer) {
  writer->Heading("VERDICT");
  std::string text = document.verdict;
  if (document.options.margin) {
    text += fmt::format(" The margin is {:g}{}; intervals are {}.",
                        *document.options.margin,
                        document.margins.empty() || document.margins.size() == 1
                            ? ""
                            : " unless a metric or group has its own",
                        LevelText(document.options.level));
  }
  writer->Paragraph(text);
  if (!document.policy.file.empty()) {
    writer->Paragraph(PolicySentence(document.policy));
  }
}

void AddLines(const CompareDocument& document,
              const std::vector<CompareLine>& lines, size_t most,
              PlainWriter* writer) {
  if (lines.empty()) return;
  TextTable table;
  table.AddColumn("Group", Align::kLeft);
  table.AddColumn("Metric", Align::kLeft);
  table.AddColumn("Old", Align::kRight, 2);
  table.AddColumn("New", Align::kRight, 2);
  table.AddColumn("New - old (" + LevelText(document.options.level) + ')',
                  Align::kRight);
  table.AddColumn("p adj.", Align::kRight, 1);
  table.AddColumn("Verdict", Align::kLeft);
  for (size_t i = 0; i < std::min(most, lines.size()); ++i) {
    const AuditMetric& metric = document.metrics[lines[i].metric];
    const CompareMetric& compared = lines[i].group->metrics[lines[i].metric];
    const NumberKind kind = KindOfMetric(metric.name, metric.unit);
    table.AddRow({Name(lines[i].group->name), ShortName(metric),
                  OptionalText(compared.models[0].value, kind),
                  OptionalText(compared.models[1].value, kind),
                  DifferenceText(compared.difference, KindOfDifference(metric),
                                 document.options.minimum),
                  ProbabilityText(compared.difference.p_adjusted),
                  VerdictWords(compared.difference)});
  }
  writer->Table(table);
}

void AddGaps(const CompareDocument& document,
             const std::vector<const CompareGap*>& gaps, size_t most,
             PlainWriter* writer) {
  if (gaps.empty()) return;
  TextTable table;
  table.AddColumn("Gaps between groups", Align::kLeft);
  table.AddColumn("Old", Align::kRight, 2);
  table.AddColumn("New", Align::kRight, 2);
  table.AddColumn("Change (" + LevelText(document.options.level) + ')',
                  Align::kRight);
  table.AddColumn("p adj.", Align::kRight, 1);
  table.AddColumn("Outcome", Align::kLeft);
  for (size_t i = 0; i < std::min(most, gaps.size()); ++i) {
    const CompareGap& gap = *gaps[i];
    const int metric = document.MetricIndex(gap.metric);
    const NumberKind kind = metric < 0
                                ? NumberKind::kDecimal
                                : KindOfDifference(document.metrics[metric]);
    std::string change = SignedText(gap.value, kind);
    if (gap.lo && gap.hi)
      change += " (" + RangeText(*gap.lo, *gap.hi, kind) + ')';
    table.AddRow(
        {Name(GapWords(document, gap)), OptionalText(gap.models[0], kind),
         OptionalText(gap.models[1], kind), change,
         ProbabilityText(gap.p_adjusted), GapOutcomeWords(gap.outcome)});
  }
  writer->Table(table);
}

void WriteTarget(const CompareDocument& document, const CompareTarget& target,
                 PlainWriter* writer) {
  const bool detailed = document.targets.size() <= kTargetsInDetail;
  writer->Heading(fmt::format("{}: {} rows, {} positives", Name(target.name),
                              CountText(target.rows),
                              CountText(target.positives)));
  std::vector<CompareLine> lines =
      LinesWorstFirst(document, target, /*everyone=*/true);
  const std::vector<CompareLine> groups =
      LinesWorstFirst(document, target, /*everyone=*/false);
  AddLines(document, lines, detailed ? 12 : 4, writer);
  AddLines(document, groups, detailed ? 14 : 4, writer);
  const std::vector<const CompareGap*> gaps = GapsWorstFirst(target);
  AddGaps(document, gaps, detailed ? 8 : 2, writer);
  writer->Paragraph(fmt::format(
      "Groups and gaps are listed worst first; all {} lines are in groups.csv, "
      "all {} gaps in gaps.csv.",
      WithThousands(static_cast<long long>(lines.size() + groups.size())),
      WithThousands(static_cast<long long>(gaps.size()))));
}

void WriteStatements(const CompareDocument& document, PlainWriter* writer) {
  if (!document.gates.empty()) writer->Heading("Gates");
  for (const char* outcome : {"failed", "cannot_tell", "met"}) {
    for (const AuditGate& gate : document.gates) {
      if (gate.outcome != outcome) continue;
      writer->Item(GateOutcomeWords(gate.outcome),
                   (document.targets.size() > 1 ? Name(gate.target) + ": "
                                                : std::string()) +
                       gate.sentence);
    }
  }
  constexpr size_t kMost = 10;
  if (!document.findings.empty()) writer->Heading("Findings");
  for (const AuditFinding& finding : FindingsToShow(document.findings, kMost)) {
    writer->Item(finding.code + ' ' + finding.severity,
                 finding.sentence + ' ' + finding.action);
  }
  if (document.findings.size() > kMost) {
    writer->Paragraph(fmt::format("{} more findings are in compare.json.",
                                  document.findings.size() - kMost));
  }
  writer->Heading("Limitations");
  for (const AuditLimitation& limitation : document.limitations) {
    writer->Item("", limitation.text);
  }
}

std::string Write(const CompareDocument& document, PlainWriter writer) {
  WriteHead(document, &writer);
  WriteVerdict(document, &writer);
  for (const CompareTarget& target : document.targets) {
    WriteTarget(document, target, &writer);
  }
  writer.Paragraph(
      "Non-inferior: the one-sided bound of the harm lies within the margin; "
      "inferior: the whole interval lies beyond it. p: of no difference, "
      "corrected for targets and groups. pp: percentage points.");
  WriteStatements(document, &writer);
  return writer.Finish();
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

using report::PlainWriter;

std::string CompareText(const Json& comparison, int width) {
  return report::Write(
      report::ReadCompareDocument(comparison),
      PlainWriter(PlainWriter::Format::kText, std::max(width, 40)));
}

std::string CompareMarkdown(const Json& comparison) {
  return report::Write(report::ReadCompareDocument(comparison),
                       PlainWriter(PlainWriter::Format::kMarkdown, 0));
}

}  // namespace plumbline
