#include "plumbline/report/face_algorithms_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/json.h"
#include "plumbline/report/csv_members.h"
#include "plumbline/report/face_words.h"
#include "plumbline/report/html.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/plain_writer.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

constexpr DocumentKind kDocument{"face-algorithms.json", "face algorithms"};
constexpr const char* kQuantiles[] = {"p5", "median", "p95", "max"};

std::string Rate(std::optional<double> rate) {
  return rate ? fmt::format("{:.3g}", *rate) : "-";
}

std::string GroupOf(const std::string& cell) {
  return cell.substr(0, cell.size() / 2);
}

// "FB: in 240 of 240 algorithms (98.5 to 100 %) more false matches than MW."
std::vector<std::string> Sentences(const JsonPlace& result) {
  std::vector<std::string> sentences;
  const std::string reference = result.Text("reference");
  result.ForEach("cells", [&](const JsonPlace& cell) {
    if (!cell.Truth("within") || cell.Text("name") == reference) return;
    const JsonPlace above = cell.At("above_reference");
    sentences.push_back(fmt::format(
        "{}: more false matches than {} in {} of {} algorithms ({:.3g} %; {:g} "
        "%: {:.3g} to {:.3g} %); median {}.",
        GroupOf(cell.Text("name")), GroupOf(reference),
        CountText(above.Count("events")), CountText(above.Count("n")),
        100 * above.Number("value").value_or(0),
        100 * above.Number("level").value_or(0.95),
        100 * above.Number("lo").value_or(0),
        100 * above.Number("hi").value_or(0),
        FrequencyText(cell.Number("median"))));
  });
  return sentences;
}

std::string TitleOf(const JsonPlace& result) {
  const std::string title = result.TextOr("title", "");
  return title.empty() ? "False matches of many algorithms by group" : title;
}

constexpr const char* kNote =
    "The interval of a share is exact for algorithms drawn at random; those of "
    "one test, some from one maker, are not quite that. Rates printed with few "
    "decimals make ratios coarse.";

std::string Write(const Json& json, PlainWriter writer) {
  const JsonPlace result(json, kDocument);
  writer.Title(TitleOf(result));
  for (const std::string& sentence : Sentences(result)) {
    writer.Item("", sentence);
  }
  writer.Heading("Rates over algorithms");
  TextTable cells;
  cells.AddColumn("Reference_probe", Align::kLeft);
  for (const char* heading : {"5 %", "Median", "95 %", "Highest"}) {
    cells.AddColumn(heading, Align::kRight);
  }
  result.ForEach("cells", [&](const JsonPlace& cell) {
    std::vector<std::string> row = {cell.Text("name")};
    for (const char* key : kQuantiles) row.push_back(Rate(cell.Number(key)));
    cells.AddRow(row);
  });
  writer.Table(cells);
  writer.Heading("How unequal, over algorithms");
  TextTable measures;
  measures.AddColumn("Measure", Align::kLeft);
  for (const char* heading : {"5 %", "Median", "95 %", "Highest"}) {
    measures.AddColumn(heading, Align::kRight);
  }
  measures.AddColumn("Not defined", Align::kRight, 1);
  result.ForEach("measures", [&](const JsonPlace& measure) {
    std::vector<std::string> row = {measure.Text("label")};
    for (const char* key : kQuantiles) row.push_back(Rate(measure.Number(key)));
    row.push_back(CountText(measure.Count("undefined")));
    measures.AddRow(row);
  });
  writer.Table(measures);
  writer.Heading("Order of the groups, lowest rate first");
  TextTable orders;
  orders.AddColumn("Order", Align::kLeft);
  orders.AddColumn("Algorithms", Align::kRight);
  int shown = 0;
  result.ForEach("orderings", [&](const JsonPlace& entry) {
    if (++shown > 8) return;
    orders.AddRow({entry.Text("order"), CountText(entry.Count("n"))});
  });
  writer.Table(orders);
  writer.Paragraph(kNote);
  return writer.Finish();
}

