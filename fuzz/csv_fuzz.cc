// Any bytes are either a table or an Error(kInvalidInput): no crash, no leak,
// no other exception, and the same outcome for any number of threads.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/table/csv.h"

namespace plumbline {
namespace {

// The outcome in words: what the table holds, or the message.
std::string Outcome(std::string_view text,
                    const std::vector<ColumnRequest>& columns,
                    const CsvOptions& options) {
  try {
    const Table table = ReadCsvText(text, "fuzz.csv", columns, options);
    std::string outcome = fmt::format("{} rows, {} duplicates", table.rows(),
                                      table.duplicate_rows());
    for (const std::string& name : table.header()) {
      if (table.HasNumeric(name)) {
        const NumericColumn& column = table.Numeric(name);
        outcome += fmt::format("|{}", column.missing);
        for (const double value : column.values) {
          outcome += fmt::format(",{}", value);
        }
      }
      if (!table.HasCategorical(name)) continue;
      const CategoricalColumn& column = table.Categorical(name);
      outcome += fmt::format("|{}", column.missing);
      for (const std::string& level : column.levels) outcome += "," + level;
      for (size_t row = 0; row < column.codes.size(); ++row) {
        outcome += fmt::format(",{}", column.codes[row]);
      }
    }
    return outcome;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidInput) std::abort();
    return error.what();
  }
}

// Every column as words, or every column as numbers; none if the header cannot
// be read.
std::vector<ColumnRequest> AllColumns(std::string_view text, ColumnKind kind,
                                      const CsvOptions& options) {
  std::vector<ColumnRequest> columns;
  try {
    const std::string_view header = text.substr(0, text.find('\n'));
    const std::string first_row =
        std::string(header) + "\n" + std::string(header) + "\n";
    const Table table = ReadCsvText(first_row, "fuzz.csv", {}, options);
    for (const std::string& name : table.header()) {
      columns.push_back({name, kind});
    }
  } catch (const Error&) {
  }
  return columns;
}

void Try(std::string_view text, CsvOptions options) {
  std::vector<std::vector<ColumnRequest>> requests = {
      {},
      {{"a", ColumnKind::kCategorical}, {"b", ColumnKind::kNumeric}},
      AllColumns(text, ColumnKind::kCategorical, options),
      AllColumns(text, ColumnKind::kNumeric, options),
  };
  for (const std::vector<ColumnRequest>& columns : requests) {
    options.threads = 1;
    const std::string one = Outcome(text, columns, options);
    options.threads = 2;
    if (Outcome(text, columns, options) != one) std::abort();
  }
}

}  // namespace
}  // namespace plumbline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  plumbline::CsvOptions commas;
  commas.delimiter = ',';
  commas.count_duplicate_rows = true;
  plumbline::Try(text, commas);
  plumbline::CsvOptions tabs;
  tabs.delimiter = '\t';
  tabs.missing = {"-9", "a longer mark"};
  plumbline::Try(text, tabs);
  return 0;
}
