#include "plumbline/base/machine.h"

#include <gtest/gtest.h>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

TEST(Machine, ReadsProcessorsAndTheirInstructions) {
  const Processor processor = ParseProcessor(
      "processor\t: 0\nmodel name\t: A Processor\n"
      "flags\t\t: fpu avx avx2 avx512f amx_tile\n"
      "vmx flags\t: avx512_bf16\n\nprocessor\t: 1\nmodel name\t: Another\n");
  EXPECT_EQ(processor.name, "A Processor");
  EXPECT_EQ(processor.count, 2);
  EXPECT_EQ(processor.instructions,
            (std::vector<std::string>{"AVX2", "AVX-512", "AMX"}));
  EXPECT_EQ(ParseProcessor("").count, 0);
}

TEST(Machine, ReadsMemory) {
  const Memory memory = ParseMemory(
      "MemTotal:        1000 kB\nMemFree: 5 kB\nMemAvailable:    400 kB\n");
  EXPECT_EQ(memory.bytes, 1'024'000);
  EXPECT_EQ(memory.available_bytes, 409'600);
}

TEST(Machine, TakesTheSmallestLimitOfMemory) {
  const TemporaryFolder root;
  EXPECT_EQ(MemoryLimit("0::/a/b\n", root.path()), 0);
  MakeFolder(root / "a/b");
  WriteFile(root / "memory.max", "max\n");
  WriteFile(root / "a/memory.max", "3000\n");
  WriteFile(root / "a/b/memory.max", "5000\n");
  EXPECT_EQ(MemoryLimit("0::/a/b\n", root.path()), 3000);
  EXPECT_EQ(MemoryLimit("0::/\n", root.path()), 0);
  MakeFolder(root / "memory");
  WriteFile(root / "memory/memory.limit_in_bytes", "2000\n");
  EXPECT_EQ(MemoryLimit("", root.path()), 2000);
  WriteFile(root / "memory/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(MemoryLimit("", root.path()), 0);
}

TEST(Machine, DescribesThisOne) {
  const Machine machine = DescribeMachine();
  EXPECT_GE(machine.processor.count, machine.threads);
  EXPECT_GE(machine.threads, 1);
  EXPECT_GT(machine.memory.bytes, machine.memory.available_bytes);
}

TEST(Disk, IsMeasuredWithoutLeavingAnything) {
  const TemporaryFolder folder;
  const Disk disk = MeasureDisk(folder / "not/yet/there");
  EXPECT_EQ(disk.folder, folder / "not/yet/there");
  EXPECT_GT(disk.free_bytes, 0);
  EXPECT_GT(disk.write_bytes_per_second, 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  const std::string text = ErrorText([] { MeasureDisk("/proc/none"); });
  EXPECT_TRUE(text.starts_with("2: /proc: cannot write")) << text;
}

}  // namespace
}  // namespace plumbline
