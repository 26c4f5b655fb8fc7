// Trains a network on packed images. The function itself lives in the part
// "network" (network_service.h); what it takes and gives knows no LibTorch.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plumbline/cohort/packed/packed_cohort.h"
#include "plumbline/infer/model_card.h"
#include "plumbline/train/options.h"

namespace plumbline::train {

// A target and what each row says of it: 0 or 1, the index of a level, or a
// number (as in the table, not standardised); NaN: nothing.
struct TargetValues {
  ModelTarget target;
  std::vector<float> values;
};

// An attribute whose groups are looked at, a code for each row; -1: unknown.
struct GroupCodes {
  std::string attribute;
  std::vector<std::string> levels;
  std::vector<int32_t> codes;
};

enum class Part : int8_t { kTrain, kTune, kOther };

// One entry for each row of the cohort in all vectors.
struct TrainInput {
  std::shared_ptr<const PackedCohort> images;
  std::vector<int64_t> image_of_row;  // -1: none that can be used
  std::vector<Part> parts;
  std::vector<int64_t> table_rows;  // for messages: as a spreadsheet counts
  std::string table_file;
  std::vector<TargetValues> targets;
  std::vector<GroupCodes> groups;
  Preprocessing preprocessing;
  Json training;  // for the model's card
};

// On the tuning part after an epoch; NaN where it cannot be said.
struct TargetScore {
  std::string target;
  double loss = 0;
  double auroc = 0;  // classes: the mean over levels, one against the rest;
                     // continuous: NaN
  double worst_group_auroc = 0;
  std::string worst_group;  // "sex=F"
};

struct Epoch {
  int epoch = 0;  // from 1
  int64_t step = 0;
  double learning_rate = 0;  // of its last step
  double train_loss = 0;     // the mean over its steps
  double tune_loss = 0;      // NaN without a tuning part
  double metric = 0;         // TrainOptions::metric
  std::vector<TargetScore> targets;
};

struct TrainResult {
  ModelCard card;
  std::string model_file;  // the bytes of model.safetensors
  std::vector<Epoch> epochs;
  std::vector<float> step_losses;
  int best_epoch = 0;
  // Of the best epoch, logits: rows of the tuning part with an image x outputs.
  std::vector<float> tune_outputs;
  bool stopped_early = false;
  int64_t parameters = 0;
  // How the numbers were computed, and what that was chosen from.
  bool bfloat16 = false;
  bool channels_last = false;
  std::string measured;  // "" if nothing was
  // Rows of each part that take part, and those without an image.
  int64_t train_rows = 0, tune_rows = 0, rows_without_image = 0;
  // Of this call; a resumed one counts from its start.
  int64_t resumed_step = 0;
  double seconds = 0;
  double seconds_to_first_step = 0;
  std::vector<double> epoch_seconds;  // of each whole epoch, with its judgement
  double seconds_waiting = 0;         // for images
  double images_per_second = 0;       // trained on
  std::vector<std::string> notes;     // of weights that did not fit, ...
};

// Works with all processes of WorldCommunicator(). Writes checkpoints where
// options.checkpoint_file says and goes on from one that is there: the bytes
// of the model are the same however often it was stopped, on the same machine
// with the same number of threads and processes.
//
// Throws Error(kUsage): options out of range, more processes than images of a
// step, a GPU that is not there, a checkpoint of another run.
// Error(kInvalidInput): a target without labels or of one class in the training
// part, no images, weights that do not fit, a damaged checkpoint; a loss that
// is no number, with step and rows. Error(kInterrupted) after a checkpoint.
TrainResult Train(const TrainInput& input, const TrainOptions& options);

}  // namespace plumbline::train
