// Chapter 3 of the survey's page: what goes with what, and what a difference
// is made of.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "plumbline/report/audit_words.h"
#include "plumbline/report/heat_map.h"
#include "plumbline/report/survey_page.h"
#include "plumbline/report/survey_words.h"

namespace plumbline::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string Points(const JsonPlace& row, const char* key) {
  return SurveyMemberText(row, key, NumberKind::kPoints);
}

std::string Compared(const JsonPlace& row) {
  return EscapedName(row.Text("attribute") + ": " + row.Text("group") +
                     " against " + row.Text("reference"));
}

// Attributes against everything else, if it can be read at a glance.
void WriteAssociationMap(const JsonPlace& survey, PageWriter* page) {
  constexpr size_t kMostRows = 16, kMostColumns = 8;
  HeatMap map;
  std::map<std::pair<std::string, std::string>, double> values;
  const auto add = [](const std::string& name,
                      std::vector<std::string>* names) {
    if (std::find(names->begin(), names->end(), name) == names->end()) {
      names->push_back(name);
    }
  };
  survey.At("disparities").ForEach("attributes", [&](const JsonPlace& a) {
    map.columns.push_back(a.Text("attribute"));
  });
  survey.At("drivers").ForEach("associations", [&](const JsonPlace& a) {
    const auto v = a.Number("corrected_v");
    const bool of_attribute = std::find(map.columns.begin(), map.columns.end(),
                                        a.Text("x")) != map.columns.end();
    if (!v || !of_attribute) return;
    add(a.Text("y"), &map.rows);
    values[{a.Text("y"), a.Text("x")}] = *v;
  });
  if (map.columns.size() > kMostColumns || values.size() < 4) return;
  // The strongest come first.
  if (map.rows.size() > kMostRows) map.rows.resize(kMostRows);
  for (const std::string& row : map.rows) {
    for (const std::string& column : map.columns) {
      HeatCell cell;
      const auto at = values.find({row, column});
      if (at != values.end()) {
        cell.exists = true;
        cell.value = at->second;
        cell.value_text = NumberText(at->second, NumberKind::kRatio);
      }
      map.cells.push_back(std::move(cell));
    }
  }
  map.id = page->NextId();
  map.title = "Association of attributes with labels and covariates";
  map.description =
      "Cramér's V, corrected for bias; the table has the numbers.";
  map.row_name = "Label or covariate";
  map.column_name = "Attribute";
  map.kind = NumberKind::kRatio;
  map.at_least_lo = 0;
  map.at_least_hi = 0.3;
  page->html += "<div class=\"figures\">\n";
  page->BeginFigure("heat", DrawHeatMap(map),
                    "<b>What goes with which attribute</b>: Cramér's V, "
                    "corrected for bias (Bergsma 2013). 0: nothing; 1: one "
                    "gives the other away. The strongest first.");
  page->EndFigure();
  page->html += "</div>\n";
}

void WriteAssociations(const JsonPlace& survey, const SurveyLimits& limits,
                       PageWriter* page) {
  struct Row {
    double v;
    std::vector<std::string> cells;
  };
  std::vector<Row> sorted;
  survey.At("drivers").ForEach("associations", [&](const JsonPlace& a) {
    const auto v = a.Number("corrected_v");
    const auto lo = a.Number("lo"), hi = a.Number("hi");
    std::string text = OptionalText(v, NumberKind::kRatio);
    if (lo && hi) text += " (" + RangeText(*lo, *hi, NumberKind::kRatio) + ')';
    sorted.push_back(
        {v.value_or(-1),
         {EscapedName(a.Text("x")), EscapedName(a.Text("y")),
          CountText(a.Count("subjects")), text,
          OptionalText(a.Number("bits"), NumberKind::kDecimal),
          OptionalText(a.Number("y_tells_x"), NumberKind::kPercent),
          OptionalText(a.Number("x_tells_y"), NumberKind::kPercent),
          ProbabilityText(a.Number("p_adjusted"))}});
  });
  if (sorted.empty()) return;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Row& a, const Row& b) { return a.v > b.v; });
  Rows rows;
  for (Row& row : sorted) rows.push_back(std::move(row.cells));
  page->html += "<h3>What goes with what</h3>\n";
  WriteAssociationMap(survey, page);
  OpenDetails("All associations, strongest first", &page->html);
  WriteSurveyTable(
      "One row of each person. V: Cramér's, corrected for bias. Information "
      "with Miller and Madow's correction. Tells: share of the other's "
      "uncertainty that is gone (Theil's U).",
      "Associations", {"Attribute", "With"},
      {"Subjects", "V (interval)", "Bits", "Tells the attribute",
       "Is told by it", "Adjusted p"},
      rows, 2 * limits.rows, page);
  page->html += "</details>\n";
}

