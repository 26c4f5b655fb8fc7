#include "plumbline/audit/compare/model_comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/compare/paired_input_for_test.h"
#include "plumbline/base/error.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

CompareOptions Options() {
  CompareOptions options;
  options.audit.metrics = ComparableMetrics();
  options.audit.threshold = ParseThresholdRule("0.4");
  options.audit.replicates = 100;
  options.audit.threads = 1;
  return options;
}

SyntheticOptions Clustered(uint64_t seed) {
  return {.rows = 1200,
          .rows_per_subject = 4,
          .subject_sd = 1,
          .levels = {2, 2},
          .score_steps = 50,
          .seed = seed};
}

TEST(CompareModels, TurnsEverySignWhenTheModelsChangePlaces) {
  for (const SyntheticOptions& synthetic :
       {Clustered(31), SyntheticOptions{.rows = 600, .seed = 32}}) {
    const CompareInput input = PairedInput(synthetic, 0.6, 0.2);
    const CompareResult forwards = CompareModels(input, Options());
    const CompareResult backwards = CompareModels(Swapped(input), Options());
    for (size_t g = 0; g < forwards.groups.size(); ++g) {
      for (size_t m = 0; m < forwards.metrics.size(); ++m) {
        const auto& f = forwards.groups[g].metrics[m].difference;
        const auto& b = backwards.groups[g].metrics[m].difference;
        ASSERT_EQ(f.reason == nullptr, b.reason == nullptr);
        if (f.reason != nullptr) continue;
        const std::string& name = forwards.metrics[m];
        EXPECT_NEAR(f.value, -b.value, 1e-12) << name;
        EXPECT_NEAR(f.lo, -b.hi, 1e-9) << name;
        EXPECT_NEAR(f.upper_bound, -b.lower_bound, 1e-9) << name;
        EXPECT_NEAR(f.p, b.p, 1e-9) << name;
      }
    }
  }
}

TEST(CompareModels, FindsNothingBetweenAModelAndItself) {
  for (const SyntheticOptions& synthetic :
       {Clustered(33), SyntheticOptions{.rows = 600, .seed = 34}}) {
    CompareInput input = PairedInput(synthetic, 0);
    input.rows.targets[1].scores = input.rows.targets[0].scores;
    const CompareResult result = CompareModels(input, Options());
    for (const ComparedGroup& group : result.groups) {
      for (const ComparedMetric& metric : group.metrics) {
        const PairedDifference& d = metric.difference;
        if (std::isnan(d.value)) continue;
        EXPECT_EQ(d.value, 0);
        if (d.reason != nullptr &&
            std::string_view(d.reason) == "below_minimum") {
          continue;
        }
        EXPECT_EQ(d.p, 1);
        EXPECT_STRNE(d.outcome, "shown");
        if (d.reason == nullptr) {
          EXPECT_LT(d.lo, 0);
          EXPECT_GT(d.hi, 0);
        }
      }
    }
    for (const Finding& finding : result.findings) {
      EXPECT_EQ(finding.code, "PB902") << finding.sentence;
    }
  }
}

// The same rows in another order, with subjects in another numbering.
CompareInput Shuffled(const CompareInput& input) {
  std::vector<size_t> order(input.rows.rows);
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(9, "shuffle");
  for (size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[random.NextBelow(i)]);
  }
  CompareInput shuffled = input;
  for (size_t i = 0; i < order.size(); ++i) {
    for (size_t t = 0; t < input.rows.targets.size(); ++t) {
      shuffled.rows.targets[t].labels[i] =
          input.rows.targets[t].labels[order[i]];
      shuffled.rows.targets[t].scores[i] =
          input.rows.targets[t].scores[order[i]];
    }
    shuffled.rows.groups.cell_of_row[i] =
        input.rows.groups.cell_of_row[order[i]];
    if (!input.rows.subjects.empty()) {
      shuffled.rows.subjects[i] = input.rows.subjects[order[i]];
    }
  }
  return shuffled;
}

