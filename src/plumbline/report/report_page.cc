#include "plumbline/report/report_page.h"

#include <algorithm>

namespace plumbline::report {
namespace {

bool Halve(size_t least, size_t* count) {
  if (*count <= least) return false;
  *count = std::max(least, *count / 2);
  return true;
}

}  // namespace

bool ReportLimits::Shrink() {
  bool changed = curve_tables;
  curve_tables = false;
  changed |= Halve(8, &groups);
  changed |= Halve(4, &gaps_in_sight);
  changed |= Halve(4, &gaps_folded);
  changed |= Halve(2, &forests);
  changed |= Halve(10, &forest_rows);
  changed |= Halve(1, &heat_metrics);
  changed |= Halve(1, &pairs);
  changed |= Halve(1, &curve_attributes);
  changed |= Halve(10, &levels);
  // Whole targets go last.
  if (!changed) changed = Halve(1, &targets);
  return changed;
}

std::string ReportPage::NextSection(std::string_view title_html) {
  std::string number = std::to_string(contents_.size() + 1);
  contents_.push_back({"s" + number, std::string(title_html)});
  return number;
}

void ReportPage::BeginSection(std::string_view title_html,
                              const char* css_class) {
  const std::string number = NextSection(title_html);
  html += "<section id=\"s" + number + '"';
  if (*css_class != '\0') {
    html += " class=\"";
    html += css_class;
    html += '"';
  }
  html += "><h2>" + number + ". ";
  html += title_html;
  html += "</h2>\n";
}

void ReportPage::BeginFoldedSection(std::string_view title_html, bool open) {
  const std::string number = NextSection(title_html);
  html += "<section id=\"s" + number + "\"><details class=\"target\"";
  if (open) html += " open";
  html += "><summary><h2>" + number + ". ";
  html += title_html;
  html += "</h2></summary>\n";
}

void ReportPage::BeginPart(std::string_view title) {
  if (OneTarget()) return BeginSection(title);
  html += "<h3>";
  html += title;
  html += "</h3>\n";
}

void ReportPage::EndPart() {
  if (OneTarget()) EndSection();
}

void ReportPage::BeginFigure(const char* kind, std::string_view svg,
                             std::string_view caption) {
  html += "<figure class=\"";
  html += kind;
  html += "\"><figcaption>";
  html += caption;
  html += "</figcaption><div tabindex=\"0\">";
  html += svg;
  html += "</div>\n";
}

std::string OutcomeMark(GapOutcome outcome) {
  switch (outcome) {
    case GapOutcome::kShown:
      return "<span aria-hidden=\"true\">▲</span> ";
    case GapOutcome::kNoneAboveMargin:
      return "<span aria-hidden=\"true\">●</span> ";
    case GapOutcome::kCannotTell:
      return "<span aria-hidden=\"true\">◇</span> ";
    case GapOutcome::kNotTested:
      break;
  }
  return "";
}

const char* OutcomeClass(GapOutcome outcome) {
  switch (outcome) {
    case GapOutcome::kShown:
      return "shown";
    case GapOutcome::kNoneAboveMargin:
      return "none";
    case GapOutcome::kCannotTell:
      return "unknown";
    case GapOutcome::kNotTested:
      break;
  }
  return "untested";
}

}  // namespace plumbline::report
