#include "plumbline/base/hash.h"

#include <openssl/evp.h>

#include <memory>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file_internal.h"

namespace plumbline {
namespace {

constexpr size_t kBlockBytes = 1 << 20;

class Sha256Digest {
 public:
  Sha256Digest() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    Check(context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
  }

  void Add(const char* data, size_t size) {
    Check(EVP_DigestUpdate(context_.get(), data, size));
  }

  std::string Hexadecimal() {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    Check(EVP_DigestFinal_ex(context_.get(), digest, &size));
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < size; ++i) {
      text += kDigits[digest[i] >> 4];
      text += kDigits[digest[i] & 15];
    }
    return text;
  }

 private:
  static void Check(bool done) {
    if (!done) {
      throw Error(ErrorCode::kInternal, "OpenSSL cannot compute SHA-256");
    }
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

uint64_t FastHash(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::string Sha256(std::string_view bytes) {
  Sha256Digest digest;
  digest.Add(bytes.data(), bytes.size());
  return digest.Hexadecimal();
}

std::string Sha256OfFile(const std::string& path) {
  const FileDescriptor file = OpenForReading(path);
  Sha256Digest digest;
  std::vector<char> block(kBlockBytes);
  while (const size_t size = ReadSome(file, block.data(), block.size(), path)) {
    digest.Add(block.data(), size);
  }
  return digest.Hexadecimal();
}

}  // namespace plumbline
