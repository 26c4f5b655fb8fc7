#include "plumbline/train/step_plan.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/train/sampler.h"

namespace plumbline::train {
namespace {

std::vector<int32_t> StrataOf(const TrainInput& input,
                              const TrainOptions& options,
                              const std::vector<int64_t>& rows) {
  std::vector<int32_t> strata;
  if (options.sampling == Sampling::kBalancedLabel) {
    if (input.targets.empty()) {
      throw Error(ErrorCode::kUsage, "--sampling label: there is no label");
    }
    const TargetValues& target = input.targets.at(0);
    if (target.target.kind == TargetKind::kContinuous) {
      throw Error(ErrorCode::kUsage,
                  "--sampling label: the first target, \"{}\", is a number and "
                  "has no classes to balance",
                  target.target.name);
    }
    for (const int64_t row : rows) {
      const float value = target.values[row];
      strata.push_back(std::isnan(value) ? -1 : static_cast<int32_t>(value));
    }
  }
  if (options.sampling == Sampling::kBalancedGroup) {
    std::vector<std::string> names;
    const GroupCodes* chosen = nullptr;
    for (const GroupCodes& groups : input.groups) {
      names.push_back(groups.attribute);
      if (groups.attribute == options.sampling_attribute) chosen = &groups;
    }
    if (chosen == nullptr) {
      throw Error(
          ErrorCode::kUsage,
          "--sampling {}: is none of the attributes{}; there are {}",
          options.sampling_attribute,
          DidYouMean(options.sampling_attribute, names),
          names.empty() ? "none: name them with --by" : JoinWords(names));
    }
    for (const int64_t row : rows) strata.push_back(chosen->codes[row]);
  }
  return strata;
}

}  // namespace

std::vector<int64_t> RowsOf(const TrainInput& input, Part part) {
  std::vector<int64_t> rows;
  for (size_t row = 0; row < input.parts.size(); ++row) {
    if (input.parts[row] == part && input.image_of_row[row] >= 0) {
      rows.push_back(static_cast<int64_t>(row));
    }
  }
  return rows;
}

StepPlan::StepPlan(const TrainInput& input, const TrainOptions& options,
                   int rank, int size)
    : rows_(RowsOf(input, Part::kTrain)),
      strata_(StrataOf(input, options, rows_)),
      batch_(options.batch),
      pieces_(options.accumulate),
      epochs_(options.epochs),
      views_(options.simsiam ? 2 : 1),
      seed_(options.seed),
      rank_(rank),
      size_(size) {
  const auto n = static_cast<int64_t>(rows_.size());
  // Of one image batch norm has no variance.
  const int64_t of_piece = options.batch_norm == BatchNormMode::kFrozen ? 1 : 2;
  const int64_t least = int64_t{size} * pieces_ * of_piece;
  const auto require = [&](int64_t rows, const char* what) {
    if (rows >= least) return;
    throw Error(ErrorCode::kUsage,
                "{} {} images cannot be shared among {} processes in {} pieces "
                "each with {} or more: start fewer processes, or change "
                "--batch and --accumulate{}",
                what, rows, size, pieces_, of_piece,
                of_piece > 1 ? ", or take --batch-norm frozen" : "");
  };
  require(batch_, "a step of");
  require(n, "the training part's");
  steps_per_epoch_ = n / batch_ + (n % batch_ >= least);
  steps_per_epoch_ = std::max<int64_t>(steps_per_epoch_, 1);
}

void StepPlan::OpenEpoch(int epoch) {
  if (epoch == epoch_) return;
  order_ = strata_.empty()
               ? ShuffledOrder(static_cast<int64_t>(rows_.size()), seed_, epoch)
               : BalancedOrder(strata_, seed_, epoch);
  epoch_ = epoch;
}

std::vector<int64_t> StepPlan::RowsOfStep(int64_t step) {
  OpenEpoch(static_cast<int>(step / steps_per_epoch_));
  const int64_t begin = step % steps_per_epoch_ * batch_;
  const auto end =
      std::min(begin + batch_, static_cast<int64_t>(order_.size()));
  std::vector<int64_t> rows;
  for (int64_t i = begin; i < end; ++i) rows.push_back(rows_[order_[i]]);
  return rows;
}

std::vector<BatchPlan> StepPlan::PiecesOf(int64_t step) {
  const std::vector<int64_t> rows = RowsOfStep(step);
  const auto n = static_cast<int64_t>(rows.size());
  const int64_t parts = int64_t{size_} * pieces_;
  std::vector<BatchPlan> pieces;
  for (int piece = 0; piece < pieces_; ++piece) {
    const int64_t part = int64_t{rank_} * pieces_ + piece;
    BatchPlan plan{.step = step, .piece = piece};
    const int64_t begin = n * part / parts, end = n * (part + 1) / parts;
    plan.rows.assign(rows.begin() + begin, rows.begin() + end);
    for (int view = 0; view < views_; ++view) {
      for (int64_t i = begin; i < end; ++i) {
        plan.streams.push_back(
            static_cast<uint64_t>((step * batch_ + i) * views_ + view));
      }
    }
    pieces.push_back(std::move(plan));
  }
  return pieces;
}

}  // namespace plumbline::train
