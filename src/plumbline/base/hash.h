// Fast hashing for tables and SHA-256 for everything a person may want to
// check with sha256sum.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plumbline {

// XXH3, 64 bits. Not for adversaries.
uint64_t FastHash(std::string_view bytes);

// Lower-case hexadecimal SHA-256, 64 characters.
std::string Sha256(std::string_view bytes);

// The same of a file's contents, read in blocks.
// Throws Error(kInvalidInput) if the file cannot be read.
std::string Sha256OfFile(const std::string& path);

}  // namespace plumbline
