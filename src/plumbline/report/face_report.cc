// The page of a face audit: what it found, rates of every group, pairs of
// groups, curves, measures, what it rests on.
#include "plumbline/report/face_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/json.h"
#include "plumbline/report/face_library_report.h"
#include "plumbline/report/face_statistics_report.h"
#include "plumbline/report/face_words.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/heat_map.h"
#include "plumbline/report/html.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/page_writer.h"
#include "plumbline/report/xy_plot.h"

namespace plumbline::report {
namespace {

// Groups beyond these make a curve unreadable.
constexpr size_t kMostCurves = 7;

std::string DesignEffectText(const JsonPlace& rate) {
  const auto effect = rate.Number("design_effect");
  return effect ? fmt::format("{:.3g}", *effect) : "-";
}

const char* SpecificationWords(const std::string& specification) {
  if (specification == "proven_out") return "above the target";
  if (specification == "proven_in") return "within the target";
  return specification.empty() ? "-" : "unresolved";
}

void WriteSummary(const JsonPlace& face, PageWriter* page) {
  page->BeginSection("What was found", "verdict");
  page->html += "<ul class=\"prose\">\n";
  for (const std::string& sentence : FaceSummary(face)) {
    page->html += "<li>" + Escaped(sentence) + "</li>\n";
  }
  page->html += "</ul>\n";
  page->Note(
      "Equal rates would not by themselves make a use of face recognition "
      "acceptable. The numbers hold for the people, pictures and pairs "
      "supplied.");
  std::vector<GateLine> gates;
  face.ForEach("gates", [&](const JsonPlace& gate) {
    gates.push_back({.name_html = Escaped(gate.Text("text")),
                     .outcome = gate.Text("outcome"),
                     .sentence = gate.Text("sentence"),
                     .gate = gate.Text("text")});
  });
  if (!gates.empty()) {
    WriteGateTable(
        "Met if the whole interval meets the limit, failed if all of it "
        "violates it.",
        std::move(gates), "face.json", page);
  }
  page->EndSection();
}

void WriteFindings(const JsonPlace& face, PageWriter* page) {
  if (face.At("findings").value().empty() || face.Has("shared")) return;
  page->BeginSection("Findings and what to do");
  page->html += "<ol class=\"prose\">\n";
  int shown = 0;
  face.ForEach("findings", [&](const JsonPlace& finding) {
    if (finding.Text("sentence").empty() || ++shown > 20) return;
    page->html += fmt::format(
        "<li><b>{}</b> ({}) {} <i>{}</i></li>\n", Escaped(finding.Text("code")),
        Escaped(finding.Text("severity")), Escaped(finding.Text("sentence")),
        Escaped(finding.Text("action")));
  });
  page->html += "</ol>\n";
  if (shown > 20) {
    page->Note(fmt::format("{} more in face.json.", shown - 20));
  }
  page->EndSection();
}

void WriteGroups(const JsonPlace& face, const std::string& at,
                 PageWriter* page) {
  HtmlTable table(
      "False matches: two different people of the group taken for one. Design "
      "effect: by how much comparisons that share people count for less. Own "
      "threshold: at which the group would meet the target.",
      "False matches", &page->html);
  const bool shared = face.Has("shared");  // without counts of errors
  table.HeadText("Group");
  table.HeadNumber("People");
  table.HeadNumber("Comparisons");
  if (!shared) table.HeadNumber("False matches");
  table.HeadNumber("Rate");
  table.HeadNumber("Design effect");
  table.HeadText("Target");
  table.HeadNumber("Own threshold");
  face.ForEach("groups", [&](const JsonPlace& group) {
    if (group.Text("at") != at) return;
    const JsonPlace fmr = group.At("fmr");
    table.Row(EscapedName(group.Text("name")));
    table.Number(CountText(group.Count("subjects")));
    table.Number(CountText(fmr.Count("n")));
    if (!shared) table.Number(CountText(fmr.Count("events")));
    table.Number(RateText(fmr));
    table.Number(DesignEffectText(fmr));
    table.Word(SpecificationWords(group.TextOr("specification", "")));
    const auto own = group.Number("own_threshold");
    table.Number(own ? fmt::format("{:.5g}", *own) : "-");
  });
  table.Finish();
}

void WriteGenuineGroups(const JsonPlace& face, const std::string& at,
                        PageWriter* page) {
  HtmlTable table(
      "False non-matches: one person taken for two. Failed: comparisons "
      "without a score, of both kinds.",
      "False non-matches", &page->html);
  const bool shared = face.Has("shared");  // without counts of errors
  table.HeadText("Group");
  table.HeadNumber("People");
  table.HeadNumber("Comparisons");
  if (!shared) table.HeadNumber("False non-matches");
  table.HeadNumber("Rate");
  table.HeadNumber("Design effect");
  if (!shared) table.HeadNumber("Failed");
  face.ForEach("groups", [&](const JsonPlace& group) {
    if (group.Text("at") != at) return;
    const JsonPlace fnmr = group.At("fnmr");
    table.Row(EscapedName(group.Text("name")));
    table.Number(CountText(fnmr.Count("subjects")));
    table.Number(CountText(fnmr.Count("n")));
    if (!shared) table.Number(CountText(fnmr.Count("events")));
    table.Number(RateText(fnmr));
    table.Number(DesignEffectText(fnmr));
    if (shared) return;
    table.Number(CountText(group.Count("failed_impostor").value_or(0) +
                           group.Count("failed_genuine").value_or(0)));
  });
  table.Finish();
}

// log10 of the rate, as NIST's maps.
void WriteHeatMap(const JsonPlace& face, const JsonPlace& grouping,
                  const std::string& at, PageWriter* page) {
  HeatMap map;
  std::string name;
  grouping.ForEach("attributes", [&](const JsonPlace& attribute) {
    name += (name.empty() ? "" : " x ") + attribute.AsText();
  });
  grouping.ForEach("levels", [&](const JsonPlace& level) {
    map.rows.push_back(level.AsText());
  });
  if (name.empty() || map.rows.size() < 2 || map.rows.size() > 12) return;
  map.columns = map.rows;
  map.row_name = "reference";
  map.column_name = "probe";
  map.cells.resize(map.rows.size() * map.rows.size());
  const auto place = [&](const std::string& level) {
    return std::find(map.rows.begin(), map.rows.end(), level) -
           map.rows.begin();
  };
  face.ForEach("cells", [&](const JsonPlace& cell) {
    if (cell.Text("at") != at || GroupingText(cell) != name) return;
    const JsonPlace fmr = cell.At("fmr");
    HeatCell& target = map.cells[place(cell.Text("reference")) *
                                     static_cast<long>(map.rows.size()) +
                                 place(cell.Text("probe"))];
    const auto value = fmr.Number("value");
    const auto lo = fmr.Number("lo");
    const auto hi = fmr.Number("hi");
    target.exists = fmr.Count("n").value_or(0) > 0 || value.has_value() ||
                    fmr.TextOr("reason", "") == "below_minimum";
    // Known to within a factor of ten either way, or hatched.
    target.small =
        !value || *value <= 0 || !lo || !hi || *lo <= 0 || *hi / *lo > 10;
    if (value && *value > 0) target.value = std::log10(*value);
    target.value_text =
        value ? (*value > 0 ? fmt::format("{:.1f}", std::log10(*value)) : "0")
              : "few";
    const auto events = fmr.Count("events");
    target.count_text =
        events ? CountText(events) + " of " + CountText(fmr.Count("n"))
               : "of " + CountText(fmr.Count("n"));
  });
  map.id = page->NextId();
  map.title = "False-match rate by pair of groups: " + name;
  map.description = "Power of ten of the false-match rate, reference by probe.";
  page->BeginFigure(
      "heat", DrawHeatMap(map),
      "<b>" + Escaped(map.title) +
          "</b> as a power of ten (-3: 1 in 1,000). Rows: reference, columns: "
          "probe: two cells of one pair of groups differ where the roles do. "
          "Hatched: known only to within a factor of ten, or not.");
  page->EndFigure();
}

void WriteForest(const JsonPlace& face, const std::string& at,
                 const std::string& error, PageWriter* page) {
  ForestPlot plot;
  std::string heading;
  face.ForEach("ratios", [&](const JsonPlace& ratio) {
    const auto value = ratio.Number("value");
    if (ratio.Text("at") != at || ratio.Text("error") != error || !value) {
      return;
    }
    if (plot.rows.size() > 40) return;
    const std::string over =
        GroupingText(ratio) + " against " + ratio.Text("reference");
    if (over != heading) {
      heading = over;
      plot.rows.push_back(
          {.mark = ForestRow::Mark::kHeading, .label = heading});
    }
    ForestRow row{.label = ratio.Text("group"),
                  .count = CountText(ratio.Count("subjects")),
                  .value = std::log10(*value)};
    const auto lo = ratio.Number("lo");
    const auto hi = ratio.Number("hi");
    if (lo && *lo > 0) row.lo = std::log10(*lo);
    if (hi && *hi > 0) row.hi = std::log10(*hi);
    row.text = FactorText(ratio);
    plot.rows.push_back(std::move(row));
  });
  if (plot.rows.empty()) return;
  plot.id = page->NextId();
  plot.title = fmt::format("How many times as many {}", ErrorWords(error));
  plot.description = "Ratios of rates on a logarithmic axis.";
  plot.line = 0;
  plot.line_name = "equal";
  plot.band =
      std::log10(face.At("options").Number("equivalence_ratio").value_or(1.5));
  plot.axis = "power of ten of the ratio";
  plot.count_heading = "people";
  page->BeginFigure("forest", DrawForest(plot),
                    "<b>" + Escaped(plot.title) +
                        "</b>. 0 on the axis: equally many; 1: ten times as "
                        "many. Tinted: of no concern.");
  page->EndFigure();
}

// One attribute's groups: error against error, both as powers of ten.
void WriteDet(const JsonPlace& face, const std::string& attribute,
              PageWriter* page) {
  XyPlot plot;
  plot.percent_x = plot.percent_y = false;
  plot.x_label = "false-match rate (power of ten)";
  plot.y_label = "false non-match rate (power of ten)";
  double x_lo = 0;
  double y_lo = 0;
  std::vector<std::vector<Point>> marks;
  face.ForEach("det", [&](const JsonPlace& det) {
    if (GroupingText(det) != attribute || plot.series.size() >= kMostCurves) {
      return;
    }
    XySeries series;
    series.label = det.Text("name");
    series.style = static_cast<int>(plot.series.size()) + 1;
    for (const Json& point : det.At("points").value()) {
      const double fmr = point.at(1).get<double>();
      const double fnmr = point.at(2).get<double>();
      if (fmr <= 0 || fnmr <= 0) continue;
      series.line.push_back({std::log10(fmr), std::log10(fnmr)});
      x_lo = std::min(x_lo, std::log10(fmr));
      y_lo = std::min(y_lo, std::log10(fnmr));
    }
    size_t t = 0;
    det.ForEach("marks", [&](const JsonPlace& mark) {
      const auto fmr = mark.Number("fmr");
      const auto fnmr = mark.Number("fnmr");
      if (marks.size() <= t) marks.emplace_back();
      if (fmr && fnmr && *fmr > 0 && *fnmr > 0) {
        const Point point{std::log10(*fmr), std::log10(*fnmr)};
        series.marks.push_back(point);
        marks[t].push_back(point);
      }
      ++t;
    });
    if (series.line.size() >= 2) plot.series.push_back(std::move(series));
  });
  if (plot.series.empty()) return;
  // One threshold for all: its points on the curves, joined.
  for (std::vector<Point>& link : marks) {
    std::sort(link.begin(), link.end(),
              [](const Point& a, const Point& b) { return a.x < b.x; });
    if (link.size() < 2) continue;
    XySeries series;
    series.label = "same threshold";
    series.style = 0;
    series.dotted = link;
    plot.series.push_back(std::move(series));
  }
  plot.x_lo = std::floor(x_lo);
  plot.y_lo = std::floor(y_lo);
  plot.x_hi = plot.y_hi = 0;
  plot.id = page->NextId();
  plot.title = "Error trade-off by " + attribute;
  plot.description = "One curve for each group; lower left is better.";
  page->BeginFigure("curve", DrawXyPlot(plot),
                    "<b>" + Escaped(plot.title) +
                        "</b> (DET), within each group. Marks joined by a "
                        "dotted line: one threshold for all.");
  page->EndFigure();
}

void WriteMeasures(const JsonPlace& face, const std::string& at,
                   PageWriter* page) {
  HtmlTable table(
      "All measures in use of how unequal the rates are, with intervals from "
      "a bootstrap over people. Read Max/GeoMean and Gini of each error first, "
      "never one measure of both errors alone. Measures of a largest value are "
      "above their neutral value by chance alone; the test of equality "
      "says whether the groups differ.",
      "Measures", &page->html);
  table.HeadText("Measure");
  table.HeadText("Groups by");
  table.HeadText("Error");
  table.HeadNumber("Value");
  table.HeadNumber("If equal");
  table.HeadText("Highest");
  table.HeadText("Lowest");
  face.ForEach("disparities", [&](const JsonPlace& entry) {
    if (entry.Text("at") != at) return;
    table.Row(Escaped(entry.Text("label")));
    table.Word(Escaped(GroupingText(entry)));
    table.Word(ErrorWords(entry.Text("error")));
    table.Number(FactorText(entry));
    table.Number(fmt::format("{:g}", entry.Number("neutral").value_or(0)));
    table.Word(EscapedName(entry.TextOr("worst", "-")));
    table.Word(EscapedName(entry.TextOr("best", "-")));
  });
  table.Finish();
}

void WriteTests(const JsonPlace& face, const std::string& at,
                PageWriter* page) {
  HtmlTable ratios(
      "Each group against the reference. p corrected over all pairs of groups "
      "(Holm). Equal: two one-sided tests show that the ratio lies within the "
      "limit.",
      "Ratios", &page->html);
  for (const char* heading : {"Group", "Reference", "Error"}) {
    ratios.HeadText(heading);
  }
  ratios.HeadNumber("Times as many");
  ratios.HeadNumber("p");
  ratios.HeadText("Shown");
  face.ForEach("ratios", [&](const JsonPlace& ratio) {
    if (ratio.Text("at") != at) return;
    const std::string outcome = ratio.Text("outcome");
    ratios.Row(EscapedName(ratio.Text("group")));
    ratios.Text(EscapedName(ratio.Text("reference")));
    ratios.Word(ErrorWords(ratio.Text("error")));
    ratios.Number(FactorText(ratio));
    ratios.Number(ProbabilityText(ratio.Number("p_adjusted")));
    ratios.Word(outcome == "shown"              ? "differ"
                : outcome == "none_above_limit" ? "equal within the limit"
                                                : "unresolved");
  });
  ratios.Finish();
  HtmlTable tests(
      "Do all groups share one rate? Bootstrap over people, centred on "
      "equality; where asked for, permutation of people's groups, each keeping "
      "all comparisons (exact if nothing about them depends on the group).",
      "Tests of equality", &page->html);
  tests.HeadText("Groups by");
  tests.HeadText("Error");
  tests.HeadText("Test");
  tests.HeadNumber("Groups");
  tests.HeadNumber("p");
  face.ForEach("omnibus", [&](const JsonPlace& test) {
    if (test.Text("at") != at) return;
    tests.Row(Escaped(GroupingText(test)));
    tests.Word(ErrorWords(test.Text("error")));
    tests.Word(TestWords(test.Text("method")));
    tests.Number(CountText(test.Count("groups")));
    const auto p = test.Number("p");
    tests.Number(p ? ProbabilityText(p)
                   : ReasonWords(test.TextOr("reason", "")));
  });
  tests.Finish();
}

void WriteThreshold(const JsonPlace& face, const JsonPlace& threshold,
                    PageWriter* page) {
  const std::string at = threshold.Text("at");
  page->BeginSection("Threshold " + Escaped(ThresholdText(threshold)));
  page->Paragraph(
      fmt::format("Of the {} comparisons that it was set on it accepts {}.",
                  CountText(threshold.Count("comparisons")),
                  FrequencyText(threshold.Number("achieved_fmr"))));
  WriteGroups(face, at, page);
  WriteGenuineGroups(face, at, page);
  WriteDesigns(face, at, page);
  page->html += "<div class=\"figures\">\n";
  WriteForest(face, at, "fmr", page);
  WriteForest(face, at, "fnmr", page);
  face.ForEach("groupings", [&](const JsonPlace& grouping) {
    WriteHeatMap(face, grouping, at, page);
  });
  page->html += "</div>\n";
  WriteIdentification(face, at, page);
  WriteTests(face, at, page);
  OpenDetails("Between groups against within", &page->html);
  WriteCrossRatios(face, at, page);
  page->html += "</details>\n";
  OpenDetails("All measures of how unequal the rates are", &page->html);
  WriteMeasures(face, at, page);
  page->html += "</details>\n";
  page->EndSection();
}

void WriteCurves(const JsonPlace& face, PageWriter* page) {
  page->BeginSection("Over all thresholds");
  page->html += "<div class=\"figures\">\n";
  std::string last;
  face.ForEach("groupings", [&](const JsonPlace& grouping) {
    if (grouping.At("attributes").value().size() != 1) return;
    grouping.ForEach("attributes", [&](const JsonPlace& attribute) {
      WriteDet(face, attribute.AsText(), page);
    });
  });
  page->html += "</div>\n";
  HtmlTable table(
      "Scores of each group. d': distance of genuine from impostor scores in "
      "standard deviations. Equal error: where both rates are nearest.",
      "Scores", &page->html);
  table.HeadText("Group");
  for (const char* heading : {"Impostor mean", "SD", "Genuine mean", "SD", "d'",
                              "Equal error", "at threshold"}) {
    table.HeadNumber(heading);
  }
  face.ForEach("det", [&](const JsonPlace& det) {
    table.Row(EscapedName(det.Text("name")));
    for (const char* key : {"impostor_mean", "impostor_sd", "genuine_mean",
                            "genuine_sd", "d_prime"}) {
      const auto value = det.Number(key);
      table.Number(value ? fmt::format("{:.4g}", *value) : "-");
    }
    table.Number(FrequencyText(det.Number("eer")));
    const auto at = det.Number("eer_threshold");
    table.Number(at ? fmt::format("{:.5g}", *at) : "-");
  });
  table.Finish();
  WriteShifts(face, page);
  page->EndSection();
}

void WriteSupport(const JsonPlace& face, PageWriter* page) {
  page->BeginSection("What the data can bear");
  HtmlTable table(
      "Errors that an interval of +-30 % or +-10 % of the rate needs, and the "
      "smallest ratio to a group with as many comparisons that would be found "
      "in 80 % of such audits.",
      "Sample size", &page->html);
  table.HeadText("Group");
  table.HeadText("Threshold");
  for (const char* heading : {"False matches seen", "needed for +-30 %",
                              "for +-10 %", "Smallest ratio"}) {
    table.HeadNumber(heading);
  }
  face.ForEach("sample_size", [&](const JsonPlace& entry) {
    table.Row(EscapedName(entry.Text("name")));
    table.Word(Escaped(entry.Text("at")));
    table.Number(CountText(entry.Count("errors_seen")));
    for (const char* key : {"errors_for_30_percent", "errors_for_10_percent",
                            "smallest_ratio_detectable"}) {
      const auto value = entry.Number(key);
      table.Number(value ? fmt::format("{:.3g}", *value) : "-");
    }
  });
  table.Finish();
  if (face.At("label_noise").value().empty()) return page->EndSection();
  HtmlTable noise(
      "False-match rate without the pairs of people that are most alike: if it "
      "falls steeply, one person may have two ids.",
      "Label noise", &page->html);
  noise.HeadText("Group");
  noise.HeadText("Threshold");
  noise.HeadNumber("Pairs left out");
  noise.HeadNumber("Rate");
  face.ForEach("label_noise", [&](const JsonPlace& entry) {
    noise.Row(EscapedName(entry.Text("name")));
    noise.Word(Escaped(entry.Text("at")));
    noise.Number(CountText(entry.Count("removed")));
    noise.Number(FrequencyText(entry.Number("fmr")));
  });
  noise.Finish();
  page->EndSection();
}

void WriteMethod(const JsonPlace& face, PageWriter* page) {
  page->BeginSection("Policies, limitations and files");
  HtmlTable table("How the numbers were made.", "Policies", &page->html);
  table.HeadText("What");
  table.HeadText("How");
  for (const auto& [name, value] : FacePolicies(face)) {
    WriteSetting(name, Escaped(value), &table);
  }
  table.Finish();
  page->html += "<ul class=\"prose\">\n";
  face.ForEach("limitations", [&](const JsonPlace& entry) {
    page->html += "<li>" + Escaped(entry.Text("code")) + ": " +
                  Escaped(entry.Text("text")) + "</li>\n";
  });
  page->html += "</ul>\n";
  page->Note(
      "Reported of what ISO/IEC 19795-10 names in its scope: differences of "
      "comparison scores, of failures and of false-match and false non-match "
      "rates between groups. No conformity is claimed.");
  HtmlTable files("Files read.", "Files", &page->html);
  files.HeadText("File");
  files.HeadNumber("Rows");
  files.HeadText("SHA-256");
  const auto add = [&files](const JsonPlace& file) {
    files.Row(EscapedName(file.Text("file")));
    files.Number(CountText(file.Count("rows")));
    files.Text(Escaped(file.TextOr("sha256", "-")));
  };
  face.At("input").ForEach("files", add);
  if (!face.At("input").At("calibration").value().is_null()) {
    face.At("input").At("calibration").ForEach("files", add);
  }
  files.Finish();
  page->EndSection();
}

PageHead HeadOf(const JsonPlace& face) {
  PageHead head;
  head.kicker = "Plumbline audit of a face-recognition system";
  head.title = face.TextOr("title", "");
  if (head.title.empty()) head.title = "Face-recognition errors by group";
  head.version = face.Text("plumbline");
  const JsonPlace input = face.At("input");
  const auto fact = [&](const char* name, const std::string& value) {
    head.facts.emplace_back(name, Escaped(value));
  };
  fact("People", CountText(input.Count("subjects")));
  fact("Impostor comparisons", CountText(input.Count("impostor_comparisons")));
  fact("Genuine comparisons", CountText(input.Count("genuine_comparisons")));
  const JsonPlace failed = input.At("failed");
  const auto impostor = failed.Count("impostor");
  const auto genuine = failed.Count("genuine");
  if (impostor && genuine) {
    fact("Failed comparisons", CountText(*impostor + *genuine));
  }
  if (face.Has("shared")) fact("Version", "rounded, to hand on");
  return head;
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string FaceReportHtml(const Json& json) {
  const report::JsonPlace face(json, report::kFaceDocument);
  report::PageWriter page;
  report::WriteSummary(face, &page);
  report::WriteFindings(face, &page);
  face.ForEach("thresholds", [&](const report::JsonPlace& threshold) {
    report::WriteThreshold(face, threshold, &page);
  });
  report::WriteCurves(face, &page);
  report::WriteFaceLibrary(face, &page);
  report::WriteSupport(face, &page);
  report::WriteMethod(face, &page);
  return report::FinishPage(report::HeadOf(face), page.html,
                            "face.json has all numbers of this page.");
}

}  // namespace plumbline
