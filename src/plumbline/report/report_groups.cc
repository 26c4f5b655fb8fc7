// One target by group: gaps, forest plots, all metrics of all groups.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

NumberKind KindOf(const AuditDocument& document, const AuditGap& gap) {
  const int metric = document.MetricIndex(gap.metric);
  return KindOfGap(gap.measure, gap.metric,
                   metric < 0 ? "" : document.metrics[metric].unit);
}

std::string ComparisonWords(const AuditDocument& document,
                            const AuditGap& gap) {
  std::string words = ShortName(document, gap.metric);
  if (words.empty()) words = MeasureWords(gap.measure);
  if (gap.measure != "max_min" && words != MeasureWords(gap.measure)) {
    words += ", " + MeasureWords(gap.measure);
  }
  if (!gap.group.empty()) return words + ": " + AttributesWords(gap.group);
  return words + " by " + GroupingWords(gap.by);
}

void WriteGapRow(const AuditDocument& document, const AuditGap& gap,
                 HtmlTable* table) {
  const NumberKind kind = KindOf(document, gap);
  table->Row(EscapedName(ComparisonWords(document, gap)));
  table->Number(GapText(gap, kind));
  table->Number(gap.null_expected ? NumberText(*gap.null_expected, kind) +
                                        "; " + OptionalText(gap.null_p95, kind)
                                  : "-");
  table->Number(ProbabilityText(gap.p_adjusted));
  table->Number(OptionalText(gap.smallest_detectable, kind));
  std::string worst = gap.worst.empty() ? "-" : EscapedName(gap.worst);
  if (gap.worst_probability) {
    // Nobody is ever quite sure.
    worst +=
        *gap.worst_probability >= 0.995
            ? Escaped(" (>99 %)")
            : Escaped(fmt::format(" ({:.0f} %)", *gap.worst_probability * 100));
  }
  table->Text(worst);
  table->Outcome(OutcomeMark(gap.outcome) + Escaped(OutcomeWords(gap, kind)),
                 OutcomeClass(gap.outcome));
}

// The gaps from `begin` on, at most `most` of them.
void WriteGapTable(const std::vector<const AuditGap*>& gaps, size_t begin,
                   size_t most, std::string_view caption, ReportPage* page) {
  const AuditDocument& document = page->document;
  HtmlTable table(caption, "Gaps between groups", &page->html);
  table.HeadText("Comparison");
  table.HeadNumber("Gap (" + LevelText(document.options.level) + ')');
  table.HeadNumber("Chance alone gives: mean; 95th percentile");
  table.HeadNumber("p, adjusted");
  table.HeadNumber("Smallest gap that would show");
  table.HeadText("Worst group (how sure)");
  table.HeadText("Outcome");
  for (size_t i = begin; i < std::min(gaps.size(), begin + most); ++i) {
    WriteGapRow(document, *gaps[i], &table);
  }
  table.Finish();
}

void WriteGaps(const AuditTarget& target, ReportPage* page) {
  const AuditDocument& document = page->document;
  const std::vector<const AuditGap*> gaps = HeadlineGaps(document, target);
  const size_t in_sight = page->limits.gaps_in_sight;
  if (!gaps.empty()) {
    WriteGapTable(gaps, 0, in_sight,
                  "Gap between the group with the highest and the one with the "
                  "lowest value; shown gaps first.",
                  page);
  }
  const std::vector<const AuditGap*> others = OtherGaps(document, target);
  const size_t rest = gaps.size() - std::min(gaps.size(), in_sight);
  if (rest + others.size() == 0) return;
  OpenDetails(
      fmt::format("{} more comparisons", WithThousands(rest + others.size())),
      &page->html);
  size_t left = page->limits.gaps_folded;
  if (rest > 0) {
    WriteGapTable(gaps, in_sight, left, "Highest minus lowest, continued.",
                  page);
    left -= std::min(left, rest);
  }
  if (!others.empty() && left > 0) {
    WriteGapTable(others, 0, left,
                  "Differences to a reference and other measures.", page);
  }
  if (rest + others.size() > page->limits.gaps_folded) {
    page->Note(fmt::format("The first {} of {}; all are in gaps.csv.",
                           page->limits.gaps_folded,
                           WithThousands(rest + others.size())));
  }
  page->html += "</details>\n";
}

// A group of one attribute and that attribute's description.
struct SingleGroup {
  const AuditGroup* group;
  bool reference;
};

