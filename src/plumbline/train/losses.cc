#include "plumbline/train/losses.h"

#include <ATen/ATen.h>

#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline::train {
namespace {

// How many rows of the training part have each class of a target.
std::vector<int64_t> CountClasses(const TrainInput& input,
                                  const TargetValues& target) {
  const size_t classes = target.target.kind == TargetKind::kBinary
                             ? 2
                             : target.target.levels.size();
  std::vector<int64_t> counts(classes, 0);
  for (size_t row = 0; row < target.values.size(); ++row) {
    const float value = target.values[row];
    if (input.parts[row] != Part::kTrain || input.image_of_row[row] < 0 ||
        std::isnan(value)) {
      continue;
    }
    ++counts[static_cast<size_t>(value)];
  }
  return counts;
}

const char* OptionOf(TargetKind kind) {
  switch (kind) {
    case TargetKind::kClasses:
      return "--classes";
    case TargetKind::kContinuous:
      return "--regress";
    case TargetKind::kBinary:
      break;
  }
  return "--label";
}

std::vector<double> BalancedWeights(const std::vector<int64_t>& counts) {
  int64_t all = 0;
  int present = 0;
  for (const int64_t count : counts) {
    all += count;
    present += count > 0;
  }
  std::vector<double> weights;
  for (const int64_t count : counts) {
    weights.push_back(count == 0 ? 0
                                 : static_cast<double>(all) / present /
                                       static_cast<double>(count));
  }
  return weights;
}

}  // namespace

void RequireLearnable(const TrainInput& input) {
  for (const TargetValues& target : input.targets) {
    if (target.target.kind == TargetKind::kContinuous) {
      bool any = false;
      for (size_t row = 0; row < target.values.size() && !any; ++row) {
        any = input.parts[row] == Part::kTrain &&
              input.image_of_row[row] >= 0 && !std::isnan(target.values[row]);
      }
      if (any) continue;
    } else {
      int present = 0;
      for (const int64_t count : CountClasses(input, target)) {
        present += count > 0;
      }
      if (present > 1) continue;
      if (present == 1) {
        throw Error(
            ErrorCode::kInvalidInput,
            Location{.file = input.table_file, .column = target.target.name},
            "every row of the training part that has the label has the "
            "same one: there is nothing to tell apart; leave it out of {}",
            OptionOf(target.target.kind));
      }
    }
    throw Error(
        ErrorCode::kInvalidInput,
        Location{.file = input.table_file, .column = target.target.name},
        "no row of the training part has this label; leave it out of {}, or "
        "look at --uncertain, --unmentioned and the split",
        OptionOf(target.target.kind));
  }
}

Losses::Losses(const TrainInput& input, const TrainOptions& options)
    : input_(input), smoothing_(options.label_smoothing) {
  for (const TargetValues& target : input.targets) {
    if (target.target.kind == TargetKind::kContinuous) {
      class_weights_.push_back({1.0});
      continue;
    }
    const std::vector<int64_t> counts = CountClasses(input, target);
    class_weights_.push_back(options.class_weights == ClassWeights::kBalanced
                                 ? BalancedWeights(counts)
                                 : std::vector<double>(counts.size(), 1.0));
  }
}

double Losses::WeightOf(size_t target, float value) const {
  if (std::isnan(value)) return 0;
  const std::vector<double>& weights = class_weights_[target];
  return weights.size() == 1 ? weights[0] : weights[static_cast<size_t>(value)];
}

std::vector<double> Losses::WeightSums(std::span<const int64_t> rows) const {
  std::vector<double> sums;
  for (size_t t = 0; t < input_.targets.size(); ++t) {
    double sum = 0;
    for (const int64_t row : rows) {
      sum += WeightOf(t, input_.targets[t].values[row]);
    }
    sums.push_back(sum);
  }
  return sums;
}

at::Tensor Losses::Loss(const at::Tensor& outputs,
                        std::span<const int64_t> rows,
                        std::span<const double> weight_sums) const {
  int targets = 0;
  for (const double sum : weight_sums) targets += sum > 0;
  const auto n = static_cast<int64_t>(rows.size());
  const at::Tensor floats = outputs.to(at::kFloat);
  // What stands where a target is missing does not count.
  const auto of_rows = [&](size_t t, auto entry) {
    at::Tensor values = at::empty({n});
    float* to = values.data_ptr<float>();
    for (int64_t i = 0; i < n; ++i) {
      to[i] = static_cast<float>(entry(input_.targets[t].values[rows[i]]));
    }
    return values.to(floats.device());
  };
  at::Tensor loss = at::zeros({}, floats.options());
  int64_t column = 0;
  for (size_t t = 0; t < input_.targets.size(); ++t) {
    const ModelTarget& target = input_.targets[t].target;
    const int64_t first = column;
    column += target.outputs();
    if (weight_sums[t] <= 0) continue;
    const double unit = 1 / (weight_sums[t] * targets);
    const at::Tensor weights =
        of_rows(t, [&](float value) { return WeightOf(t, value) * unit; });
    const at::Tensor truth = of_rows(
        t, [](float value) { return std::isnan(value) ? 0.0F : value; });
    if (target.kind == TargetKind::kBinary) {
      const at::Tensor wanted = truth * (1 - smoothing_) + smoothing_ / 2;
      loss = loss + at::binary_cross_entropy_with_logits(
                        floats.select(1, first), wanted, weights, {},
                        at::Reduction::Sum);
    } else if (target.kind == TargetKind::kClasses) {
      const at::Tensor log_p =
          at::log_softmax(floats.narrow(1, first, target.outputs()), 1);
      const at::Tensor chosen =
          log_p.gather(1, truth.to(at::kLong).unsqueeze(1)).squeeze(1);
      const at::Tensor wanted =
          chosen * (1 - smoothing_) + log_p.mean(1) * smoothing_;
      loss = loss - (wanted * weights).sum();
    } else {
      const at::Tensor residual =
          floats.select(1, first) - (truth - target.offset) / target.scale;
      loss = loss + (residual * residual * weights).sum() * 0.5;
    }
  }
  return loss;
}

}  // namespace plumbline::train
