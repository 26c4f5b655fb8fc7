// What the terminal and the page of `plumbline train` both say.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "plumbline/report/json_place.h"

namespace plumbline::report {

inline constexpr DocumentKind kTrainDocument = {"train.json", "train"};

// "Effusion and No_Finding".
std::string TrainTargets(const JsonPlace& train);
// What was trained and which epoch was kept, in a sentence or two.
std::string TrainAnswer(const JsonPlace& train);
// What has to be kept in mind about the numbers.
std::vector<std::string> TrainCautions(const JsonPlace& train);

// Rows and people of each part; then, for each target, its classes.
struct TrainPartRow {
  std::string part, rows, subjects;
  std::vector<std::string>
      targets;  // "112 of 320", in the order of the targets
};
std::vector<TrainPartRow> TrainPartRows(const JsonPlace& train);
std::vector<std::string> TrainTargetNames(const JsonPlace& train);

// AUROC on the tuning part: target, value with interval, rows, people,
// positive.
struct TrainTuneRow {
  std::string target, auroc, rows, subjects, events;
};
std::vector<TrainTuneRow> TrainTuneRows(const JsonPlace& train);

// Option and value.
std::vector<std::pair<std::string, std::string>> TrainSettingRows(
    const JsonPlace& train);

}  // namespace plumbline::report
