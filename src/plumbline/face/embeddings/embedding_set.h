// Embeddings of images, and whose they are.
#pragma once

#include <cstdint>
#include <vector>

namespace plumbline::face {

enum class Similarity {
  kCosine,  // of the angle: rows are brought to length 1
  kDot,     // inner product as it stands
  kL2,      // minus the Euclidean distance of the rows as they stand
};

// N images of D numbers each, in the order of their subjects.
struct EmbeddingSet {
  int64_t rows = 0;
  int64_t dimensions = 0;
  std::vector<float> values;      // N x D, row-major
  std::vector<uint32_t> subject;  // of each row, ascending
  Similarity similarity = Similarity::kCosine;

  // Of two rows. Inner products as in tile_kernel.h; distances from the squares
  // of differences, summed in double in the order of the columns.
  double Score(int64_t a, int64_t b) const;
};

// Sorts the rows by subject (stable) and, for the cosine, brings each to length
// 1: squares are summed in double, in the order of the columns.
//
// Throws Error(kInvalidInput) if there is not one subject a row, for numbers
// that are not finite, and for a row of zeros where its direction is needed;
// `file` is named, rows from 1.
EmbeddingSet MakeEmbeddingSet(std::vector<float> values, int64_t rows,
                              int64_t dimensions,
                              std::vector<uint32_t> subjects,
                              Similarity similarity, const char* file);

}  // namespace plumbline::face
