#include "plumbline/base/progress_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace plumbline {
namespace {

constexpr int kLongestBar = 30;
constexpr int kShortestBar = 8;

double Rate(const ProgressReading& reading) {
  return reading.seconds > 0 ? reading.done / reading.seconds : 0;
}

// Two digits are all that a changing number can tell: "1.2e6", "340", "0.25".
std::string TwoDigits(double value) {
  if (value < 1e4) {
    return value < 10 ? fmt::format("{:.2g}", value)
                      : fmt::format("{:.0f}", value);
  }
  const int exponent = static_cast<int>(std::floor(std::log10(value)));
  const double digits = std::round(value / std::pow(10, exponent - 1)) / 10;
  return digits < 10 ? fmt::format("{}e{}", digits, exponent)
                     : fmt::format("1e{}", exponent + 1);
}

std::string RateWords(const ProgressReading& reading) {
  return fmt::format("{} {}/s", TwoDigits(Rate(reading)), reading.unit);
}

// "3 s left", "took 9 s", or "" when nothing can be said yet.
std::string TimeLeft(const ProgressReading& reading) {
  if (reading.total <= 0 || reading.done <= 0) return "";
  if (reading.done >= reading.total) return "took " + Duration(reading.seconds);
  const double left = static_cast<double>(reading.total - reading.done);
  return Duration(left / Rate(reading)) + " left";
}

// Cuts at a character, not inside one (UTF-8 continuation bytes are 10xxxxxx).
std::string Shortened(const std::string& text, int width) {
  int columns = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] & 0xC0) == 0x80) continue;
    if (columns++ == width) return text.substr(0, i);
  }
  return text;
}

int Columns(const std::string& text) {
  return static_cast<int>(std::count_if(
      text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

int PercentDone(const ProgressReading& reading) {
  if (reading.total <= 0) return -1;
  const double share = static_cast<double>(reading.done) / reading.total;
  return static_cast<int>(std::clamp(share, 0.0, 1.0) * 100);
}

std::string PlainProgress(const ProgressReading& reading) {
  if (reading.total <= 0) {
    return fmt::format("{}: {} {}, {}", reading.title, TwoDigits(reading.done),
                       reading.unit, RateWords(reading));
  }
  std::string text = fmt::format("{}: {} %, {}", reading.title,
                                 PercentDone(reading), RateWords(reading));
  const std::string left = TimeLeft(reading);
  if (!left.empty()) text += ", " + left;
  return text;
}

std::string BarProgress(const ProgressReading& reading, int width,
                        bool colour) {
  std::string numbers;
  if (reading.total > 0) {
    numbers =
        fmt::format(" {:3} %  {}", PercentDone(reading), RateWords(reading));
    const std::string left = TimeLeft(reading);
    if (!left.empty()) numbers += "  " + left;
  } else {
    numbers = fmt::format("  {} {}  {}", TwoDigits(reading.done), reading.unit,
                          RateWords(reading));
  }
  const int room =
      width - Columns(reading.title) - Columns(numbers) - 3;  // " [", "]"
  if (reading.total <= 0 || room < kShortestBar) {
    return Shortened(reading.title + numbers, width);
  }
  const int length = std::min(room, kLongestBar);
  const int filled = length * PercentDone(reading) / 100;
  return fmt::format("{} [{}{}{}{}]{}", reading.title, colour ? "\033[32m" : "",
                     std::string(filled, '#'), colour ? "\033[0m" : "",
                     std::string(length - filled, '.'), numbers);
}

std::string Duration(double seconds) {
  const int64_t whole = static_cast<int64_t>(std::min(std::ceil(seconds), 1e9));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) {
    return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  }
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace plumbline
