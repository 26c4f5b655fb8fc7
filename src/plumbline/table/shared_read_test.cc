#include "plumbline/table/shared_read.h"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <optional>

#include "plumbline/base/file.h"
#include "plumbline/base/team_for_test.h"

namespace plumbline {
namespace {

class SharedRead : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    MakeFolder(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& text) {
    const std::string path = folder_ + "/" + name;
    WriteFile(path, text);
    return path;
  }

  std::string folder_;
};

const std::vector<ColumnRequest> kColumns = {{"sex", ColumnKind::kCategorical},
                                             {"score", ColumnKind::kNumeric}};

void ExpectEqual(const Table& a, const Table& b) {
  EXPECT_EQ(a.rows(), b.rows());
  EXPECT_EQ(a.header(), b.header());
  ASSERT_EQ(a.sources().size(), b.sources().size());
  for (size_t i = 0; i < a.sources().size(); ++i) {
    EXPECT_EQ(a.sources()[i].file, b.sources()[i].file);
    EXPECT_EQ(a.sources()[i].first_row, b.sources()[i].first_row);
    EXPECT_EQ(a.sources()[i].rows, b.sources()[i].rows);
    EXPECT_EQ(a.sources()[i].sha256, b.sources()[i].sha256);
  }
  const auto& x = a.Categorical("sex");
  const auto& y = b.Categorical("sex");
  EXPECT_EQ(x.levels, y.levels);
  EXPECT_EQ(x.first_row, y.first_row);
  EXPECT_EQ(x.missing, y.missing);
  for (int64_t row = 0; row < a.rows(); ++row) {
    EXPECT_EQ(x.codes[row], y.codes[row]) << row;
  }
  EXPECT_EQ(a.Numeric("score").values, b.Numeric("score").values);
  EXPECT_EQ(a.duplicate_rows(), b.duplicate_rows());
  EXPECT_EQ(a.first_duplicate(), b.first_duplicate());
  EXPECT_EQ(a.first_duplicate_of(), b.first_duplicate_of());
}

TEST_F(SharedRead, GivesEveryProcessTheTableThatOneWouldRead) {
  const std::vector<std::string> files = {
      Write("a.csv", "sex,score,y\nM,0.1,0\nF,0.2,1\n"),
      Write("b.csv", "y,sex,score\n1,,0.5\n0,X,0.25\n1,F,0.75\n"),
      Write("c.csv", "sex,score,y\nM,0.1,0\nX,0.3,1\n"),
      Write("d.csv", "sex,score,y\n,0.5,0\n")};
  CsvOptions options;
  options.count_duplicate_rows = true;
  options.hash_sources = true;
  const Table alone = CsvReader(files, options).Read(kColumns);
  EXPECT_EQ(alone.duplicate_rows(), 1);
  for (int size = 1; size <= 6; ++size) {
    std::vector<Table> tables(size);
    Team(size).Run([&](Communicator& world) {
      CsvReader reader(files, options);
      tables[world.rank()] = ReadTogether(world, reader, kColumns);
    });
    for (const Table& table : tables) ExpectEqual(table, alone);
  }
}

TEST_F(SharedRead, NamesTheFirstFileThatIsWrongInEveryProcess) {
  const std::vector<std::string> files = {
      Write("a.csv", "sex,score\nM,0.1\n"), Write("b.csv", "sex,score\nF\n"),
      Write("c.csv", "sex,score\nF,high\n")};
  std::array<std::optional<Error>, 3> thrown;
  Team(3).Run([&](Communicator& world) {
    try {
      CsvReader reader(files);
      ReadTogether(world, reader, kColumns);
    } catch (const Error& error) {
      thrown[world.rank()] = world.Agree(error);
    }
  });
  for (const auto& error : thrown) {
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code(), ErrorCode::kInvalidInput);
    EXPECT_NE(std::string(error->what()).find("b.csv, row 2"),
              std::string::npos)
        << error->what();
  }
}

TEST(ShareFiles, SplitsWhereTheBytesAreAboutEqual) {
  using Places = std::vector<size_t>;
  EXPECT_EQ(ShareFiles({10, 10, 10, 10}, 2), (Places{0, 2, 4}));
  EXPECT_EQ(ShareFiles({30, 10, 10, 10}, 2), (Places{0, 1, 4}));
  EXPECT_EQ(ShareFiles({10}, 3), (Places{0, 0, 1, 1}));
  EXPECT_EQ(ShareFiles({}, 2), (Places{0, 0, 0}));
  EXPECT_EQ(ShareFiles({0, 0}, 2), (Places{0, 2, 2}));
}

TEST(ShareFiles, GivesEachFileToOneProcessInOrder) {
  for (int size = 1; size <= 9; ++size) {
    const auto first = ShareFiles({5, 0, 17, 1, 1, 40, 3}, size);
    ASSERT_EQ(first.size(), static_cast<size_t>(size) + 1);
    EXPECT_EQ(first.front(), 0u);
    EXPECT_EQ(first.back(), 7u);
    EXPECT_TRUE(std::is_sorted(first.begin(), first.end()));
  }
}

}  // namespace
}  // namespace plumbline
