// Whole records to typed columns, fast. What is wrong is only noticed here;
// csv_diagnose.h finds the words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/table/csv_columns.h"
#include "plumbline/table/csv_number.h"
#include "plumbline/table/csv_scan.h"

namespace plumbline::csv {

// The columns of one file that are read, and where they go.
struct ParsePlan {
  struct Words {
    size_t field;  // position in the file's records
    WordColumn* column;
  };
  struct Numbers {
    size_t field;
    std::vector<double>* values;  // of the whole table
  };

  char delimiter = ',';
  size_t fields = 0;  // in every record
  std::vector<Words> words;
  std::vector<Numbers> numbers;
  const MissingMarks* missing = nullptr;
  std::vector<uint64_t>* row_hashes = nullptr;  // of the whole table, or null
};

// Consecutive records, which end in a line end.
struct Chunk {
  std::string_view text;
  int64_t rows = 0;
  int64_t first_row = 0;  // in the table
};

// Parses chunks, one at a time; keeps its buffers from one to the next.
class ChunkParser {
 public:
  // Reads the chunk's numbers (and row hashes) into their columns, which have
  // room, and its words into words(). False if something is wrong with the
  // text.
  bool Parse(const ParsePlan& plan, const Chunk& chunk);

  // One for each of the plan's columns.
  std::vector<ChunkWords>& words() { return words_; }
  const std::vector<int64_t>& missing_numbers() const {
    return missing_numbers_;
  }

 private:
  // Records whose fields are known. Field i ends at ends[i] and begins behind
  // ends[i - 1]; ends[-1] exists.
  struct Rows {
    const char* text;
    const char* limit;     // end of the memory that may be read
    const uint32_t* ends;  // positions in text
    size_t count;
    int64_t first;           // row of the table
    int64_t first_in_chunk;  // the same, counted from the chunk's first row
  };

  bool ParseRows(const ParsePlan& plan, const Rows& rows);
  bool ReadWords(const ParsePlan& plan, size_t which, const Rows& rows);
  bool ReadNumbers(const ParsePlan& plan, size_t which, const Rows& rows);
  void HashRows(const ParsePlan& plan, const Rows& rows) const;
  // A word before it is looked up.
  struct PendingWord {
    WordKey key;
    bool quoted;      // the key is what is between the quotes
    bool has_quotes;  // ... and holds quotes, each written twice
  };

  uint32_t CodeOf(const WordKey& key, const WordColumn& column, int64_t row,
                  ChunkWords* out);
  uint32_t CodeOfQuoted(const PendingWord& word, const WordColumn& column,
                        int64_t row, ChunkWords* out);

  std::vector<CharacterMasks> masks_;
  std::vector<uint32_t> ends_;
  std::vector<ChunkWords> words_;
  std::vector<int64_t> missing_numbers_;
  std::string unquoted_;
};

}  // namespace plumbline::csv
