// Statistics that are functions of how many rows fall into which cell, with
// intervals that count people, not rows.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "plumbline/stats/interval.h"

namespace plumbline {

// Which cell each row falls into, -1: none; and whose row it is.
struct CellRows {
  std::span<const int32_t> cells;
  int cell_count = 0;
  std::span<const uint32_t> subjects;  // of each row, below subject_count
  int64_t subject_count = 0;
};

// Rows in each cell.
std::vector<double> CountCells(const CellRows& rows);

struct CellEstimate {
  double value = 0;           // NaN where the statistic is not defined
  double standard_error = 0;  // NaN for fewer than two subjects
};

// Values and standard errors of smooth statistics of the counts. `statistic`
// maps counts (real numbers, >= 0) to as many values as it likes, the same
// number at each call.
//
// The statistic is linearised about the counts: a row in cell c moves it by its
// derivative there, the rows of a subject move it together, and the variance is
// the sum of squares of subjects times S / (S - 1), S of them with rows. With
// one row a subject it is the delta method on a multinomial sample.
//
// Source: Binder 1983, Int. Stat. Rev. 51:279-292 (linearisation); Liang and
// Zeger 1986, Biometrika 73:13-22, eq. 3 (sums over clusters). Derivatives by
// central differences.
std::vector<CellEstimate> CellStatistics(
    const CellRows& rows,
    const std::function<std::vector<double>(std::span<const double>)>&
        statistic);

// value +- z se; NaN where either is.
Interval NormalInterval(const CellEstimate& estimate, double level);
// 2 P(Z > |value / se|); NaN where that is not defined.
double TwoSidedP(const CellEstimate& estimate);

// A proportion with rows in clusters: Wilson's interval with the effective
// number of rows, which is that of rows over the design effect. The design
// effect is not taken below 1 unless every subject has one row, and is the mean
// number of rows squared over rows (Kish) where no positive or no negative was
// seen.
struct ClusteredProportion {
  int64_t rows = 0;
  int64_t positives = 0;
  int64_t subjects = 0;  // with rows
  double design_effect = 1;
  double icc = 0;  // from the design effect; 0 for one row a subject
  double standard_error = 0;
  Interval interval{};  // NaN without rows
};

// Sums over subjects that such a proportion follows from.
struct ProportionSums {
  int64_t rows = 0;
  int64_t positives = 0;
  int64_t subjects = 0;
  // Of the subjects' numbers of rows and of positives.
  double squared_rows = 0;
  double squared_positives = 0;
  double products = 0;

  // One who has rows, at least one.
  void AddSubject(int64_t rows_of_one, int64_t positives_of_one) {
    rows += rows_of_one;
    positives += positives_of_one;
    ++subjects;
    const auto n = static_cast<double>(rows_of_one);
    const auto y = static_cast<double>(positives_of_one);
    squared_rows += n * n;
    squared_positives += y * y;
    products += n * y;
  }
};
ClusteredProportion ProportionOf(const ProportionSums& sums,
                                 double level = 0.95);

// `outcomes`: 0, 1 or -1 (not counted), of each row.
ClusteredProportion ProportionOfRows(std::span<const int8_t> outcomes,
                                     std::span<const uint32_t> subjects,
                                     int64_t subject_count,
                                     double level = 0.95);

}  // namespace plumbline
