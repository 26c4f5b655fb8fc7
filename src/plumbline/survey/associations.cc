// C1: which columns go together.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

constexpr size_t kMostColumns = 60;
// Below this an expected count is too small for the chi-squared distribution
// (Cochran 1954, Biometrics 10:417-451).
constexpr double kLeastExpected = 5;

struct Column {
  std::string name;
  std::vector<int32_t> codes;  // of the sampled rows
  int levels = 0;
  int kind = 0;  // 0 attribute, 1 label, 2 factor
};

std::vector<Column> Columns(const Context& context) {
  std::vector<Column> columns;
  const Cohort& cohort = context.cohort();
  const std::vector<int64_t>& sample = context.input.sample;
  for (const CohortAttribute& attribute : cohort.attributes) {
    Column column{
        attribute.name, {}, static_cast<int>(attribute.levels.size())};
    for (const int64_t row : sample) {
      const int32_t code = attribute.codes[row];
      column.codes.push_back(attribute.IsGroup(code) ? code : -1);
    }
    columns.push_back(std::move(column));
  }
  for (const CohortLabel& label : cohort.labels) {
    Column column{label.name, {}, 2, 1};
    for (const int64_t row : sample) {
      column.codes.push_back(label.values[row] < 0 ? -1 : label.values[row]);
    }
    columns.push_back(std::move(column));
  }
  for (const Factor& factor : context.input.factors) {
    Column column{factor.name, {}, static_cast<int>(factor.levels.size()), 2};
    for (const int64_t row : sample) column.codes.push_back(factor.codes[row]);
    columns.push_back(std::move(column));
  }
  if (columns.size() > kMostColumns) columns.resize(kMostColumns);
  return columns;
}

double SmallestExpected(const ContingencyTable& table) {
  std::vector<double> rows(table.rows, 0.0), columns(table.columns, 0.0);
  double n = 0;
  for (int r = 0; r < table.rows; ++r) {
    for (int c = 0; c < table.columns; ++c) {
      const auto count =
          static_cast<double>(table.counts[r * table.columns + c]);
      rows[r] += count;
      columns[c] += count;
      n += count;
    }
  }
  double least = n;
  for (const double r : rows) {
    for (const double c : columns) {
      if (r > 0 && c > 0) least = std::min(least, r * c / n);
    }
  }
  return least;
}

}  // namespace

void CheckAssociations(Context* context) {
  const std::vector<Column> columns = Columns(*context);
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t j = i + 1; j < columns.size(); ++j) pairs.emplace_back(i, j);
  }
  std::vector<AssociationRow>& rows = context->result->associations;
  rows.resize(pairs.size());
  Progress progress("associations", static_cast<int64_t>(pairs.size()),
                    "pairs");
  ParallelFor(static_cast<int64_t>(pairs.size()), context->options.threads,
              [&](int64_t i) {
                const Column& x = columns[pairs[i].first];
                const Column& y = columns[pairs[i].second];
                const ContingencyTable table =
                    CountPairs(x.codes, x.levels, y.codes, y.levels);
                const bool is_large = SmallestExpected(table) >= kLeastExpected;
                rows[i].x = x.name;
                rows[i].y = y.name;
                // Many draws only where the closed form cannot be trusted, and
                // there the tables are small.
                rows[i].association = Associate(
                    table,
                    {.permutations =
                         is_large ? std::min(199, context->options.permutations)
                                  : context->options.permutations,
                     .replicates = 200,
                     .level = context->options.level,
                     .seed = context->options.seed,
                     .stream = static_cast<uint64_t>(i)});
                rows[i].p = is_large ? rows[i].association.p_chi_squared
                                     : rows[i].association.p;
                progress.Advance(1);
              });
  std::vector<double> p;
  for (const AssociationRow& row : rows) {
    p.push_back(
        row.association.rows < 2 || row.association.columns < 2 ? kNaN : row.p);
  }
  const std::vector<double> adjusted = BenjaminiYekutieli(p);
  for (size_t i = 0; i < rows.size(); ++i) rows[i].p_adjusted = adjusted[i];
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.association.corrected_v.value > b.association.corrected_v.value;
  });
}

}  // namespace plumbline::survey
