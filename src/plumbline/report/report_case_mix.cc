// The section on gaps after standardising for the case mix.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/case_mix_text.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/svg.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

constexpr size_t kDrawn = 5;

NumberKind KindOf(const AuditDocument& document, const std::string& metric) {
  const int index = document.MetricIndex(metric);
  return KindOfGap("difference_reference", metric,
                   index < 0 ? "" : document.metrics[index].unit);
}

std::string Text(const CaseMixEstimate& estimate, NumberKind kind) {
  if (!estimate.value) return CaseMixReasonWords(estimate.reason);
  std::string text = NumberText(*estimate.value, kind);
  if (estimate.lo && estimate.hi) {
    text += " (" + RangeText(*estimate.lo, *estimate.hi, kind) + ')';
  }
  return text;
}

GapOutcome OutcomeOf(const std::string& outcome) {
  if (outcome == "insufficient") return GapOutcome::kCannotTell;
  return outcome == "explained" || outcome == "none_above_margin"
             ? GapOutcome::kNoneAboveMargin
             : GapOutcome::kShown;
}

void AddRow(const char* label, const CaseMixEstimate& estimate, NumberKind kind,
            ForestRow::Mark mark, ForestPlot* plot) {
  ForestRow row;
  row.label = label;
  row.value = estimate.value;
  row.lo = estimate.lo;
  row.hi = estimate.hi;
  row.text = Text(estimate, kind);
  row.mark = row.lo ? mark : ForestRow::Mark::kUncertain;
  plot->rows.push_back(std::move(row));
}

// Crude, standardised and weighted gaps of one kind of number, one above the
// other.
void WriteForest(const CaseMixEntry& entry, bool points, ReportPage* page) {
  const AuditDocument& document = page->document;
  ForestPlot plot;
  plot.kind = points ? NumberKind::kPoints : NumberKind::kDecimal;
  plot.line = 0;
  plot.line_name = "no gap";
  plot.axis = points ? "Difference (pp)" : "Difference";
  plot.count_heading = "";
  plot.title =
      "Gaps by " + entry.by + " before and after adjustment: " + entry.target;
  size_t drawn = 0;
  for (const CaseMixComparison* c : CaseMixToShow(entry, 1000)) {
    const NumberKind kind = KindOf(document, c->metric);
    if ((kind == NumberKind::kPoints) != points || !c->crude.value) continue;
    if (drawn++ == kDrawn) break;
    plot.rows.push_back(
        {.mark = ForestRow::Mark::kHeading,
         .label = ShortName(document, c->metric) + ", " + c->group});
    AddRow("crude", c->crude, kind, ForestRow::Mark::kEveryone, &plot);
    AddRow("standardised", c->direct, kind, ForestRow::Mark::kGroup, &plot);
    AddRow("weighted", c->weighted, kind, ForestRow::Mark::kReference, &plot);
    plot.description += fmt::format(
        "{}, {} to {}: crude {}, standardised {}, weighted {}. ",
        ShortName(document, c->metric), c->group, c->reference,
        Text(c->crude, kind), Text(c->direct, kind), Text(c->weighted, kind));
  }
  if (plot.rows.empty()) return;
  plot.id = page->NextId();
  page->BeginFigure("forest", DrawForest(plot),
                    "<b>Difference to the reference</b>. Hollow diamond: "
                    "crude; square: standardised by strata; filled diamond: "
                    "weighted.");
  page->EndFigure();
}

void WriteTable(const CaseMixEntry& entry, ReportPage* page) {
  const AuditDocument& document = page->document;
  const std::vector<const CaseMixComparison*> rows =
      CaseMixToShow(entry, page->limits.gaps_folded);
  if (rows.empty()) {
    page->Note("No group has enough rows to be compared with the reference.");
    return;
  }
  HtmlTable table(
      "Difference to the reference before and after giving the "
      "groups the same covariates.",
      "Gaps before and after adjustment", &page->html);
  const std::string level = " (" + LevelText(document.options.level) + ')';
  table.HeadText("Gap");
  table.HeadText("Outcome");
  table.HeadNumber("Crude" + level);
  table.HeadNumber("Standardised" + level);
  table.HeadNumber("p, adjusted");
  table.HeadNumber("Explained part" + level);
  table.HeadNumber("n");
  table.HeadNumber("Subjects");
  table.HeadNumber("Weighted" + level);
  for (const CaseMixComparison* c : rows) {
    const NumberKind kind = KindOf(document, c->metric);
    const GapOutcome outcome = OutcomeOf(c->outcome);
    table.Row(Escaped(ShortName(document, c->metric)) + ", " +
              EscapedName(c->group) + " to " + EscapedName(c->reference));
    table.Outcome(
        OutcomeMark(outcome) + Escaped(CaseMixOutcomeWords(c->outcome)),
        OutcomeClass(outcome));
    table.Number(Text(c->crude, kind));
    table.Number(Text(c->direct, kind));
    table.Number(ProbabilityText(c->direct.p_adjusted));
    table.Number(Text(c->explained, kind));
    table.Number(CountText(c->n));
    table.Number(CountText(c->subjects));
    table.Number(Text(c->weighted, kind));
  }
  table.Finish();
}

