#include "plumbline/infer/model_card.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/toml_reader.h"

namespace plumbline {
namespace {

constexpr const char* kSchema = "plumbline.model/1";

struct KindName {
  TargetKind kind;
  const char* name;
};
constexpr KindName kKinds[] = {{TargetKind::kBinary, "binary"},
                               {TargetKind::kClasses, "classes"},
                               {TargetKind::kContinuous, "continuous"}};

struct ActivationName {
  Activation activation;
  const char* name;
};
constexpr ActivationName kActivations[] = {{Activation::kNone, "none"},
                                           {Activation::kSigmoid, "sigmoid"},
                                           {Activation::kSoftmax, "softmax"}};

const char* NameOf(TargetKind kind) {
  for (const KindName& entry : kKinds) {
    if (entry.kind == kind) return entry.name;
  }
  return "";
}

const char* NameOf(Activation activation) {
  for (const ActivationName& entry : kActivations) {
    if (entry.activation == activation) return entry.name;
  }
  return "";
}

Json ToJson(const Preprocessing& preprocessing) {
  return {{"side", preprocessing.side},
          {"channels", preprocessing.channels},
          {"resize", NameOf(preprocessing.resize)},
          {"window", preprocessing.window},
          {"range", {preprocessing.low, preprocessing.high}},
          {"mean", preprocessing.mean},
          {"deviation", preprocessing.deviation}};
}

// A number of pixels or channels; what is none becomes 0, which RequireValid
// refuses.
int SmallWhole(double number) {
  return number >= 1 && number <= 1e6 && number == std::floor(number)
             ? static_cast<int>(number)
             : 0;
}

Preprocessing PreprocessingFromJson(const Json& json) {
  Preprocessing preprocessing;
  preprocessing.side = SmallWhole(json.at("side").get<double>());
  preprocessing.channels = SmallWhole(json.at("channels").get<double>());
  preprocessing.resize = ParseResizeMode(json.at("resize").get<std::string>());
  preprocessing.window = json.at("window").get<std::string>();
  preprocessing.low = json.at("range").at(0).get<double>();
  preprocessing.high = json.at("range").at(1).get<double>();
  preprocessing.mean = json.at("mean").get<std::vector<double>>();
  preprocessing.deviation = json.at("deviation").get<std::vector<double>>();
  RequireValid(preprocessing);
  return preprocessing;
}

ModelTarget TargetFromJson(const Json& json) {
  ModelTarget target;
  target.name = json.at("name").get<std::string>();
  const std::string kind = json.at("kind").get<std::string>();
  bool known = false;
  for (const KindName& entry : kKinds) {
    if (kind == entry.name) {
      target.kind = entry.kind;
      known = true;
    }
  }
  if (!known) {
    throw Error(ErrorCode::kUsage, "\"{}\" is no kind of target", kind);
  }
  target.levels = json.at("levels").get<std::vector<std::string>>();
  target.scale = json.at("scale").get<double>();
  target.offset = json.at("offset").get<double>();
  if (target.kind == TargetKind::kClasses && target.levels.size() < 2) {
    throw Error(ErrorCode::kUsage, "target \"{}\" has fewer than two levels",
                target.name);
  }
  return target;
}

// Throws Error(kUsage) if scores could not be told apart by their names, or
// not be computed.
void RequireValid(const std::vector<ModelTarget>& targets) {
  std::set<std::string> names;
  for (const ModelTarget& target : targets) {
    if (target.name.empty() || !names.insert(target.name).second) {
      throw Error(ErrorCode::kUsage,
                  "targets: \"{}\" is empty or there twice; each output needs "
                  "a name of its own",
                  target.name);
    }
    const std::set<std::string> levels(target.levels.begin(),
                                       target.levels.end());
    if (levels.size() != target.levels.size()) {
      throw Error(ErrorCode::kUsage, "target \"{}\" has a level twice",
                  target.name);
    }
    if (!std::isfinite(target.scale) || target.scale <= 0 ||
        !std::isfinite(target.offset)) {
      throw Error(ErrorCode::kUsage,
                  "target \"{}\" has a scale that is not above 0, or an "
                  "offset that is no number",
                  target.name);
    }
  }
}

Activation ActivationOf(const std::string& name) {
  for (const ActivationName& entry : kActivations) {
    if (name == entry.name) return entry.activation;
  }
  throw Error(ErrorCode::kUsage,
              "\"{}\" is no activation; there are none, sigmoid and softmax",
              name);
}

ModelCard Read(const Json& json) {
  const std::string schema = json.at("schema").get<std::string>();
  if (schema != kSchema) {
    throw Error(ErrorCode::kUsage,
                "its card is \"{}\", this version reads \"{}\"", schema,
                kSchema);
  }
  ModelCard card;
  card.architecture = json.at("architecture").get<std::string>();
  card.preprocessing = PreprocessingFromJson(json.at("preprocessing"));
  for (const Json& target : json.at("targets")) {
    card.targets.push_back(TargetFromJson(target));
  }
  if (card.targets.empty()) {
    throw Error(ErrorCode::kUsage, "its card names no target");
  }
  RequireValid(card.targets);
  card.activation = ActivationOf(json.at("activation").get<std::string>());
  card.embedding = json.value("embedding", "");
  card.input_sha256 = json.at("input_sha256").get<std::string>();
  card.reference_outputs =
      json.at("reference_outputs").get<std::vector<double>>();
  card.training = json.at("training");
  return card;
}

}  // namespace

int64_t ModelCard::outputs() const {
  int64_t count = 0;
  for (const ModelTarget& target : targets) count += target.outputs();
  return count;
}

std::vector<std::string> ModelCard::ScoreNames() const {
  std::vector<std::string> names;
  for (const ModelTarget& target : targets) {
    if (target.kind != TargetKind::kClasses) {
      names.push_back("score_" + target.name);
      continue;
    }
    for (const std::string& level : target.levels) {
      names.push_back(fmt::format("score_{}={}", target.name, level));
    }
  }
  return names;
}

Json ToJson(const ModelCard& card) {
  Json targets = Json::array();
  for (const ModelTarget& target : card.targets) {
    targets.push_back({{"name", target.name},
                       {"kind", NameOf(target.kind)},
                       {"levels", target.levels},
                       {"scale", target.scale},
                       {"offset", target.offset}});
  }
  return {{"schema", kSchema},
          {"architecture", card.architecture},
          {"preprocessing", ToJson(card.preprocessing)},
          {"targets", targets},
          {"activation", NameOf(card.activation)},
          {"embedding", card.embedding},
          {"input_sha256", card.input_sha256},
          {"reference_outputs", card.reference_outputs},
          {"training", card.training}};
}

ModelCard ModelCardFromJson(const Json& json, const std::string& file) {
  try {
    return Read(json);
  } catch (const Error& error) {
    throw Error(ErrorCode::kInvalidInput, {.file = file}, "{}", error.what());
  } catch (const Json::exception&) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "the card in it lacks something, or has it in another form; "
                "it is no model of plumbline train, or is damaged");
  }
}

