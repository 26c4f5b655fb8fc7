#include "plumbline/audit/case_mix/case_mix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "plumbline/audit/case_mix/synthetic_mix.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

const Json& Golden() {
  static const Json document = [] {
    const std::string path =
        std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/case_mix.json";
    return ParseJson(ReadFile(path), path);
  }();
  return document;
}

// The table of tests/golden/case_mix.py, with the groups of one of its cases.
class GoldenMix : public MixTable {
 public:
  GoldenMix() {
    const Json& table = Golden()["table"];
    const size_t rows = table["group"].size();
    NumericColumn age{"age", {}, 0};
    std::vector<uint32_t> severity;
    for (size_t i = 0; i < rows; ++i) {
      AddRow(table["subject"][i], table["group"][i],
             table["positive"][i].get<int>(), table["score"][i]);
      severity.push_back(table["severity"][i]);
      const Json& a = table["age"][i];
      age.values.push_back(a.is_null() ? std::nan("") : a.get<double>());
      age.missing += a.is_null();
    }
    covariates_.push_back(Words("severity", {"0", "1", "2"}, severity));
    covariates_.push_back(
        CovariateInBins(age, Golden()["edges"].get<std::vector<double>>()));
    Finish(3);
  }
};

const MixComparison& Find(const MixResult& result, const std::string& metric,
                          int group, int reference) {
  for (const MixComparison& c : result.comparisons) {
    if (c.metric == metric && c.group == group && c.reference == reference) {
      return c;
    }
  }
  throw std::runtime_error("no such comparison");
}

void ExpectCase(const Json& expected) {
  GoldenMix mix;
  const std::string metric = expected["metric"];
  const int a = expected["compared"][0];
  const int b = expected["compared"][1];
  mix.groups.reference = a;
  if (!expected["target"].is_null()) mix.groups.target = expected["target"];
  MixOptions options;
  options.metrics = {metric};
  const MixResult result = AnalyseCaseMix(mix.rows, mix.groups, options);
  const MixComparison& c = Find(result, metric, b, a);
  EXPECT_EQ(c.subjects, expected["subjects"].get<int64_t>());
  const MixEstimate* estimates[] = {&c.crude, &c.direct, &c.weighted};
  for (int e = 0; e < 3; ++e) {
    SCOPED_TRACE(metric + " estimator " + std::to_string(e));
    ASSERT_EQ(estimates[e]->of_group.size(), 2u);
    for (int g = 0; g < 2; ++g) {
      EXPECT_NEAR(estimates[e]->of_group[g],
                  expected["values"][e][g].get<double>(), 1e-9);
    }
    EXPECT_NEAR(estimates[e]->standard_error, expected["se"][e].get<double>(),
                2e-7);
  }
  EXPECT_NEAR(c.explained.standard_error,
              expected["se_explained"].get<double>(), 2e-7);
  EXPECT_NEAR(c.explained.value, c.crude.value - c.direct.value, 1e-15);
}

TEST(CaseMix, EqualsThePythonOracle) {
  for (const Json& expected : Golden()["cases"]) ExpectCase(expected);
}

TEST(CaseMix, AurocEqualsWeightedScikitLearn) {
  GoldenMix mix;
  mix.groups.reference = 0;
  const MixResult result =
      AnalyseCaseMix(mix.rows, mix.groups, {.metrics = {"auroc"}});
  const MixComparison& c = Find(result, "auroc", 1, 0);
  const Json& expected = Golden()["auroc"];
  const MixEstimate* estimates[] = {&c.crude, &c.direct, &c.weighted};
  for (int e = 0; e < 3; ++e) {
    for (int g = 0; g < 2; ++g) {
      EXPECT_NEAR(estimates[e]->of_group[g],
                  expected["values"][e][g].get<double>(), 1e-9);
    }
    // The oracle's derivative knows no correction for small strata.
    EXPECT_NEAR(estimates[e]->standard_error, expected["se"][e].get<double>(),
                e == 1 ? 0.08 * estimates[e]->standard_error : 2e-7);
  }
}

