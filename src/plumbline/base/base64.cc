#include "plumbline/base/base64.h"

#include <openssl/evp.h>

#include <climits>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

const unsigned char* AsBytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

std::string ToBase64(std::string_view bytes) {
  if (bytes.size() > INT_MAX / 2) {
    throw Error(ErrorCode::kInternal, "{} bytes are too many for one text",
                bytes.size());
  }
  // One more for the zero that EVP_EncodeBlock writes at the end.
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  text.resize(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                              AsBytes(bytes), static_cast<int>(bytes.size())));
  return text;
}

std::string FromBase64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  const int size =
      text.size() > INT_MAX || text.size() % 4 != 0
          ? -1
          : EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                            AsBytes(text), static_cast<int>(text.size()));
  // EVP_DecodeBlock takes the padding for zeros.
  size_t padding = 0;
  while (padding < 2 && padding < text.size() &&
         text[text.size() - 1 - padding] == '=') {
    ++padding;
  }
  if (size < 0) {
    throw Error(ErrorCode::kInvalidInput, "\"{}\" is no Base64",
                text.substr(0, 40));
  }
  bytes.resize(static_cast<size_t>(size) - padding);
  // Blanks, line ends and stray padding are read by OpenSSL, and are nobody's
  // writing here.
  if (ToBase64(bytes) != text) {
    throw Error(ErrorCode::kInvalidInput, "\"{}\" is no Base64",
                text.substr(0, 40));
  }
  return bytes;
}

}  // namespace plumbline
