// The page: head, sections in the order that readers expect, contents.
#include "plumbline/report/audit_report.h"

#include <fmt/format.h>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/page_style.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {
namespace {

// Mail servers and records systems take a megabyte; a little is kept in hand.
constexpr size_t kMostBytes = 980'000;

void WriteTarget(const AuditTarget& target, ReportPage* page) {
  WriteGroups(target, page);
  WriteIntersections(target, page);
  WriteSlices(target, page);
  WriteCalibration(target, page);
  WriteRocAndBenefit(target, page);
  WriteMissingGroups(target, page);
  WritePower(target, page);
}

// Each of several targets has a section that folds, the worst open.
void WriteTargets(ReportPage* page) {
  const AuditDocument& document = page->document;
  if (page->OneTarget()) return WriteTarget(document.targets[0], page);
  size_t written = 0;
  for (const int index : TargetsWorstFirst(document)) {
    if (written == page->limits.targets) break;
    const AuditTarget& target = document.targets[index];
    const OutcomeCounts counts = CountOutcomes(HeadlineGaps(document, target));
    page->BeginFoldedSection(EscapedName(target.name), written++ == 0);
    page->Paragraph(fmt::format(
        "{} positives in {} rows. Comparisons: {} shown, {} none above the "
        "margin, {} cannot tell.",
        CountText(target.positives), CountText(target.rows), counts.shown,
        counts.none_above_margin, counts.cannot_tell));
    WriteTarget(target, page);
    page->EndFoldedSection();
  }
  if (written < document.targets.size()) {
    page->Note(
        fmt::format("{} more targets, with fewer gaps, are in "
                    "groups.csv and gaps.csv.",
                    document.targets.size() - written));
  }
}

void AppendFact(const char* name, const std::string& value_html,
                std::string* out) {
  *out += "<div><dt>";
  *out += name;
  *out += "</dt><dd>" + value_html + "</dd></div>\n";
}

std::string Head(const AuditDocument& document, const std::string& title) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<meta name=\"generator\" content=\"Plumbline ";
  AppendEscaped(document.version, &out);
  out += "\">\n<title>" + Escaped(title) + "</title>\n<style>" + PageStyle() +
         "</style>\n</head>\n<body>\n"
         "<a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n"
         "<div class=\"page\">\n<header>\n"
         "<p class=\"kicker\">Plumbline audit by group</p>\n<h1>" +
         Escaped(title) + "</h1>\n<dl class=\"facts\">\n";
  AppendFact("Rows", CountText(document.input.rows), &out);
  if (!document.input.subject_column.empty()) {
    AppendFact("Subjects", CountText(document.input.subjects), &out);
  }
  if (document.targets.size() == 1) {
    AppendFact("Target", EscapedName(document.targets[0].name), &out);
  } else {
    AppendFact("Targets", std::to_string(document.targets.size()), &out);
  }
  std::string by;
  for (const std::string& name : document.options.by) {
    if (!by.empty()) by += ", ";
    by += EscapedName(name);
  }
  if (!by.empty()) AppendFact("Groups by", by, &out);
  AppendFact("Flagged", Escaped(ThresholdWords(document.threshold)), &out);
  if (!document.threshold.fitted_on.empty()) {
    AppendFact("Threshold",
               Escaped(FittedOnWords(document.threshold.fitted_on)), &out);
  }
  return out + "</dl>\n</header>\n";
}

std::string Contents(const ReportPage& page) {
  std::string out = "<nav aria-label=\"Contents\"><ol>\n";
  for (const ReportPage::Entry& entry : page.contents()) {
    out += "<li><a href=\"#" + entry.id + "\">" + entry.title + "</a></li>\n";
  }
  return out + "</ol></nav>\n";
}

std::string Write(const AuditDocument& document, const ReportLimits& limits) {
  ReportPage page(document, limits);
  page.html.reserve(1 << 19);
  WriteVerdict(&page);
  const size_t after_verdict = page.html.size();
  WritePopulation(&page);
  WriteDataFlow(&page);
  WriteOverall(&page);
  WriteTargets(&page);
  WriteLimitations(&page);
  WriteMethods(&page);
  WriteChecklist(&page);
  WriteSignOff(&page);
  page.html.insert(after_verdict, Contents(page));
  std::string out = Head(
      document, document.title.empty() ? "Audit by group" : document.title);
  out.reserve(out.size() + page.html.size() + 400);
  out += "<main id=\"main\">\n";
  out += page.html;
  out +=
      "</main>\n<p class=\"note printed\">Parts that are folded on the "
      "screen are not printed; open them before printing, or read "
      "groups.csv and gaps.csv.</p>\n</div>\n</body>\n</html>\n";
  return out;
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string AuditReportHtml(const Json& audit) {
  const report::AuditDocument document = report::ReadAuditDocument(audit);
  report::ReportLimits limits;
  std::string html = report::Write(document, limits);
  while (html.size() > report::kMostBytes && limits.Shrink()) {
    html = report::Write(document, limits);
  }
  return html;
}

}  // namespace plumbline
