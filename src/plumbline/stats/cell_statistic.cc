#include "plumbline/stats/cell_statistic.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// derivatives[value][cell]
std::vector<std::vector<double>> Differentiate(
    std::vector<double> counts, size_t values,
    const std::function<std::vector<double>(std::span<const double>)>&
        statistic) {
  std::vector<std::vector<double>> derivatives(
      values, std::vector<double>(counts.size(), 0.0));
  for (size_t c = 0; c < counts.size(); ++c) {
    // No row moves the statistic through an empty cell.
    if (counts[c] == 0) continue;
    const double at = counts[c];
    const double step = 1e-4 * at;
    counts[c] = at + step;
    const std::vector<double> above = statistic(counts);
    counts[c] = at - step;
    const std::vector<double> below = statistic(counts);
    counts[c] = at;
    for (size_t v = 0; v < values; ++v) {
      derivatives[v][c] = (above[v] - below[v]) / (2 * step);
    }
  }
  return derivatives;
}

}  // namespace

std::vector<double> CountCells(const CellRows& rows) {
  std::vector<double> counts(rows.cell_count, 0.0);
  for (const int32_t cell : rows.cells) {
    if (cell >= 0) counts[cell] += 1;
  }
  return counts;
}

std::vector<CellEstimate> CellStatistics(
    const CellRows& rows,
    const std::function<std::vector<double>(std::span<const double>)>&
        statistic) {
  const std::vector<double> counts = CountCells(rows);
  const std::vector<double> values = statistic(counts);
  const auto derivatives = Differentiate(counts, values.size(), statistic);
  // The rows that count, gathered once.
  std::vector<std::pair<uint32_t, int32_t>> counted;
  std::vector<uint8_t> has_rows(rows.subject_count, 0);
  for (size_t row = 0; row < rows.cells.size(); ++row) {
    if (rows.cells[row] < 0) continue;
    counted.emplace_back(rows.subjects[row], rows.cells[row]);
    has_rows[rows.subjects[row]] = 1;
  }
  const auto subjects = static_cast<double>(
      std::count(has_rows.begin(), has_rows.end(), uint8_t{1}));
  std::vector<CellEstimate> estimates(values.size());
  std::vector<double> of_subject(rows.subject_count);
  for (size_t v = 0; v < values.size(); ++v) {
    estimates[v] = {values[v], kNaN};
    if (!std::isfinite(values[v]) || subjects < 2) continue;
    std::fill(of_subject.begin(), of_subject.end(), 0.0);
    for (const auto& [subject, cell] : counted) {
      of_subject[subject] += derivatives[v][cell];
    }
    double sum = 0, squares = 0;
    for (const double moved : of_subject) {
      sum += moved;
      squares += moved * moved;
    }
    // About the mean, which is 0 for statistics that do not depend on scale.
    squares -= sum * sum / subjects;
    estimates[v].standard_error =
        std::sqrt(std::max(0.0, squares) * subjects / (subjects - 1));
  }
  return estimates;
}

Interval NormalInterval(const CellEstimate& estimate, double level) {
  const double half = TwoSidedZ(level) * estimate.standard_error;
  return {estimate.value, estimate.value - half, estimate.value + half};
}

double TwoSidedP(const CellEstimate& estimate) {
  if (!(estimate.standard_error > 0)) return kNaN;
  return TwoSidedNormalP(estimate.value / estimate.standard_error);
}

ClusteredProportion ProportionOf(const ProportionSums& sums, double level) {
  ClusteredProportion result;
  result.rows = sums.rows;
  result.positives = sums.positives;
  result.subjects = sums.subjects;
  result.interval = {kNaN, kNaN, kNaN};
  result.standard_error = kNaN;
  if (result.rows == 0) return result;
  const auto n = static_cast<double>(result.rows);
  const double p = static_cast<double>(result.positives) / n;
  const auto clusters = static_cast<double>(result.subjects);
  const bool one_each = result.subjects == result.rows;
  const bool has_both = p > 0 && p < 1 && result.subjects > 1;
  if (one_each) {
    result.design_effect = 1;
  } else if (has_both) {
    // Of positives - p rows.
    const double squares = sums.squared_positives - 2 * p * sums.products +
                           p * p * sums.squared_rows;
    const double variance = squares * clusters / (clusters - 1) / (n * n);
    result.design_effect = std::max(1.0, variance / (p * (1 - p) / n));
  } else {
    result.design_effect = std::max(1.0, sums.squared_rows / n);
  }
  // deff = 1 + (m - 1) icc with m the size-weighted mean number of rows.
  if (!one_each && has_both && sums.squared_rows > n) {
    result.icc = std::clamp(
        (result.design_effect - 1) / (sums.squared_rows / n - 1), 0.0, 1.0);
  }
  result.standard_error = std::sqrt(p * (1 - p) / n * result.design_effect);
  result.interval = WilsonIntervalOfShare(p, n / result.design_effect, level);
  return result;
}

ClusteredProportion ProportionOfRows(std::span<const int8_t> outcomes,
                                     std::span<const uint32_t> subjects,
                                     int64_t subject_count, double level) {
  std::vector<int32_t> rows(subject_count, 0), positives(subject_count, 0);
  for (size_t row = 0; row < outcomes.size(); ++row) {
    if (outcomes[row] < 0) continue;
    ++rows[subjects[row]];
    positives[subjects[row]] += outcomes[row];
  }
  ProportionSums sums;
  for (int64_t s = 0; s < subject_count; ++s) {
    if (rows[s] > 0) sums.AddSubject(rows[s], positives[s]);
  }
  return ProportionOf(sums, level);
}

}  // namespace plumbline
