// Columns of a table from npy files, one file each or several.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "plumbline/table/column_nature.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/npy.h"
#include "plumbline/table/table.h"
#include "plumbline/table/table_inputs.h"

namespace plumbline {

// A file of one dimension is the column NAME, one of k columns is NAME_0 to
// NAME_<k-1>. NaN, the empty text and, where the user chose them, the texts and
// numbers of CsvOptions::missing are missing; infinite numbers are refused.
class NpyReader {
 public:
  // Throws Error(kInvalidInput) for files that cannot be read, of different
  // numbers of rows, or with two columns of one name.
  NpyReader(const std::vector<NpyInput>& inputs, const CsvOptions& options);

  const std::vector<std::string>& header() const { return header_; }
  const std::string& name() const { return files_[0]->path(); }
  int64_t rows() const { return files_[0]->header().rows; }
  ColumnNature nature(const std::string& column) const;

  // As CsvReader::Read; duplicate rows are not counted.
  Table Read(const std::vector<ColumnRequest>& columns) const;

 private:
  struct Column {
    const NpyFile* file;
    int64_t place;
  };
  const Column* Find(const std::string& name) const;
  NumericColumn ReadNumbers(const std::string& name,
                            const Column& column) const;
  CategoricalColumn ReadWords(const std::string& name,
                              const Column& column) const;

  CsvOptions options_;
  std::vector<std::unique_ptr<NpyFile>> files_;
  std::vector<std::string> header_;
  std::vector<Column> columns_;  // in the order of header_
};

}  // namespace plumbline
