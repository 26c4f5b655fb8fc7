#include "plumbline/table/csv_number.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace plumbline::csv {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool IsSpace(char c) { return c == ' ' || c == '\t'; }

// A whole text, without spaces, as a number of any kind.
bool Parse(const char* begin, const char* end, double* value) {
  // fast_float takes no plus sign.
  if (end - begin > 1 && begin[0] == '+' && begin[1] != '-') ++begin;
  // It fails or gives infinity for a number beyond the largest double.
  const auto result = fast_float::from_chars(begin, end, *value);
  return result.ptr == end && result.ec != std::errc::invalid_argument;
}

bool ParseFinite(const char* begin, const char* end, double* value) {
  return Parse(begin, end, value) && std::isfinite(*value);
}

std::string_view TrimSpaces(const char* begin, const char* end) {
  while (begin < end && IsSpace(begin[0])) ++begin;
  while (begin < end && IsSpace(end[-1])) --end;
  return {begin, static_cast<size_t>(end - begin)};
}

bool ReadSlowly(std::string_view text, const MissingMarks& missing,
                double* value) {
  if (text.empty() || missing.Contains(text)) {
    *value = kNaN;
    return true;
  }
  return ParseFinite(text.data(), text.data() + text.size(), value);
}

}  // namespace

MissingMarks::MissingMarks(std::vector<std::string> marks)
    : marks_(std::move(marks)) {
  for (const std::string& mark : marks_) {
    double value = 0;
    some_are_numbers_ =
        some_are_numbers_ ||
        ParseFinite(mark.data(), mark.data() + mark.size(), &value);
  }
}

bool MissingMarks::Contains(std::string_view text) const {
  return std::find(marks_.begin(), marks_.end(), text) != marks_.end();
}

bool ReadNumber(const char* begin, const char* end, const char* /*limit*/,
                const MissingMarks& missing, double* value) {
  if (begin == end) {
    *value = kNaN;
    return true;
  }
  if (!missing.some_are_numbers()) {
    if (ParseFinite(begin, end, value)) return true;
  }
  return ReadSlowly(TrimSpaces(begin, end), missing, value);
}

bool ReadQuotedNumber(std::string_view text, double* value) {
  text = TrimSpaces(text.data(), text.data() + text.size());
  if (text.empty()) {
    *value = kNaN;
    return true;
  }
  return ParseFinite(text.data(), text.data() + text.size(), value);
}

bool IsInfinite(std::string_view text) {
  text = TrimSpaces(text.data(), text.data() + text.size());
  double value = 0;
  return Parse(text.data(), text.data() + text.size(), &value) &&
         std::isinf(value);
}

}  // namespace plumbline::csv
