// The page of a sample size: the answer, what each group needs, how size,
// margin and power go together, what it rests on.
#include "plumbline/report/power_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/html.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/power_words.h"
#include "plumbline/report/xy_plot.h"

namespace plumbline::report {
namespace {

// An axis says its unit once.
std::string WithUnit(const std::string& what, NumberKind kind) {
  return kind == NumberKind::kPoints ? what + " (pp)" : what;
}

void WriteGroups(const JsonPlace& power, PageWriter* page) {
  HtmlTable table(
      "What each group needs: " + Escaped(power.Text("denominator")) +
          ", which are what the rate is made of; images in all; and people to "
          "enrol. The design effect is by how much the rows of one person, who "
          "resemble one another, count for less.",
      "Groups", &page->html);
  const auto rows = PowerGroupRows(power);
  const bool shares = std::any_of(rows.begin(), rows.end(), [](const auto& r) {
    return !r.subjects_at_shares.empty();
  });
  table.HeadText("Group");
  table.HeadNumber("Expected");
  table.HeadNumber(PowerBaseHeading(power));
  table.HeadNumber("Design effect");
  table.HeadNumber(Escaped(PowerDenominatorHeading(power)));
  table.HeadNumber("Rows");
  table.HeadNumber("Subjects, equal sizes");
  if (shares) table.HeadNumber("Subjects, at the groups' shares");
  for (const PowerGroupRow& row : rows) {
    table.Row(EscapedName(row.name));
    for (const std::string* cell :
         {&row.expected, &row.base, &row.design_effect, &row.trials, &row.rows,
          &row.subjects}) {
      table.Number(*cell);
    }
    if (shares) {
      table.Number(row.subjects_at_shares.empty() ? "-"
                                                  : row.subjects_at_shares);
    }
  }
  table.Finish();
}

// Subjects of the largest group as planned: where the drawings' lines cross.
std::optional<double> PlannedSubjects(const JsonPlace& power) {
  std::optional<double> most;
  power.ForEach("groups", [&](const JsonPlace& group) {
    const auto subjects = group.At("equal_sizes").Number("subjects");
    if (subjects) most = std::max(most.value_or(0), *subjects);
  });
  return most;
}

void WriteMarginCurve(const JsonPlace& power, PageWriter* page) {
  const std::string what = PowerMarginWords(power);
  const NumberKind kind = PowerMarginKind(power);
  XyPlot plot;
  plot.x_label = "Subjects of a group";
  plot.y_label = WithUnit(what, kind);
  plot.percent_x = false;
  plot.percent_y = kind == NumberKind::kPoints;
  plot.x_line = PlannedSubjects(power);
  plot.y_line = power.Number("margin");
  XySeries series;
  plot.x_hi = plot.y_hi = 0;
  for (const PowerSizeRow& row : PowerSizeRows(power)) {
    series.line.push_back({row.subjects, row.margin});
    series.marks.push_back({row.subjects, row.margin});
    plot.x_hi = std::max(plot.x_hi, 1.05 * row.subjects);
    plot.y_hi = std::max(plot.y_hi, 1.1 * row.margin);
    plot.description += fmt::format(
        "{} subjects: {}. ", CountText(static_cast<int64_t>(row.subjects)),
        NumberText(row.margin, kind));
  }
  if (series.line.size() < 2) return;
  plot.series.push_back(std::move(series));
  plot.id = page->NextId();
  plot.title = what + " by number of subjects of a group";
  page->BeginFigure("curve", DrawXyPlot(plot),
                    "<b>" + Escaped(plot.title) +
                        "</b>. Dashed: as planned. Half the margin needs about "
                        "four times the subjects.");
  page->EndFigure();
}

void WritePowerCurve(const JsonPlace& power, PageWriter* page) {
  XyPlot plot;
  plot.x_label = WithUnit("Margin", PowerMarginKind(power));
  plot.y_label = "Power (%)";
  plot.percent_x = PowerMarginKind(power) == NumberKind::kPoints;
  plot.x_hi = 0;
  plot.y_line = power.Number("power");
  plot.x_line = power.Number("margin");
  XySeries series;
  power.ForEach("power_by_margin", [&](const JsonPlace& point) {
    const auto margin = point.Number("margin");
    const auto chance = point.Number("power");
    if (!margin || !chance) return;
    series.line.push_back({*margin, *chance});
    plot.x_hi = std::max(plot.x_hi, *margin);
    plot.description +=
        fmt::format("{}: {:.0f} %. ",
                    NumberText(*margin, PowerMarginKind(power)), 100 * *chance);
  });
  if (series.line.size() < 2) return;
  plot.series.push_back(std::move(series));
  plot.id = page->NextId();
  plot.title = "Power by margin at the planned size";
  page->BeginFigure("curve", DrawXyPlot(plot),
                    "<b>Power by margin at the planned size</b>: the chance of "
                    "reaching the goal. Dashed: as planned.");
  page->EndFigure();
}

void WriteSizes(const JsonPlace& power, PageWriter* page) {
  const std::vector<PowerSizeRow> rows = PowerSizeRows(power);
  if (rows.empty()) return page->Note("No other size reaches the goal.");
  HtmlTable table("The numbers of the first drawing.", "Margin by size",
                  &page->html);
  table.HeadText("Subjects of a group");
  table.HeadNumber(Escaped(PowerDenominatorHeading(power)));
  table.HeadNumber(Escaped(PowerMarginWords(power)));
  for (const PowerSizeRow& row : rows) {
    table.Row(CountText(static_cast<int64_t>(row.subjects)));
    table.Number(CountText(static_cast<int64_t>(row.trials)));
    table.Number(NumberText(row.margin, PowerMarginKind(power)));
  }
  table.Finish();
}

void WriteMethod(const JsonPlace& power, PageWriter* page) {
  page->BeginSection("Assumptions and method");
  page->html += "<ul class=\"prose\">\n";
  for (const std::string& line : PowerAssumptions(power)) {
    page->html += "<li>" + Escaped(line) + "</li>\n";
  }
  page->html += "</ul>\n";
  HtmlTable table("Settings; run.json has all of them.", "Settings",
                  &page->html);
  table.HeadText("Setting");
  table.HeadText("Value");
  for (const auto& [name, value] : PowerSettings(power)) {
    WriteSetting(name, Escaped(value), &table);
  }
  table.Finish();
  page->EndSection();
}

PageHead HeadOf(const JsonPlace& power) {
  PageHead head;
  head.kicker = "Plumbline sample size for an audit by group";
  head.title = PowerTitle(power);
  head.version = power.Text("plumbline");
  const auto fact = [&](const char* name, const std::string& value) {
    head.facts.emplace_back(name, Escaped(value));
  };
  fact("Subjects in all", CountText(power.Count("subjects")));
  fact("Metric", power.Text("label"));
  fact("Goal", PowerGoalWords(power));
  fact(PowerMarginWords(power).c_str(),
       OptionalText(power.Number("margin"), PowerMarginKind(power)));
  if (power.Text("goal") != "precision") {
    fact("Power", OptionalText(power.Number("power"), NumberKind::kPercent));
  }
  fact("Level", LevelText(power.Number("level").value_or(0.95)));
  return head;
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string PowerReportHtml(const Json& json) {
  const report::JsonPlace power(json, report::kPowerDocument);
  report::PageWriter page;
  page.BeginSection("Answer", "verdict");
  page.html += "<p class=\"lead\">" +
               report::Escaped(report::PowerAnswer(power)) + "</p>\n";
  report::WriteGroups(power, &page);
  page.EndSection();
  page.BeginSection(report::Escaped(
      "Size and " + report::LowerFirst(report::PowerMarginWords(power))));
  page.html += "<div class=\"figures\">\n";
  report::WriteMarginCurve(power, &page);
  report::WritePowerCurve(power, &page);
  page.html += "</div>\n";
  report::WriteSizes(power, &page);
  page.EndSection();
  report::WriteMethod(power, &page);
  return report::FinishPage(report::HeadOf(power), page.html,
                            "power.json has all numbers of this page.");
}

}  // namespace plumbline
