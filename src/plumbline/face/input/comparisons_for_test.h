// Small tables of comparisons for tests.
#pragma once

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <string>

#include "plumbline/face/input/profiles/profile.h"
#include "plumbline/face/input/score_input.h"

namespace plumbline::face {

// The columns of a generic table for subjects 1 to `subjects`: each is compared
// with itself (0.9) in rows 2, 4, ... and with the next one (0.1) in rows 3, 5,
// .... Odd subjects are F, even ones M.
inline std::string RingTable(int subjects = 40) {
  std::string csv = "ref_subject,probe_subject,ref_sex,probe_sex,score\n";
  const auto sex = [](int subject) { return subject % 2 == 1 ? "F" : "M"; };
  for (int i = 1; i <= subjects; ++i) {
    const int next = i % subjects + 1;
    csv += fmt::format("s{},s{},{},{},0.9\n", i, i, sex(i), sex(i));
    csv += fmt::format("s{},s{},{},{},0.1\n", i, next, sex(i), sex(next));
  }
  return csv;
}

// Replaces one line (1: the header).
inline std::string WithLine(std::string text, int line,
                            const std::string& words) {
  size_t begin = 0;
  for (int i = 1; i < line; ++i) begin = text.find('\n', begin) + 1;
  return text.replace(begin, text.find('\n', begin) - begin, words);
}

// What ReadScores does with a file scores.csv and perhaps subjects.csv.
inline FaceInput FromCsv(const std::string& text,
                         const FaceInputColumns& columns,
                         const std::optional<std::string>& subjects = {},
                         bool justified = false) {
  const std::vector<std::string> header =
      ReadCsvText(text, "scores.csv", {}, columns.csv).header();
  const ScoreRoles roles =
      FindProfile(columns.profile).roles(columns, header, "scores.csv");
  Table table = ReadCsvText(text, "scores.csv",
                            RequestedColumns(roles, columns), columns.csv);
  std::optional<SubjectTable> subject_table;
  if (subjects) {
    const std::vector<std::string> attributes = SubjectAttributes(
        columns, ReadCsvText(*subjects, "subjects.csv", {}).header(),
        "subjects.csv");
    std::vector<ColumnRequest> requests = {
        {"subject", ColumnKind::kCategorical}};
    for (const std::string& name : attributes) {
      requests.push_back({name, FindBins(columns, name) != nullptr
                                    ? ColumnKind::kNumeric
                                    : ColumnKind::kCategorical});
    }
    subject_table =
        MakeSubjectTable(ReadCsvText(*subjects, "subjects.csv", requests),
                         columns, attributes, false);
  }
  return MakeFaceInput(std::move(table), roles, subject_table, columns,
                       justified);
}

}  // namespace plumbline::face
