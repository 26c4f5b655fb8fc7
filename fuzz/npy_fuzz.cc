// Any bytes are either an array, whose elements can all be read, or an
// Error(kInvalidInput). The first byte chooses words or numbers.
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/table/npy_reader.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

void Read(const std::string& path, plumbline::ColumnKind kind) {
  plumbline::NpyReader reader({{"x", path}}, {});
  std::vector<plumbline::ColumnRequest> requests;
  for (const std::string& name : reader.header()) {
    requests.push_back({name, kind});
  }
  const plumbline::Table table = reader.Read(requests);
  Require(table.rows() > 0);
  for (const std::string& name : reader.header()) {
    if (kind == plumbline::ColumnKind::kCategorical) {
      const auto& column = table.Categorical(name);
      Require(static_cast<int64_t>(column.codes.size()) == table.rows());
      for (const std::string& level : column.levels) Require(!level.empty());
    } else {
      Require(static_cast<int64_t>(table.Numeric(name).values.size()) ==
              table.rows());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const int file = memfd_create("npy", MFD_CLOEXEC);
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
