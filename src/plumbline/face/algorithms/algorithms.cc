#include "plumbline/face/algorithms/algorithms.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/base/version.h"
#include "plumbline/face/statistics/disparity.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/proportion.h"

namespace plumbline::face {
namespace {

// "MW_MB" into its groups. Group names may themselves hold an underscore
// ("white_male_white_male"): the cell is cut in the middle then.
struct CellName {
  std::string reference;
  std::string probe;
};

CellName SplitCell(const std::string& name, const Location& where) {
  const auto separators = std::count(name.begin(), name.end(), '_');
  if (separators % 2 == 0) {
    throw Error(ErrorCode::kInvalidInput, where,
                "\"{}\" is no cell; expected REFERENCE_PROBE such as MW_MB",
                name);
  }
  size_t cut = std::string::npos;
  for (auto i = 0; i <= separators / 2; ++i) cut = name.find('_', cut + 1);
  CellName cell{name.substr(0, cut), name.substr(cut + 1)};
  if (cell.reference.empty() || cell.probe.empty()) {
    throw Error(ErrorCode::kInvalidInput, where,
                "\"{}\" is no cell; expected REFERENCE_PROBE such as MW_MB",
                name);
  }
  return cell;
}

Quantiles QuantilesOf(std::vector<double> values) {
  std::erase_if(values, [](double value) { return !std::isfinite(value); });
  std::sort(values.begin(), values.end());
  const auto at = [&](double p) { return SortedQuantile(values, p); };
  return {at(0.05), at(0.25), at(0.5), at(0.75), at(0.95), at(1)};
}

std::vector<double> Column(const AlgorithmsInput& input, size_t cell) {
  std::vector<double> rates;
  for (size_t a = 0; a < input.algorithms.size(); ++a) {
    rates.push_back(input.rate(a, cell));
  }
  return rates;
}

// The cells within groups, in the order of the file.
std::vector<size_t> WithinCells(const AlgorithmsInput& input) {
  std::vector<size_t> within;
  for (size_t c = 0; c < input.cells.size(); ++c) {
    const CellName cell = SplitCell(input.cells[c], {});
    if (cell.reference == cell.probe) within.push_back(c);
  }
  return within;
}

size_t ReferenceCell(const AlgorithmsInput& input,
                     const std::vector<size_t>& within,
                     const std::string& chosen) {
  std::vector<std::string> names;
  size_t lowest = within[0];
  double least = std::numeric_limits<double>::infinity();
  for (const size_t c : within) {
    const std::string group = SplitCell(input.cells[c], {}).reference;
    if (chosen == group || chosen == input.cells[c]) return c;
    names.push_back(group);
    const double median = QuantilesOf(Column(input, c)).median;
    if (median < least) {
      least = median;
      lowest = c;
    }
  }
  if (!chosen.empty()) {
    throw Error(ErrorCode::kUsage,
                "--reference {}: no comparisons within this group; there are "
                "those within {}",
                chosen, JoinWords(names, "and"));
  }
  return lowest;
}

std::string OrderOf(const AlgorithmsInput& input,
                    const std::vector<size_t>& within, size_t algorithm) {
  std::vector<size_t> sorted = within;
  std::stable_sort(sorted.begin(), sorted.end(), [&](size_t a, size_t b) {
    return input.rate(algorithm, a) < input.rate(algorithm, b);
  });
  std::string order;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (i > 0) {
      order += input.rate(algorithm, sorted[i]) ==
                       input.rate(algorithm, sorted[i - 1])
                   ? " = "
                   : " < ";
    }
    order += SplitCell(input.cells[sorted[i]], {}).reference;
  }
  return order;
}

std::vector<Ordering> ByFrequency(
    const std::map<std::string, int64_t>& counts) {
  std::vector<Ordering> orderings;
  for (const auto& [order, n] : counts) orderings.push_back({order, n});
  std::stable_sort(
      orderings.begin(), orderings.end(),
      [](const Ordering& a, const Ordering& b) { return a.n > b.n; });
  return orderings;
}

void AddCells(const AlgorithmsInput& input, size_t reference, double level,
              AlgorithmsResult* result) {
  const auto algorithms = static_cast<int64_t>(input.algorithms.size());
  for (size_t c = 0; c < input.cells.size(); ++c) {
    const CellName name = SplitCell(input.cells[c], {});
    CellSummary summary{.name = input.cells[c],
                        .within = name.reference == name.probe,
                        .rates = QuantilesOf(Column(input, c))};
    for (size_t a = 0; a < input.algorithms.size(); ++a) {
      summary.above += input.rate(a, c) > input.rate(a, reference);
      summary.equal += input.rate(a, c) == input.rate(a, reference);
    }
    summary.share =
        ClopperPearsonInterval(summary.above, algorithms, {.level = level});
    result->cells.push_back(summary);
  }
}

void AddMeasures(const AlgorithmsInput& input,
                 const std::vector<size_t>& within, AlgorithmsResult* result) {
  for (const DisparityMeasure& measure : DisparityMeasures()) {
    std::vector<double> values;
    MeasureSummary summary{.measure = measure.name, .label = measure.label};
    for (size_t a = 0; a < input.algorithms.size(); ++a) {
      std::vector<double> rates;
      for (const size_t c : within) rates.push_back(input.rate(a, c));
      values.push_back(measure.value(rates));
      summary.undefined += std::isnan(values.back());
    }
    summary.values = QuantilesOf(values);
    result->measures.push_back(summary);
  }
}

void AddCrossRatios(const AlgorithmsInput& input,
                    const std::vector<size_t>& within,
                    AlgorithmsResult* result) {
  const auto find = [&](const std::string& group) {
    return std::find_if(within.begin(), within.end(), [&](size_t c) {
      return SplitCell(input.cells[c], {}).reference == group;
    });
  };
  for (size_t c = 0; c < input.cells.size(); ++c) {
    const CellName name = SplitCell(input.cells[c], {});
    const auto a = find(name.reference);
    const auto b = find(name.probe);
    if (name.reference == name.probe || a == within.end() ||
        b == within.end()) {
      continue;
    }
    std::vector<double> ratios;
    for (size_t i = 0; i < input.algorithms.size(); ++i) {
      const double mean = std::sqrt(input.rate(i, *a) * input.rate(i, *b));
      if (mean > 0) ratios.push_back(input.rate(i, c) / mean);
    }
    result->cross_ratio.emplace_back(input.cells[c],
                                     QuantilesOf(ratios).median);
  }
}

Json QuantilesJson(const Quantiles& quantiles) {
  return {{"p5", Number(quantiles.p5)},         {"p25", Number(quantiles.p25)},
          {"median", Number(quantiles.median)}, {"p75", Number(quantiles.p75)},
          {"p95", Number(quantiles.p95)},       {"max", Number(quantiles.max)}};
}

Json OrderingsJson(const std::vector<Ordering>& orderings, const char* key) {
  Json list = Json::array();
  for (const Ordering& ordering : orderings) {
    list.push_back({{key, ordering.order}, {"n", ordering.n}});
  }
  return list;
}

}  // namespace

