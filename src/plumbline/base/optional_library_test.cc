#include "plumbline/base/optional_library.h"

#include <gtest/gtest.h>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

OptionalLibrary Answers() {
  return {.file = "libanswers.so.1",
          .variable = "PLUMBLINE_ANSWERS",
          .need = "Questions need the library of answers",
          .advice = "ask again"};
}

TEST(OptionalLibrary, IsOpenedWhereTheVariableSays) {
  const EnvironmentChange variable("PLUMBLINE_ANSWERS", PLUMBLINE_TEST_LIBRARY);
  const OpenedLibrary opened = OpenOptionalLibrary(Answers());
  EXPECT_EQ(opened.path, PLUMBLINE_TEST_LIBRARY);
  EXPECT_NE(FindInLibrary(opened, "plumbline_part", "one", Answers()), nullptr);
}

TEST(OptionalLibrary, IsFoundInTheUsersDataFolder) {
  const TemporaryFolder folder;
  const EnvironmentChange data("XDG_DATA_HOME", folder.path().c_str());
  MakeFolder(folder / "plumbline");
  WriteFile(folder / "plumbline/libanswers.so.1",
            ReadFile(PLUMBLINE_TEST_LIBRARY));
  EXPECT_EQ(OpenOptionalLibrary(Answers()).path,
            folder / "plumbline/libanswers.so.1");
}

TEST(OptionalLibrary, NamesThePlacesWhereItIsNot) {
  const EnvironmentChange parts("PLUMBLINE_PARTS", "/parts");
  const EnvironmentChange data("XDG_DATA_HOME", "/data");
  EXPECT_EQ(ErrorText([] { OpenOptionalLibrary(Answers()); }),
            "2: Questions need the library of answers, which is not installed: "
            "the system has no libanswers.so.1, and there is no "
            "/parts/libanswers.so.1 or /data/plumbline/libanswers.so.1; ask "
            "again");
  const EnvironmentChange variable("PLUMBLINE_ANSWERS", "/no/such.so");
  EXPECT_EQ(ErrorText([] { OpenOptionalLibrary(Answers()); }),
            "2: Questions need the library of answers, and /no/such.so "
            "(PLUMBLINE_ANSWERS) does not exist; ask again");
}

TEST(OptionalLibrary, SaysWhyAFileIsNoLibrary) {
  const TemporaryFolder folder;
  const std::string file = folder / "text.so";
  WriteFile(file, "no library\n");
  const EnvironmentChange variable("PLUMBLINE_ANSWERS", file.c_str());
  const std::string text = ErrorText([] { OpenOptionalLibrary(Answers()); });
  EXPECT_TRUE(
      text.starts_with("2: Questions need the library of answers, and " + file +
                       " cannot be loaded ("))
      << text;
}

TEST(OptionalLibrary, SaysWhichFunctionItLacks) {
  const EnvironmentChange variable("PLUMBLINE_ANSWERS", PLUMBLINE_TEST_LIBRARY);
  const OpenedLibrary opened = OpenOptionalLibrary(Answers());
  EXPECT_EQ(ErrorText([&] {
              FindInLibrary(opened, "answer", "a library of answers",
                            Answers());
            }),
            "2: " PLUMBLINE_TEST_LIBRARY
            " is not a library of answers that Plumbline can use (it has no "
            "answer); ask again");
}

}  // namespace
}  // namespace plumbline
