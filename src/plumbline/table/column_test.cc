#include "plumbline/table/column.h"

#include <gtest/gtest.h>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

// Codes 0 to levels - 1 and one missing value.
std::vector<uint32_t> EveryCode(uint32_t levels) {
  std::vector<uint32_t> codes(levels);
  for (uint32_t i = 0; i < levels; ++i) codes[i] = i;
  codes.push_back(kMissingCode);
  return codes;
}

TEST(CodeVector, TakesTheSmallestWidthThatHoldsAllLevelsAndMissing) {
  EXPECT_EQ(CodeVector::Pack(EveryCode(2), 2).width(), 1);
  EXPECT_EQ(CodeVector::Pack(EveryCode(255), 255).width(), 1);
  EXPECT_EQ(CodeVector::Pack(EveryCode(256), 256).width(), 2);
  EXPECT_EQ(CodeVector::Pack(EveryCode(65535), 65535).width(), 2);
  EXPECT_EQ(CodeVector::Pack(EveryCode(65536), 65536).width(), 4);
}

TEST(CodeVector, GivesBackEveryCodeInEveryWidth) {
  for (const uint32_t levels : {255, 65535, 65536}) {
    const std::vector<uint32_t> codes = EveryCode(levels);
    const CodeVector packed = CodeVector::Pack(codes, levels);
    ASSERT_EQ(packed.size(), codes.size());
    for (size_t row = 0; row < codes.size(); ++row) {
      ASSERT_EQ(packed[row], codes[row]) << "row " << row;
    }
  }
}

TEST(CodeVector, IsEmptyAtFirst) {
  EXPECT_EQ(CodeVector().size(), 0u);
  EXPECT_EQ(CodeVector::Pack({}, 0).size(), 0u);
}

TEST(CodeVector, RefusesACodeThatIsNoLevel) {
  const std::vector<uint32_t> codes = {0, 2};
  EXPECT_THROW(CodeVector::Pack(codes, 2), Error);
}

}  // namespace
}  // namespace plumbline
