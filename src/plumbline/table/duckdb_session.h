// A DuckDB in memory that does one thing at a time and talks to nobody.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/table/duckdb_library.h"

namespace plumbline::duckdb {

// What DuckDB said, in one line without its kind of error in front.
std::string FirstLine(const char* message);

// The name in double quotes, the text in single ones, for SQL.
std::string QuotedName(const std::string& name);
std::string QuotedText(const std::string& text);

// Rows in pieces of up to Library::vector_size() (2048).
class Chunk {
 public:
  Chunk() = default;
  Chunk(const Library& library, Handle chunk)
      : library_(&library), chunk_(chunk) {}
  ~Chunk();
  Chunk(Chunk&& other) noexcept
      : library_(other.library_),
        chunk_(std::exchange(other.chunk_, nullptr)) {}
  Chunk& operator=(Chunk&& other) noexcept;

  explicit operator bool() const { return chunk_ != nullptr; }
  Handle handle() const { return chunk_; }
  int64_t rows() const;
  // The values of a column, one of its type a row, and which rows have one
  // (null: all).
  template <typename Value>
  const Value* Values(uint64_t column) const {
    return static_cast<const Value*>(Data(column));
  }
  const uint64_t* Validity(uint64_t column) const;

 private:
  const void* Data(uint64_t column) const;

  const Library* library_ = nullptr;
  Handle chunk_ = nullptr;
};

inline bool IsValid(const uint64_t* validity, size_t row) {
  return validity == nullptr || (validity[row / 64] >> (row % 64) & 1) != 0;
}

// The answer to a query: its columns, then its rows chunk by chunk, in order.
class Answer {
 public:
  ~Answer();
  Answer(Answer&& other) noexcept;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;

  uint64_t columns() { return library_.column_count(&result_); }
  std::string ColumnName(uint64_t column);
  int ColumnType(uint64_t column);

  // The next rows; none at the end. On an error, none and error() is not empty.
  Chunk Next();
  const std::string& error() const { return error_; }

 private:
  friend class Session;
  explicit Answer(const Library& library) : library_(library) {}

  const Library& library_;
  Result result_{};
  std::string error_;
};

class Session {
 public:
  // A database in memory with `threads` threads that neither loads nor installs
  // extensions, writes no temporary files and reads no settings.
  // Throws Error(kUnavailable) if there is no library.
  explicit Session(int threads);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Starts a query whose rows are computed while they are fetched. On an error
  // error() of the answer is not empty.
  Answer Query(const std::string& sql);

  const Library& library() const { return library_; }
  Handle connection() const { return connection_; }

 private:
  const Library& library_;
  Handle database_ = nullptr;
  Handle connection_ = nullptr;
};

}  // namespace plumbline::duckdb
