#include "plumbline/train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"
#include "plumbline/train/progress_record.h"

namespace plumbline::train {
namespace {

using testing::HasSubstr;

Checkpoint Example() {
  Checkpoint checkpoint;
  checkpoint.run = {{"--batch", "32"}, {"--seed", "1"}};
  checkpoint.progress = ToJson(Standing{
      .step = 17,
      .best_epoch = 2,
      .best_metric = 0.75,
      .bfloat16 = true,
      .epochs = {{.epoch = 1,
                  .step = 8,
                  .train_loss = 0.1 + 0.2,
                  .tune_loss = std::numeric_limits<double>::quiet_NaN(),
                  .targets = {{.target = "effusion", .auroc = 0.7}}}}});
  checkpoint.tensors = {{"weights", {1, 2, 3.5F}}, {"second", {}}};
  return checkpoint;
}

TEST(Checkpoint, ComesBackAsItWas) {
  const Checkpoint before = Example();
  const Checkpoint after = ParseCheckpoint(CheckpointBytes(before), "c");
  EXPECT_EQ(after.run, before.run);
  EXPECT_EQ(after.tensors, before.tensors);
  const Standing standing = StandingFromJson(after.progress, "c");
  EXPECT_EQ(standing.step, 17);
  EXPECT_TRUE(standing.bfloat16);
  EXPECT_EQ(standing.epochs[0].train_loss, 0.1 + 0.2);
  EXPECT_TRUE(std::isnan(standing.epochs[0].tune_loss));
  EXPECT_EQ(standing.epochs[0].targets[0].auroc, 0.7);
}

TEST(Checkpoint, SaysThatItIsDamaged) {
  std::string bytes = CheckpointBytes(Example());
  bytes.back() ^= 1;
  EXPECT_EQ(ErrorText([&] { ParseCheckpoint(bytes, "c"); }),
            "3: c: the numbers do not fit their checksum: the file is damaged; "
            "begin anew with --restart");
  for (size_t cut = 0; cut < bytes.size(); cut += 7) {
    EXPECT_THAT(ErrorText([&] { ParseCheckpoint(bytes.substr(0, cut), "c"); }),
                HasSubstr("3: c: "));
  }
}

TEST(Checkpoint, NoticesAnotherStep) {
  std::string bytes = CheckpointBytes(Example());
  const size_t at = bytes.find("\\\"step\\\": 17");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 11] = '8';
  EXPECT_THAT(ErrorText([&] { ParseCheckpoint(bytes, "c"); }),
              HasSubstr("do not fit their checksum"));
}

TEST(Checkpoint, SaysThatItIsOfAnotherVersion) {
  std::string bytes = CheckpointBytes(Example());
  const size_t at = bytes.find("checkpoint/1");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 11] = '7';
  EXPECT_THAT(ErrorText([&] { ParseCheckpoint(bytes, "c"); }),
              HasSubstr("is \"plumbline.checkpoint/7\", this version reads "
                        "\"plumbline.checkpoint/1\""));
}

TEST(Checkpoint, SaysWhatDiffersFromThisRun) {
  EXPECT_EQ(ErrorText([] {
              RequireSameRun(Example(), {{"--batch", "64"}, {"--seed", "1"}},
                             "run/c");
            }),
            "2: run/c belongs to another run (--batch: 32 there, 64 here); use "
            "another folder with -o, or --restart to give that run up");
  RequireSameRun(Example(), Example().run, "run/c");
}

TEST(RequireValidOptions, NamesTheOption) {
  TrainOptions options;
  options.metric = "aurocc";
  EXPECT_THAT(
      ErrorText([&] { RequireValid(options); }),
      HasSubstr("2: --metric aurocc: is none; did you mean \"auroc\"?"));
  options = {};
  options.accumulate = 64;
  EXPECT_EQ(ErrorText([&] { RequireValid(options); }),
            "2: --accumulate: must be a whole number from 1 to that of "
            "--batch");
}

}  // namespace
}  // namespace plumbline::train
