// Ed25519 signatures (RFC 8032).
#pragma once

#include <string>
#include <string_view>

namespace plumbline {

// A private key read from PEM (PKCS #8), as `openssl genpkey -algorithm
// ed25519` writes it, with the public key (32 bytes) that belongs to it.
struct SigningKey {
  std::string private_key;  // 32 bytes
  std::string public_key;   // 32 bytes
};

// Throws Error(kInvalidInput) for text that is no such key, one of another
// kind, and one behind a pass phrase.
SigningKey ParseSigningKey(std::string_view pem, const std::string& file);

// The 32 bytes of a public key in PEM, as `openssl pkey -pubout` writes it.
// Throws like ParseSigningKey.
std::string ParsePublicKey(std::string_view pem, const std::string& file);

// 64 bytes; the same for the same message and key.
std::string Sign(std::string_view message, const SigningKey& key);

// False for signatures and keys of other lengths, too.
bool IsSignedBy(std::string_view message, std::string_view signature,
                std::string_view public_key);

}  // namespace plumbline
