// A vendor's library in a confined process of its own, and workers forked from
// it. Plumbline itself never loads it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plumbline/face/library/library_file.h"
#include "plumbline/face/library/protocol.h"

namespace plumbline::face {

struct HostOptions {
  std::string library;  // file
  std::string config;   // folder, read-only to the library
  LibraryFile file;     // ReadLibraryFile
  int workers = 1;
  double call_limit_seconds = 30;           // of one call of a method
  double start_limit_seconds = 300;         // of loading and initialize()
  int64_t memory_bytes = int64_t{8} << 30;  // address space of each process
  int64_t area_bytes = int64_t{64} << 20;   // shared with each worker
};

// How a call ended that gave no answer.
enum class CallEnd { kAnswered, kCrashed, kTimedOut };

class LibraryHost {
 public:
  // Starts, loads, initialises. Throws Error(kUnavailable) if the host program
  // is not installed, Error(kInvalidInput) if the library cannot be loaded, is
  // not what it says, crashes, hangs, or answers initialize() with an error.
  explicit LibraryHost(const HostOptions& options);
  ~LibraryHost();  // ends all processes
  LibraryHost(const LibraryHost&) = delete;
  LibraryHost& operator=(const LibraryHost&) = delete;

  const HostReport& report() const { return report_; }
  // What the library wrote to its standard output and error, at most 16 KiB.
  std::string Output() const;

  // The worker's area.
  char* area(int worker);
  int64_t area_bytes() const { return options_.area_bytes; }

  // Lets the worker do what its area says. After a crash or a time-out the
  // worker has been started again, with the same area; `what` says what
  // happened ("ended by signal 11"). One thread for each worker.
  CallEnd MakeTemplate(int worker, std::string* what);
  // From match `first` on; *done: how many are finished, from the first of all.
  CallEnd Match(int worker, int32_t first, int32_t count, int32_t* done,
                std::string* what);

 private:
  struct Process;

  void WaitUntilReady();
  void ShareMemory();
  void Spawn(int worker);
  std::string End(int worker);
  CallEnd Run(int worker, const WorkRequest& request, std::string* what);

  HostOptions options_;
  HostReport report_{};
  std::unique_ptr<Process> process_;
};

}  // namespace plumbline::face
