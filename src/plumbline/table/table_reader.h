// Reads a table, whatever kind of file it is in.
//
// The kind is told by the ending of the names: *.parquet and *.pq are Parquet
// (parquet_reader.h), *.npy NumPy arrays (npy_reader.h), everything else CSV or
// TSV (csv.h). The files of a run are of one kind, except that npy files may
// stand beside a CSV or Parquet table and add columns to its rows, which they
// hold in the same order.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plumbline/base/communicator.h"
#include "plumbline/table/column_nature.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/table.h"

namespace plumbline {

class TableReader {
 public:
  // Opens the inputs and reads what columns they hold. Each is a path, a
  // pattern, "-" (standard input, CSV) or NAME=FILE.npy.
  //
  // Throws Error(kUsage) for CSV and Parquet in one run, Error(kUnavailable)
  // for Parquet without DuckDB's library, and what CsvReader, ParquetReader and
  // NpyReader throw.
  explicit TableReader(const std::vector<std::string>& inputs,
                       const CsvOptions& options = {});
  ~TableReader();
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;

  const std::vector<std::string>& header() const;
  // The first input's name, for messages.
  const std::string& name() const;
  // Of a column of the header.
  ColumnNature nature(const std::string& column) const;

  // Reads the requested columns of every row. Shows progress. May be called
  // once. Where npy files stand beside a table, duplicate rows are not counted.
  // Several `processes` share CSV files (shared_read.h) and read others each
  // for themselves; all get the same table.
  Table Read(const std::vector<ColumnRequest>& columns,
             Communicator* processes = nullptr);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace plumbline
