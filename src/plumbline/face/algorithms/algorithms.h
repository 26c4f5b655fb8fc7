// Many algorithms at once: how many of them are worse for which group.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/stats/interval.h"
#include "plumbline/table/table.h"

namespace plumbline::face {

// False-match rates of A algorithms in C cells; a cell REFERENCE_PROBE is
// within a group if both are the same.
struct AlgorithmsInput {
  std::vector<std::string> algorithms;
  std::vector<std::string> cells;  // "MW_MB", "MW_MW", …
  std::vector<double> rates;       // A x C, row-major
  std::vector<TableSource> sources;

  double rate(size_t algorithm, size_t cell) const {
    return rates[algorithm * cells.size() + cell];
  }
};

struct AlgorithmsOptions {
  // A cell within a group that others are compared with; "": the one with the
  // lowest median.
  std::string reference;
  double level = 0.95;
};

struct Quantiles {
  double p5 = 0, p25 = 0, median = 0, p75 = 0, p95 = 0, max = 0;
};

struct CellSummary {
  std::string name;
  bool within = false;
  Quantiles rates;
  // Algorithms with a higher rate than in the reference cell, of those with a
  // different one or the same; the exact interval of their share.
  int64_t above = 0;
  int64_t equal = 0;
  Interval share{};
};

struct MeasureSummary {
  const char* measure = "";  // of face/statistics/disparity.h
  const char* label = "";
  Quantiles values;
  int64_t undefined = 0;  // algorithms with a rate of zero
};

struct Ordering {
  std::string order;  // "MW < MB < FW < FB"; = for equal rates
  int64_t n = 0;
};

struct AlgorithmsResult {
  int64_t algorithms = 0;
  std::string reference;
  std::vector<CellSummary> cells;
  std::vector<MeasureSummary> measures;  // over the cells within groups
  std::vector<Ordering> orderings;       // most frequent first
  // How often each group within which the rate is highest.
  std::vector<Ordering> worst;
  // A cell between two groups over the geometric mean of those within them:
  // medians over algorithms.
  std::vector<std::pair<std::string, double>> cross_ratio;
};

// A table with the names of algorithms in its first column and one column for
// each cell; a file of their own header.
// Throws Error(kInvalidInput) for rates outside [0, 1], missing ones, a name
// that occurs twice, columns that are no cells, fewer than two cells within
// groups.
AlgorithmsInput MakeAlgorithmsInput(const Table& table);

// Throws Error(kUsage) for a reference that is no cell within a group.
AlgorithmsResult SummariseAlgorithms(const AlgorithmsInput& input,
                                     const AlgorithmsOptions& options);

Json ToJson(const AlgorithmsResult& result, const AlgorithmsInput& input,
            const AlgorithmsOptions& options);

}  // namespace plumbline::face
