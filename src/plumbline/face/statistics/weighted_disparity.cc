#include "plumbline/face/statistics/weighted_disparity.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace plumbline::face {
namespace {

using Numbers = std::span<const double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Mean(Numbers x, Numbers w) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sum += w[i] * x[i];
  return sum;
}

// NaN if one of them is zero.
double GeometricMean(Numbers x, Numbers w) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] <= 0) return kNaN;
    sum += w[i] * std::log(x[i]);
  }
  return std::exp(sum);
}

double Max(Numbers x) { return *std::max_element(x.begin(), x.end()); }

double MaxGeoMean(Numbers x, Numbers w) { return Max(x) / GeometricMean(x, w); }

double MaxMean(Numbers x, Numbers w) {
  const double mean = Mean(x, w);
  return mean > 0 ? Max(x) / mean : kNaN;
}

double Gini(Numbers x, Numbers w) {
  const double mean = Mean(x, w);
  if (mean == 0) return 0;
  double sum = 0;
  double together = 0;  // two people drawn at random are of one group
  for (size_t i = 0; i < x.size(); ++i) {
    together += w[i] * w[i];
    for (size_t j = 0; j < x.size(); ++j) {
      sum += w[i] * w[j] * std::abs(x[i] - x[j]);
    }
  }
  return sum / (2 * mean * (1 - together));
}

double Theil(Numbers x, Numbers w) {
  const double mean = Mean(x, w);
  if (mean == 0) return 0;
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] > 0) sum += w[i] * x[i] / mean * std::log(x[i] / mean);
  }
  return sum;
}

double Variance(Numbers x, Numbers w) {
  const double mean = Mean(x, w);
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    sum += w[i] * (x[i] - mean) * (x[i] - mean);
  }
  return sum;
}

double Variation(Numbers x, Numbers w) {
  const double mean = Mean(x, w);
  return mean == 0 ? 0 : std::sqrt(Variance(x, w)) / mean;
}

double SquaredVariation(Numbers x, Numbers w) {
  const double variation = Variation(x, w);
  return variation * variation / 2;
}

double Atkinson(Numbers x, Numbers w) {
  const double mean = Mean(x, w);
  if (mean == 0) return 0;
  const double geometric = GeometricMean(x, w);
  return std::isnan(geometric) ? 1 : 1 - geometric / mean;
}

double LogDeviation(Numbers x, Numbers w) {
  std::vector<double> logs;
  for (const double value : x) {
    logs.push_back(value > 0 ? std::log10(value) : kNaN);
  }
  return std::sqrt(Variance(logs, w));
}

constexpr WeightedMeasure kMeasures[] = {
    {"weighted_max_geomean", "Max/GeoMean, weighted",
     "how many times as high the highest rate is as the geometric mean of the "
     "population",
     "NISTIR 8429 (2022), eq. 10 and 11, with weights", 1, MaxGeoMean},
    {"weighted_gini", "Gini, weighted",
     "0 when all rates are equal, 1 when one group has all errors; groups "
     "count by their share",
     "Lerman and Yitzhaki 1989, J. Econometrics 42:43-47", 0, Gini},
    {"weighted_max_mean", "Max/Mean, weighted",
     "how many times as high the highest rate is as that of the population",
     "NISTIR 8429 (2022), with weights", 1, MaxMean},
    {"weighted_theil", "Theil T, weighted",
     "relative entropy of the rates in the population, 0 when equal",
     "Theil 1967; Cowell 2011, ch. 3", 0, Theil},
    {"weighted_ge2", "GE(2), weighted",
     "half the squared coefficient of variation in the population",
     "Cowell 2011, ch. 3", 0, SquaredVariation},
    {"weighted_cv", "Coefficient of variation, weighted",
     "standard deviation of the rates in units of the population's mean",
     "Cowell 2011, ch. 3", 0, Variation},
    {"weighted_atkinson", "Atkinson(1), weighted",
     "1 less geometric over arithmetic mean of the population, 0 when equal",
     "Atkinson 1970, J. Econ. Theory 2:244-263", 0, Atkinson},
    {"weighted_log10_sd", "SD of log10, weighted",
     "standard deviation of the rates in powers of ten in the population",
     "NISTIR 8280 (2019), heat maps, with weights", 0, LogDeviation},
};

}  // namespace

std::span<const WeightedMeasure> WeightedMeasures() { return kMeasures; }

}  // namespace plumbline::face