ModelCard ParseModelSideFile(std::string_view text, const std::string& file) {
  const TomlTable toml = TomlTable::Parse(text, file);
  toml.RequireKeys({"side", "channels", "resize", "range", "mean", "deviation",
                    "targets", "activation", "embedding"});
  ModelCard card;
  Preprocessing& preprocessing = card.preprocessing;
  if (!toml.Has("side")) {
    toml.Fail("",
              "side is missing: the width and height that the model takes, "
              "such as side = 224");
  }
  preprocessing.side = SmallWhole(toml.Number("side", 0));
  preprocessing.channels = SmallWhole(toml.Number("channels", 1));
  preprocessing.mean = toml.Numbers("mean");
  preprocessing.deviation = toml.Numbers("deviation");
  const std::vector<double> range = toml.Numbers("range");
  if (!range.empty() && range.size() != 2) {
    toml.Fail("range", "must be two numbers: what black and white become");
  }
  if (!range.empty()) {
    preprocessing.low = range[0];
    preprocessing.high = range[1];
  }
  card.embedding = toml.Text("embedding");
  const std::string resize = toml.Text("resize");
  const std::string activation = toml.Text("activation");
  for (const std::string& name : toml.Texts("targets")) {
    card.targets.push_back({.name = name});
  }
  // With the line of what is wrong, where a key stands for it.
  const auto check = [&](std::string key, const auto& work) {
    try {
      work();
    } catch (const Error& error) {
      const std::string message = error.what();
      if (key.empty()) key = message.substr(0, message.find_first_of(": "));
      toml.Fail(toml.Has(key) ? key : "", "{}", message);
    }
  };
  if (!resize.empty()) {
    check("resize", [&] { preprocessing.resize = ParseResizeMode(resize); });
  }
  if (!activation.empty()) {
    check("activation", [&] { card.activation = ActivationOf(activation); });
  }
  check("", [&] {
    RequireValid(preprocessing);
    RequireValid(card.targets);
  });
  if (card.targets.empty()) {
    toml.Fail("",
              "targets is missing: the names of the model's outputs in "
              "their order, such as targets = [\"Effusion\"]");
  }
  return card;
}

}  // namespace plumbline
