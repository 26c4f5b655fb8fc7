// The order in which a person lists names.
#pragma once

#include <string_view>

namespace plumbline {

// "D2" before "D10": runs of digits compare as numbers, everything else byte by
// byte. A total order; names that differ only in leading zeros go by bytes.
bool NaturalLess(std::string_view a, std::string_view b);

}  // namespace plumbline
