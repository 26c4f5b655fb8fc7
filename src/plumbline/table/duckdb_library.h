// DuckDB's C library, which reads and writes Parquet. It is never linked: it is
// looked for when the first Parquet file is opened, so that Plumbline builds
// and starts without it.
//
// Source of the declarations: duckdb.h of DuckDB 1.4 (the functions below are
// the same in all versions from 1.1 on). Handles are pointers without a type
// here, since only the library looks behind them.
#pragma once

#include <cstdint>
#include <string>

namespace plumbline::duckdb {

using Handle = void*;

// duckdb_result: passed by value to duckdb_fetch_chunk, so that its size
// counts.
struct Result {
  uint64_t unused_counts[3];
  void* unused_columns;
  char* unused_message;
  void* internal;
};
static_assert(sizeof(void*) != 8 || sizeof(Result) == 48);

// duckdb_string_t: up to 12 bytes stand in the struct itself, of a longer text
// only its address.
struct StringValue {
  static constexpr uint32_t kInlineBytes = 12;
  struct Pointer {
    uint32_t size;
    char prefix[4];
    const char* data;
  };
  struct Inlined {
    uint32_t size;
    char data[kInlineBytes];
  };
  union {
    Pointer pointer;
    Inlined inlined;
  };

  uint32_t size() const { return inlined.size; }
  const char* data() const {
    return size() <= kInlineBytes ? inlined.data : pointer.data;
  }
};
static_assert(sizeof(StringValue) == 16);

// duckdb_type
enum Type : int {
  kBoolean = 1,
  kTinyInt = 2,
  kSmallInt = 3,
  kInteger = 4,
  kBigInt = 5,
  kUTinyInt = 6,
  kUSmallInt = 7,
  kUInteger = 8,
  kUBigInt = 9,
  kFloat = 10,
  kDouble = 11,
  kHugeInt = 16,
  kVarchar = 17,
  kBlob = 18,
  kDecimal = 19,
  kList = 24,
  kStruct = 25,
  kMap = 26,
  kUnion = 28,
  kUHugeInt = 32,
  kArray = 33,
};

// duckdb_state
inline constexpr int kSuccess = 0;

// The functions that are used, under their names without "duckdb_".
struct Library {
  const char* (*library_version)();
  int (*create_config)(Handle* config);
  int (*set_config)(Handle config, const char* name, const char* value);
  void (*destroy_config)(Handle* config);
  int (*open_ext)(const char* path, Handle* database, Handle config,
                  char** error);
  void (*close)(Handle* database);
  int (*connect)(Handle database, Handle* connection);
  void (*disconnect)(Handle* connection);
  void (*free)(void* memory);
  int (*query)(Handle connection, const char* sql, Result* result);
  int (*prepare)(Handle connection, const char* sql, Handle* statement);
  const char* (*prepare_error)(Handle statement);
  void (*destroy_prepare)(Handle* statement);
  int (*pending_prepared_streaming)(Handle statement, Handle* pending);
  const char* (*pending_error)(Handle pending);
  int (*execute_pending)(Handle pending, Result* result);
  void (*destroy_pending)(Handle* pending);
  void (*destroy_result)(Result* result);
  const char* (*result_error)(Result* result);
  uint64_t (*column_count)(Result* result);
  const char* (*column_name)(Result* result, uint64_t column);
  int (*column_type)(Result* result, uint64_t column);
  Handle (*fetch_chunk)(Result result);
  Handle (*create_logical_type)(int type);
  void (*destroy_logical_type)(Handle* type);
  Handle (*create_data_chunk)(Handle* types, uint64_t count);
  void (*destroy_data_chunk)(Handle* chunk);
  void (*data_chunk_reset)(Handle chunk);
  Handle (*data_chunk_get_vector)(Handle chunk, uint64_t column);
  uint64_t (*data_chunk_get_size)(Handle chunk);
  void (*data_chunk_set_size)(Handle chunk, uint64_t size);
  void* (*vector_get_data)(Handle vector);
  // One bit a row, set where there is a value; null: every row has one.
  uint64_t* (*vector_get_validity)(Handle vector);
  void (*vector_ensure_validity_writable)(Handle vector);
  void (*vector_assign_string_element_len)(Handle vector, uint64_t row,
                                           const char* text, uint64_t size);
  uint64_t (*vector_size)();
  int (*appender_create)(Handle connection, const char* schema,
                         const char* table, Handle* appender);
  const char* (*appender_error)(Handle appender);
  int (*append_data_chunk)(Handle appender, Handle chunk);
  int (*appender_close)(Handle appender);
  int (*appender_destroy)(Handle* appender);

  // Where it was found, for messages.
  std::string path;
};

// The library, loaded at the first call and kept. Looked for as
// base/optional_library.h says: PLUMBLINE_DUCKDB, the system, the parts, the
// user's data folder, where `scripts/setup.sh parquet` puts it.
//
// Throws Error(kUnavailable) that names the places, the package and the command
// that installs it, or says that it is another version than 1.x.
const Library& Load();

}  // namespace plumbline::duckdb
