#include "plumbline/base/base64.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

// RFC 4648, section 10.
TEST(Base64, RfcVectors) {
  const std::pair<const char*, const char*> vectors[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(ToBase64(bytes), text);
    EXPECT_EQ(FromBase64(text), bytes);
  }
}

TEST(Base64, AllBytes) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(FromBase64(ToBase64(bytes)), bytes);
}

TEST(Base64, OtherTextIsRefused) {
  for (const char* text :
       {"Zg", "Zg=", "Z===", "Zm9v\n", " Zm9v", "Zm9*", "Zh==", "Zg==Zg=="}) {
    EXPECT_THAT(ErrorText([&] { FromBase64(text); }),
                testing::HasSubstr("is no Base64"))
        << text;
  }
}

}  // namespace
}  // namespace plumbline
