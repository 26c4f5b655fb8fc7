// What is planted in a phantom is found, and nothing is found in a clean one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/cohort/packed/pack.h"
#include "plumbline/cohort/phantom/draw_phantom.h"
#include "plumbline/cohort/phantom/phantom_folder.h"
#include "plumbline/image/decode.h"
#include "plumbline/survey/survey.h"

namespace plumbline::survey {
namespace {

using testing::Contains;
using testing::IsEmpty;

// Codes of what a survey finds in a phantom, notes left out.
std::set<std::string> CodesOf(const PhantomOptions& options) {
  const TemporaryFolder folder;
  const PhantomPlan plan = MakePhantomPlan(options);
  WritePhantom(plan, "", folder / "phantom", 0);
  const CohortRoles roles = ParsePackedRoles(
      ToToml(ParseCohortFile(PhantomCohortToml(plan), "cohort.toml")),
      "cohort.toml");
  const std::string csv = PhantomTable(plan);
  const Table header = ReadCsvText(csv, "metadata.csv", {}, {});
  const Cohort cohort = MakeCohort(
      ReadCsvText(csv, "metadata.csv",
                  CohortColumns(roles, {}, header.header(), "metadata.csv"),
                  {}),
      roles, {});
  PackInput input;
  input.folder = folder / "phantom";
  input.paths = ImagePaths(cohort);
  input.table_csv = csv;
  const std::string file = folder / "phantom.plumb";
  EXPECT_THAT(PackImages(input, {.side = options.side}, file).failed,
              IsEmpty());
  const PackedCohort packed(file);
  const SurveyResult result =
      Survey(MakeSurveyInput(cohort, &packed, {}), SurveyOptions());
  std::set<std::string> codes;
  for (const Finding& finding : result.findings) {
    if (finding.severity != Severity::kNote) codes.insert(finding.code);
  }
  return codes;
}

class Preset : public testing::TestWithParam<std::string> {};

TEST_P(Preset, IsFound) {
  PhantomOptions options = OptionsOfPreset(GetParam());
  options.side = 64;
  const std::set<std::string> codes = CodesOf(options);
  for (const PhantomPreset& preset : PhantomPresets()) {
    if (preset.name != GetParam()) continue;
    for (const std::string& code : preset.codes) {
      EXPECT_THAT(codes, Contains(code));
    }
    // Nothing else is wrong with the clean one.
    if (preset.codes.empty()) {
      EXPECT_THAT(codes, IsEmpty());
    }
  }
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const PhantomPreset& preset : PhantomPresets()) {
    names.emplace_back(preset.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, Preset, testing::ValuesIn(Names()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::erase(name, '-');
                           return name;
                         });

class Clean : public testing::TestWithParam<int> {};

TEST_P(Clean, IsClean) {
  PhantomOptions options;
  options.side = 64;
  options.seed = GetParam();
  options.kind =
      options.seed % 4 == 3 ? PhantomKind::kSkin : PhantomKind::kChest;
  EXPECT_THAT(CodesOf(options), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(TwentySeeds, Clean, testing::Range(1, 21));

}  // namespace
}  // namespace plumbline::survey
