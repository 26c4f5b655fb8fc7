// Columns while they are being read.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/table/column.h"
#include "plumbline/table/csv_dictionary.h"
#include "plumbline/table/csv_memory.h"
#include "plumbline/table/csv_number.h"

namespace plumbline::csv {

// Code of a word in one chunk of text: the code in the whole column,
// kMissingCode, or kNewWord + its place among the chunk's new words.
inline constexpr uint32_t kNewWord = uint32_t{1} << 31;

// A quoted field that reads like a missing mark ("NA" in quotes is Namibia) is
// kept apart from the mark by this first byte, which no UTF-8 text has.
inline constexpr char kQuotedMark = '\xFF';

// Longest word that a typed file may hold, as much as the longest record of
// text.
inline constexpr size_t kMaxWordBytes = size_t{64} << 20;

// Words that are looked up together, so that their places in a large dictionary
// are brought into the cache at the same time.
inline constexpr uint32_t kWordsAtOnce = 32;

// The words of one column in one chunk of text.
struct ChunkWords {
  std::vector<uint32_t> codes;     // one for each row
  WordDictionary new_words;        // not in the column before this slab
  std::vector<int64_t> first_row;  // of each new word, in the table
  int64_t missing = 0;
  std::vector<uint32_t> code_of_new_word;  // set by WordColumn::Merge

  void Clear();
};

// A column of words that grows slab by slab. Codes are given in the order of
// rows, whatever the order in which chunks are parsed.
class WordColumn {
 public:
  WordColumn(std::string name, const MissingMarks& missing);

  // The code of a word that was merged before; kMissingCode for a mark.
  struct Found {
    bool known;
    uint32_t code;
  };
  Found Find(const WordKey& key) const {
    const uint32_t entry = words_.Find(key);
    if (entry == WordDictionary::kAbsent) return {false, 0};
    return {true, entry < marks_ ? kMissingCode : entry - marks_};
  }
  const WordDictionary& dictionary() const { return words_; }

  // Takes up a chunk's new words; chunks must come in the order of rows.
  void Merge(ChunkWords* chunk);
  // Makes room for `rows` rows in all; `expected` is a guess of how many there
  // will be at the end, so that memory need not move.
  void Resize(size_t rows, size_t expected);
  // Writes a merged chunk's codes from row `first` on. Threads may store
  // different rows at the same time.
  void Store(const ChunkWords& chunk, size_t first);

  CategoricalColumn Finish();

 private:
  void Widen(size_t rows, size_t expected);

  std::string name_;
  WordDictionary words_;  // the marks, then the levels
  uint32_t marks_ = 0;
  std::vector<int64_t> first_row_;
  int64_t missing_ = 0;
  CodeVector::Storage codes_;
};

}  // namespace plumbline::csv
