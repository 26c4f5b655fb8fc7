// The survey on a terminal, as Markdown and as CSV.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/csv_members.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/survey_report.h"
#include "plumbline/report/survey_words.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

// A terminal shows what a person reads; the page and the JSON have the rest.
constexpr size_t kMostFindings = 12;

void WriteGroups(const JsonPlace& survey, PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Group", Align::kLeft);
  table.AddColumn("Subjects", Align::kRight);
  table.AddColumn("Rows", Align::kRight, 1);
  table.AddColumn("Images", Align::kRight, 1);
  table.AddColumn("Share of subjects", Align::kRight);
  bool population = false;
  survey.At("disparities").ForEach("groups", [&](const JsonPlace& group) {
    population |= group.Has("population_share");
  });
  if (population) table.AddColumn("Population", Align::kRight);
  survey.At("disparities").ForEach("groups", [&](const JsonPlace& group) {
    std::vector<std::string> cells = {
        group.Text("attribute") + "=" + group.Text("group"),
        CountText(group.Count("subjects")), CountText(group.Count("rows")),
        CountText(group.Count("images")),
        SurveyMemberText(group, "share", NumberKind::kPercent)};
    if (population) {
      cells.push_back(
          OptionalText(group.Number("population_share"), NumberKind::kPercent));
    }
    table.AddRow(std::move(cells));
  });
  writer->Table(table);
}

void WriteChapter(const JsonPlace& survey, int chapter, PlainWriter* writer) {
  writer->Heading(
      fmt::format("{}. {}", chapter, kSurveyQuestions[chapter - 1]));
  writer->Paragraph(UpperFirst(SurveyAnswer(TallyOfChapter(survey, chapter))) +
                    '.');
  std::vector<std::array<std::string, 3>> items;  // label, text, what to do
  survey.ForEach("findings", [&](const JsonPlace& finding) {
    if (finding.Count("chapter") != chapter) return;
    const std::string effect = SurveyEffectText(finding);
    items.push_back(
        {fmt::format("{} {:<6}", finding.Text("code"),
                     finding.Text("severity")),
         finding.Text("text") + (effect.empty() ? "" : " [" + effect + "]"),
         finding.Text("action")});
  });
  const size_t shown = std::min(items.size(), kMostFindings);
  for (size_t i = 0; i < shown; ++i) {
    const auto& [label, text, action] = items[i];
    // What several in a row say to do stands at the last of them.
    const bool again = i + 1 < shown && items[i + 1][2] == action;
    writer->Item(label, again ? text : text + ' ' + action);
  }
  const size_t left = items.size() - shown;
  if (left > 0) {
    writer->Paragraph(
        fmt::format("{} more; the page and the JSON have all of them.", left));
  }
}

std::string Write(const Json& json, PlainWriter writer) {
  const JsonPlace survey(json, kSurveyDocument);
  writer.Title(SurveyTitle(survey));
  writer.Paragraph(fmt::format(
      "{} rows, {} subjects, {} images.", CountText(survey.Count("rows")),
      CountText(survey.Count("subjects")), CountText(survey.Count("images"))));
  WriteGroups(survey, &writer);
  for (int chapter = 1; chapter <= 3; ++chapter) {
    WriteChapter(survey, chapter, &writer);
  }
  writer.Heading("What this survey cannot say");
  survey.ForEach("limitations", [&](const JsonPlace& limitation) {
    writer.Item("", limitation.AsText());
  });
  return writer.Finish();
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

using report::AppendMembers;
using report::JsonPlace;
using report::PlainWriter;

std::string SurveyText(const Json& survey, int width) {
  return report::Write(
      survey, PlainWriter(PlainWriter::Format::kText, std::max(width, 40)));
}

std::string SurveyMarkdown(const Json& survey) {
  return report::Write(survey, PlainWriter(PlainWriter::Format::kMarkdown, 0));
}

std::string SurveyFindingsCsv(const Json& survey) {
  std::string out =
      "code,severity,chapter,text,action,attribute,group,label,covariate,"
      "measure,value,lo,hi,n,subjects,method,p,p_adjusted\r\n";
  JsonPlace(survey, report::kSurveyDocument)
      .ForEach("findings", [&](const JsonPlace& finding) {
        AppendMembers(finding.value(),
                      {"code", "severity", "chapter", "text", "action"}, &out);
        out += ',';
        AppendMembers(finding.At("about").value(),
                      {"attribute", "group", "label", "covariate"}, &out);
        out += ',';
        AppendMembers(finding.value(), {"measure"}, &out);
        out += ',';
        AppendMembers(
            finding.At("effect").value(),
            {"value", "lo", "hi", "n", "subjects", "method", "p", "p_adjusted"},
            &out);
        out += "\r\n";
      });
  return out;
}

std::string SurveyGroupsCsv(const Json& survey) {
  std::string out =
      "attribute,group,kind,rows,subjects,images,effective_subjects,"
      "population_share,value,lo,hi\r\n";
  JsonPlace(survey, report::kSurveyDocument)
      .At("disparities")
      .ForEach("groups", [&](const JsonPlace& group) {
        AppendMembers(group.value(),
                      {"attribute", "group", "kind", "rows", "subjects",
                       "images", "effective_subjects", "population_share"},
                      &out);
        out += ',';
        AppendMembers(group.At("share").value(), {"value", "lo", "hi"}, &out);
        out += "\r\n";
      });
  return out;
}

}  // namespace plumbline
