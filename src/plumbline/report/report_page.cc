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

void ReportPage::BeginPart(std::string_view title) {
  if (OneTarget()) return BeginSection(title);
  html += "<h3>";
  html += title;
  html += "</h3>\n";
}

void ReportPage::EndPart() {
  if (OneTarget()) EndSection();
}

}  // namespace plumbline::report
