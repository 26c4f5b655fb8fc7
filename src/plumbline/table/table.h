// Named, typed columns of equal length, with the files they came from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/table/column.h"

namespace plumbline {

// One input file and the data rows that came from it.
struct TableSource {
  std::string file;
  int64_t first_row = 0;  // 0-based row of the table
  int64_t rows = 0;
  std::string sha256;  // of the file as stored; "" if it was not asked for
  // The columns that came from it; empty: all but those of other sources.
  std::vector<std::string> columns = {};
};

class Table {
 public:
  int64_t rows() const { return rows_; }
  // Every column of the header, read or not.
  const std::vector<std::string>& header() const { return header_; }
  const std::vector<TableSource>& sources() const { return sources_; }

  // Throws Error(kInvalidInput) with the nearest names:
  // `preds.csv has no column "scor"; did you mean "score"? Its columns: y, ...`
  const CategoricalColumn& Categorical(std::string_view name) const;
  const NumericColumn& Numeric(std::string_view name) const;
  // Moves the values out; the column stays, without them. For tables that fit
  // into memory only once.
  CategoricalColumn TakeCategorical(std::string_view name);
  NumericColumn TakeNumeric(std::string_view name);
  bool HasCategorical(std::string_view name) const;
  bool HasNumeric(std::string_view name) const;

  // Where a data row (0-based) stands in its file.
  Location Where(int64_t row, std::string_view column) const;

  // Rows that are byte for byte a copy of an earlier one; -1: not counted.
  int64_t duplicate_rows() const { return duplicate_rows_; }
  // The first of them (0-based), and the row it copies; -1 if none.
  int64_t first_duplicate() const { return first_duplicate_; }
  int64_t first_duplicate_of() const { return first_duplicate_of_; }

  // All columns that were read, in the order of reading.
  const std::vector<CategoricalColumn>& categorical() const {
    return categorical_;
  }
  const std::vector<NumericColumn>& numeric() const { return numeric_; }
  // A 64-bit hash of each row's bytes; empty unless the reader was asked to
  // keep them.
  const std::vector<uint64_t>& row_hashes() const { return row_hashes_; }

  // Building (readers and tests).
  void set_header(std::vector<std::string> header);
  void set_rows(int64_t rows) { rows_ = rows; }
  void set_sources(std::vector<TableSource> sources);
  void set_duplicates(int64_t count, int64_t first, int64_t of);
  void set_row_hashes(std::vector<uint64_t> hashes);
  // Throws Error(kInternal) if the length is not rows().
  void Add(CategoricalColumn column);
  void Add(NumericColumn column);

 private:
  int64_t rows_ = 0;
  std::vector<std::string> header_;
  std::vector<TableSource> sources_;
  std::vector<CategoricalColumn> categorical_;
  std::vector<NumericColumn> numeric_;
  std::vector<uint64_t> row_hashes_;
  int64_t duplicate_rows_ = -1;
  int64_t first_duplicate_ = -1;
  int64_t first_duplicate_of_ = -1;
};

// The message above, for a name that is not in `header`.
[[noreturn]] void ThrowNoSuchColumn(const std::string& file,
                                    std::string_view name,
                                    const std::vector<std::string>& header);

}  // namespace plumbline