void WriteQuantileTable(const JsonPlace& result, const char* list,
                        const char* name, const char* caption,
                        PageWriter* page) {
  HtmlTable table(caption, list, &page->html);
  table.HeadText("");
  for (const char* heading :
       {"5 %", "25 %", "Median", "75 %", "95 %", "Highest"}) {
    table.HeadNumber(heading);
  }
  result.ForEach(list, [&](const JsonPlace& entry) {
    table.Row(EscapedName(entry.Text(name)));
    for (const char* key : {"p5", "p25", "median", "p75", "p95", "max"}) {
      table.Number(Rate(entry.Number(key)));
    }
  });
  table.Finish();
}

std::string WritePage(const Json& json) {
  const JsonPlace result(json, kDocument);
  PageWriter page;
  page.BeginSection("What was found", "verdict");
  page.html += "<ul class=\"prose\">\n";
  for (const std::string& sentence : Sentences(result)) {
    page.html += "<li>" + Escaped(sentence) + "</li>\n";
  }
  page.html += "</ul>\n";
  page.Note(kNote);
  page.EndSection();
  page.BeginSection("Rates over algorithms");
  WriteQuantileTable(
      result, "cells", "name",
      "False-match rate of each pair of groups (reference_probe), quantiles "
      "over the algorithms.",
      &page);
  HtmlTable cross(
      "Different people of two groups against those within both (geometric "
      "mean of the two rates): median over algorithms. Below 1: people are "
      "more often taken for somebody of their own group.",
      "Across groups", &page.html);
  cross.HeadText("Reference_probe");
  cross.HeadNumber("Ratio");
  result.ForEach("cross_ratio", [&](const JsonPlace& entry) {
    cross.Row(EscapedName(entry.Text("name")));
    cross.Number(Rate(entry.Number("median")));
  });
  cross.Finish();
  page.EndSection();
  page.BeginSection("How unequal");
  WriteQuantileTable(result, "measures", "label",
                     "Measures over the rates within groups, quantiles over "
                     "the algorithms.",
                     &page);
  HtmlTable orders("Groups from the lowest to the highest rate.", "Orders",
                   &page.html);
  orders.HeadText("Order");
  orders.HeadNumber("Algorithms");
  int shown = 0;
  result.ForEach("orderings", [&](const JsonPlace& entry) {
    if (++shown > 12) return;
    orders.Row(EscapedName(entry.Text("order")));
    orders.Number(CountText(entry.Count("n")));
  });
  orders.Finish();
  page.EndSection();
  PageHead head;
  head.kicker = "Plumbline: many face-recognition algorithms";
  head.title = TitleOf(result);
  head.version = result.Text("plumbline");
  head.facts.emplace_back("Algorithms", CountText(result.Count("algorithms")));
  head.facts.emplace_back("Reference",
                          Escaped(GroupOf(result.Text("reference"))));
  return FinishPage(head, page.html,
                    "face-algorithms.json has all numbers of this page and "
                    "the rates of every algorithm.");
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

using report::PlainWriter;

std::string FaceAlgorithmsText(const Json& result, int width) {
  return report::Write(
      result, PlainWriter(PlainWriter::Format::kText, std::max(width, 40)));
}

std::string FaceAlgorithmsMarkdown(const Json& result) {
  return report::Write(result, PlainWriter(PlainWriter::Format::kMarkdown, 0));
}

std::string FaceAlgorithmsCellsCsv(const Json& result) {
  std::string out =
      "name,within,p5,p25,median,p75,p95,max,n,above_reference,share,lo,hi\r\n";
  for (const Json& cell : result.at("cells")) {
    report::AppendMembers(
        cell, {"name", "within", "p5", "p25", "median", "p75", "p95", "max"},
        &out);
    out += ',';
    report::AppendMembers(cell.at("above_reference"),
                          {"n", "events", "value", "lo", "hi"}, &out);
    out += "\r\n";
  }
  return out;
}

std::string FaceAlgorithmsMeasuresCsv(const Json& result) {
  std::string out = "measure,p5,p25,median,p75,p95,max,undefined\r\n";
  for (const Json& measure : result.at("measures")) {
    report::AppendMembers(
        measure,
        {"measure", "p5", "p25", "median", "p75", "p95", "max", "undefined"},
        &out);
    out += "\r\n";
  }
  return out;
}

std::string FaceAlgorithmsHtml(const Json& json) {
  return report::WritePage(json);
}

}  // namespace plumbline
