#include "plumbline/report/face_library_report.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "plumbline/base/text.h"
#include "plumbline/report/html.h"
#include "plumbline/report/number_text.h"
#include "plumbline/report/page_parts.h"

namespace plumbline::report {
namespace {

constexpr const char* kTitle = "The library";
constexpr const char* kCaption =
    "Pictures that gave no template, for enrolment (FTE) and for verification "
    "(FTA), and people none of whose pictures could be enrolled.";

constexpr const char* kAttempts =
    "What people meet who try once: false accept and false reject rates with "
    "failures to acquire, and generalised ones, with failures to enrol "
    "(ISO/IEC 19795-1).";

std::string Versions(const JsonPlace& library) {
  return fmt::format("NIST's one-to-one interface {} (API {}, structs {})",
                     library.Text("interface"),
                     library.TextOr("api_version", "not stated"),
                     library.TextOr("structs_version", "not stated"));
}

std::string Confinement(const JsonPlace& library) {
  std::vector<std::string> layers;
  for (const Json& layer : library.At("confinement").value()) {
    layers.push_back(layer.get<std::string>());
  }
  return "in processes of its own, confined with " + JoinWords(layers, "and");
}

std::string TemplatesText(const JsonPlace& counts) {
  return fmt::format(
      "{} of {} made, {} crashed, {} did not answer",
      CountText(counts.Count("made")), CountText(counts.Count("attempts")),
      CountText(counts.Count("crashed")), CountText(counts.Count("timed_out")));
}

// Names and sentences, for both forms.
std::vector<std::pair<std::string, std::string>> Facts(
    const JsonPlace& library) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"Interface", Versions(library)}, {"Ran", Confinement(library)}};
  if (!library.Has("matches")) return facts;  // shared
  facts.emplace_back("Enrolment templates",
                     TemplatesText(library.At("enrolment")));
  facts.emplace_back("Verification templates",
                     TemplatesText(library.At("verification")));
  facts.emplace_back(
      "Comparisons",
      fmt::format("{} answered; {} with an error, {} with a score that is "
                  "none, {} crashed, {} did not answer",
                  CountText(library.Count("matches")),
                  CountText(library.Count("match_failures")),
                  CountText(library.Count("invalid_scores")),
                  CountText(library.Count("match_crashes")),
                  CountText(library.Count("match_time_outs"))));
  facts.emplace_back(
      "Made twice",
      fmt::format("{} comparisons, {} with another score",
                  CountText(library.Count("repeated")),
                  CountText(library.Count("repeated_otherwise"))));
  facts.emplace_back(
      "Different scores",
      fmt::format("{} of {}", CountText(library.Count("different_scores")),
                  CountText(library.Count("valid_scores"))));
  return facts;
}

}  // namespace

void WriteFaceLibrary(const JsonPlace& face, PageWriter* page) {
  if (!face.Has("library")) return;
  page->BeginSection(kTitle);
  HtmlTable rates(kCaption, "Failures to enrol and to acquire", &page->html);
  rates.HeadText("Group");
  for (const char* heading :
       {"People", "Failure to enrol", "Failure to acquire", "Never enrolled"}) {
    rates.HeadNumber(heading);
  }
  face.ForEach("enrolment", [&](const JsonPlace& entry) {
    rates.Row(EscapedName(entry.Text("name")));
    rates.Number(CountText(entry.Count("subjects")));
    for (const char* key : {"fte", "fta", "people"}) {
      rates.Number(RateText(entry.At(key)));
    }
  });
  rates.Finish();
  HtmlTable attempts(kAttempts, "One attempt", &page->html);
  attempts.HeadText("Group");
  attempts.HeadText("Threshold");
  for (const char* heading : {"FAR", "FRR", "Generalised FAR", "GFRR"}) {
    attempts.HeadNumber(heading);
  }
  face.ForEach("transactions", [&](const JsonPlace& entry) {
    attempts.Row(EscapedName(entry.Text("name")));
    attempts.Word(Escaped(entry.Text("at")));
    for (const char* key : {"far", "frr", "gfar", "gfrr"}) {
      attempts.Number(RateText(entry.At(key)));
    }
  });
  attempts.Finish();
  HtmlTable facts("How it behaved.", "Library", &page->html);
  facts.HeadText("What");
  facts.HeadText("How");
  for (const auto& [name, value] : Facts(face.At("library"))) {
    WriteSetting(name, Escaped(value), &facts);
  }
  facts.Finish();
  page->EndSection();
}

void WriteFaceLibrary(const JsonPlace& face, PlainWriter* writer) {
  if (!face.Has("library")) return;
  writer->Heading(kTitle);
  TextTable rates;
  rates.AddColumn("Group", TextTable::Align::kLeft);
  rates.AddColumn("People", TextTable::Align::kRight, 1);
  rates.AddColumn("Failure to enrol", TextTable::Align::kRight);
  rates.AddColumn("Failure to acquire", TextTable::Align::kRight);
  rates.AddColumn("Never enrolled", TextTable::Align::kRight, 2);
  face.ForEach("enrolment", [&](const JsonPlace& entry) {
    rates.AddRow({entry.Text("name"), CountText(entry.Count("subjects")),
                  RateText(entry.At("fte")), RateText(entry.At("fta")),
                  RateText(entry.At("people"))});
  });
  writer->Table(rates);
  TextTable attempts;
  attempts.AddColumn("Group", TextTable::Align::kLeft);
  attempts.AddColumn("Threshold", TextTable::Align::kLeft, 1);
  attempts.AddColumn("False accepts, one attempt", TextTable::Align::kRight);
  attempts.AddColumn("False rejects", TextTable::Align::kRight);
  attempts.AddColumn("with enrolment", TextTable::Align::kRight, 2);
  face.ForEach("transactions", [&](const JsonPlace& entry) {
    attempts.AddRow({entry.Text("name"), entry.Text("at"),
                     RateText(entry.At("far")), RateText(entry.At("frr")),
                     RateText(entry.At("gfrr"))});
  });
  writer->Table(attempts);
  for (const auto& [name, value] : Facts(face.At("library"))) {
    writer->Item("", name + ": " + value + ".");
  }
  face.ForEach("findings", [&](const JsonPlace& finding) {
    if (!finding.Text("code").starts_with("PF5")) return;
    if (finding.Text("sentence").empty()) return;
    writer->Item(finding.Text("code"), finding.Text("sentence"));
  });
}

}  // namespace plumbline::report
