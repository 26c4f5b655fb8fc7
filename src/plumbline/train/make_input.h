// From a cohort to what is trained on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/cohort/cohort.h"
#include "plumbline/cohort/packed/packed_cohort.h"
#include "plumbline/train/train.h"

namespace plumbline::train {

// What a label that says neither yes nor no counts as.
enum class LabelPolicy { kMask, kNegative, kPositive };
LabelPolicy ParseLabelPolicy(const std::string& option,
                             const std::string& text);

// How the numbers of pictures are centred and scaled.
enum class Normalisation {
  kData,      // by mean and deviation of the training part's pixels
  kImageNet,  // by ImageNet's, as torchvision's weights want it
  kNone,      // 0 to 1
};

struct InputOptions {
  bool without_labels = false;       // no target at all
  std::vector<std::string> classes;  // columns to tell apart, many levels
  std::vector<std::string> regress;  // columns of numbers
  LabelPolicy uncertain = LabelPolicy::kMask;
  LabelPolicy unmentioned = LabelPolicy::kMask;  // blank, not mentioned
  // The names of parts in the cohort's split column. "" for tune: none.
  std::string train_part = "train";
  std::string tune_part = "tune";
  // Where the cohort has no split column.
  std::vector<std::pair<std::string, double>> parts = {
      {"train", 0.7}, {"tune", 0.1}, {"test", 0.2}};
  uint64_t seed = 1;
  int side = 0;      // 0: that of the packed images
  int channels = 0;  // 0: those of the packed images
  Normalisation normalisation = Normalisation::kData;
};

struct MadeInput {
  TrainInput input;
  // The part of each row, by name; "": none.
  std::vector<std::string> parts;
  bool own_split = false;  // the cohort had none
};

// Binary targets are the cohort's labels; classes and numbers are looked for
// among its attributes and covariates; groups are its attributes.
//
// Throws Error(kUsage): no target at all, a column that is none of these or of
// the other kind, a part that the split does not have.
// Error(kInvalidInput): people in several parts of the split, no image.
MadeInput MakeTrainInput(const Cohort& cohort,
                         std::shared_ptr<const PackedCohort> images,
                         const InputOptions& options);

// subject,split with a row for each person, or image,split without subjects.
std::string SplitCsv(const Cohort& cohort,
                     const std::vector<std::string>& parts);

}  // namespace plumbline::train
