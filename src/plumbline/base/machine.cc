#include "plumbline/base/machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/file_internal.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

namespace fs = std::filesystem;

struct InstructionSet {
  const char* flag;  // in /proc/cpuinfo
  const char* name;
};
constexpr InstructionSet kInstructionSets[] = {{"avx2", "AVX2"},
                                               {"avx512f", "AVX-512"},
                                               {"avx512_bf16", "bf16"},
                                               {"amx_tile", "AMX"}};

constexpr size_t kWrittenBytes = 8'000'000;

// "model name\t: Xeon" gives "Xeon"; "" for another line.
std::string_view ValueOf(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return "";
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return "";
  if (!Trim(line.substr(key.size(), colon - key.size())).empty()) return "";
  return Trim(line.substr(colon + 1));
}

// A file of the system, or "".
std::string TextOf(const std::string& path) {
  try {
    return ReadFile(path);
  } catch (const Error&) {
    return "";
  }
}

// The number in such a file; 0 for "max" and what is not there.
int64_t LimitIn(const std::string& path) {
  const std::string text = TextOf(path);
  const std::string_view word = Trim(text);
  int64_t bytes = 0;
  const auto [end, error] =
      std::from_chars(word.data(), word.data() + word.size(), bytes);
  // Version 1 says "none" by a number near the largest.
  constexpr int64_t kNone = int64_t{1} << 60;
  return error == std::errc() && bytes < kNone ? bytes : 0;
}

}  // namespace

Processor ParseProcessor(std::string_view cpuinfo) {
  Processor processor;
  for (const std::string& line : Split(cpuinfo, '\n')) {
    if (!ValueOf(line, "processor").empty()) ++processor.count;
    if (processor.name.empty()) processor.name = ValueOf(line, "model name");
    const std::string_view flags = ValueOf(line, "flags");
    if (flags.empty() || !processor.instructions.empty()) continue;
    const std::vector<std::string> words = Split(flags, ' ');
    for (const InstructionSet& set : kInstructionSets) {
      if (std::find(words.begin(), words.end(), set.flag) != words.end()) {
        processor.instructions.emplace_back(set.name);
      }
    }
  }
  return processor;
}

Memory ParseMemory(std::string_view meminfo) {
  Memory memory;
  for (const std::string& line : Split(meminfo, '\n')) {
    for (const auto& [key, place] :
         {std::pair{"MemTotal", &memory.bytes},
          {"MemAvailable", &memory.available_bytes}}) {
      const std::string_view value = ValueOf(line, key);
      int64_t kilobytes = 0;
      std::from_chars(value.data(), value.data() + value.size(), kilobytes);
      if (!value.empty()) *place = kilobytes * 1024;
    }
  }
  return memory;
}

int64_t MemoryLimit(std::string_view membership, const std::string& root) {
  int64_t smallest = 0;
  const auto consider = [&](int64_t limit) {
    if (limit > 0 && (smallest == 0 || limit < smallest)) smallest = limit;
  };
  consider(LimitIn(root + "/memory.max"));
  consider(LimitIn(root + "/memory/memory.limit_in_bytes"));
  for (const std::string& line : Split(membership, '\n')) {
    if (!line.starts_with("0::/")) continue;
    for (fs::path group = line.substr(4); !group.empty();
         group = group.parent_path()) {
      consider(LimitIn((fs::path(root) / group / "memory.max").string()));
    }
  }
  return smallest;
}

Machine DescribeMachine() {
  Machine machine;
  machine.processor = ParseProcessor(TextOf("/proc/cpuinfo"));
  machine.memory = ParseMemory(TextOf("/proc/meminfo"));
  machine.memory_limit =
      MemoryLimit(TextOf("/proc/self/cgroup"), "/sys/fs/cgroup");
  machine.threads = DefaultThreads();
  return machine;
}

Disk MeasureDisk(const std::string& folder) {
  fs::path there = fs::absolute(folder);
  std::error_code error;
  while (!fs::is_directory(there, error) && there.has_relative_path()) {
    there = there.parent_path();
  }
  Disk disk{.folder = folder};
  const fs::space_info space = fs::space(there, error);
  if (!error) disk.free_bytes = static_cast<int64_t>(space.available);

  std::string path = (there / ".plumbline-speed-XXXXXX").string();
  const FileDescriptor file(mkstemp(path.data()));
  if (file.number() < 0) ThrowUnwritable(there.string(), errno);
  unlink(path.c_str());  // gone however this ends
  const std::string bytes(kWrittenBytes, 'x');
  const auto begin = std::chrono::steady_clock::now();
  WriteAll(file.number(), bytes, there.string());
  if (fdatasync(file.number()) != 0) ThrowUnwritable(there.string(), errno);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
          .count();
  disk.write_bytes_per_second =
      static_cast<double>(kWrittenBytes) / std::max(seconds, 1e-9);
  return disk;
}

}  // namespace plumbline
