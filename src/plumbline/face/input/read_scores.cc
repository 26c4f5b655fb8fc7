#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/face/input/guard.h"
#include "plumbline/face/input/profiles/profile.h"
#include "plumbline/face/input/score_input.h"
#include "plumbline/table/table_inputs.h"
#include "plumbline/table/table_reader.h"

namespace plumbline::face {
namespace {

// "genuine=FILE" and "impostor=FILE", each at least once.
std::vector<ScoreTextFile> FilesByKind(const std::vector<std::string>& inputs,
                                       const Profile& profile) {
  std::vector<ScoreTextFile> files;
  int genuine = 0;
  for (const std::string& input : inputs) {
    const size_t equals = input.find('=');
    const std::string kind = input.substr(0, equals);
    if (equals == std::string::npos ||
        (kind != "genuine" && kind != "impostor")) {
      throw Error(ErrorCode::kUsage,
                  "\"{}\" does not say which comparisons it holds; the profile "
                  "{} takes genuine=FILE and impostor=FILE",
                  input, profile.name);
    }
    genuine += kind == "genuine";
    files.push_back({input.substr(equals + 1), kind == "genuine"
                                                   ? FileKind::kGenuine
                                                   : FileKind::kImpostor});
  }
  if (genuine == 0 || genuine == static_cast<int>(files.size())) {
    throw Error(ErrorCode::kUsage,
                "the profile {} needs both genuine=FILE and impostor=FILE",
                profile.name);
  }
  return files;
}

Table ReadText(const std::vector<std::string>& inputs, const Profile& profile,
               const FaceInputColumns& columns, ScoreRoles* roles) {
  std::vector<ScoreTextFile> files;
  if (profile.kind_by_file) {
    files = FilesByKind(inputs, profile);
  } else {
    for (std::string& path : ExpandInputs(inputs)) {
      files.push_back({std::move(path), FileKind::kAny});
    }
  }
  ScoreText scores(columns.csv);
  for (const ScoreTextFile& file : files) {
    if (file.name == "-") {
      throw Error(ErrorCode::kUsage,
                  "the profile {} reads files, not standard input",
                  profile.name);
    }
    const MappedFile mapped(file.name);
    profile.read_text(mapped.bytes(), file, &scores);
    scores.sources.back().sha256 = Sha256(mapped.bytes());
  }
  return TakeTable(std::move(scores), roles);
}

}  // namespace

FaceInput ReadScores(const std::vector<std::string>& inputs,
                     const FaceInputColumns& columns) {
  const Profile& profile = FindProfile(columns.profile);
  ScoreRoles roles;
  Table table;
  if (profile.read_text != nullptr) {
    table = ReadText(inputs, profile, columns, &roles);
  } else {
    CsvOptions options = columns.csv;
    options.hash_sources = true;
    TableReader reader(inputs, options);
    roles = profile.roles(columns, reader.header(), reader.name());
    table = reader.Read(RequestedColumns(roles, columns));
  }
  std::optional<SubjectTable> subjects;
  if (!columns.subject_table.empty()) {
    subjects =
        ReadSubjectTable(columns.subject_table, columns, roles.templates);
  }
  if (!columns.justification.empty()) {
    CheckJustification(ReadFile(columns.justification), columns.justification);
  }
  return MakeFaceInput(std::move(table), roles, subjects, columns,
                       !columns.justification.empty());
}

}  // namespace plumbline::face
