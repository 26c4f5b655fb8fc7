#include "plumbline/solve/multinomial_logistic.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/solve/cholesky.h"

namespace plumbline {
namespace {

// The design of tests/golden/case_mix.py: 1, severity 1, severity 2, (age - 50)
// / 10, its square, age missing.
struct Golden {
  Json document;
  std::vector<double> x;
  std::vector<double> weights;

  Golden() {
    const std::string path =
        std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/case_mix.json";
    document = ParseJson(ReadFile(path), path);
    const Json& table = document["table"];
    for (size_t i = 0; i < table["group"].size(); ++i) {
      const int severity = table["severity"][i].get<int>();
      const Json& age = table["age"][i];
      const double z = age.is_null() ? 0 : (age.get<double>() - 50) / 10;
      x.insert(x.end(), {1, severity == 1 ? 1.0 : 0, severity == 2 ? 1.0 : 0, z,
                         z * z, age.is_null() ? 1.0 : 0});
      for (int g = 0; g < 3; ++g) {
        weights.push_back(table["group"][i].get<int>() == g ? 1 : 0);
      }
    }
  }
};

void ExpectCoefficients(const LogisticFit& fit, const Json& expected) {
  ASSERT_EQ(fit.status, LogisticStatus::kConverged);
  size_t at = 0;
  for (const Json& row : expected) {
    for (const Json& value : row) {
      EXPECT_NEAR(fit.coefficients[at++], value.get<double>(), 1e-7);
    }
  }
}

TEST(MultinomialLogistic, EqualsStatsmodels) {
  const Golden golden;
  const Json& expected = golden.document["logistic"];
  const LogisticFit fit =
      FitMultinomialLogistic(golden.x, golden.weights, 6, 3);
  ExpectCoefficients(fit, expected["coefficients"]);
  EXPECT_NEAR(fit.log_likelihood, expected["log_likelihood"].get<double>(),
              1e-8);
  const std::vector<double> covariance =
      Cholesky(fit.information, 12).Inverse();
  for (size_t i = 0; i < 12; ++i) {
    EXPECT_NEAR(covariance[i * 12 + i],
                expected["covariance"][i][i].get<double>(), 1e-7);
  }
}

TEST(MultinomialLogistic, AWeightOfTwoIsARowTwice) {
  Golden golden;
  for (size_t i = 0; i < golden.weights.size(); ++i) {
    if (golden.x[i / 3 * 6 + 1] == 1) golden.weights[i] *= 2;
  }
  ExpectCoefficients(FitMultinomialLogistic(golden.x, golden.weights, 6, 3),
                     golden.document["logistic"]["with_severity_1_twice"]);
}

TEST(MultinomialLogistic, MeetsTheLogOddsOfATwoByTwoTable) {
  // Grouped rows: 10 and 30 of 40, 25 and 15 of 40.
  const std::vector<double> x = {1, 0, 1, 1};
  const std::vector<double> weights = {10, 30, 25, 15};
  const LogisticFit fit = FitMultinomialLogistic(x, weights, 2, 2);
  ASSERT_EQ(fit.status, LogisticStatus::kConverged);
  EXPECT_NEAR(fit.coefficients[0], std::log(3.0), 1e-12);
  EXPECT_NEAR(fit.coefficients[1], std::log(15.0 / 25) - std::log(3.0), 1e-12);
  EXPECT_NEAR(fit.probabilities[1], 0.75, 1e-12);
}

TEST(MultinomialLogistic, SeesThatClassesAreSeparated) {
  // Complete: x tells them apart; then only at one level (quasi-complete).
  EXPECT_EQ(FitMultinomialLogistic(std::vector<double>{1, -1, 1, 1, 1, 2},
                                   std::vector<double>{5, 0, 0, 5, 0, 5}, 2, 2)
                .status,
            LogisticStatus::kSeparated);
  EXPECT_EQ(FitMultinomialLogistic(std::vector<double>{1, 0, 1, 1},
                                   std::vector<double>{5, 5, 0, 5}, 2, 2)
                .status,
            LogisticStatus::kSeparated);
}

TEST(MultinomialLogistic, SeesCollinearColumns) {
  EXPECT_EQ(
      FitMultinomialLogistic(std::vector<double>{1, 0, 0, 1, 1, 2, 1, 3, 6},
                             std::vector<double>{5, 3, 2, 5, 4, 4}, 3, 2)
          .status,
      LogisticStatus::kCollinear);
}

}  // namespace
}  // namespace plumbline
