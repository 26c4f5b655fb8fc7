// Any bytes are either a table or an Error that says why not; a table that was
// read, written and read again is the same table.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/table/csv.h"

namespace {

using plumbline::CategoricalColumn;
using plumbline::ColumnKind;
using plumbline::CsvOptions;
using plumbline::NumericColumn;
using plumbline::Table;

const std::vector<plumbline::ColumnRequest> kColumns = {
    {"a", ColumnKind::kCategorical}, {"b", ColumnKind::kNumeric}};

void Require(bool holds) {
  if (!holds) std::abort();
}

std::string Write(const Table& table) {
  const CategoricalColumn& a = table.Categorical("a");
  const NumericColumn& b = table.Numeric("b");
  std::string text = "a,b\n";
  for (int64_t row = 0; row < table.rows(); ++row) {
    const uint32_t code = a.codes[row];
    if (code != plumbline::kMissingCode) {
      // Quoted always, so that words which mean "missing" stay words.
      text += '"';
      for (const char c : a.levels[code]) text.append(c == '"' ? 2 : 1, c);
      text += '"';
    }
    text += ',';
    if (!std::isnan(b.values[row])) {
      text += fmt::format("{}", b.values[row]);
    }
    text += '\n';
  }
  return text;
}

void RequireEqual(const Table& first, const Table& second) {
  const CategoricalColumn& a = first.Categorical("a");
  const CategoricalColumn& same_a = second.Categorical("a");
  const NumericColumn& b = first.Numeric("b");
  const NumericColumn& same_b = second.Numeric("b");
  Require(first.rows() == second.rows());
  Require(a.levels == same_a.levels && a.missing == same_a.missing);
  Require(b.missing == same_b.missing);
  for (int64_t row = 0; row < first.rows(); ++row) {
    Require(a.codes[row] == same_a.codes[row]);
    Require(b.values[row] == same_b.values[row] || std::isnan(b.values[row]));
  }
}

}  // namespace

// The first byte chooses options, the rest is the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  CsvOptions options;
  options.threads = 1;
  options.delimiter = (data[0] & 1) ? '\t' : ',';
  options.count_duplicate_rows = data[0] & 2;
  const std::string_view text(reinterpret_cast<const char*>(data + 1),
                              size - 1);
  try {
    const Table table =
        plumbline::ReadCsvText(text, "input", kColumns, options);
    CsvOptions plain;
    plain.threads = 1;
    RequireEqual(table,
                 plumbline::ReadCsvText(Write(table), "copy", kColumns, plain));
    options.threads = 3;
    RequireEqual(table,
                 plumbline::ReadCsvText(text, "input", kColumns, options));
  } catch (const plumbline::Error& error) {
    Require(error.code() == plumbline::ErrorCode::kInvalidInput);
    Require(error.what()[0] != '\0');
  }
  return 0;
}
