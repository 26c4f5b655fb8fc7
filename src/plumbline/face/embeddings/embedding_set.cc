#include "plumbline/face/embeddings/embedding_set.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plumbline/base/error.h"
#include "plumbline/face/embeddings/tile_kernel.h"

namespace plumbline::face {

double EmbeddingSet::Score(int64_t a, int64_t b) const {
  const float* left = &values[a * dimensions];
  const float* right = &values[b * dimensions];
  if (similarity != Similarity::kL2) {
    return InnerProduct(left, right, dimensions);
  }
  double squares = 0;
  for (int64_t k = 0; k < dimensions; ++k) {
    const double difference = static_cast<double>(left[k]) - right[k];
    squares += difference * difference;
  }
  return -std::sqrt(squares);
}

EmbeddingSet MakeEmbeddingSet(std::vector<float> values, int64_t rows,
                              int64_t dimensions,
                              std::vector<uint32_t> subjects,
                              Similarity similarity, const char* file) {
  if (static_cast<int64_t>(subjects.size()) != rows) {
    throw Error(ErrorCode::kInvalidInput,
                "{} has {} rows, and its table of images {}; they must be the "
                "same images in the same order",
                file, rows, subjects.size());
  }
  std::vector<int64_t> order(rows);
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return subjects[a] < subjects[b];
  });
  EmbeddingSet set{.rows = rows,
                   .dimensions = dimensions,
                   .values = std::vector<float>(values.size()),
                   .subject = std::vector<uint32_t>(rows),
                   .similarity = similarity};
  for (int64_t i = 0; i < rows; ++i) {
    const float* from = &values[order[i] * dimensions];
    float* to = &set.values[i * dimensions];
    double squares = 0;
    for (int64_t k = 0; k < dimensions; ++k) {
      squares += static_cast<double>(from[k]) * from[k];
    }
    if (!std::isfinite(squares)) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}, row {}: holds a number that is not finite", file,
                  order[i] + 1);
    }
    double scale = 1;
    if (similarity == Similarity::kCosine) {
      if (squares == 0) {
        throw Error(ErrorCode::kInvalidInput,
                    "{}, row {}: is all zeros, so it has no direction; leave "
                    "out images that failed",
                    file, order[i] + 1);
      }
      scale = 1 / std::sqrt(squares);
    }
    for (int64_t k = 0; k < dimensions; ++k) {
      to[k] = static_cast<float>(from[k] * scale);
    }
    set.subject[i] = subjects[order[i]];
  }
  return set;
}

}  // namespace plumbline::face
