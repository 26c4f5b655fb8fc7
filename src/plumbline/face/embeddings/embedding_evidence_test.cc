#include "plumbline/face/embeddings/embedding_evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/team_for_test.h"
#include "plumbline/face/embeddings/tile_kernel.h"
#include "plumbline/face/engine/score_evidence.h"

namespace plumbline::face {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

// Subjects of 1 to 3 images, in two groups.
struct Example {
  EmbeddingSet set;
  SubjectGroups groups{.groups = 2, .of_subject = {}};
};

Example MakeExample(uint32_t subjects, int64_t dimensions) {
  RandomStream random(21, "embedding_evidence_test");
  std::vector<float> values;
  std::vector<uint32_t> owners;
  Example example;
  for (uint32_t subject = 0; subject < subjects; ++subject) {
    example.groups.of_subject.push_back(subject % 3 == 1);
    for (uint32_t image = 0; image <= subject % 3; ++image) {
      owners.push_back(subject);
      for (int64_t k = 0; k < dimensions; ++k) {
        values.push_back(static_cast<float>(random.NextNormal()));
      }
    }
  }
  const auto rows = static_cast<int64_t>(owners.size());
  example.set = MakeEmbeddingSet(values, rows, dimensions, owners,
                                 Similarity::kCosine, "e.npy");
  return example;
}

// All pairs one by one, with the reference as this grouping has it.
ImpostorScores ByBruteForce(const Example& example) {
  ImpostorScores scores;
  const EmbeddingSet& set = example.set;
  for (int64_t a = 0; a < set.rows; ++a) {
    for (int64_t b = a + 1; b < set.rows; ++b) {
      uint32_t reference = set.subject[a];
      uint32_t probe = set.subject[b];
      if (reference == probe) continue;
      if (example.groups.of_subject[reference] >
          example.groups.of_subject[probe]) {
        std::swap(reference, probe);
      }
      float sum = 0;
      for (int64_t k = 0; k < set.dimensions; ++k) {
        sum = std::fma(set.values[a * set.dimensions + k],
                       set.values[b * set.dimensions + k], sum);
      }
      scores.score.push_back(sum);
      scores.reference.push_back(reference);
      scores.probe.push_back(probe);
    }
  }
  return scores;
}

EmbeddingEvidence Compute(const Example& example, double most,
                          int threads = 2) {
  return {
      example.set,
      example.groups.subjects(),
      {.most_accepted = most, .lowest_threshold = kInf, .threads = threads}};
}

// 131 rows of 37 numbers fill neither tiles nor panels.
TEST(EmbeddingEvidence, EqualsTheComparisonsOneByOne) {
  const Example example = MakeExample(66, 37);
  const ImpostorScores scores = ByBruteForce(example);
  const ScoreEvidence expected(scores, 1);
  const EmbeddingEvidence evidence = Compute(example, 0.05);

  EXPECT_EQ(evidence.comparisons(), expected.comparisons());
  const ImpostorCounts a = evidence.Count(example.groups);
  const ImpostorCounts b = expected.Count(example.groups);
  EXPECT_EQ(a.comparisons, b.comparisons);
  EXPECT_EQ(a.squares, b.squares);
  EXPECT_EQ(a.all_squares, b.all_squares);
  for (size_t i = 0; i < a.as_reference.size(); ++i) {
    // Of comparisons within a group only the sum of both is defined.
    EXPECT_EQ(a.as_reference[i] + a.as_probe[i],
              b.as_reference[i] + b.as_probe[i]);
  }
  for (const double target : {0.001, 0.01, 0.04}) {
    for (const Within& within :
         {Within{}, Within{&example.groups, 0}, Within{&example.groups, 1}}) {
      const FmrThreshold got = evidence.Threshold(within, target);
      const FmrThreshold want = expected.Threshold(within, target);
      EXPECT_EQ(got.comparisons, want.comparisons);
      if (!got.reachable) continue;
      EXPECT_EQ(got.value, want.value) << target;
      EXPECT_EQ(got.accepted, want.accepted);
    }
    EXPECT_TRUE(evidence.Threshold({}, target).reachable);
  }
  const double cut = evidence.Threshold({}, 0.04).value;
  const auto hits = evidence.Hits(cut, example.groups);
  const auto wanted = expected.Hits(cut, example.groups);
  ASSERT_EQ(hits.size(), wanted.size());
  for (size_t i = 0; i < hits.size(); ++i) {
    EXPECT_EQ(hits[i].score, wanted[i].score);
    EXPECT_EQ(hits[i].reference, wanted[i].reference);
    EXPECT_EQ(hits[i].both, wanted[i].both);
  }
}

TEST(EmbeddingEvidence, HasTheSameBitsOnEveryInstructionSet) {
  const Example example = MakeExample(60, 129);
  const auto scores_of = [&](int threads) {
    std::vector<double> scores;
    for (const Hit& hit :
         Compute(example, 0.5, threads).Hits(-2, example.groups)) {
      scores.push_back(hit.score);
    }
    return scores;
  };
  const std::vector<double> all = scores_of(1);
  ASSERT_GT(all.size(), 3000u);
  int targets = 0;
  const int64_t supported = SupportedTargetMask();
  for (int bit = 0; bit < 62; ++bit) {
    const int64_t target = int64_t{1} << bit;
    if ((supported & target) == 0) continue;
    UseTargets(target);
    EXPECT_EQ(scores_of(2), all) << "target " << bit;
    ++targets;
  }
  UseTargets(0);
  EXPECT_GE(targets, 1);
}

TEST(EmbeddingEvidence, SaysWhatWouldLieBelowTheCut) {
  const Example example = MakeExample(60, 16);
  const EmbeddingEvidence evidence = Compute(example, 0.01);
  EXPECT_FALSE(evidence.Threshold({}, 0.5).reachable);
}

TEST(EmbeddingEvidence, RefusesToKeepTooMuch) {
  const Example example = MakeExample(60, 16);
  try {
    EmbeddingEvidence(
        example.set, 60,
        {.most_accepted = 0.5, .lowest_threshold = kInf, .most_hits = 100});
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(),
                testing::StartsWith("more than 100 comparisons would have to "
                                    "be kept"));
  }
}

