// Reads NumPy's file format, strictly.
//
// Source: NumPy Enhancement Proposal 1 and numpy/lib/format.py (formats 1.0,
// 2.0 and 3.0). Read are arrays of one or two dimensions in C order,
// little-endian: floating-point numbers of 2, 4 or 8 bytes, whole numbers of 1
// to 8, truth values, texts of fixed width (<U, S). Everything else is refused
// by name. Rows are counted as in CSV, where the header is row 1: the first
// element is in row 2.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/file.h"

namespace plumbline {

enum class NpyType { kFloat, kSigned, kUnsigned, kBool, kUnicode, kBytes };

// What the header of a file says.
struct NpyHeader {
  NpyType type = NpyType::kFloat;
  std::string descr;         // as it stands there: "<f8"
  int64_t width = 0;         // bytes of an element
  int64_t rows = 0;          // at least 1
  int64_t columns = 1;       // at least 1; 1 for one dimension
  bool has_columns = false;  // two dimensions
  int64_t data_begin = 0;    // the first element's byte in the file
};

// The header of the file `bytes`, called `file` in messages; the size of the
// array is checked against the file's.
//
// Throws Error(kInvalidInput) for anything that is not such an array, whole.
NpyHeader ParseNpyHeader(std::string_view bytes, const std::string& file);

// A file mapped into memory.
class NpyFile {
 public:
  // Throws Error(kInvalidInput) like ReadFile and ParseNpyHeader.
  explicit NpyFile(const std::string& path);

  const NpyHeader& header() const { return header_; }
  const std::string& path() const { return path_; }
  bool holds_numbers() const {
    return header_.type == NpyType::kFloat ||
           header_.type == NpyType::kSigned ||
           header_.type == NpyType::kUnsigned;
  }

  // The bytes of one element.
  std::string_view Element(int64_t row, int64_t column) const {
    return bytes_.bytes().substr(
        header_.data_begin + (row * header_.columns + column) * header_.width,
        header_.width);
  }
  // An element of a file that holds numbers; may be infinite or NaN. Whole
  // numbers beyond 2^53 are rounded.
  double Number(int64_t row, int64_t column) const;
  // An element as a word: numbers with as few digits as give them back, truth
  // values as true and false, texts in UTF-8 without the padding, "" for NaN.
  // Returns what is wrong with it, or null.
  const char* Word(int64_t row, int64_t column, std::string* word) const;

 private:
  std::string path_;
  MappedFile bytes_;
  NpyHeader header_;
};

// n x d numbers, row-major: embeddings.
struct NpyMatrix {
  int64_t rows = 0;
  int64_t columns = 0;
  std::vector<float> values;
};

// A matrix of finite numbers; of one dimension: a matrix of one column.
// Throws Error(kInvalidInput) with row and column ("column 3", from 0) for NaN
// and infinite numbers, also for what is infinite as a float.
NpyMatrix ReadNpyMatrix(const std::string& path);

}  // namespace plumbline
