#include "plumbline/table/npy_reader.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/table/typed_columns.h"

namespace plumbline {
namespace {

// A wider file is a matrix of features, not columns that a person names.
constexpr int64_t kMostColumns = 10000;
constexpr int64_t kRowsAtOnce = 1 << 16;

}  // namespace

NpyReader::NpyReader(const std::vector<NpyInput>& inputs,
                     const CsvOptions& options)
    : options_(options) {
  for (const NpyInput& input : inputs) {
    files_.push_back(std::make_unique<NpyFile>(input.path));
    const NpyFile& file = *files_.back();
    const NpyHeader& header = file.header();
    if (header.rows != rows()) {
      throw Error(ErrorCode::kInvalidInput,
                  "{} has {} rows and {} has {}; all files need the same rows "
                  "in the same order",
                  files_[0]->path(), rows(), file.path(), header.rows);
    }
    if (header.columns > kMostColumns) {
      throw Error(ErrorCode::kInvalidInput, Location{file.path()},
                  "has {} columns; a table takes up to {} from one file",
                  header.columns, kMostColumns);
    }
    for (int64_t i = 0; i < header.columns; ++i) {
      std::string name = input.column;
      if (header.has_columns) name += fmt::format("_{}", i);
      if (Find(name) != nullptr) {
        throw Error(ErrorCode::kInvalidInput, Location{file.path()},
                    "a column \"{}\" is already there, from {}; give another "
                    "name: NAME={}",
                    name, Find(name)->file->path(), file.path());
      }
      header_.push_back(name);
      columns_.push_back({&file, i});
    }
  }
}

const NpyReader::Column* NpyReader::Find(const std::string& name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  return found == header_.end() ? nullptr : &columns_[found - header_.begin()];
}

ColumnNature NpyReader::nature(const std::string& column) const {
  const NpyFile& file = *Find(column)->file;
  if (!file.holds_numbers()) return ColumnNature::kWords;
  return file.header().type != NpyType::kFloat && file.header().width == 8
             ? ColumnNature::kText
             : ColumnNature::kNumbers;
}

NumericColumn NpyReader::ReadNumbers(const std::string& name,
                                     const Column& column) const {
  const NpyFile& file = *column.file;
  if (!file.holds_numbers()) {
    throw Error(ErrorCode::kInvalidInput, Location{file.path(), 0, name},
                "holds {} ({}), and numbers are needed here; write it as "
                "numbers: array.astype(float)",
                file.header().type == NpyType::kBool ? "truth values" : "texts",
                file.header().descr);
  }
  const std::vector<double> missing = MissingNumbers(options_);
  NumericColumn numbers{.name = name};
  numbers.values.resize(rows());
  for (int64_t row = 0; row < rows(); ++row) {
    double value = file.Number(row, column.place);
    if (!std::isfinite(value) || !missing.empty()) {
      value =
          CheckedNumber(value, missing, Location{file.path(), row + 2, name});
    }
    numbers.values[row] = value;
    numbers.missing += std::isnan(value) ? 1 : 0;
  }
  return numbers;
}

CategoricalColumn NpyReader::ReadWords(const std::string& name,
                                       const Column& column) const {
  const csv::MissingMarks missing = MissingWords(options_);
  TypedWords words(name, missing);
  std::string last_element;
  std::string word;
  for (int64_t first = 0; first < rows(); first += kRowsAtOnce) {
    StopIfInterrupted();
    const int64_t end = std::min(first + kRowsAtOnce, rows());
    words.Begin(first, end - first);
    for (int64_t row = first; row < end; ++row) {
      const char* wrong = nullptr;
      // Labels and groups repeat.
      const std::string_view element = column.file->Element(row, column.place);
      if (row == 0 || element != last_element) {
        wrong = column.file->Word(row, column.place, &word);
        last_element = element;
      }
      if (wrong == nullptr) wrong = words.Add(word);
      if (wrong != nullptr) {
        throw Error(ErrorCode::kInvalidInput,
                    Location{column.file->path(), row + 2, name}, "{}", wrong);
      }
    }
    words.End(rows());
  }
  return words.column().Finish();
}

Table NpyReader::Read(const std::vector<ColumnRequest>& columns) const {
  Table table;
  table.set_header(header_);
  table.set_rows(rows());
  std::vector<TableSource> sources;
  for (const auto& file : files_) {
    sources.push_back(
        {file->path(), 0, rows(),
         options_.hash_sources ? Sha256OfFile(file->path()) : std::string()});
    for (size_t i = 0; i < header_.size(); ++i) {
      if (columns_[i].file == file.get()) {
        sources.back().columns.push_back(header_[i]);
      }
    }
  }
  table.set_sources(std::move(sources));
  for (const ColumnRequest& request : columns) {
    const Column* column = Find(request.name);
    if (column == nullptr) ThrowNoSuchColumn(name(), request.name, header_);
    if (request.kind == ColumnKind::kNumeric) {
      if (!table.HasNumeric(request.name)) {
        table.Add(ReadNumbers(request.name, *column));
      }
    } else if (!table.HasCategorical(request.name)) {
      table.Add(ReadWords(request.name, *column));
    }
  }
  return table;
}

}  // namespace plumbline
