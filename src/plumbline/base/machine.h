// What this machine offers to this process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

struct Processor {
  std::string name;  // "Intel(R) Xeon(R) ..."; "": not said
  int count = 0;     // as the system lists them
  // Of those that networks gain from: "AVX2", "AVX-512", "bf16", "AMX".
  std::vector<std::string> instructions;
};

// From the text of /proc/cpuinfo.
Processor ParseProcessor(std::string_view cpuinfo);

struct Memory {
  int64_t bytes = 0;            // of the machine
  int64_t available_bytes = 0;  // without swapping
};

// From the text of /proc/meminfo.
Memory ParseMemory(std::string_view meminfo);

// The memory that a control group leaves, below `root` (/sys/fs/cgroup), for
// the text of /proc/self/cgroup: the smallest limit of version 2 among the
// group and its parents, or that of version 1; 0 when there is none.
int64_t MemoryLimit(std::string_view membership, const std::string& root);

struct Machine {
  Processor processor;
  Memory memory;
  int64_t memory_limit = 0;  // of the container or the batch system; 0: none
  int threads = 0;           // DefaultThreads()
};

Machine DescribeMachine();

struct Disk {
  std::string folder;
  int64_t free_bytes = 0;
  double write_bytes_per_second = 0;  // as far as the disk, not its cache
};

// Of the folder, or of the nearest one above it that is there. Writes 8 MB into
// it and removes them. Throws Error(kUsage) if it cannot be written to,
// Error(kOutOfResources) for a full disk.
Disk MeasureDisk(const std::string& folder);

}  // namespace plumbline
