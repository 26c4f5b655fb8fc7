#include "plumbline/train/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "plumbline/train/checkpoint.h"
#include "plumbline/train/train_for_test.h"

namespace plumbline::train {
namespace {

using testing::HasSubstr;

class TrainTest : public testing::Test {
 protected:
  TrainTest() {
    options_.epochs = 6;
    options_.batch = 16;
    options_.learning_rate = 3e-3;
    options_.precision = Precision::kFloat32;
    options_.layout = MemoryLayout::kChannelsFirst;
    options_.threads = 1;
  }

  TemporaryFolder folder_;
  TrainInput input_ = SquareInput(SquarePictures(folder_, 120));
  TrainOptions options_;
};

TEST_F(TrainTest, LearnsAndKeepsTheBestEpoch) {
  options_.epochs = 12;
  const TrainResult result = Train(input_, options_);
  const Epoch& best = result.epochs.at(result.best_epoch - 1);
  EXPECT_GT(best.targets.at(0).auroc, 0.95);
  EXPECT_LT(best.train_loss, 0.7 * result.epochs[0].train_loss);
  for (const Epoch& epoch : result.epochs) {
    EXPECT_LE(epoch.metric, best.metric);
  }
  EXPECT_EQ(result.train_rows, 96);
  EXPECT_EQ(result.tune_rows, 24);
  EXPECT_EQ(result.tune_outputs.size(), 24U * 3);
  EXPECT_EQ(result.card.targets.size(), 3U);
  EXPECT_EQ(result.card.input_sha256.size(), 64U);
}

TEST_F(TrainTest, RepeatsToTheByte) {
  EXPECT_EQ(Train(input_, options_).model_file,
            Train(input_, options_).model_file);
  options_.seed = 2;
  const std::string other = Train(input_, options_).model_file;
  options_.seed = 1;
  EXPECT_NE(Train(input_, options_).model_file, other);
}

TEST_F(TrainTest, GoesOnFromACheckpointToTheSameBytes) {
  options_.ema = 0.9;
  const std::string whole = Train(input_, options_).model_file;
  // The last checkpoint of a run that is not told to do all epochs is one of
  // its middle; only --epochs differs, which the schedule depends on: a
  // constant one has the same steps.
  options_.schedule = Schedule::kConstant;
  options_.warmup = 0;
  const TrainResult all = Train(input_, options_);
  options_.checkpoint_file = folder_ / "c.safetensors";
  options_.checkpoint_minutes = 0;
  options_.epochs = 2;
  Train(input_, options_);
  Checkpoint checkpoint =
      ParseCheckpoint(ReadFile(options_.checkpoint_file), "c");
  checkpoint.run["--epochs"] = "6";
  WriteFile(options_.checkpoint_file, CheckpointBytes(checkpoint));
  options_.epochs = 6;
  const TrainResult resumed = Train(input_, options_);
  EXPECT_EQ(resumed.resumed_step, 12);
  EXPECT_EQ(resumed.model_file, all.model_file);
  EXPECT_EQ(resumed.step_losses, all.step_losses);
  EXPECT_NE(whole, all.model_file);
}

TEST_F(TrainTest, RefusesTheCheckpointOfAnotherRun) {
  options_.epochs = 1;
  options_.checkpoint_file = folder_ / "c.safetensors";
  Train(input_, options_);
  options_.batch = 8;
  EXPECT_THAT(ErrorText([&] { Train(input_, options_); }),
              HasSubstr("belongs to another run (--batch: 16 there, 8 here)"));
}

TEST_F(TrainTest, StopsWhereTheLossIsNoNumber) {
  options_.learning_rate = 1e30;
  options_.clip = 0;
  EXPECT_THAT(ErrorText([&] { Train(input_, options_); }),
              HasSubstr("3: squares.csv: step 2 of epoch 1: the "));
}

TEST_F(TrainTest, RefusesPiecesOfOneImage) {
  options_.accumulate = 16;
  EXPECT_THAT(ErrorText([&] { Train(input_, options_); }),
              HasSubstr("with 2 or more: start fewer processes"));
}

TEST_F(TrainTest, LearnsFeaturesWithoutLabels) {
  options_.simsiam = true;
  options_.optimiser = Optimiser::kSgd;
  options_.learning_rate = 0.1;
  options_.epochs = 12;
  options_.metric = "last";
  input_.targets.clear();
  for (const auto batch_norm :
       {BatchNormMode::kBatch, BatchNormMode::kSynchronised}) {
    options_.batch_norm = batch_norm;
    const TrainResult result = Train(input_, options_);
    EXPECT_LT(result.epochs.back().train_loss, -0.2);
    EXPECT_GT(result.epochs.back().metric, 0.2);  // not collapsed
  }
  options_.sampling = Sampling::kBalancedLabel;
  EXPECT_THAT(ErrorText([&] { Train(input_, options_); }),
              HasSubstr("--sampling label: there is no label"));
}

TEST_F(TrainTest, StopsEarly) {
  options_.epochs = 50;
  options_.patience = 1;
  options_.learning_rate = 1e-12;
  options_.warmup = 0;
  const TrainResult result = Train(input_, options_);
  EXPECT_TRUE(result.stopped_early);
  EXPECT_LT(result.epochs.size(), 10U);
}

TEST_F(TrainTest, TrainsWithoutATuningPart) {
  for (Part& part : input_.parts) part = Part::kTrain;
  options_.epochs = 2;
  const TrainResult result = Train(input_, options_);
  EXPECT_EQ(result.best_epoch, 2);
  EXPECT_TRUE(std::isnan(result.epochs[0].tune_loss));
  EXPECT_TRUE(result.tune_outputs.empty());
}

TEST_F(TrainTest, RemembersTheFastestMode) {
  options_.epochs = 1;
  options_.layout = MemoryLayout::kAuto;
  options_.measured_file = folder_ / "modes.json";
  const TrainResult first = Train(input_, options_);
  EXPECT_THAT(first.measured, HasSubstr("channels last: "));
  ASSERT_TRUE(std::filesystem::exists(options_.measured_file));
  const TrainResult second = Train(input_, options_);
  EXPECT_EQ(second.measured, "");
  EXPECT_EQ(second.channels_last, first.channels_last);
}

TEST_F(TrainTest, SaysThatThereIsNoSuchGpu) {
  options_.device = "cuda:7";
  EXPECT_THAT(ErrorText([&] { Train(input_, options_); }),
              HasSubstr("2: --run-on cuda:7: "));
  options_.device = "gpu";
  EXPECT_THAT(ErrorText([&] { Train(input_, options_); }),
              HasSubstr("--run-on gpu: is no device"));
}

TEST_F(TrainTest, RefusesASideThatTheNetworkDoesNotTake) {
  options_.architecture = "vit-s16";
  input_.preprocessing.side = 40;
  EXPECT_THAT(ErrorText([&] { Train(input_, options_); }), HasSubstr("2: "));
}

TEST_F(TrainTest, TrainsEveryNetworkAStep) {
  options_.epochs = 1;
  options_.batch = 4;
  options_.metric = "last";
  input_.targets.resize(1);
  for (size_t i = 8; i < input_.parts.size(); ++i) {
    input_.parts[i] = Part::kOther;
  }
  for (const char* name :
       {"resnet18", "densenet121", "efficientnet-b0", "vit-s16"}) {
    options_.architecture = name;
    const TrainResult result = Train(input_, options_);
    EXPECT_TRUE(std::isfinite(result.step_losses.at(0))) << name;
  }
}

}  // namespace
}  // namespace plumbline::train
