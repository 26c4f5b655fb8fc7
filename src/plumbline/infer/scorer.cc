#include "plumbline/infer/scorer.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

void Softmax(std::span<float> values) {
  const float largest = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (const float value : values) sum += std::exp(double{value} - largest);
  for (float& value : values) {
    value = static_cast<float>(std::exp(double{value} - largest) / sum);
  }
}

void ActivateTarget(const ModelTarget& target, Activation activation,
                    std::span<float> values) {
  switch (target.kind) {
    case TargetKind::kContinuous:
      values[0] = static_cast<float>(values[0] * target.scale + target.offset);
      return;
    case TargetKind::kClasses:
      if (activation != Activation::kNone) Softmax(values);
      return;
    case TargetKind::kBinary:
      if (activation == Activation::kNone) return;
      values[0] = static_cast<float>(
          1 / (1 + std::exp(-static_cast<double>(values[0]))));
      return;
  }
}

}  // namespace

std::vector<float> Scorer::Saliency(std::span<const float>, int64_t, int64_t) {
  throw Error(ErrorCode::kInternal,
              "this model cannot say what it looked at (can_explain)");
}

void Activate(const ModelCard& card, int64_t n, std::vector<float>* outputs) {
  const int64_t width = card.outputs();
  for (int64_t i = 0; i < n; ++i) {
    const std::span<float> row(outputs->data() + i * width, width);
    if (card.activation == Activation::kSoftmax) {
      Softmax(row);
      continue;
    }
    int64_t first = 0;
    for (const ModelTarget& target : card.targets) {
      ActivateTarget(target, card.activation,
                     row.subspan(first, target.outputs()));
      first += target.outputs();
    }
  }
}

}  // namespace plumbline
