#include "plumbline/stats/association.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plumbline/base/random.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/hypergeometric.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

// Without rows and columns that have no counts.
struct Dense {
  std::vector<int64_t> counts;
  std::vector<int64_t> row_totals, column_totals;
  int64_t n = 0;

  size_t rows() const { return row_totals.size(); }
  size_t columns() const { return column_totals.size(); }
};

Dense MakeDense(const ContingencyTable& table) {
  std::vector<int64_t> rows(table.rows, 0), columns(table.columns, 0);
  for (int r = 0; r < table.rows; ++r) {
    for (int c = 0; c < table.columns; ++c) {
      rows[r] += table.counts[r * table.columns + c];
      columns[c] += table.counts[r * table.columns + c];
    }
  }
  Dense dense;
  for (int r = 0; r < table.rows; ++r) {
    if (rows[r] == 0) continue;
    dense.row_totals.push_back(rows[r]);
    dense.n += rows[r];
    for (int c = 0; c < table.columns; ++c) {
      if (columns[c] > 0) {
        dense.counts.push_back(table.counts[r * table.columns + c]);
      }
    }
  }
  for (const int64_t total : columns) {
    if (total > 0) dense.column_totals.push_back(total);
  }
  return dense;
}

double ChiSquared(std::span<const int64_t> counts, const Dense& margins) {
  double sum = 0;
  for (size_t r = 0; r < margins.rows(); ++r) {
    for (size_t c = 0; c < margins.columns(); ++c) {
      const auto count = static_cast<double>(counts[r * margins.columns() + c]);
      sum += count * count /
             (static_cast<double>(margins.row_totals[r]) *
              static_cast<double>(margins.column_totals[c]));
    }
  }
  return std::max(0.0, static_cast<double>(margins.n) * (sum - 1));
}

double Entropy(std::span<const int64_t> counts, int64_t n) {
  double entropy = 0;
  for (const int64_t count : counts) {
    if (count == 0) continue;
    const double share = static_cast<double>(count) / static_cast<double>(n);
    entropy -= share * std::log2(share);
  }
  return entropy;
}

double CorrectedV(double chi_squared, int64_t total, size_t rows,
                  size_t columns) {
  const auto n = static_cast<double>(total);
  const double r = static_cast<double>(rows) - 1;
  const double c = static_cast<double>(columns) - 1;
  if (r <= 0 || c <= 0 || n <= 1) return 0;
  const double phi = std::max(0.0, chi_squared / n - r * c / (n - 1));
  const double least = std::min(r - r * r / (n - 1), c - c * c / (n - 1));
  return least > 0 ? std::min(1.0, std::sqrt(phi / least)) : 0;
}

Interval VInterval(const ContingencyTable& table, double value,
                   const AssociationOptions& options) {
  std::vector<double> replicates;
  const PhiloxKey key = StreamKey(options.seed, "association interval");
  ContingencyTable drawn = table;
  for (int b = 0; b < options.replicates; ++b) {
    ResampleCells(table.counts, key,
                  (options.stream << 20) + static_cast<uint64_t>(b),
                  drawn.counts);
    const Dense dense = MakeDense(drawn);
    if (dense.n < 2) continue;
    replicates.push_back(CorrectedV(ChiSquared(dense.counts, dense), dense.n,
                                    dense.rows(), dense.columns()));
  }
  if (replicates.size() < 2) return {value, 0, 1};
  Interval interval =
      PercentileInterval(value, replicates, options.level).interval;
  // Percentiles of a value that the correction cuts at 0 may miss it.
  interval.lo = std::min(interval.lo, value);
  interval.hi = std::max(interval.hi, value);
  return interval;
}

// In bits: plain, and the correction to add.
struct Information {
  double plain = 0;
  double correction = 0;
  double row_entropy = 0, column_entropy = 0;
};

Information InformationOf(const Dense& dense) {
  Information information;
  information.row_entropy = Entropy(dense.row_totals, dense.n);
  information.column_entropy = Entropy(dense.column_totals, dense.n);
  information.plain =
      std::max(0.0, information.row_entropy + information.column_entropy -
                        Entropy(dense.counts, dense.n));
  const auto cells = static_cast<double>(
      dense.counts.size() -
      std::count(dense.counts.begin(), dense.counts.end(), 0));
  information.correction =
      (static_cast<double>(dense.rows() + dense.columns()) - cells - 1) /
      (2 * static_cast<double>(dense.n) * std::log(2.0));
  return information;
}

}  // namespace

