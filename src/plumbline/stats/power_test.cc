#include "plumbline/stats/power.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/golden_for_test.h"

namespace plumbline {
namespace {

PowerOptions OptionsOf(const Json& c) {
  return {.alpha = c["alpha"],
          .power = c.value("power", 0.8),
          .design_effect = c["design_effect"]};
}

TEST(TrialsPerGroup, Needs1434PositivesToTellFnr33From38) {
  EXPECT_EQ(std::ceil(TrialsPerGroup(0.33, 0.38)), 1434);
}

TEST(TrialsPerGroup, EqualsStatsmodels) {
  for (const Json& c : GoldenCases("power_trials")) {
    EXPECT_NEAR(TrialsPerGroup(c["p_a"], c["p_b"], OptionsOf(c)), c["trials"],
                1e-8);
  }
}

TEST(PowerOfProportions, EqualsStatsmodels) {
  for (const Json& c : GoldenCases("power_powers")) {
    const PowerOptions options{.alpha = c["alpha"],
                               .design_effect = c["design_effect"]};
    EXPECT_NEAR(
        PowerOfProportions(c["p_a"], c["p_b"], c["n_a"], c["n_b"], options),
        c["power"], 1e-10);
  }
}

TEST(SmallestDetectableDifference, EqualsStatsmodelsSolvedForTheDifference) {
  for (const Json& c : GoldenCases("power_smallest")) {
    EXPECT_NEAR(SmallestDetectableDifference(c["p_a"], c["n_a"], c["n_b"],
                                             c["upwards"], OptionsOf(c)),
                c["difference"], 1e-9);
  }
}

TEST(Power, OfTheSmallestDetectableDifferenceIsTheWantedOne) {
  for (const double p : {0.0, 0.02, 0.3, 0.7, 0.95}) {
    for (const double power : {0.5, 0.8, 0.95}) {
      const PowerOptions options{.power = power, .design_effect = 1.3};
      const double d = SmallestDetectableDifference(p, 400, 90, true, options);
      if (d == 1) continue;
      EXPECT_NEAR(PowerOfProportions(p, p + d, 400, 90, options), power, 1e-9);
    }
  }
}

// 4000 pairs of samples of the size that the formula asks for: the two-sided z
// test finds the difference in 80 % of them (formula and test are both large
// sample: within 3 points).
TEST(TrialsPerGroup, GiveThePromisedPowerInSimulatedTrials) {
  RandomStream random(1, "power test");
  const auto trials =
      static_cast<int64_t>(std::ceil(TrialsPerGroup(0.33, 0.38)));
  const double n = static_cast<double>(trials);
  int shown = 0;
  for (int i = 0; i < 4000; ++i) {
    const double a = random.NextBinomial(trials, 0.33) / n;
    const double b = random.NextBinomial(trials, 0.38) / n;
    const double se = std::sqrt((a * (1 - a) + b * (1 - b)) / n);
    shown += (b - a) / se > 1.959964;
  }
  EXPECT_NEAR(shown / 4000.0, 0.80, 0.03);
}

TEST(SmallestDetectableDifference, IsOneWhenNoProportionIsFarEnough) {
  EXPECT_EQ(SmallestDetectableDifference(0.5, 3, 3), 1);
  EXPECT_EQ(SmallestDetectableDifference(1.0, 1000, 1000, true), 1);
  EXPECT_EQ(SmallestDetectableDifference(0.0, 1000, 1000, false), 1);
}

TEST(SmallestDetectableDifference, GrowsWithTheDesignEffectAsWithFewerTrials) {
  const double clustered =
      SmallestDetectableDifference(0.3, 400, 800, true, {.design_effect = 4});
  const double fewer = SmallestDetectableDifference(0.3, 100, 200);
  EXPECT_NEAR(clustered, fewer, 1e-12);
}

// z_0.975 + z_0.8 = 1.959964 + 0.841621.
TEST(SmallestDetectableShift, Is2Point8StandardErrors) {
  EXPECT_NEAR(SmallestDetectableShift(0.01), 0.02801585, 1e-8);
  EXPECT_EQ(SmallestDetectableShift(0), 0);
}

template <typename Call>
std::string MessageOf(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "no error";
}

TEST(Power, SaysWhatItFoundWhenItsArgumentsAreImpossible) {
  EXPECT_EQ(MessageOf([] { TrialsPerGroup(0.3, 0.3); }),
            "a sample size needs two different proportions inside (0, 1), "
            "found 0.3 and 0.3");
  EXPECT_EQ(MessageOf([] { TrialsPerGroup(0, 0.3); }),
            "a sample size needs two different proportions inside (0, 1), "
            "found 0 and 0.3");
  EXPECT_EQ(MessageOf([] { PowerOfProportions(0.3, 1.2, 10, 10); }),
            "a proportion must lie between 0 and 1, found 1.2");
  EXPECT_EQ(MessageOf([] { SmallestDetectableDifference(0.3, 0, 10); }),
            "a power needs more than 0 trials in each group, found 0");
  EXPECT_EQ(MessageOf([] { SmallestDetectableShift(-1); }),
            "a standard error must be >= 0, found -1");
  EXPECT_EQ(MessageOf([] { SmallestDetectableShift(1, {.power = 1}); }),
            "the power must lie between 0 and 1, found 1");
  EXPECT_EQ(MessageOf([] { SmallestDetectableShift(1, {.alpha = 0}); }),
            "alpha must lie between 0 and 1, found 0");
  EXPECT_EQ(MessageOf([] { SmallestDetectableShift(1, {.design_effect = 0}); }),
            "the design effect must be > 0, found 0");
}

}  // namespace
}  // namespace plumbline
