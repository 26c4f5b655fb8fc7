// Chapter 1 of the survey's page: who is there, who was lost, how labels and
// images differ between groups.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/base64.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/survey_page.h"
#include "plumbline/report/survey_words.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string GroupOf(const JsonPlace& row) {
  return EscapedName(row.Text("attribute") + "=" + row.TextOr("group", ""));
}

std::string Percent(const JsonPlace& row, const char* key) {
  return SurveyMemberText(row, key, NumberKind::kPercent);
}

void WriteFlow(const JsonPlace& flow, const SurveyLimits& limits,
               PageWriter* page) {
  Rows rows;
  flow.ForEach("steps", [&](const JsonPlace& step) {
    rows.push_back(
        {EscapedName(step.Text("step")), EscapedName(step.TextOr("column", "")),
         CountText(step.Count("rows")), CountText(step.Count("subjects"))});
  });
  if (rows.size() < 2) return;
  page->html += "<h3>Who was lost on the way</h3>\n";
  WriteSurveyTable("What each step of the flow leaves.", "Cohort flow",
                   {"Step", "Condition"}, {"Rows", "Subjects"}, rows,
                   limits.rows, page);
  rows.clear();
  flow.ForEach("attrition", [&](const JsonPlace& row) {
    rows.push_back({GroupOf(row), Percent(row, "kept"),
                    SurveyMemberText(row, "ratio", NumberKind::kRatio)});
  });
  WriteSurveyTable(
      "Share of the subjects of each group that the flow keeps, and that share "
      "over the one of all others.",
      "Attrition by group", {"Group"},
      {"Subjects kept (interval)", "Ratio (interval)"}, rows, limits.rows,
      page);
}

void WriteGroups(const JsonPlace& chapter, const SurveyLimits& limits,
                 PageWriter* page) {
  page->html += "<h3>Who is in the data</h3>\n";
  Rows rows;
  bool population = false;
  chapter.ForEach("groups", [&](const JsonPlace& group) {
    population |= group.Has("population_share");
  });
  chapter.ForEach("groups", [&](const JsonPlace& group) {
    const std::string kind = group.Text("kind");
    const auto effective = group.Number("effective_subjects");
    std::vector<std::string> row = {
        GroupOf(group) + (kind == "group" ? "" : " <i>(not known)</i>"),
        CountText(group.Count("subjects")),
        CountText(group.Count("rows")),
        CountText(group.Count("images")),
        effective ? fmt::format("{:.1f}", *effective) : "-",
        Percent(group, "share")};
    if (population) {
      row.push_back(
          OptionalText(group.Number("population_share"), NumberKind::kPercent));
      row.push_back(SurveyMemberText(group, "ratio", NumberKind::kRatio));
    }
    rows.push_back(std::move(row));
  });
  std::vector<std::string> heads = {"Subjects", "Rows", "Images",
                                    "Effective subjects",
                                    "Share of subjects (interval)"};
  if (population) {
    heads.emplace_back("Population");
    heads.emplace_back("Ratio (interval)");
  }
  WriteSurveyTable(
      "Effective subjects (Kish): as many people with one row each would weigh "
      "as much as these with theirs. People whose group is not known are kept "
      "apart, and are in no comparison.",
      "Groups", {"Group"}, heads, rows, limits.rows, page);
}

void WriteAttributes(const JsonPlace& chapter, const SurveyLimits& limits,
                     PageWriter* page) {
  Rows rows, values;
  chapter.ForEach("attributes", [&](const JsonPlace& a) {
    const std::string name = EscapedName(a.Text("attribute"));
    rows.push_back(
        {name, EscapedName(a.TextOr("reference_group", "-")),
         EscapedName(a.TextOr("population_source", "")),
         CountText(a.Count("known_subjects")),
         CountText(a.Count("unknown_subjects")),
         CountText(a.Count("conflicting_subjects")),
         OptionalText(a.Number("divergence"), NumberKind::kDecimal)});
    a.ForEach("values", [&](const JsonPlace& value) {
      values.push_back({name, EscapedName(value.Text("raw")),
                        EscapedName(value.Text("level")),
                        Escaped(value.Text("kind")),
                        CountText(value.Count("rows"))});
    });
  });
  WriteSurveyTable(
      "How well each attribute is known. Divergence: Kullback-Leibler, in "
      "nats, "
      "of the groups' shares from the population's.",
      "Attributes", {"Attribute", "Compared with", "Population from"},
      {"Known", "Not known", "Several values", "Divergence"}, rows, limits.rows,
      page);
  if (values.empty()) return;
  OpenDetails("Which values became which group", &page->html);
  WriteSurveyTable("Raw values as the table has them.", "Values of attributes",
                   {"Attribute", "Value", "Group", "Kind"}, {"Rows"}, values,
                   2 * limits.rows, page);
  page->html += "</details>\n";
}

