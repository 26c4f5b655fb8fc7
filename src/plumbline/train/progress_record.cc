#include "plumbline/train/progress_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/text.h"
#include "plumbline/infer/architectures.h"
#include "plumbline/train/option_names.h"
#include "plumbline/train/tune_scores.h"

namespace plumbline::train {
namespace {

double NumberOf(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN()
                        : json.get<double>();
}

Epoch EpochFromJson(const Json& json) {
  Epoch epoch;
  epoch.epoch = json.at("epoch").get<int>();
  epoch.step = json.at("step").get<int64_t>();
  epoch.learning_rate = NumberOf(json.at("learning_rate"));
  epoch.train_loss = NumberOf(json.at("train_loss"));
  epoch.tune_loss = NumberOf(json.at("tune_loss"));
  epoch.metric = NumberOf(json.at("metric"));
  for (const Json& target : json.at("targets")) {
    epoch.targets.push_back(
        {target.at("target").get<std::string>(), NumberOf(target.at("loss")),
         NumberOf(target.at("auroc")), NumberOf(target.at("worst_group_auroc")),
         target.at("worst_group").get<std::string>()});
  }
  return epoch;
}

template <typename T>
std::string_view BytesOf(const std::vector<T>& values) {
  return {reinterpret_cast<const char*>(values.data()),
          values.size() * sizeof(T)};
}

// Of what the network learns from, without names of people or files.
std::string DataHash(const TrainInput& input) {
  std::string parts = fmt::format("{} {} {}", FastHash(BytesOf(input.parts)),
                                  FastHash(BytesOf(input.image_of_row)),
                                  input.images->images());
  for (const TargetValues& target : input.targets) {
    const ModelTarget& t = target.target;
    parts += fmt::format(
        " {} {} {} {} [{}] {}", t.name, static_cast<int>(t.kind), t.scale,
        t.offset, fmt::join(t.levels, "|"), FastHash(BytesOf(target.values)));
  }
  for (const GroupCodes& groups : input.groups) {
    parts += fmt::format(" {} {}", groups.attribute,
                         FastHash(BytesOf(groups.codes)));
  }
  std::vector<uint64_t> checksums;
  for (int64_t image = 0; image < input.images->images(); ++image) {
    checksums.push_back(input.images->record(image).checksum);
  }
  return fmt::format(
      "{:016x}",
      FastHash(parts + fmt::format(" {}", FastHash(BytesOf(checksums)))));
}

std::string TextOf(const Preprocessing& p) {
  return fmt::format("{} x {} x {}, {}, [{}, {}], mean [{}], deviation [{}]",
                     p.channels, p.side, p.side, NameOf(p.resize), p.low,
                     p.high, fmt::join(p.mean, ", "),
                     fmt::join(p.deviation, ", "));
}

std::string SamplingText(const TrainOptions& options) {
  switch (options.sampling) {
    case Sampling::kShuffle:
      return "shuffle";
    case Sampling::kBalancedLabel:
      return "label";
    case Sampling::kBalancedGroup:
      return options.sampling_attribute;
  }
  return "";
}

void Require(bool good, const char* option, const char* range) {
  if (good) return;
  throw Error(ErrorCode::kUsage, "--{}: must be {}", option, range);
}

}  // namespace

Json ToJson(const Epoch& epoch) {
  Json targets = Json::array();
  for (const TargetScore& score : epoch.targets) {
    targets.push_back({{"target", score.target},
                       {"loss", Number(score.loss)},
                       {"auroc", Number(score.auroc)},
                       {"worst_group_auroc", Number(score.worst_group_auroc)},
                       {"worst_group", score.worst_group}});
  }
  return {{"epoch", epoch.epoch},
          {"step", epoch.step},
          {"learning_rate", Number(epoch.learning_rate)},
          {"train_loss", Number(epoch.train_loss)},
          {"tune_loss", Number(epoch.tune_loss)},
          {"metric", Number(epoch.metric)},
          {"targets", targets}};
}

Json ToJson(const Standing& standing) {
  Json epochs = Json::array();
  for (const Epoch& epoch : standing.epochs) epochs.push_back(ToJson(epoch));
  return {{"step", standing.step},
          {"optimiser_steps", standing.optimiser_steps},
          {"best_epoch", standing.best_epoch},
          {"best_metric", Number(standing.best_metric)},
          {"bfloat16", standing.bfloat16},
          {"channels_last", standing.channels_last},
          {"epochs", epochs}};
}

Standing StandingFromJson(const Json& json, const std::string& file) {
  try {
    Standing standing;
    standing.step = json.at("step").get<int64_t>();
    standing.optimiser_steps = json.at("optimiser_steps").get<int64_t>();
    standing.best_epoch = json.at("best_epoch").get<int>();
    standing.best_metric = NumberOf(json.at("best_metric"));
    standing.bfloat16 = json.at("bfloat16").get<bool>();
    standing.channels_last = json.at("channels_last").get<bool>();
    for (const Json& epoch : json.at("epochs")) {
      standing.epochs.push_back(EpochFromJson(epoch));
    }
    return standing;
  } catch (const Json::exception&) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "does not say where its run stands: the file is damaged; begin "
                "anew with --restart");
  }
}

