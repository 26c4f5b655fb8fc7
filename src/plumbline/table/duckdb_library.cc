#include "plumbline/table/duckdb_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string_view>
#include <system_error>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/on_demand.h"
#include "plumbline/base/text.h"

namespace plumbline::duckdb {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "libduckdb.so";

#if defined(__aarch64__)
constexpr const char* kPackage = "@duckdb/node-bindings-linux-arm64";
#else
constexpr const char* kPackage = "@duckdb/node-bindings-linux-x64";
#endif

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string UserDataFolder() {
  const std::string chosen = Variable("XDG_DATA_HOME");
  if (!chosen.empty()) return chosen;
  const std::string home = Variable("HOME");
  return home.empty() ? "" : (fs::path(home) / ".local" / "share").string();
}

// Files to try, in order; a name without a folder is looked for by the system.
std::vector<std::string> Candidates() {
  const std::string chosen = Variable("PLUMBLINE_DUCKDB");
  if (!chosen.empty()) return {fs::absolute(chosen).string()};
  std::vector<std::string> files = {kFile};
  files.push_back((fs::path(FolderOfParts()) / kFile).string());
  const std::string data = UserDataFolder();
  if (!data.empty()) {
    files.push_back((fs::path(data) / "plumbline" / kFile).string());
  }
  return files;
}

std::string HowToInstall() {
  return fmt::format(
      "run `scripts/setup.sh parquet` in Plumbline's sources, or install "
      "DuckDB's library yourself (npm package {}) and give its path as "
      "PLUMBLINE_DUCKDB; or save the table as CSV",
      kPackage);
}

[[noreturn]] void ThrowNotFound(const std::vector<std::string>& files) {
  if (files.size() == 1) {
    throw Error(ErrorCode::kUnavailable,
                "Parquet needs DuckDB's library, and {} (PLUMBLINE_DUCKDB) "
                "does not exist; {}",
                files[0], HowToInstall());
  }
  const std::vector<std::string> places(files.begin() + 1, files.end());
  throw Error(ErrorCode::kUnavailable,
              "Parquet needs DuckDB's library, which is not installed: the "
              "system has no {}, and there is no {}; {}",
              kFile, JoinWords(places, "or"), HowToInstall());
}

struct Closer {
  void operator()(void* library) const { dlclose(library); }
};

// Looks up one function; its type is the member's.
template <typename Function>
void Find(void* library, const std::string& path, const char* name,
          Function* function) {
  void* const found = dlsym(library, name);
  if (found == nullptr) {
    throw Error(ErrorCode::kUnavailable,
                "{} is not a DuckDB library that Plumbline can use (it has no "
                "{}); {}",
                path, name, HowToInstall());
  }
  *function = reinterpret_cast<Function>(found);
}

#define PLUMBLINE_FIND(member) \
  Find(library, path, "duckdb_" #member, &functions.member)

Library FindFunctions(void* library, const std::string& path) {
  Library functions;
  functions.path = path;
  PLUMBLINE_FIND(library_version);
  const std::string version = functions.library_version();
  if (!version.starts_with("v1.") || version.starts_with("v1.0.")) {
    throw Error(ErrorCode::kUnavailable,
                "{} is DuckDB {}; Plumbline needs version 1.1 or a later one "
                "below 2; {}",
                path, version, HowToInstall());
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
  const std::vector<std::string> files = Candidates();
  for (const std::string& file : files) {
    std::error_code error;
    const bool by_system = file == kFile;
    if (!by_system && !fs::exists(file, error)) continue;
    std::unique_ptr<void, Closer> library(
        dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (!library) {
      const char* reason = dlerror();
      if (by_system) continue;
      throw Error(ErrorCode::kUnavailable,
                  "Parquet needs DuckDB's library, and {} cannot be loaded "
                  "({}); {}",
                  file, reason ? reason : "no reason", HowToInstall());
    }
    Library found = FindFunctions(library.get(), file);
    static_cast<void>(library.release());  // a loaded library stays
    return found;
  }
  ThrowNotFound(files);
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
