// Strict, parallel reader for comma- and tab-separated text.
//
// Grammar: RFC 4180 with LF or CRLF line ends, an optional UTF-8 byte order
// mark, quoted fields with embedded separators, quotes ("") and line ends.
// Nothing is guessed and nothing is dropped: a ragged row, a bad number, a
// stray quote, a duplicate column name, invalid UTF-8, a NUL byte (binary file,
// UTF-16) or a last row that ends in the middle is an Error(kInvalidInput) with
// file, row and column. A complete last row without a line end is fine, an
// empty line is not (in a file of one column it is a missing value).
//
// Missing: an empty field, quoted or not, and the unquoted texts of
// CsvOptions::missing; "NA" in quotes is a word. Words are kept as they are,
// spaces included. Around numbers, and around what stands for a missing number,
// spaces and tabs are ignored; infinite numbers are refused.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/table/table.h"

namespace plumbline {

enum class ColumnKind { kCategorical, kNumeric };

struct ColumnRequest {
  std::string name;
  ColumnKind kind = ColumnKind::kCategorical;
};

struct CsvOptions {
  // ',' or '\t'; 0: tab for *.tsv (*.tsv.gz, ...), else comma.
  char delimiter = 0;
  // Unquoted texts that mean "missing", besides the empty field.
  std::vector<std::string> missing = {"NA",   "N/A",  "NaN",  "nan",
                                      "NULL", "null", "None", "#N/A"};
  // `missing` was chosen by the user, so that it holds in typed files, too
  // (table_reader.h); CSV knows no other way to say "missing".
  bool missing_was_chosen = false;
  // 0: DefaultThreads(). The result is the same for every number.
  int threads = 0;
  // Count rows that are byte for byte a copy of an earlier one (8 bytes a row
  // while reading).
  bool count_duplicate_rows = false;
  // Fill TableSource::sha256.
  bool hash_sources = false;
};

// Reads one table from files that share a header. Each input is a path, a glob
// or "-" (standard input); *.gz and *.zst are decompressed. Files are read in
// the order given, globs in sorted order; names must be the same in every file
// (the order of columns may differ).
class CsvReader {
 public:
  // Opens the inputs and reads the header(s).
  explicit CsvReader(const std::vector<std::string>& inputs,
                     const CsvOptions& options = {});
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  const std::vector<std::string>& header() const;
  // The first input's name, for messages.
  const std::string& name() const;
  const CsvOptions& options() const;

  // Reads the requested columns of every row; other columns are checked for
  // structure only. Shows progress. May be called once.
  Table Read(const std::vector<ColumnRequest>& columns);

  // The inputs after patterns are expanded, and how many bytes each has as
  // stored (0: a pipe).
  const std::vector<std::string>& files() const;
  int64_t FileBytes(size_t file) const;
  // As Read, but only the files [first, last), which may be none. With
  // `keep_row_hashes` duplicates are not counted: the table holds the hashes
  // with which the caller can do so over several tables.
  Table ReadFiles(const std::vector<ColumnRequest>& columns, size_t first,
                  size_t last, bool keep_row_hashes);

 private:
  friend Table ReadCsvText(std::string_view text, const std::string& name,
                           const std::vector<ColumnRequest>& columns,
                           const CsvOptions& options);

  struct State;
  std::unique_ptr<State> state_;
};

// A table from text in memory, as a file called `name` would be read.
Table ReadCsvText(std::string_view text, const std::string& name,
                  const std::vector<ColumnRequest>& columns,
                  const CsvOptions& options = {});

}  // namespace plumbline
