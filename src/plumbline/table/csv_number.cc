#include "plumbline/table/csv_number.h"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace plumbline::csv {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Powers of ten that are doubles.
constexpr double kPowersOfTen[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,
                                   1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16};
constexpr uint64_t kWholePowersOfTen[] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};

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

// Up to 8 digits at once, or false if one of them is no digit. `at` must have 8
// readable bytes; 1 <= count <= 8. Needs a little-endian machine.
inline bool ReadDigits(const char* at, size_t count, uint64_t* value) {
  uint64_t digits;
  std::memcpy(&digits, at, sizeof(digits));
  // The text with zeros before it; by two shifts, since one by 64 is undefined.
  const size_t spare = 4 * (8 - count);
  digits = digits << spare << spare;
  digits |= uint64_t{0x3030303030303030} >> 4 * count >> 4 * count;
  // A digit is 0x3X, and stays so when 6 is added.
  if (((digits & 0xF0F0F0F0F0F0F0F0) |
       ((digits + 0x0606060606060606) & 0xF0F0F0F0F0F0F0F0) >> 4) !=
      0x3333333333333333) {
    return false;
  }
  // Pairs of digits, then of pairs, then of fours.
  digits = (digits & 0x0F0F0F0F0F0F0F0F) * (10 * 256 + 1) >> 8;
  digits = (digits & 0x00FF00FF00FF00FF) * (100 * 65536 + 1) >> 16;
  *value = (digits & 0x0000FFFF0000FFFF) * ((uint64_t{10000} << 32) + 1) >> 32;
  return true;
}

// The common case: "-12", "0.123456", up to 16 digits behind the point. False
// for everything else, also for numbers that are a little longer.
//
// Exact: a whole number up to 2^53 and a power of ten up to 10^22 are doubles,
// so that their quotient is the nearest double (Clinger 1990, PLDI '90).
inline bool ParsePlain(const char* begin, const char* end, const char* limit,
                       double* value) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  constexpr ptrdiff_t kMostBytes = 19;
  constexpr uint64_t kLargestExact = uint64_t{1} << 53;
  if (end - begin > kMostBytes) return false;
  const char* at = begin;
  const bool negative = *at == '-';
  if (negative) ++at;
  const char* const digits = at;
  uint64_t whole = 0;
  for (; at < end && static_cast<unsigned char>(*at - '0') <= 9; ++at) {
    whole = 10 * whole + static_cast<uint64_t>(*at - '0');
  }
  size_t behind_point = 0;
  if (at == end) {
    if (at == digits) return false;
  } else {
    if (*at++ != '.') return false;
    behind_point = end - at;
    if (behind_point == 0 || behind_point > 16 || limit - at < 16) return false;
    const size_t first = std::min<size_t>(behind_point, 8);
    uint64_t part = 0;
    if (!ReadDigits(at, first, &part)) return false;
    whole = whole * kWholePowersOfTen[first] + part;
    if (behind_point > 8) {
      const size_t second = behind_point - 8;
      if (!ReadDigits(at + 8, second, &part)) return false;
      whole = whole * kWholePowersOfTen[second] + part;
    }
  }
  if (whole > kLargestExact) return false;
  const double result = static_cast<double>(whole) / kPowersOfTen[behind_point];
  *value = negative ? -result : result;
  return true;
#else
  (void)begin, (void)end, (void)limit, (void)value;
  return false;
#endif
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

bool ReadNumber(const char* begin, const char* end, const char* limit,
                const MissingMarks& missing, double* value) {
  if (begin == end) {
    *value = kNaN;
    return true;
  }
  if (!missing.some_are_numbers()) {
    if (ParsePlain(begin, end, limit, value)) return true;
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
