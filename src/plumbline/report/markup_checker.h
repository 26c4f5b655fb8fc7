// For tests: is this well-formed HTML or SVG?
#pragma once

#include <string>
#include <string_view>

namespace plumbline::report {

// "" if every element is closed in order, every attribute is quoted, no text
// holds a bare < or &, no id occurs twice, and every reference to an id
// (href="#…", aria-labelledby, aria-describedby, url(#…)) has one. Else what is
// wrong and the text around it.
std::string MarkupFault(std::string_view markup);

// How often `part` occurs in `text`.
int Occurrences(std::string_view text, std::string_view part);

}  // namespace plumbline::report
