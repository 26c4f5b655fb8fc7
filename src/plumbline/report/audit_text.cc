// The audit on a terminal and as Markdown.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "plumbline/base/json.h"
#include "plumbline/base/text.h"
#include "plumbline/report/audit_document.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/case_mix_text.h"
#include "plumbline/report/multiclass_document.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/text_slices.h"
#include "plumbline/report/utf8.h"
#include "plumbline/report/weights_document.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

// With more targets than this, one line for each has to do.
constexpr size_t kTargetsInDetail = 3;
constexpr size_t kTargetsListed = 20;
constexpr int kNameColumns = 60;

std::string Name(std::string_view text) { return Shorten(text, kNameColumns); }

NumberKind KindOf(const AuditDocument& document, const AuditGap& gap) {
  const int metric = document.MetricIndex(gap.metric);
  return KindOfGap(gap.measure, gap.metric,
                   metric < 0 ? "" : document.metrics[metric].unit);
}

// A number whose unit stands in another column.
std::string WithoutUnit(std::optional<double> value, NumberKind kind) {
  std::string text = OptionalText(value, kind);
  text.erase(std::min(text.find(' '), text.size()));
  return text;
}

// "10.0 / 18.7": mean and 95th percentile of the gap without any bias.
std::string ChanceText(const AuditGap& gap, NumberKind kind, bool compact) {
  if (!gap.null_expected) return "-";
  return WithoutUnit(gap.null_expected, kind) + (compact ? "/" : " / ") +
         WithoutUnit(gap.null_p95, kind);
}

std::string ShortOutcome(GapOutcome outcome) {
  switch (outcome) {
    case GapOutcome::kShown:
      return "gap shown";
    case GapOutcome::kNoneAboveMargin:
      return "within margin";
    case GapOutcome::kCannotTell:
      return "cannot tell";
    case GapOutcome::kNotTested:
      break;
  }
  return "not tested";
}

void WriteHead(const AuditDocument& document, PlainWriter* writer) {
  writer->Title(document.title.empty() ? "Audit by group" : document.title);
  const AuditInput& input = document.input;
  std::string text = CountText(input.rows) + " rows";
  if (!input.subject_column.empty()) {
    text += " of " + CountText(input.subjects) + " subjects";
  }
  std::vector<std::string> files;
  for (const auto& file : input.files) files.push_back(Name(file.file));
  if (files.size() > 3) {
    const size_t more = files.size() - 3;
    files.resize(3);
    files.push_back(fmt::format("{} more files", more));
  }
  if (!files.empty()) text += " in " + JoinWords(files);
  if (const std::string weights = WeightsClause(document); !weights.empty()) {
    text += "; " + weights;
  }
  text += "; flagged " + ThresholdWords(document.threshold);
  if (!document.threshold.fitted_on.empty()) {
    text += ", " + FittedOnWords(document.threshold.fitted_on);
  }
  writer->Paragraph(text + '.');
}

void WriteVerdict(const AuditDocument& document, PlainWriter* writer) {
  writer->Heading("VERDICT");
  std::string text = VerdictSentence(document);
  const std::string count = CountSentence(document);
  if (!count.empty()) text += ' ' + count;
  if (document.options.margin) {
    text += fmt::format(" The margin is {:g}; intervals are {}.",
                        *document.options.margin,
                        LevelText(document.options.level));
  }
  writer->Paragraph(text);
  if (!document.shared.empty()) writer->Paragraph(document.shared);
  if (!document.policy.file.empty()) {
    writer->Paragraph(PolicySentence(document.policy));
  }
}

struct WorstLine {
  const AuditTarget* target;
  const AuditGroup* group;
  int metric;
};

void WriteWorst(const AuditDocument& document,
                const std::vector<WorstLine>& lines, bool with_target,
                PlainWriter* writer) {
  if (lines.empty()) return;
  TextTable table;
  if (with_target) table.AddColumn("Target", Align::kLeft);
  table.AddColumn("Worst groups", Align::kLeft);
  table.AddColumn("Metric", Align::kLeft);
  table.AddColumn("Value (" + LevelText(document.options.level) + ')',
                  Align::kRight);
  table.AddColumn("n", Align::kRight);
  table.AddColumn("Subjects", Align::kRight, 2);
  table.AddColumn("Everyone", Align::kRight, 1);
  for (const WorstLine& line : lines) {
    const AuditMetric& metric = document.metrics[line.metric];
    const AuditEstimate& estimate = line.group->metrics[line.metric];
    const NumberKind kind = KindOfMetric(metric.name, metric.unit);
    const AuditGroup* everyone = Everyone(*line.target);
    std::vector<std::string> cells;
    if (with_target) cells.push_back(Name(line.target->name));
    cells.insert(
        cells.end(),
        {Name(line.group->name), ShortName(metric),
         EstimateText(estimate, kind, document.options.minimum),
         CountText(estimate.n), CountText(estimate.subjects),
         everyone == nullptr
             ? "-"
             : OptionalText(everyone->metrics[line.metric].value, kind)});
    table.AddRow(std::move(cells));
  }
  writer->Table(table);
}

