// Slices of one target: combinations of conditions with more errors.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/report/audit_words.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

GapOutcome OutcomeOf(const AuditSlice& slice) {
  return slice.shown ? GapOutcome::kShown : GapOutcome::kCannotTell;
}

void WriteTable(const AuditSliceSearch& search, const std::string& caption,
                ReportPage* page) {
  const std::string level = LevelText(page->document.options.level);
  HtmlTable table(caption, "Slices", &page->html);
  table.HeadText("Slice");
  table.HeadText("Outcome");
  table.HeadNumber("Difference (" + level + ')');
  table.HeadNumber("p, adjusted");
  table.HeadNumber("Rate (" + level + ')');
  table.HeadNumber("Rest");
  table.HeadNumber("n");
  table.HeadNumber("Subjects");
  table.HeadNumber("Errors in excess");
  table.HeadNumber("Where found");
  for (const AuditSlice& slice : search.found) {
    const SliceNumbers& numbers = slice.held_out;
    const GapOutcome outcome = OutcomeOf(slice);
    table.Row(EscapedName(slice.name));
    table.Outcome(
        OutcomeMark(outcome) + (slice.shown ? "more errors" : "cannot tell"),
        OutcomeClass(outcome));
    table.Number(SliceDifferenceText(numbers.difference));
    table.Number(ProbabilityText(numbers.p_adjusted));
    table.Number(SliceRateText(numbers.rate));
    table.Number(OptionalText(numbers.rest.value, NumberKind::kPercent));
    table.Number(CountText(numbers.n));
    table.Number(CountText(numbers.subjects));
    table.Number(SliceExcessText(numbers.excess));
    table.Number(
        OptionalText(slice.found_on.difference.value, NumberKind::kPoints));
  }
  table.Finish();
}

void WriteFigure(const AuditTarget& target, const AuditSliceSearch& search,
                 ReportPage* page) {
  ForestPlot plot;
  plot.id = page->NextId();
  plot.title = "Slices with more " + SliceMetricWords(search.metric) + ": " +
               target.name;
  plot.description = fmt::format(
      "{} slices, difference to the rest with interval, in the "
      "half of the subjects that had no part in finding them.",
      search.found.size());
  plot.kind = NumberKind::kPoints;
  plot.line = 0;
  plot.line_name = "rest";
  plot.axis = "Difference to the rest (pp)";
  for (const AuditSlice& slice : search.found) {
    const SliceInterval& difference = slice.held_out.difference;
    ForestRow row;
    row.label = slice.name;
    row.count = CountText(slice.held_out.n);
    row.value = difference.value;
    row.lo = difference.lo;
    row.hi = difference.hi;
    row.text = SliceDifferenceText(difference);
    row.mark =
        slice.shown ? ForestRow::Mark::kGroup : ForestRow::Mark::kUncertain;
    plot.rows.push_back(std::move(row));
  }
  page->BeginFigure("forest", DrawForest(plot),
                    "Difference to the rest, in percentage points. A hollow "
                    "mark: not confirmed.");
  page->EndFigure();
}

}  // namespace

void WriteSlices(const AuditTarget& target, ReportPage* page) {
  if (target.slices.empty()) return;
  page->BeginPart("Slices");
  page->Paragraph(
      "Combinations of conditions in which the model errs more than in all "
      "other rows. Slices of several conditions come first; each is listed "
      "only if it is worse than the simpler slices that it lies in and not "
      "explained by a stronger one.");
  for (const AuditSliceSearch& search : target.slices) {
    const std::string words = SliceMetricWords(search.metric);
    // Below the heading of the part, which is one deeper with several targets.
    const std::string tag = page->OneTarget() ? "h3" : "h4";
    page->html +=
        '<' + tag + '>' + Escaped(UpperFirst(words)) + "</" + tag + ">\n";
    page->Paragraph(
        Escaped(SliceSearchWords(search, page->document.slice_options)));
    if (!search.found.empty()) {
      WriteFigure(target, search, page);
      WriteTable(search,
                 "Slices with more " + Escaped(words) +
                     ", estimated on the half of the subjects that had no "
                     "part in finding them. Difference: to the rest, all rows "
                     "outside the slice. Errors in excess: beyond those that "
                     "the rest's rate would give. Where found: the difference "
                     "in the half that found the slice, too large as a rule.",
                 page);
    }
    page->Note(Escaped(SliceDetectableWords(search)));
  }
  page->EndPart();
}

}  // namespace plumbline::report