std::vector<SingleGroup> GroupsOf(const AuditTarget& target,
                                  const AuditAttribute& attribute) {
  std::vector<SingleGroup> groups;
  for (const AuditGroup& group : target.groups) {
    if (group.attributes.size() != 1 ||
        group.attributes[0].first != attribute.name) {
      continue;
    }
    const std::optional<std::string>& level = group.attributes[0].second;
    groups.push_back({&group, level && *level == attribute.reference});
  }
  return groups;
}

ForestRow RowOf(const AuditGroup& group, int metric, NumberKind kind,
                int64_t minimum) {
  const AuditEstimate& estimate = group.metrics[metric];
  ForestRow row;
  row.count = CountText(estimate.n);
  row.value = estimate.value;
  row.lo = estimate.lo;
  row.hi = estimate.hi;
  row.text = EstimateText(estimate, kind, minimum);
  if (!estimate.lo || !estimate.hi) row.mark = ForestRow::Mark::kUncertain;
  return row;
}

ForestPlot ForestOf(const AuditTarget& target, int metric, ReportPage* page) {
  const AuditDocument& document = page->document;
  const AuditMetric& m = document.metrics[metric];
  const int64_t minimum = document.options.minimum;
  ForestPlot plot;
  plot.id = page->NextId();
  plot.kind = KindOfMetric(m.name, m.unit);
  plot.title = m.label + " by group: " + target.name;
  plot.axis = LongName(m);
  if (plot.kind == NumberKind::kPercent) plot.axis += " (%)";
  if (const AuditGroup* everyone = Everyone(target)) {
    ForestRow row = RowOf(*everyone, metric, plot.kind, minimum);
    row.label = "everyone";
    if (row.lo) row.mark = ForestRow::Mark::kEveryone;
    plot.line = row.value;
    plot.description = "Everyone: " + row.text + ". ";
    plot.rows.push_back(std::move(row));
  }
  for (const AuditAttribute& attribute : document.attributes) {
    const std::vector<SingleGroup> groups = GroupsOf(target, attribute);
    if (groups.empty() || plot.rows.size() >= page->limits.forest_rows) {
      continue;
    }
    plot.rows.push_back(
        {.mark = ForestRow::Mark::kHeading, .label = attribute.name});
    for (const SingleGroup& single : groups) {
      if (plot.rows.size() >= page->limits.forest_rows) break;
      ForestRow row = RowOf(*single.group, metric, plot.kind, minimum);
      row.label = LevelWords(single.group->attributes[0].second);
      if (single.reference && row.lo) {
        row.mark = ForestRow::Mark::kReference;
      }
      plot.rows.push_back(std::move(row));
    }
  }
  const std::vector<const AuditGroup*> worst =
      WorstGroups(document, target, metric, 1);
  if (!worst.empty()) {
    plot.description +=
        "Worst: " + worst[0]->name + ", " +
        EstimateText(worst[0]->metrics[metric], plot.kind, minimum) + '.';
  }
  return plot;
}

void WriteForests(const AuditTarget& target, ReportPage* page) {
  const AuditDocument& document = page->document;
  if (document.attributes.empty()) return;
  page->html += "<div class=\"figures\">\n";
  for (const int metric :
       KeyMetrics(document, static_cast<int>(page->limits.forests))) {
    const ForestPlot plot = ForestOf(target, metric, page);
    page->BeginFigure("forest", DrawForest(plot),
                      "<b>" + Escaped(document.metrics[metric].label) +
                          "</b>. " + Escaped(document.metrics[metric].summary));
    page->EndFigure();
  }
  page->html += "</div>\n";
  page->Note(fmt::format(
      "Squares: groups; filled diamonds: reference groups; hollow diamond and "
      "dashed line: everyone; hollow circles: value without an interval. Bars: "
      "{} intervals; n: rows in the denominator. The numbers are in the table "
      "below.",
      LevelText(document.options.level)));
}

// Groups in the order of the document, or the worst by the first key metric
// where not all fit.
std::vector<const AuditGroup*> GroupsToList(const AuditTarget& target,
                                            ReportPage* page) {
  std::vector<const AuditGroup*> groups;
  for (const AuditGroup& group : target.groups) groups.push_back(&group);
  if (groups.size() <= page->limits.groups) return groups;
  const std::vector<int> key = KeyMetrics(page->document, 1);
  if (!key.empty()) {
    const MetricDirection direction = page->document.metrics[key[0]].direction;
    const auto badness = [&](const AuditGroup* group) {
      return CertainBadness(group->metrics[key[0]], direction);
    };
    std::stable_sort(groups.begin(), groups.end(),
                     [&](const AuditGroup* a, const AuditGroup* b) {
                       // Everyone stays, to compare with.
                       if (a->attributes.empty() != b->attributes.empty()) {
                         return a->attributes.empty();
                       }
                       return badness(a) > badness(b);
                     });
  }
  groups.resize(page->limits.groups);
  return groups;
}

