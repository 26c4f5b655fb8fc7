// The options of `plumbline train`.
#pragma once

#include "plumbline/cli/option.h"
#include "plumbline/cli/settings.h"
#include "plumbline/train/make_input.h"
#include "plumbline/train/options.h"

namespace plumbline {

OptionGroups TrainOptionGroups();

struct TrainSettings {
  train::TrainOptions options;
  train::InputOptions input;
  bool has_side = false;  // --side was given
};

// Throws Error(kUsage) as Settings does.
TrainSettings ReadTrainSettings(const Settings& settings);

}  // namespace plumbline
