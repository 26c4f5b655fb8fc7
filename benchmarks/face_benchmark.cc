// Face audits: thresholds and counts of 1e7 scores, a bootstrap over people,
// all pairs of embeddings. scripts/benchmark_face.sh puts Python beside them.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "plumbline/base/random.h"
#include "plumbline/face/embeddings/embedding_evidence.h"
#include "plumbline/face/embeddings/tile_kernel.h"
#include "plumbline/face/engine/pair_table.h"
#include "plumbline/face/engine/thresholds.h"
#include "plumbline/face/statistics/vertex_bootstrap.h"
#include "plumbline/face/synth/synthetic_faces.h"

namespace plumbline::face {
namespace {

const std::vector<double>& TenMillionScores() {
  static const std::vector<double> scores = [] {
    std::vector<double> made(10'000'000);
    RandomStream random(1, "face_benchmark");
    for (double& score : made) score = random.NextNormal();
    return made;
  }();
  return scores;
}

void BM_Threshold1e7(benchmark::State& state) {
  const std::vector<double> targets = {0.001};
  for (auto _ : state) {
    benchmark::DoNotOptimize(ThresholdsAtFmr(TenMillionScores(), targets, 1));
  }
}
BENCHMARK(BM_Threshold1e7)->Unit(benchmark::kMillisecond);

void BM_Count1e7(benchmark::State& state) {
  for (auto _ : state) {
    benchmark::DoNotOptimize(CountAtOrAbove(TenMillionScores(), 3.0, 1));
  }
  state.SetBytesProcessed(state.iterations() * 80'000'000);
}
BENCHMARK(BM_Count1e7)->Unit(benchmark::kMillisecond);

// What the memory gives: the sum of the same numbers.
void BM_Stream1e7(benchmark::State& state) {
  for (auto _ : state) {
    double sums[16] = {};
    const std::vector<double>& scores = TenMillionScores();
    for (size_t i = 0; i + 16 <= scores.size(); i += 16) {
      for (size_t lane = 0; lane < 16; ++lane) sums[lane] += scores[i + lane];
    }
    benchmark::DoNotOptimize(sums);
  }
  state.SetBytesProcessed(state.iterations() * 80'000'000);
}
BENCHMARK(BM_Stream1e7)->Unit(benchmark::kMillisecond);

// 2,000 replicates over 3e4 hits of 1e7 comparisons of 8,000 people.
void BM_Bootstrap2000(benchmark::State& state) {
  SynthOptions options;
  for (SynthGroup& group : options.groups) group.subjects = 4000;
  options.impostor_comparisons = 10'000'000;
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  const PairTable pairs(faces.impostor);
  const ImpostorCounts counts = CountImpostors(pairs, faces.groups);
  const std::vector<double> targets = {0.003};
  const double cut = ThresholdsAtFmr(faces.impostor.score, targets, 0)[0].value;
  const std::vector<Hit> hits = HitsAtOrAbove(faces.impostor, pairs, cut, 0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(BootstrapSubjects(
        counts, faces.groups, hits, faces.genuine, {.target = 0.001}));
  }
}
BENCHMARK(BM_Bootstrap2000)->Unit(benchmark::kMillisecond)->UseRealTime();

// Inner products of 3,840 rows with 3,840, one thread.
void BM_Products(benchmark::State& state) {
  const int64_t dimensions = state.range(0);
  constexpr int64_t kRows = 3840;  // 64 tiles, 120 panels
  std::vector<float> values(kRows * dimensions);
  RandomStream random(2, "face_benchmark");
  for (float& value : values) {
    value = static_cast<float>(random.NextNormal() / std::sqrt(dimensions));
  }
  const std::vector<float> packed =
      PackPanels(values.data(), kRows, dimensions);
  std::vector<TileHit> hits;
  std::vector<float> tile;
  for (auto _ : state) {
    for (int64_t panel = 0; panel < kRows / kPanelRows; panel += 30) {
      for (int64_t row = 0; row < kRows; row += kTileRows) {
        PackTile(&values[row * dimensions], kTileRows, dimensions, &tile);
        for (int64_t p = panel; p < panel + 30; ++p) {
          hits.clear();
          MultiplyPanel(tile.data(), kTileRows,
                        &packed[p * kPanelRows * dimensions], dimensions, 0.9f,
                        &hits);
        }
      }
    }
  }
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * kRows * kRows * static_cast<double>(dimensions),
                         benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Products)->Arg(128)->Arg(512)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbline::face
