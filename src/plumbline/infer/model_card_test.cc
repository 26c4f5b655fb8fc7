#include "plumbline/infer/model_card.h"

#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

std::string ErrorOfSideFile(const std::string& text) {
  return ErrorText([&] { ParseModelSideFile(text, "m.toml"); });
}

TEST(SideFile, SaysWhatAModelTakesAndGives) {
  const ModelCard card = ParseModelSideFile(
      "side = 224\nchannels = 3\nresize = \"crop\"\nrange = [-1, 1]\n"
      "mean = [0.485, 0.456, 0.406]\ndeviation = [0.229, 0.224, 0.225]\n"
      "targets = [\"Effusion\", \"Edema\"]\nactivation = \"softmax\"\n"
      "embedding = \"features\"\n",
      "m.toml");
  EXPECT_EQ(card.preprocessing.side, 224);
  EXPECT_EQ(card.preprocessing.channels, 3);
  EXPECT_EQ(card.preprocessing.resize, ResizeMode::kCrop);
  EXPECT_EQ(card.preprocessing.low, -1);
  EXPECT_EQ(card.preprocessing.mean[2], 0.406);
  EXPECT_EQ(card.activation, Activation::kSoftmax);
  EXPECT_EQ(card.embedding, "features");
  EXPECT_EQ(card.outputs(), 2);
  EXPECT_EQ(card.ScoreNames(),
            (std::vector<std::string>{"score_Effusion", "score_Edema"}));
}

TEST(SideFile, NeedsTheSideAndTheTargetsAlone) {
  const ModelCard card =
      ParseModelSideFile("side = 64\ntargets = \"ill\"\n", "m.toml");
  EXPECT_EQ(card.preprocessing.channels, 1);
  EXPECT_EQ(card.preprocessing.high, 1);
  EXPECT_EQ(card.activation, Activation::kSigmoid);
  EXPECT_EQ(card.embedding, "");
}

TEST(SideFile, IsRefusedWithWhatIsWrong) {
  EXPECT_EQ(
      ErrorOfSideFile("side = 64\n"),
      "2: m.toml, line 1: targets is missing: the names of the model's outputs "
      "in their order, such as targets = [\"Effusion\"]");
  EXPECT_EQ(
      ErrorOfSideFile("targets = [\"a\"]\n"),
      "2: m.toml, line 1: side is missing: the width and height that the model "
      "takes, such as side = 224");
  EXPECT_EQ(ErrorOfSideFile("side = 64.5\ntargets = [\"a\"]\n"),
            "2: m.toml, line 1: side: must be from 1 to 16384 pixels");
  EXPECT_EQ(ErrorOfSideFile("side = 1e200\ntargets = [\"a\"]\n"),
            "2: m.toml, line 1: side: must be from 1 to 16384 pixels");
  EXPECT_EQ(
      ErrorOfSideFile("side = 64\ntargets = [\"a\", \"a\"]\n"),
      "2: m.toml, line 2: targets: \"a\" is empty or there twice; each output "
      "needs a name of its own");
  EXPECT_EQ(
      ErrorOfSideFile("side = 64\ntargets = [\"a\"]\nactivation = \"relu\"\n"),
      "2: m.toml, line 3: \"relu\" is no activation; there are none, sigmoid "
      "and "
      "softmax");
  EXPECT_EQ(
      ErrorOfSideFile("side = 64\ntargets = [\"a\"]\nmean = [1, 2]\n"),
      "2: m.toml, line 3: mean and deviation: must have one number for each "
      "channel");
}

ModelCard OwnCard() {
  ModelCard card;
  card.architecture = "small-cnn";
  card.preprocessing = {.side = 64, .mean = {0.5}, .deviation = {0.25}};
  card.targets = {
      {.name = "ill"},
      {.name = "view", .kind = TargetKind::kClasses, .levels = {"AP", "PA"}},
      {.name = "age",
       .kind = TargetKind::kContinuous,
       .scale = 10,
       .offset = 50}};
  card.input_sha256 = ReferenceHash(card.preprocessing);
  card.reference_outputs = {0.25, -1};
  card.training = {{"epochs", 3}};
  return card;
}

TEST(ModelCard, IsReadAsItWasWritten) {
  const Json json = ToJson(OwnCard());
  const ModelCard again = ModelCardFromJson(json, "model.safetensors");
  EXPECT_EQ(ToJson(again), json);
  EXPECT_EQ(again.ScoreNames(),
            (std::vector<std::string>{"score_ill", "score_view=AP",
                                      "score_view=PA", "score_age"}));
  EXPECT_EQ(again.outputs(), 4);
}

TEST(ModelCard, IsRefusedWhereItMeansNothing) {
  const auto error_of = [](const char* pointer, const Json& value) {
    Json json = ToJson(OwnCard());
    json[Json::json_pointer(pointer)] = value;
    return ErrorText([&] { ModelCardFromJson(json, "m.safetensors"); });
  };
  EXPECT_EQ(error_of("/schema", "plumbline.model/9"),
            "3: m.safetensors: its card is \"plumbline.model/9\", this version "
            "reads \"plumbline.model/1\"");
  EXPECT_EQ(error_of("/targets/2/scale", 0),
            "3: m.safetensors: target \"age\" has a scale that is not above 0, "
            "or an offset that is no number");
  EXPECT_EQ(error_of("/targets/1/levels", {"AP", "AP"}),
            "3: m.safetensors: target \"view\" has a level twice");
  EXPECT_EQ(error_of("/preprocessing/side", 1e300),
            "3: m.safetensors: side: must be from 1 to 16384 pixels");
  EXPECT_EQ(error_of("/targets", 7),
            "3: m.safetensors: the card in it lacks something, or has it in "
            "another form; it is no model of plumbline train, or is damaged");
}

}  // namespace
}  // namespace plumbline
