#include "plumbline/audit/case_mix/covariates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "plumbline/base/text.h"
#include "plumbline/table/bins.h"
#include "plumbline/table/natural_order.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

// Consecutive numbers for pairs (first, second), by first appearance.
class PairNumbers {
 public:
  PairNumbers(size_t firsts, size_t seconds) : seconds_(seconds) {
    if (firsts * seconds <= kMostDense) dense_.assign(firsts * seconds, kNone);
  }
  uint32_t operator()(uint32_t first, uint32_t second) {
    const uint64_t key = uint64_t{first} * seconds_ + second;
    uint32_t& number = dense_.empty()
                           ? sparse_.try_emplace(key, kNone).first->second
                           : dense_[key];
    if (number == kNone) number = count_++;
    return number;
  }
  size_t count() const { return count_; }

 private:
  static constexpr size_t kMostDense = size_t{1} << 22;
  static constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();
  size_t seconds_;
  uint32_t count_ = 0;
  std::vector<uint32_t> dense_;
  std::unordered_map<uint64_t, uint32_t> sparse_;
};

bool AreNumbers(const CategoricalColumn& column, std::vector<double>* values) {
  if (column.levels.size() <= kMostNumbersAsWords) return false;
  for (const std::string& level : column.levels) {
    double value = 0;
    if (!ParseNumber(Trim(level), &value)) return false;
    values->push_back(value);
  }
  return true;
}

// Adds the level "missing" where a row has none.
void AddMissing(bool occurs, Covariate* covariate) {
  if (!occurs) return;
  covariate->has_missing = true;
  covariate->levels.emplace_back("missing");
}

void FillCodes(const CategoricalColumn& column, uint32_t missing_code,
               Covariate* covariate) {
  covariate->code_of_row.resize(column.codes.size());
  for (size_t row = 0; row < column.codes.size(); ++row) {
    const uint32_t code = column.codes[row];
    covariate->code_of_row[row] = code == kMissingCode ? missing_code : code;
  }
}

Covariate Words(const CategoricalColumn& column) {
  Covariate covariate;
  covariate.name = column.name;
  std::vector<uint32_t> order(column.levels.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return NaturalLess(column.levels[a], column.levels[b]);
  });
  covariate.level_of_code.resize(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    covariate.level_of_code[order[i]] = static_cast<uint32_t>(i);
    covariate.levels.push_back(column.levels[order[i]]);
  }
  AddMissing(column.missing > 0, &covariate);
  const auto missing = static_cast<uint32_t>(column.levels.size());
  if (covariate.has_missing) covariate.level_of_code.push_back(missing);
  FillCodes(column, missing, &covariate);
  return covariate;
}

std::string RangeName(double low, double high) {
  return low == high ? fmt::format("{}", low)
                     : fmt::format("{} to {}", low, high);
}

// Bins of about equal counts; equal values stay together.
void CutAtQuantiles(const std::vector<double>& counts, Covariate* covariate) {
  const size_t distinct = counts.size();
  std::vector<uint32_t> order(distinct);
  std::iota(order.begin(), order.end(), 0);
  const std::vector<double>& values = covariate->value_of_code;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  });
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  covariate->level_of_code.assign(distinct, 0);
  double before = 0;
  int bin = -1;
  std::vector<std::pair<double, double>> ranges;
  size_t i = 0;
  while (i < distinct) {
    // "1.0" and "1" are one number.
    size_t end = i;
    double count = 0;
    while (end < distinct && values[order[end]] == values[order[i]]) {
      count += counts[order[end++]];
    }
    // A value belongs to the bin in which its middle rank lies.
    const double middle = total > 0 ? (before + count / 2) / total : 0;
    const int wanted =
        std::min(static_cast<int>(middle * kQuantileBins), kQuantileBins - 1);
    if (bin < 0 || wanted > bin) {
      bin = wanted;
      ranges.emplace_back(values[order[i]], values[order[i]]);
    }
    ranges.back().second = values[order[i]];
    for (; i < end; ++i) {
      covariate->level_of_code[order[i]] =
          static_cast<uint32_t>(ranges.size() - 1);
    }
    before += count;
  }
  for (const auto& [low, high] : ranges) {
    covariate->levels.push_back(RangeName(low, high));
  }
}

}  // namespace

