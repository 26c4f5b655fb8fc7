#include "plumbline/table/duckdb_library.h"

#include <fmt/format.h>

#include <memory>
#include <mutex>

#include "plumbline/base/error.h"
#include "plumbline/base/optional_library.h"

namespace plumbline::duckdb {
namespace {

#if defined(__aarch64__)
constexpr const char* kPackage = "@duckdb/node-bindings-linux-arm64";
#else
constexpr const char* kPackage = "@duckdb/node-bindings-linux-x64";
#endif

OptionalLibrary DuckDb() {
  return {.file = "libduckdb.so",
          .variable = "PLUMBLINE_DUCKDB",
          .need = "Parquet needs DuckDB's library",
          .advice = fmt::format(
              "run `scripts/setup.sh parquet` in Plumbline's sources, or "
              "install DuckDB's library yourself (npm package {}) and give its "
              "path as PLUMBLINE_DUCKDB; or save the table as CSV",
              kPackage)};
}

// Looks up one function; its type is the member's.
template <typename Function>
void Find(const OpenedLibrary& opened, const char* name, Function* function) {
  *function = reinterpret_cast<Function>(
      FindInLibrary(opened, name, "a DuckDB library", DuckDb()));
}

#define PLUMBLINE_FIND(member) \
  Find(opened, "duckdb_" #member, &functions.member)

Library FindFunctions(const OpenedLibrary& opened) {
  Library functions;
  functions.path = opened.path;
  PLUMBLINE_FIND(library_version);
  const std::string version = functions.library_version();
  if (!version.starts_with("v1.") || version.starts_with("v1.0.")) {
    throw Error(ErrorCode::kUnavailable,
                "{} is DuckDB {}; Plumbline needs version 1.1 or a later one "
                "below 2; {}",
                opened.path, version, DuckDb().advice);
  }
  PLUMBLINE_FIND(create_config);
  PLUMBLINE_FIND(set_config);
  PLUMBLINE_FIND(destroy_config);
  PLUMBLINE_FIND(open_ext);
  PLUMBLINE_FIND(close);
  PLUMBLINE_FIND(connect);
  PLUMBLINE_FIND(disconnect);
  PLUMBLINE_FIND(free);
  PLUMBLINE_FIND(query);
  PLUMBLINE_FIND(prepare);
  PLUMBLINE_FIND(prepare_error);
  PLUMBLINE_FIND(destroy_prepare);
  PLUMBLINE_FIND(pending_prepared_streaming);
  PLUMBLINE_FIND(pending_error);
  PLUMBLINE_FIND(execute_pending);
  PLUMBLINE_FIND(destroy_pending);
  PLUMBLINE_FIND(destroy_result);
  PLUMBLINE_FIND(result_error);
  PLUMBLINE_FIND(column_count);
  PLUMBLINE_FIND(column_name);
  PLUMBLINE_FIND(column_type);
  PLUMBLINE_FIND(fetch_chunk);
  PLUMBLINE_FIND(create_logical_type);
  PLUMBLINE_FIND(destroy_logical_type);
  PLUMBLINE_FIND(create_data_chunk);
  PLUMBLINE_FIND(destroy_data_chunk);
  PLUMBLINE_FIND(data_chunk_reset);
  PLUMBLINE_FIND(data_chunk_get_vector);
  PLUMBLINE_FIND(data_chunk_get_size);
  PLUMBLINE_FIND(data_chunk_set_size);
  PLUMBLINE_FIND(vector_get_data);
  PLUMBLINE_FIND(vector_get_validity);
  PLUMBLINE_FIND(vector_ensure_validity_writable);
  PLUMBLINE_FIND(vector_assign_string_element_len);
  PLUMBLINE_FIND(vector_size);
  PLUMBLINE_FIND(appender_create);
  PLUMBLINE_FIND(appender_error);
  PLUMBLINE_FIND(append_data_chunk);
  PLUMBLINE_FIND(appender_close);
  PLUMBLINE_FIND(appender_destroy);
  return functions;
}

#undef PLUMBLINE_FIND

Library FindLibrary() {
  OpenedLibrary opened = OpenOptionalLibrary(DuckDb());
  Library found = FindFunctions(opened);
  static_cast<void>(opened.handle.release());  // a loaded library stays
  return found;
}

}  // namespace

const Library& Load() {
  static std::mutex mutex;
  static std::unique_ptr<const Library> loaded;
  const std::lock_guard lock(mutex);
  if (!loaded) loaded = std::make_unique<const Library>(FindLibrary());
  return *loaded;
}

}  // namespace plumbline::duckdb
