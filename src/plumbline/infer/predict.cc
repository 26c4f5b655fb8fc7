#include "plumbline/infer/predict.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/progress.h"
#include "plumbline/cohort/packed/images_of_rows.h"
#include "plumbline/infer/batch_feed.h"

namespace plumbline {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// Fills image_of_row, rows_without_image and failed.
void FindImages(const PackedCohort& packed, const Cohort& cohort,
                std::span<const int64_t> rows, Predictions* result) {
  const CohortCovariate& paths = cohort.image;
  constexpr int64_t kUnknown = -2;
  std::vector<int64_t> image_of_path(paths.levels.size(), kUnknown);
  for (const int64_t row : rows) {
    const int32_t code = paths.codes.empty() ? -1 : paths.codes[row];
    if (code < 0) {
      ++result->rows_without_image;
      result->image_of_row.push_back(-1);
      continue;
    }
    int64_t& image = image_of_path[code];
    if (image == kUnknown) {
      const std::string& path = paths.levels[code];
      image = packed.Find(path);
      const std::string reason = WhyUnusable(packed, image);
      if (!reason.empty()) {
        result->failed.push_back({path, reason});
        image = -1;
      }
    }
    result->image_of_row.push_back(image);
  }
}

// Spreads what the images have, n x width in the order of `images`, to rows.
std::vector<float> ToRows(std::span<const int64_t> image_of_row,
                          std::span<const int64_t> images,
                          std::span<const float> values, int64_t width) {
  std::vector<float> of_rows(image_of_row.size() * width, kMissing);
  for (size_t row = 0; row < image_of_row.size(); ++row) {
    if (image_of_row[row] < 0) continue;
    const auto place =
        std::lower_bound(images.begin(), images.end(), image_of_row[row]);
    std::copy_n(values.begin() + (place - images.begin()) * width, width,
                of_rows.begin() + row * width);
  }
  return of_rows;
}

}  // namespace

Predictions Predict(Scorer* scorer, const PackedCohort& packed,
                    const Cohort& cohort, std::span<const int64_t> rows,
                    const PredictOptions& options) {
  if (options.with_embeddings && scorer->embedding_size() == 0) {
    throw Error(ErrorCode::kUsage,
                "the model gives no embeddings; name its output of features in "
                "the side file (embedding = \"features\"), or leave them out");
  }
  Predictions result;
  result.rows = static_cast<int64_t>(rows.size());
  result.outputs = scorer->card().outputs();
  FindImages(packed, cohort, rows, &result);
  // In the order of the file, which is read once from its beginning.
  std::vector<int64_t> images;
  for (const int64_t image : result.image_of_row) {
    if (image >= 0) images.push_back(image);
  }
  std::sort(images.begin(), images.end());
  images.erase(std::unique(images.begin(), images.end()), images.end());
  result.images = static_cast<int64_t>(images.size());

  std::vector<float> scores, embeddings;
  const auto begin = std::chrono::steady_clock::now();
  {
    const Preprocessing& preprocessing = scorer->card().preprocessing;
    Progress progress("scoring", result.images, "images");
    BatchFeed feed(packed, preprocessing, images, options.batch);
    for (auto input = feed.Next(); !input.empty(); input = feed.Next()) {
      StopIfInterrupted();
      const auto n =
          static_cast<int64_t>(input.size()) / preprocessing.input_size();
      const ScoredBatch batch =
          scorer->Score(input, n, options.with_embeddings);
      scores.insert(scores.end(), batch.scores.begin(), batch.scores.end());
      embeddings.insert(embeddings.end(), batch.embeddings.begin(),
                        batch.embeddings.end());
      progress.Advance(n);
    }
    result.seconds_waiting = feed.seconds_waiting();
  }
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  result.scores = ToRows(result.image_of_row, images, scores, result.outputs);
  if (options.with_embeddings) {
    result.embedding_size = scorer->embedding_size();
    result.embeddings =
        ToRows(result.image_of_row, images, embeddings, result.embedding_size);
  }
  return result;
}

}  // namespace plumbline
