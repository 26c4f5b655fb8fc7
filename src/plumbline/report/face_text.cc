// A face audit on a terminal, as Markdown and as CSV.
#include <fmt/format.h>

#include <algorithm>

#include "plumbline/base/json.h"
#include "plumbline/report/csv_members.h"
#include "plumbline/report/face_library_report.h"
#include "plumbline/report/face_report.h"
#include "plumbline/report/face_statistics_report.h"
#include "plumbline/report/face_words.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/plain_writer.h"

namespace plumbline::report {
namespace {

using Align = TextTable::Align;

void WriteGroups(const JsonPlace& face, const std::string& at,
                 PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Group", Align::kLeft);
  table.AddColumn("People", Align::kRight, 1);
  table.AddColumn("Pairs", Align::kRight, 2);
  table.AddColumn("False matches", Align::kRight);
  table.AddColumn("Design effect", Align::kRight, 3);
  table.AddColumn("False non-matches", Align::kRight);
  face.ForEach("groups", [&](const JsonPlace& group) {
    if (group.Text("at") != at) return;
    const JsonPlace fmr = group.At("fmr");
    const auto effect = fmr.Number("design_effect");
    table.AddRow({group.Text("name"), CountText(group.Count("subjects")),
                  CountText(fmr.Count("n")), RateText(fmr),
                  effect ? fmt::format("{:.3g}", *effect) : "-",
                  RateText(group.At("fnmr"))});
  });
  writer->Table(table);
}

void WriteRatios(const JsonPlace& face, const std::string& at,
                 PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Group", Align::kLeft);
  table.AddColumn("Reference", Align::kLeft);
  table.AddColumn("Error", Align::kLeft, 1);
  table.AddColumn("Times as many", Align::kRight);
  table.AddColumn("p (corrected)", Align::kRight, 2);
  table.AddColumn("Shown?", Align::kLeft);
  bool any = false;
  face.ForEach("ratios", [&](const JsonPlace& ratio) {
    if (ratio.Text("at") != at) return;
    const std::string outcome = ratio.Text("outcome");
    any = true;
    table.AddRow({ratio.Text("group"), ratio.Text("reference"),
                  ErrorWords(ratio.Text("error")), FactorText(ratio),
                  ProbabilityText(ratio.Number("p_adjusted")),
                  outcome == "shown"              ? "yes"
                  : outcome == "none_above_limit" ? "equal within the limit"
                                                  : "unresolved"});
  });
  if (!any) return;
  writer->Heading("Ratios");
  writer->Table(table);
}

void WriteTests(const JsonPlace& face, const std::string& at,
                PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Groups by", Align::kLeft);
  table.AddColumn("Error", Align::kLeft);
  table.AddColumn("Groups", Align::kRight, 1);
  table.AddColumn("Test", Align::kLeft);
  table.AddColumn("p", Align::kRight);
  bool any = false;
  face.ForEach("omnibus", [&](const JsonPlace& test) {
    if (test.Text("at") != at) return;
    any = true;
    const auto p = test.Number("p");
    table.AddRow(
        {GroupingText(test), ErrorWords(test.Text("error")),
         CountText(test.Count("groups")), TestWords(test.Text("method")),
         p ? ProbabilityText(p) : ReasonWords(test.TextOr("reason", ""))});
  });
  if (!any) return;
  writer->Heading("Do all groups share one rate?");
  writer->Table(table);
}

// `prefix`: "" or "weighted_".
void WriteMeasures(const JsonPlace& face, const std::string& at,
                   const std::string& prefix,
                   const std::vector<std::string>& measures,
                   const char* heading, PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Groups by", Align::kLeft);
  table.AddColumn("Error", Align::kLeft);
  for (const std::string& name : measures) {
    table.AddColumn(name == "max_min"       ? "Max/Min"
                    : name == "max_geomean" ? "Max/GeoMean"
                                            : "Gini",
                    Align::kRight);
  }
  std::vector<std::string> row;
  bool any = false;
  face.ForEach("disparities", [&](const JsonPlace& entry) {
    const std::string measure = entry.Text("measure");
    if (entry.Text("at") != at || entry.Text("error") == "both") return;
    if (measure == prefix + measures.front()) {
      row = {GroupingText(entry), ErrorWords(entry.Text("error"))};
    }
    for (const std::string& name : measures) {
      if (measure == prefix + name) row.push_back(FactorText(entry));
    }
    if (measure == prefix + measures.back()) {
      table.AddRow(row);
      any = true;
    }
  });
  if (!any) return;
  writer->Heading(heading);
  writer->Table(table);
}

// More pairs of groups than these are for the page.
constexpr size_t kMostCrossRatios = 12;

void WriteCrossRatiosText(const JsonPlace& face, const std::string& at,
                          PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Reference", Align::kLeft);
  table.AddColumn("Probe", Align::kLeft);
  table.AddColumn("Over", Align::kLeft);
  table.AddColumn("Times as many false matches", Align::kRight);
  table.AddColumn("p (corrected)", Align::kRight, 1);
  size_t rows = 0;
  face.ForEach("cross_ratios", [&](const JsonPlace& ratio) {
    if (ratio.Text("at") != at || ++rows > kMostCrossRatios) return;
    table.AddRow({ratio.Text("reference"), ratio.Text("probe"),
                  ratio.Text("kind") == "asymmetry"
                      ? "roles exchanged"
                      : "within " + ratio.Text("over_reference"),
                  FactorText(ratio),
                  ProbabilityText(ratio.Number("p_adjusted"))});
  });
  if (rows == 0) return;
  writer->Heading("Between groups against within");
  writer->Table(table);
  if (rows > kMostCrossRatios) {
    writer->Paragraph(fmt::format("{} more in face.json.",
                                  CountText(rows - kMostCrossRatios)));
  }
}

void WriteDesignsText(const JsonPlace& face, const std::string& at,
                      PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Compared", Align::kLeft);
  table.AddColumn("Pairs", Align::kRight, 1);
  table.AddColumn("False matches", Align::kRight);
  int rows = 0;
  face.ForEach("designs", [&](const JsonPlace& design) {
    if (design.Text("at") != at) return;
    ++rows;
    table.AddRow({DesignText(design), CountText(design.At("fmr").Count("n")),
                  RateText(design.At("fmr"))});
  });
  if (rows < 2) return;
  writer->Heading("Who is compared with whom");
  writer->Table(table);
}

void WriteIdentificationText(const JsonPlace& face, const std::string& at,
                             PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Searchers", Align::kLeft);
  table.AddColumn("Gallery", Align::kLeft, 2);
  table.AddColumn("People in it", Align::kRight);
  table.AddColumn("False positives (FPIR)", Align::kRight);
  table.AddColumn("If independent", Align::kRight, 1);
  table.AddColumn("Misses (FNIR)", Align::kRight);
  bool any = false;
  face.ForEach("identification", [&](const JsonPlace& entry) {
    if (entry.Text("at") != at) return;
    any = true;
    table.AddRow({entry.Text("name"), entry.Text("gallery"),
                  CountText(entry.Count("size")), RateText(entry.At("fpir")),
                  FrequencyText(entry.Number("independent_fpir")),
                  RateText(entry.At("fnir"))});
  });
  if (!any) return;
  writer->Heading("One-to-many search");
  writer->Table(table);
}

void WriteShiftsText(const JsonPlace& face, PlainWriter* writer) {
  TextTable table;
  table.AddColumn("Group", Align::kLeft);
  table.AddColumn("Against", Align::kLeft, 1);
  table.AddColumn("Comparisons", Align::kLeft);
  table.AddColumn("KS distance", Align::kRight);
  table.AddColumn("By chance", Align::kRight, 2);
  table.AddColumn("p (corrected)", Align::kRight);
  table.AddColumn("Median moved by", Align::kRight, 3);
  bool any = false;
  face.ForEach("shifts", [&](const JsonPlace& entry) {
    const auto ks = entry.Number("ks");
    if (!ks) return;
    any = true;
    const auto chance = entry.Number("ks_by_chance");
    table.AddRow({entry.Text("name"), entry.Text("reference"),
                  entry.Text("kind"), fmt::format("{:.3g}", *ks),
                  chance ? fmt::format("{:.3g}", *chance) : "-",
                  ProbabilityText(entry.Number("p_adjusted")),
                  ShiftText(entry, 0.5)});
  });
  if (!any) return;
  writer->Heading("Shifts of scores");
  writer->Table(table);
}

std::string Write(const Json& json, PlainWriter writer) {
  const JsonPlace face(json, kFaceDocument);
  const std::string title = face.TextOr("title", "");
  writer.Title(title.empty() ? "Face-recognition errors by group" : title);
  const JsonPlace input = face.At("input");
  writer.Paragraph(fmt::format(
      "{} comparisons of different people, {} of one person; {} people.",
      CountText(input.Count("impostor_comparisons")),
      CountText(input.Count("genuine_comparisons")),
      CountText(input.Count("subjects"))));
  for (const std::string& sentence : FaceSummary(face)) {
    writer.Item("", sentence);
  }
  face.ForEach("thresholds", [&](const JsonPlace& threshold) {
    const std::string at = threshold.Text("at");
    writer.Heading("At threshold " + ThresholdText(threshold));
    WriteGroups(face, at, &writer);
    WriteRatios(face, at, &writer);
    WriteTests(face, at, &writer);
    WriteDesignsText(face, at, &writer);
    WriteCrossRatiosText(face, at, &writer);
    WriteIdentificationText(face, at, &writer);
    WriteMeasures(face, at, "", {"max_min", "max_geomean", "gini"},
                  "How unequal", &writer);
    WriteMeasures(face, at, "weighted_", {"max_geomean", "gini"},
                  "How unequal, groups weighted", &writer);
  });
  WriteFaceLibrary(face, &writer);
  WriteShiftsText(face, &writer);
  if (!face.At("gates").value().empty()) {
    writer.Heading("Gates");
    face.ForEach("gates", [&](const JsonPlace& gate) {
      writer.Item("", gate.Text("sentence"));
    });
  }
  writer.Heading("Limitations");
  face.ForEach("limitations", [&](const JsonPlace& entry) {
    writer.Item(entry.Text("code"), entry.Text("text"));
  });
  return writer.Finish();
}

// One line an entry: its own members, then those of nested rates.
std::string Lines(const Json& json, const char* list, const char* header,
                  std::initializer_list<const char*> members,
                  std::initializer_list<const char*> rates) {
  std::string out = std::string(header) + "\r\n";
  for (const Json& entry : json.at(list)) {
    AppendMembers(entry, members, &out);
    for (const char* rate : rates) {
      out += ',';
      AppendMembers(entry.at(rate),
                    {"value", "lo", "hi", "n", "subjects", "events",
                     "design_effect", "method", "reason"},
                    &out);
    }
    out += "\r\n";
  }
  return out;
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

using report::PlainWriter;

std::string FaceText(const Json& face, int width) {
  return report::Write(
      face, PlainWriter(PlainWriter::Format::kText, std::max(width, 40)));
}

std::string FaceMarkdown(const Json& face) {
  return report::Write(face, PlainWriter(PlainWriter::Format::kMarkdown, 0));
}

std::string FaceGroupsCsv(const Json& face) {
  return report::Lines(
      face, "groups",
      "at,grouping,name,subjects,own_threshold,specification,failed_impostor,"
      "failed_genuine,fmr,fmr_lo,fmr_hi,fmr_n,fmr_subjects,fmr_events,"
      "fmr_design_effect,fmr_method,fmr_reason,fnmr,fnmr_lo,fnmr_hi,fnmr_n,"
      "fnmr_subjects,fnmr_events,fnmr_design_effect,fnmr_method,fnmr_reason",
      {"at", "grouping", "name", "subjects", "own_threshold", "specification",
       "failed_impostor", "failed_genuine"},
      {"fmr", "fnmr"});
}

std::string FaceCellsCsv(const Json& face) {
  return report::Lines(face, "cells",
                       "at,grouping,reference,probe,fmr,lo,hi,n,subjects,"
                       "events,design_effect,method,reason",
                       {"at", "grouping", "reference", "probe"}, {"fmr"});
}

std::string FaceDisparitiesCsv(const Json& face) {
  return report::Lines(face, "disparities",
                       "at,grouping,error,measure,value,lo,hi,level,method,"
                       "worst,best,reason",
                       {"at", "grouping", "error", "measure", "value", "lo",
                        "hi", "level", "method", "worst", "best", "reason"},
                       {});
}

std::string FaceRatiosCsv(const Json& face) {
  return report::Lines(
      face, "ratios",
      "at,grouping,error,group,reference,value,lo,hi,level,p,"
      "p_adjusted,outcome,n,subjects",
      {"at", "grouping", "error", "group", "reference", "value", "lo", "hi",
       "level", "p", "p_adjusted", "outcome", "n", "subjects"},
      {});
}

}  // namespace plumbline
