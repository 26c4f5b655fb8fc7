#include "plumbline/table/csv_scan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace plumbline::csv {
namespace {

using ::testing::ElementsAre;

// Text in which every character that matters is frequent.
std::string RandomText(size_t size, uint32_t seed) {
  constexpr char kCharacters[] = {',', '\n', '"', '\r',   '\0',  '\t',
                                  'a', ' ',  '7', '\x80', '\xFF'};
  std::mt19937 random(seed);
  std::string text(size, ' ');
  for (char& c : text) c = kCharacters[random() % sizeof(kCharacters)];
  return text;
}

bool operator==(const CharacterMasks& a, const CharacterMasks& b) {
  return a.delimiter == b.delimiter && a.newline == b.newline &&
         a.quote == b.quote && a.carriage_return == b.carriage_return &&
         a.nul == b.nul && a.high == b.high;
}

// Positions of the delimiters and line ends outside quotes.
std::vector<uint32_t> Scan(const std::string& text, StructureScanner* scanner) {
  const size_t blocks = (text.size() + kBlockBytes - 1) / kBlockBytes;
  std::vector<CharacterMasks> masks(blocks);
  ClassifyText(text.data(), text.size(), ',', masks.data());
  std::vector<uint32_t> ends(blocks * kBlockBytes);
  ends.resize(scanner->Scan(masks.data(), blocks, 0, ends.data()) -
              ends.data());
  return ends;
}

// `text` moved so that each of its characters comes to stand at the border of
// two blocks once, in fields of its own.
bool FailsAtAnyPlace(const std::string& text) {
  int failed = 0;
  for (size_t before = 0; before < 2 * kBlockBytes; ++before) {
    StructureScanner scanner;
    Scan(std::string(before, 'x') + "\n" + text + "\n", &scanner);
    failed += scanner.failed() ? 1 : 0;
  }
  EXPECT_TRUE(failed == 0 || failed == 2 * kBlockBytes) << text;
  return failed != 0;
}

TEST(ClassifyText, IsTheSameOnEveryInstructionSet) {
  ASSERT_EQ(InstructionSets().back().name, "portable");
  for (const size_t size : {0, 1, 31, 63, 64, 65, 1000, 4096}) {
    const std::string text = RandomText(size, static_cast<uint32_t>(size));
    const size_t blocks = (size + kBlockBytes - 1) / kBlockBytes;
    std::vector<CharacterMasks> expected(blocks);
    InstructionSets().back().classify(text.data(), size, ',', expected.data());
    for (const InstructionSet& set : InstructionSets()) {
      std::vector<CharacterMasks> masks(blocks);
      set.classify(text.data(), size, ',', masks.data());
      for (size_t i = 0; i < blocks; ++i) {
        EXPECT_TRUE(masks[i] == expected[i]) << set.name << ", block " << i;
      }
    }
  }
}

TEST(ClassifyText, TakesBytesBeyondTheEndAsSpaces) {
  for (const InstructionSet& set : InstructionSets()) {
    CharacterMasks masks;
    set.classify("a,\n", 3, ',', &masks);
    EXPECT_EQ(masks.delimiter, 2u);
    EXPECT_EQ(masks.newline, 4u);
    EXPECT_EQ(masks.quote | masks.nul | masks.high, 0u);
  }
}

TEST(PrefixXor, GivesTheParityOfTheBitsBelow) {
  EXPECT_EQ(PrefixXor(0), 0u);
  EXPECT_EQ(PrefixXor(0b100100), 0b011100u);
  EXPECT_EQ(PrefixXor(1), ~uint64_t{0});
}

TEST(Summarize, CountsLineEndsForBothWaysTheTextMayBegin) {
  for (const size_t size : {0, 5, 64, 100, 4096, 4097, 20000}) {
    const std::string text = RandomText(size, static_cast<uint32_t>(size) + 7);
    int64_t newlines[2] = {0, 0};
    bool inside = false;
    for (const char c : text) {
      if (c == '"') inside = !inside;
      if (c == '\n') ++newlines[inside ? 1 : 0];
    }
    const TextSummary summary = Summarize(text.data(), text.size());
    EXPECT_EQ(summary.newlines_outside, newlines[0]);
    EXPECT_EQ(summary.newlines_inside, newlines[1]);
    EXPECT_EQ(summary.odd_quotes, inside);
  }
}

TEST(StructureScanner, ListsTheEndsOfFieldsOutsideQuotes) {
  StructureScanner scanner;
  EXPECT_THAT(Scan("a,\"b,\n\",c\r\nd\n", &scanner), ElementsAre(1, 7, 10, 12));
  EXPECT_FALSE(scanner.failed());
}

TEST(StructureScanner, FollowsQuotesOverBlocks) {
  StructureScanner scanner;
  const std::string text = "\"" + std::string(200, ',') + "\",x\n";
  EXPECT_THAT(Scan(text, &scanner), ElementsAre(202, 204));
  EXPECT_FALSE(scanner.failed());
}

TEST(StructureScanner, AcceptsQuotedFieldsWhereverTheyStand) {
  for (const char* const text :
       {"\"\",a", "a,\"b\"", "\"a\"\"b\"", "\"\"\"\"", "\"\"\"a\"\"\"\r",
        "\"a\r\nb\",\"\r\"", "\"a\",\"b\"\r"}) {
    EXPECT_FALSE(FailsAtAnyPlace(text)) << text;
  }
}

TEST(StructureScanner, FailsForWhatNoFieldMayHoldWhereverItStands) {
  for (const std::string& text :
       {std::string("a\"b\"c"), std::string("a\"\""), std::string("\"a\"b"),
        std::string("\"a\" ,b"), std::string(" \"a\""), std::string("a\rb"),
        std::string("a\r,b"), std::string("\"a\"\rb"), std::string("a\0b", 3),
        std::string("\"\0\"", 3)}) {
    EXPECT_TRUE(FailsAtAnyPlace(text)) << text;
  }
}

TEST(StructureScanner, TellsWhetherThereAreBytesBeyondAscii) {
  StructureScanner scanner;
  Scan("plain\n", &scanner);
  EXPECT_FALSE(scanner.TakeHigh());
  Scan("Z\xC3\xBCrich\n", &scanner);
  EXPECT_TRUE(scanner.TakeHigh());
  EXPECT_FALSE(scanner.TakeHigh());
}

}  // namespace
}  // namespace plumbline::csv