AlgorithmsInput MakeAlgorithmsInput(const Table& table) {
  AlgorithmsInput input{
      .algorithms = {}, .cells = {}, .rates = {}, .sources = table.sources()};
  const CategoricalColumn& names = table.categorical().at(0);
  for (const NumericColumn& column : table.numeric()) {
    SplitCell(column.name, table.Where(0, column.name));
    input.cells.push_back(column.name);
  }
  std::vector<bool> seen(names.levels.size());
  for (int64_t row = 0; row < table.rows(); ++row) {
    const uint32_t code = names.codes[row];
    if (code == kMissingCode || seen[code]) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, names.name),
                  "{}; each algorithm has one row",
                  code == kMissingCode
                      ? "the algorithm has no name"
                      : fmt::format("algorithm \"{}\" is there twice",
                                    names.levels[code]));
    }
    seen[code] = true;
    input.algorithms.push_back(names.levels[code]);
    for (const NumericColumn& column : table.numeric()) {
      const double rate = column.values[row];
      if (!(rate >= 0 && rate <= 1)) {
        throw Error(
            ErrorCode::kInvalidInput, table.Where(row, column.name),
            "{} is no rate; expected a number from 0 to 1",
            std::isnan(rate) ? "an empty field" : fmt::format("{}", rate));
      }
      input.rates.push_back(rate);
    }
  }
  if (input.algorithms.empty() || WithinCells(input).size() < 2) {
    throw Error(ErrorCode::kInvalidInput, table.Where(0, ""),
                "fewer than two columns are of comparisons within a group "
                "(such as MW_MW and MB_MB)");
  }
  return input;
}

