// Reads one record byte by byte and says exactly what is wrong with it. Slow
// and simple: used for headers and for error messages, while csv_parse.h reads
// the rows.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline::csv {

enum class RecordStatus {
  kDone,
  kNoLineEnd,       // the text ends outside quotes before a line end
  kOpenQuote,       // the text ends inside quotes
  kStrayQuote,      // a quote inside a field that does not begin with one
  kTextAfterQuote,  // something between a closing quote and the field's end
  kStrayReturn,     // a carriage return without a line feed, outside quotes
  kNul,
};

struct Field {
  std::string text;  // without quotes
  bool quoted = false;
};

struct Record {
  RecordStatus status = RecordStatus::kNoLineEnd;
  std::vector<Field> fields;  // up to the one where reading stopped
  // Bytes of the record with its line end; where reading stopped if there is an
  // error.
  size_t bytes = 0;
  // Line ends inside quotes.
  size_t inner_lines = 0;
};

// Reads the record at the start of `text`.
Record ReadRecord(std::string_view text, char delimiter);

// `"value"` for a message: shortened, control characters and what is not UTF-8
// as \x07.
std::string Shown(std::string_view text);

}  // namespace plumbline::csv
