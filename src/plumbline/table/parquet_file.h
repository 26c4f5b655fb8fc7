// One Parquet file: what it holds, before its rows are read.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plumbline/base/file_internal.h"
#include "plumbline/table/duckdb_session.h"

namespace plumbline {

// A column of a file, under the name in the file and the one that DuckDB gives
// it (which ignores case, so that "age" beside "Age" becomes "age_1").
struct ParquetColumn {
  std::string name;
  std::string duckdb_name;
  int type = 0;  // duckdb::Type
  std::string type_name;
};

// Open from construction on, so that it stays the same file.
class ParquetFile {
 public:
  // Throws Error(kInvalidInput) for what cannot be read.
  ParquetFile(const std::string& path, duckdb::Session* session);

  const std::string& path() const { return path_; }
  const std::vector<ParquetColumn>& columns() const { return columns_; }
  int64_t rows() const { return rows_; }
  int64_t bytes() const { return bytes_; }
  // Null if there is none.
  const ParquetColumn* Find(const std::string& name) const;

  // The file as a table of SQL.
  std::string Sql() const;
  // Throws what DuckDB says about the file.
  [[noreturn]] void ThrowDamaged(std::string reason) const;

 private:
  void ReadColumns(duckdb::Session* session);
  std::vector<std::string> ReadNames(duckdb::Session* session) const;
  void ReadRows(duckdb::Session* session);
  // The file under a name without a meaning for DuckDB, which would take
  // wildcards, schemes and a = in a path for more than a path.
  std::string OpenName() const;

  std::string path_;
  std::unique_ptr<FileDescriptor> file_;
  std::vector<ParquetColumn> columns_;
  int64_t rows_ = 0;
  int64_t bytes_ = 0;
};

}  // namespace plumbline
