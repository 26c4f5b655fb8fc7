#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/table/duckdb_session.h"
#include "plumbline/table/output_table.h"
#include "plumbline/table/parquet_reader.h"
#include "plumbline/table/table_reader.h"

namespace plumbline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNan;

// Skips where DuckDB's library is not present.
class Parquet : public testing::Test {
 protected:
  void SetUp() override {
    try {
      duckdb::Load();
    } catch (const Error& error) {
      GTEST_SKIP() << "not present: " << error.what();
    }
    folder_ = std::filesystem::path(testing::TempDir()) /
              ("parquet-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override {
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }

  std::string Path(const std::string& name) const {
    return (folder_ / name).string();
  }
  std::string Write(const std::string& name, const std::string& bytes) const {
    WriteFile(Path(name), bytes);
    return Path(name);
  }
  // A file as DuckDB itself writes the rows of a query.
  std::string WriteQuery(const std::string& name, const std::string& sql,
                         const std::string& options = "") const {
    duckdb::Session session(1);
    duckdb::Answer answer = session.Query("COPY (" + sql + ") TO " +
                                          duckdb::QuotedText(Path(name)) +
                                          " (FORMAT parquet" + options + ")");
    while (answer.Next()) {
    }
    EXPECT_EQ(answer.error(), "");
    return Path(name);
  }

  std::filesystem::path folder_;
};

std::string ReadMessage(const std::vector<std::string>& paths,
                        const std::vector<ColumnRequest>& columns) {
  try {
    TableReader(paths).Read(columns);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "";
}

std::vector<std::string> WordsOf(const Table& table, const std::string& name) {
  const CategoricalColumn& column = table.Categorical(name);
  std::vector<std::string> words;
  for (size_t row = 0; row < column.codes.size(); ++row) {
    const uint32_t code = column.codes[row];
    words.push_back(code == kMissingCode ? "<missing>" : column.levels[code]);
  }
  return words;
}

Table ReadWords(const std::string& path, const std::string& column) {
  return TableReader({path}).Read({{column, ColumnKind::kCategorical}});
}

TEST_F(Parquet, GivesBackWhatWasWritten) {
  const std::string csv = Write("t.csv",
                                "id,sex,score,\"odd \"\"name\"\"\",Age\n"
                                "007,F,0.25,\"NA\",\n"
                                "008,,1e-300,a word of more than twelve "
                                "bytes,64\n"
                                "009,M,-3,\"x,\ny\",NA\n");
  TableReader reader({csv});
  const std::string path =
      Write("t.parquet", ToParquet(ReadForOutput(&reader)));
  TableReader again({path});
  EXPECT_THAT(again.header(),
              ElementsAre("id", "sex", "score", "odd \"name\"", "Age"));
  const OutputTable table = ReadForOutput(&again);
  EXPECT_TRUE(std::holds_alternative<CategoricalColumn>(table.columns[0]));
  EXPECT_TRUE(std::holds_alternative<NumericColumn>(table.columns[4]));
  EXPECT_EQ(ToCsv(table, ',', {"NA"}),
            "id,sex,score,\"odd \"\"name\"\"\",Age\n"
            "007,F,0.25,\"NA\",\n"
            "008,,1e-300,a word of more than twelve bytes,64\n"
            "009,M,-3,\"x,\ny\",\n");
}

TEST_F(Parquet, GivesTheSameForAnyNumberOfThreads) {
  const std::string path = WriteQuery(
      "t.parquet",
      "SELECT range AS i, hash(range) % 1000 AS h, 'word ' || (range % 70000) "
      "AS w, CASE WHEN range % 7 > 0 THEN range / 3 END AS x FROM "
      "range(80000)",
      ", ROW_GROUP_SIZE 20000");
  CsvOptions options;
  options.hash_sources = true;
  options.count_duplicate_rows = true;
  for (const int threads : {1, 4}) {
    options.threads = threads;
    const Table table = TableReader({path}, options)
                            .Read({{"i", ColumnKind::kNumeric},
                                   {"w", ColumnKind::kCategorical},
                                   {"h", ColumnKind::kCategorical},
                                   {"x", ColumnKind::kNumeric}});
    ASSERT_EQ(table.rows(), 80000);
    const auto& numbers = table.Numeric("i").values;
    const auto& words = table.Categorical("w");
    ASSERT_EQ(words.levels.size(), 70000u);
    EXPECT_EQ(table.Categorical("h").levels.size(), 1000u);
    EXPECT_EQ(table.Numeric("x").missing, 11429);
    EXPECT_EQ(words.codes.width(), 4);
    for (int64_t row = 0; row < table.rows(); ++row) {
      ASSERT_EQ(numbers[row], row);
      ASSERT_EQ(words.codes[row], row % 70000);
    }
    EXPECT_EQ(words.first_row[69999], 69999);
    EXPECT_EQ(table.duplicate_rows(), 0);
    EXPECT_EQ(table.sources()[0].sha256, Sha256OfFile(path));
  }
}

TEST_F(Parquet, CountsRowsThatAreCopies) {
  const std::string path = WriteQuery(
      "t.parquet", "SELECT range % 3 AS a, 'b' AS b, NULL AS c FROM range(5)");
  CsvOptions options;
  options.count_duplicate_rows = true;
  const Table table = TableReader({path}, options).Read({});
  EXPECT_EQ(table.duplicate_rows(), 2);
  EXPECT_EQ(table.first_duplicate(), 3);
  EXPECT_EQ(table.first_duplicate_of(), 0);
}

TEST_F(Parquet, HoldsNumbersOfEveryType) {
  const std::string path = WriteQuery(
      "t.parquet",
      "SELECT 1::TINYINT a, 2::USMALLINT b, 3::BIGINT c, 0.1::FLOAT d, "
      "0.1::DOUBLE e, 1.50::DECIMAL(5,2) f, 'NaN'::DOUBLE g, NULL::INTEGER h");
  TableReader reader({path});
  std::vector<ColumnRequest> requests;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    requests.push_back({name, ColumnKind::kNumeric});
    requests.push_back({name, ColumnKind::kCategorical});
  }
  EXPECT_EQ(reader.nature("a"), ColumnNature::kNumbers);
  EXPECT_EQ(reader.nature("c"), ColumnNature::kText);
  const Table table = reader.Read(requests);
  EXPECT_EQ(table.Numeric("a").values[0], 1);
  EXPECT_EQ(table.Numeric("b").values[0], 2);
  EXPECT_EQ(table.Numeric("c").values[0], 3);
  EXPECT_EQ(table.Numeric("d").values[0], 0.1F);
  EXPECT_EQ(table.Numeric("e").values[0], 0.1);
  EXPECT_EQ(table.Numeric("f").values[0], 1.5);
  EXPECT_THAT(table.Numeric("g").values, ElementsAre(IsNan()));
  EXPECT_THAT(table.Numeric("h").values, ElementsAre(IsNan()));
  EXPECT_THAT(WordsOf(table, "c"), ElementsAre("3"));
  EXPECT_THAT(WordsOf(table, "d"), ElementsAre("0.1"));
  EXPECT_THAT(WordsOf(table, "e"), ElementsAre("0.1"));
  EXPECT_THAT(WordsOf(table, "f"), ElementsAre("1.50"));
  EXPECT_THAT(WordsOf(table, "g"), ElementsAre("<missing>"));
}

TEST_F(Parquet, HoldsWordsOfEveryType) {
  const std::string path = WriteQuery(
      "t.parquet",
      "SELECT true a, DATE '2020-01-31' b, 1::DOUBLE c, ''::VARCHAR d, "
      "'NA' e, 'F'::BLOB f");
  EXPECT_THAT(WordsOf(ReadWords(path, "a"), "a"), ElementsAre("true"));
  EXPECT_THAT(WordsOf(ReadWords(path, "b"), "b"), ElementsAre("2020-01-31"));
  EXPECT_THAT(WordsOf(ReadWords(path, "c"), "c"), ElementsAre("1"));
  EXPECT_THAT(WordsOf(ReadWords(path, "d"), "d"), ElementsAre("<missing>"));
  EXPECT_THAT(WordsOf(ReadWords(path, "e"), "e"), ElementsAre("NA"));
  EXPECT_THAT(WordsOf(ReadWords(path, "f"), "f"), ElementsAre("F"));
}

TEST_F(Parquet, TakesChosenMarksForMissing) {
  const std::string path =
      WriteQuery("t.parquet", "SELECT 'NA' w, -9::DOUBLE x");
  CsvOptions options;
  options.missing = {"NA", "-9"};
  options.missing_was_chosen = true;
  const Table table =
      TableReader({path}, options)
          .Read({{"w", ColumnKind::kCategorical}, {"x", ColumnKind::kNumeric}});
  EXPECT_EQ(table.Categorical("w").missing, 1);
  EXPECT_EQ(table.Numeric("x").missing, 1);
}

TEST_F(Parquet, JoinsFilesWithTheSameColumns) {
  const std::string a =
      WriteQuery("a1.parquet", "SELECT 1 AS x, 'F' AS s, 0.5 AS z");
  const std::string b =
      WriteQuery("a2.pq", "SELECT 'M' AS s, 2.5 AS x, 0.5 AS z");
  const Table table =
      TableReader({Path("a*")})
          .Read({{"x", ColumnKind::kNumeric}, {"s", ColumnKind::kCategorical}});
  EXPECT_THAT(table.Numeric("x").values, ElementsAre(1, 2.5));
  EXPECT_THAT(WordsOf(table, "s"), ElementsAre("F", "M"));
  EXPECT_EQ(ToString(table.Where(1, "x")), b + ", row 2, column \"x\"");
  const std::string c = WriteQuery("c.parquet", "SELECT 1 AS y");
  EXPECT_THAT(ReadMessage({a, c}, {}), HasSubstr("has no column \"x\""));
}

TEST_F(Parquet, IsNotTakenForAPatternOrAPartition) {
  std::filesystem::create_directories(folder_ / "sex=F");
  const std::string path = WriteQuery("sex=F/a[1]'s.parquet", "SELECT 1 AS x");
  EXPECT_THAT(TableReader({path}).header(), ElementsAre("x"));
}

TEST_F(Parquet, TellsNamesApartThatDifferInCapitals) {
  OutputTable table{.rows = 1};
  table.columns.emplace_back(NumericColumn{"Age", {1}, 0});
  table.columns.emplace_back(NumericColumn{"age", {2}, 0});
  try {
    ToParquet(table);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "columns \"Age\" and \"age\" differ in capital letters alone, "
                 "which DuckDB cannot tell apart; rename one, or leave it out "
                 "with --columns");
  }
}

