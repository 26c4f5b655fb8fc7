// Small cohorts for the tests of this folder.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plumbline/base/text.h"
#include "plumbline/survey/survey.h"

namespace plumbline::survey {

// A table with a subject column "id" in front. Each entry: so many people with
// one row each, and the rest of their rows.
using People = std::vector<std::pair<int, std::string>>;
inline std::string Csv(const std::string& columns, const People& people) {
  std::string csv = "id," + columns + '\n';
  int id = 0;
  for (const auto& [count, cells] : people) {
    for (int i = 0; i < count; ++i) {
      csv += fmt::format("{},{}\n", ++id, cells);
    }
  }
  return csv;
}

inline CohortRoles Roles(const std::vector<std::string>& attributes,
                         const std::vector<std::string>& labels = {},
                         const std::vector<std::string>& covariates = {}) {
  CohortRoles roles;
  roles.subject = "id";
  roles.attributes = attributes;
  roles.labels = labels;
  roles.covariates = covariates;
  return roles;
}

inline Cohort ReadCohort(const std::string& csv, const CohortRoles& roles,
                         const std::string& mapping = "") {
  const auto maps = ParseMappingFile(mapping, "mapping.toml");
  const std::vector<std::string> header =
      Split(csv.substr(0, csv.find('\n')), ',');
  return MakeCohort(
      ReadCsvText(csv, "t.csv", CohortColumns(roles, maps, header, "t.csv")),
      roles, maps);
}

inline SurveyOptions Fast() {
  SurveyOptions options;
  options.permutations = 199;
  options.threads = 1;
  return options;
}

inline SurveyResult SurveyOf(const std::string& csv, const CohortRoles& roles,
                             const SurveyOptions& options = Fast(),
                             const std::string& mapping = "") {
  const Cohort cohort = ReadCohort(csv, roles, mapping);
  return Survey(MakeSurveyInput(cohort, nullptr, {.threads = options.threads}),
                options);
}

inline std::vector<Finding> FindingsOf(const SurveyResult& result,
                                       std::string_view code) {
  std::vector<Finding> found;
  for (const Finding& finding : result.findings) {
    if (finding.code == code) found.push_back(finding);
  }
  return found;
}

// The sentences of the findings with this code.
inline std::vector<std::string> TextsOf(const SurveyResult& result,
                                        std::string_view code) {
  std::vector<std::string> texts;
  for (const Finding& finding : FindingsOf(result, code)) {
    texts.push_back(finding.text);
  }
  return texts;
}

// The one row with this group; a row of nothing if there is none.
template <typename Row>
Row OfGroup(const std::vector<Row>& rows, std::string_view group) {
  for (const Row& row : rows) {
    if (row.group == group) return row;
  }
  return {};
}

}  // namespace plumbline::survey
