#include "plumbline/stats/equivalence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/stats/golden_for_test.h"

namespace plumbline {
namespace {

TEST(TwoOneSidedTests, EqualsStatsmodels) {
  const std::map<std::string, EquivalenceVerdict> verdicts = {
      {"equivalent", EquivalenceVerdict::kEquivalent},
      {"different", EquivalenceVerdict::kDifferent},
      {"inconclusive", EquivalenceVerdict::kInconclusive}};
  for (const Json& c : GoldenCases("equivalence")) {
    const EquivalenceResult result = TwoOneSidedTests(
        c["difference"], c["standard_error"], c["margin"], c["alpha"]);
    EXPECT_EQ(result.verdict, verdicts.at(c["verdict"]));
    EXPECT_NEAR(result.lo, c["lo"], 1e-10);
    EXPECT_NEAR(result.hi, c["hi"], 1e-10);
    for (const auto& [found, key] :
         {std::pair(result.p_lower, "p_lower"),
          std::pair(result.p_upper, "p_upper"), std::pair(result.p, "p")}) {
      const double expected = c[key];
      EXPECT_NEAR(found, expected, 1e-8 * expected) << key;
    }
  }
}

// The point of the test: a difference of exactly 0 from a dozen rows is no
// evidence of equality.
TEST(TwoOneSidedTests, CannotTellWithTinyGroupsHoweverSmallTheDifference) {
  const double se_of_twelve = 0.3 * std::sqrt(2.0 / 12);
  const double se_of_many = 0.3 * std::sqrt(2.0 / 12000);
  EXPECT_EQ(TwoOneSidedTests(0.0, se_of_twelve, 0.05).verdict,
            EquivalenceVerdict::kInconclusive);
  EXPECT_EQ(TwoOneSidedTests(0.0, se_of_many, 0.05).verdict,
            EquivalenceVerdict::kEquivalent);
}

TEST(TwoOneSidedTests, IsEquivalentExactlyWhenTheTestRejects) {
  for (int i = -40; i <= 40; ++i) {
    const double difference = i * 0.002 + 0.0003;
    const EquivalenceResult result =
        TwoOneSidedTests(difference, 0.015, 0.05, 0.05);
    EXPECT_EQ(result.verdict == EquivalenceVerdict::kEquivalent,
              result.p < 0.05)
        << difference;
  }
}

TEST(TwoOneSidedTests, TreatsBothDirectionsAlike) {
  const EquivalenceResult up = TwoOneSidedTests(0.02, 0.01, 0.05);
  const EquivalenceResult down = TwoOneSidedTests(-0.02, 0.01, 0.05);
  EXPECT_EQ(up.verdict, down.verdict);
  EXPECT_DOUBLE_EQ(up.p, down.p);
  EXPECT_DOUBLE_EQ(up.p_lower, down.p_upper);
  EXPECT_DOUBLE_EQ(up.lo, -down.hi);
}

// With a true difference at the margin, "equivalent" may be said in at most
// 5 % of samples (here: 5 % within 4 standard errors of 20000 draws).
TEST(TwoOneSidedTests, KeepsItsLevelAtTheEdgeOfTheMargin) {
  RandomStream random(1, "tost test");
  int equivalent = 0;
  for (int i = 0; i < 20000; ++i) {
    const double difference = 0.05 + 0.01 * random.NextNormal();
    equivalent += TwoOneSidedTests(difference, 0.01, 0.05).verdict ==
                  EquivalenceVerdict::kEquivalent;
  }
  EXPECT_NEAR(equivalent / 20000.0, 0.05, 4 * std::sqrt(0.05 * 0.95 / 20000));
}

TEST(TwoOneSidedTests, IsDecidedByTheDifferenceAloneWithoutAnError) {
  EXPECT_EQ(TwoOneSidedTests(0.049, 0, 0.05).verdict,
            EquivalenceVerdict::kEquivalent);
  EXPECT_EQ(TwoOneSidedTests(0.051, 0, 0.05).verdict,
            EquivalenceVerdict::kDifferent);
  EXPECT_EQ(TwoOneSidedTests(0.049, 0, 0.05).p, 0);
  EXPECT_EQ(TwoOneSidedTests(0.051, 0, 0.05).p, 1);
}

TEST(TwoOneSidedTests, CannotTellFromWhatIsNotANumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const EquivalenceResult no_difference = TwoOneSidedTests(nan, 0.01, 0.05);
  const EquivalenceResult no_error = TwoOneSidedTests(0.01, nan, 0.05);
  EXPECT_EQ(no_difference.verdict, EquivalenceVerdict::kInconclusive);
  EXPECT_EQ(no_error.verdict, EquivalenceVerdict::kInconclusive);
  EXPECT_TRUE(std::isnan(no_difference.p));
  EXPECT_TRUE(std::isnan(no_error.lo));
}

std::string MessageOf(double standard_error, double margin, double alpha) {
  try {
    TwoOneSidedTests(0.01, standard_error, margin, alpha);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "no error";
}

TEST(TwoOneSidedTests, SaysWhatItFoundWhenItsArgumentsAreImpossible) {
  EXPECT_EQ(MessageOf(0.1, 0, 0.05),
            "an equivalence margin must be > 0, found 0");
  EXPECT_EQ(MessageOf(0.1, -0.05, 0.05),
            "an equivalence margin must be > 0, found -0.05");
  EXPECT_EQ(MessageOf(-0.1, 0.05, 0.05),
            "a standard error must be >= 0, found -0.1");
  EXPECT_EQ(MessageOf(0.1, 0.05, 0.5),
            "alpha must lie between 0 and 0.5, found 0.5");
}

}  // namespace
}  // namespace plumbline
