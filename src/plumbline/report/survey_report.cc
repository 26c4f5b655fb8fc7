// The page of a survey: the three questions, findings, three chapters, what it
// rests on.
#include "plumbline/report/survey_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/html.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/survey_page.h"
#include "plumbline/report/survey_words.h"

namespace plumbline::report {

bool SurveyLimits::Shrink() {
  if (rows <= 5) {
    if (!sheets) return false;
    sheets = false;
    return true;
  }
  rows /= 2;
  forest_rows = std::max<size_t>(6, forest_rows / 2);
  return true;
}

void WriteSurveyTable(std::string_view caption, std::string_view label,
                      const std::vector<std::string>& text_heads,
                      const std::vector<std::string>& number_heads,
                      const std::vector<std::vector<std::string>>& rows,
                      size_t most, PageWriter* page) {
  if (rows.empty()) return;
  HtmlTable table(caption, label, &page->html);
  for (const std::string& head : text_heads) table.HeadText(head);
  for (const std::string& head : number_heads) table.HeadNumber(head);
  for (size_t r = 0; r < std::min(most, rows.size()); ++r) {
    table.Row(rows[r][0]);
    for (size_t c = 1; c < rows[r].size(); ++c) {
      if (c < text_heads.size()) {
        table.Text(rows[r][c]);
      } else {
        table.Number(rows[r][c]);
      }
    }
  }
  table.Finish();
  if (rows.size() > most) {
    page->Note(
        fmt::format("{} more rows are in survey.json.",
                    CountText(static_cast<int64_t>(rows.size() - most))));
  }
}

ForestRow SurveyForestRow(const JsonPlace& estimate, std::string label,
                          NumberKind kind) {
  ForestRow row;
  row.label = std::move(label);
  row.count = CountText(estimate.Count("subjects"));
  row.value = estimate.Number("value");
  row.lo = estimate.Number("lo");
  row.hi = estimate.Number("hi");
  row.text = SurveyEstimateText(estimate, kind);
  if (!row.lo || !row.hi) row.mark = ForestRow::Mark::kUncertain;
  return row;
}

void WriteSurveyForest(std::vector<ForestRow> rows, ForestPlot plot,
                       std::string_view caption, size_t most,
                       PageWriter* page) {
  std::erase_if(rows, [](const ForestRow& row) { return !row.value; });
  if (rows.empty()) return;
  const double line = plot.line.value_or(0);
  std::stable_sort(
      rows.begin(), rows.end(), [line](const ForestRow& a, const ForestRow& b) {
        return std::abs(*a.value - line) > std::abs(*b.value - line);
      });
  const size_t all = rows.size();
  rows.resize(std::min(most, all));
  plot.rows = std::move(rows);
  plot.id = page->NextId();
  plot.count_heading = "subjects";
  plot.label_columns = 32;
  plot.description =
      fmt::format("Clearest: {}, {}.", plot.rows[0].label, plot.rows[0].text);
  page->html += "<div class=\"figures\">\n";
  page->BeginFigure("forest", DrawForest(plot), caption);
  if (all > most) {
    page->Note(fmt::format("{} less clear ones are in survey.json.",
                           CountText(static_cast<int64_t>(all - most))));
  }
  page->EndFigure();
  page->html += "</div>\n";
}

namespace {

constexpr size_t kFindingsInSight = 10;
constexpr size_t kFindingsFolded = 150;

// What a person has answered, or a place for it.
void WriteAnswers(const JsonPlace& survey, PageWriter* page) {
  page->html += "<h3>Answers</h3>\n";
  if (!survey.Has("answers")) {
    page->Paragraph(
        "Nobody has answered the three questions yet. <code>plumbline survey "
        "COHORT --sign answers.toml</code> wants an answer, who stands for it "
        "(a role) and the evidence for each, and signs them over the cohort, "
        "its mapping, its split and the comparisons declared for it.");
    return;
  }
  HtmlTable table("Signed over the cohort as it is here.", "Answers",
                  &page->html);
  table.HeadText("Question");
  table.HeadText("Answer");
  table.HeadText("Owner");
  table.HeadText("Evidence");
  survey.ForEach("answers", [&](const JsonPlace& answer) {
    table.Row(Escaped(answer.Text("question")));
    table.Text(Escaped(answer.Text("answer")));
    table.Text(Escaped(answer.Text("owner")));
    std::string links;
    answer.ForEach("evidence", [&](const JsonPlace& link) {
      links += (links.empty() ? "" : "<br>") + EscapedName(link.AsText());
    });
    table.Text(links);
  });
  table.Finish();
}

void WriteQuestions(const JsonPlace& survey, PageWriter* page) {
  page->BeginSection("The three questions", "verdict");
  page->html += "<ul class=\"tally\">\n";
  for (int chapter = 1; chapter <= 3; ++chapter) {
    const SurveyTally tally = TallyOfChapter(survey, chapter);
    std::string first;
    survey.ForEach("findings", [&](const JsonPlace& finding) {
      if (finding.Count("chapter") == chapter && first.empty()) {
        first = finding.Text("text");
      }
    });
    page->html += fmt::format(
        "<li class=\"{}\"><span class=\"w\">{}</span><small>{}</small>"
        "<small>{}</small></li>\n",
        tally.high > 0        ? "shown"
        : tally.Counted() > 0 ? "unknown"
                              : "none",
        kSurveyQuestions[chapter - 1], Escaped(UpperFirst(SurveyAnswer(tally))),
        Escaped(first));
  }
  page->html += "</ul>\n";
  WriteFindingsList(SurveyFindings(survey), kFindingsInSight, kFindingsFolded,
                    "survey.json", page);
  WriteAnswers(survey, page);
  page->EndSection();
}

void WriteUnreadable(const JsonPlace& survey, const SurveyLimits& limits,
                     PageWriter* page) {
  std::vector<std::vector<std::string>> rows;
  survey.ForEach("unreadable_images", [&](const JsonPlace& image) {
    rows.push_back(
        {EscapedName(image.Text("path")), Escaped(image.Text("reason"))});
  });
  if (rows.empty()) return;
  page->html += "<h3>Images that cannot be used</h3>\n";
  WriteSurveyTable("", "Unreadable images", {"Image", "Reason"}, {}, rows,
                   limits.rows, page);
}

void WriteMethod(const JsonPlace& survey, const SurveyLimits& limits,
                 PageWriter* page) {
  page->BeginSection("What this survey cannot say, and what it rests on");
  page->html += "<ul class=\"prose\">\n";
  survey.ForEach("limitations", [&](const JsonPlace& line) {
    page->html += "<li>" + Escaped(line.AsText()) + "</li>\n";
  });
  page->html += "</ul>\n";
  WriteUnreadable(survey, limits, page);
  HtmlTable table("Settings; run.json has all of them.", "Settings",
                  &page->html);
  table.HeadText("Setting");
  table.HeadText("Value");
  WriteSetting("plumbline", Escaped(survey.Text("plumbline")), &table);
  survey.At("options").ForEachMember(
      [&](const std::string& name, const JsonPlace& value) {
        WriteSetting(name, Escaped(value.value().dump()), &table);
      });
  table.Finish();
  std::vector<AuditInput::File> files;
  survey.ForEach("files", [&](const JsonPlace& file) {
    files.push_back({.file = file.Text("name"),
                     .rows = file.Count("rows").value_or(0),
                     .sha256 = file.TextOr("sha256", "")});
  });
  WriteFilesTable(files, "survey.json", page);
  page->EndSection();
}

PageHead HeadOf(const JsonPlace& survey) {
  PageHead head;
  head.kicker = "Plumbline survey";
  head.title = SurveyTitle(survey);
  head.version = survey.Text("plumbline");
  const auto fact = [&](const char* name, const char* key) {
    head.facts.emplace_back(name, CountText(survey.Count(key)));
  };
  fact("Subjects", "subjects");
  fact("Rows", "rows");
  fact("Images", "images");
  std::string attributes;
  survey.At("disparities").ForEach("attributes", [&](const JsonPlace& a) {
    attributes += (attributes.empty() ? "" : ", ") + a.Text("attribute");
  });
  head.facts.emplace_back("Attributes", EscapedName(attributes));
  return head;
}

std::string PageOf(const JsonPlace& survey,
                   const std::vector<SurveySheet>& sheets,
                   const SurveyLimits& limits) {
  PageWriter page;
  WriteQuestions(survey, &page);
  const size_t after_questions = page.html.size();
  WriteSurveyDisparities(survey, sheets, limits, &page);
  WriteSurveyMarginalised(survey, limits, &page);
  WriteSurveyDrivers(survey, limits, &page);
  WriteMethod(survey, limits, &page);
  page.html.insert(after_questions, page.Contents());
  return FinishPage(HeadOf(survey), page.html,
                    "survey.json has all numbers of this page.");
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string SurveyReportHtml(const Json& json,
                             const std::vector<SurveySheet>& sheets) {
  const report::JsonPlace survey(json, report::kSurveyDocument);
  report::SurveyLimits limits;
  std::string page = report::PageOf(survey, sheets, limits);
  while (page.size() > report::kMostPageBytes && limits.Shrink()) {
    page = report::PageOf(survey, sheets, limits);
  }
  return page;
}

}  // namespace plumbline
