// Loss curves against PyTorch's: tests/golden/training.py, which states the
// problem.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <limits>

#include "plumbline/base/json.h"
#include "plumbline/infer/safetensors.h"
#include "plumbline/model/formula_for_test.h"
#include "plumbline/model/network.h"
#include "plumbline/model/tensor_views.h"
#include "plumbline/train/train_for_test.h"

namespace plumbline::train {
namespace {

struct Problem {
  int64_t images;
  int side;
  int steps;
};

std::shared_ptr<const PackedCohort> Pictures(const Problem& problem,
                                             const TemporaryFolder& folder) {
  const int64_t size = int64_t{problem.side} * problem.side;
  const at::Tensor u = Uniform("pictures", {problem.images * size});
  PackInput input{.folder = folder.path(), .table_csv = "image\n"};
  for (int64_t i = 0; i < problem.images; ++i) {
    Image picture = MakeImage(problem.side, problem.side, 1, 1);
    for (int64_t k = 0; k < size; ++k) {
      picture.data[k] = static_cast<uint8_t>(
          (u.data_ptr<double>()[i * size + k] + 1) * 127.999);
    }
    input.paths.push_back(fmt::format("p{}.png", i));
    WriteFile(folder / input.paths.back(), EncodePng(picture, 1));
  }
  PackImages(input, {.side = problem.side}, folder / "p.plumb");
  return std::make_shared<const PackedCohort>(folder / "p.plumb");
}

TrainInput InputOf(const Problem& problem, const TemporaryFolder& folder) {
  constexpr float kNo = std::numeric_limits<float>::quiet_NaN();
  TrainInput input;
  input.images = Pictures(problem, folder);
  input.preprocessing = {
      .side = problem.side, .channels = 1, .mean = {0.4}, .deviation = {0.2}};
  input.targets = {{{.name = "finding"}, {}},
                   {{.name = "view",
                     .kind = TargetKind::kClasses,
                     .levels = {"0", "1", "2"}},
                    {}},
                   {{.name = "age",
                     .kind = TargetKind::kContinuous,
                     .scale = 8,
                     .offset = 50},
                    {}}};
  for (int64_t i = 0; i < problem.images; ++i) {
    input.image_of_row.push_back(i);
    input.parts.push_back(Part::kTrain);
    input.table_rows.push_back(i + 2);
    input.targets[0].values.push_back(i % 5 == 2 ? kNo
                                                 : static_cast<float>(i % 2));
    input.targets[1].values.push_back(static_cast<float>(i % 3));
    input.targets[2].values.push_back(i % 4 == 1 ? kNo
                                                 : 40 + static_cast<float>(i));
  }
  return input;
}

std::string FormulaWeights(const TrainInput& input,
                           const TemporaryFolder& folder) {
  ModelCard card;
  card.architecture = "small-cnn";
  card.preprocessing = input.preprocessing;
  for (const TargetValues& target : input.targets) {
    card.targets.push_back(target.target);
  }
  const Network network(card, std::nullopt);
  TensorFile content;
  const at::NoGradGuard no_gradient;
  for (const NamedTensor& named : network.weights().tensors()) {
    at::Tensor to = named.tensor;
    if (to.scalar_type() == at::kFloat) to.copy_(Value(named.name, to.sizes()));
    content.tensors.push_back(ViewOf(named.name, to));
  }
  const std::string file = folder / "formula.safetensors";
  WriteFile(file, SafetensorsBytes(content));
  return file;
}

class TrainingGolden : public testing::Test {
 protected:
  TrainingGolden() {
    const std::string path = PLUMBLINE_SOURCE_DIR "/tests/golden/training.json";
    golden_ = ParseJson(ReadFile(path), path);
    problem_ = {golden_.at("images").get<int64_t>(),
                golden_.at("side").get<int>(), golden_.at("steps").get<int>()};
    input_ = InputOf(problem_, folder_);
    options_.weights = FormulaWeights(input_, folder_);
    options_.augmentation = {
        .rotate = 0, .scale = 0, .shift = 0, .brightness = 0, .contrast = 0};
    options_.epochs = problem_.steps;
    options_.batch = static_cast<int>(problem_.images);
    options_.warmup = 0;
    options_.metric = "last";
    options_.precision = Precision::kFloat32;
    options_.layout = MemoryLayout::kChannelsFirst;
    options_.threads = 1;
  }

  void ExpectCurve(const char* name, double tolerance) {
    const TrainResult result = Train(input_, options_);
    ASSERT_EQ(result.step_losses.size(), golden_.at(name).size());
    for (size_t i = 0; i < result.step_losses.size(); ++i) {
      EXPECT_NEAR(result.step_losses[i], golden_.at(name)[i].get<double>(),
                  tolerance * std::max(1.0, golden_.at(name)[i].get<double>()))
          << name << ", step " << i;
    }
  }

  TemporaryFolder folder_;
  Json golden_;
  Problem problem_{};
  TrainInput input_;
  TrainOptions options_;
};

TEST_F(TrainingGolden, AdamWHasPyTorchsLosses) { ExpectCurve("adamw", 1e-5); }

TEST_F(TrainingGolden, SgdHasPyTorchsLosses) {
  options_.optimiser = Optimiser::kSgd;
  options_.learning_rate = 1e-2;
  options_.weight_decay = 1e-4;
  ExpectCurve("sgd", 1e-5);
  // Pieces of a step have the statistics of a piece, so batch norm is frozen.
  options_.batch_norm = BatchNormMode::kFrozen;
  ExpectCurve("sgd_frozen", 1e-5);
  options_.accumulate = 3;
  ExpectCurve("sgd_frozen", 1e-5);
}

TEST_F(TrainingGolden, SynchronisedBatchNormOfOneProcessIsBatchNorm) {
  options_.batch_norm = BatchNormMode::kSynchronised;
  ExpectCurve("adamw", 1e-5);
}

TEST_F(TrainingGolden, ChannelsLastHasTheSameLosses) {
  options_.layout = MemoryLayout::kChannelsLast;
  ExpectCurve("adamw", 1e-5);
}

TEST_F(TrainingGolden, BFloat16IsNear) {
  options_.precision = Precision::kBFloat16;
  ExpectCurve("adamw", 0.03);
}

}  // namespace
}  // namespace plumbline::train