TEST(CaseMix, SharesEqualAllOrdersAndAddUp) {
  GoldenMix mix;
  mix.groups.reference = 1;
  const MixResult result =
      AnalyseCaseMix(mix.rows, mix.groups, {.metrics = {"fnr"}});
  const MixComparison& c = Find(result, "fnr", 0, 1);
  ASSERT_EQ(c.shares.size(), 2u);
  double sum = 0;
  for (size_t j = 0; j < 2; ++j) {
    EXPECT_NEAR(c.shares[j].value,
                Golden()["shapley"]["values"][j].get<double>(), 1e-12);
    EXPECT_LT(c.shares[j].lo, c.shares[j].value);
    sum += c.shares[j].value;
  }
  EXPECT_NEAR(sum, c.explained.value, 1e-12);
}

TEST(CaseMix, EffectiveSizeEqualsTheOracle) {
  GoldenMix mix;
  mix.groups.reference = 0;
  const MixResult result =
      AnalyseCaseMix(mix.rows, mix.groups, {.metrics = {"accuracy"}});
  const MixSupport* pair = nullptr;
  for (const MixSupport& support : result.supports) {
    if (support.group == 1) pair = &support;
  }
  ASSERT_NE(pair, nullptr);
  ASSERT_EQ(pair->groups.size(), 2u);
  for (size_t g = 0; g < 2; ++g) {
    EXPECT_NEAR(pair->groups[g].effective,
                Golden()["effective"][g].get<double>(), 1e-6);
  }
}

TEST(Balance, EqualsTheOracleLevelByLevel) {
  GoldenMix mix;
  MixProblem problem;
  problem.covariates = mix.groups.covariates;
  problem.patterns = mix.groups.patterns;
  problem.groups = problem.compared = 2;
  problem.rows.assign(problem.patterns->patterns * 2, 0);
  for (size_t i = 0; i < mix.groups.group.size(); ++i) {
    if (mix.groups.group[i] < 2) {
      ++problem.rows[mix.groups.pattern[i] * 2 + mix.groups.group[i]];
    }
  }
  const auto rows = Balance(problem, MakePropensityWeights(problem), 1, 0);
  for (const Json& expected : Golden()["balance"]["rows"]) {
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const BalanceRow& r) {
          return r.covariate == expected["covariate"].get<std::string>() &&
                 r.level == expected["level"].get<std::string>();
        });
    ASSERT_NE(row, rows.end());
    EXPECT_NEAR(row->before, expected["before"].get<double>(), 1e-9);
    EXPECT_NEAR(row->after, expected["after"].get<double>(), 1e-6);
  }
}

MixResult Judged(const MixTable& mix, const std::string& metric) {
  MixOptions options;
  options.metrics = {metric};
  MixResult result = AnalyseCaseMix(mix.rows, mix.groups, options);
  JudgeMix({&result}, options);
  return result;
}

TEST(CaseMix, SeesSimpsonsParadox) {
  // Group 0 has the hard cases and fewer misses among like ones.
  PlantedMix mix(20000, {.hard_share = {0.8, 0.2},
                         .miss = {{{0.05, 0.40}, {0.20, 0.55}}}});
  mix.groups.reference = 0;
  const MixResult result = Judged(mix, "fnr");
  const MixComparison& c = Find(result, "fnr", 1, 0);
  EXPECT_LT(c.crude.hi, 0);
  EXPECT_GT(c.direct.lo, 0);
  EXPECT_STREQ(c.outcome, "reversed");
  EXPECT_STREQ(Find(result, "fnr", -1, -1).outcome, "reversed");
}

TEST(CaseMix, SeesAGapThatIsOnlyTheMix) {
  PlantedMix mix(
      20000, {.hard_share = {0.8, 0.2}, .miss = {{{0.1, 0.5}, {0.1, 0.5}}}});
  mix.groups.reference = 0;
  const MixResult result = Judged(mix, "fnr");
  const MixComparison& c = Find(result, "fnr", 1, 0);
  EXPECT_STREQ(c.outcome, "explained");
  // 0.6 of the cases times 0.4 more misses.
  EXPECT_NEAR(c.explained.value, -0.24, 0.03);
}

