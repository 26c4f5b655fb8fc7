#include "plumbline/base/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(
        std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// RFC 8032, section 7.1, tests 1 and 2.
TEST(Signature, RfcVectors) {
  struct Vector {
    const char *private_key, *public_key, *message, *signature;
  };
  const Vector vectors[] = {
      {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
       "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
       "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
       "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
      {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
       "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
       "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
       "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"}};
  for (const Vector& v : vectors) {
    const SigningKey key{FromHex(v.private_key), FromHex(v.public_key)};
    const std::string message = FromHex(v.message);
    EXPECT_EQ(Sign(message, key), FromHex(v.signature));
    EXPECT_TRUE(IsSignedBy(message, FromHex(v.signature), key.public_key));
    EXPECT_FALSE(
        IsSignedBy(message + "x", FromHex(v.signature), key.public_key));
  }
}

// The first of the two keys as openssl writes it.
constexpr const char* kPrivate =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
constexpr const char* kPublic =
    "-----BEGIN PUBLIC KEY-----\n"
    "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
    "-----END PUBLIC KEY-----\n";

TEST(Signature, PemIsReadAsOpensslWritesIt) {
  const SigningKey key = ParseSigningKey(kPrivate, "key.pem");
  EXPECT_EQ(key.public_key,
            FromHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f7"
                    "07511a"));
  EXPECT_EQ(ParsePublicKey(kPublic, "public.pem"), key.public_key);
}

TEST(Signature, OtherTextIsNoKey) {
  EXPECT_EQ(ErrorText([] { ParseSigningKey("hello", "key.pem"); }),
            "3: key.pem: is no key in PEM; make one with openssl genpkey "
            "-algorithm ed25519 -out key.pem");
  EXPECT_THAT(ErrorText([] { ParsePublicKey(kPrivate, "key.pem"); }),
              testing::HasSubstr("-pubout"));
  // secp256r1
  EXPECT_THAT(
      ErrorText([] {
        ParsePublicKey(
            "-----BEGIN PUBLIC KEY-----\n"
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
            "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
            "-----END PUBLIC KEY-----\n",
            "other.pem");
      }),
      testing::HasSubstr("another kind than Ed25519"));
}

TEST(Signature, WrongLengthsAreNotSigned) {
  const SigningKey key = ParseSigningKey(kPrivate, "key.pem");
  const std::string signature = Sign("text", key);
  EXPECT_FALSE(IsSignedBy("text", signature.substr(1), key.public_key));
  EXPECT_FALSE(IsSignedBy("text", signature, key.public_key.substr(1)));
  EXPECT_FALSE(IsSignedBy("text", "", ""));
}

}  // namespace
}  // namespace plumbline