struct GapLine {
  const AuditTarget* target;
  const AuditGap* gap;
};

void WriteGaps(const AuditDocument& document, const std::vector<GapLine>& lines,
               bool with_target, PlainWriter* writer) {
  if (lines.empty()) return;
  TextTable table;
  if (with_target) table.AddColumn("Target", Align::kLeft);
  table.AddColumn("Gaps", Align::kLeft);
  table.AddColumn("Gap (" + LevelText(document.options.level) + ')',
                  Align::kRight);
  table.AddColumn("Chance/95th", Align::kRight, 2);
  table.AddColumn("p adj.", Align::kRight);
  table.AddColumn("Detectable", Align::kRight, 1);
  table.AddColumn("Outcome", Align::kRight);
  for (const GapLine& line : lines) {
    const AuditGap& gap = *line.gap;
    const NumberKind kind = KindOf(document, gap);
    std::vector<std::string> cells;
    if (with_target) cells.push_back(Name(line.target->name));
    std::string what = ShortName(document, gap.metric);
    if (gap.measure != "max_min") {
      what += ", " + MeasureWords(gap.measure);
      if (!gap.group.empty()) what += " of " + AttributesWords(gap.group);
    }
    // With the target in a column of its own there is less room.
    what += " by " + (with_target ? fmt::format("{}", fmt::join(gap.by, " x "))
                                  : GroupingWords(gap.by));
    cells.insert(cells.end(), {Name(what), GapText(gap, kind),
                               ChanceText(gap, kind, with_target),
                               ProbabilityText(gap.p_adjusted),
                               WithoutUnit(gap.smallest_detectable, kind),
                               ShortOutcome(gap.outcome)});
    table.AddRow(std::move(cells));
  }
  writer->Table(table);
}

void WriteTarget(const AuditDocument& document, const AuditTarget& target,
                 PlainWriter* writer) {
  std::string heading =
      fmt::format("{}: {} rows, {} positives", Name(target.name),
                  CountText(target.rows), CountText(target.positives));
  if (target.prevalence) {
    heading += " (" + NumberText(*target.prevalence, NumberKind::kPercent) +
               ByWeight(document) + ')';
  }
  if (target.threshold.value && !document.threshold.value) {
    heading += ", flagged " + ThresholdWords(target.threshold);
  }
  writer->Heading(heading);

  const bool alone = document.targets.size() == 1;
  std::vector<WorstLine> worst;
  for (const int metric : KeyMetrics(document, 3)) {
    for (const AuditGroup* group :
         WorstGroups(document, target, metric, alone ? 4 : 2)) {
      worst.push_back({&target, group, metric});
    }
  }
  WriteWorst(document, worst, false, writer);

  const std::vector<const AuditGap*> gaps = HeadlineGaps(document, target);
  std::vector<GapLine> lines;
  for (const AuditGap* gap : gaps) {
    if (lines.size() == (alone ? 14u : 8u)) break;
    lines.push_back({&target, gap});
  }
  WriteGaps(document, lines, false, writer);
  if (lines.size() < target.gaps.size()) {
    writer->Paragraph(
        fmt::format("{} more gaps are in gaps.csv, {} groups in groups.csv.",
                    WithThousands(target.gaps.size() - lines.size()),
                    WithThousands(target.groups.size())));
  }
}

void WriteManyTargets(const AuditDocument& document, PlainWriter* writer) {
  std::vector<int> order = TargetsWorstFirst(document);
  const size_t total = order.size();
  order.resize(std::min(total, kTargetsListed));
  const std::vector<int> key = KeyMetrics(document, 1);
  std::vector<WorstLine> worst;
  std::vector<GapLine> gaps;
  for (const int index : order) {
    const AuditTarget& target = document.targets[index];
    for (const int metric : key) {
      for (const AuditGroup* group : WorstGroups(document, target, metric, 1)) {
        worst.push_back({&target, group, metric});
      }
    }
    const std::vector<const AuditGap*> all = HeadlineGaps(document, target);
    if (!all.empty()) gaps.push_back({&target, all[0]});
  }
  writer->Heading(fmt::format("{} targets, worst first", total));
  WriteWorst(document, worst, true, writer);
  WriteGaps(document, gaps, true, writer);
  size_t all_gaps = 0;
  for (const AuditTarget& target : document.targets) {
    all_gaps += target.gaps.size();
  }
  writer->Paragraph(fmt::format(
      "The first of the gaps of each target; {} more, and the remaining "
      "groups, are in gaps.csv and groups.csv.",
      WithThousands(all_gaps - gaps.size())));
}