void WriteGroupTable(const AuditTarget& target, ReportPage* page) {
  const AuditDocument& document = page->document;
  const std::vector<const AuditGroup*> groups = GroupsToList(target, page);
  const std::vector<int> metrics = MetricsByImportance(document);
  OpenDetails(
      fmt::format("All metrics of {} groups", WithThousands(groups.size())),
      &page->html);
  HtmlTable table(EscapedName(target.name) +
                      fmt::format(": value and {} interval of every metric.",
                                  LevelText(document.options.level)),
                  "All metrics by group", &page->html);
  table.HeadText("Group");
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects");
  table.HeadNumber("Positives");
  for (const int metric : metrics) {
    table.HeadNumber(Escaped(ShortName(document.metrics[metric])));
  }
  for (const AuditGroup* group : groups) {
    table.Row(EscapedName(group->name));
    table.Number(CountText(group->n));
    table.Number(CountText(group->subjects));
    table.Number(CountText(group->events));
    for (const int metric : metrics) {
      const AuditMetric& m = document.metrics[metric];
      const AuditEstimate& estimate = group->metrics[metric];
      table.Number(estimate.present
                       ? EstimateText(estimate, KindOfMetric(m.name, m.unit),
                                      document.options.minimum)
                       : "-");
    }
  }
  table.Finish();
  if (groups.size() < target.groups.size()) {
    page->Note(fmt::format(
        "The worst {} of {} groups, by the end of the interval that is nearer "
        "to the good side; all are in groups.csv.",
        WithThousands(groups.size()), WithThousands(target.groups.size())));
  }
  page->html += "</details>\n";
}

}  // namespace

void WriteGroups(const AuditTarget& target, ReportPage* page) {
  page->BeginPart("Performance by group");
  WriteGaps(target, page);
  WriteForests(target, page);
  WriteGroupTable(target, page);
  page->EndPart();
}

void WritePower(const AuditTarget& target, ReportPage* page) {
  constexpr size_t kRows = 18;
  const AuditDocument& document = page->document;
  ForestPlot plot;
  plot.kind = NumberKind::kPoints;
  plot.count_heading = "n";
  size_t without = 0;
  for (const AuditGap* gap : HeadlineGaps(document, target)) {
    if (KindOf(document, *gap) != NumberKind::kPoints) continue;
    if (!gap->smallest_detectable) {
      ++without;
      continue;
    }
    if (plot.rows.size() == kRows) break;
    if (gap->margin) plot.line = *gap->margin;
    ForestRow row;
    row.label = ComparisonWords(document, *gap);
    row.count = CountText(gap->n);
    row.value = gap->smallest_detectable;
    row.text = NumberText(*gap->smallest_detectable, plot.kind);
    row.mark = plot.line && *row.value > *plot.line
                   ? ForestRow::Mark::kUncertain
                   : ForestRow::Mark::kGroup;
    row.lo = row.hi = row.value;
    plot.rows.push_back(std::move(row));
  }
  if (plot.rows.empty()) return;
  page->BeginPart("The smallest gap that these data could show");
  page->Paragraph(
      "A gap smaller than this would be missed in more than one of five "
      "audits of this size. Where it is larger than the margin, finding no "
      "gap says little, and more data are needed.");
  std::sort(plot.rows.begin(), plot.rows.end(),
            [](const ForestRow& a, const ForestRow& b) {
              return *a.value > *b.value;
            });
  plot.id = page->NextId();
  plot.title = "Smallest gap that would show: " + target.name;
  plot.description = fmt::format("Largest: {}, {}. Smallest: {}, {}.",
                                 plot.rows[0].label, plot.rows[0].text,
                                 plot.rows.back().label, plot.rows.back().text);
  plot.axis = "Smallest gap that would show (pp)";
  plot.line_name = "margin";
  page->html += "<div class=\"figures\">\n";
  page->BeginFigure("forest", DrawForest(plot),
                    "<b>Gaps of rates.</b> Hollow circles lie above the "
                    "margin, squares within it. All comparisons are in the "
                    "table of gaps above.");
  page->EndFigure();
  page->html += "</div>\n";
  if (without > 0) {
    page->Note(fmt::format(
        "For {} more comparisons fewer than two groups were large enough.",
        without));
  }
  page->EndPart();
}

}  // namespace plumbline::report
