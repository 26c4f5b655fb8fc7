#include "plumbline/face/synth/synthetic_embeddings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/test_support.h"

namespace plumbline::face {
namespace {

double Cosine(const SyntheticEmbeddings& embeddings, int64_t a, int64_t b) {
  double sum = 0;
  for (int k = 0; k < embeddings.dimensions; ++k) {
    sum += double{embeddings.values[a * embeddings.dimensions + k]} *
           embeddings.values[b * embeddings.dimensions + k];
  }
  return sum;
}

// 1 - scipy.stats.beta.cdf((1 + T) / 2, (d - 1) / 2, (d - 1) / 2), T = 0.3.
TEST(TrueCosineFmr, IsTheTailOfTheBetaDistribution) {
  const EmbeddingOptions options;
  EXPECT_NEAR(TrueCosineFmr(options, 0, 0, 0.3), 0.0075920658052517674, 1e-13);
  EXPECT_NEAR(TrueCosineFmr(options, 1, 1, 0.3), 0.044920157423620814, 1e-13);
  EXPECT_EQ(TrueCosineFmr(options, 0, 1, 0.3),
            TrueCosineFmr(options, 0, 0, 0.3));
  EXPECT_EQ(TrueCosineFmr(options, 0, 1, -1), 1);
  EXPECT_EQ(TrueCosineFmr(options, 0, 1, 1.01), 0);
  const double threshold = TrueCosineThreshold(options, 1, 1, 1e-4);
  EXPECT_NEAR(TrueCosineFmr(options, 1, 1, threshold), 1e-4, 1e-15);
}

// Disjoint pairs of subjects are independent, so that counts are binomial.
TEST(MakeSyntheticEmbeddings, CountsAreThoseOfTheTruth) {
  EmbeddingOptions options;
  options.groups[0].subjects = options.groups[1].subjects = 20000;
  options.groups[1].noise = 2;
  const SyntheticEmbeddings faces = MakeSyntheticEmbeddings(options);
  const auto check = [&](int g, int h, int64_t first, int64_t second,
                         int64_t step) {
    int64_t hits = 0;
    int64_t trials = 0;
    for (int64_t i = 0; i < 20000; i += step, ++trials) {
      hits += Cosine(faces, 2 * (first + i), 2 * (second + i) + 1) >= 0.2;
    }
    const double p = TrueCosineFmr(options, g, h, 0.2);
    EXPECT_NEAR(static_cast<double>(hits), trials * p,
                4.5 * std::sqrt(trials * p * (1 - p)))
        << g << " " << h;
  };
  check(0, 0, 0, 1, 2);
  check(1, 1, 20000, 20001, 2);
  check(0, 1, 0, 20000, 1);
}

TEST(MakeSyntheticEmbeddings, RowsHaveLengthOneAndMatesAreAlike) {
  EmbeddingOptions options;
  options.images = 3;
  options.groups[1].noise = 0;
  const SyntheticEmbeddings faces = MakeSyntheticEmbeddings(options);
  EXPECT_EQ(faces.rows, 600);
  double sum = 0;
  for (int64_t row = 0; row < faces.rows; ++row) {
    ASSERT_NEAR(Cosine(faces, row, row), 1, 1e-6);
    EXPECT_EQ(faces.subject[row], static_cast<uint32_t>(row / 3));
    if (row < 300 && row % 3 == 0) sum += Cosine(faces, row, row + 1);
    if (row >= 300 && row % 3 == 0) {
      EXPECT_NEAR(Cosine(faces, row, row + 1), 1, 1e-6);
    }
  }
  // About 1 / (1 + noise^2) = 0.8, sd of a cosine below 0.06.
  EXPECT_NEAR(sum / 100, 0.8, 4.5 * 0.006);
}

TEST(MakeSyntheticEmbeddings, IsTheSameForAnyNumberOfThreads) {
  EmbeddingOptions options;
  options.threads = 1;
  const SyntheticEmbeddings one = MakeSyntheticEmbeddings(options);
  options.threads = 3;
  EXPECT_EQ(MakeSyntheticEmbeddings(options).values, one.values);
  options.seed = 2;
  EXPECT_NE(MakeSyntheticEmbeddings(options).values, one.values);
  EXPECT_EQ(RowsToCsv(one, options).substr(0, 29),
            "subject,group\ns0,A\ns0,A\ns1,A\n");
}

TEST(MakeSyntheticEmbeddings, SaysWhatIsOutOfRange) {
  EmbeddingOptions options;
  options.groups[1].dimensions = 65;
  EXPECT_EQ(ErrorText([&] { MakeSyntheticEmbeddings(options); }),
            "2: a group of synthetic embeddings has from 2 to 64 dimensions, "
            "found 65");
  EXPECT_EQ(ErrorText([] { TrueCosineThreshold({}, 0, 0, 0); }),
            "2: a false-match rate lies above 0 and below 1, found 0");
  EXPECT_EQ(ErrorText([] { TrueCosineFmr({}, 0, 2, 0); }),
            "2: there is no synthetic group 2 of 2");
}

}  // namespace
}  // namespace plumbline::face
