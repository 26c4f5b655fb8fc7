#include "plumbline/stats/roc.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"
#include "plumbline/stats/golden_intervals_for_test.h"

namespace plumbline {
namespace {

struct Sample {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  std::vector<uint32_t> clusters;
};

// `per_cluster` rows share a label and a normal effect on the score; ties
// through rounding to tenths.
Sample Draw(int rows, int per_cluster, double strength, uint64_t index) {
  RandomStream random(5, "roc test", index);
  Sample sample;
  double effect = 0;
  bool positive = false;
  for (int i = 0; i < rows; ++i) {
    if (i % per_cluster == 0) {
      effect = random.NextNormal();
      positive = random.NextUniform() < 0.4;
    }
    const double score =
        strength * positive + effect + 0.7 * random.NextNormal();
    sample.labels.push_back(positive);
    sample.scores.push_back(std::round(10 * score) / 10);
    sample.clusters.push_back(static_cast<uint32_t>(i / per_cluster));
  }
  return sample;
}

TEST(DelongAuroc, EqualsTheSumOverAllPairs) {
  for (const Json& row : IntervalsGolden("roc")) {
    const std::vector<uint8_t> labels = Labels(row["labels"]);
    const AurocResult a = DelongAuroc(Doubles(row["scores_a"]), labels);
    EXPECT_NEAR(a.auroc, row["auroc"][0], 1e-14);
    EXPECT_NEAR(a.variance, row["delong"]["variance"][0], 1e-14);
    EXPECT_EQ(a.positives, std::accumulate(labels.begin(), labels.end(), 0));
    EXPECT_EQ(a.positives + a.negatives, static_cast<int64_t>(labels.size()));
    const Interval interval = AurocInterval(a);
    EXPECT_NEAR(interval.lo, row["delong"]["interval"][0], 1e-12);
    EXPECT_NEAR(interval.hi, row["delong"]["interval"][1], 1e-12);
  }
}

TEST(ClusteredAuroc, EqualsTheSumOverAllPairs) {
  for (const Json& row : IntervalsGolden("roc")) {
    const AurocResult a =
        ClusteredAuroc(Doubles(row["scores_a"]), Labels(row["labels"]),
                       Clusters(row["clusters"]));
    EXPECT_NEAR(a.auroc, row["auroc"][0], 1e-14);
    EXPECT_NEAR(a.variance, row["obuchowski"]["variance"][0], 1e-14);
    const Interval interval = AurocInterval(a);
    EXPECT_NEAR(interval.lo, row["obuchowski"]["interval"][0], 1e-12);
    EXPECT_NEAR(interval.hi, row["obuchowski"]["interval"][1], 1e-12);
  }
}

void ExpectPaired(const PairedAurocResult& found, const Json& areas,
                  const Json& expected) {
  EXPECT_NEAR(found.a.auroc, areas[0], 1e-14);
  EXPECT_NEAR(found.b.auroc, areas[1], 1e-14);
  EXPECT_NEAR(found.a.variance, expected["variance"][0], 1e-14);
  EXPECT_NEAR(found.b.variance, expected["variance"][1], 1e-14);
  EXPECT_NEAR(found.covariance, expected["covariance"], 1e-14);
  EXPECT_NEAR(found.difference.value, expected["difference"][0], 1e-13);
  EXPECT_NEAR(found.difference.lo, expected["difference"][1], 1e-12);
  EXPECT_NEAR(found.difference.hi, expected["difference"][2], 1e-12);
  EXPECT_NEAR(found.p, expected["p"], 1e-11);
}

TEST(PairedAuroc, EqualsTheSumOverAllPairsWithAndWithoutClusters) {
  for (const Json& row : IntervalsGolden("roc")) {
    const std::vector<double> a = Doubles(row["scores_a"]);
    const std::vector<double> b = Doubles(row["scores_b"]);
    const std::vector<uint8_t> labels = Labels(row["labels"]);
    ExpectPaired(PairedAuroc(a, b, labels, {}), row["auroc"], row["delong"]);
    ExpectPaired(PairedAuroc(a, b, labels, Clusters(row["clusters"])),
                 row["auroc"], row["obuchowski"]);
  }
}

TEST(AveragePrecision, EqualsScikitLearn) {
  for (const Json& row : IntervalsGolden("roc")) {
    const std::vector<uint8_t> labels = Labels(row["labels"]);
    EXPECT_NEAR(AveragePrecision(Doubles(row["scores_a"]), labels),
                row["average_precision"][0], 1e-14);
    EXPECT_NEAR(AveragePrecision(Doubles(row["scores_b"]), labels),
                row["average_precision"][1], 1e-14);
  }
}

TEST(AveragePrecision, IsThePrevalenceWhenTheScoreSaysNothing) {
  EXPECT_DOUBLE_EQ(AveragePrecision(std::vector<double>{7, 7, 7, 7},
                                    std::vector<uint8_t>{0, 1, 0, 0}),
                   0.25);
  EXPECT_TRUE(std::isnan(
      AveragePrecision(std::vector<double>{1, 2}, std::vector<uint8_t>{0, 0})));
}

TEST(ClusteredAuroc, IsDelongWhenEveryRowIsItsOwnCluster) {
  Sample sample = Draw(3000, 3, 1.0, 1);
  std::iota(sample.clusters.begin(), sample.clusters.end(), 17u);
  const AurocResult plain = DelongAuroc(sample.scores, sample.labels);
  const AurocResult clustered =
      ClusteredAuroc(sample.scores, sample.labels, sample.clusters);
  EXPECT_EQ(clustered.auroc, plain.auroc);
  EXPECT_NEAR(clustered.variance, plain.variance, 1e-12 * plain.variance);
  EXPECT_EQ(clustered.positive_clusters, plain.positives);
}

TEST(ClusteredAuroc, DoesNotCareHowClustersAreNumbered) {
  Sample sample = Draw(900, 4, 0.5, 2);
  const AurocResult before =
      ClusteredAuroc(sample.scores, sample.labels, sample.clusters);
  for (uint32_t& id : sample.clusters) id = 4000000000u - 31 * id;
  const AurocResult after =
      ClusteredAuroc(sample.scores, sample.labels, sample.clusters);
  EXPECT_EQ(before.variance, after.variance);
}

// Four copies of each row hold no more than one: the variance of the clusters
// stays, that of "independent" rows falls to about a quarter.
TEST(ClusteredAuroc, IsNotFooledByCopiesOfTheSameRow) {
  const Sample once = Draw(400, 1, 0.8, 3);
  Sample copies;
  for (int copy = 0; copy < 4; ++copy) {
    copies.scores.insert(copies.scores.end(), once.scores.begin(),
                         once.scores.end());
    copies.labels.insert(copies.labels.end(), once.labels.begin(),
                         once.labels.end());
    copies.clusters.insert(copies.clusters.end(), once.clusters.begin(),
                           once.clusters.end());
  }
  const double truth = DelongAuroc(once.scores, once.labels).variance;
  EXPECT_NEAR(
      ClusteredAuroc(copies.scores, copies.labels, copies.clusters).variance,
      truth, 1e-9 * truth);
  EXPECT_NEAR(DelongAuroc(copies.scores, copies.labels).variance / truth, 0.25,
              0.01);
}

TEST(DelongAuroc, DependsOnTheOrderOfTheScoresAlone) {
  Sample sample = Draw(2000, 1, 1.0, 4);
  const AurocResult before = DelongAuroc(sample.scores, sample.labels);
  for (double& score : sample.scores) score = std::exp(3 * score) - 5;
  const AurocResult after = DelongAuroc(sample.scores, sample.labels);
  EXPECT_EQ(before.auroc, after.auroc);
  EXPECT_EQ(before.variance, after.variance);
}

TEST(DelongAuroc, TurnsIntoItsComplementWithTheSignOfTheScores) {
  Sample sample = Draw(2000, 1, 1.0, 5);
  const AurocResult before = DelongAuroc(sample.scores, sample.labels);
  for (double& score : sample.scores) score = -score;
  const AurocResult after = DelongAuroc(sample.scores, sample.labels);
  EXPECT_NEAR(before.auroc, 1 - after.auroc, 1e-15);
  EXPECT_NEAR(before.variance, after.variance, 1e-12 * before.variance);
}

TEST(DelongAuroc, HasNoValueWithoutBothClassesNorVarianceWithoutTwoOfEach) {
  const AurocResult one_class =
      DelongAuroc(std::vector<double>{1, 2, 3}, std::vector<uint8_t>{1, 1, 1});
  EXPECT_TRUE(std::isnan(one_class.auroc));
  EXPECT_TRUE(std::isnan(AurocInterval(one_class).lo));
  EXPECT_EQ(one_class.positives, 3);
  const AurocResult one_positive =
      DelongAuroc(std::vector<double>{1, 2, 3}, std::vector<uint8_t>{0, 1, 0});
  EXPECT_EQ(one_positive.auroc, 0.5);
  EXPECT_TRUE(std::isnan(one_positive.variance));
  EXPECT_TRUE(std::isnan(DelongAuroc({}, {}).auroc));
}

TEST(ClusteredAuroc, HasNoVarianceWhenOneSubjectHasAllThePositives) {
  const AurocResult result = ClusteredAuroc(
      std::vector<double>{1, 2, 3, 4, 5}, std::vector<uint8_t>{0, 1, 0, 1, 0},
      std::vector<uint32_t>{1, 2, 3, 2, 4});
  EXPECT_NEAR(result.auroc, 0.5, 1e-15);
  EXPECT_TRUE(std::isnan(result.variance));
  EXPECT_EQ(result.positives, 2);
  EXPECT_EQ(result.positive_clusters, 1);
}

// Zero variance at complete separation would mean certainty.
TEST(AurocInterval, IsABoundFromTheRarerClassAtCompleteSeparation) {
  const AurocResult perfect = DelongAuroc(std::vector<double>{1, 2, 3, 4, 5},
                                          std::vector<uint8_t>{0, 0, 0, 1, 1});
  EXPECT_EQ(perfect.auroc, 1);
  EXPECT_EQ(AurocInterval(perfect).hi, 1);
  EXPECT_NEAR(AurocInterval(perfect).lo, std::sqrt(0.05), 1e-15);
  const AurocResult reversed = DelongAuroc(std::vector<double>{5, 4, 3, 2, 1},
                                           std::vector<uint8_t>{0, 0, 0, 1, 1});
  EXPECT_EQ(AurocInterval(reversed, 0.9).lo, 0);
  EXPECT_NEAR(AurocInterval(reversed, 0.9).hi, 1 - std::sqrt(0.1), 1e-15);
  const AurocResult clustered = ClusteredAuroc(
      std::vector<double>{1, 2, 3, 4, 5}, std::vector<uint8_t>{0, 0, 0, 1, 1},
      std::vector<uint32_t>{1, 2, 3, 4, 4});
  EXPECT_NEAR(AurocInterval(clustered).lo, 0.05, 1e-15);
}

TEST(PairedAuroc, FindsNoDifferenceBetweenAModelAndItself) {
  const Sample sample = Draw(300, 2, 0.7, 6);
  const PairedAurocResult same =
      PairedAuroc(sample.scores, sample.scores, sample.labels, sample.clusters);
  EXPECT_EQ(same.p, 1);
  EXPECT_EQ(same.difference.lo, 0);
  EXPECT_EQ(same.difference.hi, 0);
  EXPECT_NEAR(same.covariance, same.a.variance, 1e-18);
}

TEST(PairedAuroc, CannotTellTwoPerfectModelsApart) {
  const std::vector<double> scores{1, 2, 3, 4, 5};
  const std::vector<uint8_t> labels{0, 0, 0, 1, 1};
  const PairedAurocResult perfect = PairedAuroc(scores, scores, labels, {});
  EXPECT_EQ(perfect.difference.value, 0);
  EXPECT_EQ(perfect.p, 1);
  EXPECT_TRUE(std::isnan(perfect.difference.lo));
  const PairedAurocResult opposite =
      PairedAuroc(scores, std::vector<double>{5, 4, 3, 2, 1}, labels, {});
  EXPECT_EQ(opposite.difference.value, 1);
  EXPECT_TRUE(std::isnan(opposite.difference.hi));
  EXPECT_TRUE(std::isnan(opposite.p));
}

// Subjects of 4 images with a shared effect, true AUROC by a large sample.
// 400 samples of 60 subjects: coverage 0.95 has a standard error of 0.011, and
// 0.90 to 0.985 leaves room for the approximation itself.
TEST(ClusteredAuroc, CoversTheTruthWhereDelongDoesNot) {
  const Sample large = Draw(400000, 4, 0.7, 7);
  const double truth = DelongAuroc(large.scores, large.labels).auroc;
  int clustered = 0, naive = 0;
  constexpr int kSamples = 400;
  const auto covers = [&](const AurocResult& result) {
    const Interval interval = AurocInterval(result);
    return interval.lo <= truth && truth <= interval.hi;
  };
  for (int i = 0; i < kSamples; ++i) {
    const Sample sample = Draw(240, 4, 0.7, 100 + static_cast<uint64_t>(i));
    clustered +=
        covers(ClusteredAuroc(sample.scores, sample.labels, sample.clusters));
    naive += covers(DelongAuroc(sample.scores, sample.labels));
  }
  EXPECT_GT(clustered, 0.90 * kSamples);
  EXPECT_LT(clustered, 0.985 * kSamples);
  EXPECT_LT(naive, clustered - 0.05 * kSamples);
}

TEST(HanleyMcNeilVariance, IsExactForOneOfEach) {
  EXPECT_NEAR(HanleyMcNeilVariance(0.8, 1, 1), 0.8 * 0.2, 1e-15);
}

// Their example: A = 0.893 with 51 abnormal and 58 normal images has a standard
// error of 0.032.
TEST(HanleyMcNeilVariance, EqualsThePublishedExample) {
  EXPECT_NEAR(std::sqrt(HanleyMcNeilVariance(0.893, 51, 58)), 0.032, 6e-4);
}

TEST(Roc, SaysWhatIsWrongWithItsInput) {
  const std::vector<double> scores{0.1, 0.2, 0.3};
  EXPECT_EQ(ErrorText([&] {
              DelongAuroc(scores, std::vector<uint8_t>{0, 1});
            }),
            "3: there must be one of the labels for each score, found 2 for 3 "
            "scores");
  EXPECT_EQ(ErrorText([&] {
              DelongAuroc(scores, std::vector<uint8_t>{0, 1, 2});
            }),
            "3: labels must be 0 or 1, found 2 at position 2 (counted from 0)");
  EXPECT_EQ(ErrorText([&] {
              AveragePrecision(std::vector<double>{0, NAN, 1},
                               std::vector<uint8_t>{0, 1, 1});
            }),
            "3: scores must be finite numbers, found nan at position 1 "
            "(counted from 0)");
  EXPECT_EQ(ErrorText([&] {
              ClusteredAuroc(scores, std::vector<uint8_t>{0, 1, 1},
                             std::vector<uint32_t>{1});
            }),
            "3: there must be one of the cluster ids for each score, found 1 "
            "for 3 scores");
}

}  // namespace
}  // namespace plumbline
