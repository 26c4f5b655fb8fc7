// Messages to the person at the terminal, on stderr. The result of a command
// never goes through here.
#pragma once

#include <fmt/core.h>

#include <string>

namespace plumbline {

enum class LogLevel { kQuiet, kWarning, kInfo, kDebug };

// Process-wide; default kWarning. kQuiet prints nothing at all.
void SetLogLevel(LogLevel level);

void LogMessage(LogLevel level, const std::string& text);

// "warning: …" in yellow on a terminal without NO_COLOR.
template <typename... Args>
void LogWarning(fmt::format_string<Args...> format, Args&&... args) {
  LogMessage(LogLevel::kWarning,
             fmt::vformat(format, fmt::make_format_args(args...)));
}

template <typename... Args>
void LogInfo(fmt::format_string<Args...> format, Args&&... args) {
  LogMessage(LogLevel::kInfo,
             fmt::vformat(format, fmt::make_format_args(args...)));
}

}  // namespace plumbline
