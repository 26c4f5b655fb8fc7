// The search for slices on the table of make_predictions, 10^6 rows: what it
// takes beyond reading. usage: slices_on_table TABLE [DEPTH]
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>

#include "plumbline/audit/slices/slice_search.h"
#include "plumbline/table/csv.h"

namespace {

long PeakMegabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) +
           1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace plumbline;  // NOLINT
  if (argc < 2) return 2;
  const int depth = argc > 2 ? std::atoi(argv[2]) : 3;
  std::vector<ColumnRequest> requests = {{"y_true", ColumnKind::kCategorical},
                                         {"score", ColumnKind::kNumeric}};
  const char* const names[] = {"sex", "age_band", "race", "device", "site"};
  for (const char* name : names) {
    requests.push_back({name, ColumnKind::kCategorical});
  }
  Table table = CsvReader({argv[1]}, {}).Read(requests);
  std::vector<CategoricalColumn> columns;
  for (const char* name : names) columns.push_back(table.TakeCategorical(name));
  const CategoricalColumn& label = table.Categorical("y_true");
  const NumericColumn& score = table.Numeric("score");
  const long before = PeakMegabytes();
  const double cpu = CpuSeconds();
  const auto start = std::chrono::steady_clock::now();

  const SliceCells cells = BuildSliceCells(columns);
  const SliceIndex index = EnumerateSlices(cells, columns, depth);
  for (const bool misses : {true, false}) {
    std::vector<uint32_t> rows;
    std::vector<uint8_t> errors;
    for (int64_t row = 0; row < table.rows(); ++row) {
      if ((label.levels[label.codes[row]] == "1") != misses) continue;
      rows.push_back(static_cast<uint32_t>(row));
      errors.push_back((score.values[row] >= 0.2) != misses ? 1 : 0);
    }
    const SliceSearchResult result =
        SearchSlices(cells, index, columns, {rows, errors, {}, 0}, {depth});
    fmt::print("{}: {} tested, {} stand out, listed:\n",
               misses ? "misses" : "false alarms", result.tested,
               result.discoveries);
    for (const FoundSlice& found : result.found) {
      fmt::print("  {}\n", SliceName(found.conditions, columns));
    }
  }
  fmt::print(
      "wall {:.3f} s, CPU {:.3f} s, peak {} MB ({} MB after reading)\n",
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count(),
      CpuSeconds() - cpu, PeakMegabytes(), before);
  return 0;
}
