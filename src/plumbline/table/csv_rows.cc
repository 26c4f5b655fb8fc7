#include "plumbline/table/csv_rows.h"

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/table/csv_header.h"

namespace plumbline::csv {
namespace {

// Large enough that starting a chunk costs nothing, small enough that a few
// chunks for each thread take little memory.
constexpr size_t kChunkBytes = 512 << 10;
constexpr size_t kChunksPerThread = 4;

size_t SlabBytes(int threads) {
  return std::clamp(kChunkBytes * kChunksPerThread * threads,
                    kChunksPerThread * kChunkBytes, kMaxRecordBytes);
}

// The place after the last line end outside quotes, or npos. `inside`: the text
// ends inside quotes.
size_t EndOfLastRecord(std::string_view text, bool inside) {
  for (size_t at = text.size(); at > 0; --at) {
    const char c = text[at - 1];
    if (c == '"') inside = !inside;
    if (c == '\n' && !inside) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<Chunk> CutIntoChunks(std::string_view text, size_t chunk_bytes,
                                 int64_t first_row, int threads) {
  const size_t pieces = (text.size() + chunk_bytes - 1) / chunk_bytes;
  std::vector<TextSummary> summaries(pieces);
  ParallelFor(static_cast<int64_t>(pieces), threads, [&](int64_t i) {
    const std::string_view piece = text.substr(i * chunk_bytes, chunk_bytes);
    summaries[i] = Summarize(piece.data(), piece.size());
  });

  // A chunk holds the records that end in its piece.
  std::vector<Chunk> chunks;
  size_t begin = 0;
  bool inside = false;
  for (size_t i = 0; i < pieces; ++i) {
    const TextSummary& summary = summaries[i];
    const int64_t rows =
        inside ? summary.newlines_inside : summary.newlines_outside;
    inside = inside != summary.odd_quotes;
    if (rows == 0) continue;
    const size_t start = i * chunk_bytes;
    const size_t end =
        start + EndOfLastRecord(text.substr(start, chunk_bytes), inside);
    chunks.push_back({text.substr(begin, end - begin), rows, first_row});
    first_row += rows;
    begin = end;
  }
  return chunks;
}

RowReader::RowReader(const std::vector<std::string>& words,
                     const std::vector<std::string>& numbers,
                     const MissingMarks& missing,
                     const RowReaderOptions& options)
    : missing_(missing), options_(options) {
  for (const std::string& name : words) words_.emplace_back(name, missing);
  for (const std::string& name : numbers) numbers_.push_back({name, {}, 0});
}

ParsePlan RowReader::MakePlan(const FileFacts& file,
                              const FieldPositions& positions) {
  ParsePlan plan;
  plan.delimiter = file.delimiter;
  plan.fields = file.header.size();
  plan.missing = &missing_;
  plan.row_hashes = options_.hash_rows ? &row_hashes_ : nullptr;
  for (size_t i = 0; i < words_.size(); ++i) {
    plan.words.push_back({positions.words[i], &words_[i]});
  }
  for (size_t i = 0; i < numbers_.size(); ++i) {
    plan.numbers.push_back({positions.numbers[i], &numbers_[i].values});
  }
  return plan;
}

int64_t RowReader::ReadFile(Source* source, const FileFacts& file,
                            const FieldPositions& positions) {
  const ParsePlan plan = MakePlan(file, positions);
  const int64_t first_row = rows_;
  const size_t slab_bytes = SlabBytes(options_.threads);
  size_t want = slab_bytes;
  while (true) {
    const std::string_view text = source->Peek(want).substr(0, want);
    if (text.empty()) break;
    const bool at_end = source->AtEnd() && source->Peek(want).size() <= want;
    // The header is row 1.
    const Excerpt slab{text, rows_ - first_row + 2, source->offset(), false};
    const std::vector<Chunk> chunks =
        CutIntoChunks(text, kChunkBytes, rows_, options_.threads);
    if (!chunks.empty()) {
      ReadSlab(plan, file, chunks, slab);
      const std::string_view last = chunks.back().text;
      source->Consume(last.data() + last.size() - text.data());
      want = slab_bytes;
    } else if (at_end) {
      ReadLastLine(plan, file, slab);
      source->Consume(text.size());
    } else if (want < kMaxRecordBytes) {
      want = std::min(2 * want, kMaxRecordBytes);
    } else {
      ThrowEndlessRecord(file, slab.first_row, kMaxRecordBytes);
    }
  }
  return rows_ - first_row;
}

void RowReader::ReadLastLine(const ParsePlan& plan, const FileFacts& file,
                             Excerpt slab) {
  // A text that ends with a line end and is no record ends inside quotes.
  if (slab.text.ends_with('\n')) ThrowFirstError(file, slab);
  const std::string line = std::string(slab.text) + '\n';
  slab.text = line;
  slab.line_end_added = true;
  const std::vector<Chunk> chunks = CutIntoChunks(line, line.size(), rows_, 1);
  if (chunks.empty()) ThrowFirstError(file, slab);
  ReadSlab(plan, file, chunks, slab);
}

void RowReader::ReadSlab(const ParsePlan& plan, const FileFacts& file,
                         const std::vector<Chunk>& chunks,
                         const Excerpt& slab) {
  const int64_t rows = chunks.back().first_row + chunks.back().rows;
  const std::string_view last = chunks.back().text;
  const int64_t bytes = last.data() + last.size() - slab.text.data();
  bytes_ += bytes;
  if (options_.total_bytes > 0) {
    const double rows_per_byte = static_cast<double>(rows) / bytes_;
    expected_rows_ = std::max(
        rows, static_cast<int64_t>(1.01 * rows_per_byte *
                                   static_cast<double>(options_.total_bytes)));
  }
  GrowNumbers(rows);
  ParseChunks(plan, file, chunks, slab);
  StoreWords(chunks, rows);
  Report(rows - rows_, bytes);
  rows_ = rows;
}

void RowReader::GrowNumbers(int64_t rows) {
  const int64_t columns = static_cast<int64_t>(numbers_.size());
  ParallelFor(columns + 1, options_.threads, [&](int64_t i) {
    if (i < columns) {
      GrowTo(rows, expected_rows_, &numbers_[i].values);
    } else if (options_.hash_rows) {
      GrowTo(rows, expected_rows_, &row_hashes_);
    }
  });
}

void RowReader::ParseChunks(const ParsePlan& plan, const FileFacts& file,
                            const std::vector<Chunk>& chunks,
                            const Excerpt& slab) {
  if (parsers_.size() < chunks.size()) parsers_.resize(chunks.size());
  std::vector<uint8_t> is_good(chunks.size());
  ParallelFor(static_cast<int64_t>(chunks.size()), options_.threads,
              [&](int64_t i) {
                is_good[i] = parsers_[i].Parse(plan, chunks[i]) ? 1 : 0;
              });
  for (size_t i = 0; i < chunks.size(); ++i) {
    if (is_good[i] == 0) {
      const size_t start = chunks[i].text.data() - slab.text.data();
      ThrowFirstError(
          file,
          {slab.text.substr(start),
           slab.first_row + chunks[i].first_row - chunks[0].first_row,
           slab.first_byte + static_cast<int64_t>(start), slab.line_end_added});
    }
    for (size_t column = 0; column < numbers_.size(); ++column) {
      numbers_[column].missing += parsers_[i].missing_numbers()[column];
    }
  }
}

void RowReader::StoreWords(const std::vector<Chunk>& chunks, int64_t rows) {
  ParallelFor(static_cast<int64_t>(words_.size()), options_.threads,
              [&](int64_t column) {
                for (size_t i = 0; i < chunks.size(); ++i) {
                  words_[column].Merge(&parsers_[i].words()[column]);
                }
                words_[column].Resize(rows, expected_rows_);
              });
  ParallelFor(static_cast<int64_t>(chunks.size()), options_.threads,
              [&](int64_t i) {
                for (size_t column = 0; column < words_.size(); ++column) {
                  words_[column].Store(parsers_[i].words()[column],
                                       chunks[i].first_row);
                }
              });
}

void RowReader::Report(int64_t rows, int64_t bytes) {
  if (!progress_) {
    // Nothing to report on when the first slab is all there is.
    if (options_.total_bytes > 0 && bytes * 2 > options_.total_bytes) return;
    progress_ =
        std::make_unique<Progress>(options_.title, expected_rows_, "rows");
  }
  progress_->Advance(rows);
}

std::vector<CategoricalColumn> RowReader::TakeWords() {
  parsers_ = {};
  std::vector<CategoricalColumn> columns;
  for (WordColumn& words : words_) columns.push_back(words.Finish());
  words_ = {};
  return columns;
}

std::vector<NumericColumn> RowReader::TakeNumbers() {
  return std::move(numbers_);
}

}  // namespace plumbline::csv
