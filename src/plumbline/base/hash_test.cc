#include "plumbline/base/hash.h"

#include <gtest/gtest.h>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

// FIPS 180-2, appendix B, and the empty message.
TEST(Sha256, GivesThePublishedAnswers) {
  EXPECT_EQ(Sha256(""),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const TemporaryFolder folder;
  // More than one block, and not a whole number of them.
  const std::string bytes(3'000'017, 'x');
  WriteFile(folder / "a", bytes);
  EXPECT_EQ(Sha256OfFile(folder / "a"), Sha256(bytes));
}

TEST(Sha256, NamesTheFileThatCannotBeRead) {
  EXPECT_EQ(ErrorText([] { Sha256OfFile("nowhere.csv"); }),
            "3: nowhere.csv: no such file");
  EXPECT_EQ(ErrorText([] { Sha256OfFile("/"); }), "3: /: is a directory");
}

// xxHash 0.8, the value of XXH3_64bits for the empty input.
TEST(FastHash, IsXxh3) {
  EXPECT_EQ(FastHash(""), 0x2d06800538d394c2u);
  EXPECT_NE(FastHash("a"), FastHash("b"));
}

}  // namespace
}  // namespace plumbline
