#include "plumbline/cli/audit_tables.h"

#include <algorithm>
#include <string_view>

#include "plumbline/report/audit_report.h"
#include "plumbline/table/output_table.h"

namespace plumbline {
namespace {

// Columns of groups.csv and gaps.csv that hold numbers in every audit.
constexpr std::string_view kNumbers[] = {"group_rows",
                                         "group_subjects",
                                         "group_events",
                                         "group_prevalence",
                                         "value",
                                         "lo",
                                         "hi",
                                         "level",
                                         "n",
                                         "subjects",
                                         "events",
                                         "design_effect",
                                         "null_expected",
                                         "null_p95",
                                         "p",
                                         "p_adjusted",
                                         "margin",
                                         "smallest_detectable",
                                         "worst_probability"};

bool IsNumber(const std::string& name) {
  return std::find(std::begin(kNumbers), std::end(kNumbers), name) !=
         std::end(kNumbers);
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
  Table read = ReadCsvText(csv, "the audit's table", requests, options);
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

std::vector<std::pair<std::string, std::string>> AuditTables(const Json& audit,
                                                             bool parquet) {
  const std::string groups = AuditGroupsCsv(audit);
  const std::string gaps = AuditGapsCsv(audit);
  if (!parquet) return {{"groups.csv", groups}, {"gaps.csv", gaps}};
  return {{"groups.parquet", ToParquetTable(groups)},
          {"gaps.parquet", ToParquetTable(gaps)}};
}

}  // namespace plumbline