// 999 rows are three blocks: one of two processes has two, one of four none.
TEST(EmbeddingEvidence, IsTheSameForAnyNumberOfProcesses) {
  const Example example = MakeExample(500, 8);
  EmbeddingEvidenceOptions options{
      .most_accepted = 0.01, .lowest_threshold = kInf, .threads = 1};
  const EmbeddingEvidence alone(example.set, 500, options);
  const std::vector<Hit> hits = alone.Hits(alone.cut(), example.groups);
  ASSERT_GT(hits.size(), 4000u);
  for (const int size : {2, 4}) {
    std::vector<std::vector<Hit>> shared(size);
    Team(size).Run([&](Communicator& world) {
      EmbeddingEvidenceOptions own = options;
      own.processes = &world;
      const EmbeddingEvidence evidence(example.set, 500, own);
      shared[world.rank()] = evidence.Hits(evidence.cut(), example.groups);
    });
    for (const std::vector<Hit>& theirs : shared) {
      ASSERT_EQ(theirs.size(), hits.size());
      EXPECT_EQ(
          std::memcmp(theirs.data(), hits.data(), hits.size() * sizeof(Hit)),
          0);
    }
  }
}

// Each process has room for its own comparisons, none for all.
TEST(EmbeddingEvidence, RefusesToKeepTooMuchInSeveralProcesses) {
  const Example example = MakeExample(500, 8);
  EmbeddingEvidenceOptions options{
      .most_accepted = 0.01, .lowest_threshold = kInf, .threads = 1};
  const EmbeddingEvidence alone(example.set, 500, options);
  options.most_hits =
      static_cast<int64_t>(alone.Hits(alone.cut(), example.groups).size() - 1);
  std::vector<ErrorCode> codes(3, ErrorCode::kInternal);
  Team(3).Run([&](Communicator& world) {
    EmbeddingEvidenceOptions own = options;
    own.processes = &world;
    try {
      EmbeddingEvidence(example.set, 500, own);
    } catch (const Error& error) {
      codes[world.rank()] = error.code();
    }
  });
  EXPECT_THAT(codes, testing::Each(ErrorCode::kOutOfResources));
}

TEST(EmbeddingEvidence, GenuineComparisonsAreAllPairsOfASubjectsImages) {
  const Example example = MakeExample(6, 8);
  // Images 1, 2, 3, 1, 2, 3: pairs 0, 1, 3, 0, 1, 3.
  const GenuineScores genuine = Compute(example, 0.5).Genuine();
  EXPECT_THAT(genuine.subject, testing::ElementsAre(1, 2, 2, 2, 4, 5, 5, 5));
}

TEST(MakeEmbeddingSet, RefusesWhatHasNoDirection) {
  EXPECT_THROW(MakeEmbeddingSet({1, 0, 0, 0}, 2, 2, {0, 1}, Similarity::kCosine,
                                "e.npy"),
               Error);
  EXPECT_NO_THROW(
      MakeEmbeddingSet({1, 0, 0, 0}, 2, 2, {0, 1}, Similarity::kDot, "e.npy"));
  EXPECT_THROW(
      MakeEmbeddingSet({1, NAN}, 2, 1, {0, 1}, Similarity::kDot, "e.npy"),
      Error);
  EXPECT_THROW(MakeEmbeddingSet({1, 2}, 2, 1, {0}, Similarity::kDot, "e.npy"),
               Error);
}

}  // namespace
}  // namespace plumbline::face
