// How well a network does on the tuning part after an epoch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plumbline/train/train.h"

namespace plumbline::train {

// The metrics that the best epoch can be chosen by.
std::vector<std::string> TuningMetrics();

// outputs: rows x outputs, logits. Losses are plain means, without weights of
// classes and smoothing. A group counts for the worst one with at least 5 rows
// of either class.
std::vector<TargetScore> ScoreTargets(const TrainInput& input,
                                      std::span<const int64_t> rows,
                                      std::span<const float> outputs);

// The number that `metric` makes of them; the larger the better, so "loss" is
// negative. NaN if it cannot be said.
double MetricOf(const std::string& metric,
                const std::vector<TargetScore>& scores);

// Throws Error(kUsage) if the labels of these rows cannot give the metric,
// whatever the outputs: one class alone, numbers alone, no group large enough.
void RequireTellable(const TrainInput& input, std::span<const int64_t> rows,
                     const std::string& metric);

// The same number as a person expects it.
double ShownMetric(const std::string& metric, double value);

}  // namespace plumbline::train