TEST_F(Parquet, IsRefusedWithRowAndColumn) {
  const std::string path = WriteQuery(
      "t.parquet",
      "SELECT 1 AS y, 'F' AS sex, [1] AS l, CASE WHEN range = 3000 THEN "
      "'inf'::DOUBLE ELSE 0 END AS x, CASE WHEN range = 2500 THEN 'a' || "
      "chr(0) "
      "ELSE 'a' END AS n FROM range(5000)");
  EXPECT_EQ(ReadMessage({path}, {{"x", ColumnKind::kNumeric}}),
            path +
                ", row 3002, column \"x\": \"inf\" is not a finite number; "
                "a missing value is written as null or NaN");
  EXPECT_EQ(ReadMessage({path}, {{"n", ColumnKind::kCategorical}}),
            path +
                ", row 2502, column \"n\": holds a NUL byte, which is no "
                "text");
  EXPECT_EQ(ReadMessage({path}, {{"sex", ColumnKind::kNumeric}}),
            path +
                ", column \"sex\": holds words (VARCHAR), and numbers are "
                "needed here; write it as a column of numbers (DOUBLE)");
  EXPECT_EQ(ReadMessage({path}, {{"l", ColumnKind::kCategorical}}),
            path +
                ", column \"l\": holds lists, and one word or number a row "
                "is needed here; write it as a column of its own");
  EXPECT_EQ(ReadMessage({path}, {{"sexx", ColumnKind::kCategorical}}),
            path +
                " has no column \"sexx\"; did you mean \"sex\"? Its "
                "columns: y, sex, l, x, n.");
  const std::string none =
      WriteQuery("none.parquet", "SELECT 1 AS x WHERE false");
  EXPECT_EQ(ReadMessage({none}, {}),
            none + ": has columns but no rows; at least one is needed");
}

