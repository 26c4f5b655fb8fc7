// Embeddings of people who do not exist, whose false-match rates under cosine
// similarity are known exactly.
//
// Image a of subject i in group g is the direction of
//   z_i + noise_g y_a,
// with z_i and y_a standard normal in the first d_g of D dimensions and 0 in
// the others. Whatever the noise, the direction is uniform on the unit sphere
// of d_g dimensions and independent of other subjects', so the cosine c of two
// subjects has (1 + c) / 2 ~ Beta((d - 1) / 2, (d - 1) / 2), where d is the
// larger of the two groups' dimensions (rotate the other's vector onto an
// axis). Groups with fewer dimensions look more alike.
//
// Source: the first coordinate of a uniform direction, e.g. Mardia and Jupp
// 2000, Directional Statistics, section 9.3.1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

struct EmbeddingGroup {
  std::string level = "A";
  int subjects = 100;
  int dimensions = 64;  // d_g, from 2 to D
  double noise = 0.5;   // at least 0; 0: all images of a subject are the same
};

// A of 64 dimensions and B of 32.
std::vector<EmbeddingGroup> TwoEmbeddingGroups();

struct EmbeddingOptions {
  std::vector<EmbeddingGroup> groups = TwoEmbeddingGroups();
  int dimensions = 64;  // D
  int images = 2;       // of each subject, at least 1
  uint64_t seed = 1;
  int threads = 0;  // 0: DefaultThreads(); the same bytes for every number
};

struct SyntheticEmbeddings {
  int64_t rows = 0;               // N: images, those of a subject together
  int dimensions = 0;             // D
  std::vector<float> values;      // N x D, each row of length 1
  std::vector<uint32_t> subject;  // of each row
  SubjectGroups groups;           // index into EmbeddingOptions::groups
};

// Throws Error(kUsage) for options out of range.
SyntheticEmbeddings MakeSyntheticEmbeddings(const EmbeddingOptions& options);

// subject,group: one line for each row of the embeddings.
std::string RowsToCsv(const SyntheticEmbeddings& embeddings,
                      const EmbeddingOptions& options);

// An embedding as a grey picture (PGM) of D x 1 pixels around 128, which a
// library for tests reads back; rounding to 8 bits moves cosines by a few
// thousandths. Throws Error(kInternal) for a row that does not exist.
std::string PictureOf(const SyntheticEmbeddings& embeddings, int64_t row);

// P(cosine >= threshold) of two subjects in groups g and h.
double TrueCosineFmr(const EmbeddingOptions& options, int g, int h,
                     double threshold);
// The cosine at which it is `fmr`, in (0, 1).
double TrueCosineThreshold(const EmbeddingOptions& options, int g, int h,
                           double fmr);

}  // namespace plumbline::face
