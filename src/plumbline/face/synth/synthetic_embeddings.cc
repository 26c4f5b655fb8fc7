#include "plumbline/face/synth/synthetic_embeddings.h"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/beta.hpp>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline::face {
namespace {

void Check(const EmbeddingOptions& options) {
  if (options.groups.empty() || options.images < 1) {
    throw Error(ErrorCode::kUsage,
                "synthetic embeddings need at least 1 group and 1 image of "
                "each subject, found {} and {}",
                options.groups.size(), options.images);
  }
  for (const EmbeddingGroup& group : options.groups) {
    if (group.dimensions < 2 || group.dimensions > options.dimensions) {
      throw Error(ErrorCode::kUsage,
                  "a group of synthetic embeddings has from 2 to {} "
                  "dimensions, found {}",
                  options.dimensions, group.dimensions);
    }
    if (group.subjects < 1 || !(group.noise >= 0) || std::isinf(group.noise)) {
      throw Error(ErrorCode::kUsage,
                  "a group of synthetic embeddings needs at least 1 subject "
                  "and noise of at least 0, found {} and {}",
                  group.subjects, group.noise);
    }
  }
}

// (d - 1) / 2 of two groups.
double Shape(const EmbeddingOptions& options, int g, int h) {
  Check(options);
  const int count = static_cast<int>(options.groups.size());
  if (g < 0 || h < 0 || g >= count || h >= count) {
    throw Error(ErrorCode::kUsage, "there is no synthetic group {} of {}",
                g < 0 || g >= count ? g : h, count);
  }
  return (std::max(options.groups[g].dimensions, options.groups[h].dimensions) -
          1) /
         2.0;
}

// A subject's images, one row each.
void FillSubject(const EmbeddingGroup& group, const EmbeddingOptions& options,
                 RandomStream* random, float* rows) {
  std::vector<double> person(group.dimensions);
  for (double& value : person) value = random->NextNormal();
  std::vector<double> image(group.dimensions);
  for (int a = 0; a < options.images; ++a) {
    double squares = 0;
    for (int k = 0; k < group.dimensions; ++k) {
      image[k] = person[k] + group.noise * random->NextNormal();
      squares += image[k] * image[k];
    }
    float* row = rows + static_cast<int64_t>(a) * options.dimensions;
    for (int k = 0; k < group.dimensions; ++k) {
      row[k] = static_cast<float>(image[k] / std::sqrt(squares));
    }
  }
}

}  // namespace

std::vector<EmbeddingGroup> TwoEmbeddingGroups() {
  return {EmbeddingGroup{},
          EmbeddingGroup{.level = "B", .subjects = 100, .dimensions = 32}};
}

SyntheticEmbeddings MakeSyntheticEmbeddings(const EmbeddingOptions& options) {
  Check(options);
  SyntheticEmbeddings embeddings;
  embeddings.dimensions = options.dimensions;
  SubjectGroups& groups = embeddings.groups;
  groups.groups = static_cast<int>(options.groups.size());
  for (int g = 0; g < groups.groups; ++g) {
    groups.of_subject.insert(groups.of_subject.end(),
                             options.groups[g].subjects,
                             static_cast<uint32_t>(g));
  }
  const int64_t subjects = groups.subjects();
  embeddings.rows = subjects * options.images;
  embeddings.values.assign(embeddings.rows * options.dimensions, 0);
  embeddings.subject.resize(embeddings.rows);
  ParallelFor(subjects, options.threads, [&](int64_t i) {
    RandomStream random(options.seed, "face-embeddings", i);
    const int64_t first = i * options.images;
    std::fill_n(embeddings.subject.begin() + first, options.images,
                static_cast<uint32_t>(i));
    FillSubject(options.groups[groups.of_subject[i]], options, &random,
                embeddings.values.data() + first * options.dimensions);
  });
  return embeddings;
}

std::string RowsToCsv(const SyntheticEmbeddings& embeddings,
                      const EmbeddingOptions& options) {
  std::string csv = "subject,group\n";
  for (const uint32_t subject : embeddings.subject) {
    csv += fmt::format("s{},", subject);
    AppendCsvField(options.groups[embeddings.groups.of_subject[subject]].level,
                   &csv);
    csv += "\n";
  }
  return csv;
}

std::string PictureOf(const SyntheticEmbeddings& embeddings, int64_t row) {
  if (row < 0 || row >= embeddings.rows) {
    throw Error(ErrorCode::kInternal, "there is no embedding {}", row);
  }
  const float* values = &embeddings.values[row * embeddings.dimensions];
  float largest = 0;
  for (int k = 0; k < embeddings.dimensions; ++k) {
    largest = std::max(largest, std::abs(values[k]));
  }
  std::string picture = fmt::format("P5\n{} 1\n255\n", embeddings.dimensions);
  for (int k = 0; k < embeddings.dimensions; ++k) {
    picture += static_cast<char>(
        128 + static_cast<int>(std::lround(127 * values[k] / largest)));
  }
  return picture;
}

double TrueCosineFmr(const EmbeddingOptions& options, int g, int h,
                     double threshold) {
  const double shape = Shape(options, g, h);
  if (threshold <= -1) return 1;
  if (threshold > 1) return 0;
  return boost::math::ibetac(shape, shape, (1 + threshold) / 2);
}

double TrueCosineThreshold(const EmbeddingOptions& options, int g, int h,
                           double fmr) {
  const double shape = Shape(options, g, h);
  if (!(fmr > 0 && fmr < 1)) {
    throw Error(ErrorCode::kUsage,
                "a false-match rate lies above 0 and below 1, found {}", fmr);
  }
  return 2 * boost::math::ibetac_inv(shape, shape, fmr) - 1;
}

}  // namespace plumbline::face
