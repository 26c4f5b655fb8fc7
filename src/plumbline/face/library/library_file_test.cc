#include "plumbline/face/library/library_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"

namespace plumbline::face {
namespace {

LibraryFile Read(const std::string& toy, const std::string& chosen = "") {
  const std::string file =
      std::string(PLUMBLINE_TOYS "/libfrvt_11_") + toy + "_000.so";
  return ReadLibraryFile(ReadFile(file), toy, chosen);
}

std::string MessageOf(std::string_view bytes) {
  try {
    ReadLibraryFile(bytes, "lib.so", "");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInvalidInput);
    return error.what();
  }
  return "";
}

TEST(ReadLibraryFile, KnowsTheGenerationsWithoutLoading) {
  EXPECT_EQ(Read("v4").interface, FrvtInterface::kVersion4);
  EXPECT_EQ(Read("v5").interface, FrvtInterface::kVersion5);
  EXPECT_EQ(Read("iris").interface, FrvtInterface::kFaceIris);
  EXPECT_EQ(Read("iris").structs_major, 3);
  EXPECT_EQ(Read("v5").api_minor, 0);
}

TEST(ReadLibraryFile, KnowsTheOldStrings) {
  EXPECT_TRUE(Read("v5").new_strings);
  EXPECT_FALSE(Read("old").new_strings);
}

TEST(ReadLibraryFile, AsksWhereTheLibraryIsSilent) {
  EXPECT_THROW(Read("silent"), Error);
  EXPECT_EQ(Read("silent", "5").interface, FrvtInterface::kVersion5);
}

TEST(ReadLibraryFile, RefusesWhatIsNoLibrary) {
  EXPECT_EQ(MessageOf("hello"), "lib.so: is not a 64-bit shared library (ELF)");
  EXPECT_EQ(MessageOf(""), "lib.so: is not a 64-bit shared library (ELF)");
  const std::string whole = ReadFile(PLUMBLINE_TOYS "/libfrvt_11_v5_000.so");
  for (size_t size = 0; size < whole.size(); size += 97) {
    EXPECT_NE(MessageOf(std::string_view(whole).substr(0, size)), "");
  }
}

}  // namespace
}  // namespace plumbline::face
