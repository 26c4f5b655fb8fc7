// The first page: what was found, in three outcomes.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

constexpr size_t kFindingsInSight = 6;
constexpr size_t kFindingsFolded = 54;
constexpr size_t kMatrixRows = 24;

void WriteTallyEntry(GapOutcome outcome, int count, const std::string& words,
                     const std::string& meaning, ReportPage* page) {
  page->html += fmt::format(
      "<li class=\"{}\"><b>{}</b><span class=\"w\">{}{}</span><small>{}"
      "</small></li>\n",
      OutcomeClass(outcome), WithThousands(count), OutcomeMark(outcome), words,
      meaning);
}

void WriteTally(ReportPage* page) {
  const AuditDocument& document = page->document;
  const OutcomeCounts counts = CountOutcomes(document);
  if (counts.total() == 0) return;
  page->Paragraph(Escaped(CountSentence(document)));
  const std::string margin = document.options.margin
                                 ? fmt::format("{:g}", *document.options.margin)
                                 : std::string("given");
  page->html += "<ul class=\"tally\">\n";
  WriteTallyEntry(GapOutcome::kShown, counts.shown, "gap shown",
                  "The difference between groups is larger than chance "
                  "explains, after correction for the number of comparisons.",
                  page);
  WriteTallyEntry(GapOutcome::kNoneAboveMargin, counts.none_above_margin,
                  "none above the margin",
                  fmt::format("The whole interval of the gap lies within the "
                              "margin of {}.",
                              margin),
                  page);
  WriteTallyEntry(GapOutcome::kCannotTell, counts.cannot_tell, "cannot tell",
                  "Too few data to say either. This is not a pass.", page);
  page->html += "</ul>\n";
}

void WriteGates(ReportPage* page) {
  std::vector<GateLine> lines;
  const std::vector<std::string>& fixed = page->document.policy.gates;
  for (const AuditGate& gate : page->document.gates) {
    std::string name = EscapedName(gate.gate);
    if (std::find(fixed.begin(), fixed.end(), gate.gate) != fixed.end()) {
      name += " <small>(policy)</small>";
    }
    if (!gate.target.empty() && !page->OneTarget()) {
      name += " (" + EscapedName(gate.target) + ')';
    }
    lines.push_back({name, gate.outcome, gate.sentence, gate.gate});
  }
  WriteGateTable(
      "Each limit is met or failed only if the whole interval says so.",
      std::move(lines), "audit.json", page);
}

const AuditGap* FindGap(const std::vector<const AuditGap*>& gaps,
                        const std::vector<std::string>& by,
                        const std::string& metric) {
  for (const AuditGap* gap : gaps) {
    if (gap->by == by && gap->metric == metric) return gap;
  }
  return nullptr;
}

// The key metrics that have a gap in some target.
std::vector<int> MetricsWithGaps(const AuditDocument& document) {
  constexpr size_t kMost = 6;
  std::vector<int> metrics;
  for (const int metric :
       KeyMetrics(document, static_cast<int>(document.metrics.size()))) {
    const std::string& name = document.metrics[metric].name;
    const bool has_gap = std::any_of(
        document.targets.begin(), document.targets.end(),
        [&](const AuditTarget& target) {
          return std::any_of(target.gaps.begin(), target.gaps.end(),
                             [&](const AuditGap& gap) {
                               return gap.metric == name &&
                                      gap.measure == "max_min" && gap.value;
                             });
        });
    if (has_gap && metrics.size() < kMost) metrics.push_back(metric);
  }
  return metrics;
}

// One line for each target and attribute, one column for each key metric.
void WriteMatrix(ReportPage* page) {
  const AuditDocument& document = page->document;
  const std::vector<int> metrics = MetricsWithGaps(document);
  const std::vector<int> order = TargetsWorstFirst(document);
  if (metrics.empty() || document.attributes.empty() || order.empty()) return;
  const std::vector<const AuditGap*> first =
      HeadlineGaps(document, document.targets[order[0]]);
  if (first.empty() || first[0]->measure != "max_min") return;

  page->html += "<h3>Where the gaps are</h3>\n";
  HtmlTable table(
      "Gap between the groups with the highest and the lowest value. ▲ gap "
      "shown, ● none above the margin, ◇ cannot tell. pp: percentage points.",
      "Gaps by attribute and metric", &page->html);
  table.HeadText(page->OneTarget() ? "Groups by" : "Target, groups by");
  for (const int metric : metrics) {
    table.HeadText(Escaped(ShortName(document.metrics[metric])));
  }
  size_t rows = 0;
  for (const int index : order) {
    const AuditTarget& target = document.targets[index];
    const std::vector<const AuditGap*> gaps = HeadlineGaps(document, target);
    for (const AuditAttribute& attribute : document.attributes) {
      if (++rows > kMatrixRows) continue;
      table.Row((page->OneTarget() ? "" : EscapedName(target.name) + ", ") +
                EscapedName(attribute.name));
      for (const int metric : metrics) {
        const AuditMetric& m = document.metrics[metric];
        const AuditGap* gap = FindGap(gaps, {attribute.name}, m.name);
        if (gap == nullptr || !gap->value) {
          table.Text("–");
          continue;
        }
        const NumberKind kind = KindOfGap(gap->measure, m.name, m.unit);
        table.Outcome(OutcomeMark(gap->outcome) +
                          Escaped(NumberText(*gap->value, kind)) +
                          "<span class=\"vh\">, " +
                          Escaped(OutcomeWords(*gap, kind)) + "</span>",
                      OutcomeClass(gap->outcome));
      }
    }
  }
  table.Finish();
  if (rows > kMatrixRows) {
    page->Note(
        fmt::format("{} more lines are in gaps.csv.", rows - kMatrixRows));
  }
}

}  // namespace

void WriteVerdict(ReportPage* page) {
  page->BeginSection("Verdict", "verdict");
  page->html += "<p class=\"lead\">" +
                Escaped(VerdictSentence(page->document)) + "</p>\n";
  if (!page->document.shared.empty()) {
    page->Note(Escaped(page->document.shared));
  }
  WriteTally(page);
  WriteGates(page);
  WritePolicyNote(page->document.policy, page);
  WriteMatrix(page);
  WriteFindingsList(page->document.findings, kFindingsInSight, kFindingsFolded,
                    "audit.json", page);
  page->EndSection();
}

}  // namespace plumbline::report
