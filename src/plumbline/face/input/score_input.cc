#include "plumbline/face/input/score_input.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/face/input/guard.h"
#include "plumbline/face/input/subject_numbers.h"

namespace plumbline::face {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr std::array<std::string_view, 5> kGenuineWords = {
    "1", "genuine", "mated", "true", "+1"};
constexpr std::array<std::string_view, 6> kImpostorWords = {
    "0", "-1", "impostor", "non-mated", "nonmated", "false"};
constexpr std::array<std::string_view, 3> kSuccessWords = {"0", "ok",
                                                           "success"};

template <size_t kCount>
bool IsOneOf(const std::string& word,
             const std::array<std::string_view, kCount>& words) {
  std::string lower = word;
  for (char& c : lower) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return std::find(words.begin(), words.end(), lower) != words.end();
}

std::string FileOf(const Table& table) { return table.Where(0, "").file; }

// Choices that the table cannot fulfil.
void CheckChoices(const Table& table, const ScoreRoles& roles,
                  const std::optional<SubjectTable>& subjects,
                  const FaceInputColumns& columns) {
  const std::string file = FileOf(table);
  if (roles.has_subjects() && columns.assert_independent) {
    throw Error(ErrorCode::kUsage,
                "{} has subject ids, so it is known which comparisons share "
                "people; leave out --assert-independent",
                file);
  }
  if (!roles.has_subjects() && !columns.assert_independent) {
    throw Error(ErrorCode::kInvalidInput, Location{file, 0, ""},
                "has no subject ids, so nobody can tell which comparisons "
                "share people, and intervals would be too narrow; add ids, or "
                "say with --assert-independent that everybody is in one "
                "comparison only");
  }
  if (!roles.has_subjects() && roles.label.empty()) {
    throw Error(ErrorCode::kInvalidInput, Location{file, 0, ""},
                "has neither subject ids nor labels; name a column that says "
                "which comparisons are genuine with --label");
  }
  if (roles.templates && !subjects) {
    throw Error(ErrorCode::kUsage,
                "{} compares templates; give a subject table with the columns "
                "template and subject (--subject-table FILE)",
                file);
  }
  if (!roles.has_subjects() && subjects) {
    throw Error(ErrorCode::kUsage,
                "{} has no subject ids, so the subject table cannot be used",
                file);
  }
  if (roles.attributes.empty() && !subjects && !columns.by.empty()) {
    throw Error(ErrorCode::kUsage,
                "{} has no attributes of subjects; give a subject table "
                "(--subject-table FILE) for --by {}",
                file, columns.by[0]);
  }
}

// Which rows the labels call genuine.
std::vector<uint8_t> ReadLabels(const Table& table, const ScoreRoles& roles) {
  const CategoricalColumn& column = table.Categorical(roles.label);
  const auto refuse = [&](int64_t row, const std::string& found) {
    throw Error(ErrorCode::kInvalidInput,
                RowPlace(table, roles, row, column.name),
                "{}; a label is 1 (or genuine, mated) or 0 (or -1, impostor, "
                "non-mated)",
                found);
  };
  if (column.missing > 0) refuse(FirstMissing(column), "is missing");
  std::vector<uint8_t> genuine_level;
  for (size_t level = 0; level < column.levels.size(); ++level) {
    const std::string& word = column.levels[level];
    const bool genuine = IsOneOf(word, kGenuineWords);
    if (!genuine && !IsOneOf(word, kImpostorWords)) {
      refuse(column.first_row[level], "found \"" + word + "\"");
    }
    genuine_level.push_back(genuine);
  }
  std::vector<uint8_t> labels(table.rows());
  for (int64_t row = 0; row < table.rows(); ++row) {
    labels[row] = genuine_level[column.codes[row]];
  }
  return labels;
}

void CheckLabelsAgree(const Table& table, const ScoreRoles& roles,
                      const NumberedRows& rows,
                      const std::vector<uint8_t>& labels) {
  for (int64_t row = 0; row < table.rows(); ++row) {
    const bool same = rows.reference[row] == rows.probe[row];
    if (same == (labels[row] != 0)) continue;
    throw Error(ErrorCode::kInvalidInput,
                RowPlace(table, roles, row, roles.label), "says that {}",
                same ? "this comparison is an impostor's, but both sides are "
                       "the same subject"
                     : "this comparison is genuine, but its sides are "
                       "different subjects");
  }
}

// The rows that failed: no score, or a status other than success.
std::vector<uint8_t> FindFailures(const Table& table, const ScoreRoles& roles) {
  const std::vector<double>& scores = table.Numeric(roles.score).values;
  std::vector<uint8_t> failed(scores.size());
  for (size_t row = 0; row < scores.size(); ++row) {
    failed[row] = std::isnan(scores[row]);
  }
  if (roles.status.empty()) return failed;
  const CategoricalColumn& status = table.Categorical(roles.status);
  if (status.missing > 0) {
    throw Error(ErrorCode::kInvalidInput,
                RowPlace(table, roles, FirstMissing(status), status.name),
                "is missing; a status is ok, success or 0, and anything else "
                "is a failed comparison");
  }
  std::vector<uint8_t> failed_level;
  for (const std::string& word : status.levels) {
    failed_level.push_back(!IsOneOf(word, kSuccessWords));
  }
  for (size_t row = 0; row < failed.size(); ++row) {
    failed[row] |= failed_level[status.codes[row]];
  }
  return failed;
}

void CountFailure(const GroupIndex& groups, uint32_t reference, uint32_t probe,
                  std::vector<int64_t>* of_group) {
  const uint32_t reference_cell = groups.cell_of_row[reference];
  const uint32_t probe_cell = groups.cell_of_row[probe];
  for (size_t k = 0; k < groups.groupings.size(); ++k) {
    const uint32_t group = groups.GroupOf(reference_cell, static_cast<int>(k));
    if (groups.GroupOf(probe_cell, static_cast<int>(k)) == group) {
      ++(*of_group)[group];
    }
  }
}

void FillScores(const Table& table, const ScoreRoles& roles,
                const FaceInputColumns& columns, const NumberedRows& rows,
                FaceInput* input) {
  const std::vector<double>& scores = table.Numeric(roles.score).values;
  const std::vector<uint8_t> failures = FindFailures(table, roles);
  input->failed.impostor_of_group.assign(input->groups.groups.size(), 0);
  input->failed.genuine_of_group.assign(input->groups.groups.size(), 0);
  for (size_t row = 0; row < scores.size(); ++row) {
    const uint32_t reference = rows.reference[row];
    const uint32_t probe = rows.probe[row];
    double score = columns.distance ? -scores[row] : scores[row];
    if (failures[row]) score = std::numeric_limits<double>::quiet_NaN();
    AddComparison(reference, probe, score, columns.failures, input);
  }
}

void CheckBothKinds(const FaceInput& input, const FaceInputColumns& columns,
                    const std::string& file) {
  const auto check = [&](int64_t count, int64_t failed, const char* kind,
                         const char* rate) {
    if (count > 0) return;
    throw Error(ErrorCode::kInvalidInput, Location{file, 0, ""},
                "has no {} comparisons{}, so there is no {} to audit", kind,
                failed > 0 ? " that did not fail" : "", rate);
  };
  check(input.impostor.size(), input.failed.impostor,
        "impostor (different subjects)", "false-match rate");
  if (!columns.needs_genuine) return;
  check(input.genuine.size(), input.failed.genuine, "genuine (same subject)",
        "false-non-match rate");
}

void CheckDesign(const NumberedRows& rows, bool justified,
                 const std::string& file) {
  const auto count = [&](const std::vector<uint32_t>& side) {
    std::vector<uint8_t> seen(rows.subjects, 0);
    for (const uint32_t subject : side) seen[subject] = 1;
    return static_cast<int64_t>(std::count(seen.begin(), seen.end(), 1));
  };
  CheckShape(count(rows.reference), count(rows.probe), justified, file);
}

// Mean of the scores of comparisons that did not fail; NaN without any.
double MeanOf(const std::vector<double>& scores) {
  double sum = 0;
  int64_t count = 0;
  for (const double score : scores) {
    if (std::isinf(score)) continue;
    sum += score;
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count)
                   : std::numeric_limits<double>::quiet_NaN();
}

void WarnOfDirection(const FaceInputColumns& columns, FaceInput* input) {
  const double genuine = MeanOf(input->genuine.score);
  const double impostor = MeanOf(input->impostor.score);
  if (!(genuine < impostor)) return;
  const double sign = columns.distance ? -1 : 1;
  input->warnings.push_back(fmt::format(
      "Genuine comparisons are less alike than impostor comparisons on average "
      "(mean {} {:.4g} against {:.4g}): {}",
      columns.distance ? "distance" : "score", sign * genuine, sign * impostor,
      columns.distance ? "are these similarities? Then leave out --distance."
                       : "are these distances? Then give --distance."));
}

void TellWhatIsLeftOut(const std::optional<SubjectTable>& subjects,
                       const FaceInputColumns& columns, FaceInput* input) {
  const FailedComparisons& failed = input->failed;
  if (columns.failures == FailurePolicy::kExclude &&
      failed.impostor + failed.genuine > 0) {
    input->left_out.push_back(fmt::format(
        "{} impostor and {} genuine comparisons failed and are left out of "
        "all rates.",
        WithThousands(failed.impostor), WithThousands(failed.genuine)));
  }
  if (!subjects) return;
  const int64_t unused =
      static_cast<int64_t>(subjects->subject.levels.size()) - input->subjects;
  if (unused == 0) return;
  input->left_out.push_back(
      unused == 1 ? "1 subject of the subject table is in no comparison."
                  : fmt::format("{} subjects of the subject table are in no "
                                "comparison.",
                                WithThousands(unused)));
}

// A rule for bins that no attribute uses is a slip of the pen.
void CheckBins(const FaceInputColumns& columns, const GroupIndex& groups) {
  std::vector<std::string> names;
  for (const CategoricalColumn& attribute : groups.attributes) {
    names.push_back(attribute.name);
  }
  for (const BinRule& rule : columns.bins) {
    if (std::find(names.begin(), names.end(), rule.column) != names.end()) {
      continue;
    }
    throw Error(ErrorCode::kUsage, "--bins {} is for no attribute in use{}",
                rule.column, DidYouMean(rule.column, names));
  }
}

NumberedRows NumberRows(const Table& table, const ScoreRoles& roles,
                        const std::optional<SubjectTable>& subjects) {
  if (!roles.has_subjects()) return NumberApart(ReadLabels(table, roles));
  for (const std::string& name : {roles.reference, roles.probe}) {
    CheckIdColumn(table.Categorical(name), {FileOf(table), 0, name});
  }
  NumberedRows rows = NumberById(table, roles, subjects);
  if (!roles.label.empty()) {
    CheckLabelsAgree(table, roles, rows, ReadLabels(table, roles));
  }
  return rows;
}

}  // namespace

