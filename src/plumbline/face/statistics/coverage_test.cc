// How often intervals contain the truth when people have effects of their own
// on their scores: s_ij = u_i + u_j + e_ij, of whose variance the share rho
// comes from people.
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/engine/pair_table.h"
#include "plumbline/face/statistics/identification.h"
#include "plumbline/face/statistics/rates.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline::face {
namespace {

struct Setting {
  uint32_t subjects;
  double rho;
  double fmr;
};

struct Coverage {
  double dyadic = 0;
  double wilson = 0;
};

struct People {
  SubjectGroups groups;
  PairTable pairs;
  std::vector<Hit> hits;
};

// One draw of everybody and all their comparisons.
People DrawPeople(const Setting& setting, uint64_t number) {
  RandomStream random(17, "coverage_test", number);
  const double person = std::sqrt(setting.rho / 2);
  const double rest = std::sqrt(1 - setting.rho);
  const double threshold = NormalQuantile(1 - setting.fmr);
  std::vector<double> effect(setting.subjects);
  for (double& value : effect) value = person * random.NextNormal();
  ImpostorScores scores;
  for (uint32_t i = 0; i < setting.subjects; ++i) {
    for (uint32_t j = i + 1; j < setting.subjects; ++j) {
      scores.reference.push_back(i);
      scores.probe.push_back(j);
      scores.score.push_back(effect[i] + effect[j] +
                             rest * random.NextNormal());
    }
  }
  People people{
      .groups = {.groups = 1,
                 .of_subject = std::vector<uint32_t>(setting.subjects)},
      .pairs = PairTable(scores),
      .hits = {}};
  people.hits = HitsAtOrAbove(scores, people.pairs, threshold, 1);
  return people;
}

// Which intervals contain the rate?
Coverage Draw(const Setting& setting, uint64_t number) {
  const People people = DrawPeople(setting, number);
  const RateEstimate rate =
      EstimateFalseMatchRates(CountImpostors(people.pairs, people.groups),
                              people.groups, people.hits, 0.95)
          .any;
  const Interval wilson = WilsonInterval(rate.events, rate.n);
  return {
      .dyadic = double(rate.lo <= setting.fmr && setting.fmr <= rate.hi),
      .wilson = double(wilson.lo <= setting.fmr && setting.fmr <= wilson.hi)};
}

Coverage Simulate(const Setting& setting, int draws) {
  std::vector<Coverage> of_draw(draws);
  ParallelFor(draws, 0, [&](int64_t i) { of_draw[i] = Draw(setting, i); });
  Coverage mean;
  for (const Coverage& draw : of_draw) {
    mean.dyadic += draw.dyadic / draws;
    mean.wilson += draw.wilson / draws;
  }
  return mean;
}

// Spec: dyadic 0.963, 0.950, 0.913, 0.943, 0.927. With 600 draws a coverage of
// 0.93 has a standard error of 0.010.
TEST(Coverage, OfDyadicIntervalsIs91To97PercentAndOfPairsFarLess) {
  const Setting settings[] = {{200, 0.0, 1e-2},
                              {200, 0.2, 1e-2},
                              {200, 0.5, 1e-2},
                              {500, 0.2, 1e-3},
                              {500, 0.5, 1e-3}};
  for (const Setting& setting : settings) {
    const Coverage coverage = Simulate(setting, 600);
    EXPECT_GT(coverage.dyadic, 0.885) << setting.subjects << setting.rho;
    EXPECT_LT(coverage.dyadic, 0.985) << setting.subjects << setting.rho;
    if (setting.rho > 0) {
      EXPECT_LT(coverage.wilson, 0.83) << setting.subjects << setting.rho;
    } else {
      EXPECT_GT(coverage.wilson, 0.91);
    }
    printf("N %u rho %.1f FMR %g: dyadic %.3f, pairs %.3f\n", setting.subjects,
           setting.rho, setting.fmr, coverage.dyadic, coverage.wilson);
  }
}

// FPIR of a gallery of N others: the mean over searchers u of 1 - (1 - P(u +
// others >= threshold))^N, by the midpoint rule over quantiles of u.
double TrueFpir(const Setting& setting, double size) {
  const double threshold = NormalQuantile(1 - setting.fmr);
  constexpr int kSteps = 20000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    const double u =
        std::sqrt(setting.rho / 2) * NormalQuantile((i + 0.5) / kSteps);
    const double match =
        NormalCdf((u - threshold) / std::sqrt(1 - setting.rho / 2));
    sum += 1 - std::pow(1 - match, size);
  }
  return sum / kSteps;
}

TEST(Coverage, OfSearchesInGalleries) {
  for (const Setting& setting :
       {Setting{150, 0.2, 1e-2}, Setting{150, 0.5, 1e-2},
        Setting{300, 0.2, 1e-3}}) {
    for (const int64_t size : {10, 60}) {
      constexpr int kDraws = 300;
      const double truth = TrueFpir(setting, static_cast<double>(size));
      std::vector<double> covers(kDraws), estimates(kDraws);
      ParallelFor(kDraws, 0, [&](int64_t i) {
        const People people = DrawPeople(setting, i);
        const auto result =
            Identify(people.groups, std::vector<uint8_t>(setting.subjects, 1),
                     people.hits, {}, {.sizes = {size}, .replicates = 300})[0];
        covers[i] = result.fpir.lo <= truth && truth <= result.fpir.hi;
        estimates[i] = result.fpir.value;
      });
      double coverage = 0, mean = 0;
      for (int i = 0; i < kDraws; ++i) {
        coverage += covers[i] / kDraws;
        mean += estimates[i] / kDraws;
      }
      printf(
          "N %u rho %.1f FMR %g gallery %ld: FPIR %.4f (mean %.4f), "
          "covered %.3f\n",
          setting.subjects, setting.rho, setting.fmr, size, truth, mean,
          coverage);
      EXPECT_GT(coverage, 0.92);
      EXPECT_NEAR(mean / truth, 1, 0.1);
    }
  }
}

}  // namespace
}  // namespace plumbline::face
