// The words for everything that can be wrong with the rows of a file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/table/csv_number.h"
#include "plumbline/table/csv_record.h"

namespace plumbline::csv {

// What is known about a file when its rows are read.
struct FileFacts {
  std::string name;
  char delimiter = ',';
  std::vector<std::string> header;
  // Columns of the file that are read as numbers.
  std::vector<size_t> numeric;
  const MissingMarks* missing = nullptr;
};

// A stretch of rows that holds an error.
struct Excerpt {
  std::string_view text;   // begins with a record
  int64_t first_row = 0;   // the first record's, counting the header as row 1
  int64_t first_byte = 0;  // where it begins in the file, from 0
  // The text is the end of a file without a line end, which was added.
  bool line_end_added = false;
};

// Throws Error(kInvalidInput) for the first thing that is wrong, by row and
// then: structure, number of fields, UTF-8, numbers from left to right.
[[noreturn]] void ThrowFirstError(const FileFacts& file,
                                  const Excerpt& excerpt);

// Throws Error(kInvalidInput) for a record that does not end in kDone or
// kNoLineEnd. `start` is its first byte in the file.
[[noreturn]] void ThrowBadRecord(const FileFacts& file, const Record& record,
                                 int64_t row, int64_t start);

// Throws if there is a NUL byte in the text, which begins at `start` of the
// file.
void RefuseNul(const std::string& file, std::string_view text, int64_t start);

// Throws Error(kInvalidInput) if a field of the row is not UTF-8.
void RefuseInvalidUtf8(const FileFacts& file, const Record& record,
                       int64_t row);

// Throws Error(kInvalidInput) for a record that has no end within the first
// `bytes` bytes.
[[noreturn]] void ThrowEndlessRecord(const FileFacts& file, int64_t row,
                                     size_t bytes);

}  // namespace plumbline::csv