AlgorithmsResult SummariseAlgorithms(const AlgorithmsInput& input,
                                     const AlgorithmsOptions& options) {
  const std::vector<size_t> within = WithinCells(input);
  const size_t reference = ReferenceCell(input, within, options.reference);
  AlgorithmsResult result{
      .algorithms = static_cast<int64_t>(input.algorithms.size()),
      .reference = input.cells[reference],
      .cells = {},
      .measures = {},
      .orderings = {},
      .worst = {},
      .cross_ratio = {}};
  AddCells(input, reference, options.level, &result);
  AddMeasures(input, within, &result);
  std::map<std::string, int64_t> orders, worst;
  for (size_t a = 0; a < input.algorithms.size(); ++a) {
    ++orders[OrderOf(input, within, a)];
    const size_t most = *std::max_element(
        within.begin(), within.end(), [&](size_t b, size_t c) {
          return input.rate(a, b) < input.rate(a, c);
        });
    ++worst[SplitCell(input.cells[most], {}).reference];
  }
  result.orderings = ByFrequency(orders);
  result.worst = ByFrequency(worst);
  AddCrossRatios(input, within, &result);
  return result;
}

Json ToJson(const AlgorithmsResult& result, const AlgorithmsInput& input,
            const AlgorithmsOptions& options) {
  Json cells = Json::array();
  for (const CellSummary& cell : result.cells) {
    Json entry = {{"name", cell.name}, {"within", cell.within}};
    entry.update(QuantilesJson(cell.rates));
    entry["above_reference"] = {
        {"n", result.algorithms}, {"events", cell.above},
        {"equal", cell.equal},    {"value", cell.share.value},
        {"lo", cell.share.lo},    {"hi", cell.share.hi},
        {"level", options.level}, {"method", "clopper_pearson"}};
    cells.push_back(entry);
  }
  Json measures = Json::array();
  for (const MeasureSummary& measure : result.measures) {
    Json entry = {{"measure", measure.measure}, {"label", measure.label}};
    entry.update(QuantilesJson(measure.values));
    entry["undefined"] = measure.undefined;
    measures.push_back(entry);
  }
  Json cross = Json::array();
  for (const auto& [name, median] : result.cross_ratio) {
    cross.push_back({{"name", name}, {"median", Number(median)}});
  }
  Json rows = Json::array();
  for (size_t a = 0; a < input.algorithms.size(); ++a) {
    Json rates = Json::array();
    for (size_t c = 0; c < input.cells.size(); ++c) {
      rates.push_back(input.rate(a, c));
    }
    rows.push_back({{"algorithm", input.algorithms[a]}, {"rates", rates}});
  }
  Json files = Json::array();
  for (const TableSource& source : input.sources) {
    files.push_back({{"file", source.file},
                     {"rows", source.rows},
                     {"sha256", source.sha256.empty() ? Json(nullptr)
                                                      : Json(source.sha256)}});
  }
  return {{"schema", "plumbline.face_algorithms/1"},
          {"plumbline", kVersion},
          {"title", ""},
          {"input", {{"files", files}}},
          {"algorithms", result.algorithms},
          {"reference", result.reference},
          {"cells", cells},
          {"measures", measures},
          {"orderings", OrderingsJson(result.orderings, "order")},
          {"worst", OrderingsJson(result.worst, "group")},
          {"cross_ratio", cross},
          {"rows", rows}};
}

}  // namespace plumbline::face
