// The page: head, sections in the order that readers expect, contents.
#include "plumbline/report/audit_report.h"

#include <fmt/format.h>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"
#include "plumbline/report/case_mix_text.h"
#include "plumbline/report/multiclass_document.h"
#include "plumbline/report/report_page.h"
#include "plumbline/report/weights_document.h"

namespace plumbline::report {
namespace {

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

PageHead Head(const AuditDocument& document) {
  PageHead head;
  head.kicker = "Plumbline audit by group";
  head.title = document.title.empty() ? "Audit by group" : document.title;
  head.version = document.version;
  const auto fact = [&head](const char* name, std::string value_html) {
    head.facts.emplace_back(name, std::move(value_html));
  };
  fact("Rows", CountText(document.input.rows));
  if (!document.input.subject_column.empty()) {
    fact("Subjects", CountText(document.input.subjects));
  }
  if (IsWeighted(document)) {
    fact("Figures",
         document.input.weight_column.empty()
             ? "weighted"
             : "weighted by " + EscapedName(document.input.weight_column));
  }
  if (document.targets.size() == 1) {
    fact("Target", EscapedName(document.targets[0].name));
  } else {
    fact("Targets", std::to_string(document.targets.size()));
  }
  std::string by;
  for (const std::string& name : document.options.by) {
    if (!by.empty()) by += ", ";
    by += EscapedName(name);
  }
  if (!by.empty()) fact("Groups by", by);
  fact("Flagged", Escaped(ThresholdWords(document.threshold)));
  if (!document.threshold.fitted_on.empty()) {
    fact("Threshold", Escaped(FittedOnWords(document.threshold.fitted_on)));
  }
  if (!document.policy.file.empty()) {
    const AuditPolicy& policy = document.policy;
    fact("Policy",
         EscapedName(policy.name.empty() ? policy.file : policy.name) +
             (policy.version.empty()
                  ? std::string()
                  : ", version " + EscapedName(policy.version)));
  }
  if (!document.shared.empty()) {
    fact("Version", "shared: small cells are hidden");
  }
  return head;
}

std::string Write(const AuditDocument& document,
                  const std::vector<MulticlassPart>& multiclass,
                  const ReportLimits& limits) {
  ReportPage page(document, limits);
  page.html.reserve(1 << 19);
  WriteVerdict(&page);
  const size_t after_verdict = page.html.size();
  WritePopulation(&page);
  WriteWeights(&page);
  WriteDataFlow(&page);
  WriteOverall(&page);
  WriteMulticlass(multiclass, &page);
  WriteModels(&page);
  WriteTargets(&page);
  WriteCaseMix(&page);
  WriteLimitations(&page);
  WriteMethods(&page);
  WriteChecklist(&page);
  WriteSignOff(&page);
  page.html.insert(after_verdict, page.Contents());
  return FinishPage(Head(document), page.html,
                    "Parts that are folded on the screen are not printed; open "
                    "them before printing, or read groups.csv and gaps.csv.");
}

}  // namespace
}  // namespace plumbline::report

namespace plumbline {

std::string AuditReportHtml(const Json& audit) {
  const report::AuditDocument document = report::ReadAuditDocument(audit);
  const auto multiclass = report::ReadMulticlass(audit);
  report::ReportLimits limits;
  std::string html = report::Write(document, multiclass, limits);
  while (html.size() > report::kMostPageBytes && limits.Shrink()) {
    html = report::Write(document, multiclass, limits);
  }
  return html;
}

}  // namespace plumbline
