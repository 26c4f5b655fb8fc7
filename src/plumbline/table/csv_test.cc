#include "plumbline/table/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>

#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;

const ColumnRequest kScore{"score", ColumnKind::kNumeric};
const ColumnRequest kSex{"sex", ColumnKind::kCategorical};

// The words of a column row by row; "-" is missing.
std::vector<std::string> WordsOf(const Table& table, const std::string& name) {
  const CategoricalColumn& column = table.Categorical(name);
  std::vector<std::string> words;
  for (size_t row = 0; row < column.codes.size(); ++row) {
    const uint32_t code = column.codes[row];
    words.push_back(code == kMissingCode ? "-" : column.levels[code]);
  }
  return words;
}

class CsvFiles : public ::testing::Test {
 protected:
  CsvFiles()
      : folder_(std::filesystem::temp_directory_path() /
                ("plumbline_csv_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~CsvFiles() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = (folder_ / name).string();
    WriteFile(path, text);
    return path;
  }

  std::filesystem::path folder_;
};

TEST(ReadCsvText, ReadsNumbersAndWords) {
  const Table table = ReadCsvText("id,score,sex\n1,0.25,F\n2,-3e2,M\n3,.5,F\n",
                                  "preds.csv", {kScore, kSex});
  EXPECT_EQ(table.rows(), 3);
  EXPECT_THAT(table.header(), ElementsAre("id", "score", "sex"));
  EXPECT_THAT(table.Numeric("score").values, ElementsAre(0.25, -300, 0.5));
  const CategoricalColumn& sex = table.Categorical("sex");
  EXPECT_THAT(sex.levels, ElementsAre("F", "M"));
  EXPECT_THAT(sex.first_row, ElementsAre(0, 1));
  EXPECT_THAT(WordsOf(table, "sex"), ElementsAre("F", "M", "F"));
  EXPECT_FALSE(table.HasCategorical("id"));
  EXPECT_EQ(table.sources()[0].file, "preds.csv");
  EXPECT_EQ(table.sources()[0].rows, 3);
}

TEST(ReadCsvText, TakesCarriageReturnsAndAByteOrderMark) {
  const Table table = ReadCsvText("\xEF\xBB\xBFsex,score\r\nF,1\r\nM,2\r\n",
                                  "preds.csv", {kScore, kSex});
  EXPECT_THAT(table.Numeric("score").values, ElementsAre(1, 2));
  EXPECT_THAT(WordsOf(table, "sex"), ElementsAre("F", "M"));
}

TEST(ReadCsvText, TakesALastRowWithoutALineEnd) {
  EXPECT_THAT(WordsOf(ReadCsvText("sex\nF\nM", "a.csv", {kSex}), "sex"),
              ElementsAre("F", "M"));
  EXPECT_THAT(WordsOf(ReadCsvText("sex\nF\n\"M\"", "a.csv", {kSex}), "sex"),
              ElementsAre("F", "M"));
}

TEST(ReadCsvText, TakesSeparatorsQuotesAndLineEndsInsideQuotes) {
  const Table table = ReadCsvText(
      "sex,score\n\"a,b\",1\n\"say \"\"x\"\"\",2\n\"two\r\nlines\",3\n"
      "\"\"\"\",\"4\"\n",
      "a.csv", {kScore, kSex});
  EXPECT_THAT(WordsOf(table, "sex"),
              ElementsAre("a,b", "say \"x\"", "two\r\nlines", "\""));
  EXPECT_THAT(table.Numeric("score").values, ElementsAre(1, 2, 3, 4));
}

TEST(ReadCsvText, GivesAQuotedAndAnUnquotedWordTheSameCode) {
  const Table table = ReadCsvText("sex\nF\n\"F\"\n", "a.csv", {kSex});
  EXPECT_THAT(table.Categorical("sex").levels, ElementsAre("F"));
}

TEST(ReadCsvText, TakesEmptyFieldsAndUnquotedMarksAsMissing) {
  const Table table =
      ReadCsvText("sex,score\nNA,NA\n,\n\"\",\"\"\nnan,N/A\n\"NA\",1\nNAN,2\n",
                  "a.csv", {kScore, kSex});
  EXPECT_THAT(WordsOf(table, "sex"),
              ElementsAre("-", "-", "-", "-", "NA", "NAN"));
  EXPECT_EQ(table.Categorical("sex").missing, 4);
  EXPECT_EQ(table.Numeric("score").missing, 4);
  EXPECT_TRUE(std::isnan(table.Numeric("score").values[0]));
  EXPECT_EQ(table.Numeric("score").values[4], 1);
}

TEST(ReadCsvText, TakesOtherMissingMarks) {
  CsvOptions options;
  options.missing = {"-999", "not available"};
  const Table table = ReadCsvText(
      "sex,score\nNA,-999\nnot available,-999.0\n-999,not available\n", "a.csv",
      {kScore, kSex}, options);
  EXPECT_THAT(WordsOf(table, "sex"), ElementsAre("NA", "-", "-"));
  EXPECT_EQ(table.Numeric("score").missing, 2);
  EXPECT_EQ(table.Numeric("score").values[1], -999);
}

TEST(ReadCsvText, IgnoresSpacesAroundNumbersButNotInWords) {
  const Table table = ReadCsvText("sex,score\n F, 1\nF ,2 \nF,  \nF, NA\n",
                                  "a.csv", {kScore, kSex});
  EXPECT_THAT(WordsOf(table, "sex"), ElementsAre(" F", "F ", "F", "F"));
  EXPECT_EQ(table.Numeric("score").values[0], 1);
  EXPECT_EQ(table.Numeric("score").values[1], 2);
  EXPECT_EQ(table.Numeric("score").missing, 2);
}

TEST(ReadCsvText, SeparatesTsvByTabs) {
  EXPECT_THAT(WordsOf(ReadCsvText("sex\tb\nF,G\tM\n", "a.TSV", {kSex}), "sex"),
              ElementsAre("F,G"));
  EXPECT_THAT(
      WordsOf(ReadCsvText("sex\tb\nF\tM\n", "a.txt", {kSex}, {'\t'}), "sex"),
      ElementsAre("F"));
}

TEST(ReadCsvText, TakesAnEmptyLineOfOneColumnAsMissing) {
  EXPECT_THAT(WordsOf(ReadCsvText("sex\nF\n\nM\n", "a.csv", {kSex}), "sex"),
              ElementsAre("F", "-", "M"));
}

TEST(ReadCsvText, ReadsAColumnAsWordsAndAsNumbersAtOnce) {
  const Table table =
      ReadCsvText("score\n1\n01\n", "a.csv",
                  {kScore, {"score", ColumnKind::kCategorical}, kScore});
  EXPECT_THAT(table.Numeric("score").values, ElementsAre(1, 1));
  EXPECT_THAT(WordsOf(table, "score"), ElementsAre("1", "01"));
}

TEST(ReadCsvText, ChecksTheStructureWhenNoColumnIsWanted) {
  EXPECT_EQ(ReadCsvText("a,b\n1,2\n3,4\n", "a.csv", {}).rows(), 2);
  EXPECT_THROW(ReadCsvText("a,b\n1,2\n3\n", "a.csv", {}), Error);
}

TEST(ReadCsvText, CountsRowsThatCopyAnEarlierOne) {
  CsvOptions options;
  options.count_duplicate_rows = true;
  const std::string text = "a,b\n1,2\n3,4\n3,4\n1,2\r\n5,6\n3,4";
  const Table table = ReadCsvText(text, "a.csv", {}, options);
  EXPECT_EQ(table.duplicate_rows(), 3);
  EXPECT_EQ(table.first_duplicate(), 2);
  EXPECT_EQ(table.first_duplicate_of(), 1);
  EXPECT_EQ(ReadCsvText(text, "a.csv", {}).duplicate_rows(), -1);
}

TEST(ReadCsvText, WidensCodesAsLevelsAppear) {
  std::string text = "sex\n";
  for (int i = 0; i < 300; ++i) text += std::to_string(i) + "\n";
  const Table small = ReadCsvText(text, "a.csv", {kSex});
  EXPECT_EQ(small.Categorical("sex").codes.width(), 2);
  // Enough for several slabs of one thread: codes that were stored in one byte
  // must survive the change.
  text = "sex\n\nfirst\n" + std::string(9'000'000, 'x') + "\n";
  for (int i = 0; i < 70000; ++i) text += std::to_string(i) + "\n";
  const Table large =
      ReadCsvText(text, "a.csv", {kSex}, CsvOptions{.threads = 1});
  const CategoricalColumn& column = large.Categorical("sex");
  EXPECT_EQ(column.codes.width(), 4);
  EXPECT_EQ(column.codes[0], kMissingCode);
  EXPECT_EQ(column.levels[column.codes[1]], "first");
  EXPECT_EQ(column.levels[column.codes[70002]], "69999");
}

TEST_F(CsvFiles, AreReadInTheOrderGivenWhateverTheOrderOfTheirColumns) {
  const std::string a = Write("a.csv", "sex,score\nF,1\n");
  const std::string b = Write("b.csv", "score,sex\n2,M\n3,F");
  CsvReader reader({b, a}, CsvOptions{.hash_sources = true});
  EXPECT_EQ(reader.name(), b);
  EXPECT_THAT(reader.header(), ElementsAre("score", "sex"));
  const Table table = reader.Read({kScore, kSex});
  EXPECT_THAT(table.Numeric("score").values, ElementsAre(2, 3, 1));
  EXPECT_THAT(WordsOf(table, "sex"), ElementsAre("M", "F", "F"));
  ASSERT_EQ(table.sources().size(), 2u);
  EXPECT_EQ(table.sources()[1].file, a);
  EXPECT_EQ(table.sources()[1].first_row, 2);
  EXPECT_EQ(table.sources()[1].rows, 1);
  EXPECT_EQ(table.sources()[1].sha256, Sha256("sex,score\nF,1\n"));
}

TEST_F(CsvFiles, AreFoundByPattern) {
  Write("part2.csv", "score\n2\n");
  Write("part1.csv", "score\n1\n");
  const Table table =
      CsvReader({(folder_ / "part*.csv").string()}).Read({kScore});
  EXPECT_THAT(table.Numeric("score").values, ElementsAre(1, 2));
}

TEST_F(CsvFiles, MayHaveWildcardsInTheirNames) {
  const std::string path = Write("part[1].csv", "score\n1\n");
  EXPECT_EQ(CsvReader({path}).Read({kScore}).rows(), 1);
}

TEST_F(CsvFiles, AreReadOnceOnly) {
  CsvReader reader({Write("a.csv", "score\n1\n")});
  reader.Read({kScore});
  EXPECT_THROW(reader.Read({kScore}), Error);
}

}  // namespace
}  // namespace plumbline