TEST_F(Parquet, SaysThatAFileIsCutOffOrDamaged) {
  const std::string good =
      ReadFile(WriteQuery("t.parquet", "SELECT range AS x FROM range(10000)"));
  const std::string path = Path("bad.parquet");
  const auto message = [&](const std::string& bytes) {
    Write("bad.parquet", bytes);
    return ReadMessage({path}, {{"x", ColumnKind::kNumeric}});
  };
  EXPECT_EQ(message(good.substr(0, good.size() / 2)),
            path +
                ": the file seems cut off: it does not end with PAR1, as "
                "Parquet does; export or copy the file again");
  EXPECT_EQ(message("PAR1"), message(good.substr(0, good.size() - 1)));
  EXPECT_EQ(message("x,y\n1,2\n3,4\n5,6\n"),
            path +
                ": is not a Parquet file (it does not begin with PAR1); if "
                "it is text, call it .csv");
  EXPECT_EQ(message(""), path +
                             ": the file is empty; a Parquet file with at "
                             "least one row is needed");
  EXPECT_EQ(message("PARE" + good.substr(4)),
            path +
                ": is an encrypted Parquet file; write it without "
                "encryption");
  std::string footer = good;
  footer[footer.size() - 5] = '\x40';
  EXPECT_THAT(message(footer), HasSubstr("the file is damaged: its footer"));
  std::string data = good;
  for (size_t i = 4; i < 400; ++i) data[i] = '\x5A';
  EXPECT_THAT(message(data), HasSubstr(path + ": the file is damaged, or of a "
                                              "kind of Parquet that DuckDB "
                                              "does not read ("));
  EXPECT_THAT(message(data), testing::Not(HasSubstr("/proc/")));
}

