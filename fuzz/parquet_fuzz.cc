// Any bytes are either a table, whose columns can all be read, or an
// Error(kInvalidInput): our way into DuckDB's library, which is not
// instrumented itself. The first byte chooses words or numbers. Without the
// library there is nothing to try.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/table/duckdb_library.h"
#include "plumbline/table/parquet_reader.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

bool IsThere() {
  try {
    plumbline::duckdb::Load();
    return true;
  } catch (const plumbline::Error& error) {
    std::fprintf(stderr, "not present: %s\n", error.what());
    return false;
  }
}

// Each column by itself, so that one that cannot be read hides no other.
void Read(const std::string& path, plumbline::ColumnKind kind) {
  plumbline::CsvOptions options;
  options.threads = 1;
  options.count_duplicate_rows = true;
  const auto header = plumbline::ParquetReader({path}, options).header();
  for (const std::string& name : header) {
    plumbline::ParquetReader reader({path}, options);
    const plumbline::Table table = reader.Read({{name, kind}});
    Require(table.rows() > 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const bool kIsThere = IsThere();
  if (!kIsThere || size == 0) return 0;
  const int file = memfd_create("parquet", MFD_CLOEXEC);
  Require(file >= 0);
  Require(write(file, data + 1, size - 1) == static_cast<ssize_t>(size - 1));
  try {
    Read(fmt::format("/proc/self/fd/{}", file),
         (data[0] & 1) != 0 ? plumbline::ColumnKind::kCategorical
                            : plumbline::ColumnKind::kNumeric);
  } catch (const plumbline::Error& error) {
    Require(error.code() == plumbline::ErrorCode::kInvalidInput);
    Require(error.what()[0] != '\0');
  }
  close(file);
  return 0;
}
