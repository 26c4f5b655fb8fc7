#include "plumbline/table/shared_read.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

#include "plumbline/base/bytes.h"
#include "plumbline/base/error.h"
#include "plumbline/table/csv_duplicates.h"

namespace plumbline {
namespace {

std::string Pack(const Table& table) {
  ByteWriter writer;
  writer.Add(table.rows());
  writer.Add(static_cast<uint64_t>(table.sources().size()));
  for (const TableSource& source : table.sources()) {
    writer.Add(source.file);
    writer.Add(source.rows);
    writer.Add(source.sha256);
  }
  for (const CategoricalColumn& column : table.categorical()) {
    writer.Add(column.levels);
    writer.Add(column.first_row);
    writer.Add(column.missing);
    writer.Add(column.codes.width());
    std::visit([&writer](const auto& codes) { writer.Add(codes); },
               column.codes.storage());
  }
  for (const NumericColumn& column : table.numeric()) {
    writer.Add(column.missing);
    writer.Add(column.values);
  }
  writer.Add(table.row_hashes());
  return writer.Take();
}

CodeVector ReadCodes(ByteReader* reader) {
  switch (reader->Read<int>()) {
    case 1:
      return CodeVector(reader->Read<std::vector<uint8_t>>());
    case 2:
      return CodeVector(reader->Read<std::vector<uint16_t>>());
    default:
      return CodeVector(reader->Read<std::vector<uint32_t>>());
  }
}

// A column of words that grows by the parts of the processes.
class WordMerger {
 public:
  explicit WordMerger(const std::string& name) { column_.name = name; }

  void Add(ByteReader* reader, int64_t first_row) {
    const auto levels = reader->Read<std::vector<std::string>>();
    const auto rows = reader->Read<std::vector<int64_t>>();
    column_.missing += reader->Read<int64_t>();
    const CodeVector codes = ReadCodes(reader);
    std::vector<uint32_t> merged(levels.size());
    for (size_t level = 0; level < levels.size(); ++level) {
      const auto [place, is_new] = code_of_.emplace(
          levels[level], static_cast<uint32_t>(column_.levels.size()));
      merged[level] = place->second;
      if (!is_new) continue;
      column_.levels.push_back(levels[level]);
      column_.first_row.push_back(first_row + rows[level]);
    }
    for (size_t row = 0; row < codes.size(); ++row) {
      const uint32_t code = codes[row];
      codes_.push_back(code == kMissingCode ? kMissingCode : merged[code]);
    }
  }

  CategoricalColumn Take() {
    column_.codes =
        CodeVector::Pack(codes_, static_cast<uint32_t>(column_.levels.size()));
    return std::move(column_);
  }

 private:
  CategoricalColumn column_;
  std::vector<uint32_t> codes_;
  std::unordered_map<std::string, uint32_t> code_of_;
};

// Takes up the parts in the order of the processes.
class TableMerger {
 public:
  explicit TableMerger(const Table& own) : header_(own.header()) {
    for (const auto& column : own.categorical())
      words_.emplace_back(column.name);
    for (const auto& column : own.numeric())
      numbers_.push_back({column.name, {}, 0});
  }

  void Add(std::string_view part) {
    ByteReader reader(part);
    const int64_t rows = reader.Read<int64_t>();
    int64_t first_row = rows_;
    for (uint64_t i = reader.Read<uint64_t>(); i > 0; --i) {
      TableSource source;
      source.file = reader.Read<std::string>();
      source.first_row = first_row;
      source.rows = reader.Read<int64_t>();
      source.sha256 = reader.Read<std::string>();
      first_row += source.rows;
      sources_.push_back(std::move(source));
    }
    for (WordMerger& words : words_) words.Add(&reader, rows_);
    for (NumericColumn& numbers : numbers_) {
      numbers.missing += reader.Read<int64_t>();
      const auto values = reader.Read<std::vector<double>>();
      numbers.values.insert(numbers.values.end(), values.begin(), values.end());
    }
    const auto hashes = reader.Read<std::vector<uint64_t>>();
    hashes_.insert(hashes_.end(), hashes.begin(), hashes.end());
    rows_ += rows;
  }

  Table Take(bool count_duplicates, int threads) {
    Table table;
    table.set_header(std::move(header_));
    table.set_rows(rows_);
    table.set_sources(std::move(sources_));
    if (count_duplicates) {
      const csv::Duplicates found = csv::FindDuplicates(hashes_, threads);
      table.set_duplicates(found.count, found.first, found.first_of);
    }
    for (WordMerger& words : words_) table.Add(words.Take());
    for (NumericColumn& numbers : numbers_) table.Add(std::move(numbers));
    return table;
  }

 private:
  std::vector<std::string> header_;
  std::vector<WordMerger> words_;
  std::vector<NumericColumn> numbers_;
  std::vector<TableSource> sources_;
  std::vector<uint64_t> hashes_;
  int64_t rows_ = 0;
};

}  // namespace

std::vector<size_t> ShareFiles(const std::vector<int64_t>& bytes, int size) {
  const auto total = std::accumulate(bytes.begin(), bytes.end(), int64_t{0});
  std::vector<size_t> first(size + 1, bytes.size());
  int64_t before = 0;
  int rank = 0;
  for (size_t file = 0; file < bytes.size(); ++file) {
    // The process in whose share the middle of the file lies.
    const double middle = static_cast<double>(before) + 0.5 * bytes[file];
    const int owner =
        total == 0
            ? 0
            : std::min(size - 1, static_cast<int>(middle * size / total));
    while (rank <= owner) first[rank++] = file;
    before += bytes[file];
  }
  return first;
}

Table ReadTogether(Communicator& processes, CsvReader& reader,
                   const std::vector<ColumnRequest>& columns) {
  if (processes.size() == 1) return reader.Read(columns);
  std::vector<int64_t> bytes;
  for (size_t file = 0; file < reader.files().size(); ++file) {
    bytes.push_back(reader.FileBytes(file));
  }
  const std::vector<size_t> first = ShareFiles(bytes, processes.size());
  const int rank = processes.rank();
  Table own = reader.ReadFiles(columns, first[rank], first[rank + 1], true);
  TableMerger merger(own);
  const bool hashes = reader.options().count_duplicate_rows;
  std::string packed = Pack(own);
  own = Table();
  std::vector<std::string> parts = processes.AllGather(packed);
  packed = std::string();
  for (std::string& part : parts) {
    merger.Add(part);
    part = std::string();
  }
  return merger.Take(hashes, reader.options().threads);
}

}  // namespace plumbline
