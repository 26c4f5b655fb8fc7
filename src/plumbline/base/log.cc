#include "plumbline/base/log.h"

#include <atomic>

#include "plumbline/base/terminal.h"

namespace plumbline {
namespace {

std::atomic<LogLevel> log_level{LogLevel::kWarning};

std::string Prefix(LogLevel level) {
  switch (level) {
    case LogLevel::kWarning:
      return StderrHasColour() ? "\033[33mwarning:\033[0m " : "warning: ";
    case LogLevel::kDebug:
      return "debug: ";
    default:
      return "";
  }
}

}  // namespace

void SetLogLevel(LogLevel level) { log_level = level; }

void LogMessage(LogLevel level, const std::string& text) {
  if (level == LogLevel::kQuiet || level > log_level.load()) return;
  WriteToStderr(Prefix(level) + text + "\n");
}

}  // namespace plumbline
