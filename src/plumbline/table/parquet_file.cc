#include "plumbline/table/parquet_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstring>
#include <unordered_map>

#include "plumbline/base/error.h"
#include "plumbline/table/csv_record.h"
#include "plumbline/table/csv_utf8.h"

namespace plumbline {
namespace {

constexpr std::string_view kMagic = "PAR1";
constexpr std::string_view kEncryptedMagic = "PARE";
// The magic, an empty file's smallest footer, its length, the magic.
constexpr int64_t kTailBytes = 8;
constexpr int64_t kLeastBytes = 12;

[[noreturn]] void ThrowNoParquet(const std::string& path) {
  throw Error(ErrorCode::kInvalidInput, Location{path},
              "is not a Parquet file (it does not begin with PAR1); if it is "
              "text, call it .csv");
}

[[noreturn]] void ThrowCutOff(const std::string& path) {
  throw Error(ErrorCode::kInvalidInput, Location{path},
              "the file seems cut off: it does not end with PAR1, as Parquet "
              "does; export or copy the file again");
}

[[noreturn]] void ThrowEncrypted(const std::string& path) {
  throw Error(ErrorCode::kInvalidInput, Location{path},
              "is an encrypted Parquet file; write it without encryption");
}

std::string ReadAt(const FileDescriptor& file, int64_t offset, size_t size) {
  std::string bytes(size, '\0');
  const ssize_t got = pread(file.number(), bytes.data(), size, offset);
  bytes.resize(got < 0 ? 0 : got);
  return bytes;
}

// What can be told from the ends of the file, so that DuckDB sees only what
// looks like Parquet.
// Returns the file's size.
int64_t CheckFrame(const std::string& path, const FileDescriptor& file) {
  struct stat status {};
  if (fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
    throw Error(ErrorCode::kInvalidInput, Location{path},
                "Parquet is read from both ends, which is possible in a file "
                "alone; save it as one");
  }
  if (status.st_size == 0) {
    throw Error(ErrorCode::kInvalidInput, Location{path},
                "the file is empty; a Parquet file with at least one row is "
                "needed");
  }
  const std::string head = ReadAt(file, 0, kMagic.size());
  if (head == kEncryptedMagic) ThrowEncrypted(path);
  if (head != kMagic.substr(0, head.size())) ThrowNoParquet(path);
  if (status.st_size < kLeastBytes) ThrowCutOff(path);
  const std::string tail =
      ReadAt(file, status.st_size - kTailBytes, kTailBytes);
  if (tail.size() != kTailBytes) ThrowCutOff(path);
  if (tail.substr(4) == kEncryptedMagic) ThrowEncrypted(path);
  if (tail.substr(4) != kMagic) ThrowCutOff(path);
  int64_t footer = 0;
  for (int i = 3; i >= 0; --i) {
    footer = footer << 8 | static_cast<unsigned char>(tail[i]);
  }
  if (footer > status.st_size - kLeastBytes) {
    throw Error(ErrorCode::kInvalidInput, Location{path},
                "the file is damaged: its footer would take {} bytes of {}; "
                "export or copy the file again",
                footer, status.st_size);
  }
  return status.st_size;
}

const char* NameOfType(int type) {
  switch (type) {
    case duckdb::kBoolean:
      return "truth values (BOOLEAN)";
    case duckdb::kVarchar:
      return "words (VARCHAR)";
    case duckdb::kBlob:
      return "bytes (BLOB)";
    case duckdb::kList:
    case duckdb::kArray:
      return "lists";
    case duckdb::kStruct:
    case duckdb::kMap:
    case duckdb::kUnion:
      return "records";
    default:
      return "dates, times or other values that are no numbers";
  }
}

std::string_view TextAt(const duckdb::Chunk& chunk, uint64_t column,
                        size_t row) {
  const auto& value = chunk.Values<duckdb::StringValue>(column)[row];
  return {value.data(), value.size()};
}

}  // namespace

ParquetFile::ParquetFile(const std::string& path, duckdb::Session* session)
    : path_(path), file_(new FileDescriptor(OpenForReading(path))) {
  bytes_ = CheckFrame(path_, *file_);
  ReadColumns(session);
  ReadRows(session);
}

std::string ParquetFile::OpenName() const {
  return fmt::format("'/proc/self/fd/{}'", file_->number());
}

std::string ParquetFile::Sql() const {
  return fmt::format(
      "read_parquet({}, hive_partitioning = false, binary_as_string = true)",
      OpenName());
}

void ParquetFile::ThrowDamaged(std::string reason) const {
  const std::string name = fmt::format("/proc/self/fd/{}", file_->number());
  for (size_t at; (at = reason.find(name)) != std::string::npos;) {
    reason.replace(at, name.size(), "the file");
  }
  throw Error(ErrorCode::kInvalidInput, Location{path_},
              "the file is damaged, or of a kind of Parquet that DuckDB does "
              "not read ({}); export or copy the file again",
              csv::Shown(reason));
}

// parquet_schema lists the tree of columns depth first; the first entry is the
// root.
std::vector<std::string> ParquetFile::ReadNames(
    duckdb::Session* session) const {
  duckdb::Answer answer = session->Query(
      fmt::format("SELECT name, coalesce(num_children, 0)::BIGINT FROM "
                  "parquet_schema({})",
                  OpenName()));
  std::vector<std::string> names;
  int64_t before = 1;  // entries until the next column, nested ones included
  bool is_root = true;
  while (const duckdb::Chunk chunk = answer.Next()) {
    const auto* children = chunk.Values<int64_t>(1);
    for (int64_t row = 0; row < chunk.rows(); ++row) {
      if (is_root) {
        is_root = false;
        before = 0;
        continue;
      }
      if (before == 0) {
        names.emplace_back(duckdb::IsValid(chunk.Validity(0), row)
                               ? TextAt(chunk, 0, row)
                               : std::string_view());
        before = 1;
      }
      before += children[row] - 1;
    }
  }
  if (!answer.error().empty()) ThrowDamaged(answer.error());
  return names;
}

void ParquetFile::ReadColumns(duckdb::Session* session) {
  const std::vector<std::string> names = ReadNames(session);
  duckdb::Answer answer =
      session->Query(fmt::format("SELECT * FROM {} LIMIT 0", Sql()));
  if (!answer.error().empty()) ThrowDamaged(answer.error());
  if (answer.columns() != names.size()) {
    ThrowDamaged(fmt::format("its schema has {} columns, {} can be read",
                             names.size(), answer.columns()));
  }
  std::unordered_map<std::string_view, size_t> position;
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty() || csv::FindInvalidUtf8(names[i]) < names[i].size() ||
        names[i].find('\0') != std::string::npos) {
      throw Error(ErrorCode::kInvalidInput, Location{path_},
                  "column {} has no name that is text; name it", i + 1);
    }
    const auto [earlier, is_new] = position.emplace(names[i], i);
    if (!is_new) {
      throw Error(ErrorCode::kInvalidInput, Location{path_},
                  "columns {} and {} are both called {}; give each column a "
                  "name of its own",
                  earlier->second + 1, i + 1, csv::Shown(names[i]));
    }
    const int type = answer.ColumnType(i);
    columns_.push_back(
        {names[i], answer.ColumnName(i), type, NameOfType(type)});
  }
}

void ParquetFile::ReadRows(duckdb::Session* session) {
  duckdb::Answer answer = session->Query(fmt::format(
      "SELECT num_rows::BIGINT FROM parquet_file_metadata({})", OpenName()));
  const duckdb::Chunk chunk = answer.Next();
  if (!chunk || chunk.rows() != 1 || !duckdb::IsValid(chunk.Validity(0), 0)) {
    ThrowDamaged(answer.error());
  }
  rows_ = chunk.Values<int64_t>(0)[0];
  if (rows_ < 0) ThrowDamaged(fmt::format("it says it has {} rows", rows_));
  if (rows_ == 0) {
    throw Error(ErrorCode::kInvalidInput, Location{path_},
                "has columns but no rows; at least one is needed");
  }
}

const ParquetColumn* ParquetFile::Find(const std::string& name) const {
  for (const ParquetColumn& column : columns_) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

}  // namespace plumbline
