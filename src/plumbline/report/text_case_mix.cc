// Gaps after standardising on a terminal and as Markdown.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/case_mix_text.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {
namespace {

constexpr size_t kEntries = 6;
constexpr size_t kRows = 8;

NumberKind KindOf(const AuditDocument& document, const std::string& metric) {
  const int index = document.MetricIndex(metric);
  return KindOfGap("difference_reference", metric,
                   index < 0 ? "" : document.metrics[index].unit);
}

std::string WithInterval(const CaseMixEstimate& estimate, NumberKind kind) {
  if (!estimate.value) return CaseMixReasonWords(estimate.reason);
  std::string text = NumberText(*estimate.value, kind);
  if (estimate.lo && estimate.hi) {
    text += " (" + RangeText(*estimate.lo, *estimate.hi, kind) + ')';
  }
  return text;
}

// "F" of "sex=F" under a heading that names the attribute.
std::string LevelOf(const std::string& group, const CaseMixEntry& entry) {
  return group.starts_with(entry.by + "=") ? group.substr(entry.by.size() + 1)
                                           : group;
}

void WriteTable(const AuditDocument& document, const CaseMixEntry& entry,
                PlainWriter* writer) {
  using Align = TextTable::Align;
  TextTable table;
  table.AddColumn("Gap", Align::kLeft);
  table.AddColumn("Crude", Align::kRight, 1);
  table.AddColumn("Standardised", Align::kRight);
  table.AddColumn("Weighted", Align::kRight, 2);
  table.AddColumn("Outcome", Align::kRight);
  for (const CaseMixComparison* c : CaseMixToShow(entry, kRows)) {
    const NumberKind kind = KindOf(document, c->metric);
    table.AddRow({ShortName(document, c->metric) + ", " +
                      LevelOf(c->group, entry) + " to " +
                      LevelOf(c->reference, entry),
                  WithInterval(c->crude, kind), WithInterval(c->direct, kind),
                  OptionalText(c->weighted.value, kind),
                  CaseMixOutcomeWords(c->outcome)});
  }
  writer->Table(table);
}

// What the comparisons rest on, one line for each that says something.
void WriteSupports(const CaseMixEntry& entry, PlainWriter* writer) {
  std::vector<std::string> said;
  for (const CaseMixSupport& support : entry.supports) {
    std::string text = CaseMixReasonWords(support);
    if (text.empty() && support.coverage && *support.coverage < 0.9995) {
      text = "strata that all groups have hold " +
             NumberText(*support.coverage, NumberKind::kPercent) +
             " of the target";
    }
    if (text.empty()) continue;
    const std::string label = CaseMixRowsWords(support.denominator);
    if (std::find(said.begin(), said.end(), label + text) != said.end()) {
      continue;
    }
    said.push_back(label + text);
    writer->Item(label, text + '.');
  }
}

void WriteWeights(const CaseMixEntry& entry, PlainWriter* writer) {
  // Those of all rows, or the first.
  const CaseMixSupport* shown = nullptr;
  for (const CaseMixSupport& support : entry.supports) {
    if (!support.weights_reason.empty()) continue;
    if (shown == nullptr ||
        (support.denominator == "all" && shown->denominator != "all")) {
      shown = &support;
    }
  }
  if (shown == nullptr) return;
  std::vector<std::string> parts;
  for (const CaseMixSupport::Group& group : shown->groups) {
    if (!group.effective) continue;
    std::string part = fmt::format("{} {:.0f} of {} rows", group.name,
                                   *group.effective, CountText(group.n));
    // The group that others are compared with differs from itself by 0.
    if (group.imbalance_before.value_or(0) > 0) {
      part += fmt::format(", largest difference {:.2f} before and {:.2f} after",
                          *group.imbalance_before,
                          group.imbalance_after.value_or(0));
    }
    parts.push_back(std::move(part));
  }
  if (parts.empty()) return;
  writer->Item("weights", "effective size and balance (" +
                              CaseMixRowsWords(shown->denominator) + "): " +
                              fmt::format("{}", fmt::join(parts, "; ")) + '.');
}

void WriteShares(const AuditDocument& document, const CaseMixEntry& entry,
                 PlainWriter* writer) {
  if (entry.covariates.size() < 2) return;
  for (const CaseMixComparison* c : CaseMixToShow(entry, 2)) {
    if (c->shares.empty() || !c->explained.value) continue;
    const NumberKind kind = KindOf(document, c->metric);
    std::vector<std::string> parts;
    for (const CaseMixShare& share : c->shares) {
      parts.push_back(share.covariate + ' ' + OptionalText(share.value, kind));
    }
    writer->Item("shares",
                 fmt::format("of {} explained of {}: {}.",
                             WithInterval(c->explained, kind),
                             ShortName(document, c->metric), JoinWords(parts)));
  }
}

}  // namespace

void WriteCaseMixText(const AuditDocument& document, PlainWriter* writer) {
  if (document.case_mix.empty()) return;
  size_t written = 0;
  for (const CaseMixEntry& entry : document.case_mix) {
    if (written++ == kEntries) break;
    std::string heading = "Case mix: gaps by " + entry.by + " adjusted for " +
                          JoinWords(entry.covariates);
    if (entry.adjust_to != "overall") heading += ", as in " + entry.adjust_to;
    if (document.targets.size() > 1) heading = entry.target + ": " + heading;
    writer->Heading(heading);
    WriteTable(document, entry, writer);
    WriteSupports(entry, writer);
    WriteWeights(entry, writer);
    WriteShares(document, entry, writer);
  }
  if (document.case_mix.size() > kEntries) {
    writer->Paragraph(
        fmt::format("{} more targets and attributes are in "
                    "case_mix.csv.",
                    document.case_mix.size() - kEntries));
  }
  writer->Paragraph(
      "Standardised: by strata. Weighted: by inverse probability of the group. "
      "Each rate over the covariates of its own denominator. Explained is not "
      "excused (PL112).");
}

}  // namespace plumbline::report
