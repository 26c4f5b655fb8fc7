// What `plumbline predict` writes and says.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/cli/cohort_settings.h"
#include "plumbline/cli/model_settings.h"
#include "plumbline/cli/model_split.h"
#include "plumbline/infer/predict.h"
#include "plumbline/table/output_table.h"

namespace plumbline {

// A finished prediction and what it was made from.
struct PredictionRun {
  const OpenedModel* model = nullptr;
  const CohortSource* source = nullptr;
  std::vector<int64_t> rows;  // of the cohort
  std::string part;           // "" : all
  // The column `split` is added: the model brings one and the table has none.
  std::optional<RowParts> added_split;
  int64_t rows_seen = 0;  // of people that the model was trained or tuned on
  Predictions predictions;
};

// Throws Error(kUsage) if the table has a column that would be added.
void RequireNewColumns(const ModelCard& card, const CohortSource& source);

// All columns of the table, the split, the scores.
OutputTable PredictionTable(const PredictionRun& run);

// Schema plumbline.predict/1. `file`: where the table is written.
Json PredictionJson(const PredictionRun& run, const std::string& file);

// Counts, a line for each score, and the audit to run next.
std::string PredictionText(const Json& json, int width);

}  // namespace plumbline
