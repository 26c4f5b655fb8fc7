#include "plumbline/table/csv.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "plumbline/base/thread_pool.h"
#include "plumbline/table/csv_duplicates.h"
#include "plumbline/table/csv_header.h"
#include "plumbline/table/csv_rows.h"
#include "plumbline/table/table_inputs.h"

namespace plumbline {
namespace {

char DelimiterOf(const std::string& name, const CsvOptions& options) {
  if (options.delimiter != 0) return options.delimiter;
  std::string lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  std::string_view stem = lower;
  for (const std::string_view suffix : {".gz", ".zst"}) {
    if (stem.ends_with(suffix)) stem.remove_suffix(suffix.size());
  }
  return stem.ends_with(".tsv") ? '\t' : ',';
}

}  // namespace

struct CsvReader::State {
  // A file whose header has been read once. Pipes stay open behind the header;
  // files are opened again when their rows are read.
  struct Input {
    std::string path;
    std::string name;
    char delimiter = ',';
    std::unique_ptr<csv::Source> source;
    std::vector<std::string> header;
  };

  explicit State(const CsvOptions& given)
      : options(given),
        threads(given.threads > 0 ? given.threads : DefaultThreads()),
        missing(given.missing) {}

  csv::SourceOptions source_options() const {
    return {.hash = options.hash_sources, .read_ahead = threads > 1};
  }

  // Reads the header of an input whose source is open.
  void AddInput(Input input);
  csv::RowReaderOptions ReaderOptions() const;
  // The rows of one input.
  void ReadInput(Input* input, const std::vector<std::string>& words,
                 const std::vector<std::string>& numbers,
                 csv::RowReader* reader);
  Table Read(const std::vector<ColumnRequest>& columns, size_t first,
             size_t last, bool keep_row_hashes);

