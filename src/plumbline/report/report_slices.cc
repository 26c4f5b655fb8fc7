// Slices of one target: combinations of conditions with more errors.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/report/audit_words.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

void WriteTable(const AuditSliceSearch& search, const std::string& caption,
                ReportPage* page) {
  const std::string level = LevelText(page->document.options.level);
  HtmlTable table(caption, "Slices", &page->html);
  table.HeadText("Slice");
  table.HeadNumber("n");
  table.HeadNumber("Subjects");
  table.HeadNumber("Rate (" + level + ')');
  table.HeadNumber("Rest");
  table.HeadNumber("Difference (" + level + ')');
  table.HeadNumber("p, adjusted");
  table.HeadNumber("Errors beyond the rest's rate");
  table.HeadNumber("Difference where it was found");
  table.HeadText("Outcome");
  for (const AuditSlice& slice : search.found) {
    const SliceNumbers& numbers = slice.held_out;
    const GapOutcome outcome =
        slice.shown ? GapOutcome::kShown : GapOutcome::kCannotTell;
    table.Row(EscapedName(slice.name));
    table.Number(CountText(numbers.n));
    table.Number(CountText(numbers.subjects));
    table.Number(SliceRateText(numbers.rate));
    table.Number(OptionalText(numbers.rest.value, NumberKind::kPercent));
    table.Number(SliceDifferenceText(numbers.difference));
    table.Number(ProbabilityText(numbers.p_adjusted));
    table.Number(SliceExcessText(numbers.excess));
    table.Number(
        OptionalText(slice.found_on.difference.value, NumberKind::kPoints));
    table.Outcome(OutcomeMark(outcome) +
                      (slice.shown ? "more errors shown" : "cannot tell"),
                  OutcomeClass(outcome));
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
  plot.axis = "difference to the rest";
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
    page->Paragraph(
        "<b>" + Escaped(words) + "</b>. " +
        Escaped(SliceSearchWords(search, page->document.slice_options)));
    if (!search.found.empty()) {
      WriteFigure(target, search, page);
      WriteTable(search,
                 "Slices with more " + Escaped(words) +
                     ", estimated on the half of the subjects that had no "
                     "part in finding them. The last difference is that of "
                     "the other half, and too large as a rule.",
                 page);
    }
    page->Note(Escaped(SliceDetectableWords(search)));
  }
  page->EndPart();
}

}  // namespace plumbline::report
