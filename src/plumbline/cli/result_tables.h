// The tables of a result as files of its folder: CSV, or Parquet with --tables
// parquet.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace plumbline {

// A table of a result.
struct ResultTable {
  std::string name;  // "groups": groups.csv or groups.parquet
  std::string csv;   // RFC 4180, with a header of plain names
};

// Loads what Parquet needs, if that is wanted: before the work, not after it.
// Throws Error(kUnavailable) without DuckDB's library.
void PrepareTables(bool parquet);

// The names of the files and their bytes. In Parquet a column that holds
// numbers in every result is of type DOUBLE (empty: null), every other one of
// type VARCHAR. Throws Error(kUnavailable) for Parquet without DuckDB's
// library.
std::vector<std::pair<std::string, std::string>> TableFiles(
    const std::vector<ResultTable>& tables, bool parquet);

}  // namespace plumbline
