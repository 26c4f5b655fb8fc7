// Chapter 2 of the survey's page: groups and intersections that are too small,
// where disadvantages meet, and whose images repeat.
#include <fmt/format.h>

#include "plumbline/report/audit_words.h"
#include "plumbline/report/survey_page.h"
#include "plumbline/report/survey_words.h"

namespace plumbline::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string CellName(const JsonPlace& cell) {
  std::string name;
  cell.At("attributes")
      .ForEachMember([&](const std::string& attribute, const JsonPlace& level) {
        name += (name.empty() ? "" : ", ") + attribute + "=" + level.AsText();
      });
  return EscapedName(name);
}

void WriteUncovered(const JsonPlace& in, PageWriter* page) {
  const auto empty = in.Count("empty").value_or(0);
  if (empty == 0) return;
  std::string names;
  size_t listed = 0, all = 0;
  in.ForEach("uncovered", [&](const JsonPlace& name) {
    ++all;
    if (listed == 20) return;
    ++listed;
    names += (names.empty() ? "" : "; ") + EscapedName(name.AsText());
  });
  page->Paragraph(fmt::format(
      "{} of {} combinations have nobody; the smallest of them: {}{}. Nothing "
      "can be said about these people.",
      CountText(empty), CountText(in.Count("possible")), names,
      all > listed ? ", …" : ""));
}

void WriteCells(const JsonPlace& in, const JsonPlace& options,
                const SurveyLimits& limits, PageWriter* page) {
  const bool has_label = !in.TextOr("label", "").empty();
  Rows small, signs;
  in.ForEach("cells", [&](const JsonPlace& cell) {
    if (has_label && !cell.Truth("supports")) {
      small.push_back(
          {CellName(cell), CountText(cell.Count("subjects")),
           CountText(cell.Count("rows")), CountText(cell.Count("positives")),
           OptionalText(cell.Number("half_width"), NumberKind::kPoints)});
    }
    std::string found;
    cell.ForEach("signs", [&](const JsonPlace& sign) {
      found += (found.empty() ? "" : ", ") + Escaped(sign.AsText());
    });
    if (!found.empty()) {
      signs.push_back(
          {CellName(cell), found, CountText(cell.Count("subjects")),
           OptionalText(cell.Number("missing_rate"), NumberKind::kPercent),
           OptionalText(cell.Number("shrunken_missing_rate"),
                        NumberKind::kPercent)});
    }
  });
  if (has_label) {
    page->html += "<h3>Too few for an estimate</h3>\n";
    page->Paragraph(fmt::format(
        "{} of {} groups and intersections cannot give a false-negative rate "
        "of {} within {} on either side.",
        CountText(in.Count("unsupported")), CountText(in.Count("cells_in_all")),
        EscapedName(in.Text("label")),
        OptionalText(options.Number("half_width"), NumberKind::kPoints)));
    WriteSurveyTable(
        "Fewest people first. Half-width: what the interval of a "
        "false-negative rate of 20 % would be.",
        "Cells that are too small", {"Group or intersection"},
        {"Subjects", "Rows", "Rows with the label", "Half-width"}, small,
        limits.rows, page);
  }
  page->html += "<h3>Where disadvantages meet</h3>\n";
  if (signs.empty()) {
    page->Paragraph(
        "No group or intersection shows one of the signs that were "
        "looked for.");
    return;
  }
  WriteSurveyTable(
      "Signs: underrepresented, lost on the way, labels missing more often "
      "(after shrinking small cells towards all), images of other sharpness.",
      "Signs of disadvantage", {"Group or intersection", "Signs"},
      {"Subjects", "Labels missing", "Shrunken"}, signs, limits.rows, page);
}

void WriteClustering(const JsonPlace& chapter, const SurveyLimits& limits,
                     PageWriter* page) {
  Rows rows;
  chapter.ForEach("clustering", [&](const JsonPlace& c) {
    rows.push_back(
        {EscapedName(c.Text("attribute") + "=" + c.Text("group")),
         OptionalText(c.Number("rows_per_subject"), NumberKind::kRatio),
         CountText(c.Count("most_rows")),
         OptionalText(c.Number("icc"), NumberKind::kRatio),
         OptionalText(c.Number("design_effect"), NumberKind::kRatio)});
  });
  if (rows.empty()) return;
  OpenDetails("How many images each person has", &page->html);
  WriteSurveyTable(
      "Design effect: by how much the rows of one person, who resemble one "
      "another, count for less.",
      "Clustering", {"Group"},
      {"Rows per subject", "Most of one", "Intraclass correlation",
       "Design effect"},
      rows, limits.rows, page);
  page->html += "</details>\n";
}

}  // namespace

void WriteSurveyMarginalised(const JsonPlace& survey,
                             const SurveyLimits& limits, PageWriter* page) {
  page->BeginSection(kSurveyQuestions[1]);
  const JsonPlace chapter = survey.At("marginalised");
  const JsonPlace in = chapter.At("intersections");
  page->Paragraph(fmt::format(
      "All groups, and their intersections of up to {} attributes: {} have "
      "people in them, {} of these fewer than {}.",
      CountText(in.Count("order")), CountText(in.Count("cells_in_all")),
      CountText(in.Count("below_minimum")),
      CountText(survey.At("options").Count("privacy_minimum"))));
  WriteUncovered(in, page);
  WriteCells(in, survey.At("options"), limits, page);
  WriteClustering(chapter, limits, page);
  page->EndSection();
}

}  // namespace plumbline::report