TEST(CaseMix, RefusesWhatSeparatesTheGroups) {
  PlantedMix mix(
      2000, {.hard_share = {1.0, 0.4}, .miss = {{{0.1, 0.5}, {0.1, 0.5}}}});
  mix.groups.reference = 0;
  const MixResult result = Judged(mix, "accuracy");
  const MixComparison& c = Find(result, "accuracy", 1, 0);
  EXPECT_STREQ(c.weighted.reason, "separation");
  EXPECT_STREQ(c.direct.reason, "no_overlap");
  EXPECT_TRUE(std::isnan(c.direct.value));
  EXPECT_STREQ(c.outcome, "insufficient");
  EXPECT_EQ(result.supports[0].covariate, "case");
  EXPECT_EQ(result.supports[0].level, "easy");
  EXPECT_LT(result.supports[0].coverage, 0.8);
}

// Ten cases without a single miss beside 1,000 with 200: chance alone does that
// in 11 of 100 tables (0.8 to the power of 10).
class FewMisses : public MixTable {
 public:
  explicit FewMisses(int rows_per_subject) {
    std::vector<uint32_t> hard;
    for (uint32_t i = 0; i < 1010; ++i) {
      const bool large = i < 1000;
      const bool missed = large && i % 5 == 0;
      AddRow(i / rows_per_subject, large ? 0 : 1, true, missed ? 0.1 : 0.9);
      AddRow(i / rows_per_subject, large ? 0 : 1, false, 0.05);
      hard.push_back(i % 2);
      hard.push_back(i % 2);
    }
    covariates_.push_back(Words("case", {"easy", "hard"}, hard));
    Finish(2);
    groups.reference = 0;
  }
};

TEST(CaseMix, NoMissAmongAFewCasesShowsNoGap) {
  const FewMisses mix(1);
  const MixResult result = Judged(mix, "fnr");
  const MixComparison& c = Find(result, "fnr", 1, 0);
  EXPECT_NEAR(c.crude.value, -0.2, 1e-12);
  // Ten that vary as 2 of 14 outcomes do, and a thousand as 200 do.
  const double expected = (2.0 / 14) * (12.0 / 14) / 10 + 0.2 * 0.8 / 1000;
  EXPECT_NEAR(c.crude.standard_error, std::sqrt(expected), 1e-4);
  for (const MixEstimate* e : {&c.crude, &c.direct, &c.weighted}) {
    EXPECT_GT(e->p, 0.05);
    EXPECT_GT(e->hi, 0);
  }
  EXPECT_STREQ(c.outcome, "insufficient");
  EXPECT_STREQ(Find(result, "fnr", -1, -1).outcome, "insufficient");
}

TEST(CaseMix, FewSubjectsSayLessThanTheirRows) {
  const FewMisses rows(1);
  const FewMisses subjects(4);
  const double alone =
      Find(Judged(rows, "fnr"), "fnr", 1, 0).crude.standard_error;
  const double clustered =
      Find(Judged(subjects, "fnr"), "fnr", 1, 0).crude.standard_error;
  EXPECT_GT(clustered, 1.3 * alone);
}

TEST(CaseMix, APerfectAurocHasNoInterval) {
  const FewMisses mix(1);
  const MixResult result = Judged(mix, "auroc");
  const MixComparison& c = Find(result, "auroc", 1, 0);
  EXPECT_STREQ(c.crude.reason, "no_variation");
  EXPECT_TRUE(std::isnan(c.crude.p));
  EXPECT_STREQ(c.outcome, "insufficient");
}

TEST(Balance, CompleteSeparationIsNoBalance) {
  PlantedMix mix(200, {.hard_share = {1.0, 0.0}});
  mix.groups.reference = 0;
  const MixResult result = Judged(mix, "accuracy");
  // Site differs by chance, the case altogether.
  EXPECT_TRUE(std::isnan(result.supports[0].groups[1].imbalance_before));
  EXPECT_EQ(result.supports[0].groups[1].worst_covariate, "case");
}

TEST(CaseMix, SmallGroupsTakeNoPart) {
  PlantedMix mix(
      12, {.hard_share = {0.5, 0.5}, .miss = {{{0.1, 0.5}, {0.1, 0.5}}}});
  const MixResult result = Judged(mix, "fnr");
  ASSERT_EQ(result.comparisons.size(), 1u);
  EXPECT_STREQ(result.comparisons[0].crude.reason, "below_minimum");
  EXPECT_STREQ(result.comparisons[0].outcome, "insufficient");
}

}  // namespace
}  // namespace plumbline
