#include "plumbline/cli/result_tables.h"

#include <algorithm>
#include <string_view>

#include "plumbline/table/duckdb_library.h"
#include "plumbline/table/output_table.h"

namespace plumbline {
namespace {

// Columns that hold numbers in every table that has them; their intervals and
// p-values (crude_lo, explained_p_adjusted) are found by their endings.
constexpr std::string_view kNumbers[] = {
    // Of groups and gaps.
    "group_rows", "group_subjects", "group_events", "group_prevalence",
    "group_weight_sum", "group_effective_n", "value", "lo", "hi", "level", "n",
    "rows", "subjects", "events", "design_effect", "null_expected", "null_p95",
    "p", "p_adjusted", "margin", "smallest_detectable", "worst_probability",
    "groups_used",
    // Of gaps with the same case mix.
    "crude", "direct", "ipw", "explained",
    // Of slices.
    "rank", "rate", "rest", "rest_n", "rest_events", "difference", "excess",
    "p_beyond_others",
    // Of two models.
    "baseline", "challenger", "change", "baseline_null_expected",
    "challenger_null_expected", "bias", "lower_bound", "upper_bound",
    "baseline_only", "challenger_only", "standard_error", "subjects_needed",
    // Of rates over time.
    "log10_e_needed", "log10_e", "log10_e_largest", "baseline_n",
    // Of a plan.
    "share", "expected", "prevalence", "flagged", "trials", "trials_at_shares",
    "rows_at_shares", "subjects_at_shares", "power"};

constexpr std::string_view kEndings[] = {"_lo", "_hi", "_p", "_p_adjusted"};

bool IsNumber(std::string_view name) {
  return std::find(std::begin(kNumbers), std::end(kNumbers), name) !=
             std::end(kNumbers) ||
         std::any_of(
             std::begin(kEndings), std::end(kEndings),
             [name](std::string_view end) { return name.ends_with(end); });
}

std::string ToParquetTable(const std::string& csv) {
  // The header has no quotes in it.
  const std::string first_line = csv.substr(0, csv.find('\r'));
  OutputTable table;
  std::vector<ColumnRequest> requests;
  for (size_t begin = 0; begin <= first_line.size();) {
    const size_t end = std::min(first_line.find(',', begin), first_line.size());
    const std::string name = first_line.substr(begin, end - begin);
    requests.push_back({name, IsNumber(name) ? ColumnKind::kNumeric
                                             : ColumnKind::kCategorical});
    begin = end + 1;
  }
  if (csv.size() == first_line.size() + 2) {  // no rows
    for (const ColumnRequest& request : requests) {
      if (request.kind == ColumnKind::kNumeric) {
        table.columns.emplace_back(NumericColumn{.name = request.name});
      } else {
        table.columns.emplace_back(CategoricalColumn{.name = request.name});
      }
    }
    return ToParquet(table);
  }
  CsvOptions options;
  options.missing.clear();  // a group may be called NA
  Table read = ReadCsvText(csv, "a table of the result", requests, options);
  table.rows = read.rows();
  for (const ColumnRequest& request : requests) {
    if (request.kind == ColumnKind::kNumeric) {
      table.columns.emplace_back(read.TakeNumeric(request.name));
    } else {
      table.columns.emplace_back(read.TakeCategorical(request.name));
    }
  }
  return ToParquet(table);
}

}  // namespace

void PrepareTables(bool parquet) {
  if (parquet) duckdb::Load();
}

std::vector<std::pair<std::string, std::string>> TableFiles(
    const std::vector<ResultTable>& tables, bool parquet) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const ResultTable& table : tables) {
    if (parquet) {
      files.emplace_back(table.name + ".parquet", ToParquetTable(table.csv));
    } else {
      files.emplace_back(table.name + ".csv", table.csv);
    }
  }
  return files;
}

}  // namespace plumbline
