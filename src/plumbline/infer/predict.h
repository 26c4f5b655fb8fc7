// The scores that a model gives the images of a cohort.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/cohort/cohort.h"
#include "plumbline/cohort/packed/pack.h"
#include "plumbline/cohort/packed/packed_cohort.h"
#include "plumbline/infer/scorer.h"

namespace plumbline {

struct PredictOptions {
  int batch = 32;  // images at once, at least 1
  bool with_embeddings = false;
};

struct Predictions {
  int64_t rows = 0;
  // By row; NaN where the row has no image, or one that cannot be used.
  int64_t outputs = 0;
  std::vector<float> scores;  // rows x outputs
  int64_t embedding_size = 0;
  std::vector<float> embeddings;  // rows x embedding_size, where asked for
  // The image of each row in the packed file; -1: none that can be used.
  std::vector<int64_t> image_of_row;

  int64_t images = 0;              // distinct ones that were scored
  int64_t rows_without_image = 0;  // whose path is blank
  std::vector<FailedImage> failed;
  double seconds = 0;          // from the first batch to the last
  double seconds_waiting = 0;  // of these, the model waited for pictures

  float Score(int64_t row, int64_t output) const {
    return scores[row * outputs + output];
  }
};

// Scores the images of those rows of the cohort, each image once; rows that
// share an image share its scores. While the model runs, the next batch is
// prepared by another thread.
//
// Throws Error(kUsage) for embeddings of a model that gives none,
// Error(kInvalidInput) for pixels that do not fit their checksum and what the
// model throws, Error(kInterrupted).
Predictions Predict(Scorer* scorer, const PackedCohort& packed,
                    const Cohort& cohort, std::span<const int64_t> rows,
                    const PredictOptions& options);

}  // namespace plumbline