void WriteSupports(const CaseMixEntry& entry, ReportPage* page) {
  OpenDetails("What the adjustment rests on", &page->html);
  HtmlTable table(
      "Coverage: share of the target distribution in strata that "
      "all groups have. Effective: rows that the weights leave.",
      "Support of the adjustment", &page->html);
  table.HeadText("Rows");
  table.HeadText("Group");
  for (const char* head : {"n", "Effective", "Largest weight", "Coverage",
                           "Imbalance before", "after"}) {
    table.HeadNumber(head);
  }
  table.HeadText("Note");
  size_t written = 0;
  for (const CaseMixSupport& support : entry.supports) {
    for (const CaseMixSupport::Group& group : support.groups) {
      if (written++ >= page->limits.levels) break;
      table.Row(Escaped(CaseMixRowsWords(support.denominator)));
      table.Text(EscapedName(group.name));
      table.Number(CountText(group.n));
      table.Number(group.effective ? fmt::format("{:.0f}", *group.effective)
                                   : "-");
      table.Number(OptionalText(group.largest_share, NumberKind::kPercent));
      table.Number(OptionalText(support.coverage, NumberKind::kPercent));
      table.Number(OptionalText(group.imbalance_before, NumberKind::kRatio));
      table.Number(OptionalText(group.imbalance_after, NumberKind::kRatio));
      table.Text(Escaped(CaseMixReasonWords(support)));
    }
  }
  table.Finish();
  page->html += "</details>\n";
}

// Love plot: absolute standardised differences before and after weighting.
std::string DrawBalance(const std::vector<const CaseMixBalance*>& rows,
                        const std::string& id, const std::string& title) {
  constexpr double kWidth = 520, kLeft = 210, kRight = 500, kHeight = 18;
  constexpr double kTop = 22, kLimit = 0.1;
  double most = 0.2;
  for (const CaseMixBalance* row : rows) {
    most = std::max(most, std::abs(row->before.value_or(0)));
    most = std::max(most, std::abs(row->after.value_or(0)));
  }
  const double bottom = kTop + kHeight * rows.size() + 4;
  const Scale x = {0, most, kLeft, kRight};
  std::string description = "Absolute standardised differences. ";
  std::string before, after, lines, ticks;
  Svg svg(kWidth, bottom + 36, id, title,
          description + fmt::format("{} levels; the largest is {:.2f}.",
                                    rows.size(), most));
  for (const double tick : NiceTicks(0, most, 5)) {
    AppendSegment(x(tick), bottom, x(tick), bottom + 4, &ticks);
    svg.Text(x(tick), bottom + 15, fmt::format("{:g}", tick), "ti",
             Anchor::kMiddle);
  }
  AppendSegment(kLeft, bottom, kRight, bottom, &ticks);
  svg.Line(x(kLimit), kTop - 5, x(kLimit), bottom, "rl");
  svg.Text(x(kLimit), kTop - 10, "0.1", "ti", Anchor::kMiddle);
  svg.Text((kLeft + kRight) / 2, bottom + 31,
           "Standardised difference (absolute)", "ti", Anchor::kMiddle);
  double y = kTop + kHeight / 2;
  for (const CaseMixBalance* row : rows) {
    svg.Text(0, y + 4,
             Shorten(row->covariate +
                         (row->level.empty() ? ", mean" : "=" + row->level),
                     28),
             "la");
    if (row->before && row->after) {
      AppendSegment(x(std::abs(*row->before)), y, x(std::abs(*row->after)), y,
                    &lines);
    }
    if (row->before) {
      AppendMarker(0, x(std::abs(*row->before)), y, 3.8, &before);
    }
    if (row->after) AppendMarker(1, x(std::abs(*row->after)), y, 4, &after);
    y += kHeight;
  }
  svg.Path(ticks, "ax");
  svg.Path(lines, "gr");
  svg.Path(before, "ho");
  svg.Path(after, "so");
  return svg.Finish();
}

