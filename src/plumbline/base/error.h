// The one exception type of the house: a code, a place and a sentence that
// says what was found, what was expected and what to do.
#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>

namespace plumbline {

enum class ErrorCode {
  kUsage,           // the command line or a settings file is wrong
  kInvalidInput,    // a data file cannot be read or holds what it must not
  kUnavailable,     // an optional part is not built or not installed
  kOutOfResources,  // disk or memory is full
  kInterrupted,     // the user pressed Ctrl-C or the process was terminated
  kInternal,        // a promise of this code was broken
};

// The process exit code for an error: 2, 3, 2, 6, 130, 70.
int ExitCode(ErrorCode code);

// Where in the input. Empty parts are not printed.
struct Location {
  std::string file;
  // Record number as a spreadsheet shows it: the header is row 1. 0: unknown.
  int64_t row = 0;
  std::string column;
};

// "preds.csv, row 3, column \"score\"", or "" for an empty location.
std::string ToString(const Location& location);

class Error : public std::runtime_error {
 public:
  template <typename... Args>
  Error(ErrorCode code, fmt::format_string<Args...> format, Args&&... args)
      : Error(Formatted{}, code, Location{},
              fmt::vformat(format, fmt::make_format_args(args...))) {}

  // what() is "<location>: <message>".
  template <typename... Args>
  Error(ErrorCode code, const Location& location,
        fmt::format_string<Args...> format, Args&&... args)
      : Error(Formatted{}, code, location,
              fmt::vformat(format, fmt::make_format_args(args...))) {}

  ErrorCode code() const { return code_; }
  const Location& location() const { return location_; }

 private:
  // Keeps the constructor below apart from a format without arguments.
  struct Formatted {};
  Error(Formatted, ErrorCode code, const Location& location,
        const std::string& message);

  ErrorCode code_;
  Location location_;
};

}  // namespace plumbline
