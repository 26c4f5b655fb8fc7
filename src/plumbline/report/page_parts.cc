#include "plumbline/report/page_parts.h"

#include <fmt/format.h>

#include <algorithm>

#include "plumbline/report/audit_summary.h"
#include "plumbline/report/audit_words.h"

namespace plumbline::report {
namespace {

constexpr size_t kGates = 40;
constexpr size_t kFiles = 40;

void WriteItems(const std::vector<AuditFinding>& findings, PageWriter* page) {
  page->html += "<ul class=\"findings\">\n";
  for (const AuditFinding& finding : findings) {
    page->html += "<li><span class=\"sev\">" +
                  Escaped(SeverityWords(finding.severity)) + "<br><code>" +
                  Escaped(finding.code) + "</code></span><span>" +
                  Escaped(finding.sentence);
    if (!finding.action.empty()) {
      page->html +=
          " <span class=\"act\">" + Escaped(finding.action) + "</span>";
    }
    page->html += "</span></li>\n";
  }
  page->html += "</ul>\n";
}

int RankOf(const std::string& gate_outcome) {
  return gate_outcome == "failed" ? 0 : gate_outcome == "cannot_tell" ? 1 : 2;
}

GapOutcome OutcomeOfGate(const std::string& gate_outcome) {
  if (gate_outcome == "met") return GapOutcome::kNoneAboveMargin;
  return gate_outcome == "failed" ? GapOutcome::kShown
                                  : GapOutcome::kCannotTell;
}

}  // namespace

std::string OutcomeMark(GapOutcome outcome) {
  switch (outcome) {
    case GapOutcome::kShown:
      return "<span aria-hidden=\"true\">▲</span> ";
    case GapOutcome::kNoneAboveMargin:
      return "<span aria-hidden=\"true\">●</span> ";
    case GapOutcome::kCannotTell:
      return "<span aria-hidden=\"true\">◇</span> ";
    case GapOutcome::kNotTested:
      break;
  }
  return "";
}

const char* OutcomeClass(GapOutcome outcome) {
  switch (outcome) {
    case GapOutcome::kShown:
      return "shown";
    case GapOutcome::kNoneAboveMargin:
      return "none";
    case GapOutcome::kCannotTell:
      return "unknown";
    case GapOutcome::kNotTested:
      break;
  }
  return "untested";
}

void WriteFindingsList(const std::vector<AuditFinding>& findings,
                       size_t most_in_sight, size_t most_folded,
                       std::string_view file, PageWriter* page) {
  const std::vector<AuditFinding> in_sight =
      FindingsToShow(findings, most_in_sight);
  if (in_sight.empty()) return;
  page->html += "<h3>Findings and what to do</h3>\n";
  WriteItems(in_sight, page);
  if (findings.size() > in_sight.size()) {
    OpenDetails(
        fmt::format("{} more findings", findings.size() - in_sight.size()),
        &page->html);
    std::vector<AuditFinding> folded =
        FindingsToShow(findings, most_in_sight + most_folded);
    const size_t written = folded.size();
    folded.erase(folded.begin(),
                 folded.begin() + static_cast<std::ptrdiff_t>(in_sight.size()));
    WriteItems(folded, page);
    if (findings.size() > written) {
      page->Note(fmt::format("{} more are in {}.", findings.size() - written,
                             Escaped(file)));
    }
    page->html += "</details>\n";
  }
  page->Note("<code>plumbline explain " + Escaped(in_sight[0].code) +
             "</code> says what a code means.");
}

void WriteGateTable(std::string_view caption, std::vector<GateLine> lines,
                    std::string_view file, PageWriter* page) {
  if (lines.empty()) return;
  std::stable_sort(lines.begin(), lines.end(),
                   [](const GateLine& a, const GateLine& b) {
                     return RankOf(a.outcome) < RankOf(b.outcome);
                   });
  page->html += "<h3>Limits that were set beforehand</h3>\n";
  HtmlTable table(caption, "Limits", &page->html);
  table.HeadText("Limit");
  table.HeadText("Outcome");
  table.HeadText("Why");
  for (size_t i = 0; i < std::min(lines.size(), kGates); ++i) {
    const GateLine& line = lines[i];
    const GapOutcome outcome = OutcomeOfGate(line.outcome);
    table.Row(line.name_html);
    table.Outcome(
        OutcomeMark(outcome) + Escaped(GateOutcomeWords(line.outcome)),
        OutcomeClass(outcome));
    std::string_view why = line.sentence;
    if (!line.gate.empty() && why.starts_with(line.gate + ": ")) {
      why.remove_prefix(line.gate.size() + 2);
    }
    table.Text(Escaped(why));
  }
  table.Finish();
  if (lines.size() > kGates) {
    page->Note(fmt::format("{} more limits are in {}.", lines.size() - kGates,
                           Escaped(file)));
  }
}

void WritePolicyNote(const AuditPolicy& policy, PageWriter* page) {
  if (policy.file.empty()) return;
  page->Note("Fixed beforehand by the policy " + Escaped(PolicyWords(policy)) +
             "; SHA-256 <code>" + Escaped(policy.sha256) + "</code>.");
}

void WriteFilesTable(const std::vector<AuditInput::File>& files,
                     std::string_view json_file, PageWriter* page) {
  if (files.empty()) return;
  HtmlTable table("Files read. sha256sum gives the same for the same bytes.",
                  "Files read", &page->html);
  table.HeadText("File");
  table.HeadNumber("Rows");
  table.HeadText("SHA-256");
  for (size_t i = 0; i < std::min(files.size(), kFiles); ++i) {
    table.Row(EscapedName(files[i].file));
    table.Number(CountText(files[i].rows));
    table.Text(files[i].sha256.empty()
                   ? "-"
                   : "<code>" + Escaped(files[i].sha256) + "</code>");
  }
  table.Finish();
  if (files.size() > kFiles) {
    page->Note(fmt::format("{} more files are in {}.", files.size() - kFiles,
                           Escaped(json_file)));
  }
}

void WriteSetting(std::string_view name, std::string_view value_html,
                  HtmlTable* table) {
  table->Row(name);
  table->Text(value_html);
}

}  // namespace plumbline::report