SubjectGroups GroupsOf(const FaceInput& input, int grouping) {
  const GroupIndex& index = input.groups;
  const Grouping& of = index.groupings[grouping];
  SubjectGroups groups;
  groups.groups = of.group_count;
  groups.of_subject.reserve(index.cell_of_row.size());
  for (const uint32_t cell : index.cell_of_row) {
    groups.of_subject.push_back(index.GroupOf(cell, grouping) -
                                static_cast<uint32_t>(of.first_group));
  }
  return groups;
}

void AddComparison(uint32_t reference, uint32_t probe, double score,
                   FailurePolicy failures, FaceInput* input) {
  const bool genuine = reference == probe;
  if (std::isnan(score)) {
    FailedComparisons& failed = input->failed;
    ++(genuine ? failed.genuine : failed.impostor);
    CountFailure(
        input->groups, reference, probe,
        genuine ? &failed.genuine_of_group : &failed.impostor_of_group);
    if (failures == FailurePolicy::kExclude) return;
    score = failures == FailurePolicy::kPositive ? -kInfinity : kInfinity;
  }
  if (genuine) {
    input->genuine.score.push_back(score);
    input->genuine.subject.push_back(reference);
  } else {
    input->impostor.score.push_back(score);
    input->impostor.reference.push_back(reference);
    input->impostor.probe.push_back(probe);
  }
}

