// Bytes per second of reading tables, by what is read and on how many threads.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "plumbline/table/csv.h"
#include "plumbline/table/groups.h"

namespace plumbline {
namespace {

constexpr int kRows = 1'000'000;

// A table of scores and labels: four numbers of 1 to 8 characters a row.
const std::string& Numbers() {
  static const std::string text = [] {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> uniform;
    std::string rows = "y,p1,p2,age\n";
    for (int i = 0; i < kRows; ++i) {
      rows += fmt::format("{},{:.6f},{:.6f},{}\n", random() % 2,
                          uniform(random), uniform(random), random() % 90);
    }
    return rows;
  }();
  return text;
}

// Numbers with all the digits of a double.
const std::string& LongNumbers() {
  static const std::string text = [] {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> uniform;
    std::string rows = "p1,p2\n";
    for (int i = 0; i < kRows; ++i) {
      rows += fmt::format("{},{}\n", uniform(random), uniform(random));
    }
    return rows;
  }();
  return text;
}

// A table of predictions as audits read it: subject, site, sex, age, score and
// label, some of it quoted if `quotes`.
std::string Predictions(bool quotes) {
  const char* const quote = quotes ? "\"" : "";
  std::mt19937 random(2);
  std::uniform_real_distribution<double> uniform;
  std::string rows = "subject,site,sex,age,score,label\n";
  for (int i = 0; i < kRows; ++i) {
    const int subject = static_cast<int>(random() % 200000);
    const char* const sex = random() % 2 == 0 ? "F" : "M";
    rows += fmt::format("P{:07},{}Site {}{},{}{}{},{},{:.6f},{}\n", subject,
                        quote, random() % 12, quote, quote, sex, quote,
                        random() % 90, uniform(random), random() % 2);
  }
  return rows;
}

const std::vector<ColumnRequest> kPredictionColumns = {
    {"subject", ColumnKind::kCategorical}, {"site", ColumnKind::kCategorical},
    {"sex", ColumnKind::kCategorical},     {"age", ColumnKind::kNumeric},
    {"score", ColumnKind::kNumeric},       {"label", ColumnKind::kNumeric}};

void Read(benchmark::State& state, const std::string& text,
          const std::vector<ColumnRequest>& columns, CsvOptions options = {}) {
  options.threads = static_cast<int>(state.range(0));
  for (auto _ : state) {
    const Table table = ReadCsvText(text, "bench.csv", columns, options);
    benchmark::DoNotOptimize(table.rows());
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) *
                          static_cast<int64_t>(text.size()));
  state.counters["rows/s"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * kRows,
                         benchmark::Counter::kIsRate);
}

void CsvNumbers(benchmark::State& state) {
  Read(state, Numbers(),
       {{"y", ColumnKind::kNumeric},
        {"p1", ColumnKind::kNumeric},
        {"p2", ColumnKind::kNumeric},
        {"age", ColumnKind::kNumeric}});
}

void CsvLongNumbers(benchmark::State& state) {
  Read(state, LongNumbers(),
       {{"p1", ColumnKind::kNumeric}, {"p2", ColumnKind::kNumeric}});
}

void CsvStructureOnly(benchmark::State& state) { Read(state, Numbers(), {}); }

void CsvPredictions(benchmark::State& state) {
  static const std::string text = Predictions(false);
  Read(state, text, kPredictionColumns);
}

void CsvQuotedPredictions(benchmark::State& state) {
  static const std::string text = Predictions(true);
  Read(state, text, kPredictionColumns);
}

void CsvPredictionsWithDuplicates(benchmark::State& state) {
  static const std::string text = Predictions(false);
  CsvOptions options;
  options.count_duplicate_rows = true;
  Read(state, text, kPredictionColumns, options);
}

// Groups of four attributes and their pairs.
void Groups(benchmark::State& state) {
  std::mt19937 random(3);
  std::vector<CategoricalColumn> attributes;
  for (const uint32_t levels : {2u, 5u, 12u, 4u}) {
    CategoricalColumn column;
    column.name = fmt::format("a{}", attributes.size());
    std::vector<uint32_t> codes(kRows);
    for (uint32_t& code : codes) code = random() % levels;
    for (uint32_t i = 0; i < levels; ++i) {
      column.levels.push_back(fmt::format("level {}", i));
    }
    column.codes = CodeVector::Pack(codes, levels);
    attributes.push_back(std::move(column));
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(BuildGroups(attributes, {}, 2).cells);
  }
}

BENCHMARK(CsvNumbers)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(CsvLongNumbers)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(CsvStructureOnly)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(CsvPredictions)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(CsvQuotedPredictions)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(CsvPredictionsWithDuplicates)->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(Groups)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace plumbline
