// The end of chapter 3 of the survey's page: what would make a test too good,
// and what a test could show.
#include <fmt/format.h>

#include "plumbline/report/audit_words.h"
#include "plumbline/report/survey_page.h"
#include "plumbline/report/survey_words.h"

namespace plumbline::report {
namespace {

using Rows = std::vector<std::vector<std::string>>;

void WriteSplit(const JsonPlace& chapter, const SurveyLimits& limits,
                PageWriter* page) {
  if (!chapter.Has("split")) return;
  const JsonPlace split = chapter.At("split");
  page->html += "<h3>The split</h3>\n";
  const auto crossing = split.Count("crossing_subjects").value_or(0);
  page->Paragraph(crossing == 0 ? "No person is in several parts."
                                : fmt::format("{} people are in several parts; "
                                              "the first: {}.",
                                              CountText(crossing),
                                              EscapedName(split.TextOr(
                                                  "first_crossing", ""))));
  Rows rows;
  split.ForEach("parts", [&](const JsonPlace& part) {
    rows.push_back({EscapedName(part.Text("part")),
                    CountText(part.Count("subjects")),
                    CountText(part.Count("rows")),
                    CountText(part.Count("rows_whose_subject_is_trained_on"))});
  });
  WriteSurveyTable("", "Parts of the split", {"Part"},
                   {"Subjects", "Rows", "Rows of people in the first part"},
                   rows, limits.rows, page);
  std::vector<ForestRow> forest;
  split.ForEach("balance", [&](const JsonPlace& b) {
    forest.push_back(SurveyForestRow(
        b.At("smd"),
        b.Text("what") + ": " + b.Text("a") + " and " + b.Text("b"),
        NumberKind::kRatio));
  });
  ForestPlot plot;
  plot.title = "Balance of the split";
  plot.kind = NumberKind::kRatio;
  plot.axis = "Standardised difference between two parts";
  plot.line = 0;
  plot.line_name = "alike";
  plot.band = 0.1;
  WriteSurveyForest(std::move(forest), plot,
                    "<b>Attributes and labels in the parts of the split</b>, "
                    "clearest difference first. Tinted: below 0.1.",
                    limits.forest_rows, page);
}

std::string DuplicateWords(const JsonPlace& group) {
  std::string words = group.Truth("exact") ? "the same pixels"
                                           : Escaped(group.TextOr("how", ""));
  if (group.Truth("crosses_split")) words += "; in several parts";
  if (group.Truth("labels_differ")) words += "; labels differ";
  const auto subjects = group.Count("subjects").value_or(0);
  if (subjects > 1) words += fmt::format("; {} people", CountText(subjects));
  return words;
}

void WriteDuplicates(const JsonPlace& chapter, const SurveyLimits& limits,
                     PageWriter* page) {
  constexpr size_t kMostNames = 4;
  if (!chapter.Has("duplicates")) return;
  const JsonPlace duplicates = chapter.At("duplicates");
  page->html += "<h3>Pictures that are there several times</h3>\n";
  page->Paragraph(fmt::format(
      "{} images were compared, also mirrored, turned, inverted and cropped: "
      "{} are exact copies of another, and {} pairs are versions of one "
      "picture. {} groups of pictures are in several parts of the split.",
      CountText(duplicates.Count("images")),
      CountText(duplicates.Count("exact_images")),
      CountText(duplicates.Count("near_pairs")),
      CountText(duplicates.Count("crossing_split"))));
  if (duplicates.Has("untrained_with_neighbour")) {
    page->Paragraph(fmt::format(
        "Of the rows outside the part that is trained on, {} have a twin or "
        "the same person in it.",
        SurveyMemberText(duplicates, "untrained_with_neighbour",
                         NumberKind::kPercent)));
  }
  Rows rows;
  duplicates.ForEach("groups", [&](const JsonPlace& group) {
    std::string names;
    size_t count = 0;
    group.ForEach("images", [&](const JsonPlace& name) {
      if (++count > kMostNames) return;
      names += (count == 1 ? "<code>" : ", <code>") +
               EscapedName(name.AsText()) + "</code>";
    });
    if (count > kMostNames) {
      names += fmt::format(" and {} more", count - kMostNames);
    }
    rows.push_back(
        {names, DuplicateWords(group),
         OptionalText(group.Number("correlation"), NumberKind::kRatio)});
  });
  WriteSurveyTable(
      "Similarity: the correlation of details, tile by tile; the median tile.",
      "Duplicates", {"Images", "What"}, {"Similarity"}, rows, limits.rows,
      page);
}

void WriteContrasts(const JsonPlace& chapter, const SurveyLimits& limits,
                    PageWriter* page) {
  const auto pair = [](const JsonPlace& row, const char* key) {
    std::string text;
    row.ForEach(key, [&](const JsonPlace& count) {
      text += (text.empty() ? "" : " and ") +
              CountText(static_cast<int64_t>(count.AsNumber().value_or(0)));
    });
    return text;
  };
  Rows rows;
  chapter.ForEach("plan", [&](const JsonPlace& p) {
    const NumberKind kind = p.Text("metric") == "auroc" ? NumberKind::kDecimal
                                                        : NumberKind::kPoints;
    rows.push_back(
        {EscapedName(p.Text("label")),
         EscapedName(p.Text("attribute") + ": " + p.Text("group") +
                     " against " + p.Text("reference")),
         p.Truth("declared") ? "declared" : "as it would be",
         Escaped(p.Text("metric")), pair(p, "positive_subjects"),
         OptionalText(p.Number("margin"), kind),
         OptionalText(p.Number("detectable"), kind),
         OptionalText(p.Number("detectable_leak"), NumberKind::kDecimal)});
  });
  if (rows.empty()) return;
  page->html += "<h3>What a test on these data could show</h3>\n";
  WriteSurveyTable(
      "Within reach: the smallest gap that would be found with a power of 0.8. "
      "A leak: by how much an AUROC of telling the groups apart would have to "
      "exceed 0.5. Comparisons become declared in cohort.toml ([[contrast]]).",
      "Power plan", {"Label", "Groups", "Standing", "Metric"},
      {"People with the label", "Margin", "Within reach", "Leak"}, rows,
      limits.rows, page);
}

}  // namespace

void WriteSurveyPlan(const JsonPlace& survey, const SurveyLimits& limits,
                     PageWriter* page) {
  const JsonPlace chapter = survey.At("drivers");
  WriteSplit(chapter, limits, page);
  WriteDuplicates(chapter, limits, page);
  WriteContrasts(chapter, limits, page);
}

}  // namespace plumbline::report
