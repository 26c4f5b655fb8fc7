#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <memory>
#include <system_error>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/file_internal.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/table/duckdb_session.h"
#include "plumbline/table/output_table.h"

namespace plumbline {
namespace {

using duckdb::Handle;
using duckdb::Library;
using duckdb::Session;

// A file in memory: where it is written for good is decided by whoever asks for
// the bytes.
std::unique_ptr<FileDescriptor> MemoryFile() {
  const int number = memfd_create("plumbline-parquet", MFD_CLOEXEC);
  if (number < 0) {
    throw Error(ErrorCode::kOutOfResources, "no memory for a file ({})",
                std::generic_category().message(errno));
  }
  return std::make_unique<FileDescriptor>(number);
}

// An error of the machine, not of the table.
[[noreturn]] void ThrowWrite(const std::string& reason) {
  const bool memory = reason.find("memory") != std::string::npos;
  throw Error(memory ? ErrorCode::kOutOfResources : ErrorCode::kInternal,
              "DuckDB cannot write Parquet: {}", reason);
}

void Run(Session* session, const std::string& sql) {
  duckdb::Answer answer = session->Query(sql);
  while (answer.Next()) {
  }
  if (!answer.error().empty()) ThrowWrite(answer.error());
}

std::string ColumnList(const OutputTable& table, const char* form) {
  std::string list;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const bool is_words =
        std::holds_alternative<CategoricalColumn>(table.columns[i]);
    if (i > 0) list += ", ";
    list += fmt::format(
        fmt::runtime(form), fmt::arg("i", i),
        fmt::arg("type", is_words ? "VARCHAR" : "DOUBLE"),
        fmt::arg("name", duckdb::QuotedName(NameOf(table.columns[i]))));
  }
  return list;
}

void RefuseSameNames(const OutputTable& table) {
  std::vector<std::pair<std::string, std::string>> names;
  for (const OutputColumn& column : table.columns) {
    std::string lower = NameOf(column);
    for (char& c : lower) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    names.emplace_back(lower, NameOf(column));
  }
  std::sort(names.begin(), names.end());
  for (size_t i = 1; i < names.size(); ++i) {
    if (names[i - 1].first != names[i].first) continue;
    throw Error(ErrorCode::kUsage,
                "columns \"{}\" and \"{}\" differ in capital letters alone, "
                "which DuckDB cannot tell apart; rename one, or leave it out "
                "with --columns",
                names[i - 1].second, names[i].second);
  }
}

// Hands rows over in chunks.
class Appender {
 public:
  Appender(const Session& session, const OutputTable& table)
      : library_(session.library()), table_(table) {
    if (library_.appender_create(session.connection(), nullptr, "rows",
                                 &appender_) != duckdb::kSuccess) {
      Fail();
    }
    std::vector<Handle> types;
    for (const OutputColumn& column : table.columns) {
      types.push_back(library_.create_logical_type(
          std::holds_alternative<CategoricalColumn>(column) ? duckdb::kVarchar
                                                            : duckdb::kDouble));
    }
    chunk_ = library_.create_data_chunk(types.data(), types.size());
    for (Handle& type : types) library_.destroy_logical_type(&type);
  }
  ~Appender() {
    library_.destroy_data_chunk(&chunk_);
    library_.appender_destroy(&appender_);
  }
  Appender(const Appender&) = delete;
  Appender& operator=(const Appender&) = delete;

  void AppendAll() {
    const auto most = static_cast<int64_t>(library_.vector_size());
    for (int64_t first = 0; first < table_.rows; first += most) {
      StopIfInterrupted();
      library_.data_chunk_reset(chunk_);
      const int64_t rows = std::min(most, table_.rows - first);
      for (size_t i = 0; i < table_.columns.size(); ++i) {
        const Handle vector = library_.data_chunk_get_vector(chunk_, i);
        library_.vector_ensure_validity_writable(vector);
        uint64_t* validity = library_.vector_get_validity(vector);
        std::fill_n(validity, (most + 63) / 64, ~uint64_t{0});
        std::visit(
            [&](const auto& column) {
              Fill(column, first, rows, vector, validity);
            },
            table_.columns[i]);
      }
      library_.data_chunk_set_size(chunk_, rows);
      if (library_.append_data_chunk(appender_, chunk_) != duckdb::kSuccess) {
        Fail();
      }
    }
    if (library_.appender_close(appender_) != duckdb::kSuccess) Fail();
  }

 private:
  [[noreturn]] void Fail() const {
    ThrowWrite(duckdb::FirstLine(library_.appender_error(appender_)));
  }
  static void SetMissing(uint64_t* validity, int64_t row) {
    validity[row / 64] &= ~(uint64_t{1} << row % 64);
  }
  void Fill(const NumericColumn& column, int64_t first, int64_t rows,
            Handle vector, uint64_t* validity) const {
    auto* out = static_cast<double*>(library_.vector_get_data(vector));
    for (int64_t i = 0; i < rows; ++i) {
      out[i] = column.values[first + i];
      if (std::isnan(out[i])) SetMissing(validity, i);
    }
  }
  void Fill(const CategoricalColumn& column, int64_t first, int64_t rows,
            Handle vector, uint64_t* validity) const {
    for (int64_t i = 0; i < rows; ++i) {
      const uint32_t code = column.codes[first + i];
      if (code == kMissingCode) {
        SetMissing(validity, i);
        continue;
      }
      const std::string& word = column.levels[code];
      library_.vector_assign_string_element_len(vector, i, word.data(),
                                                word.size());
    }
  }

  const Library& library_;
  const OutputTable& table_;
  Handle appender_ = nullptr;
  Handle chunk_ = nullptr;
};

}  // namespace

std::string ToParquet(const OutputTable& table, int threads) {
  Session session(threads > 0 ? threads : DefaultThreads());
  RefuseSameNames(table);
  Run(&session, "CREATE TABLE rows (" + ColumnList(table, "c{i} {type}") + ")");
  Appender(session, table).AppendAll();
  const std::unique_ptr<FileDescriptor> file = MemoryFile();
  const std::string path = fmt::format("/proc/self/fd/{}", file->number());
  Run(&session, fmt::format("COPY (SELECT {} FROM rows) TO {} (FORMAT parquet, "
                            "COMPRESSION zstd, USE_TMP_FILE false)",
                            ColumnList(table, "c{i} AS {name}"),
                            duckdb::QuotedText(path)));
  return ReadFile(path);
}

}  // namespace plumbline
