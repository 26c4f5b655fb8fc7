// Parts that the pages of several commands have in common: findings, limits set
// beforehand, files read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/report/audit_document.h"
#include "plumbline/report/page_writer.h"

namespace plumbline::report {

// "<span …>▲</span> " and the class of an outcome.
std::string OutcomeMark(GapOutcome outcome);
const char* OutcomeClass(GapOutcome outcome);

// "Findings and what to do": the first `most_in_sight`, then `most_folded`
// behind a summary; the rest is counted, with the name of the `file` that has
// it. What several in a row say to do stands at the last of them. Nothing if
// there are no findings.
void WriteFindingsList(const std::vector<AuditFinding>& findings,
                       size_t most_in_sight, size_t most_folded,
                       std::string_view file, PageWriter* page);

// "Limits that were set beforehand": a table of gates, failed ones first.
struct GateLine {
  std::string name_html;
  std::string outcome;  // met, failed, cannot_tell
  // Plain text; where it begins with `gate` and a colon, these are left out,
  // since the first column says them.
  std::string sentence;
  std::string gate;
};
void WriteGateTable(std::string_view caption, std::vector<GateLine> lines,
                    std::string_view file, PageWriter* page);

// What the policy fixed beforehand, with its hash. Nothing without a policy.
void WritePolicyNote(const AuditPolicy& policy, PageWriter* page);

// Name, rows and hash of the files; at most 40, the rest is counted.
void WriteFilesTable(const std::vector<AuditInput::File>& files,
                     std::string_view json_file, PageWriter* page);

// A row of a table of settings.
void WriteSetting(std::string_view name, std::string_view value_html,
                  HtmlTable* table);

}  // namespace plumbline::report
