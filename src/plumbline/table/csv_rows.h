// Reads the rows of files into columns, slab by slab and in parallel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plumbline/base/progress.h"
#include "plumbline/table/column.h"
#include "plumbline/table/csv_columns.h"
#include "plumbline/table/csv_diagnose.h"
#include "plumbline/table/csv_parse.h"
#include "plumbline/table/csv_source.h"

namespace plumbline::csv {

// Cuts text that begins with a record into chunks of whole records of about
// `chunk_bytes`. What follows the last line end is in no chunk. Rows are
// numbered from `first_row` of the table.
std::vector<Chunk> CutIntoChunks(std::string_view text, size_t chunk_bytes,
                                 int64_t first_row, int threads);

struct RowReaderOptions {
  int threads = 1;
  bool hash_rows = false;
  // Bytes of text in all files; 0: unknown. A guess is enough.
  int64_t total_bytes = 0;
  // Of the progress bar.
  std::string title;
};

class RowReader {
 public:
  // Columns by name, in the order of FieldPositions.
  RowReader(const std::vector<std::string>& words,
            const std::vector<std::string>& numbers,
            const MissingMarks& missing, const RowReaderOptions& options);

  // Where a file's records hold the columns.
  struct FieldPositions {
    std::vector<size_t> words;
    std::vector<size_t> numbers;
  };

  // Appends all rows of a file whose header has been read. Returns how many.
  //
  // Throws Error(kInvalidInput) for the first thing that is wrong with them.
  int64_t ReadFile(Source* source, const FileFacts& file,
                   const FieldPositions& positions);

  int64_t rows() const { return rows_; }
  std::vector<uint64_t> TakeRowHashes() { return std::move(row_hashes_); }
  std::vector<CategoricalColumn> TakeWords();
  std::vector<NumericColumn> TakeNumbers();

 private:
  ParsePlan MakePlan(const FileFacts& file, const FieldPositions& positions);
  // `slab` is what Excerpt::text begins with; its chunks are part of it.
  void ReadSlab(const ParsePlan& plan, const FileFacts& file,
                const std::vector<Chunk>& chunks, const Excerpt& slab);
  void ReadLastLine(const ParsePlan& plan, const FileFacts& file, Excerpt slab);
  void GrowNumbers(int64_t rows);
  void ParseChunks(const ParsePlan& plan, const FileFacts& file,
                   const std::vector<Chunk>& chunks, const Excerpt& slab);
  void StoreWords(const std::vector<Chunk>& chunks, int64_t rows);
  void Report(int64_t rows, int64_t bytes);

  const MissingMarks& missing_;
  const RowReaderOptions options_;
  std::vector<WordColumn> words_;
  std::vector<NumericColumn> numbers_;
  std::vector<uint64_t> row_hashes_;
  std::vector<ChunkParser> parsers_;
  int64_t rows_ = 0;
  int64_t bytes_ = 0;
  // Rows that the whole input may have; a little more than likely.
  int64_t expected_rows_ = 0;
  std::unique_ptr<Progress> progress_;
};

}  // namespace plumbline::csv
