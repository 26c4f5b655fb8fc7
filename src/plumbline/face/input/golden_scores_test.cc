// Published score files, with counts that numpy gives.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "plumbline/face/input/score_input.h"

namespace plumbline::face {
namespace {

class GoldenScores : public testing::Test {
 protected:
  void SetUp() override {
    const char* data = std::getenv("PLUMBLINE_TEST_DATA");
    if (data != nullptr) folder_ = std::string(data) + "/face/";
    if (data == nullptr || !std::filesystem::exists(folder_)) {
      GTEST_SKIP() << "data/face: not present";
    }
  }

  std::string folder_;
};

int HitsAt(const FaceInput& input, double threshold) {
  int hits = 0;
  for (const double score : input.impostor.score) hits += score >= threshold;
  return hits;
}

int ErrorsAt(const FaceInput& input, double threshold) {
  int errors = 0;
  for (const double score : input.genuine.score) errors += score < threshold;
  return errors;
}

// Two-field files with failed comparisons, at the threshold of a false-match
// rate of 0.1 under each policy.
TEST_F(GoldenScores, OfBobMeasure) {
  struct Golden {
    const char* file;
    int impostor, failed_impostor, genuine, failed_genuine;
    double positive;
    int hits, errors;
    double exclude;
    int exclude_hits, exclude_errors;
  };
  constexpr Golden kGolden[] = {
      {"dev-1", 521, 26, 479, 28, -0.0478417968851792, 52, 54,
       -0.04375812081600161, 49, 26},
      {"dev-2", 531, 30, 469, 23, -0.060788757786693015, 53, 37,
       -0.053338630154329714, 50, 14},
      {"test-1", 502, 23, 498, 25, -0.06348965879526314, 50, 51,
       -0.05592164545011902, 47, 26},
      {"test-2", 505, 25, 495, 24, -0.06136516941504033, 50, 54,
       -0.05831672963906742, 48, 30}};
  for (const Golden& golden : kGolden) {
    SCOPED_TRACE(golden.file);
    FaceInputColumns columns{.profile = "bob-text", .assert_independent = true};
    const std::string path =
        folder_ + "bob_measure/" + golden.file + std::string(".txt");
    FaceInput input = ReadScores({path}, columns);
    EXPECT_EQ(input.impostor.size(), golden.impostor);
    EXPECT_EQ(input.genuine.size(), golden.genuine);
    EXPECT_EQ(input.failed.impostor, golden.failed_impostor);
    EXPECT_EQ(input.failed.genuine, golden.failed_genuine);
    EXPECT_EQ(HitsAt(input, golden.positive), golden.hits);
    EXPECT_EQ(ErrorsAt(input, golden.positive), golden.errors);
    columns.failures = FailurePolicy::kExclude;
    input = ReadScores({path}, columns);
    EXPECT_EQ(input.impostor.size(), golden.impostor - golden.failed_impostor);
    EXPECT_EQ(HitsAt(input, golden.exclude), golden.exclude_hits);
    EXPECT_EQ(ErrorsAt(input, golden.exclude), golden.exclude_errors);
  }
}

TEST_F(GoldenScores, OfPyeer) {
  const FaceInput input =
      ReadScores({"genuine=" + folder_ + "pyeer/exp1_true.txt",
                  "impostor=" + folder_ + "pyeer/exp1_false.txt"},
                 {.profile = "pyeer", .assert_independent = true});
  EXPECT_EQ(input.genuine.size(), 2793);
  EXPECT_EQ(input.impostor.size(), 4950);
  EXPECT_EQ(HitsAt(input, 0.0160639629006551), 495);
  EXPECT_EQ(ErrorsAt(input, 0.0160639629006551), 209);
  EXPECT_EQ(HitsAt(input, 0.0666600128721806), 49);
  EXPECT_EQ(ErrorsAt(input, 0.0666600128721806), 365);
  EXPECT_EQ(HitsAt(input, 0.21510509182816), 4);
  EXPECT_EQ(ErrorsAt(input, 0.21510509182816), 833);
}

}  // namespace
}  // namespace plumbline::face
