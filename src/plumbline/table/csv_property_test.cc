// Tables written at random and read back.
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>
// rapidcheck's header needs gtest's before it.
#include <rapidcheck/gtest.h>

#include "plumbline/base/text.h"
#include "plumbline/table/csv.h"
#include "plumbline/table/csv_duplicates.h"
#include "plumbline/table/csv_rows.h"

namespace plumbline {
namespace {

// Words that try every rule: separators, quotes, line ends, spaces, missing
// marks, characters of several bytes, lengths around that of a dictionary key.
rc::Gen<std::string> AnyWord() {
  return rc::gen::oneOf(
      rc::gen::element<std::string>("", "NA", "F", "M", "\"", ",", "\n", "\r",
                                    "\r\n", "\"\"", "Z\xC3\xBCrich", "12345678",
                                    "123456789", " x ", "\xF0\x9F\x92\x89"),
      rc::gen::container<std::string>(
          rc::gen::element('a', 'b', ',', '"', '\n', '\r', ' ', '\t')),
      rc::gen::map(rc::gen::inRange(0, 2000),
                   [](int i) { return "subject " + std::to_string(i); }));
}

std::string Quoted(const std::string& word) {
  std::string quoted = "\"";
  for (const char c : word) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

// A column of words, one of numbers, and how they are spelt.
struct WrittenTable {
  std::vector<std::string> words;  // "" is missing
  std::vector<double> numbers;
  std::string line_end = "\n";
  std::string text;

  void Begin() { text += "word,\"number\"" + line_end; }

  void Add(const std::string& word, double number, bool quote) {
    words.push_back(word);
    numbers.push_back(number);
    const std::string digits = fmt::format("{}", number);
    if (quote || word == "NA") {
      text += Quoted(word);
    } else {
      AppendCsvField(word, &text);
    }
    text += "," + (quote ? Quoted(digits) : digits) + line_end;
  }
};

// A table in any spelling.
WrittenTable AnyTable() {
  const auto words = *rc::gen::nonEmpty(
      rc::gen::container<std::vector<std::string>>(AnyWord()));
  WrittenTable table;
  if (*rc::gen::arbitrary<bool>()) table.line_end = "\r\n";
  if (*rc::gen::arbitrary<bool>()) table.text = "\xEF\xBB\xBF";
  table.Begin();
  for (const std::string& word : words) {
    table.Add(word, *rc::gen::arbitrary<int>() / 1000.0,
              *rc::gen::arbitrary<bool>());
  }
  if (*rc::gen::arbitrary<bool>()) {
    table.text.resize(table.text.size() - table.line_end.size());
  }
  return table;
}

const std::vector<ColumnRequest> kColumns = {{"word", ColumnKind::kCategorical},
                                             {"number", ColumnKind::kNumeric}};

// How a table differs from what was written; "" if it does not.
std::string Difference(const Table& table, const WrittenTable& expected) {
  const CategoricalColumn& words = table.Categorical("word");
  if (table.rows() != static_cast<int64_t>(expected.words.size())) {
    return fmt::format("{} rows", table.rows());
  }
  if (table.Numeric("number").values != expected.numbers) return "numbers";
  int64_t missing = 0;
  uint32_t known = 0;
  for (size_t row = 0; row < expected.words.size(); ++row) {
    const uint32_t code = words.codes[row];
    const std::string word = code == kMissingCode ? "" : words.levels[code];
    if (word != expected.words[row]) return fmt::format("word {}", row);
    if (code == kMissingCode) {
      ++missing;
      continue;
    }
    // Codes are numbered by first appearance.
    if (code > known) return fmt::format("code {} of row {}", code, row);
    if (code < known) continue;
    if (words.first_row[code] != static_cast<int64_t>(row)) {
      return fmt::format("first row of code {}", code);
    }
    ++known;
  }
  if (known != words.levels.size()) return "levels without rows";
  return missing == words.missing ? "" : "missing";
}

RC_GTEST_PROP(Csv, GivesBackEveryTableInEverySpelling, ()) {
  const WrittenTable table = AnyTable();
  RC_ASSERT(Difference(ReadCsvText(table.text, "a.csv", kColumns), table) ==
            "");
}

RC_GTEST_PROP(CutIntoChunks, KeepsEveryRecordWholeWhateverTheChunkSize, ()) {
  const WrittenTable table = AnyTable();
  const std::string& text = table.text;
  const size_t bytes = *rc::gen::inRange<size_t>(1, 300);
  const std::vector<csv::Chunk> whole =
      csv::CutIntoChunks(text, text.size(), 5, 1);
  const std::vector<csv::Chunk> chunks = csv::CutIntoChunks(text, bytes, 5, 2);
  std::string joined;
  int64_t row = 5;
  for (const csv::Chunk& chunk : chunks) {
    RC_ASSERT(chunk.first_row == row);
    // Alone, a chunk is a text with as many records.
    const std::vector<csv::Chunk> alone =
        csv::CutIntoChunks(chunk.text, chunk.text.size(), row, 1);
    RC_ASSERT(alone.size() == 1u);
    RC_ASSERT(alone[0].text == chunk.text);
    RC_ASSERT(alone[0].rows == chunk.rows);
    joined += chunk.text;
    row += chunk.rows;
  }
  RC_ASSERT(whole.size() == 1u);
  RC_ASSERT(joined == whole[0].text);
  RC_ASSERT(row == 5 + whole[0].rows);
}

// Ruins one byte of a good table: whatever comes of it, a table or a message,
// is the same for any number of threads.
std::string OutcomeOf(const std::string& text, int threads) {
  try {
    const CsvOptions options{.threads = threads, .count_duplicate_rows = true};
    const Table table = ReadCsvText(text, "a.csv", kColumns, options);
    const CategoricalColumn& words = table.Categorical("word");
    std::string outcome = fmt::format("{} {} {}", table.rows(), words.missing,
                                      table.duplicate_rows());
    for (const std::string& level : words.levels) outcome += "|" + level;
    for (size_t row = 0; row < words.codes.size(); ++row) {
      outcome += fmt::format(",{}", words.codes[row]);
    }
    return outcome;
  } catch (const Error& error) {
    RC_ASSERT(error.code() == ErrorCode::kInvalidInput);
    return error.what();
  }
}

RC_GTEST_PROP(Csv, SaysTheSameOfAnyTextOnAnyNumberOfThreads, ()) {
  WrittenTable table = AnyTable();
  const size_t at = *rc::gen::inRange<size_t>(0, table.text.size());
  table.text[at] =
      *rc::gen::element('"', ',', '\n', '\r', '\0', 'x', '\x80', '\xE9');
  RC_ASSERT(OutcomeOf(table.text, 1) == OutcomeOf(table.text, 3));
}

// More text than the slabs of 1, 2 and 3 threads, with quoted line ends and
// words that first appear anywhere.
TEST(Csv, IsTheSameForAnyNumberOfThreadsWhenThereAreManyChunks) {
  std::mt19937 random(1);
  WrittenTable table;
  table.Begin();
  while (table.text.size() < size_t{13} << 20) {
    const uint32_t draw = random();
    std::string word = "site " + std::to_string(draw % 7);
    if (draw % 11 == 0) word = "NA";
    if (draw % 13 == 0) word = "";
    if (draw % 5 == 0) word = "P" + std::to_string(table.words.size() / 3);
    if (draw % 17 == 0) word = "two\nlines, \"" + std::to_string(draw % 1000);
    table.Add(word, draw / 1e6, draw % 3 == 0);
  }
  for (const int threads : {1, 2, 3}) {
    EXPECT_EQ(Difference(ReadCsvText(table.text, "a.csv", kColumns,
                                     CsvOptions{.threads = threads}),
                         table),
              "");
  }
}

RC_GTEST_PROP(FindDuplicates, CountsWhatAPlainSearchCounts,
              (const std::vector<uint8_t>& values)) {
  // As many rows as it takes to be searched in several parts.
  static const std::vector<uint64_t> distinct_hashes = [] {
    std::vector<uint64_t> many(150000);
    for (uint64_t i = 0; i < many.size(); ++i) {
      many[i] = i * 0x9E3779B97F4A7C15;
    }
    return many;
  }();
  std::vector<uint64_t> hashes = distinct_hashes;
  const int64_t distinct = static_cast<int64_t>(hashes.size());
  int64_t first = -1;
  for (const uint8_t value : values) {
    if (first < 0) first = value;
    hashes.push_back(hashes[value]);
  }
  const csv::Duplicates found = csv::FindDuplicates(hashes, 2);
  RC_ASSERT(found.count == static_cast<int64_t>(values.size()));
  RC_ASSERT(found.first == (values.empty() ? -1 : distinct));
  RC_ASSERT(found.first_of == first);
}

}  // namespace
}  // namespace plumbline