Covariate CovariateOfColumn(const CategoricalColumn& column,
                            std::span<const uint8_t> row_counts) {
  std::vector<double> values;
  if (!AreNumbers(column, &values)) return Words(column);
  Covariate covariate;
  covariate.name = column.name;
  covariate.kind = "quantile_bins";
  covariate.value_of_code = std::move(values);
  std::vector<double> counts(column.levels.size(), 0);
  for (size_t row = 0; row < column.codes.size(); ++row) {
    const uint32_t code = column.codes[row];
    if (code == kMissingCode) continue;
    counts[code] += row_counts.empty() || row_counts[row];
  }
  CutAtQuantiles(counts, &covariate);
  const auto missing = static_cast<uint32_t>(column.levels.size());
  AddMissing(column.missing > 0, &covariate);
  if (covariate.has_missing) {
    covariate.level_of_code.push_back(
        static_cast<uint32_t>(covariate.levels.size() - 1));
    covariate.value_of_code.push_back(kNan);
  }
  FillCodes(column, missing, &covariate);
  return covariate;
}

Covariate CovariateInBins(const NumericColumn& column,
                          const std::vector<double>& edges) {
  const CategoricalColumn binned = BinColumn(column, edges);
  Covariate covariate;
  covariate.name = column.name;
  covariate.kind = "bins";
  covariate.levels = binned.levels;
  AddMissing(binned.missing > 0, &covariate);
  std::vector<double> distinct;
  for (const double value : column.values) {
    if (!std::isnan(value)) distinct.push_back(value);
  }
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  covariate.level_of_code.resize(distinct.size());
  covariate.code_of_row.resize(column.values.size());
  for (size_t row = 0; row < column.values.size(); ++row) {
    const double value = column.values[row];
    const size_t code =
        std::isnan(value)
            ? distinct.size()
            : std::lower_bound(distinct.begin(), distinct.end(), value) -
                  distinct.begin();
    covariate.code_of_row[row] = static_cast<uint32_t>(code);
    if (code < distinct.size()) {
      covariate.level_of_code[code] = binned.codes[row];
    }
  }
  covariate.value_of_code = std::move(distinct);
  if (covariate.has_missing) {
    covariate.level_of_code.push_back(
        static_cast<uint32_t>(covariate.levels.size() - 1));
    covariate.value_of_code.push_back(kNan);
  }
  return covariate;
}

CovariatePatterns FindPatterns(
    const std::vector<const Covariate*>& covariates) {
  CovariatePatterns found;
  const size_t width = covariates.size();
  const size_t rows =
      covariates.empty() ? 0 : covariates[0]->code_of_row.size();
  found.pattern_of_row.assign(rows, 0);
  size_t count = 1;
  for (const Covariate* covariate : covariates) {
    PairNumbers numbers(count, covariate->level_of_code.size());
    for (size_t row = 0; row < rows; ++row) {
      found.pattern_of_row[row] =
          numbers(found.pattern_of_row[row], covariate->code_of_row[row]);
    }
    count = numbers.count();
  }
  found.patterns = count;
  found.codes.resize(count * width);
  for (size_t row = 0; row < rows; ++row) {
    uint32_t* codes = found.codes.data() + found.pattern_of_row[row] * width;
    for (size_t i = 0; i < width; ++i)
      codes[i] = covariates[i]->code_of_row[row];
  }
  found.stratum_of_pattern.assign(count, 0);
  size_t strata = 1;
  for (size_t i = 0; i < width; ++i) {
    PairNumbers numbers(strata, covariates[i]->levels.size());
    for (size_t p = 0; p < count; ++p) {
      found.stratum_of_pattern[p] =
          numbers(found.stratum_of_pattern[p],
                  covariates[i]->level_of_code[found.codes[p * width + i]]);
    }
    strata = numbers.count();
  }
  found.strata = strata;
  found.levels.resize(strata * width);
  for (size_t p = 0; p < count; ++p) {
    for (size_t i = 0; i < width; ++i) {
      found.levels[found.stratum_of_pattern[p] * width + i] =
          covariates[i]->level_of_code[found.codes[p * width + i]];
    }
  }
  return found;
}

std::vector<uint32_t> CoarserStrata(const CovariatePatterns& patterns,
                                    size_t covariates, uint32_t subset,
                                    size_t* count) {
  std::vector<uint32_t> coarse(patterns.strata, 0);
  size_t found = 1;
  for (size_t i = 0; i < covariates; ++i) {
    if ((subset >> i & 1) == 0) continue;
    uint32_t most = 0;
    for (size_t s = 0; s < patterns.strata; ++s) {
      most = std::max(most, patterns.levels[s * covariates + i]);
    }
    PairNumbers numbers(found, most + size_t{1});
    for (size_t s = 0; s < patterns.strata; ++s) {
      coarse[s] = numbers(coarse[s], patterns.levels[s * covariates + i]);
    }
    found = numbers.count();
  }
  *count = found;
  return coarse;
}

}  // namespace plumbline
