#include "plumbline/face/input/image_subjects.h"

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/face/input/guard.h"
#include "plumbline/face/input/subject_numbers.h"
#include "plumbline/table/table_reader.h"

namespace plumbline::face {
namespace {

std::string SubjectColumn(const FaceInputColumns& columns) {
  return columns.reference_subject.empty() ? "subject"
                                           : columns.reference_subject;
}

// An image stands on both sides of a comparison: each column has both parts.
ScoreRoles RolesOf(const FaceInputColumns& columns) {
  ScoreRoles roles;
  roles.reference = roles.probe = SubjectColumn(columns);
  for (const std::string& name : columns.by) {
    roles.attributes.push_back({name, name, name});
  }
  return roles;
}

}  // namespace

ImageSubjects MakeImageSubjects(const Table& table,
                                const FaceInputColumns& columns) {
  const ScoreRoles roles = RolesOf(columns);
  const std::string file = table.Where(0, "").file;
  CheckIdColumn(table.Categorical(roles.reference), {file, 0, roles.reference});
  NumberedRows rows = NumberById(table, roles, std::nullopt);
  ImageSubjects images;
  FaceInput& input = images.input;
  input.profile = "embeddings";
  input.subjects = rows.subjects;
  input.groups = GroupSubjects(table, roles, std::nullopt, columns, rows);
  CheckShape(rows.subjects, rows.subjects, !columns.justification.empty(),
             file);
  input.failed.impostor_of_group.assign(input.groups.groups.size(), 0);
  input.failed.genuine_of_group.assign(input.groups.groups.size(), 0);
  input.sources = table.sources();
  images.subject_of_row = std::move(rows.reference);
  return images;
}

ImageSubjects ReadImageSubjects(const std::vector<std::string>& inputs,
                                const FaceInputColumns& columns) {
  CsvOptions options = columns.csv;
  options.hash_sources = true;
  TableReader reader(inputs, options);
  std::vector<ColumnRequest> requests = {{SubjectColumn(columns)}};
  for (const std::string& name : columns.by) {
    CheckColumnName(name, {reader.name(), 0, name});
    requests.push_back({name, FindBins(columns, name) != nullptr
                                  ? ColumnKind::kNumeric
                                  : ColumnKind::kCategorical});
  }
  const Table table = reader.Read(requests);
  if (!columns.justification.empty()) {
    CheckJustification(ReadFile(columns.justification), columns.justification);
  }
  return MakeImageSubjects(table, columns);
}

}  // namespace plumbline::face
