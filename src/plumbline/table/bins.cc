#include "plumbline/table/bins.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// Whole, and small enough that the number before it is another double.
bool IsWhole(double value) {
  return std::trunc(value) == value && std::abs(value) < 1e15;
}

bool AreIncreasing(const std::vector<double>& edges) {
  for (size_t i = 0; i < edges.size(); ++i) {
    if (!std::isfinite(edges[i])) return false;
    if (i > 0 && edges[i] <= edges[i - 1]) return false;
  }
  return !edges.empty();
}

std::string NameOfWhole(double lo, double hi) {
  if (hi - lo == 1) return fmt::format("{:.0f}", lo);
  // "-10 to -6", not "-10--6".
  const std::string_view separator = lo < 0 ? " to " : "-";
  return fmt::format("{:.0f}{}{:.0f}", lo, separator, hi - 1);
}

// Names of the interval below the first edge, of those between edges and of the
// one from the last edge on: edges.size() + 1 names.
std::vector<std::string> NameBins(const std::vector<double>& edges,
                                  bool whole) {
  std::vector<std::string> names;
  names.push_back(fmt::format("<{}", edges.front()));
  for (size_t i = 0; i + 1 < edges.size(); ++i) {
    names.push_back(whole ? NameOfWhole(edges[i], edges[i + 1])
                          : fmt::format("{} to <{}", edges[i], edges[i + 1]));
  }
  names.push_back(whole ? fmt::format("{:.0f}+", edges.back())
                        : fmt::format(">={}", edges.back()));
  return names;
}

}  // namespace

BinRule ParseBinRule(const std::string& text) {
  constexpr std::string_view kForm =
      "write bins as COLUMN=EDGE,EDGE,... with increasing edges, "
      "for example age=0,40,60,80";
  const size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ErrorCode::kUsage, "\"{}\" has no column before an \"=\"; {}",
                text, kForm);
  }
  BinRule rule{text.substr(0, equals), {}};
  const std::string edges = text.substr(equals + 1);
  for (const std::string& edge : Split(edges, ',')) {
    double value = 0;
    if (!ParseNumber(Trim(edge), &value)) {
      throw Error(ErrorCode::kUsage, "\"{}\" in \"{}\" is not a number; {}",
                  edge, text, kForm);
    }
    if (!rule.edges.empty() && value <= rule.edges.back()) {
      throw Error(ErrorCode::kUsage,
                  "{} in \"{}\" is not larger than the edge before it; {}",
                  value, text, kForm);
    }
    rule.edges.push_back(value);
  }
  return rule;
}

CategoricalColumn BinColumn(const NumericColumn& column,
                            const std::vector<double>& edges) {
  if (!AreIncreasing(edges)) {
    throw Error(ErrorCode::kUsage,
                "the bins of \"{}\" need at least one edge, and increasing "
                "ones; for example {}=0,40,60,80",
                column.name, column.name);
  }
  const size_t rows = column.values.size();
  bool whole = std::all_of(edges.begin(), edges.end(), IsWhole);
  bool below = false;
  for (const double value : column.values) {
    if (std::isnan(value)) continue;
    whole = whole && IsWhole(value);
    below = below || value < edges.front();
  }

  CategoricalColumn binned;
  binned.name = column.name;
  binned.levels = NameBins(edges, whole);
  // Without rows below the first edge its interval is no level: bin 1 is 0.
  const uint32_t first_bin = below ? 0 : 1;
  if (!below) binned.levels.erase(binned.levels.begin());
  binned.first_row.assign(binned.levels.size(), -1);

  std::vector<uint32_t> codes(rows, kMissingCode);
  for (size_t row = 0; row < rows; ++row) {
    const double value = column.values[row];
    if (std::isnan(value)) {
      ++binned.missing;
      continue;
    }
    uint32_t bin = 0;
    while (bin < edges.size() && value >= edges[bin]) ++bin;
    codes[row] = bin - first_bin;
    int64_t& first = binned.first_row[codes[row]];
    if (first < 0) first = static_cast<int64_t>(row);
  }
  binned.codes =
      CodeVector::Pack(codes, static_cast<uint32_t>(binned.levels.size()));
  return binned;
}

}  // namespace plumbline
