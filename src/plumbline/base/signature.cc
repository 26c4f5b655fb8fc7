#include "plumbline/base/signature.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

constexpr size_t kKeyBytes = 32;
constexpr size_t kSignatureBytes = 64;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

template <typename T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* AsBytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* AsBytes(std::string* text) {
  return reinterpret_cast<unsigned char*>(text->data());
}

void Check(bool good) {
  if (!good) throw Error(ErrorCode::kInternal, "OpenSSL cannot use Ed25519");
}

// A pass phrase is never asked for: this is no place for secrets.
int NoPassPhrase(char*, int, int, void* asked) {
  *static_cast<bool*>(asked) = true;
  return -1;
}

using PemReader = EVP_PKEY* (*)(BIO*, EVP_PKEY**, pem_password_cb*, void*);

Owned<EVP_PKEY> ReadPem(std::string_view pem, const std::string& file,
                        PemReader read, const char* how_to_make) {
  const Owned<BIO> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Check(bio != nullptr);
  bool asked = false;
  Owned<EVP_PKEY> key(read(bio.get(), nullptr, &NoPassPhrase, &asked));
  ERR_clear_error();
  if (asked) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file},
                "the key is behind a pass phrase; take it off with openssl "
                "pkey -in {} -out FILE",
                file);
  }
  if (key == nullptr) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file},
                "is no key in PEM; make one with {}", how_to_make);
  }
  if (EVP_PKEY_id(key.get()) != EVP_PKEY_ED25519) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file},
                "is a key of another kind than Ed25519; make one with {}",
                how_to_make);
  }
  return key;
}

std::string RawPublicKey(const EVP_PKEY* key) {
  std::string raw(kKeyBytes, '\0');
  size_t size = raw.size();
  Check(EVP_PKEY_get_raw_public_key(key, AsBytes(&raw), &size) == 1 &&
        size == kKeyBytes);
  return raw;
}

}  // namespace

SigningKey ParseSigningKey(std::string_view pem, const std::string& file) {
  const Owned<EVP_PKEY> key =
      ReadPem(pem, file, &PEM_read_bio_PrivateKey,
              "openssl genpkey -algorithm ed25519 -out key.pem");
  SigningKey parsed;
  parsed.private_key.resize(kKeyBytes);
  size_t size = kKeyBytes;
  Check(EVP_PKEY_get_raw_private_key(key.get(), AsBytes(&parsed.private_key),
                                     &size) == 1 &&
        size == kKeyBytes);
  parsed.public_key = RawPublicKey(key.get());
  return parsed;
}

std::string ParsePublicKey(std::string_view pem, const std::string& file) {
  return RawPublicKey(
      ReadPem(pem, file, &PEM_read_bio_PUBKEY,
              "openssl pkey -in key.pem -pubout -out public.pem")
          .get());
}

std::string Sign(std::string_view message, const SigningKey& key) {
  const Owned<EVP_PKEY> own(EVP_PKEY_new_raw_private_key(
      EVP_PKEY_ED25519, nullptr, AsBytes(key.private_key), kKeyBytes));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  std::string signature(kSignatureBytes, '\0');
  size_t size = signature.size();
  Check(own != nullptr && context != nullptr &&
        EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr,
                           own.get()) == 1 &&
        EVP_DigestSign(context.get(), AsBytes(&signature), &size,
                       AsBytes(message), message.size()) == 1 &&
        size == kSignatureBytes);
  return signature;
}

bool IsSignedBy(std::string_view message, std::string_view signature,
                std::string_view public_key) {
  if (signature.size() != kSignatureBytes || public_key.size() != kKeyBytes) {
    return false;
  }
  const Owned<EVP_PKEY> key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, AsBytes(public_key), kKeyBytes));
  const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
  const bool good =
      key != nullptr && context != nullptr &&
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr,
                           key.get()) == 1 &&
      EVP_DigestVerify(context.get(), AsBytes(signature), signature.size(),
                       AsBytes(message), message.size()) == 1;
  ERR_clear_error();
  return good;
}

}  // namespace plumbline
