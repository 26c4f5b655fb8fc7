#include "plumbline/train/tune_scores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/stats/roc.h"

namespace plumbline::train {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr int64_t kSmallestClass = 5;

// The rows of one target, picked from those of the tuning part.
struct Labelled {
  std::vector<size_t> at;     // index into rows
  std::vector<float> values;  // what the target says of them
};

Labelled LabelledOf(const TargetValues& target, std::span<const int64_t> rows) {
  Labelled labelled;
  for (size_t i = 0; i < rows.size(); ++i) {
    const float value = target.values[rows[i]];
    if (std::isnan(value)) continue;
    labelled.at.push_back(i);
    labelled.values.push_back(value);
  }
  return labelled;
}

// Where a target's outputs are among all.
struct Outputs {
  std::span<const float> all;
  int64_t width = 0;  // outputs of a row
  int64_t first = 0;  // the target's
  int64_t count = 0;

  std::span<const float> Of(size_t i) const {
    return all.subspan(i * width + first, count);
  }
};

double LossOf(const ModelTarget& target, std::span<const float> outputs,
              float value) {
  if (target.kind == TargetKind::kBinary) {
    // log(1 + exp(-x)) where the label is 1, log(1 + exp(x)) where it is 0.
    const double x = value > 0.5F ? -outputs[0] : outputs[0];
    return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
  }
  if (target.kind == TargetKind::kClasses) {
    const double most = *std::max_element(outputs.begin(), outputs.end());
    double sum = 0;
    for (const float x : outputs) sum += std::exp(x - most);
    return most + std::log(sum) - outputs[static_cast<size_t>(value)];
  }
  const double residual = outputs[0] - (value - target.offset) / target.scale;
  return 0.5 * residual * residual;
}

// Of one level against the rest, among the labelled rows that `use` keeps; NaN
// with fewer than `smallest` rows of a class.
template <typename Use>
double AurocOf(const ModelTarget& target, const Outputs& outputs,
               const Labelled& labelled, size_t level, int64_t smallest,
               const Use& use) {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  int64_t positives = 0;
  const bool binary = target.kind == TargetKind::kBinary;
  for (size_t j = 0; j < labelled.at.size(); ++j) {
    if (!use(labelled.at[j])) continue;
    const std::span<const float> of_row = outputs.Of(labelled.at[j]);
    // The softmax, not the logit: that of a level alone orders nothing.
    double score = of_row[0];
    if (!binary) {
      score = -LossOf(target, of_row, static_cast<float>(level));
    }
    if (!std::isfinite(score)) return kNaN;
    scores.push_back(score);
    labels.push_back(static_cast<size_t>(labelled.values[j]) == level);
    positives += labels.back();
  }
  const auto n = static_cast<int64_t>(labels.size());
  if (positives < smallest || n - positives < smallest) return kNaN;
  return DelongAuroc(scores, labels).auroc;
}

template <typename Use>
double MeanAuroc(const ModelTarget& target, const Outputs& outputs,
                 const Labelled& labelled, int64_t smallest, const Use& use) {
  if (target.kind == TargetKind::kContinuous) return kNaN;
  if (target.kind == TargetKind::kBinary) {
    return AurocOf(target, outputs, labelled, 1, smallest, use);
  }
  double sum = 0;
  int count = 0;
  for (size_t level = 0; level < target.levels.size(); ++level) {
    const double auroc =
        AurocOf(target, outputs, labelled, level, smallest, use);
    if (std::isnan(auroc)) continue;
    sum += auroc;
    ++count;
  }
  return count == 0 ? kNaN : sum / count;
}

void FindWorstGroup(const TrainInput& input, std::span<const int64_t> rows,
                    const ModelTarget& target, const Outputs& outputs,
                    const Labelled& labelled, TargetScore* score) {
  score->worst_group_auroc = kNaN;
  for (const GroupCodes& groups : input.groups) {
    for (size_t level = 0; level < groups.levels.size(); ++level) {
      const double auroc =
          MeanAuroc(target, outputs, labelled, kSmallestClass, [&](size_t at) {
            return groups.codes[rows[at]] == static_cast<int32_t>(level);
          });
      if (std::isnan(auroc) || auroc >= score->worst_group_auroc) continue;
      score->worst_group_auroc = auroc;
      score->worst_group =
          fmt::format("{}={}", groups.attribute, groups.levels[level]);
    }
  }
}

}  // namespace

std::vector<std::string> TuningMetrics() {
  return {"auroc", "worst-target-auroc", "worst-group-auroc", "loss", "last"};
}

std::vector<TargetScore> ScoreTargets(const TrainInput& input,
                                      std::span<const int64_t> rows,
                                      std::span<const float> outputs) {
  std::vector<TargetScore> scores;
  Outputs of_target{.all = outputs};
  for (const TargetValues& target : input.targets) {
    of_target.width += target.target.outputs();
  }
  for (const TargetValues& target : input.targets) {
    of_target.first += of_target.count;
    of_target.count = target.target.outputs();
    const Labelled labelled = LabelledOf(target, rows);
    TargetScore score;
    score.target = target.target.name;
    double sum = 0;
    for (size_t j = 0; j < labelled.at.size(); ++j) {
      sum += LossOf(target.target, of_target.Of(labelled.at[j]),
                    labelled.values[j]);
    }
    score.loss = labelled.at.empty()
                     ? kNaN
                     : sum / static_cast<double>(labelled.at.size());
    score.auroc = MeanAuroc(target.target, of_target, labelled, 1,
                            [](size_t) { return true; });
    FindWorstGroup(input, rows, target.target, of_target, labelled, &score);
    scores.push_back(std::move(score));
  }
  return scores;
}

double MetricOf(const std::string& metric,
                const std::vector<TargetScore>& scores) {
  double sum = 0, least = kNaN;
  int count = 0;
  for (const TargetScore& score : scores) {
    const double value = metric == "loss" ? -score.loss
                         : metric == "worst-group-auroc"
                             ? score.worst_group_auroc
                             : score.auroc;
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
    if (!(value >= least)) least = value;
  }
  if (count == 0) return kNaN;
  return metric == "auroc" || metric == "loss" ? sum / count : least;
}

void RequireTellable(const TrainInput& input, std::span<const int64_t> rows,
                     const std::string& metric) {
  int64_t width = 0;
  for (const TargetValues& target : input.targets) {
    width += target.target.outputs();
  }
  const std::vector<float> equal(rows.size() * width, 0.0F);
  if (!std::isnan(MetricOf(metric, ScoreTargets(input, rows, equal)))) return;
  throw Error(
      ErrorCode::kUsage,
      "--metric {}: the tuning part cannot tell it: it needs a label with both "
      "values there{}; use --metric loss or last, or more people in that part",
      metric,
      metric == "worst-group-auroc" ? ", five times each in a group of --by"
                                    : "");
}

double ShownMetric(const std::string& metric, double value) {
  return metric == "loss" ? -value : value;
}

}  // namespace plumbline::train