// "fnr gap by sex <= 0.05: …" unless the sentence begins with it.
std::string GateText(const AuditGate& gate) {
  return gate.sentence.starts_with(gate.gate)
             ? gate.sentence
             : gate.gate + ": " + gate.sentence;
}

// "failed for Edema and Mass; cannot tell for 12 targets".
std::string OutcomesOfGate(const std::vector<const AuditGate*>& gates) {
  constexpr size_t kNamed = 5;
  std::string text;
  for (const char* outcome : {"failed", "cannot_tell", "met"}) {
    std::vector<std::string> targets;
    for (const AuditGate* gate : gates) {
      if (gate->outcome == outcome) targets.push_back(Name(gate->target));
    }
    if (targets.empty()) continue;
    if (!text.empty()) text += "; ";
    text += GateOutcomeWords(outcome) + " for ";
    text += targets.size() <= kNamed
                ? JoinWords(targets)
                : fmt::format("{} targets", targets.size());
  }
  return text;
}

// Worst first; a gate that was asked of many targets takes one item.
void WriteGates(const AuditDocument& document, PlainWriter* writer) {
  if (document.gates.empty()) return;
  writer->Heading("Gates");
  std::map<std::string, std::vector<const AuditGate*>> by_text;
  for (const AuditGate& gate : document.gates) {
    by_text[gate.gate].push_back(&gate);
  }
  for (const char* outcome : {"failed", "cannot_tell", "met"}) {
    for (const AuditGate& gate : document.gates) {
      std::vector<const AuditGate*>& same = by_text[gate.gate];
      if (gate.outcome != outcome || same.empty()) continue;
      if (same.size() <= kTargetsInDetail) {
        const std::string target =
            document.targets.size() > 1 && !gate.target.empty()
                ? Name(gate.target) + ": "
                : "";
        writer->Item(GateOutcomeWords(gate.outcome), target + GateText(gate));
        continue;
      }
      writer->Item(GateOutcomeWords(gate.outcome),
                   gate.gate + ": " + OutcomesOfGate(same));
      same.clear();
    }
  }
}

void WriteFindings(const AuditDocument& document, PlainWriter* writer) {
  if (document.findings.empty()) return;
  writer->Heading("Findings");
  const size_t most = document.targets.size() > kTargetsInDetail ? 5 : 10;
  for (const AuditFinding& finding : FindingsToShow(document, most)) {
    writer->Item(finding.code + ' ' + finding.severity,
                 finding.action.empty()
                     ? finding.sentence
                     : finding.sentence + ' ' + finding.action);
  }
  std::string more;
  if (document.findings.size() > most) {
    more = fmt::format("{} more findings are in audit.json. ",
                       document.findings.size() - most);
  }
  writer->Paragraph(more + "What a code means: plumbline explain " +
                    document.findings[0].code);
}

void WriteLimitations(const AuditDocument& document, PlainWriter* writer) {
  constexpr size_t kMost = 8;
  const std::vector<std::string> lines = LimitationLines(document, 1);
  if (lines.empty()) return;
  writer->Heading("Limitations");
  for (size_t i = 0; i < std::min(lines.size(), kMost); ++i) {
    writer->Item("", lines[i]);
  }
  if (lines.size() > kMost) {
    writer->Item("",
                 fmt::format("{} more in audit.json.", lines.size() - kMost));
  }
}

std::string Write(const Json& audit, PlainWriter writer) {
  const AuditDocument document = ReadAuditDocument(audit);
  WriteHead(document, &writer);
  WriteVerdict(document, &writer);
  WriteMulticlass(ReadMulticlass(audit), document.options.level,
                  document.options.minimum, &writer);
  WriteModels(document, &writer);
  if (document.targets.size() > kTargetsInDetail) {
    WriteManyTargets(document, &writer);
  } else {
    for (const int index : TargetsWorstFirst(document)) {
      WriteTarget(document, document.targets[index], &writer);
    }
  }
  writer.Paragraph(
      "Chance/95th: the gap that chance alone gives on average, and exceeds "
      "in 1 of 20 audits. Detectable: the smallest gap that these data would "
      "show "
      "in 4 of 5 audits. pp: percentage points.");
  for (const int index : TargetsWorstFirst(document)) {
    if (document.targets.size() > kTargetsInDetail) break;
    WriteSlicesText(document, document.targets[index], 10, &writer);
  }
  WriteCaseMixText(document, &writer);
  WriteGates(document, &writer);
  WriteFindings(document, &writer);
  WriteLimitations(document, &writer);
  return writer.Finish();
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

using report::PlainWriter;

std::string AuditText(const Json& audit, int width) {
  return report::Write(
      audit, PlainWriter(PlainWriter::Format::kText, std::max(width, 40)));
}

std::string AuditMarkdown(const Json& audit) {
  return report::Write(audit, PlainWriter(PlainWriter::Format::kMarkdown, 0));
}

}  // namespace plumbline