TEST_F(Parquet, IsReadFromFilesAlone) {
  EXPECT_THAT(ReadMessage({Path("absent.parquet")}, {}),
              HasSubstr("absent.parquet: no such file"));
}

TEST_F(Parquet, FilesAreNotMixedWithText) {
  const std::string a = WriteQuery("a.parquet", "SELECT 1 AS x");
  const std::string b = Write("b.csv", "x\n1\n");
  try {
    TableReader({b, a});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_EQ(error.what(), b + " is a CSV file and " + a +
                                " is Parquet; the files of one table are of "
                                "one kind (`plumbline convert` makes one from "
                                "the other)");
  }
}

TEST_F(Parquet, LibraryDoesNotReachTheNetwork) {
  duckdb::Session session(1);
  duckdb::Answer answer =
      session.Query("SELECT * FROM 'https://localhost:1/a.parquet'");
  EXPECT_THAT(answer.error(), HasSubstr("httpfs"));
  duckdb::Answer settings = session.Query(
      "SELECT count(*)::BIGINT FROM duckdb_settings() WHERE name IN "
      "('autoinstall_known_extensions', 'autoload_known_extensions', "
      "'allow_community_extensions') AND value = 'false'");
  const duckdb::Chunk chunk = settings.Next();
  ASSERT_TRUE(chunk);
  EXPECT_EQ(chunk.Values<int64_t>(0)[0], 3);
}

}  // namespace
}  // namespace plumbline
