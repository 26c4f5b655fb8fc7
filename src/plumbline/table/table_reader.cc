#include "plumbline/table/table_reader.h"

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/table/npy_reader.h"
#include "plumbline/table/parquet_reader.h"
#include "plumbline/table/shared_read.h"
#include "plumbline/table/table_inputs.h"

namespace plumbline {
namespace {

struct Inputs {
  TableKind kind = TableKind::kCsv;  // of the paths
  std::vector<std::string> paths;
  std::vector<NpyInput> arrays;
};

Inputs SortOut(const std::vector<std::string>& inputs) {
  Inputs sorted;
  std::vector<std::string> tables;
  for (const std::string& input : inputs) {
    const bool is_pattern = input.find_first_of("*?[") != std::string::npos;
    if (KindOf(input) == TableKind::kNpy && !is_pattern) {
      sorted.arrays.push_back(ParseNpyInput(input));
    } else {
      tables.push_back(input);
    }
  }
  if (tables.empty() && !sorted.arrays.empty()) return sorted;
  for (const std::string& path : ExpandInputs(tables)) {
    const TableKind kind = KindOf(path);
    if (kind == TableKind::kNpy) {
      sorted.arrays.push_back(ParseNpyInput(path));
      continue;
    }
    if (!sorted.paths.empty() && kind != sorted.kind) {
      throw Error(ErrorCode::kUsage,
                  "{} is a {} file and {} is {}; the files of one table are of "
                  "one kind (`plumbline convert` makes one from the other)",
                  sorted.paths[0], NameOf(sorted.kind), path, NameOf(kind));
    }
    sorted.kind = kind;
    sorted.paths.push_back(path);
  }
  return sorted;
}

std::vector<ColumnRequest> OfHeader(const std::vector<ColumnRequest>& columns,
                                    const std::vector<std::string>& header) {
  std::vector<ColumnRequest> found;
  for (const ColumnRequest& column : columns) {
    if (std::find(header.begin(), header.end(), column.name) != header.end()) {
      found.push_back(column);
    }
  }
  return found;
}

}  // namespace

struct TableReader::State {
  State(const std::vector<std::string>& inputs, const CsvOptions& given) {
    const Inputs sorted = SortOut(inputs);
    CsvOptions options = given;
    // A row that repeats need not repeat in the array beside it.
    if (!sorted.arrays.empty()) options.count_duplicate_rows = false;
    if (!sorted.paths.empty() && sorted.kind == TableKind::kParquet) {
      parquet = std::make_unique<ParquetReader>(sorted.paths, options);
      AddToHeader(parquet->header());
    } else if (!sorted.paths.empty()) {
      csv = std::make_unique<CsvReader>(sorted.paths, options);
      AddToHeader(csv->header());
    }
    if (!sorted.arrays.empty()) {
      npy = std::make_unique<NpyReader>(sorted.arrays, options);
      AddToHeader(npy->header());
    }
  }

  void AddToHeader(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (std::find(header.begin(), header.end(), name) != header.end()) {
        throw Error(ErrorCode::kInvalidInput,
                    "{} has a column \"{}\", and so has {}; give the array "
                    "another name: NAME={}",
                    main_name(), name, npy->name(), npy->name());
      }
    }
    header.insert(header.end(), names.begin(), names.end());
  }

  const std::string& main_name() const {
    return parquet ? parquet->name() : csv ? csv->name() : npy->name();
  }

  Table ReadMain(const std::vector<ColumnRequest>& columns) {
    if (parquet) return parquet->Read(columns);
    return processes ? ReadTogether(*processes, *csv, columns)
                     : csv->Read(columns);
  }

  Table Read(const std::vector<ColumnRequest>& columns);

  std::unique_ptr<CsvReader> csv;
  std::unique_ptr<ParquetReader> parquet;
  std::unique_ptr<NpyReader> npy;
  std::vector<std::string> header;
  Communicator* processes = nullptr;
};

Table TableReader::State::Read(const std::vector<ColumnRequest>& columns) {
  for (const ColumnRequest& column : columns) {
    if (std::find(header.begin(), header.end(), column.name) == header.end()) {
      ThrowNoSuchColumn(main_name(), column.name, header);
    }
  }
  if (!npy) return ReadMain(columns);
  Table arrays = npy->Read(OfHeader(columns, npy->header()));
  if (!csv && !parquet) return arrays;
  const auto& main_header = parquet ? parquet->header() : csv->header();
  Table table = ReadMain(OfHeader(columns, main_header));
  if (table.rows() != arrays.rows()) {
    throw Error(ErrorCode::kInvalidInput,
                "{} has {} rows and {} has {}; all files need the same rows in "
                "the same order",
                main_name(), table.rows(), npy->name(), arrays.rows());
  }
  table.set_header(header);
  std::vector<TableSource> sources = table.sources();
  sources.insert(sources.end(), arrays.sources().begin(),
                 arrays.sources().end());
  table.set_sources(std::move(sources));
  for (const std::string& name : npy->header()) {
    if (arrays.HasCategorical(name)) table.Add(arrays.TakeCategorical(name));
    if (arrays.HasNumeric(name)) table.Add(arrays.TakeNumeric(name));
  }
  return table;
}

TableReader::TableReader(const std::vector<std::string>& inputs,
                         const CsvOptions& options)
    : state_(std::make_unique<State>(inputs, options)) {}

TableReader::~TableReader() = default;

const std::vector<std::string>& TableReader::header() const {
  return state_->header;
}

const std::string& TableReader::name() const { return state_->main_name(); }

ColumnNature TableReader::nature(const std::string& column) const {
  if (state_->parquet) {
    const auto& header = state_->parquet->header();
    if (std::find(header.begin(), header.end(), column) != header.end()) {
      return state_->parquet->nature(column);
    }
  }
  if (state_->npy) {
    const auto& header = state_->npy->header();
    if (std::find(header.begin(), header.end(), column) != header.end()) {
      return state_->npy->nature(column);
    }
  }
  return ColumnNature::kText;
}

Table TableReader::Read(const std::vector<ColumnRequest>& columns,
                        Communicator* processes) {
  state_->processes = processes;
  return state_->Read(columns);
}

}  // namespace plumbline
