#include "plumbline/cli/result_tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/command.h"
#include "plumbline/cli/commands.h"
#include "plumbline/table/duckdb_library.h"
#include "plumbline/table/output_table.h"
#include "plumbline/table/parquet_file.h"

namespace plumbline {
namespace {

TEST(TableFiles, AreTheCsvItselfUnlessParquetIsWanted) {
  const auto files =
      TableFiles({{"groups", "n\r\n1\r\n"}, {"gaps", ""}}, false);
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0],
            std::pair(std::string("groups.csv"), std::string("n\r\n1\r\n")));
  EXPECT_EQ(files[1].first, "gaps.csv");
}

// Skips where DuckDB's library is not present.
class ResultTables : public testing::Test {
 protected:
  void SetUp() override {
    try {
      duckdb::Load();
    } catch (const Error& error) {
      GTEST_SKIP() << "not present: " << error.what();
    }
  }

  std::string Path(const std::string& name) const {
    return folder_.path() + "/" + name;
  }

  // Two models of a finding with groups, a covariate, weights and days; the old
  // one misses much among young F.
  std::string Predictions() const {
    RandomStream random(3, "result tables");
    std::string text = "y,old,new,sex,age,weight,day\n";
    for (int i = 0; i < 1200; ++i) {
      const bool positive = random.NextUniform() < 0.4;
      const bool is_missed = i % 2 == 1 && 20 + i * 7 % 60 < 40;
      const double old =
          0.6 * random.NextUniform() + (positive && !is_missed ? 0.35 : 0);
      const double better = 0.5 * random.NextUniform() + (positive ? 0.45 : 0);
      text += fmt::format("{},{:.4f},{:.4f},{},{},{},2024-{:02}-15\n",
                          positive ? 1 : 0, old, better, i % 2 ? "F" : "M",
                          20 + i * 7 % 60, 1 + i % 3, 1 + i / 150);
    }
    const std::string path = Path("preds.csv");
    WriteFile(path, text);
    return path;
  }

  void Run(const Command& command, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"plumbline", command.name});
    std::vector<const char*> pointers;
    for (const std::string& text : arguments) pointers.push_back(text.c_str());
    const Command commands[] = {command};
    testing::internal::CaptureStdout();
    const int code = RunCommandLine(commands, static_cast<int>(pointers.size()),
                                    pointers.data());
    testing::internal::GetCapturedStdout();
    ASSERT_EQ(code, 0);
  }

  // Whether every word of each column is a number, by reading the CSV as data.
  void ExpectNumbersToBeNumbers(const std::string& csv_path) const {
    TableReader reader({csv_path}, {});
    const OutputTable words = ReadForOutput(&reader);
    const auto files = TableFiles({{"table", ReadFile(csv_path)}}, true);
    const std::string path = Path("table.parquet");
    WriteFile(path, files[0].second);
    duckdb::Session session(1);
    const ParquetFile file(path, &session);
    ASSERT_EQ(file.columns().size(), words.columns.size()) << csv_path;
    EXPECT_EQ(file.rows(), words.rows);
    for (const OutputColumn& column : words.columns) {
      const ParquetColumn* written = file.Find(NameOf(column));
      ASSERT_NE(written, nullptr) << NameOf(column);
      // A column without any word could be either.
      const auto* numbers = std::get_if<NumericColumn>(&column);
      if (numbers != nullptr &&
          numbers->missing == static_cast<int64_t>(numbers->values.size())) {
        continue;
      }
      EXPECT_EQ(written->type,
                numbers != nullptr ? duckdb::kDouble : duckdb::kVarchar)
          << csv_path << ": " << NameOf(column);
    }
  }

  TemporaryFolder folder_;
};

TEST_F(ResultTables, OfAnAuditHaveNumbersWhereTheCsvHas) {
  const std::string path = Predictions();
  Run(AuditCommand(),
      {path, "--label", "y", "--score", "old", "--by", "sex", "--adjust", "age",
       "--slices", "by,age", "--bins", "age=0,40,100", "--replicates", "0",
       "-q", "-o", Path("adjusted")});
  for (const char* name : {"groups", "gaps", "case_mix", "slices"}) {
    ExpectNumbersToBeNumbers(Path("adjusted/") + name + ".csv");
  }
  Run(AuditCommand(),
      {path, "--label", "y", "--score", "old", "--by", "sex", "--weight",
       "weight", "--replicates", "0", "-q", "-o", Path("weighted")});
  ASSERT_THAT(ReadFile(Path("weighted/groups.csv")),
              testing::HasSubstr("group_weight_sum,group_effective_n"));
  for (const char* name : {"groups", "gaps"}) {
    ExpectNumbersToBeNumbers(Path("weighted/") + name + ".csv");
  }
}

TEST_F(ResultTables, OfOtherCommandsHaveNumbersWhereTheCsvHas) {
  const std::string path = Predictions();
  Run(CompareCommand(), {path, "--label", "y", "--score", "old,new", "--by",
                         "sex", "-q", "-o", Path("compared")});
  Run(MonitorCommand(), {path, "--label", "y", "--score", "old", "--date",
                         "day", "--by", "sex", "-q", "-o", Path("watched")});
  Run(PowerCommand(), {"--expected", "0.3", "--prevalence", "0.1", "-q", "-o",
                       Path("planned")});
  for (const char* name :
       {"compared/groups.csv", "compared/gaps.csv", "watched/windows.csv",
        "watched/drift.csv", "planned/groups.csv", "planned/sizes.csv"}) {
    ExpectNumbersToBeNumbers(Path(name));
  }
}

TEST_F(ResultTables, WithoutRowsKeepTheirTypes) {
  const auto files = TableFiles({{"slices", "slice,rank,rate_lo\r\n"}}, true);
  EXPECT_EQ(files[0].first, "slices.parquet");
  const std::string path = Path("empty.parquet");
  WriteFile(path, files[0].second);
  duckdb::Session session(1);
  duckdb::Answer answer = session.Query("SELECT * FROM read_parquet(" +
                                        duckdb::QuotedText(path) + ")");
  ASSERT_EQ(answer.columns(), 3u);
  EXPECT_EQ(answer.ColumnType(0), duckdb::kVarchar);
  EXPECT_EQ(answer.ColumnType(1), duckdb::kDouble);
  EXPECT_EQ(answer.ColumnType(2), duckdb::kDouble);
}

}  // namespace
}  // namespace plumbline
