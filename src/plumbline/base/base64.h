// Bytes as text: RFC 4648, section 4, with padding.
#pragma once

#include <string>
#include <string_view>

namespace plumbline {

std::string ToBase64(std::string_view bytes);

// Throws Error(kInvalidInput) for anything that ToBase64 does not write.
std::string FromBase64(std::string_view text);

}  // namespace plumbline
