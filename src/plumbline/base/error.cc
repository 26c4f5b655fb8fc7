#include "plumbline/base/error.h"

namespace plumbline {
namespace {

std::string WithLocation(const Location& location, const std::string& message) {
  const std::string place = ToString(location);
  return place.empty() ? message : place + ": " + message;
}

}  // namespace

int ExitCode(ErrorCode code) {
  switch (code) {
    case ErrorCode::kUsage:
    case ErrorCode::kUnavailable:
      return 2;
    case ErrorCode::kInvalidInput:
      return 3;
    case ErrorCode::kOutOfResources:
      return 6;
    case ErrorCode::kInterrupted:
      return 130;
    case ErrorCode::kInternal:
      return 70;
  }
  return 70;
}

std::string ToString(const Location& location) {
  std::string text = location.file;
  const auto append = [&text](const std::string& part) {
    if (!text.empty()) text += ", ";
    text += part;
  };
  if (location.row > 0) append(fmt::format("row {}", location.row));
  if (!location.column.empty()) {
    append(fmt::format("column \"{}\"", location.column));
  }
  return text;
}

Error::Error(Formatted, ErrorCode code, const Location& location,
             const std::string& message)
    : std::runtime_error(WithLocation(location, message)),
      code_(code),
      location_(location) {}

}  // namespace plumbline
