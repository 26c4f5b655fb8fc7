#include "plumbline/infer/onnx_runtime.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/test_support.h"
#include "plumbline/infer/onnx_library.h"

namespace plumbline {
namespace {

constexpr const char* kFolder = PLUMBLINE_SOURCE_DIR "/tests/data/onnx";

// Models that tests/golden/onnx_model.py made.
class Onnx : public testing::Test {
 protected:
  void SetUp() override {
    try {
      onnx::Load();
    } catch (const Error& error) {
      GTEST_SKIP() << "not present: " << error.what();
    }
    card_ = ParseModelSideFile(ReadFile(Model("net.toml")), "net.toml");
    expected_ = ParseJson(ReadFile(Model("expected.json")), "expected.json");
  }

  static std::string Model(const std::string& name) {
    return std::string(kFolder) + "/" + name;
  }

  // The reference picture, its negative, its mirror image.
  std::vector<float> Pictures() const {
    const std::vector<float> first = ReferenceInput(card_.preprocessing);
    std::vector<float> all = first;
    // Black is (0 - 0.5) / 0.25, white (1 - 0.5) / 0.25.
    for (const float x : first) all.push_back(-x);
    for (int row = 0; row < 16; ++row) {
      for (int x = 15; x >= 0; --x) all.push_back(first[row * 16 + x]);
    }
    return all;
  }

  void ExpectAsTorchSays(const ScoredBatch& batch) const {
    const auto scores = expected_["scores"].get<std::vector<float>>();
    const auto features = expected_["features"].get<std::vector<float>>();
    ASSERT_EQ(batch.scores.size(), scores.size());
    for (size_t i = 0; i < scores.size(); ++i) {
      EXPECT_NEAR(batch.scores[i], scores[i], 1e-5) << i;
    }
    ASSERT_EQ(batch.embeddings.size(), features.size());
    for (size_t i = 0; i < features.size(); ++i) {
      EXPECT_NEAR(batch.embeddings[i], features[i], 1e-5) << i;
    }
  }

  std::string ErrorOfOpening(const std::string& file,
                             const ScorerOptions& options = {}) const {
    std::string text = ErrorText([&] { OpenOnnxModel(file, card_, options); });
    const std::string version = OnnxRuntimeVersion();
    for (const auto& [from, to] :
         {std::pair{std::string(kFolder) + "/", std::string()},
          {"ONNX Runtime " + version, "ONNX Runtime VERSION"}}) {
      for (size_t at = text.find(from); at != std::string::npos;
           at = text.find(from)) {
        text.replace(at, from.size(), to);
        if (to.starts_with(from)) break;
      }
    }
    return text;
  }

