#include "plumbline/train/train_json.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <set>

#include "plumbline/base/text.h"
#include "plumbline/base/version.h"
#include "plumbline/stats/roc.h"
#include "plumbline/train/option_names.h"
#include "plumbline/train/progress_record.h"
#include "plumbline/train/step_plan.h"

namespace plumbline::train {
namespace {

constexpr double kLevel = 0.95;

const char* PartName(Part part) {
  switch (part) {
    case Part::kTrain:
      return "train";
    case Part::kTune:
      return "tune";
    case Part::kOther:
      break;
  }
  return "other";
}

// Rows, people, and rows with each value of each target.
Json PartFacts(const Cohort& cohort, const TrainInput& input, Part part) {
  std::set<uint32_t> subjects;
  const std::vector<int64_t> rows = RowsOf(input, part);
  for (const int64_t row : rows) subjects.insert(cohort.subjects[row]);
  Json targets = Json::array();
  for (const TargetValues& target : input.targets) {
    const bool binary = target.target.kind == TargetKind::kBinary;
    std::vector<int64_t> counts(
        target.target.kind == TargetKind::kContinuous
            ? 1
            : std::max<size_t>(2, target.target.levels.size()));
    int64_t missing = 0;
    for (const int64_t row : rows) {
      const float value = target.values[row];
      if (std::isnan(value)) {
        ++missing;
      } else {
        ++counts[counts.size() == 1 ? 0 : static_cast<size_t>(value)];
      }
    }
    Json entry = {{"target", target.target.name}, {"missing", missing}};
    if (binary) {
      entry["positive"] = counts[1];
      entry["negative"] = counts[0];
    } else if (counts.size() > 1) {
      for (size_t level = 0; level < counts.size(); ++level) {
        entry["levels"][target.target.levels[level]] = counts[level];
      }
    } else {
      entry["known"] = counts[0];
    }
    targets.push_back(std::move(entry));
  }
  Json groups = Json::array();
  for (const GroupCodes& codes : input.groups) {
    std::vector<int64_t> counts(codes.levels.size());
    for (const int64_t row : rows) {
      if (codes.codes[row] >= 0) ++counts[codes.codes[row]];
    }
    for (size_t level = 0; level < counts.size(); ++level) {
      groups.push_back(
          {{"attributes", {{codes.attribute, codes.levels[level]}}},
           {"rows", counts[level]}});
    }
  }
  return {{"part", PartName(part)},
          {"rows", rows.size()},
          {"subjects", subjects.size()},
          {"targets", targets},
          {"groups", groups}};
}

Json OptionsJson(const TrainOptions& o) {
  return {{"epochs", o.epochs},
          {"batch", o.batch},
          {"accumulate", o.accumulate},
          {"optimiser", NameOf(o.optimiser)},
          {"learning_rate", o.learning_rate},
          {"weight_decay", o.weight_decay},
          {"momentum", o.momentum},
          {"schedule", NameOf(o.schedule)},
          {"warmup", o.warmup},
          {"clip", o.clip},
          {"ema", o.ema},
          {"label_smoothing", o.label_smoothing},
          {"class_weights", NameOf(o.class_weights)},
          {"batch_norm", NameOf(o.batch_norm)},
          {"augmentation", TextOf(o.augmentation)},
          {"metric", o.metric},
          {"patience", o.patience},
          {"seed", o.seed}};
}

// AUROC of the best epoch on the tuning part with its interval, clustered by
// subject; only of targets with two classes.
Json TuneEstimate(const Cohort& cohort, const TrainInput& input,
                  const TargetValues& target, int64_t column, int64_t width,
                  std::span<const float> outputs) {
  const std::vector<int64_t> rows = RowsOf(input, Part::kTune);
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  std::vector<uint32_t> clusters;
  std::set<uint32_t> subjects;
  int64_t events = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    const float value = target.values[rows[i]];
    if (std::isnan(value)) continue;
    scores.push_back(outputs[static_cast<int64_t>(i) * width + column]);
    labels.push_back(value > 0.5F);
    clusters.push_back(cohort.subjects[rows[i]]);
    subjects.insert(clusters.back());
    events += labels.back();
  }
  Json estimate = {{"target", target.target.name},
                   {"metric", "auroc"},
                   {"value", nullptr},
                   {"lo", nullptr},
                   {"hi", nullptr},
                   {"level", kLevel},
                   {"n", labels.size()},
                   {"subjects", subjects.size()},
                   {"events", events},
                   {"method", "delong_clustered"}};
  const AurocResult auroc = ClusteredAuroc(scores, labels, clusters);
  if (std::isnan(auroc.auroc)) {
    estimate["reason"] = "one_class";
    return estimate;
  }
  const Interval interval = AurocInterval(auroc, kLevel);
  estimate["value"] = Number(auroc.auroc);
  estimate["lo"] = Number(interval.lo);
  estimate["hi"] = Number(interval.hi);
  return estimate;
}

Json TuneEstimates(const Cohort& cohort, const TrainInput& input,
                   const TrainResult& result) {
  Json estimates = Json::array();
  if (result.tune_outputs.empty()) return estimates;
  int64_t width = 0, column = 0;
  for (const TargetValues& target : input.targets) {
    width += target.target.outputs();
  }
  for (const TargetValues& target : input.targets) {
    if (target.target.kind == TargetKind::kBinary) {
      estimates.push_back(TuneEstimate(cohort, input, target, column, width,
                                       result.tune_outputs));
    }
    column += target.target.outputs();
  }
  return estimates;
}

}  // namespace

