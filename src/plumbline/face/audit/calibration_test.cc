#include "plumbline/face/audit/calibration.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/face/audit/face_audit.h"
#include "plumbline/face/audit/synthetic_input_for_test.h"

namespace plumbline::face {
namespace {

FaceInput People(uint64_t seed, int subjects = 150) {
  SynthOptions options;
  options.groups = {
      {.levels = {"A"}, .subjects = subjects},
      {.levels = {"B"}, .subjects = subjects, .impostor_mean = 0.5}};
  options.seed = seed;
  return InputOf(options);
}

FaceAuditOptions Options() {
  FaceAuditOptions options;
  options.at = {ParseOperatingPoint("fmr=0.01")};
  options.replicates = 300;
  return options;
}

TEST(Calibrate, TheThresholdIsThatOfTheOtherSet) {
  const FaceInput audited = People(1);
  const FaceInput others = People(2);
  const FaceAuditResult result = AuditFaces(audited, others, Options());
  const FaceAuditResult own = AuditFaces(others, Options());
  EXPECT_EQ(result.thresholds[0].source, "calibration");
  EXPECT_EQ(result.thresholds[0].fitted.value, own.thresholds[0].fitted.value);
  EXPECT_EQ(result.calibration.subjects, 300);
  EXPECT_EQ(result.calibration.impostor_comparisons, others.impostor.size());
  for (const FaceLimitation& entry : result.limitations) {
    EXPECT_STRNE(entry.code, "PF302");
  }
}

TEST(Calibrate, AGroupOfTheOtherSetCanSetIt) {
  FaceAuditOptions options = Options();
  options.threshold_group = "group=A";
  const FaceAuditResult result = AuditFaces(People(1), People(2), options);
  EXPECT_EQ(result.thresholds[0].source, "calibration, group=A");
  EXPECT_EQ(result.thresholds[0].fitted.comparisons, 150 * 149 / 2);
  options.threshold_group = "group=C";
  EXPECT_THROW(AuditFaces(People(1), People(2), options), Error);
}

double WidthOfDifference(const FaceAuditResult& result) {
  for (const FaceDisparity& entry : result.disparities) {
    if (std::string_view(entry.measure) == "difference" &&
        std::string_view(entry.error) == "fmr") {
      return entry.hi - entry.lo;
    }
  }
  return 0;
}

// Few people set the threshold: intervals are wider than at the same threshold
// held fixed.
TEST(Calibrate, ReplicatesDrawFromBothSets) {
  const FaceInput audited = People(3);
  const FaceInput few = People(4, 25);
  const FaceAuditResult result = AuditFaces(audited, few, Options());
  FaceAuditOptions fixed = Options();
  fixed.at = {{"fixed", std::nan(""), result.thresholds[0].fitted.value}};
  const double ratio =
      WidthOfDifference(result) / WidthOfDifference(AuditFaces(audited, fixed));
  EXPECT_GT(ratio, 1.3);
  EXPECT_EQ(Calibrate(few, audited, Options()).replicates[0].size(), 300u);
}

TEST(Calibrate, RefusesASetWithoutImpostors) {
  FaceInput empty = People(2, 40);
  empty.impostor = {};
  EXPECT_THROW(AuditFaces(People(1, 40), empty, Options()), Error);
}

}  // namespace
}  // namespace plumbline::face
