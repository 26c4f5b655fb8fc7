// A model of several classes on the page and on the terminal.
#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "plumbline/report/audit_words.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/heat_map.h"
#include "plumbline/report/multiclass_document.h"

namespace plumbline::report {
namespace {

// More classes would be unreadable as a drawing.
constexpr size_t kClassesDrawn = 14;

NumberKind KindOf(const MulticlassPart& model, const std::string& metric) {
  const int index = model.MetricIndex(metric);
  return index < 0 ? NumberKind::kPercent
                   : KindOfMetric(metric, model.metrics[index].unit);
}

NumberKind KindOfDifference(const MulticlassPart& model,
                            const std::string& metric) {
  const NumberKind kind = KindOf(model, metric);
  return kind == NumberKind::kPercent ? NumberKind::kPoints : kind;
}

// Metrics that have a value for everyone.
std::vector<int> MetricsToShow(const MulticlassPart& model) {
  std::vector<int> shown;
  for (size_t m = 0; m < model.metrics.size(); ++m) {
    if (!model.groups.empty() && model.groups[0].metrics[m].value) {
      shown.push_back(static_cast<int>(m));
    }
  }
  return shown;
}

// The gaps that were tested, shown ones first.
std::vector<const AuditGap*> TestedGaps(const MulticlassPart& model) {
  std::vector<const AuditGap*> gaps;
  for (const AuditGap& gap : model.gaps) {
    if (gap.value) gaps.push_back(&gap);
  }
  std::stable_sort(gaps.begin(), gaps.end(),
                   [](const AuditGap* a, const AuditGap* b) {
                     return a->outcome == GapOutcome::kShown &&
                            b->outcome != GapOutcome::kShown;
                   });
  return gaps;
}

void WriteClasses(const MulticlassPart& model, ReportPage* page) {
  const MulticlassGroupPart& everyone = model.groups[0];
  HtmlTable table(
      "Classes. Recall: share of the class's rows that is "
      "recognised.",
      "Classes", &page->html);
  table.HeadText("Class");
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects");
  table.HeadNumber("Recall (" + LevelText(page->document.options.level) + ')');
  for (size_t k = 0; k < model.classes.size(); ++k) {
    table.Row(EscapedName(model.classes[k].name));
    table.Number(CountText(model.classes[k].rows));
    table.Number(CountText(model.classes[k].subjects));
    table.Number(EstimateText(everyone.recall[k], NumberKind::kPercent,
                              page->document.options.minimum));
  }
  table.Finish();
}

void WriteAverages(const MulticlassPart& model, ReportPage* page) {
  const std::vector<int> metrics = MetricsToShow(model);
  HtmlTable table("All classes together, by group.", "Averages by group",
                  &page->html);
  table.HeadText("Group");
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects");
  for (const int m : metrics) {
    table.HeadNumber(Escaped(model.metrics[m].label));
  }
  size_t written = 0;
  for (const MulticlassGroupPart& group : model.groups) {
    if (written++ == page->limits.groups) break;
    table.Row(EscapedName(group.name));
    table.Number(CountText(group.n));
    table.Number(CountText(group.subjects));
    for (const int m : metrics) {
      table.Number(EstimateText(group.metrics[m],
                                KindOf(model, model.metrics[m].name),
                                page->document.options.minimum));
    }
  }
  table.Finish();
  if (model.groups.size() > page->limits.groups) {
    page->Note("More groups are in groups.csv.");
  }
}

void WriteForest(const MulticlassPart& model, const char* name,
                 ReportPage* page) {
  const int m = model.MetricIndex(name);
  if (m < 0 || !model.groups[0].metrics[m].value) return;
  ForestPlot plot;
  plot.id = page->NextId();
  plot.title = model.metrics[m].label + ": " + model.name;
  plot.description = "One line a group; the same numbers are in the table.";
  plot.kind = KindOf(model, name);
  plot.line = model.groups[0].metrics[m].value;
  plot.line_name = "everyone";
  plot.axis = model.metrics[m].label;
  for (const MulticlassGroupPart& group : model.groups) {
    if (group.attributes > 1 || plot.rows.size() >= page->limits.forest_rows) {
      continue;
    }
    const AuditEstimate& e = group.metrics[m];
    ForestRow row;
    row.mark = !e.lo || !e.hi          ? ForestRow::Mark::kUncertain
               : group.attributes == 0 ? ForestRow::Mark::kEveryone
                                       : ForestRow::Mark::kGroup;
    row.label = group.name;
    row.count = CountText(group.n);
    row.value = e.value;
    row.lo = e.lo;
    row.hi = e.hi;
    row.text = EstimateText(e, plot.kind, page->document.options.minimum);
    plot.rows.push_back(std::move(row));
  }
  page->BeginFigure(
      "forest", DrawForest(plot),
      "<b>" + Escaped(model.metrics[m].label) +
          "</b> by group. Diamond: everyone; squares: groups; hollow circles: "
          "values without an interval. Bars: " +
          LevelText(page->document.options.level) + " intervals.");
  page->EndFigure();
}

void WriteConfusion(const MulticlassPart& model,
                    const MulticlassGroupPart& group, ReportPage* page) {
  HeatMap map;
  map.id = page->NextId();
  map.title = "Confusion matrix: " + model.name + ", " + group.name;
  map.description =
      "Rows are true classes, columns decisions; a cell is the share of its "
      "row and the number of images.";
  map.row_name = "True class";
  map.column_name = "Decision";
  map.kind = NumberKind::kPercent;
  map.at_least_lo = 0.0;
  map.at_least_hi = 1.0;
  for (size_t i = 0; i < model.classes.size(); ++i) {
    map.rows.push_back(model.classes[i].name);
    map.columns.push_back(model.classes[i].name);
    double total = 0;
    for (const double count : group.confusion[i]) total += count;
    for (const double count : group.confusion[i]) {
      HeatCell cell;
      cell.exists = total > 0;
      if (cell.exists) {
        cell.value = count / total;
        cell.value_text = NumberText(*cell.value, NumberKind::kPercent);
        cell.count_text = fmt::format("n {:g}", count);
      }
      map.cells.push_back(std::move(cell));
    }
  }
  page->BeginFigure("heat", DrawHeatMap(map),
                    "<b>" + EscapedName(group.name) + "</b>, " +
                        CountText(group.n) + " rows");
  page->EndFigure();
}

// Everyone and the groups; small matrices side by side.
void WriteConfusions(const MulticlassPart& model, ReportPage* page) {
  constexpr size_t kClassesSideBySide = 5;
  if (model.classes.size() > kClassesDrawn) {
    return page->Note("The confusion matrices are in audit.json.");
  }
  const bool side_by_side = model.classes.size() <= kClassesSideBySide;
  size_t drawn = 0;
  size_t left_out = 0;
  for (const MulticlassGroupPart& group : model.groups) {
    if (group.confusion.empty()) continue;
    if (drawn > page->limits.pairs) {
      ++left_out;
      continue;
    }
    if (drawn++ == 0) {
      page->html += "<h3>Confusion matrices</h3>\n";
      page->Paragraph(
          "Each row is a true class; a cell is the share of its images that "
          "was given the class of the column, and their number. Darker is a "
          "larger share; the diagonal is what was recognised.");
      if (side_by_side) page->html += "<div class=\"figures\">\n";
    }
    WriteConfusion(model, group, page);
  }
  if (side_by_side && drawn > 0) page->html += "</div>\n";
  if (left_out > 0) {
    page->Note(fmt::format("{} more are in audit.json.", left_out));
  }
}

void WriteGaps(const MulticlassPart& model, ReportPage* page) {
  const std::vector<const AuditGap*> gaps = TestedGaps(model);
  if (gaps.empty()) return;
  page->html += "<h3>Gaps between groups</h3>\n";
  HtmlTable table(
      "Gap between the group with the highest and the one with the "
      "lowest value; shown gaps first.",
      "Gaps between groups", &page->html);
  table.HeadText("Comparison");
  table.HeadNumber("Gap (" + LevelText(page->document.options.level) + ')');
  table.HeadNumber("Chance alone gives: mean; 95th percentile");
  table.HeadNumber("p, adjusted");
  table.HeadNumber("Smallest gap that would show");
  table.HeadText("Worst group");
  table.HeadText("Outcome");
  size_t written = 0;
  for (const AuditGap* gap : gaps) {
    if (written++ == page->limits.gaps_folded) break;
    const NumberKind kind = KindOfDifference(model, gap->metric);
    table.Row(EscapedName(model.MetricLabel(gap->metric) + " by " +
                          GroupingWords(gap->by)));
    table.Number(GapText(*gap, kind));
    table.Number(OptionalText(gap->null_expected, kind) + "; " +
                 OptionalText(gap->null_p95, kind));
    table.Number(ProbabilityText(gap->p_adjusted));
    table.Number(OptionalText(gap->smallest_detectable, kind));
    table.Text(gap->worst.empty() ? "-" : EscapedName(gap->worst));
    table.Outcome(OutcomeMark(gap->outcome) + Escaped(OutcomeWords(*gap, kind)),
                  OutcomeClass(gap->outcome));
  }
  table.Finish();
}

}  // namespace

void WriteMulticlass(const std::vector<MulticlassPart>& models,
                     ReportPage* page) {
  for (const MulticlassPart& model : models) {
    page->BeginSection("All classes together: " + EscapedName(model.name));
    page->Paragraph(fmt::format(
        "{} rows with a label and {}. The decision is {}.",
        CountText(model.rows), model.hard ? "a decision" : "all scores",
        model.hard ? "the column's"
                   : "the class with the highest score, of equal scores the "
                     "first class; no threshold is chosen"));
    WriteClasses(model, page);
    WriteAverages(model, page);
    WriteForest(model, model.hard ? "balanced_accuracy" : "macro_auroc", page);
    WriteConfusions(model, page);
    WriteGaps(model, page);
    page->EndSection();
  }
}

void WriteMulticlass(const std::vector<MulticlassPart>& models, double level,
                     int64_t minimum, PlainWriter* writer) {
  for (const MulticlassPart& model : models) {
    writer->Heading(fmt::format("All classes together: {} ({} rows)",
                                model.name, CountText(model.rows)));
    TextTable table;
    table.AddColumn("Group", TextTable::Align::kLeft);
    table.AddColumn("n", TextTable::Align::kRight);
    std::vector<int> metrics;
    for (const char* name :
         {"balanced_accuracy", "macro_f1", "macro_auroc", "hand_till_m"}) {
      const int m = model.MetricIndex(name);
      if (m < 0 || (model.hard && std::string_view(name).find("au") !=
                                      std::string_view::npos)) {
        continue;
      }
      if (metrics.size() == 3) break;
      metrics.push_back(m);
      table.AddColumn(
          LongName(model.metrics[m]) + " (" + LevelText(level) + ')',
          TextTable::Align::kRight);
    }
    size_t written = 0;
    for (const MulticlassGroupPart& group : model.groups) {
      if (group.attributes > 1 || written++ == 8) continue;
      std::vector<std::string> cells = {group.name, CountText(group.n)};
      for (const int m : metrics) {
        cells.push_back(EstimateText(
            group.metrics[m], KindOf(model, model.metrics[m].name), minimum));
      }
      table.AddRow(std::move(cells));
    }
    writer->Table(table);
  }
}

}  // namespace plumbline::report
