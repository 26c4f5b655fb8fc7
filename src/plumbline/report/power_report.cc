#include "plumbline/report/power_report.h"

#include <algorithm>

#include "plumbline/base/json.h"
#include "plumbline/report/html.h"
#include "plumbline/report/page_style.h"
#include "plumbline/report/power_words.h"
#include "plumbline/report/xy_plot.h"

namespace plumbline::report {
namespace {

std::string Head(const JsonPlace& power, const std::string& title) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<meta name=\"generator\" content=\"Plumbline ";
  AppendEscaped(power.Text("plumbline"), &out);
  return out + "\">\n<title>" + Escaped(title) + "</title>\n<style>" +
         PageStyle() +
         "</style>\n</head>\n<body>\n"
         "<a class=\"skip\" href=\"#main\">Skip to the answer</a>\n"
         "<div class=\"page\">\n<header>\n"
         "<p class=\"kicker\">Plumbline power</p>\n<h1>" +
         Escaped(title) + "</h1>\n</header>\n<main id=\"main\">\n";
}

void Section(const char* id, const char* title, std::string* out) {
  *out += std::string("<section id=\"") + id + "\"><h2>" + title + "</h2>\n";
}

void WriteGroups(const JsonPlace& power, std::string* out) {
  HtmlTable table(
      "What each group needs: rows of the metric's denominator, images, and "
      "people to enrol.",
      "Groups", out);
  table.HeadText("Group");
  for (const char* heading :
       {"Expected", "Prevalence", "Design effect", "Denominator", "Rows",
        "Subjects, equal sizes", "Subjects, at the groups' shares"}) {
    table.HeadNumber(heading);
  }
  for (const PowerGroupRow& row : PowerGroupRows(power)) {
    table.Row(EscapedName(row.name));
    for (const std::string* cell :
         {&row.expected, &row.base, &row.design_effect, &row.trials, &row.rows,
          &row.subjects}) {
      table.Number(*cell);
    }
    table.Number(row.subjects_at_shares.empty() ? "-" : row.subjects_at_shares);
  }
  table.Finish();
}

void WriteFigure(const XyPlot& plot, std::string* out) {
  *out += "<figure class=\"curve\"><figcaption>" + Escaped(plot.title) +
          "</figcaption><div tabindex=\"0\">" + DrawXyPlot(plot) +
          "</div>\n</figure>\n";
}

void WriteMarginCurve(const JsonPlace& power, std::string* out) {
  XyPlot plot;
  plot.id = "f1";
  plot.title = "Margin by number of subjects of a group";
  plot.description = "Smaller margins need more subjects.";
  plot.x_label = "subjects of a group";
  plot.y_label = "margin";
  plot.percent_x = false;
  plot.percent_y = PowerMarginKind(power) == NumberKind::kPoints;
  XySeries series;
  series.label = "margin";
  plot.x_hi = plot.y_hi = 0;
  for (const PowerSizeRow& row : PowerSizeRows(power)) {
    series.line.push_back({row.subjects, row.margin});
    series.marks.push_back({row.subjects, row.margin});
    plot.x_hi = std::max(plot.x_hi, row.subjects);
    plot.y_hi = std::max(plot.y_hi, 1.1 * row.margin);
  }
  if (series.line.size() < 2) return;
  plot.series.push_back(std::move(series));
  WriteFigure(plot, out);
}

void WritePowerCurve(const JsonPlace& power, std::string* out) {
  XyPlot plot;
  plot.id = "f2";
  plot.title = "Power by margin at the planned size";
  plot.description = "The chance that a margin of this size is shown.";
  plot.x_label = "margin";
  plot.y_label = "power";
  plot.percent_x = PowerMarginKind(power) == NumberKind::kPoints;
  plot.x_hi = 0;
  XySeries series;
  series.label = "power";
  power.ForEach("power_by_margin", [&](const JsonPlace& point) {
    const auto margin = point.Number("margin");
    const auto chance = point.Number("power");
    if (!margin || !chance) return;
    series.line.push_back({*margin, *chance});
    plot.x_hi = std::max(plot.x_hi, *margin);
  });
  if (series.line.size() < 2) return;
  plot.series.push_back(std::move(series));
  WriteFigure(plot, out);
}

void WriteSizes(const JsonPlace& power, std::string* out) {
  HtmlTable table("The numbers of the first drawing.", "Margin by size", out);
  table.HeadText("Subjects of a group");
  table.HeadNumber("Denominator");
  table.HeadNumber("Margin");
  for (const PowerSizeRow& row : PowerSizeRows(power)) {
    table.Row(CountText(static_cast<int64_t>(row.subjects)));
    table.Number(CountText(static_cast<int64_t>(row.trials)));
    table.Number(NumberText(row.margin, PowerMarginKind(power)));
  }
  table.Finish();
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string PowerReportHtml(const Json& json) {
  const report::JsonPlace power(json);
  std::string out = report::Head(power, report::PowerTitle(power));
  report::Section("s1", "Answer", &out);
  out += "<p class=\"lead\">" + report::Escaped(report::PowerAnswer(power)) +
         "</p>\n";
  report::WriteGroups(power, &out);
  out += "</section>\n";
  report::Section("s2", "Size and margin", &out);
  out += "<div class=\"figures\">\n";
  report::WriteMarginCurve(power, &out);
  report::WritePowerCurve(power, &out);
  out += "</div>\n";
  report::WriteSizes(power, &out);
  out += "</section>\n";
  report::Section("s3", "Assumptions", &out);
  out += "<ul class=\"prose\">\n";
  for (const std::string& line : report::PowerAssumptions(power)) {
    out += "<li>" + report::Escaped(line) + "</li>\n";
  }
  return out + "</ul>\n</section>\n</main>\n</div>\n</body>\n</html>\n";
}

}  // namespace plumbline
