#include "plumbline/model/network.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstring>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/infer/safetensors.h"
#include "plumbline/model/card_for_test.h"

namespace plumbline {
namespace {

at::Tensor Images(int64_t n, int channels, int side) {
  return at::arange(n * channels * side * side, at::kFloat)
      .mul(0.37)
      .sin()
      .view({n, channels, side, side});
}

// A file of a network, with every `from` in its bytes replaced by `to` of the
// same length.
std::string Changed(std::string bytes, const std::string& from,
                    const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  const size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  bytes.replace(at, to.size(), to);
  return bytes;
}

class NetworkFileTest : public testing::Test {
 protected:
  std::string ErrorOfBytes(const std::string& bytes) {
    const std::string path = folder_ / "m.safetensors";
    WriteFile(path, bytes);
    std::string text = ErrorText([&] { LoadNetwork(path); });
    const size_t at = text.find(folder_.path());
    if (at != std::string::npos) text.erase(at, folder_.path().size() + 1);
    return text;
  }

  TemporaryFolder folder_;
};

TEST(Network, HasOneOutputForEachLevelAndTarget) {
  const Network network(Card(), 1);
  const at::NoGradGuard no_gradient;
  EXPECT_EQ(network.Outputs(Images(2, 1, 32), {}).sizes().vec(),
            (std::vector<int64_t>{2, 4}));
}

TEST(Network, TakesBothNumbersOfChannelsAndAnySideOfItsArchitecture) {
  const at::NoGradGuard no_gradient;
  for (const char* name : {"small-cnn", "resnet18"}) {
    for (const int channels : {1, 3}) {
      for (const int side : {32, 48}) {
        const Network network(Card(name, side, channels), 1);
        const at::Tensor outputs =
            network.Outputs(Images(2, channels, side), {});
        EXPECT_EQ(outputs.size(1), 4) << name;
        EXPECT_TRUE(outputs.isfinite().all().item<bool>()) << name;
      }
    }
  }
}

TEST(Network, RefusesWhatItsArchitectureDoesNotTake) {
  EXPECT_EQ(ErrorText([] { Network(Card("small-cnn", 50), 1); }),
            "2: small-cnn takes images with a side of at least 16 pixels that "
            "is a multiple of 16, not 50; use --side 48");
  EXPECT_EQ(ErrorText([] { Network(Card("resnet18", 16), 1); }),
            "2: resnet18 takes images with a side of at least 32 pixels, not "
            "16; use --side 32");
  EXPECT_EQ(ErrorText([] { Network(Card("resnet18", 64, 2), 1); }),
            "2: resnet18 takes images of 1 or 3 channels, not 2");
}

TEST_F(NetworkFileTest, GivesTheSameNetworkAgain) {
  Network network(Card("small-cnn", 32, 3), 7);
  // Statistics other than those of the beginning.
  network.Outputs(Images(4, 3, 32), {.training = true});
  WriteFile(folder_ / "m.safetensors", NetworkFile(&network));
  const auto loaded = LoadNetwork(folder_ / "m.safetensors");
  EXPECT_EQ(loaded->card().ScoreNames(), network.card().ScoreNames());
  EXPECT_EQ(loaded->card().input_sha256.size(), 64u);
  EXPECT_EQ(loaded->card().reference_outputs.size(), 4u);
  const at::NoGradGuard no_gradient;
  const at::Tensor images = Images(2, 3, 32);
  EXPECT_TRUE(loaded->Outputs(images, {}).equal(network.Outputs(images, {})));
}

TEST_F(NetworkFileTest, IsTheSameBytesForTheSameNetwork) {
  Network a(Card(), 7), b(Card(), 7);
  EXPECT_EQ(NetworkFile(&a), NetworkFile(&b));
}

TEST_F(NetworkFileTest, RefusesWeightsThatWereChanged) {
  Network network(Card(), 1);
  std::string bytes = NetworkFile(&network);
  const TensorFile content = ParseSafetensors(bytes, "m");
  for (const TensorView& view : content.tensors) {
    if (view.name != "head.bias") continue;
    const float other = 3;
    std::memcpy(bytes.data() + (view.bytes.data() - bytes.data()), &other,
                sizeof(other));
  }
  const std::string error = ErrorOfBytes(bytes);
  EXPECT_EQ(error.substr(0, 57),
            "3: m.safetensors: output 1 for the reference picture is 3");
  EXPECT_NE(error.find("when it was saved; the file is damaged or was changed"),
            std::string::npos);
}

TEST_F(NetworkFileTest, RefusesAnotherPreprocessingThanItsOwnRecord) {
  Network network(Card(), 1);
  const std::string bytes = NetworkFile(&network);
  const std::string hash = network.card().input_sha256;
  EXPECT_EQ(ErrorOfBytes(Changed(bytes, hash, std::string(64, '0'))),
            "3: m.safetensors: its preprocessing gives other numbers here than "
            "where it was trained (SHA-256 of the reference input differs), so "
            "that its scores would too; use the version of plumbline that made "
            "it");
}

TEST_F(NetworkFileTest, RefusesTensorsOfAnotherArchitecture) {
  Network network(Card(), 1);
  const std::string bytes = NetworkFile(&network);
  EXPECT_EQ(ErrorOfBytes(Changed(bytes, "block2.conv", "block5.conv")),
            "3: m.safetensors: it holds a tensor \"block5.conv.weight\" that "
            "small-cnn has not; the file is damaged or was changed");
  EXPECT_EQ(ErrorOfBytes(Changed(bytes, "small-cnn", "smoll-cnn")),
            "3: m.safetensors: \"smoll-cnn\" is not a network; did you mean "
            "\"small-cnn\"?; there are small-cnn, resnet18, resnet34, "
            "resnet50, densenet121, efficientnet-b0 and vit-s16");
}

TEST_F(NetworkFileTest, RefusesTensorsOfAnotherShapeOrType) {
  Network network(Card(), 1);
  const std::string bytes = NetworkFile(&network);
  EXPECT_EQ(ErrorOfBytes(Changed(bytes, "[4,128]", "[128,4]")),
            "3: m.safetensors: tensor \"head.weight\" is F32 of 128x4, not F32 "
            "of 4x128; the file is damaged or was changed");
  EXPECT_EQ(
      ErrorOfBytes(Changed(bytes, R"("head.bias":{"dtype":"F32")",
                           R"("head.bias":{"dtype":"I32")")),
      "3: m.safetensors: tensor \"head.bias\" is I32 of 4, not F32 of 4; the "
      "file is damaged or was changed");
}

TEST_F(NetworkFileTest, RefusesWeightsWithoutACard) {
  EXPECT_EQ(ErrorOfBytes(SafetensorsBytes({})),
            "3: m.safetensors: these are weights without a card that says what "
            "they take and give, not a model of plumbline train; to begin a "
            "training with them, give them as --weights");
}

TEST_F(NetworkFileTest, RefusesAFileThatWasCutShort) {
  Network network(Card(), 1);
  std::string bytes = NetworkFile(&network);
  bytes.resize(bytes.size() - 1);
  EXPECT_NE(ErrorOfBytes(bytes).find("or is damaged"), std::string::npos);
  EXPECT_EQ(ErrorText([&] { LoadNetwork(folder_ / "none"); }),
            "3: " + (folder_ / "none") + ": no such file");
}

}  // namespace
}  // namespace plumbline
