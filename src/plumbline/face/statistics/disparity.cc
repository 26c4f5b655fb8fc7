#include "plumbline/face/statistics/disparity.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumbline::face {
namespace {

using Rates = std::span<const double>;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double Max(Rates x) { return *std::max_element(x.begin(), x.end()); }
double Min(Rates x) { return *std::min_element(x.begin(), x.end()); }

double Mean(Rates x) {
  double sum = 0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

// NaN if one of them is zero.
double GeometricMean(Rates x) {
  double sum = 0;
  for (const double value : x) {
    if (value <= 0) return kNaN;
    sum += std::log(value);
  }
  return std::exp(sum / static_cast<double>(x.size()));
}

double Ratio(double a, double b) { return b > 0 ? a / b : kNaN; }

double Median(Rates x) {
  std::vector<double> sorted(x.begin(), x.end());
  std::sort(sorted.begin(), sorted.end());
  const size_t half = sorted.size() / 2;
  return sorted.size() % 2 ? sorted[half]
                           : (sorted[half - 1] + sorted[half]) / 2;
}

double Difference(Rates x) { return Max(x) - Min(x); }
double MaxMin(Rates x) { return Ratio(Max(x), Min(x)); }
double MaxGeoMean(Rates x) { return Max(x) / GeometricMean(x); }
double MaxMean(Rates x) { return Ratio(Max(x), Mean(x)); }
double MaxMedian(Rates x) { return Ratio(Max(x), Median(x)); }

double Gini(Rates x) {
  const double mean = Mean(x);
  if (mean == 0) return 0;
  const auto n = static_cast<double>(x.size());
  double sum = 0;
  for (const double a : x) {
    for (const double b : x) sum += std::abs(a - b);
  }
  return n / (n - 1) * sum / (2 * n * n * mean);
}

double Theil(Rates x) {
  const double mean = Mean(x);
  if (mean == 0) return 0;
  double sum = 0;
  for (const double value : x) {
    if (value > 0) sum += value / mean * std::log(value / mean);
  }
  return sum / static_cast<double>(x.size());
}

// Over all groups: they are the population, not a sample of one.
double Variance(Rates x) {
  const double mean = Mean(x);
  double sum = 0;
  for (const double value : x) sum += (value - mean) * (value - mean);
  return sum / static_cast<double>(x.size());
}

double SquaredVariation(Rates x) {
  const double mean = Mean(x);
  return mean == 0 ? 0 : Variance(x) / (2 * mean * mean);
}

double Variation(Rates x) { return std::sqrt(2 * SquaredVariation(x)); }

double Atkinson(Rates x) {
  const double mean = Mean(x);
  if (mean == 0) return 0;
  return Min(x) <= 0 ? 1 : 1 - GeometricMean(x) / mean;
}

std::vector<double> Log10(Rates x) {
  std::vector<double> logs;
  for (const double value : x) {
    logs.push_back(value > 0 ? std::log10(value) : kNaN);
  }
  return logs;
}

double LogDeviation(Rates x) { return std::sqrt(Variance(Log10(x))); }
double LogRange(Rates x) {
  return Min(x) > 0 ? std::log10(Max(x) / Min(x)) : kNaN;
}

constexpr DisparityMeasure kMeasures[] = {
    {"max_min", "Max/Min",
     "how many times as high the highest rate is as the lowest",
     "NISTIR 8280 (2019); NISTIR 8429 (2022)", 1, MaxMin},
    {"max_geomean", "Max/GeoMean",
     "how many times as high the highest rate is as the geometric mean of all "
     "groups",
     "NISTIR 8429 (2022), eq. 10 and 11", 1, MaxGeoMean},
    {"gini", "Gini",
     "0 when all rates are equal, 1 when one group has all errors",
     "Howard et al. 2022, arXiv 2203.05051; NISTIR 8429 (2022), eq. 13 and 14",
     0, Gini},
    {"difference", "Max - Min",
     "by how much the highest rate exceeds the lowest",
     "de Freitas Pereira and Marcel 2022, IEEE T-BIOM 4:19-29", 0, Difference},
    {"max_mean", "Max/Mean",
     "how many times as high the highest rate is as the mean of all groups",
     "NISTIR 8429 (2022)", 1, MaxMean},
    {"max_median", "Max/Median",
     "how many times as high the highest rate is as the middle one",
     "NISTIR 8429 (2022)", 1, MaxMedian},
    {"theil", "Theil T", "relative entropy of the rates, 0 when equal",
     "Theil 1967; Cowell 2011, ch. 3", 0, Theil},
    {"ge2", "GE(2)", "half the squared coefficient of variation, 0 when equal",
     "Cowell 2011, ch. 3", 0, SquaredVariation},
    {"cv", "Coefficient of variation",
     "standard deviation of the rates in units of their mean, 0 when equal",
     "Cowell 2011, ch. 3", 0, Variation},
    {"atkinson", "Atkinson(1)",
     "1 less geometric over arithmetic mean, 0 when equal, 1 if a rate is zero",
     "Atkinson 1970, J. Econ. Theory 2:244-263", 0, Atkinson},
    {"log10_sd", "SD of log10",
     "standard deviation of the rates in powers of ten, 0 when equal",
     "NISTIR 8280 (2019), heat maps", 0, LogDeviation},
    {"log10_range", "Range of log10",
     "powers of ten between the lowest and the highest rate, 0 when equal",
     "NISTIR 8280 (2019), heat maps", 0, LogRange},
};

double FairnessDiscrepancy(Rates fmr, Rates fnmr, double a) {
  return 1 - (a * Difference(fmr) + (1 - a) * Difference(fnmr));
}

double Garbe(Rates fmr, Rates fnmr, double a) {
  return a * Gini(fmr) + (1 - a) * Gini(fnmr);
}

double Inequity(Rates fmr, Rates fnmr, double a) {
  return std::pow(MaxMin(fmr), a) * std::pow(MaxMin(fnmr), 1 - a);
}

double WorstMean(Rates fmr, Rates fnmr, double a) {
  return std::pow(MaxGeoMean(fmr), a) * std::pow(MaxGeoMean(fnmr), 1 - a);
}

constexpr CompositeMeasure kComposites[] = {
    {"fdr", "FDR (fairness discrepancy rate)",
     "1 less the weighted largest differences of both error rates; the "
     "false-match part hardly counts, since these rates are small",
     "de Freitas Pereira and Marcel 2022, IEEE T-BIOM 4:19-29", 1,
     FairnessDiscrepancy},
    {"garbe", "GARBE", "weighted mean of the Gini values of both error rates",
     "Howard et al. 2022, arXiv 2203.05051", 0, Garbe},
    {"ir", "Inequity rate",
     "product of Max/Min of both error rates, each to the power of its weight",
     "Grother 2021, NIST; Howard et al. 2022", 1, Inequity},
    {"werm", "WERM",
     "product of Max/GeoMean of both error rates, each to the power of its "
     "weight; nothing is added to rates of zero",
     "Linghu et al. 2024 (score-norm-fairness)", 1, WorstMean},
};

}  // namespace

std::span<const DisparityMeasure> DisparityMeasures() { return kMeasures; }

const DisparityMeasure* FindDisparityMeasure(std::string_view name) {
  for (const DisparityMeasure& measure : kMeasures) {
    if (measure.name == name) return &measure;
  }
  return nullptr;
}

std::span<const CompositeMeasure> CompositeMeasures() { return kComposites; }

}  // namespace plumbline::face