Json TrainingFacts(const Cohort& cohort, const MadeInput& made,
                   const TrainOptions& options) {
  Json facts = {{"plumbline", kVersion}, {"options", OptionsJson(options)}};
  facts["parts"] = Json::array();
  // As split.csv calls them.
  std::set<std::string> seen;
  for (const Part part : {Part::kTrain, Part::kTune}) {
    facts["parts"].push_back(PartFacts(cohort, made.input, part));
    for (const int64_t row : RowsOf(made.input, part)) {
      seen.insert(made.parts[row]);
    }
  }
  facts["seen_parts"] = seen;
  return facts;
}

Json ToJson(const Cohort& cohort, const MadeInput& made,
            const TrainOptions& options, const TrainResult& result) {
  Json parts = Json::array();
  for (const Part part : {Part::kTrain, Part::kTune, Part::kOther}) {
    parts.push_back(PartFacts(cohort, made.input, part));
  }
  Json epochs = Json::array();
  for (const Epoch& epoch : result.epochs) {
    epochs.push_back(train::ToJson(epoch));
  }
  Json card = plumbline::ToJson(result.card);
  card.erase("training");
  if (options.simsiam) {
    for (const char* key : {"targets", "activation", "reference_outputs"}) {
      card.erase(key);
    }
  }
  return {{"schema", "plumbline.train/1"},
          {"plumbline", kVersion},
          {"model", card},
          {"parameters", result.parameters},
          {"parts", parts},
          {"own_split", made.own_split},
          {"rows_without_image", result.rows_without_image},
          {"options", OptionsJson(options)},
          {"computed_in",
           {{"precision", result.bfloat16 ? "bf16" : "fp32"},
            {"channels_last", result.channels_last}}},
          {"pretrained", options.simsiam ? Json("simsiam") : Json()},
          {"metric", options.simsiam ? "spread" : options.metric},
          {"best_epoch", result.best_epoch},
          {"stopped_early", result.stopped_early},
          {"epochs", epochs},
          {"tuning", TuneEstimates(cohort, made.input, result)},
          {"notes", result.notes}};
}

Json TimesOf(const TrainResult& result) {
  return {{"seconds", result.seconds},
          {"seconds_to_first_step", result.seconds_to_first_step},
          {"epoch_seconds", result.epoch_seconds},
          {"seconds_waiting_for_images", result.seconds_waiting},
          {"images_per_second", result.images_per_second},
          {"resumed_at_step", result.resumed_step},
          {"measured", result.measured}};
}

std::string HistoryCsv(const TrainResult& result) {
  std::string csv = "epoch,step,learning_rate,train_loss,tune_loss,metric,best";
  if (!result.epochs.empty()) {
    for (const TargetScore& score : result.epochs[0].targets) {
      for (const char* what : {"loss ", "auroc ", "worst_group_auroc "}) {
        csv += ',';
        AppendCsvField(what + score.target, &csv);
      }
    }
  }
  csv += '\n';
  const auto number = [](double value) {
    return std::isnan(value) ? std::string() : fmt::format("{}", value);
  };
  for (const Epoch& epoch : result.epochs) {
    csv += fmt::format("{},{},{},{},{},{},{}", epoch.epoch, epoch.step,
                       epoch.learning_rate, number(epoch.train_loss),
                       number(epoch.tune_loss), number(epoch.metric),
                       epoch.epoch == result.best_epoch ? 1 : 0);
    for (const TargetScore& score : epoch.targets) {
      csv += fmt::format(",{},{},{}", number(score.loss), number(score.auroc),
                         number(score.worst_group_auroc));
    }
    csv += '\n';
  }
  return csv;
}

}  // namespace plumbline::train
