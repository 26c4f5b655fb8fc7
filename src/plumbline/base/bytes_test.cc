#include "plumbline/base/bytes.h"

#include <gtest/gtest.h>

namespace plumbline {
namespace {

TEST(Bytes, ComeBackAsTheyWentIn) {
  ByteWriter writer;
  writer.Add(int64_t{-7});
  writer.Add(std::string("a\0b", 3));
  writer.Add(std::vector<double>{1.5, -0.0});
  writer.Add(std::vector<std::string>{"", "F"});
  writer.Add(std::vector<uint8_t>{});
  const std::string bytes = writer.Take();

  ByteReader reader(bytes);
  EXPECT_EQ(reader.Read<int64_t>(), -7);
  EXPECT_EQ(reader.Read<std::string>(), std::string("a\0b", 3));
  EXPECT_EQ(reader.Read<std::vector<double>>(), (std::vector{1.5, -0.0}));
  EXPECT_EQ(reader.Read<std::vector<std::string>>(),
            (std::vector<std::string>{"", "F"}));
  EXPECT_TRUE(reader.Read<std::vector<uint8_t>>().empty());
  EXPECT_TRUE(reader.AtEnd());
}

TEST(Bytes, AreNeverReadBeyondTheirEnd) {
  ByteWriter writer;
  writer.Add(std::vector<double>{1, 2, 3});
  const std::string bytes = writer.Take();
  for (size_t size = 0; size < bytes.size(); ++size) {
    ByteReader reader(std::string_view(bytes).substr(0, size));
    EXPECT_THROW(reader.Read<std::vector<double>>(), Error) << size;
  }
}

}  // namespace
}  // namespace plumbline
