#include "plumbline/cli/option.h"

#include "plumbline/base/text.h"

namespace plumbline {

const Option* FindOption(const OptionGroups& groups, std::string_view name) {
  for (const OptionGroup& group : groups) {
    for (const Option& option : group.options) {
      if (option.name == name) return &option;
    }
  }
  return nullptr;
}

std::string NearestOption(const OptionGroups& groups, std::string_view name,
                          std::string_view prefix) {
  std::vector<std::string> names;
  for (const OptionGroup& group : groups) {
    for (const Option& option : group.options) names.emplace_back(option.name);
  }
  std::vector<std::string> nearest = NearestNames(name, names);
  if (nearest.empty()) return "";
  for (std::string& near : nearest) {
    near = "\"" + std::string(prefix) + near + "\"";
  }
  return "; did you mean " + JoinWords(nearest, "or") + "?";
}

std::string NearestOrAll(std::string_view name,
                         const std::vector<std::string>& names) {
  std::string nearest = DidYouMean(name, names);
  if (!nearest.empty()) return nearest;
  if (names.empty()) return "; there is none";
  if (names.size() == 1) return "; there is only " + names[0];
  return "; there are " + JoinWords(names);
}

}  // namespace plumbline
