#include "plumbline/report/face_statistics_report.h"

#include <fmt/format.h>

#include <cmath>

#include "plumbline/report/face_words.h"
#include "plumbline/report/html.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {
namespace {

std::string Plain(std::optional<double> value) {
  return value ? fmt::format("{:.3g}", *value) : "-";
}

}  // namespace

std::string ShiftText(const JsonPlace& entry, double probability) {
  std::string text = "-";
  entry.ForEach("quantiles", [&](const JsonPlace& quantile) {
    if (std::abs(*quantile.Number("probability") - probability) > 1e-9) return;
    const auto shift = quantile.Number("shift");
    const auto lo = quantile.Number("lo");
    const auto hi = quantile.Number("hi");
    if (!shift) return;
    text = lo && hi ? fmt::format("{:.3g} ({:.3g} to {:.3g})", *shift, *lo, *hi)
                    : Plain(shift);
  });
  return text;
}

std::string DesignText(const JsonPlace& design) {
  std::string text;
  design.ForEach("grouping", [&](const JsonPlace& name) {
    text += (text.empty() ? "same " : " and ") + name.AsText();
  });
  return text.empty() ? "any two people" : text;
}

void WriteDesigns(const JsonPlace& face, const std::string& at,
                  PageWriter* page) {
  const bool shared = face.Has("shared");  // without counts of errors
  HtmlTable table(
      "False matches when the two people of a comparison are any two, or alike "
      "in some attributes. A rate over any two people flatters: people are "
      "more often taken for somebody like them, and whoever tries to pass for "
      "another does not choose at random.",
      "Pairing designs", &page->html);
  table.HeadText("Compared");
  table.HeadNumber("Comparisons");
  if (!shared) table.HeadNumber("False matches");
  table.HeadNumber("Rate");
  face.ForEach("designs", [&](const JsonPlace& design) {
    if (design.Text("at") != at) return;
    const JsonPlace fmr = design.At("fmr");
    table.Row(EscapedName(DesignText(design)));
    table.Number(CountText(fmr.Count("n")));
    if (!shared) table.Number(CountText(fmr.Count("events")));
    table.Number(RateText(fmr));
  });
  table.Finish();
}

void WriteCrossRatios(const JsonPlace& face, const std::string& at,
                      PageWriter* page) {
  if (face.At("cross_ratios").value().empty()) return;
  HtmlTable table(
      "False matches of a pair of groups over those within one of them, and "
      "over those with reference and probe exchanged. The rates share people; "
      "the intervals allow for how they go together (correlation). p corrected "
      "over all ratios of a kind (Holm).",
      "Between groups", &page->html);
  for (const char* heading : {"Reference", "Probe", "Over"}) {
    table.HeadText(heading);
  }
  table.HeadNumber("Times as many");
  table.HeadNumber("Correlation");
  table.HeadNumber("p");
  face.ForEach("cross_ratios", [&](const JsonPlace& ratio) {
    if (ratio.Text("at") != at) return;
    table.Row(EscapedName(ratio.Text("reference")));
    table.Text(EscapedName(ratio.Text("probe")));
    table.Text(ratio.Text("kind") == "asymmetry"
                   ? "roles exchanged"
                   : "within " + EscapedName(ratio.Text("over_reference")));
    table.Number(FactorText(ratio));
    table.Number(Plain(ratio.Number("correlation")));
    table.Number(ProbabilityText(ratio.Number("p_adjusted")));
  });
  table.Finish();
}

void WriteIdentification(const JsonPlace& face, const std::string& at,
                         PageWriter* page) {
  if (face.At("identification").value().empty()) return;
  HtmlTable table(
      "One-to-many search, from the comparisons at hand: the mean over all "
      "random galleries of so many people (as supplied: of everyone; balanced: "
      "equally many of each group; homogeneous: of the searcher's group), "
      "without the searcher. False positives: searches that find anybody. If "
      "independent: 1 - (1 - rate)^N, which holds only if comparisons did not "
      "share people. Misses: mated searches whose mate is below the threshold "
      "or beyond the rank. Selectivity: people found by a search.",
      "One-to-many search", &page->html);
  for (const char* heading : {"Searchers", "Gallery"}) table.HeadText(heading);
  for (const char* heading :
       {"People in it", "Searches", "False positives (FPIR)", "If independent",
        "Misses (FNIR)", "Rank", "Selectivity"}) {
    table.HeadNumber(heading);
  }
  face.ForEach("identification", [&](const JsonPlace& entry) {
    if (entry.Text("at") != at) return;
    const JsonPlace selectivity = entry.At("selectivity");
    table.Row(EscapedName(entry.Text("name")));
    table.Word(Escaped(entry.Text("gallery")));
    table.Number(CountText(entry.Count("size")));
    table.Number(CountText(entry.At("fpir").Count("n")));
    table.Number(RateText(entry.At("fpir")));
    table.Number(FrequencyText(entry.Number("independent_fpir")));
    table.Number(RateText(entry.At("fnir")));
    table.Number(CountText(entry.Count("rank")));
    table.Number(FactorText(selectivity));
  });
  table.Finish();
}

void WriteShifts(const JsonPlace& face, PageWriter* page) {
  HtmlTable table(
      "How far the scores of a group (impostors: within it) lie from those of "
      "everyone (impostors: within any group) or of the reference. Distance: "
      "largest difference of the "
      "shares of scores below any one score (Kolmogorov-Smirnov); chance alone "
      "exceeds the next column in one of twenty such audits at 95 %. Shifts of "
      "quantiles in units of the score.",
      "Shifts of scores", &page->html);
  for (const char* heading : {"Group", "Against", "Comparisons"}) {
    table.HeadText(heading);
  }
  for (const char* heading :
       {"Distance", "By chance", "p (corrected)", "Shift at 5 %",
        "at 50 % (median)", "at 95 %", "at 99 %"}) {
    table.HeadNumber(heading);
  }
  face.ForEach("shifts", [&](const JsonPlace& entry) {
    table.Row(EscapedName(entry.Text("name")));
    table.Text(EscapedName(entry.Text("reference")));
    table.Word(Escaped(entry.Text("kind")));
    const auto ks = entry.Number("ks");
    table.Number(ks ? Plain(ks) : ReasonWords(entry.TextOr("reason", "")));
    table.Number(Plain(entry.Number("ks_by_chance")));
    table.Number(ProbabilityText(entry.Number("p_adjusted")));
    for (const double probability : {0.05, 0.5, 0.95, 0.99}) {
      table.Number(ShiftText(entry, probability));
    }
  });
  table.Finish();
}

}  // namespace plumbline::report
