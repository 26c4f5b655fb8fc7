// Pictures of a cohort: a packed file read beside the file alone, the search
// for near-duplicates, the drawing of phantoms.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "plumbline/base/file.h"
#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"
#include "plumbline/cohort/packed/pack.h"
#include "plumbline/cohort/phantom/draw_phantom.h"
#include "plumbline/image/decode.h"
#include "plumbline/image/near_duplicates.h"

namespace plumbline {
namespace {

constexpr size_t kBlock = 1 << 20;

// 1,000 grey pictures of 256 x 256, 66 MB.
const std::string& PackedFile() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    Image image = MakeImage(64, 64, 1, 1);
    PackInput input;
    input.folder = folder.path();
    input.table_csv = "path\n";
    RandomStream random(1, "cohort_benchmark");
    for (int i = 0; i < 1000; ++i) {
      for (uint8_t& value : image.data) {
        value = static_cast<uint8_t>(random.NextUint32());
      }
      input.paths.push_back(std::to_string(i) + ".png");
      input.table_csv += input.paths.back() + "\n";
      WriteFile(folder / input.paths.back(), EncodePng(image, 0));
    }
    const std::string made = folder / "a.plumb";
    PackImages(input, {}, made);
    return made;
  }();
  return path;
}

uint64_t SumOf(std::span<const uint8_t> bytes) {
  uint64_t sum = 0;
  for (const uint8_t byte : bytes) sum += byte;
  return sum;
}

void CountBytes(benchmark::State& state) {
  state.SetBytesProcessed(
      state.iterations() *
      static_cast<int64_t>(std::filesystem::file_size(PackedFile())));
}

// What dd does: read() into one block after another. `look`: adds the bytes up.
void ReadBlocks(benchmark::State& state, bool look) {
  std::vector<uint8_t> block(kBlock);
  PackedFile();
  for (auto _ : state) {
    const int file = open(PackedFile().c_str(), O_RDONLY);
    uint64_t sum = 0;
    ssize_t got = 0;
    while ((got = read(file, block.data(), block.size())) > 0) {
      if (look) sum += SumOf({block.data(), static_cast<size_t>(got)});
    }
    close(file);
    benchmark::DoNotOptimize(sum);
    benchmark::ClobberMemory();
  }
  CountBytes(state);
}

void ReadPixels(const PackedCohort& cohort, bool look) {
  std::vector<uint8_t> copy(256 * 256);
  uint64_t sum = 0;
  for (int64_t i = 0; i < cohort.images(); ++i) {
    const auto pixels = cohort.Pixels(i);
    if (look) {
      sum += SumOf(pixels);
    } else {
      std::memcpy(copy.data(), pixels.data(), pixels.size());
      benchmark::ClobberMemory();
    }
  }
  benchmark::DoNotOptimize(sum);
}

// Opened anew each time, so that every page is mapped anew.
void PackedPixels(benchmark::State& state, bool look) {
  PackedFile();
  for (auto _ : state) ReadPixels(PackedCohort(PackedFile()), look);
  CountBytes(state);
}

// As a training loop does after its first epoch.
void PackedPixelsAgain(benchmark::State& state, bool look) {
  const PackedCohort cohort(PackedFile());
  for (auto _ : state) ReadPixels(cohort, look);
  CountBytes(state);
}

// The table, the words and the index of the file, without its pixels.
void OpenPacked(benchmark::State& state) {
  PackedFile();
  for (auto _ : state) {
    benchmark::DoNotOptimize(PackedCohort(PackedFile()).images());
  }
}

BENCHMARK_CAPTURE(ReadBlocks, only_read, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(PackedPixels, only_copied, false)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ReadBlocks, added_up, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(PackedPixels, added_up, true)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(PackedPixelsAgain, only_copied, false)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(PackedPixelsAgain, added_up, true)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(OpenPacked)->Unit(benchmark::kMillisecond);

// Random hashes; every hundredth picture has a changed version a few bits away.
void FindNearHashes100k(benchmark::State& state) {
  RandomStream random(1, "cohort_benchmark");
  std::vector<PictureHashes> hashes(100'000);
  for (PictureHashes& one : hashes) {
    one = {random.NextUint64(), random.NextUint64(), true};
  }
  for (size_t i = 0; i < hashes.size(); i += 100) {
    const int variant = static_cast<int>(random.NextBelow(kPictureVariants));
    uint64_t bits = ChangeHash(hashes[i].whole, variant);
    for (int flips = 0; flips < 4; ++flips) {
      bits ^= uint64_t{1} << random.NextBelow(64);
    }
    hashes[i + 1].whole = bits;
  }
  NearDuplicateOptions options;
  options.threads = static_cast<int>(state.range(0));
  size_t pairs = 0;
  for (auto _ : state) pairs = FindNearHashes(hashes, options).size();
  state.counters["pairs"] = static_cast<double>(pairs);
}
BENCHMARK(FindNearHashes100k)
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// Items are pictures.
void Draw(benchmark::State& state, PhantomKind kind) {
  PhantomOptions options;
  options.kind = kind;
  options.side = static_cast<int>(state.range(0));
  options.subjects = 200;
  const PhantomPlan plan = MakePhantomPlan(options);
  int64_t row = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(DrawPhantom(plan, row));
    row = (row + 1) % static_cast<int64_t>(plan.rows.size());
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(Draw, chest, PhantomKind::kChest)
    ->Arg(64)
    ->Arg(128)
    ->Arg(512)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(Draw, skin, PhantomKind::kSkin)
    ->Arg(64)
    ->Arg(128)
    ->Arg(512)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace plumbline