int64_t SubjectsInBoth(const FaceInput& a, const FaceInput& b) {
  std::vector<uint64_t> both;
  std::set_intersection(a.id_marks.begin(), a.id_marks.end(),
                        b.id_marks.begin(), b.id_marks.end(),
                        std::back_inserter(both));
  return static_cast<int64_t>(both.size());
}

FaceInput MakeFaceInput(Table table, const ScoreRoles& roles,
                        const std::optional<SubjectTable>& subjects,
                        const FaceInputColumns& columns, bool justified) {
  CheckChoices(table, roles, subjects, columns);
  const std::string file = FileOf(table);
  FaceInput input;
  input.profile = columns.profile;
  input.independent = !roles.has_subjects();
  const NumberedRows rows = NumberRows(table, roles, subjects);
  input.subjects = rows.subjects;
  if (columns.mark_ids && roles.has_subjects()) {
    input.id_marks = MarksOfIds(table, roles, subjects, rows);
  }
  input.groups = GroupSubjects(table, roles, subjects, columns, rows);
  CheckBins(columns, input.groups);
  FillScores(table, roles, columns, rows, &input);
  CheckBothKinds(input, columns, file);
  CheckDesign(rows, justified, file);
  WarnOfDirection(columns, &input);
  TellWhatIsLeftOut(subjects, columns, &input);
  input.sources = table.sources();
  if (subjects) {
    const std::vector<TableSource>& more = subjects->table.sources();
    input.sources.insert(input.sources.end(), more.begin(), more.end());
  }
  return input;
}

}  // namespace plumbline::face