void WriteSheets(const std::vector<SurveySheet>& sheets, PageWriter* page) {
  if (sheets.empty()) return;
  page->html +=
      "<h3>A look at the images</h3>\n"
      "<p class=\"note\">Drawn at random, one of each person, not chosen. Look "
      "for borders, markers, devices and exposure that go with a group.</p>\n"
      "<div class=\"figures\">\n";
  for (const SurveySheet& sheet : sheets) {
    const std::string group = sheet.attribute + "=" + sheet.group;
    const std::string name = EscapedName(group);
    page->html += fmt::format(
        "<figure class=\"sheet\"><img src=\"data:image/png;base64,{}\" "
        "width=\"{}\" height=\"{}\" alt=\"{} images of {}\"><figcaption>"
        "<b>{}</b>: {} of {} people</figcaption></figure>\n",
        ToBase64(sheet.png), sheet.width, sheet.height, sheet.shown,
        Escaped(Shorten(CleanText(group), 80)), name, CountText(sheet.shown),
        CountText(sheet.of));
  }
  page->html += "</div>\n";
}

void WritePrevalence(const JsonPlace& labels, const SurveyLimits& limits,
                     PageWriter* page) {
  std::vector<ForestRow> forest;
  Rows rows;
  labels.ForEach("prevalence", [&](const JsonPlace& p) {
    if (p.Has("difference")) {
      forest.push_back(SurveyForestRow(p.At("difference"), SurveyAbout(p),
                                       NumberKind::kPoints));
    }
    rows.push_back(
        {EscapedName(p.Text("label")), GroupOf(p), Percent(p, "rate"),
         SurveyMemberText(p, "difference", NumberKind::kPoints),
         SurveyMemberText(p, "smd", NumberKind::kRatio),
         p.Has("difference")
             ? ProbabilityText(p.At("difference").Number("p_adjusted"))
             : "-",
         OptionalText(p.Number("design_effect"), NumberKind::kRatio)});
  });
  if (rows.empty()) return;
  page->html += "<h3>How often labels are given</h3>\n";
  ForestPlot plot;
  plot.title = "Prevalence: difference from the reference group";
  plot.kind = NumberKind::kPoints;
  plot.axis = "Difference in prevalence (pp)";
  plot.line = 0;
  plot.line_name = "as in the reference group";
  WriteSurveyForest(std::move(forest), plot,
                    "<b>Prevalence: difference from the reference group</b>, "
                    "clearest first. A label given more often in one group can "
                    "be more disease, or more labelling.",
                    limits.forest_rows, page);
  OpenDetails("Prevalence of every label in every group", &page->html);
  WriteSurveyTable(
      "Rates over rows with a label, intervals clustered by subject; "
      "differences from the reference group, which has none; p adjusted over "
      "all labels and groups (Benjamini and Yekutieli).",
      "Prevalence", {"Label", "Group"},
      {"Prevalence (interval)", "Difference (interval)",
       "Standardised (interval)", "Adjusted p", "Design effect"},
      rows, 4 * limits.rows, page);
  page->html += "</details>\n";
}

void WriteMissing(const JsonPlace& labels, const SurveyLimits& limits,
                  PageWriter* page) {
  Rows rows;
  labels.ForEach("missing", [&](const JsonPlace& m) {
    if (m.At("missing").Number("value").value_or(0) == 0) return;
    const auto value = [&](const char* key) {
      return OptionalText(m.At(key).Number("value"), NumberKind::kPercent);
    };
    rows.push_back({EscapedName(m.Text("label")), GroupOf(m),
                    Percent(m, "missing"), value("blank"), value("uncertain"),
                    value("not_mentioned"),
                    SurveyMemberText(m, "ratio", NumberKind::kRatio)});
  });
  page->html += "<h3>Labels that say nothing</h3>\n";
  if (rows.empty()) {
    page->Paragraph("Every row has every label.");
    return;
  }
  page->Paragraph(
      "Coded as negative, as published pipelines do, these rows would make "
      "\"negative\" mean something else in each group.");
  WriteSurveyTable(
      "Share of rows without a label, with an uncertain one (-1), and with a "
      "finding that is not mentioned; the ratio is to the reference group.",
      "Missing labels", {"Label", "Group"},
      {"Any of the three (interval)", "Blank", "Uncertain", "Not mentioned",
       "Ratio (interval)"},
      rows, 2 * limits.rows, page);
  rows.clear();
  const auto points = [](const JsonPlace& row, const char* key) {
    return OptionalText(row.Number(key), NumberKind::kPoints);
  };
  labels.ForEach("recodings", [&](const JsonPlace& r) {
    rows.push_back({EscapedName(r.Text("label")), GroupOf(r),
                    points(r, "left_out"), points(r, "as_negative"),
                    points(r, "as_positive"), points(r, "lowest"),
                    points(r, "highest")});
  });
  WriteSurveyTable(
      "The difference in prevalence from the reference group, by what a "
      "missing "
      "label is taken for. Lowest and highest: negative in one group and "
      "positive in the other.",
      "What missing labels could hide", {"Label", "Group"},
      {"Left out", "Negative", "Positive", "Lowest", "Highest"}, rows,
      2 * limits.rows, page);
  const JsonPlace little = labels.At("little");
  if (little.Number("p")) {
    page->Note(fmt::format(
        "Little's test that labels and numbers are missing completely at "
        "random: chi-squared {:.1f} on {:.0f} degrees of freedom, p {}.",
        *little.Number("chi_squared"), *little.Number("degrees"),
        Escaped(ProbabilityText(little.Number("p")))));
  }
}