void WriteBalance(const CaseMixEntry& entry, ReportPage* page) {
  std::vector<const CaseMixBalance*> rows;
  for (const CaseMixBalance& row : entry.balance) {
    if (row.group != entry.balance[0].group) continue;
    if (rows.size() < page->limits.forest_rows) rows.push_back(&row);
  }
  if (rows.empty()) return;
  page->BeginFigure(
      "forest",
      DrawBalance(rows, page->NextId(),
                  "Balance of " + rows[0]->group + " and " +
                      rows[0]->reference + ": " + entry.target),
      "<b>Balance of " + EscapedName(rows[0]->group) + " and " +
          EscapedName(rows[0]->reference) +
          "</b>, all rows. Hollow circle: before weighting; square: after. "
          "Beyond 0.1 is imbalance.");
  page->EndFigure();
}

void WriteBalanceTable(const CaseMixEntry& entry, ReportPage* page) {
  if (entry.balance.empty()) return;
  OpenDetails("Balance of every level", &page->html);
  HtmlTable table("Standardised differences, all rows.", "Balance",
                  &page->html);
  table.HeadText("Level");
  table.HeadText("Groups");
  table.HeadNumber("Before");
  table.HeadNumber("After");
  size_t written = 0;
  for (const CaseMixBalance& row : entry.balance) {
    if (written++ >= page->limits.gaps_folded) break;
    table.Row(EscapedName(row.covariate +
                          (row.level.empty() ? ", mean" : "=" + row.level)));
    table.Text(EscapedName(row.group) + " and " + EscapedName(row.reference));
    table.Number(OptionalText(row.before, NumberKind::kDecimal));
    table.Number(OptionalText(row.after, NumberKind::kDecimal));
  }
  table.Finish();
  page->html += "</details>\n";
}

void WriteShares(const CaseMixEntry& entry, ReportPage* page) {
  const AuditDocument& document = page->document;
  if (entry.covariates.size() < 2) return;
  ForestPlot plot;
  plot.kind = NumberKind::kPoints;
  plot.line = 0;
  plot.line_name = "none";
  plot.axis = "Share of the explained part (pp)";
  plot.count_heading = "";
  plot.title =
      "Shares of covariates in gaps by " + entry.by + ": " + entry.target;
  size_t drawn = 0;
  for (const CaseMixComparison* c : CaseMixToShow(entry, 1000)) {
    const NumberKind kind = KindOf(document, c->metric);
    if (kind != NumberKind::kPoints || c->shares.empty()) continue;
    if (drawn++ == kDrawn) break;
    plot.rows.push_back(
        {.mark = ForestRow::Mark::kHeading,
         .label = ShortName(document, c->metric) + ", " + c->group});
    for (const CaseMixShare& share : c->shares) {
      AddRow(share.covariate.c_str(), {share.value, share.lo, share.hi, {}, ""},
             kind, ForestRow::Mark::kGroup, &plot);
    }
    plot.description += ShortName(document, c->metric) + ": explained " +
                        Text(c->explained, kind) + ". ";
  }
  if (plot.rows.empty()) return;
  plot.id = page->NextId();
  page->BeginFigure("forest", DrawForest(plot),
                    "<b>Shapley shares</b> of each covariate in the part of "
                    "the gap that standardising takes away; they add up to "
                    "it, whatever the order.");
  page->EndFigure();
}

}  // namespace

void WriteCaseMix(ReportPage* page) {
  const AuditDocument& document = page->document;
  if (document.case_mix.empty()) return;
  page->BeginSection("Gaps with the same case mix");
  page->Paragraph(
      "How large the gaps are once all groups have the same distribution of "
      "the chosen covariates, in two ways: by strata, and by weights from a "
      "model of the group. Each rate is standardised over its own "
      "denominator: an FNR over people with the finding. What is explained "
      "is not excused: a covariate may itself be a consequence of belonging "
      "to the group.");
  size_t written = 0;
  for (const CaseMixEntry& entry : document.case_mix) {
    if (written++ == page->limits.targets) break;
    page->html += "<h3>" +
                  (page->OneTarget() ? "" : EscapedName(entry.target) + ": ") +
                  "by " + EscapedName(entry.by) + ", adjusted for " +
                  Escaped(JoinWords(entry.covariates)) + "</h3>\n";
    if (entry.adjust_to != "overall") {
      page->Note("Standardised to " + EscapedName(entry.adjust_to) + ".");
    }
    WriteTable(entry, page);
    page->html += "<div class=\"figures\">\n";
    WriteForest(entry, true, page);
    WriteForest(entry, false, page);
    WriteBalance(entry, page);
    WriteShares(entry, page);
    page->html += "</div>\n";
    WriteSupports(entry, page);
    WriteBalanceTable(entry, page);
  }
  page->EndSection();
}

}  // namespace plumbline::report
