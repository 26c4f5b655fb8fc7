#include "plumbline/table/parquet_reader.h"

#include <algorithm>
#include <cmath>
#include <future>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/table/csv_duplicates.h"
#include "plumbline/table/csv_header.h"
#include "plumbline/table/csv_memory.h"
#include "plumbline/table/parquet_file.h"
#include "plumbline/table/typed_columns.h"

namespace plumbline {
namespace {

// Chunks that are taken over together, one column on each thread.
constexpr size_t kChunksAtOnce = 64;
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// How the values of a column arrive.
enum class Form { kDouble, kFloat, kBigInt, kVarchar, kHash };

bool IsNumber(int type) {
  return (type >= duckdb::kTinyInt && type <= duckdb::kDouble) ||
         type == duckdb::kHugeInt || type == duckdb::kUHugeInt ||
         type == duckdb::kDecimal;
}

bool IsNested(int type) {
  return type == duckdb::kBlob || type == duckdb::kList ||
         type == duckdb::kStruct || type == duckdb::kMap ||
         type == duckdb::kUnion || type == duckdb::kArray;
}

Form FormOfWords(int type) {
  switch (type) {
    case duckdb::kDouble:
      return Form::kDouble;
    case duckdb::kFloat:
      return Form::kFloat;
    case duckdb::kTinyInt:
    case duckdb::kSmallInt:
    case duckdb::kInteger:
    case duckdb::kBigInt:
    case duckdb::kUTinyInt:
    case duckdb::kUSmallInt:
    case duckdb::kUInteger:
      return Form::kBigInt;
    default:
      return Form::kVarchar;
  }
}

const char* SqlType(Form form) {
  switch (form) {
    case Form::kDouble:
      return "DOUBLE";
    case Form::kFloat:
      return "FLOAT";
    case Form::kBigInt:
      return "BIGINT";
    default:
      return "VARCHAR";
  }
}

// A column of numbers while it is read.
struct NumberTarget {
  NumericColumn column;
};

// A column of words while it is read.
struct WordTarget {
  std::string name;
  TypedWords words;
  NumberText digits;
};

// What one part of the query becomes.
struct Destination {
  Form form = Form::kVarchar;
  NumberTarget* numbers = nullptr;
  WordTarget* words = nullptr;
};

// Places of chunks in the table.
struct Piece {
  std::vector<duckdb::Chunk> chunks;
  int64_t first_row = 0;  // of the table
  int64_t rows = 0;
};

}  // namespace

struct ParquetReader::State {
  State(const std::vector<std::string>& paths, const CsvOptions& given)
      : options(given),
        threads(given.threads > 0 ? given.threads : DefaultThreads()),
        missing_numbers(MissingNumbers(given)),
        missing_words(MissingWords(given)),
        session(threads) {
    for (const std::string& path : paths) {
      files.push_back(std::make_unique<ParquetFile>(path, &session));
      std::vector<std::string> names;
      for (const ParquetColumn& column : files.back()->columns()) {
        names.push_back(column.name);
      }
      if (files.size() == 1) {
        header = names;
      } else {
        csv::MatchHeaders(files[0]->path(), header, path, names);
      }
      total_rows += files.back()->rows();
      total_bytes += files.back()->bytes();
    }
    // A damaged file may claim any number of rows; one that packs more rows
    // than this into a byte only makes columns grow in steps.
    if (total_rows / 64 <= total_bytes) expected_rows = total_rows;
  }

  void AddTargets(const std::vector<ColumnRequest>& columns);
  std::vector<Destination> Destinations(const ParquetFile& file);
  std::string Sql(const ParquetFile& file,
                  const std::vector<Destination>& destinations) const;
  void ReadFile(const ParquetFile& file, int64_t first_row);
  void Take(const ParquetFile& file, int64_t first_row_of_file,
            const std::vector<Destination>& destinations, const Piece& piece);
  void TakeNumbers(const Piece& piece, size_t place, NumberTarget* target,
                   const std::function<Location(int64_t)>& where);
  void TakeWords(const Piece& piece, size_t place, Form form,
                 WordTarget* target,
                 const std::function<Location(int64_t)>& where);
  Table Read(const std::vector<ColumnRequest>& columns);
  Table Finish(std::vector<TableSource> sources);

