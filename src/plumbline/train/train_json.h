// train.json: what was trained, on whom, and how it went.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/cohort/cohort.h"
#include "plumbline/train/make_input.h"
#include "plumbline/train/options.h"
#include "plumbline/train/train.h"

namespace plumbline::train {

// What the model's card says of its training: no names of people or files.
Json TrainingFacts(const Cohort& cohort, const MadeInput& made,
                   const TrainOptions& options);

// Schema plumbline.train/1 (docs/train.md). Holds nothing that differs between
// two runs of the same command: times are in run.json.
Json ToJson(const Cohort& cohort, const MadeInput& made,
            const TrainOptions& options, const TrainResult& result);

// What differs: seconds, waiting, images a second.
Json TimesOf(const TrainResult& result);

// A row for each epoch.
std::string HistoryCsv(const TrainResult& result);

}  // namespace plumbline::train