void WriteKitagawa(const JsonPlace& parts, const SurveyLimits& limits,
                   PageWriter* page) {
  struct Row {
    double size;
    std::vector<std::string> cells;
  };
  std::vector<Row> sorted;
  parts.ForEach("kitagawa", [&](const JsonPlace& d) {
    sorted.push_back(
        {std::abs(d.At("composition").Number("value").value_or(0)),
         {EscapedName(d.Text("covariate")),
          EscapedName(d.Text("label")) + "<br>" + Compared(d),
          Points(d, "difference"), Points(d, "composition"), Points(d, "rate"),
          OptionalText(d.Number("left_out"), NumberKind::kPercent)}});
  });
  if (sorted.empty()) return;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Row& a, const Row& b) { return a.size > b.size; });
  Rows rows;
  for (Row& row : sorted) rows.push_back(std::move(row.cells));
  page->html += "<h3>What a difference in prevalence is made of</h3>\n";
  WriteSurveyTable(
      "Kitagawa 1955: composition, because the group has another mix of the "
      "covariate; rate, because prevalence differs at equal levels. The two "
      "add "
      "up to the difference. Largest composition first.",
      "Kitagawa decomposition", {"Covariate", "Label and groups"},
      {"Difference (interval)", "Composition (interval)", "Rate (interval)",
       "Left out"},
      rows, limits.rows, page);
}

void WriteOaxaca(const JsonPlace& parts, const SurveyLimits& limits,
                 PageWriter* page) {
  Rows rows;
  parts.ForEach("oaxaca", [&](const JsonPlace& d) {
    if (!d.Has("difference")) return;
    std::vector<std::pair<double, std::string>> factors;
    d.ForEach("factors", [&](const JsonPlace& f) {
      const double share = f.At("shapley").Number("value").value_or(0);
      factors.emplace_back(std::abs(share), EscapedName(f.Text("covariate")) +
                                                " " +
                                                Escaped(Points(f, "shapley")));
    });
    std::stable_sort(
        factors.begin(), factors.end(),
        [](const auto& a, const auto& b) { return a.first > b.first; });
    std::string text;
    for (size_t i = 0; i < std::min<size_t>(3, factors.size()); ++i) {
      text += (i == 0 ? "" : "<br>") + factors[i].second;
    }
    rows.push_back({EscapedName(d.Text("label")) + "<br>" + Compared(d), text,
                    Points(d, "difference"), Points(d, "explained"),
                    Points(d, "unexplained")});
  });
  if (rows.empty()) return;
  WriteSurveyTable(
      "Oaxaca and Blinder 1973, pooled coefficients: explained, by another mix "
      "of all covariates together; unexplained, the rest. Shapley shares "
      "divide "
      "the explained part among the covariates whatever their order. Intervals "
      "by a jackknife over people. A description, not a cause.",
      "Oaxaca-Blinder decomposition",
      {"Label and groups", "Largest Shapley shares of the explained part"},
      {"Difference (interval)", "Explained (interval)",
       "Unexplained (interval)"},
      rows, limits.rows, page);
}

