// Metrics of a model that tells several classes apart, each with its influence
// function: what a row adds to estimate - truth, to first order. Sums of it by
// subject give the variance (Taylor linearisation; Demnati and Rao 2004, Survey
// Methodology 30:17-26).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

// Rows of one group. Classes are 0 to classes - 1.
struct ClassRows {
  int classes = 0;
  std::vector<int32_t> labels;
  std::vector<int32_t> decisions;
  std::vector<double> weights;  // at least 0; one a row

  size_t size() const { return labels.size(); }
};

struct Linearised {
  double value = 0;
  std::vector<double> influence;  // one a row; sums to 0
};

// counts[label * classes + decision], weights summed.
std::vector<double> ConfusionOf(const ClassRows& rows);

// Share of rows whose decision is the label.
Linearised MulticlassAccuracy(const ClassRows& rows);
// Share of the rows of class k that are decided for it. NaN without rows.
Linearised RecallOf(const ClassRows& rows, int k);
// Mean of the classes' recalls. NaN if a class has no rows.
Linearised MacroRecall(const ClassRows& rows);
// Mean over classes of F1 = 2 TP / (rows of the class + decisions for it). NaN
// if a class has no rows.
Linearised MacroF1(const ClassRows& rows);
// 1 - observed / expected disagreement; `quadratic` weighs it by the squared
// distance of the classes. NaN where one class takes all labels and decisions.
// Source: Cohen 1960, Educ. Psychol. Meas. 20:37-46; Cohen 1968, Psychol. Bull.
// 70:213-220; the variance of Fleiss, Cohen and Everitt 1969, Psychol. Bull.
// 72:323-327, is that of these influences where rows are independent.
Linearised Kappa(const ClassRows& rows, bool quadratic);

// The mean of a value that each row has.
Linearised WeightedMean(const ClassRows& rows, std::vector<double> values);

// Averages of areas under ROC curves; all NaN if a class has no rows.
struct AurocAverages {
  Linearised macro;     // of each class against the rest, classes alike
  Linearised weighted;  // the same, by the classes' prevalence
  // Hand and Till's M, the mean of A(i, j) over pairs of classes: independent
  // of prevalence. Source: Hand and Till 2001, Machine Learning 45:171-186,
  // eq. 7.
  Linearised hand_till;
};

// scores[k][row]: finite. Ties count half. Influences are the placements of
// DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837-845. Time:
// classes^2 x rows, and a sort a class.
AurocAverages AverageAurocs(const ClassRows& rows,
                            std::span<const std::vector<double>> scores);

// Variance of an estimate from its influences: the sum over clusters of squared
// sums, times S / (S - 1) for S clusters. With `by_class` each row's influence
// is scaled by sqrt(m / (m - 1)) instead, m the clusters with rows of its
// class: with two classes and independent rows that is DeLong's variance. NaN
// for fewer than two clusters (of a class).
double LinearisedVarianceOf(const ClassRows& rows,
                            std::span<const double> influence,
                            std::span<const uint32_t> clusters, bool by_class);

}  // namespace plumbline