  CsvOptions options;
  int threads;
  std::vector<double> missing_numbers;
  csv::MissingMarks missing_words;
  duckdb::Session session;
  std::vector<std::unique_ptr<ParquetFile>> files;
  std::vector<std::string> header;
  int64_t total_rows = 0;
  int64_t total_bytes = 0;
  int64_t expected_rows = 0;
  std::vector<std::unique_ptr<NumberTarget>> numbers;
  std::vector<std::unique_ptr<WordTarget>> words;
  std::vector<uint64_t> row_hashes;
  std::unique_ptr<Progress> progress;
  bool was_read = false;
};

void ParquetReader::State::AddTargets(
    const std::vector<ColumnRequest>& columns) {
  for (const ColumnRequest& request : columns) {
    if (std::find(header.begin(), header.end(), request.name) == header.end()) {
      ThrowNoSuchColumn(files[0]->path(), request.name, header);
    }
    const auto is_same = [&](const auto& target, const std::string& name) {
      return target != nullptr && name == request.name;
    };
    if (request.kind == ColumnKind::kNumeric) {
      if (std::any_of(numbers.begin(), numbers.end(), [&](const auto& target) {
            return is_same(target, target->column.name);
          })) {
        continue;
      }
      numbers.push_back(std::make_unique<NumberTarget>());
      numbers.back()->column.name = request.name;
    } else {
      if (std::any_of(words.begin(), words.end(), [&](const auto& target) {
            return is_same(target, target->name);
          })) {
        continue;
      }
      words.emplace_back(new WordTarget{
          request.name, TypedWords(request.name, missing_words), {}});
    }
  }
}

std::vector<Destination> ParquetReader::State::Destinations(
    const ParquetFile& file) {
  std::vector<Destination> destinations;
  for (const auto& target : numbers) {
    const ParquetColumn& column = *file.Find(target->column.name);
    if (!IsNumber(column.type)) {
      throw Error(ErrorCode::kInvalidInput,
                  Location{file.path(), 0, column.name},
                  "holds {}, and numbers are needed here; write it as a column "
                  "of numbers (DOUBLE)",
                  column.type_name);
    }
    destinations.push_back({Form::kDouble, target.get(), nullptr});
  }
  for (const auto& target : words) {
    const ParquetColumn& column = *file.Find(target->name);
    if (IsNested(column.type)) {
      throw Error(ErrorCode::kInvalidInput,
                  Location{file.path(), 0, column.name},
                  "holds {}, and one word or number a row is needed here; "
                  "write it as a column of its own",
                  column.type_name);
    }
    destinations.push_back({FormOfWords(column.type), nullptr, target.get()});
  }
  if (options.count_duplicate_rows) destinations.push_back({Form::kHash});
  return destinations;
}

std::string ParquetReader::State::Sql(
    const ParquetFile& file,
    const std::vector<Destination>& destinations) const {
  std::string sql = "SELECT ";
  for (const Destination& to : destinations) {
    if (sql.size() > 7) sql += ", ";
    if (to.form == Form::kHash) {
      // The order of columns may differ from file to file.
      std::string all;
      for (const std::string& name : header) {
        all += (all.empty() ? "" : ", ") +
               duckdb::QuotedName(file.Find(name)->duckdb_name);
      }
      sql += fmt::format("hash({})", all);
      continue;
    }
    const std::string& name =
        to.numbers ? to.numbers->column.name : to.words->name;
    sql += fmt::format("CAST({} AS {})",
                       duckdb::QuotedName(file.Find(name)->duckdb_name),
                       SqlType(to.form));
  }
  return sql + " FROM " + file.Sql();
}

void ParquetReader::State::TakeNumbers(
    const Piece& piece, size_t place, NumberTarget* target,
    const std::function<Location(int64_t)>& where) {
  csv::GrowTo(piece.first_row + piece.rows, expected_rows,
              &target->column.values);
  double* out = target->column.values.data() + piece.first_row;
  int64_t row = piece.first_row;
  for (const duckdb::Chunk& chunk : piece.chunks) {
    const auto* values = chunk.Values<double>(place);
    const uint64_t* validity = chunk.Validity(place);
    for (int64_t i = 0; i < chunk.rows(); ++i, ++row, ++out) {
      *out = duckdb::IsValid(validity, i) ? values[i] : kNaN;
      if (!std::isfinite(*out) || !missing_numbers.empty()) {
        *out = CheckedNumber(*out, missing_numbers, where(row));
      }
      target->column.missing += std::isnan(*out) ? 1 : 0;
    }
  }
}

void ParquetReader::State::TakeWords(
    const Piece& piece, size_t place, Form form, WordTarget* target,
    const std::function<Location(int64_t)>& where) {
  TypedWords& words_of_column = target->words;
  words_of_column.Begin(piece.first_row, piece.rows);
  for (const duckdb::Chunk& chunk : piece.chunks) {
    const uint64_t* validity = chunk.Validity(place);
    const auto add_all = [&](const auto* values, const auto& add) {
      for (int64_t i = 0; i < chunk.rows(); ++i) {
        if (!duckdb::IsValid(validity, i)) {
          words_of_column.AddMissing();
        } else if (const char* wrong = add(values[i])) {
          throw Error(ErrorCode::kInvalidInput,
                      where(piece.first_row + words_of_column.added()), "{}",
                      wrong);
        }
      }
    };
    const auto add_number = [&](auto value) {
      return words_of_column.Add(target->digits.Of(value));
    };
    switch (form) {
      case Form::kDouble:
        add_all(chunk.Values<double>(place), add_number);
        break;
      case Form::kFloat:
        add_all(chunk.Values<float>(place), add_number);
        break;
      case Form::kBigInt:
        add_all(chunk.Values<int64_t>(place), add_number);
        break;
      default:
        add_all(
            chunk.Values<duckdb::StringValue>(place),
            [&](const duckdb::StringValue& value) {
              const char* const data = value.data();
              const size_t readable = std::max<size_t>(
                  value.size(), data == value.inlined.data
                                    ? duckdb::StringValue::kInlineBytes
                                    : 0);
              return words_of_column.Add({data, value.size()}, data + readable);
            });
    }
  }
  words_of_column.End(expected_rows);
}

void ParquetReader::State::Take(const ParquetFile& file,
                                int64_t first_row_of_file,
                                const std::vector<Destination>& destinations,
                                const Piece& piece) {
  ParallelFor(
      static_cast<int64_t>(destinations.size()), threads, [&](int64_t place) {
        const Destination& to = destinations[place];
        const std::string name = to.numbers ? to.numbers->column.name
                                 : to.words ? to.words->name
                                            : "";
        const auto where = [&](int64_t row) {
          return Location{file.path(), row - first_row_of_file + 2, name};
        };
        if (to.numbers) {
          TakeNumbers(piece, place, to.numbers, where);
        } else if (to.words) {
          TakeWords(piece, place, to.form, to.words, where);
        } else {
          csv::GrowTo(piece.first_row + piece.rows, expected_rows, &row_hashes);
          uint64_t* out = row_hashes.data() + piece.first_row;
          for (const duckdb::Chunk& chunk : piece.chunks) {
            const auto* values = chunk.Values<uint64_t>(place);
            out = std::copy_n(values, chunk.rows(), out);
          }
        }
      });
}

void ParquetReader::State::ReadFile(const ParquetFile& file,
                                    int64_t first_row) {
  const std::vector<Destination> destinations = Destinations(file);
  if (destinations.empty()) return;
  duckdb::Answer answer = session.Query(Sql(file, destinations));
  if (!answer.error().empty()) file.ThrowDamaged(answer.error());
  int64_t rows = 0;
  for (bool more = true; more;) {
    StopIfInterrupted();
    Piece piece{.first_row = first_row + rows};
    while (piece.chunks.size() < kChunksAtOnce) {
      duckdb::Chunk chunk = answer.Next();
      more = static_cast<bool>(chunk);
      if (!more) break;
      piece.rows += chunk.rows();
      piece.chunks.push_back(std::move(chunk));
    }
    if (!answer.error().empty()) file.ThrowDamaged(answer.error());
    rows += piece.rows;
    if (rows > file.rows()) break;
    Take(file, first_row, destinations, piece);
    progress->Advance(piece.rows);
  }
  if (rows != file.rows()) {
    file.ThrowDamaged(
        fmt::format("it says it has {} rows, {} were read", file.rows(), rows));
  }
}

Table ParquetReader::State::Finish(std::vector<TableSource> sources) {
  Table table;
  table.set_header(header);
  table.set_rows(total_rows);
  table.set_sources(std::move(sources));
  if (options.count_duplicate_rows) {
    const csv::Duplicates found = csv::FindDuplicates(row_hashes, threads);
    table.set_duplicates(found.count, found.first, found.first_of);
  }
  for (const auto& target : words) {
    table.Add(target->words.column().Finish());
  }
  for (const auto& target : numbers) table.Add(std::move(target->column));
  return table;
}

Table ParquetReader::State::Read(const std::vector<ColumnRequest>& columns) {
  if (was_read) {
    throw Error(ErrorCode::kInternal, "{} was already read", files[0]->path());
  }
  was_read = true;
  AddTargets(columns);
  std::string title = "reading " + files[0]->path();
  if (files.size() > 1) title += fmt::format(" and {} more", files.size() - 1);
  progress = std::make_unique<Progress>(title, total_rows, "rows");

  std::vector<TableSource> sources;
  int64_t first_row = 0;
  for (const auto& file : files) {
    std::future<std::string> hash;
    if (options.hash_sources) {
      hash =
          std::async(threads > 1 ? std::launch::async : std::launch::deferred,
                     [path = file->path()] { return Sha256OfFile(path); });
    }
    ReadFile(*file, first_row);
    sources.push_back({file->path(), first_row, file->rows(),
                       hash.valid() ? hash.get() : std::string()});
    first_row += file->rows();
  }
  progress.reset();
  return Finish(std::move(sources));
}

ParquetReader::ParquetReader(const std::vector<std::string>& paths,
                             const CsvOptions& options)
    : state_(std::make_unique<State>(paths, options)) {}

ParquetReader::~ParquetReader() = default;

const std::vector<std::string>& ParquetReader::header() const {
  return state_->header;
}

const std::string& ParquetReader::name() const {
  return state_->files[0]->path();
}

ColumnNature ParquetReader::nature(const std::string& column) const {
  ColumnNature nature = ColumnNature::kNumbers;
  for (const auto& file : state_->files) {
    const ParquetColumn* found = file->Find(column);
    const int type = found == nullptr ? duckdb::kVarchar : found->type;
    if (!IsNumber(type)) return ColumnNature::kWords;
    if (type == duckdb::kBigInt || type == duckdb::kUBigInt ||
        type == duckdb::kHugeInt || type == duckdb::kUHugeInt) {
      nature = ColumnNature::kText;
    }
  }
  return nature;
}

Table ParquetReader::Read(const std::vector<ColumnRequest>& columns) {
  return state_->Read(columns);
}

}  // namespace plumbline