TEST(CompareModels, DoesNotDependOnTheOrderOfTheRows) {
  const CompareInput input = PairedInput(Clustered(35), 0.6);
  CompareOptions options = Options();
  options.audit.replicates = 0;
  const CompareResult a = CompareModels(input, options);
  const CompareResult b = CompareModels(Shuffled(input), options);
  for (size_t g = 0; g < a.groups.size(); ++g) {
    for (size_t m = 0; m < a.metrics.size(); ++m) {
      const PairedDifference& x = a.groups[g].metrics[m].difference;
      const PairedDifference& y = b.groups[g].metrics[m].difference;
      if (x.reason != nullptr) continue;
      EXPECT_NEAR(x.value, y.value, 1e-12);
      EXPECT_NEAR(x.lo, y.lo, 1e-12);
      EXPECT_NEAR(x.p, y.p, 1e-10);
    }
  }
}

TEST(CompareModels, GivesTheSameBytesForAnyNumberOfThreads) {
  const CompareInput input = PairedInput(Clustered(36), 0.6);
  CompareOptions one = Options();
  CompareOptions four = Options();
  four.audit.threads = 4;
  EXPECT_EQ(WriteJson(ToJson(CompareModels(input, one), input, one)),
            WriteJson(ToJson(CompareModels(input, four), input, four)));
}

TEST(CompareModels, GivesEachModelTheNumbersOfItsAudit) {
  const CompareInput input = PairedInput(Clustered(37), 0.6);
  const CompareOptions options = Options();
  const CompareResult result = CompareModels(input, options);
  for (int model : {kBaseline, kChallenger}) {
    AuditInput one = input.rows;
    one.targets = {input.target(0, model)};
    const AuditResult audit = Audit(one, options.audit);
    for (size_t g = 0; g < audit.groups.size(); ++g) {
      for (size_t m = 0; m < audit.metrics.size(); ++m) {
        const auto& e = audit.groups[g].metrics[m];
        const auto& mine = result.groups[g].metrics[m].models[model];
        if (e.reason != nullptr) continue;
        EXPECT_EQ(e.value, mine.value);
        EXPECT_EQ(e.lo, mine.lo);
      }
    }
  }
}

// The same two models, judged on twelve copies of one finding, give each p
// value twelve times: a family that forgets the targets does not notice.
TEST(CompareModels, CorrectsOverTargetsAndGroupings) {
  const CompareInput one =
      PairedInput({.rows = 900, .levels = {2, 3}, .seed = 44}, 0.8);
  CompareInput twelve = one;
  for (int copy = 1; copy < 12; ++copy) {
    for (int model : {kBaseline, kChallenger}) {
      twelve.rows.targets.push_back(one.target(0, model));
    }
  }
  twelve.one_score.assign(12, 0);
  CompareOptions options = Options();
  options.audit.metrics = {"brier"};
  options.audit.replicates = 0;
  const CompareResult single = CompareModels(one, options);
  const CompareResult many = CompareModels(twelve, options);
  double smallest = 1;
  double smallest_adjusted = 1;
  for (size_t g = 1; g < single.groups.size(); ++g) {
    const PairedDifference& d = single.groups[g].metrics[0].difference;
    smallest = std::min(smallest, d.p);
    smallest_adjusted = std::min(smallest_adjusted, d.p_adjusted);
  }
  EXPECT_NEAR(smallest_adjusted, std::min(1.0, 5 * smallest), 1e-12);
  const PairedDifference& everyone = single.groups[0].metrics[0].difference;
  EXPECT_EQ(everyone.p_adjusted, everyone.p);
  EXPECT_NEAR(many.groups[0].metrics[0].difference.p_adjusted,
              std::min(1.0, 12 * everyone.p), 1e-12);
}

