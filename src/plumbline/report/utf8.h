// UTF-8 from strangers: column names and levels may hold anything.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace plumbline::report {

// The code point at `*position`, which moves past it. A byte that is not part
// of valid UTF-8 counts as one U+FFFD.
char32_t NextCodePoint(std::string_view text, size_t* position);

// Columns that a code point takes on a terminal: 0, 1 or 2.
int ColumnsOf(char32_t c);

// Text that can be shown on one line: valid UTF-8, tabs and line ends become
// spaces, other control characters (also the escape that drives terminals) and
// characters that turn the direction of writing become U+FFFD.
std::string CleanText(std::string_view text);

// At most `columns` display columns; a longer text ends in an ellipsis.
std::string Shorten(std::string_view text, int columns);

}  // namespace plumbline::report
