// The choices of TrainOptions by the names that a user gives them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plumbline/train/options.h"

namespace plumbline::train {

const char* NameOf(Optimiser value);
const char* NameOf(Schedule value);
const char* NameOf(Precision value);
const char* NameOf(MemoryLayout value);
const char* NameOf(BatchNormMode value);
const char* NameOf(ClassWeights value);

// All throw Error(kUsage) with the nearest name: `--schedule cosin: is none;
// did you mean "cosine"?`.
Optimiser ParseOptimiser(const std::string& text);
Schedule ParseSchedule(const std::string& text);
Precision ParsePrecision(const std::string& text);
MemoryLayout ParseMemoryLayout(const std::string& text);
BatchNormMode ParseBatchNormMode(const std::string& text);
ClassWeights ParseClassWeights(const std::string& text);

// "flip=0.5,rotate=15,noise=0.02"; "none" sets all to 0; what is not named
// stays as it is in `start`.
Augmentation ParseAugmentation(const std::vector<std::string>& parts,
                               Augmentation start = {});
// The same, whole.
std::string TextOf(const Augmentation& augmentation);

}  // namespace plumbline::train
