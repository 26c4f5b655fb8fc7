#include "plumbline/audit/labels.h"

#include <algorithm>
#include <string_view>

namespace plumbline {

int8_t ParseLabel(const std::string& text) {
  const auto is = [&text](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
  };
  if (text == "0" || text == "0.0" || is("false")) return 0;
  if (text == "1" || text == "1.0" || is("true")) return 1;
  return kMissingLabel;
}

bool HoldsClassNames(const CategoricalColumn& column) {
  return std::any_of(
      column.levels.begin(), column.levels.end(),
      [](const std::string& level) { return ParseLabel(level) < 0; });
}

}  // namespace plumbline
