#include "plumbline/table/csv_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "plumbline/table/csv_columns.h"

namespace plumbline::csv {
namespace {

using ::testing::ElementsAre;

WordKey KeyOf(std::string_view word) {
  return MakeKey(word.data(), word.size(), word.data() + word.size());
}

TEST(MakeKey, IsTheSameWhateverStandsBehindTheWord) {
  for (size_t size = 0; size <= 20; ++size) {
    const std::string word(size, 'x');
    const std::string line = word + ",something else";
    const WordKey in_line =
        MakeKey(line.data(), size, line.data() + line.size());
    EXPECT_EQ(in_line.bits, KeyOf(word).bits) << size;
  }
}

TEST(WordDictionary, NumbersWordsOfAnyLengthInOrderOfInsertion) {
  WordDictionary words;
  std::string word;
  for (uint32_t size = 0; size < 40; ++size, word += 'x') {
    EXPECT_EQ(words.Find(KeyOf(word)), WordDictionary::kAbsent);
    EXPECT_EQ(words.Insert(KeyOf(word)), size);
    EXPECT_EQ(words.Insert(KeyOf(word)), size);
  }
  for (uint32_t size = 0; size < 40; ++size) {
    EXPECT_EQ(words.Word(size), std::string(size, 'x'));
    EXPECT_EQ(words.Find(words.Key(size)), size);
  }
}

TEST(WordDictionary, KeepsManyWordsApart) {
  WordDictionary words;
  const auto word = [](uint32_t i) {
    // Short and long words that differ in one place only.
    return (i % 2 == 0 ? "P" : "patient number ") + std::to_string(i / 2);
  };
  for (uint32_t i = 0; i < 50000; ++i) {
    ASSERT_EQ(words.Insert(KeyOf(word(i))), i);
  }
  for (uint32_t i = 0; i < 50000; ++i) {
    ASSERT_EQ(words.Find(KeyOf(word(i))), i);
  }
  EXPECT_EQ(words.TakeWords(49998), (std::vector{word(49998), word(49999)}));
  EXPECT_EQ(words.size(), 0u);
}

TEST(WordDictionary, ForgetsItsWords) {
  WordDictionary words;
  words.Insert(KeyOf("a"));
  words.Insert(KeyOf("a long word"));
  words.Clear();
  EXPECT_EQ(words.Find(KeyOf("a")), WordDictionary::kAbsent);
  EXPECT_EQ(words.Insert(KeyOf("a long word")), 0u);
}

TEST(WordColumn, IgnoresMissingMarksThatNoTableCanHold) {
  // Among them the bytes that a dictionary uses for itself.
  const MissingMarks marks({std::string("a\0", 2), "1234567\xFE", "\xFFNA"});
  EXPECT_FALSE(WordColumn("sex", marks).Find(KeyOf("a")).known);
}

TEST(WordColumn, GivesCodesInTheOrderOfRows) {
  const MissingMarks marks({"NA"});
  WordColumn column("sex", marks);
  EXPECT_EQ(column.Find(KeyOf("NA")).code, kMissingCode);
  EXPECT_EQ(column.Find(KeyOf("")).code, kMissingCode);

  ChunkWords first;
  first.codes = {kNewWord, kNewWord + 1};
  first.new_words.Insert(KeyOf("M"));
  first.new_words.Insert(KeyOf("F"));
  first.first_row = {0, 1};
  ChunkWords second;
  second.codes = {kNewWord + 1, kMissingCode, kNewWord};
  second.missing = 1;
  second.new_words.Insert(KeyOf("X"));
  second.new_words.Insert(KeyOf("F"));
  second.first_row = {4, 2};
  column.Merge(&first);
  column.Merge(&second);
  column.Resize(5, 0);
  column.Store(second, 2);
  column.Store(first, 0);

  const CategoricalColumn done = column.Finish();
  EXPECT_THAT(done.levels, ElementsAre("M", "F", "X"));
  EXPECT_THAT(done.first_row, ElementsAre(0, 1, 4));
  EXPECT_EQ(done.missing, 1);
  EXPECT_EQ(done.codes[2], 1u);
  EXPECT_EQ(done.codes[3], kMissingCode);
  EXPECT_EQ(done.codes[4], 2u);
}

}  // namespace
}  // namespace plumbline::csv
