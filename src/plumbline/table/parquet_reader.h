// Reads tables from Parquet files, through DuckDB's library
// (duckdb_library.h).
//
// Missing: null, NaN in a column of numbers, the empty word; a text such as
// "NA" only if the user chose it as a mark (CsvOptions::missing_was_chosen).
// Columns of numbers (whole, floating-point, decimal) can be read as numbers,
// and as words with as few digits as give the number back ("1", "0.5"). All
// others that are not nested can be read as words alone: texts, truth values
// ("true"), dates ("2020-01-31"). Infinite numbers are refused in columns that
// are read as numbers. Rows are counted as in CSV, where the header is row 1.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plumbline/table/column_nature.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/table.h"

namespace plumbline {

// Reads one table from files that hold the same columns, in any order.
class ParquetReader {
 public:
  // Opens the files (paths, no patterns) and reads their schemas. Of the
  // options the delimiter has no meaning. Rows are duplicates when all their
  // values are equal.
  //
  // Throws Error(kUnavailable) without DuckDB's library, Error(kInvalidInput)
  // for what is no Parquet file, is cut off, damaged or encrypted, has no rows,
  // two columns of one name or a column without a name.
  ParquetReader(const std::vector<std::string>& paths,
                const CsvOptions& options);
  ~ParquetReader();
  ParquetReader(const ParquetReader&) = delete;
  ParquetReader& operator=(const ParquetReader&) = delete;

  const std::vector<std::string>& header() const;
  const std::string& name() const;
  ColumnNature nature(const std::string& column) const;

  // As CsvReader::Read. Throws Error(kInvalidInput) also for a column whose
  // type does not fit the request.
  Table Read(const std::vector<ColumnRequest>& columns);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plumbline
