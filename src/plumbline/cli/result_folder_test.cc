#include "plumbline/cli/result_folder.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"

namespace plumbline {
namespace {

namespace fs = std::filesystem;

class ResultFolder : public ::testing::Test {
 protected:
  ResultFolder()
      : folder_(fs::temp_directory_path() /
                ("plumbline_result_" + std::to_string(getpid()))) {
    fs::remove_all(folder_);
  }
  ~ResultFolder() override { fs::remove_all(folder_); }

  size_t Entries() const {
    return std::distance(fs::directory_iterator(folder_),
                         fs::directory_iterator());
  }

  fs::path folder_;
};

TEST_F(ResultFolder, HoldsTheFilesAndNothingElse) {
  PrepareFolder(folder_.string());
  WriteFolder(folder_.string(), {{"a.json", "1"}, {"b.csv", "2"}});
  EXPECT_EQ(ReadFile((folder_ / "a.json").string()), "1");
  EXPECT_EQ(ReadFile((folder_ / "b.csv").string()), "2");
  EXPECT_EQ(Entries(), 2u);
}

TEST_F(ResultFolder, ReplacesFilesOfAnEarlierRunAndKeepsOthers) {
  PrepareFolder(folder_.string());
  WriteFolder(folder_.string(), {{"a.json", "old"}, {"mine.txt", "x"}});
  WriteFolder(folder_.string(), {{"a.json", "new"}});
  EXPECT_EQ(ReadFile((folder_ / "a.json").string()), "new");
  EXPECT_EQ(Entries(), 2u);
}

TEST_F(ResultFolder, HoldsNoneOfTheFilesWhenOneCannotBeWritten) {
  PrepareFolder(folder_.string());
  EXPECT_THROW(
      WriteFolder(folder_.string(), {{"a.json", "1"}, {"no/such/b", "2"}}),
      Error);
  EXPECT_EQ(Entries(), 0u);
}

TEST_F(ResultFolder, SaysThatItsPlaceIsAFile) {
  std::ofstream(folder_.string()) << "x";
  try {
    PrepareFolder(folder_.string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_EQ(std::string(error.what()),
              folder_.string() + ": is a file, not a folder");
  }
}

}  // namespace
}  // namespace plumbline
