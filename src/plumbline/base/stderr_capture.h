// For tests: what a program writes to stderr, as a person would see it arrive.
#pragma once

#include <pty.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>

namespace plumbline {

// Leads stderr into a pipe or into a terminal of its own until Text().
class StderrCapture {
 public:
  enum Kind { kPipe, kTerminal };

  explicit StderrCapture(Kind kind) {
    int writer = -1;
    int ends[2];
    if (kind == kPipe && pipe(ends) == 0) {
      reader_ = ends[0];
      writer = ends[1];
    } else if (kind == kTerminal) {
      struct winsize size = {};
      size.ws_row = 24;
      size.ws_col = 70;
      if (openpty(&reader_, &writer, nullptr, nullptr, &size) != 0) writer = -1;
    }
    if (writer < 0) throw std::runtime_error("cannot capture stderr");
    saved_ = dup(STDERR_FILENO);
    dup2(writer, STDERR_FILENO);
    close(writer);
    collector_ = std::thread([this] {
      char block[4096];
      ssize_t size;
      // The end of a terminal is an error, that of a pipe is 0.
      while ((size = read(reader_, block, sizeof(block))) > 0) {
        const std::lock_guard lock(mutex_);
        text_.append(block, size);
        arrived_.notify_all();
      }
    });
  }
  ~StderrCapture() { Text(); }
  StderrCapture(const StderrCapture&) = delete;
  StderrCapture& operator=(const StderrCapture&) = delete;

  // Until `words` have been written, or for ten seconds: a test that goes on
  // without them fails.
  void WaitFor(std::string_view words) {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, std::chrono::seconds(10),
                      [&] { return text_.find(words) != std::string::npos; });
  }

  // Gives stderr back, and all that was written to it.
  const std::string& Text() {
    if (saved_ < 0) return text_;
    dup2(saved_, STDERR_FILENO);
    close(saved_);
    saved_ = -1;
    collector_.join();
    close(reader_);
    return text_;
  }

 private:
  int reader_ = -1;
  int saved_ = -1;
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::string text_;
  std::thread collector_;
};

}  // namespace plumbline
