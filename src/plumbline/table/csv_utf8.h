// Is this UTF-8?
#pragma once

#include <cstddef>
#include <string_view>

namespace plumbline::csv {

// The bytes of the well-formed character that a text begins with, 1 to 4; 0 if
// there is none.
size_t FirstCharacterBytes(std::string_view text);

// The position of the first byte that does not belong to well-formed UTF-8
// (Unicode 15, table 3-7: no overlong forms, no surrogates, nothing above
// U+10FFFF), or text.size() if all of it is.
size_t FindInvalidUtf8(std::string_view text);

}  // namespace plumbline::csv
