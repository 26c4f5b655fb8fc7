// Any bytes are comparisons in the text formats of bob, NIST and pyeer, or an
// Error(kInvalidInput): no crash, no leak, no other exception. What was read is
// one score a line, and every part has as many elements.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/face/input/profiles/profile.h"
#include "plumbline/face/input/score_input.h"

namespace plumbline::face {
namespace {

// The subjects that a fuzzer can find: ids a to e.
SubjectTable FewSubjects(const FaceInputColumns& columns) {
  constexpr std::string_view kText =
      "template,subject,group\na,1,A\nb,1,A\nc,2,B\nd,3,A\ne,4,B\n";
  return MakeSubjectTable(ReadCsvText(kText, "subjects.csv",
                                      {{"template", ColumnKind::kCategorical},
                                       {"subject", ColumnKind::kCategorical},
                                       {"group", ColumnKind::kCategorical}}),
                          columns, {"group"}, true);
}

void Try(std::string_view text, const Profile& profile, FileKind kind) {
  FaceInputColumns columns;
  columns.profile = profile.name;
  ScoreText scores(columns.csv);
  try {
    profile.read_text(text, {"fuzz.txt", kind}, &scores);
    // A second file of the same kind goes on where the first one ended.
    profile.read_text(text, {"again.txt", kind}, &scores);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidInput) std::abort();
    return;
  }
  ScoreRoles roles;
  const Table table = TakeTable(std::move(scores), &roles);
  if (table.sources().size() != 2) std::abort();
  if (table.rows() != 2 * table.sources()[0].rows) std::abort();
  columns.assert_independent = !roles.has_subjects();
  std::optional<SubjectTable> subjects;
  if (roles.templates) subjects = FewSubjects(columns);
  try {
    const FaceInput input = MakeFaceInput(table, roles, subjects, columns);
    if (input.impostor.size() + input.genuine.size() != table.rows()) {
      std::abort();
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidInput) std::abort();
  }
}

}  // namespace
}  // namespace plumbline::face

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbline::face::FileKind;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const plumbline::face::Profile& profile : plumbline::face::Profiles()) {
    if (profile.read_text == nullptr) continue;
    plumbline::face::Try(
        text, profile,
        profile.kind_by_file ? FileKind::kGenuine : FileKind::kAny);
  }
  return 0;
}
