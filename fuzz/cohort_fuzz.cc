// cohort.toml, mapping.toml, answers.toml and the signature of a survey, and a
// table read with the roles: refused, or understood.
#include <string>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/cohort/cohort.h"
#include "plumbline/cohort/guess_roles.h"
#include "plumbline/cohort/sign_off.h"
#include "plumbline/cohort/split.h"

namespace {

template <typename Work>
void Try(Work work) {
  try {
    work();
  } catch (const plumbline::Error&) {
  }
}

// What was read and written reads as the same.
void TryRoles(const std::string& text) {
  const plumbline::CohortRoles roles =
      plumbline::ParsePackedRoles(text, "cohort.toml");
  const std::string written = plumbline::ToToml(roles);
  if (plumbline::ToToml(plumbline::ParsePackedRoles(written, "again.toml")) !=
      written) {
    __builtin_trap();
  }
}

void TryTable(const std::string& toml, const std::string& csv) {
  using namespace plumbline;
  CohortRoles roles = ParseCohortFile(toml, "cohort.toml");
  const Table header = ReadCsvText(csv, "t.csv", {}, {});
  GuessRoles(header.header(), &roles);
  const Table table = ReadCsvText(
      csv, "t.csv", CohortColumns(roles, {}, header.header(), "t.csv"), {});
  const Cohort cohort = MakeCohort(table, roles, {});
  if (cohort.HasSplit()) (void)CheckSplit(cohort);
  (void)SplitBySubject(cohort, {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Try([&] { (void)plumbline::ParseCohortFile(text, "cohort.toml"); });
  Try([&] { TryRoles(text); });
  Try([&] { (void)plumbline::ParseMappingFile(text, "mapping.toml"); });
  Try([&] { (void)plumbline::ParseAnswers(text, "answers.toml"); });
  Try([&] { (void)plumbline::ReadSignOff(text, "survey.json"); });
  const size_t end = text.find('\0');
  if (end != std::string::npos) {
    Try([&] { TryTable(text.substr(0, end), text.substr(end + 1)); });
  }
  return 0;
}
