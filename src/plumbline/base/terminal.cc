#include "plumbline/base/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <string>

namespace plumbline {
namespace {

constexpr std::string_view kEraseLine = "\r\033[K";

std::mutex screen_mutex;
bool bar_is_drawn = false;

// One write for one message, so that processes which share a terminal do not
// mix within a line. A stderr that is gone is no reason to fail.
void Write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(written);
  }
}

std::string_view Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

bool StderrIsTerminal() { return isatty(STDERR_FILENO) == 1; }

bool StderrHasColour() {
  return StderrIsTerminal() && Environment("NO_COLOR").empty() &&
         Environment("TERM") != "dumb";
}

int StderrWidth() {
  struct winsize size = {};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
    return 80;
  }
  return size.ws_col;
}

void WriteToStderr(std::string_view lines) {
  const std::lock_guard lock(screen_mutex);
  if (!bar_is_drawn) return Write(lines);
  bar_is_drawn = false;
  Write(std::string(kEraseLine).append(lines));
}

void DrawBar(std::string_view bar) {
  const std::lock_guard lock(screen_mutex);
  if (bar.empty() && !bar_is_drawn) return;
  bar_is_drawn = !bar.empty();
  Write(std::string(kEraseLine).append(bar));
}

}  // namespace plumbline
