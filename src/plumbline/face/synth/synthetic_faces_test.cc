#include "plumbline/face/synth/synthetic_faces.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "plumbline/base/test_support.h"

namespace plumbline::face {
namespace {

// Comparisons without dependence, so that counts are binomial.
SynthOptions Independent(int64_t comparisons) {
  SynthOptions options;
  options.subject_share = 0;
  options.image_share = 0;
  options.impostor_comparisons = comparisons;
  return options;
}

// Expects `hits` of `trials` within 4.5 standard errors of a probability.
void ExpectShare(int64_t hits, int64_t trials, double probability) {
  const double sd = std::sqrt(trials * probability * (1 - probability));
  EXPECT_NEAR(static_cast<double>(hits), trials * probability, 4.5 * sd + 1e-9);
}

struct Cells {
  std::map<std::pair<int, int>, int64_t> hits, trials;
};

Cells Count(const SyntheticFaces& faces, double threshold) {
  Cells cells;
  for (int64_t k = 0; k < faces.impostor.size(); ++k) {
    const std::pair<int, int> cell = {
        faces.groups.of_subject[faces.impostor.reference[k]],
        faces.groups.of_subject[faces.impostor.probe[k]]};
    ++cells.trials[cell];
    cells.hits[cell] += faces.impostor.score[k] >= threshold;
  }
  return cells;
}

// scipy.stats.norm.sf((2.5 - m) / d): A 0, 1; B 0.5, 1; across -0.75, 1.
TEST(TrueFmr, IsTheTailOfTheNormalDistribution) {
  const SynthOptions options;
  EXPECT_NEAR(TrueFmr(options, 0, 0, 2.5), 0.006209665325776132, 1e-14);
  EXPECT_NEAR(TrueFmr(options, 1, 1, 2.5), 0.022750131948179195, 1e-14);
  EXPECT_NEAR(TrueFmr(options, 0, 1, 2.5), 0.000577025042390767, 1e-14);
  EXPECT_NEAR(TrueFnmr(options, 0, 2.5), 0.006209665325776132, 1e-14);
}

TEST(TrueThreshold, GivesTheRateBack) {
  SynthOptions options;
  options.label_errors = 0.001;
  options.groups[1].failure = 0.02;
  const double threshold = TrueThreshold(options, 0, 1, 0.01);
  EXPECT_NEAR(TrueFmr(options, 0, 1, threshold), 0.01, 1e-12);
  const double pooled = TruePooledThreshold(options, 1e-4);
  EXPECT_NEAR(TruePooledFmr(options, pooled), 1e-4, 1e-14);
  EXPECT_EQ(TrueThreshold(options, 1, 1, 1), -INFINITY);
  EXPECT_EQ(TrueThreshold(options, 1, 1, 0), INFINITY);
}

TEST(MakeSyntheticFaces, CountsAreThoseOfTheTruthInEveryCell) {
  SynthOptions options = Independent(400000);
  options.label_errors = 0.002;
  options.groups[0].failure = 0.01;
  options.groups[1].impostor_sd = 1.3;
  options.groups[1].subjects = 60;
  const Cells cells = Count(MakeSyntheticFaces(options), 2);
  int64_t hits = 0;
  for (const auto& [cell, trials] : cells.trials) {
    SCOPED_TRACE(testing::Message() << cell.first << " " << cell.second);
    ExpectShare(cells.hits.at(cell), trials,
                TrueFmr(options, cell.first, cell.second, 2));
    hits += cells.hits.at(cell);
  }
  ExpectShare(hits, options.impostor_comparisons, TruePooledFmr(options, 2));
}

TEST(MakeSyntheticFaces, CountsAreThoseOfTheTruthForAllPairs) {
  SynthOptions options = Independent(0);
  options.label_errors = 0.05;
  options.groups[0].subjects = 400;
  options.groups[1].subjects = 300;
  options.groups[1].genuine_mean = 2;
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  EXPECT_EQ(faces.impostor.size(), 700 * 699 / 2);
  int64_t hits = 0;
  for (const double score : faces.impostor.score) hits += score >= 2.5;
  ExpectShare(hits, faces.impostor.size(), TruePooledFmr(options, 2.5));
}

TEST(MakeSyntheticFaces, GenuineCountsAreThoseOfTheTruth) {
  SynthOptions options = Independent(1);
  options.images = 5;
  options.groups[0].subjects = 2000;
  options.groups[0].failure = 0.03;
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  EXPECT_EQ(faces.genuine.size(), 2100 * 10);
  int64_t errors = 0;
  int64_t failed = 0;
  for (int64_t k = 0; k < 20000; ++k) {
    ASSERT_EQ(faces.groups.of_subject[faces.genuine.subject[k]], 0U);
    failed += std::isnan(faces.genuine.score[k]);
    errors += !(faces.genuine.score[k] >= 4);
  }
  ExpectShare(failed, 20000, 1 - 0.97 * 0.97);
  ExpectShare(errors, 20000, TrueFnmr(options, 0, 4));
}

// With u_i in two comparisons of the same pair of people, their scores are
// correlated by the shares; the rates stay.
TEST(MakeSyntheticFaces, SharedPeopleMakeScoresAlikeWithoutMovingRates) {
  SynthOptions options;
  options.subject_share = 0.6;
  options.image_share = 0;
  options.images = 1;
  options.groups = {SynthGroup{}};
  options.groups[0].subjects = 2000;
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  // Comparisons (0, 1), (2, 3), ... and (0, 3), (2, 5), ...: one subject in
  // common, correlation r / 2 = 0.3.
  std::map<std::pair<uint32_t, uint32_t>, double> score;
  for (int64_t k = 0; k < faces.impostor.size(); ++k) {
    score[{faces.impostor.reference[k], faces.impostor.probe[k]}] =
        faces.impostor.score[k];
  }
  double product = 0;
  int pairs = 0;
  for (uint32_t i = 0; i + 3 < 2000; i += 4, ++pairs) {
    product += score.at({i, i + 1}) * score.at({i, i + 3});
  }
  // 500 independent products of variance 1 + 0.3^2.
  EXPECT_NEAR(product / pairs, 0.3, 4.5 * std::sqrt(1.09 / pairs));
  EXPECT_EQ(TrueFmr(options, 0, 0, 2), TrueFmr({}, 0, 0, 2));
}

TEST(MakeSyntheticFaces, IsTheSameForAnyNumberOfThreads) {
  SynthOptions options;
  options.impostor_comparisons = 50000;
  options.groups[1].failure = 0.1;
  options.threads = 1;
  const std::string one = ToCsv(MakeSyntheticFaces(options), options);
  options.threads = 3;
  EXPECT_EQ(ToCsv(MakeSyntheticFaces(options), options), one);
  options.seed = 2;
  EXPECT_NE(ToCsv(MakeSyntheticFaces(options), options), one);
}

TEST(MakeSyntheticFaces, WithinGroupsNobodyMeetsAnotherGroup) {
  for (const int64_t comparisons : {0, 20000}) {
    SynthOptions options;
    options.within_groups = true;
    options.impostor_comparisons = comparisons;
    options.groups[0].subjects = 150;
    const Cells cells = Count(MakeSyntheticFaces(options), 0);
    EXPECT_EQ(cells.trials.size(), 2U);
    const int64_t a = cells.trials.at({0, 0});
    const int64_t b = cells.trials.at({1, 1});
    if (comparisons == 0) {
      EXPECT_EQ(a, 150 * 149 / 2);
      EXPECT_EQ(b, 100 * 99 / 2);
    } else {
      ExpectShare(a, a + b, 150 * 149.0 / (150 * 149 + 100 * 99));
    }
  }
}

TEST(MakeSyntheticFaces, NobodyIsAnImpostorOfThemselves) {
  SynthOptions options;
  options.groups[0].subjects = options.groups[1].subjects = 2;
  options.impostor_comparisons = 2000;
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  std::set<std::pair<uint32_t, uint32_t>> pairs;
  for (int64_t k = 0; k < faces.impostor.size(); ++k) {
    pairs.insert({faces.impostor.reference[k], faces.impostor.probe[k]});
    ASSERT_NE(faces.impostor.reference[k], faces.impostor.probe[k]);
  }
  EXPECT_EQ(pairs.size(), 12U);
}

TEST(MakeSyntheticFaces, SaysWhatIsOutOfRange) {
  SynthOptions options;
  options.subject_share = 0.8;
  options.image_share = 0.3;
  EXPECT_EQ(ErrorText([&] { MakeSyntheticFaces(options); }),
            "2: the shares of subjects and images must be at least 0 and at "
            "most 1 together, found 1.1");
  options = {};
  options.groups[1].subjects = 1;
  EXPECT_EQ(ErrorText([&] { MakeSyntheticFaces(options); }),
            "2: a synthetic group needs at least 2 subjects, found 1");
  EXPECT_EQ(ErrorText([&] { TrueFmr({}, 0, 2, 1); }),
            "2: there is no synthetic group 2 of 2");
}

TEST(ToCsv, HasTheColumnsOfAScoreTable) {
  SynthOptions options;
  options.attributes = {"sex", "site"};
  options.groups = {SynthGroup{.levels = {"A", "C"}, .subjects = 2},
                    SynthGroup{.levels = {"B", "D"}, .subjects = 2}};
  options.groups[1].failure = 1;
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  const std::string csv = ToCsv(faces, options);
  EXPECT_TRUE(csv.starts_with(
      "ref_subject,probe_subject,ref_sex,ref_site,probe_sex,probe_site,score\n"
      "s0,s1,A,C,A,C,"))
      << csv;
  EXPECT_TRUE(csv.ends_with("s2,s2,B,D,B,D,\ns3,s3,B,D,B,D,\n")) << csv;
  EXPECT_EQ(SubjectsToCsv(faces, options),
            "subject,sex,site\ns0,A,C\ns1,A,C\ns2,B,D\ns3,B,D\n");
}

}  // namespace
}  // namespace plumbline::face
