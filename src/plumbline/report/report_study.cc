// Who was studied, what was left out, and the performance for everyone.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/text.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

constexpr size_t kTargetRows = 100;

std::string ShareText(std::optional<int64_t> part,
                      std::optional<int64_t> whole) {
  if (!part || !whole || *whole == 0) return "-";
  return NumberText(static_cast<double>(*part) / *whole, NumberKind::kPercent);
}

void WriteTargets(ReportPage* page) {
  const std::vector<AuditTarget>& targets = page->document.targets;
  HtmlTable table(
      "What the model looks for, and from which score on a case "
      "is flagged.",
      "Targets and thresholds", &page->html);
  table.HeadText("Target");
  table.HeadText("Label column");
  table.HeadText("Score column");
  table.HeadNumber("Rows");
  table.HeadNumber("Positives");
  table.HeadNumber("Prevalence");
  table.HeadText("Flagged");
  table.HeadText("Threshold fitted");
  for (size_t i = 0; i < std::min(targets.size(), kTargetRows); ++i) {
    const AuditTarget& target = targets[i];
    table.Row(EscapedName(target.name));
    table.Text("<code>" + EscapedName(target.label) + "</code>");
    table.Text("<code>" + EscapedName(target.score) + "</code>");
    table.Number(CountText(target.rows));
    table.Number(CountText(target.positives));
    table.Number(OptionalText(target.prevalence, NumberKind::kPercent));
    table.Text(target.hard_decisions
                   ? "as decided in the input"
                   : Escaped(ThresholdWords(target.threshold)));
    table.Text(Escaped(FittedOnWords(target.threshold.fitted_on)));
  }
  table.Finish();
  if (targets.size() > kTargetRows) {
    page->Note(fmt::format("{} more targets are in audit.json.",
                           targets.size() - kTargetRows));
  }
}

void WriteLevels(ReportPage* page) {
  const AuditDocument& document = page->document;
  if (document.attributes.empty()) return;
  HtmlTable table(
      "Composition. A missing value is a group of its own, never "
      "counted as another.",
      "Composition", &page->html);
  table.HeadText("Group");
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects");
  table.HeadText("Share of rows");
  for (const AuditAttribute& attribute : document.attributes) {
    size_t written = 0;
    for (const AuditAttribute::Level& level : attribute.levels) {
      if (written++ == page->limits.levels) break;
      std::string name =
          EscapedName(attribute.name + '=' + LevelWords(level.level));
      if (level.level && *level.level == attribute.reference) {
        name += " <span class=\"note\">(reference)</span>";
      }
      table.Row(name);
      table.Number(CountText(level.rows));
      table.Number(CountText(level.subjects));
      const double share =
          level.rows && document.input.rows && *document.input.rows > 0
              ? static_cast<double>(*level.rows) / *document.input.rows
              : 0;
      table.Text(
          fmt::format("<span class=\"bar\" style=\"width:{:.2f}rem\">"
                      "</span>{}",
                      std::clamp(share, 0.0, 1.0) * 9,
                      ShareText(level.rows, document.input.rows)));
    }
    if (attribute.levels.size() > page->limits.levels) {
      table.Row(fmt::format("{}: {} more levels in groups.csv",
                            EscapedName(attribute.name),
                            attribute.levels.size() - page->limits.levels));
      for (int i = 0; i < 3; ++i) table.Number("");
    }
  }
  table.Finish();
}

}  // namespace

void WritePopulation(ReportPage* page) {
  const AuditDocument& document = page->document;
  const AuditInput& input = document.input;
  page->BeginSection("Population, labels and threshold");
  std::string text = Escaped(CountText(input.rows)) + " rows";
  if (input.subject_column.empty()) {
    text +=
        ". No subject column was given: every row counts as a subject of "
        "its own, and intervals are too narrow if a subject has several.";
  } else {
    text += " of " + Escaped(CountText(input.subjects)) +
            " subjects (column <code>" + EscapedName(input.subject_column) +
            "</code>)";
    text += input.clustered ? fmt::format(
                                  ", up to {} rows for one subject. Intervals "
                                  "allow for it: the unit is the subject.",
                                  CountText(input.max_rows_per_subject))
                            : std::string(", one row for each.");
  }
  page->Paragraph(text);
  WriteTargets(page);
  WriteLevels(page);
  page->Note(
      "Intended use, inclusion criteria and how the labels were made "
      "are not in the data: state them beside this report.");
  page->EndSection();
}