int64_t ContingencyTable::total() const {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

ContingencyTable CountPairs(std::span<const int32_t> x, int x_levels,
                            std::span<const int32_t> y, int y_levels) {
  ContingencyTable table{x_levels, y_levels, {}};
  table.counts.assign(static_cast<size_t>(x_levels) * y_levels, 0);
  for (size_t i = 0; i < x.size(); ++i) {
    if (x[i] >= 0 && y[i] >= 0) ++table.counts[x[i] * y_levels + y[i]];
  }
  return table;
}

Association Associate(const ContingencyTable& table,
                      const AssociationOptions& options) {
  const Dense dense = MakeDense(table);
  Association result;
  result.n = dense.n;
  result.rows = static_cast<int>(dense.rows());
  result.columns = static_cast<int>(dense.columns());
  if (result.rows < 2 || result.columns < 2) return result;
  result.chi_squared = ChiSquared(dense.counts, dense);
  result.degrees = static_cast<double>(dense.rows() - 1) *
                   static_cast<double>(dense.columns() - 1);
  result.p_chi_squared =
      ChiSquaredUpperTail(result.chi_squared, result.degrees);
  result.cramers_v = std::sqrt(
      result.chi_squared / static_cast<double>(dense.n) /
      static_cast<double>(std::min(dense.rows(), dense.columns()) - 1));
  const Information information = InformationOf(dense);
  result.information = information.plain;
  result.information_corrected =
      std::max(0.0, information.plain + information.correction);
  result.u_of_rows = information.plain / information.row_entropy;
  result.u_of_columns = information.plain / information.column_entropy;
  const double v =
      CorrectedV(result.chi_squared, dense.n, dense.rows(), dense.columns());
  result.corrected_v = VInterval(table, v, options);
  RandomStream random(options.seed, "association", options.stream);
  std::vector<int64_t> drawn;
  int extreme = 0;
  for (int i = 0; i < options.permutations; ++i) {
    DrawTable(dense.row_totals, dense.column_totals, &random, &drawn);
    // The same table summed in another order must count as equal.
    extreme +=
        ChiSquared(drawn, dense) >= result.chi_squared * (1 - 1e-12) - 1e-12;
  }
  result.p = (1.0 + extreme) / (1.0 + options.permutations);
  return result;
}

ConditionalAssociation AssociateWithin(std::span<const ContingencyTable> strata,
                                       const AssociationOptions& options) {
  ConditionalAssociation result;
  std::vector<Dense> dense;
  for (const ContingencyTable& table : strata) {
    dense.push_back(MakeDense(table));
    if (dense.back().n == 0) {
      dense.pop_back();
      continue;
    }
    result.n += dense.back().n;
  }
  result.strata = static_cast<int>(dense.size());
  double corrected = 0;
  for (const Dense& d : dense) {
    const double share =
        static_cast<double>(d.n) / static_cast<double>(result.n);
    const Information information = InformationOf(d);
    result.information += share * information.plain;
    corrected += share * (information.plain + information.correction);
  }
  result.information_corrected = std::max(0.0, corrected);
  RandomStream random(options.seed, "association within", options.stream);
  std::vector<int64_t> drawn;
  int extreme = 0;
  for (int i = 0; i < options.permutations && result.n > 0; ++i) {
    double information = 0;
    for (const Dense& d : dense) {
      DrawTable(d.row_totals, d.column_totals, &random, &drawn);
      information += static_cast<double>(d.n) / static_cast<double>(result.n) *
                     std::max(0.0, Entropy(d.row_totals, d.n) +
                                       Entropy(d.column_totals, d.n) -
                                       Entropy(drawn, d.n));
    }
    extreme += information >= result.information - 1e-12;
  }
  result.p = (1.0 + extreme) / (1.0 + options.permutations);
  return result;
}

}  // namespace plumbline
