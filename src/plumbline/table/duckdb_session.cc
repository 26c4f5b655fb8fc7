#include "plumbline/table/duckdb_session.h"

#include <algorithm>
#include <memory>
#include <string_view>

#include "plumbline/base/error.h"

namespace plumbline::duckdb {
namespace {

std::string Quoted(const std::string& text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  return quoted + quote;
}

// Nothing is fetched from elsewhere, and nothing is left on the disk.
const std::pair<const char*, const char*> kSettings[] = {
    {"autoinstall_known_extensions", "false"},
    {"autoload_known_extensions", "false"},
    {"allow_community_extensions", "false"},
    {"temp_directory", ""},
};

void Set(const Library& library, Handle config, const char* name,
         const std::string& value) {
  if (library.set_config(config, name, value.c_str()) == kSuccess) return;
  throw Error(ErrorCode::kUnavailable,
              "{} ({}) does not know the setting {} = \"{}\"", library.path,
              library.library_version(), name, value);
}

}  // namespace

std::string FirstLine(const char* message) {
  if (message == nullptr || *message == '\0') return "no reason is given";
  std::string_view text(message);
  text = text.substr(0, text.find('\n'));
  const size_t kind = text.find(" Error: ");
  constexpr size_t kKindBytes = 8;
  if (kind < 24) text.remove_prefix(kind + kKindBytes);
  return std::string(text);
}

std::string QuotedName(const std::string& name) { return Quoted(name, '"'); }
std::string QuotedText(const std::string& text) { return Quoted(text, '\''); }

Chunk::~Chunk() {
  if (chunk_ != nullptr) library_->destroy_data_chunk(&chunk_);
}

Chunk& Chunk::operator=(Chunk&& other) noexcept {
  std::swap(library_, other.library_);
  std::swap(chunk_, other.chunk_);
  return *this;
}

int64_t Chunk::rows() const {
  return static_cast<int64_t>(library_->data_chunk_get_size(chunk_));
}

const void* Chunk::Data(uint64_t column) const {
  return library_->vector_get_data(
      library_->data_chunk_get_vector(chunk_, column));
}

const uint64_t* Chunk::Validity(uint64_t column) const {
  return library_->vector_get_validity(
      library_->data_chunk_get_vector(chunk_, column));
}

Answer::~Answer() { library_.destroy_result(&result_); }

Answer::Answer(Answer&& other) noexcept
    : library_(other.library_),
      result_(std::exchange(other.result_, Result{})),
      error_(std::move(other.error_)) {}

std::string Answer::ColumnName(uint64_t column) {
  const char* name = library_.column_name(&result_, column);
  return name == nullptr ? "" : name;
}

int Answer::ColumnType(uint64_t column) {
  return library_.column_type(&result_, column);
}

Chunk Answer::Next() {
  if (!error_.empty()) return {};
  Chunk chunk(library_, library_.fetch_chunk(result_));
  if (!chunk) {
    const char* error = library_.result_error(&result_);
    if (error != nullptr && *error != '\0') error_ = FirstLine(error);
  }
  return chunk;
}

Session::Session(int threads) : library_(Load()) {
  Handle config = nullptr;
  if (library_.create_config(&config) != kSuccess) throw std::bad_alloc();
  const auto destroy = [this](Handle* held) { library_.destroy_config(held); };
  const std::unique_ptr<Handle, decltype(destroy)> guard(&config, destroy);
  for (const auto& [name, value] : kSettings) {
    Set(library_, config, name, value);
  }
  Set(library_, config, "threads", std::to_string(threads));

  char* error = nullptr;
  if (library_.open_ext(nullptr, &database_, config, &error) != kSuccess) {
    const std::string reason = FirstLine(error);
    library_.free(error);
    throw Error(ErrorCode::kUnavailable, "{} ({}) does not start: {}",
                library_.path, library_.library_version(), reason);
  }
  if (library_.connect(database_, &connection_) != kSuccess) {
    library_.close(&database_);
    throw std::bad_alloc();
  }
}

Session::~Session() {
  library_.disconnect(&connection_);
  library_.close(&database_);
}

Answer Session::Query(const std::string& sql) {
  Answer answer(library_);
  Handle statement = nullptr;
  if (library_.prepare(connection_, sql.c_str(), &statement) != kSuccess) {
    answer.error_ = FirstLine(library_.prepare_error(statement));
    library_.destroy_prepare(&statement);
    return answer;
  }
  Handle pending = nullptr;
  if (library_.pending_prepared_streaming(statement, &pending) != kSuccess) {
    answer.error_ = FirstLine(library_.pending_error(pending));
  } else if (library_.execute_pending(pending, &answer.result_) != kSuccess) {
    answer.error_ = FirstLine(library_.result_error(&answer.result_));
  }
  library_.destroy_pending(&pending);
  library_.destroy_prepare(&statement);
  return answer;
}

}  // namespace plumbline::duckdb