void WriteBounds(const JsonPlace& labels, const JsonPlace& options,
                 const SurveyLimits& limits, PageWriter* page) {
  Rows rows;
  const auto percent = [](const JsonPlace& row, const char* key) {
    return OptionalText(row.Number(key), NumberKind::kPercent);
  };
  labels.ForEach("bounds", [&](const JsonPlace& b) {
    rows.push_back({EscapedName(b.Text("label")), GroupOf(b),
                    percent(b, "apparent"), percent(b, "lowest"),
                    percent(b, "highest")});
  });
  if (rows.empty()) return;
  OpenDetails("What prevalence could be behind labels that err", &page->html);
  WriteSurveyTable(
      fmt::format("If labels find at least {} of the cases and clear at least "
                  "{} of the others, prevalence lies between these (Rogan and "
                  "Gladen 1978). No labels were checked: the two numbers are "
                  "assumptions (--sensitivity, --specificity).",
                  percent(options, "sensitivity"),
                  percent(options, "specificity")),
      "Bounds of prevalence", {"Label", "Group"},
      {"As labelled", "Lowest", "Highest"}, rows, 2 * limits.rows, page);
  page->html += "</details>\n";
}

void WriteAcquisition(const JsonPlace& chapter, const SurveyLimits& limits,
                      PageWriter* page) {
  std::vector<ForestRow> forest;
  Rows rows;
  const auto mean = [](const JsonPlace& row, const char* key) {
    const auto value = row.Number(key);
    return value ? fmt::format("{:.4g}", *value) : std::string("-");
  };
  chapter.ForEach("acquisition", [&](const JsonPlace& a) {
    const std::string covariate = a.Text("covariate");
    forest.push_back(SurveyForestRow(
        a.At("smd"),
        covariate + ", " + a.Text("attribute") + "=" + a.Text("group"),
        NumberKind::kRatio));
    const bool words = a.Has("most_different");
    rows.push_back(
        {EscapedName(covariate), Escaped(a.Text("source")), GroupOf(a),
         words ? EscapedName(a.Text("most_different")) : "mean",
         words ? OptionalText(a.Number("share"), NumberKind::kPercent)
               : mean(a, "mean"),
         words ? OptionalText(a.Number("reference_share"), NumberKind::kPercent)
               : mean(a, "reference_mean"),
         SurveyMemberText(a, "smd", NumberKind::kRatio),
         ProbabilityText(a.At("smd").Number("p_adjusted"))});
  });
  if (rows.empty()) return;
  page->html += "<h3>How the images were made</h3>\n";
  ForestPlot plot;
  plot.title = "Acquisition: standardised difference from the reference group";
  plot.kind = NumberKind::kRatio;
  plot.axis = "Standardised difference";
  plot.line = 0;
  plot.line_name = "as in the reference group";
  plot.band = 0.1;
  WriteSurveyForest(std::move(forest), plot,
                    "<b>Columns, headers and pixels that differ between "
                    "groups</b>, clearest first. Tinted: below 0.1, which is "
                    "small; 0.25 is large. For words the difference has no "
                    "sign.",
                    limits.forest_rows, page);
  OpenDetails("Every column, fact and measure in every group", &page->html);
  WriteSurveyTable(
      "Numbers: means. Words: the level whose share differs most.",
      "Acquisition by group", {"What", "From", "Group", "Level"},
      {"Group has", "Reference has", "Standardised (interval)", "Adjusted p"},
      rows, 4 * limits.rows, page);
  page->html += "</details>\n";
}

}  // namespace

void WriteSurveyDisparities(const JsonPlace& survey,
                            const std::vector<SurveySheet>& sheets,
                            const SurveyLimits& limits, PageWriter* page) {
  page->BeginSection(kSurveyQuestions[0]);
  const JsonPlace chapter = survey.At("disparities");
  WriteGroups(chapter, limits, page);
  WriteAttributes(chapter, limits, page);
  WriteFlow(chapter.At("flow"), limits, page);
  if (limits.sheets) {
    WriteSheets(sheets, page);
  } else if (!sheets.empty()) {
    page->Note(
        "The sheets of pictures would make the page too large and are left "
        "out.");
  }
  const JsonPlace labels = chapter.At("labels");
  if (!labels.At("prevalence").value().empty()) {
    WritePrevalence(labels, limits, page);
    WriteMissing(labels, limits, page);
    WriteBounds(labels, survey.At("options"), limits, page);
  }
  WriteAcquisition(chapter, limits, page);
  page->EndSection();
}

}  // namespace plumbline::report