std::string SentenceOf(const Epoch& epoch, const TrainOptions& options,
                       bool best) {
  std::string text = fmt::format("epoch {} of {}: loss {:.3f}", epoch.epoch,
                                 options.epochs, epoch.train_loss);
  if (!std::isnan(epoch.tune_loss)) {
    text += fmt::format(", on the tuning part {:.3f}", epoch.tune_loss);
  }
  if (options.simsiam) {
    return text + fmt::format(", spread of features {:.2f} (0: collapsed)",
                              epoch.metric);
  }
  if (!std::isnan(epoch.metric) && options.metric != "loss") {
    text += fmt::format(", {} {:.3f}", options.metric, epoch.metric);
  }
  if (best && options.metric != "last") text += " (best)";
  return text;
}

std::map<std::string, std::string> IdentityOf(const TrainInput& input,
                                              const TrainOptions& o) {
  const auto text = [](const auto& value) { return fmt::format("{}", value); };
  std::map<std::string, std::string> run = {
      {"data", DataHash(input)},
      {"--network", o.architecture},
      {"--weights", o.weights.empty() ? "none" : Sha256OfFile(o.weights)},
      {"--augment", TextOf(o.augmentation)},
      {"preprocessing", TextOf(input.preprocessing)},
      {"--pretrain", o.simsiam ? "simsiam" : "no"},
      {"--epochs", text(o.epochs)},
      {"--batch", text(o.batch)},
      {"--accumulate", text(o.accumulate)},
      {"--optimiser", NameOf(o.optimiser)},
      {"--learning-rate", text(o.learning_rate)},
      {"--weight-decay", text(o.weight_decay)},
      {"--momentum", text(o.momentum)},
      {"--schedule", NameOf(o.schedule)},
      {"--warmup", text(o.warmup)},
      {"--clip", text(o.clip)},
      {"--ema", text(o.ema)},
      {"--label-smoothing", text(o.label_smoothing)},
      {"--class-weights", NameOf(o.class_weights)},
      {"--sampling", SamplingText(o)},
      {"--batch-norm", NameOf(o.batch_norm)},
      {"--metric", o.metric},
      {"--patience", text(o.patience)},
      {"--precision", NameOf(o.precision)},
      {"--layout", NameOf(o.layout)},
      {"--run-on", o.device},
      {"--seed", text(o.seed)}};
  return run;
}

void RequireValid(const TrainOptions& o) {
  FindArchitecture(o.architecture);
  Require(o.epochs >= 1 && o.epochs <= 100'000, "epochs",
          "a whole number from 1 to 100000");
  Require(o.batch >= 1 && o.batch <= 1'000'000, "batch",
          "a whole number from 1 to 1000000");
  Require(o.accumulate >= 1 && o.accumulate <= o.batch, "accumulate",
          "a whole number from 1 to that of --batch");
  Require(std::isfinite(o.learning_rate) && o.learning_rate > 0,
          "learning-rate", "a number above 0, such as 0.001");
  Require(o.weight_decay >= 0 && o.weight_decay < 1, "weight-decay",
          "a number from 0 to below 1");
  Require(o.momentum >= 0 && o.momentum < 1, "momentum",
          "a number from 0 to below 1");
  Require(o.warmup >= 0 && o.warmup <= 0.9, "warmup",
          "a number from 0 to 0.9: the share of the steps");
  Require(o.clip >= 0 && std::isfinite(o.clip), "clip",
          "0 or a number above 0");
  Require(o.ema >= 0 && o.ema < 1, "ema", "a number from 0 to below 1");
  Require(o.label_smoothing >= 0 && o.label_smoothing <= 0.5, "label-smoothing",
          "a number from 0 to 0.5");
  Require(o.patience >= 0, "patience", "0 or more epochs");
  Require(o.checkpoint_minutes >= 0, "checkpoint", "0 or more minutes");
  const std::vector<std::string> metrics = TuningMetrics();
  if (std::find(metrics.begin(), metrics.end(), o.metric) == metrics.end()) {
    throw Error(ErrorCode::kUsage, "--metric {}: is none{}; there are {}",
                o.metric, DidYouMean(o.metric, metrics), JoinWords(metrics));
  }
}

int LoaderThreads(const TrainOptions& options) {
  // One makes hundreds of images ready in the time of a step of a large
  // network; small networks on many processors need more.
  return std::clamp(options.threads / 2, 1, 8);
}

}  // namespace plumbline::train
