// The header row of a file.
#pragma once

#include <string>
#include <vector>

#include "plumbline/table/csv_source.h"

namespace plumbline::csv {

// Longest record, in bytes. It bounds the memory that one stray quote in a
// large file can claim.
inline constexpr size_t kMaxRecordBytes = size_t{64} << 20;

// Reads the header row, with a byte order mark before it, and moves the source
// to the first data row.
//
// Throws Error(kInvalidInput) for an empty file, a binary or UTF-16 one, a
// header without data rows, and names that are empty or given twice.
std::vector<std::string> ReadHeader(Source* source, char delimiter);

// Positions in `header` of the names `first`. Throws Error(kInvalidInput) if
// the names are not the same ones.
std::vector<size_t> MatchHeaders(const std::string& first_file,
                                 const std::vector<std::string>& first,
                                 const std::string& file,
                                 const std::vector<std::string>& header);

}  // namespace plumbline::csv
