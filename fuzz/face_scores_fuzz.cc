// Any table is comparisons in every profile, or an error of usage or input: no
// crash, no leak, no other exception, and the same outcome for any number of
// threads and every failure policy that does not leave rows out.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/face/input/profiles/profile.h"
#include "plumbline/face/input/score_input.h"

namespace plumbline::face {
namespace {

// The outcome in words.
std::string Outcome(std::string_view text, const Profile& profile,
                    const FaceInputColumns& columns) {
  try {
    const std::vector<std::string> header =
        ReadCsvText(text, "fuzz.csv", {}, columns.csv).header();
    const ScoreRoles roles = profile.roles(columns, header, "fuzz.csv");
    Table table = ReadCsvText(text, "fuzz.csv",
                              RequestedColumns(roles, columns), columns.csv);
    const int64_t rows = table.rows();
    const FaceInput input =
        MakeFaceInput(std::move(table), roles, std::nullopt, columns, true);
    if (input.impostor.size() + input.genuine.size() != rows) std::abort();
    if (input.groups.rows() != input.subjects) std::abort();
    return fmt::format("{} {} {}", input.subjects, input.impostor.size(),
                       input.failed.impostor);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidInput &&
        error.code() != ErrorCode::kUsage) {
      std::abort();
    }
    return error.what();
  }
}

}  // namespace
}  // namespace plumbline::face

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbline::face::FaceInputColumns;
  using plumbline::face::FailurePolicy;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const plumbline::face::Profile& profile : plumbline::face::Profiles()) {
    if (profile.roles == nullptr) continue;
    FaceInputColumns columns;
    columns.profile = profile.name;
    columns.csv.delimiter = ',';
    columns.csv.threads = 1;
    if (profile.name == "bfw") columns.score = "m";
    for (const bool independent : {false, true}) {
      columns.assert_independent = independent;
      columns.failures = FailurePolicy::kPositive;
      const std::string one = plumbline::face::Outcome(text, profile, columns);
      columns.failures = FailurePolicy::kNegative;
      columns.csv.threads = 2;
      if (plumbline::face::Outcome(text, profile, columns) != one) {
        std::abort();
      }
    }
    columns.by = {"group", "age"};
    columns.bins = {{"age", {0, 40}}};
    columns.assert_independent = false;
    plumbline::face::Outcome(text, profile, columns);
  }
  return 0;
}