void WriteDataFlow(ReportPage* page) {
  const AuditDocument& document = page->document;
  page->BeginSection("Data flow and missing values");
  HtmlTable flow(
      "From the rows read to the rows audited. Rows without a label "
      "or a score are left out; rows without an attribute are kept.",
      "Data flow", &page->html);
  flow.HeadText("Target");
  flow.HeadNumber("Rows read");
  flow.HeadNumber("No label");
  flow.HeadNumber("No score");
  flow.HeadNumber("Audited");
  for (size_t i = 0; i < std::min(document.targets.size(), kTargetRows); ++i) {
    const AuditTarget& target = document.targets[i];
    flow.Row(EscapedName(target.name));
    flow.Number(CountText(document.input.rows));
    flow.Number(CountText(target.missing_labels));
    flow.Number(CountText(target.missing_scores));
    flow.Number(CountText(target.rows));
  }
  flow.Finish();
  if (document.input.duplicate_rows.value_or(0) > 0) {
    const bool one = *document.input.duplicate_rows == 1;
    page->Paragraph(fmt::format(
        "{} {} of another row.", CountText(document.input.duplicate_rows),
        one ? "row is an exact copy" : "rows are exact copies"));
  }
  if (!document.attributes.empty()) {
    HtmlTable missing("Missing attributes.", "Missing attributes", &page->html);
    missing.HeadText("Attribute");
    missing.HeadNumber("Rows missing");
    missing.HeadNumber("Share");
    missing.HeadNumber("Subjects missing");
    missing.HeadNumber("Subjects in several groups");
    for (const AuditAttribute& attribute : document.attributes) {
      missing.Row(EscapedName(attribute.name));
      missing.Number(CountText(attribute.missing_rows));
      missing.Number(ShareText(attribute.missing_rows, document.input.rows));
      missing.Number(CountText(attribute.missing_subjects));
      missing.Number(CountText(attribute.subjects_in_several_groups));
    }
    missing.Finish();
  }
  page->EndSection();
}

namespace {

// All metrics of the only target, one line each.
void WriteOverallOfOne(const AuditTarget& target, ReportPage* page) {
  const AuditDocument& document = page->document;
  const AuditGroup* everyone = Everyone(target);
  if (everyone == nullptr) return page->Paragraph("Nothing was computed.");
  HtmlTable table(fmt::format("Performance for everyone, with {} intervals.",
                              LevelText(document.options.level)),
                  "Performance for everyone", &page->html);
  table.HeadText("Metric");
  table.HeadNumber("Value (interval)");
  table.HeadNumber("n");
  table.HeadNumber("Subjects");
  table.HeadNumber("Events");
  table.HeadNumber("Design effect");
  table.HeadText("What it says");
  for (const int index : MetricsByImportance(document)) {
    const AuditMetric& metric = document.metrics[index];
    const AuditEstimate& estimate = everyone->metrics[index];
    if (!estimate.present) continue;
    const NumberKind kind = KindOfMetric(metric.name, metric.unit);
    table.Row(Escaped(metric.label));
    table.Number(EstimateText(estimate, kind, document.options.minimum));
    table.Number(CountText(estimate.n));
    table.Number(CountText(estimate.subjects));
    table.Number(CountText(estimate.events));
    table.Number(OptionalText(estimate.design_effect, NumberKind::kRatio));
    table.Text(Escaped(metric.summary));
  }
  table.Finish();
}

void WriteOverallOfSeveral(ReportPage* page) {
  const AuditDocument& document = page->document;
  const std::vector<int> metrics = KeyMetrics(document, 4);
  HtmlTable table(
      fmt::format("Performance for everyone, with {} intervals. Targets with "
                  "the most gaps come first.",
                  LevelText(document.options.level)),
      "Performance for everyone", &page->html);
  table.HeadText("Target");
  table.HeadNumber("Rows");
  table.HeadNumber("Positives");
  for (const int metric : metrics) {
    table.HeadNumber(Escaped(ShortName(document.metrics[metric])));
  }
  size_t rows = 0;
  for (const int index : TargetsWorstFirst(document)) {
    const AuditTarget& target = document.targets[index];
    const AuditGroup* everyone = Everyone(target);
    if (everyone == nullptr || ++rows > kTargetRows) continue;
    table.Row(EscapedName(target.name));
    table.Number(CountText(target.rows));
    table.Number(CountText(target.positives));
    for (const int metric : metrics) {
      const AuditMetric& m = document.metrics[metric];
      table.Number(EstimateText(everyone->metrics[metric],
                                KindOfMetric(m.name, m.unit),
                                document.options.minimum));
    }
  }
  table.Finish();
  OpenDetails("What the metrics say", &page->html);
  page->html += "<ul>\n";
  for (const AuditMetric& metric : document.metrics) {
    page->html += "<li>" + Escaped(metric.label) + ": " +
                  Escaped(metric.summary) + "</li>\n";
  }
  page->html += "</ul></details>\n";
}

}  // namespace

void WriteOverall(ReportPage* page) {
  page->BeginSection("Performance for everyone");
  if (page->OneTarget()) {
    WriteOverallOfOne(page->document.targets[0], page);
  } else {
    WriteOverallOfSeveral(page);
  }
  page->EndSection();
}

}  // namespace plumbline::report
