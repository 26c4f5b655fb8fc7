#include "plumbline/face/audit/face_share.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/face/audit/face_audit.h"
#include "plumbline/face/audit/synthetic_input_for_test.h"

namespace plumbline::face {
namespace {

Json Private() {
  SynthOptions synth;
  synth.groups = {{.levels = {"A"}, .subjects = 153},
                  {.levels = {"B"}, .subjects = 161, .impostor_mean = 0.5},
                  {.levels = {"C"}, .subjects = 17}};
  const FaceInput input = InputOf(synth);
  FaceAuditOptions options;
  options.at = {ParseOperatingPoint("fmr=0.01")};
  options.replicates = 200;
  return ToJson(AuditFaces(input, options), input, {}, options);
}

// Digits of a number as it is written.
int DigitsIn(double value) {
  std::string text = fmt::format("{:e}", value);
  text = text.substr(0, text.find('e'));
  std::erase(text, '-');
  std::erase(text, '.');
  while (text.size() > 1 && text.back() == '0') text.pop_back();
  return static_cast<int>(text.size());
}

TEST(SharedFace, HasNoMoreThanTwoDigits) {
  const Json shared = SharedFace(Private());
  for (const Json& group : shared["groups"]) {
    for (const char* error : {"fmr", "fnmr"}) {
      EXPECT_FALSE(group[error].contains("events"));
      for (const char* key : {"value", "lo", "hi", "n", "subjects"}) {
        const Json& number = group[error][key];
        if (number.is_number()) {
          EXPECT_LE(DigitsIn(number.get<double>()), 2) << error << key;
        }
      }
    }
  }
  EXPECT_TRUE(shared["label_noise"].empty());
  EXPECT_TRUE(shared["input"]["files"].empty());
  EXPECT_EQ(shared["shared"], true);
}

// Somebody who knows everyone's count and those of the groups shown would have
// the hidden group's as the difference.
TEST(SharedFace, AHiddenGroupDoesNotFollowFromTheOthers) {
  const Json full = Private();
  const Json shared = SharedFace(full);
  const auto subjects = [](const Json& face, size_t i) {
    return face["groups"][i]["subjects"].get<int64_t>();
  };
  EXPECT_EQ(subjects(full, 0) - subjects(full, 1) - subjects(full, 2), 17);
  EXPECT_NE(subjects(shared, 0) - subjects(shared, 1) - subjects(shared, 2),
            17);
}

TEST(SharedFace, KeepsWhatWasAskedFor) {
  const Json full = Private();
  const Json shared = SharedFace(full);
  EXPECT_EQ(full["options"], shared["options"]);
  EXPECT_EQ(full["groupings"], shared["groupings"]);
}

}  // namespace
}  // namespace plumbline::face