void WriteReversals(const JsonPlace& parts, const SurveyLimits& limits,
                    PageWriter* page) {
  Rows rows;
  parts.ForEach("reversals", [&](const JsonPlace& r) {
    rows.push_back({EscapedName(r.Text("label")), Compared(r),
                    EscapedName(r.Text("covariate")),
                    r.Truth("strong") ? "clear" : "may be chance",
                    Points(r, "crude"), Points(r, "standardised")});
  });
  page->html += "<h3>Differences that turn around</h3>\n";
  if (rows.empty()) {
    page->Paragraph(
        "No difference changes its sign at equal levels of a "
        "covariate (Simpson's paradox).");
    return;
  }
  WriteSurveyTable(
      "Differences with one sign overall and the other at equal levels of a "
      "covariate (Simpson 1951).",
      "Simpson's reversals", {"Label", "Groups", "Covariate", "Evidence"},
      {"Overall (interval)", "At equal levels (interval)"}, rows, limits.rows,
      page);
}

void WriteModels(const JsonPlace& models, const SurveyLimits& limits,
                 PageWriter* page) {
  std::vector<ForestRow> forest;
  models.ForEach("told_from", [&](const JsonPlace& m) {
    forest.push_back(SurveyForestRow(m.At("auroc"),
                                     m.Text("target") + "=" + m.Text("group") +
                                         " from " + m.Text("features"),
                                     NumberKind::kDecimal));
  });
  if (!forest.empty()) {
    page->html += "<h3>What gives a group away, without a network</h3>\n";
    ForestPlot plot;
    plot.title = "AUROC of telling a group from all others";
    plot.kind = NumberKind::kDecimal;
    plot.axis = "AUROC on people who were not used for fitting";
    plot.line = 0.5;
    plot.line_name = "chance";
    WriteSurveyForest(
        std::move(forest), plot,
        "<b>Ridge logistic regression on columns and headers (acquisition), on "
        "the labels alone, and on simple measures of pixels.</b> What these "
        "reach, no network needs anatomy for.",
        2 * limits.forest_rows, page);
  }
  Rows rows;
  models.ForEach("conditional_information", [&](const JsonPlace& c) {
    rows.push_back(
        {EscapedName(c.Text("covariate")), EscapedName(c.Text("attribute")),
         EscapedName(c.Text("label")), CountText(c.Count("subjects")),
         OptionalText(c.Number("bits"), NumberKind::kDecimal),
         ProbabilityText(c.Number("p_adjusted"))});
  });
  if (rows.empty()) return;
  OpenDetails("What a covariate says of an attribute at equal labels",
              &page->html);
  WriteSurveyTable(
      "Conditional mutual information; p by permutation within labels.",
      "Conditional information", {"Covariate", "Attribute", "Within label"},
      {"Subjects", "Bits", "Adjusted p"}, rows, limits.rows, page);
  page->html += "</details>\n";
}

void WriteMix(const JsonPlace& chapter, const SurveyLimits& limits,
              PageWriter* page) {
  Rows rows;
  chapter.ForEach("mix", [&](const JsonPlace& m) {
    rows.push_back(
        {EscapedName(m.Text("attribute")), EscapedName(m.Text("by")),
         EscapedName(m.Text("level")), CountText(m.Count("subjects")),
         OptionalText(m.Number("stability_index"), NumberKind::kRatio)});
  });
  if (rows.empty()) return;
  page->html += "<h3>Who comes from where, and when</h3>\n";
  WriteSurveyTable(
      "Population stability index of the groups of one site, device or year "
      "against all others: above 0.1 is a shift, above 0.25 a large one.",
      "Mix by site, device and time", {"Attribute", "By", "Level"},
      {"Subjects", "Stability index"}, rows, limits.rows, page);
}

}  // namespace

void WriteSurveyDrivers(const JsonPlace& survey, const SurveyLimits& limits,
                        PageWriter* page) {
  page->BeginSection(kSurveyQuestions[2]);
  const JsonPlace chapter = survey.At("drivers");
  const JsonPlace parts = chapter.At("decompositions");
  WriteAssociations(survey, limits, page);
  WriteKitagawa(parts, limits, page);
  WriteOaxaca(parts, limits, page);
  if (!parts.At("kitagawa").value().empty()) {
    WriteReversals(parts, limits, page);
  }
  WriteModels(chapter.At("models"), limits, page);
  WriteMix(chapter, limits, page);
  WriteSurveyPlan(survey, limits, page);
  page->EndSection();
}

}  // namespace plumbline::report