TEST(CompareModels, FindsTheGroupThatABetterModelHarms) {
  SyntheticOptions synthetic{.rows = 9000, .levels = {12}, .seed = 38};
  const CompareInput input = PairedInput(synthetic, 0.3, 0.8, 2.4);
  CompareOptions options = Options();
  options.audit.metrics = {"fnr"};
  const CompareResult result = CompareModels(input, options);
  const PairedDifference& everyone = result.groups[0].metrics[0].difference;
  const PairedDifference& harmed = result.groups[1].metrics[0].difference;
  EXPECT_EQ(everyone.direction, Direction::kBetter);
  EXPECT_EQ(harmed.direction, Direction::kWorse);
  EXPECT_EQ(harmed.verdict, NonInferiority::kInferior);
  ASSERT_FALSE(result.findings.empty());
  EXPECT_EQ(result.findings[0].code, "PB904");
  EXPECT_TRUE(result.verdict.starts_with(
      "new is shown to be worse than old in 1 of 13 comparisons by metric and "
      "group (FNR of a=a0)"))
      << result.verdict;
}

TEST(CompareModels, DoesNotCallTenAgreeingRowsNonInferior) {
  CompareInput input = PairedInput({.rows = 40, .levels = {1}, .seed = 39}, 0);
  input.rows.targets[1].scores = input.rows.targets[0].scores;
  CompareOptions options = Options();
  options.audit.minimum = 5;
  options.audit.margin = 0.02;
  const CompareResult result = CompareModels(input, options);
  for (const ComparedMetric& metric : result.groups[0].metrics) {
    EXPECT_EQ(metric.difference.verdict, NonInferiority::kCannotTell);
  }
}

TEST(CompareModels, HoldsRequirementsAgainstEveryGroup) {
  const CompareInput input =
      PairedInput({.rows = 6000, .levels = {3}, .seed = 40}, 0.1, 0, 2.0);
  CompareOptions options = Options();
  options.audit.metrics = {"fnr"};
  const auto require = [&](const char* text) {
    options.requirements = {ParseRequirement(text, ComparableMetrics(), {"a"})};
    return CompareModels(input, options).requirements.at(0);
  };
  const RequirementResult failed = require("fnr non-inferior by a");
  EXPECT_EQ(failed.outcome, GateOutcome::kFailed);
  EXPECT_EQ(failed.sentence,
            "fnr non-inferior by a: failed; inferior in a=a0 (corrected for 3 "
            "groups).");
  EXPECT_EQ(require("fpr non-inferior by a").outcome, GateOutcome::kMet);
  EXPECT_EQ(require("fnr non-inferior").outcome, GateOutcome::kFailed);
}

// Between the two lower limits: the group alone is inferior, one of twelve may
// be so by chance.
TEST(CompareModels, FailsARequirementOnlyBeyondTheChanceOfManyGroups) {
  const CompareInput input =
      PairedInput({.rows = 9000, .levels = {12}, .seed = 38}, 0.3, 0.8, 2.4);
  CompareOptions options = Options();
  options.audit.metrics = {"fnr"};
  options.requirements = {
      ParseRequirement("fnr non-inferior by a", ComparableMetrics(), {"a"})};
  const auto harmed = [&](const CompareResult& result) {
    return result.groups[1].metrics[0].difference;
  };
  const PairedDifference wide = harmed(CompareModels(input, options));
  ASSERT_LT(wide.family_lo, wide.lo);
  ASSERT_GT(wide.family_lo, 0);
  options.audit.margin = (wide.family_lo + wide.lo) / 2;
  const CompareResult between = CompareModels(input, options);
  EXPECT_EQ(harmed(between).verdict, NonInferiority::kInferior);
  EXPECT_EQ(between.requirements[0].outcome, GateOutcome::kCannotTell);
  options.audit.margin = wide.family_lo * 0.99;
  EXPECT_EQ(CompareModels(input, options).requirements[0].outcome,
            GateOutcome::kFailed);
}

TEST(CompareModels, RefusesWhatItDoesNotKnow) {
  const CompareInput input = PairedInput({.rows = 100, .seed = 41}, 0.5);
  CompareOptions options = Options();
  options.audit.metrics = {"prevalence"};
  EXPECT_THROW(CompareModels(input, options), Error);
  options = Options();
  options.requirements = {
      ParseRequirement("fnr non-inferior of Mass", ComparableMetrics(), {})};
  EXPECT_THROW(CompareModels(input, options), Error);
}

}  // namespace
}  // namespace plumbline
