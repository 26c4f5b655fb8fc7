#include "plumbline/train/option_names.h"

#include <fmt/format.h>

#include <iterator>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline::train {
namespace {

template <typename T>
struct Named {
  T value;
  const char* name;
};

constexpr Named<Optimiser> kOptimisers[] = {{Optimiser::kAdamW, "adamw"},
                                            {Optimiser::kSgd, "sgd"}};
constexpr Named<Schedule> kSchedules[] = {{Schedule::kCosine, "cosine"},
                                          {Schedule::kConstant, "constant"},
                                          {Schedule::kStep, "step"}};
constexpr Named<Precision> kPrecisions[] = {{Precision::kAuto, "auto"},
                                            {Precision::kFloat32, "fp32"},
                                            {Precision::kBFloat16, "bf16"}};
constexpr Named<MemoryLayout> kLayouts[] = {
    {MemoryLayout::kAuto, "auto"},
    {MemoryLayout::kChannelsFirst, "channels-first"},
    {MemoryLayout::kChannelsLast, "channels-last"}};
constexpr Named<BatchNormMode> kBatchNorms[] = {
    {BatchNormMode::kBatch, "batch"},
    {BatchNormMode::kFrozen, "frozen"},
    {BatchNormMode::kSynchronised, "synchronised"}};
constexpr Named<ClassWeights> kClassWeights[] = {
    {ClassWeights::kNone, "none"}, {ClassWeights::kBalanced, "balanced"}};

template <typename T, size_t kSize>
const char* Find(const Named<T> (&table)[kSize], T value) {
  for (const Named<T>& entry : table) {
    if (entry.value == value) return entry.name;
  }
  return "";
}

template <typename T, size_t kSize>
T Parse(const Named<T> (&table)[kSize], const char* option,
        const std::string& text) {
  std::vector<std::string> names;
  for (const Named<T>& entry : table) {
    if (text == entry.name) return entry.value;
    names.emplace_back(entry.name);
  }
  throw Error(ErrorCode::kUsage, "--{} {}: is none{}; there are {}", option,
              text, DidYouMean(text, names), JoinWords(names));
}

struct Range {
  const char* name;
  double Augmentation::*value;
};
constexpr Range kRanges[] = {{"flip", &Augmentation::flip},
                             {"rotate", &Augmentation::rotate},
                             {"scale", &Augmentation::scale},
                             {"shift", &Augmentation::shift},
                             {"brightness", &Augmentation::brightness},
                             {"contrast", &Augmentation::contrast},
                             {"noise", &Augmentation::noise},
                             {"erase", &Augmentation::erase}};

void SetRange(const std::string& part, Augmentation* augmentation) {
  const size_t equals = part.find('=');
  const std::string name(Trim(part.substr(0, equals)));
  std::vector<std::string> names;
  for (const Range& range : kRanges) {
    names.emplace_back(range.name);
    if (name != range.name) continue;
    double& value = augmentation->*range.value;
    if (equals == std::string::npos ||
        !ParseNumber(Trim(std::string_view(part).substr(equals + 1)), &value)) {
      throw Error(ErrorCode::kUsage,
                  "--augment {}: expected a number after the name, such as "
                  "{}=0.1",
                  part, name);
    }
    return;
  }
  throw Error(ErrorCode::kUsage,
              "--augment {}: there is no \"{}\"{}; there "
              "are none, {}",
              part, name, DidYouMean(name, names), JoinWords(names));
}

}  // namespace

const char* NameOf(Optimiser value) { return Find(kOptimisers, value); }
const char* NameOf(Schedule value) { return Find(kSchedules, value); }
const char* NameOf(Precision value) { return Find(kPrecisions, value); }
const char* NameOf(MemoryLayout value) { return Find(kLayouts, value); }
const char* NameOf(BatchNormMode value) { return Find(kBatchNorms, value); }
const char* NameOf(ClassWeights value) { return Find(kClassWeights, value); }

Optimiser ParseOptimiser(const std::string& text) {
  return Parse(kOptimisers, "optimiser", text);
}
Schedule ParseSchedule(const std::string& text) {
  return Parse(kSchedules, "schedule", text);
}
Precision ParsePrecision(const std::string& text) {
  return Parse(kPrecisions, "precision", text);
}
MemoryLayout ParseMemoryLayout(const std::string& text) {
  return Parse(kLayouts, "layout", text);
}
BatchNormMode ParseBatchNormMode(const std::string& text) {
  return Parse(kBatchNorms, "batch-norm", text);
}
ClassWeights ParseClassWeights(const std::string& text) {
  return Parse(kClassWeights, "class-weights", text);
}

Augmentation ParseAugmentation(const std::vector<std::string>& parts,
                               Augmentation start) {
  for (const std::string& part : parts) {
    if (part == "none") {
      for (const Range& range : kRanges) start.*range.value = 0;
    } else {
      SetRange(part, &start);
    }
  }
  return start;
}

std::string TextOf(const Augmentation& augmentation) {
  std::string text;
  for (const Range& range : kRanges) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ",", range.name,
                        augmentation.*range.value);
  }
  return text;
}

}  // namespace plumbline::train