  ModelCard card_;
  Json expected_;
};

TEST_F(Onnx, GivesWhatPyTorchGives) {
  for (const char* name : {"net.onnx", "one_at_a_time.onnx", "four.onnx"}) {
    for (const int threads : {1, 2}) {
      const std::unique_ptr<Scorer> scorer =
          OpenOnnxModel(Model(name), card_, {.threads = threads});
      EXPECT_EQ(scorer->embedding_size(), 4);
      EXPECT_FALSE(scorer->can_explain());
      ExpectAsTorchSays(scorer->Score(Pictures(), 3, true));
    }
  }
}

TEST_F(Onnx, GivesEmbeddingsOnlyWhereTheyAreNamedAndAskedFor) {
  EXPECT_TRUE(OpenOnnxModel(Model("net.onnx"), card_, {})
                  ->Score(Pictures(), 3, false)
                  .embeddings.empty());
  card_.embedding = "";
  const auto scorer = OpenOnnxModel(Model("net.onnx"), card_, {});
  EXPECT_EQ(scorer->embedding_size(), 0);
  EXPECT_TRUE(scorer->Score(Pictures(), 3, true).embeddings.empty());
}

TEST_F(Onnx, SaysThatThePictureHasAnotherSizeThanTheModel) {
  card_.preprocessing.side = 32;
  EXPECT_EQ(ErrorOfOpening(Model("net.onnx")),
            "3: net.onnx: its input \"image\" is any x 1 x 16 x 16 (images x "
            "channels x height x width), and the side file says channels = 1 "
            "and side = 32; change the side file, or export the model for that "
            "size");
  card_.preprocessing.side = 16;
  card_.preprocessing.channels = 3;
  card_.preprocessing.mean.clear();
  card_.preprocessing.deviation.clear();
  EXPECT_EQ(ErrorOfOpening(Model("channels_last.onnx")),
            "3: channels_last.onnx: its input \"image\" is 1 x 16 x 16 x 3 "
            "(images x channels x height x width), and the side file says "
            "channels = 3 and side = 16; the model takes the channels last: "
            "export it with the channels before height and width");
}

TEST_F(Onnx, SaysThatTheTargetsAreNotTheOutputs) {
  card_.targets.push_back({.name = "Edema"});
  EXPECT_EQ(ErrorOfOpening(Model("net.onnx")),
            "3: net.onnx: its output \"logits\" holds 2 numbers for each "
            "image, and the side file names 3 targets; name one for each, in "
            "their order");
  card_.targets.pop_back();
  card_.embedding = "feature";
  EXPECT_EQ(ErrorOfOpening(Model("net.onnx")),
            "3: net.onnx: has no output \"feature\", which the side file names "
            "as embedding; did you mean \"features\"?; its outputs: logits and "
            "features");
}

TEST_F(Onnx, RefusesModelsThatTakeSomethingElseThanAPicture) {
  EXPECT_EQ(ErrorOfOpening(Model("two_inputs.onnx")),
            "3: two_inputs.onnx: takes 2 inputs (image and age), and a picture "
            "is one; export the model with the picture as its only input");
  EXPECT_EQ(ErrorOfOpening(Model("of_bytes.onnx")),
            "3: of_bytes.onnx: its input \"image\" is uint8, and pictures are "
            "given as floats of 32 bits; export the model with such an input");
}

TEST_F(Onnx, SaysWhatIsWrongWithTheFile) {
  const TemporaryFolder folder;
  const std::string bytes = ReadFile(Model("net.onnx"));
  WriteFile(folder / "cut.onnx", bytes.substr(0, 900));
  const std::string cut = ErrorOfOpening(folder / "cut.onnx");
  EXPECT_TRUE(cut.starts_with("3: ")) << cut;
  EXPECT_TRUE(
      cut.ends_with("the file is damaged or no ONNX file; export or "
                    "copy it again"))
      << cut;

  // An operator that nobody knows.
  std::string strange = bytes;
  for (size_t at = strange.find("Relu"); at != std::string::npos;
       at = strange.find("Relu")) {
    strange.replace(at, 4, "Rolu");
  }
  WriteFile(folder / "strange.onnx", strange);
  const std::string operation = ErrorOfOpening(folder / "strange.onnx");
  EXPECT_NE(operation.find("ONNX Runtime VERSION says: "), std::string::npos)
      << operation;
  EXPECT_NE(operation.find("Rolu"), std::string::npos) << operation;
  EXPECT_TRUE(
      operation.ends_with("export the model with operators of standard "
                          "ONNX, or as TorchScript (.pt)"))
      << operation;
}

TEST_F(Onnx, RunsOnTheProcessorAsExported) {
  EXPECT_EQ(ErrorOfOpening(Model("net.onnx"), {.device = "cuda"}),
            "2: --run-on cuda: models in ONNX files run on the processor; "
            "leave it out, or export the model as TorchScript (.pt)");
  EXPECT_EQ(ErrorOfOpening(Model("net.onnx"), {.precision = "bf16"}),
            "2: --precision bf16: models in ONNX files run as they were "
            "exported; leave it out");
}

}  // namespace
}  // namespace plumbline
