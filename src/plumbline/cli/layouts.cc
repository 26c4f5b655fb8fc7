#include "plumbline/cli/layouts.h"

#include <algorithm>

#include "plumbline/cli/common_options.h"

namespace plumbline {

const std::vector<Layout>& AllLayouts() {
  static const std::vector<Layout> layouts = {
      {"aequitas", "label_value", "", "score", {"race", "sex", "age_cat"}},
      {"fairmedfm",
       "label",
       "prob",
       "",
       {"sex", "gender", "age_group", "race", "ethnicity", "language", "site",
        "hospital", "scanner", "insurance", "skin_type", "fitzpatrick"}},
      {"medfair",
       "label",
       "",
       "pred",
       {"Sex", "Age_binary", "Age_multi", "Age_multi4", "Race",
        "Insurance_binary", "Insurance", "skin_binary", "skin_type"}},
  };
  return layouts;
}

const Layout* ReadLayout(const Settings& settings) {
  if (!settings.Has("layout")) return nullptr;
  const std::string name = settings.Text("layout");
  std::vector<std::string> names;
  for (const Layout& layout : AllLayouts()) {
    if (layout.name == name) return &layout;
    names.emplace_back(layout.name);
  }
  RequireKnown(settings, "layout", name, name, names, "a layout");
  return nullptr;
}

void ApplyLayout(const Layout& layout, const std::vector<std::string>& header,
                 AuditColumns* columns) {
  if (columns->labels.empty()) columns->labels = {layout.label};
  if (columns->scores.empty() && columns->decisions.empty()) {
    if (*layout.score != '\0') columns->scores = {layout.score};
    if (*layout.decision != '\0') columns->decisions = {layout.decision};
  }
  if (!columns->by.empty()) return;
  for (const std::string& attribute : layout.by) {
    if (std::find(header.begin(), header.end(), attribute) != header.end()) {
      columns->by.push_back(attribute);
    }
  }
}

}  // namespace plumbline