  CsvOptions options;
  int threads;
  csv::MissingMarks missing;
  std::vector<Input> inputs;
  std::vector<std::string> paths;  // of the inputs
  std::vector<TableSource> sources;
  int64_t total_bytes = 0;
  bool sizes_known = true;
  bool was_read = false;
};

void CsvReader::State::AddInput(Input input) {
  input.name = input.source->name();
  input.delimiter = DelimiterOf(input.name, options);
  input.header = csv::ReadHeader(input.source.get(), input.delimiter);
  if (!inputs.empty()) {
    csv::MatchHeaders(inputs[0].name, inputs[0].header, input.name,
                      input.header);
  }
  const int64_t bytes = input.source->TotalBytes();
  total_bytes += bytes;
  sizes_known = sizes_known && bytes > 0;
  paths.push_back(input.path);
  inputs.push_back(std::move(input));
}

csv::RowReaderOptions CsvReader::State::ReaderOptions() const {
  csv::RowReaderOptions reader;
  reader.threads = threads;
  reader.hash_rows = options.count_duplicate_rows;
  reader.total_bytes = sizes_known ? total_bytes : 0;
  reader.title = "reading " + inputs[0].name;
  if (inputs.size() > 1) {
    reader.title += fmt::format(" and {} more", inputs.size() - 1);
  }
  return reader;
}

void CsvReader::State::ReadInput(Input* input,
                                 const std::vector<std::string>& words,
                                 const std::vector<std::string>& numbers,
                                 csv::RowReader* reader) {
  if (!input->source) {
    input->source = csv::OpenSource(input->path, source_options());
    if (csv::ReadHeader(input->source.get(), input->delimiter) !=
        input->header) {
      throw Error(ErrorCode::kInvalidInput, Location{input->name},
                  "the file changed while it was read; run again");
    }
  }
  const auto position = [&](const std::string& name) -> size_t {
    return std::find(input->header.begin(), input->header.end(), name) -
           input->header.begin();
  };
  csv::RowReader::FieldPositions positions;
  for (const std::string& name : words) {
    positions.words.push_back(position(name));
  }
  for (const std::string& name : numbers) {
    positions.numbers.push_back(position(name));
  }
  const csv::FileFacts facts{input->name, input->delimiter, input->header,
                             positions.numbers, &missing};
  const int64_t first_row = reader->rows();
  const int64_t rows = reader->ReadFile(input->source.get(), facts, positions);
  sources.push_back(
      {input->name, first_row, rows,
       options.hash_sources ? input->source->Sha256() : std::string()});
  input->source.reset();
}

Table CsvReader::State::Read(const std::vector<ColumnRequest>& columns,
                             size_t first, size_t last, bool keep_row_hashes) {
  if (was_read) {
    throw Error(ErrorCode::kInternal, "{} was already read", inputs[0].name);
  }
  was_read = true;
  const std::vector<std::string>& header = inputs[0].header;
  std::vector<std::string> words;
  std::vector<std::string> numbers;
  for (const ColumnRequest& column : columns) {
    if (std::find(header.begin(), header.end(), column.name) == header.end()) {
      ThrowNoSuchColumn(inputs[0].name, column.name, header);
    }
    std::vector<std::string>& names =
        column.kind == ColumnKind::kNumeric ? numbers : words;
    if (std::find(names.begin(), names.end(), column.name) == names.end()) {
      names.push_back(column.name);
    }
  }

  csv::RowReader reader(words, numbers, missing, ReaderOptions());
  for (size_t i = first; i < last; ++i) {
    ReadInput(&inputs[i], words, numbers, &reader);
  }

  Table table;
  table.set_header(header);
  table.set_rows(reader.rows());
  table.set_sources(std::move(sources));
  if (options.count_duplicate_rows && keep_row_hashes) {
    table.set_row_hashes(reader.TakeRowHashes());
  } else if (options.count_duplicate_rows) {
    const csv::Duplicates found =
        csv::FindDuplicates(reader.TakeRowHashes(), threads);
    table.set_duplicates(found.count, found.first, found.first_of);
  }
  for (CategoricalColumn& column : reader.TakeWords()) {
    table.Add(std::move(column));
  }
  for (NumericColumn& column : reader.TakeNumbers()) {
    table.Add(std::move(column));
  }
  return table;
}

CsvReader::CsvReader(const std::vector<std::string>& inputs,
                     const CsvOptions& options)
    : state_(std::make_unique<State>(options)) {
  for (const std::string& path : ExpandInputs(inputs)) {
    const bool can_reopen = csv::CanReopen(path);
    // Nothing is read ahead or hashed for the header alone.
    const csv::SourceOptions source_options =
        can_reopen ? csv::SourceOptions{} : state_->source_options();
    state_->AddInput(
        {.path = path, .source = csv::OpenSource(path, source_options)});
    if (can_reopen) state_->inputs.back().source.reset();
  }
}

CsvReader::~CsvReader() = default;

const std::vector<std::string>& CsvReader::header() const {
  return state_->inputs[0].header;
}

const std::string& CsvReader::name() const { return state_->inputs[0].name; }

const CsvOptions& CsvReader::options() const { return state_->options; }

Table CsvReader::Read(const std::vector<ColumnRequest>& columns) {
  return ReadFiles(columns, 0, state_->inputs.size(), false);
}

const std::vector<std::string>& CsvReader::files() const {
  return state_->paths;
}

int64_t CsvReader::FileBytes(size_t file) const {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(state_->paths[file], error);
  return error ? 0 : static_cast<int64_t>(bytes);
}

Table CsvReader::ReadFiles(const std::vector<ColumnRequest>& columns,
                           size_t first, size_t last, bool keep_row_hashes) {
  return state_->Read(columns, first, last, keep_row_hashes);
}

Table ReadCsvText(std::string_view text, const std::string& name,
                  const std::vector<ColumnRequest>& columns,
                  const CsvOptions& options) {
  CsvReader::State state(options);
  state.AddInput({.path = name, .source = csv::OpenText(text, name)});
  return state.Read(columns, 0, 1, false);
}

}  // namespace plumbline
