// The inner loops of the statistics: rows or draws a second.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <numeric>
#include <vector>

#include "plumbline/base/random.h"
#include "plumbline/stats/bootstrap.h"
#include "plumbline/stats/roc.h"

namespace {

constexpr int64_t kRows = 1 << 17;

// Scores with six decimals, so that they tie; one label in eleven is positive.
struct Rows {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  std::vector<uint32_t> subjects;  // three rows each

  Rows() {
    uint64_t state = 1;
    for (int64_t row = 0; row < kRows; ++row) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      scores.push_back(static_cast<double>((state >> 33) % 1000000) / 1e6);
      labels.push_back((state >> 20) % 11 == 0);
      subjects.push_back(static_cast<uint32_t>(row / 3));
    }
  }
};

const Rows& TheRows() {
  static const Rows rows;
  return rows;
}

void CountRows(benchmark::State& state, int64_t rows) {
  state.SetItemsProcessed(state.iterations() * rows);
}

void DelongAuroc(benchmark::State& state) {
  const Rows& rows = TheRows();
  for (auto _ : state) {
    benchmark::DoNotOptimize(plumbline::DelongAuroc(rows.scores, rows.labels));
  }
  CountRows(state, kRows);
}
BENCHMARK(DelongAuroc)->Unit(benchmark::kMillisecond);

void ClusteredAuroc(benchmark::State& state) {
  const Rows& rows = TheRows();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        plumbline::ClusteredAuroc(rows.scores, rows.labels, rows.subjects));
  }
  CountRows(state, kRows);
}
BENCHMARK(ClusteredAuroc)->Unit(benchmark::kMillisecond);

void AveragePrecision(benchmark::State& state) {
  const Rows& rows = TheRows();
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        plumbline::AveragePrecision(rows.scores, rows.labels));
  }
  CountRows(state, kRows);
}
BENCHMARK(AveragePrecision)->Unit(benchmark::kMillisecond);

// One draw is the weight of one subject in one replicate.
void PoissonWeights(benchmark::State& state) {
  std::vector<uint32_t> subjects(4096);
  std::iota(subjects.begin(), subjects.end(), 0u);
  std::vector<uint8_t> weights(subjects.size() * plumbline::kBootstrapLanes);
  uint32_t block = 0;
  for (auto _ : state) {
    plumbline::PoissonWeightsBatch(plumbline::PhiloxKey{}, block++, subjects,
                                   weights.data());
    benchmark::ClobberMemory();
  }
  CountRows(state, static_cast<int64_t>(weights.size()));
}
BENCHMARK(PoissonWeights)->Unit(benchmark::kMicrosecond);

}  // namespace
