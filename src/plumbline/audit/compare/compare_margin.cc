#include "plumbline/audit/compare/compare_margin.h"

#include <algorithm>

#include "plumbline/audit/metrics.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr const char* kForm =
    "A margin is [METRIC:][COLUMN=VALUE,...:]D, for example 0.05, brier:0.005, "
    "race=Black:0.02 or fnr:race=Black:0.01";

bool IsOfGroup(const MarginRule& rule, const GroupIndex& groups, int group) {
  const Group& g = groups.groups[group];
  const Grouping& grouping = groups.groupings[g.grouping];
  if (rule.group.size() != grouping.attributes.size()) return false;
  for (size_t i = 0; i < grouping.attributes.size(); ++i) {
    const CategoricalColumn& column = groups.attributes[grouping.attributes[i]];
    if (g.levels[i] == kMissingCode) return false;
    const std::pair wanted(column.name, column.levels[g.levels[i]]);
    if (std::find(rule.group.begin(), rule.group.end(), wanted) ==
        rule.group.end()) {
      return false;
    }
  }
  return true;
}

// Ends a sentence, with a question where a name is near.
std::string Nearest(const std::string& word,
                    const std::vector<std::string>& names) {
  const std::string question = DidYouMean(word, names);
  return question.empty() ? "." : question;
}

// "race=Black,sex=F" into pairs.
std::vector<std::pair<std::string, std::string>> ParseGroup(
    const std::string& text, const std::string& whole) {
  std::vector<std::pair<std::string, std::string>> group;
  for (const std::string& part : Split(text, ',')) {
    const size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0 ||
        equals + 1 == part.size()) {
      throw Error(ErrorCode::kUsage,
                  "--margin {}: \"{}\" is neither a metric nor COLUMN=VALUE. "
                  "{}",
                  whole, part, kForm);
    }
    group.emplace_back(part.substr(0, equals), part.substr(equals + 1));
  }
  return group;
}

int Specialty(const MarginRule& rule) {
  return (rule.group.empty() ? 0 : 2) + (rule.metric.empty() ? 0 : 1);
}

}  // namespace

MarginRule ParseMarginRule(const std::string& text,
                           const std::vector<std::string>& metrics) {
  MarginRule rule;
  rule.text = text;
  const size_t last = text.rfind(':');
  const std::string number =
      last == std::string::npos ? text : text.substr(last + 1);
  if (!ParseNumber(number, &rule.margin) || !(rule.margin > 0)) {
    throw Error(ErrorCode::kUsage,
                "--margin {}: \"{}\" is not a number above 0. {}", text, number,
                kForm);
  }
  if (last == std::string::npos) return rule;
  std::string what = text.substr(0, last);
  const size_t first = what.find(':');
  const std::string head = what.substr(0, first);
  const Metric* metric = FindMetric(head);
  if (metric != nullptr && std::find(metrics.begin(), metrics.end(),
                                     metric->name) != metrics.end()) {
    rule.metric = metric->name;
    what = first == std::string::npos ? "" : what.substr(first + 1);
  } else if (head.find('=') == std::string::npos) {
    throw Error(ErrorCode::kUsage,
                "--margin {}: \"{}\" is neither a metric nor COLUMN=VALUE{} "
                "{}",
                text, head, Nearest(head, metrics), kForm);
  }
  if (!what.empty()) rule.group = ParseGroup(what, text);
  return rule;
}

double MarginOf(const std::vector<MarginRule>& rules, double general,
                const std::string& metric, const GroupIndex& groups,
                int group) {
  double margin = general;
  int special = -1;
  for (const MarginRule& rule : rules) {
    if (!rule.metric.empty() && rule.metric != metric) continue;
    if (!rule.group.empty() && !IsOfGroup(rule, groups, group)) continue;
    if (Specialty(rule) > special) {
      special = Specialty(rule);
      margin = rule.margin;
    }
  }
  return margin;
}

void CheckMargins(const std::vector<MarginRule>& rules,
                  const GroupIndex& groups) {
  for (size_t i = 0; i < rules.size(); ++i) {
    auto group = rules[i].group;
    std::sort(group.begin(), group.end());
    for (size_t j = 0; j < i; ++j) {
      auto other = rules[j].group;
      std::sort(other.begin(), other.end());
      if (other == group && rules[j].metric == rules[i].metric) {
        throw Error(ErrorCode::kUsage,
                    "--margin {} and --margin {} are for the same metric and "
                    "group",
                    rules[j].text, rules[i].text);
      }
    }
    if (group.empty()) continue;
    const auto count = static_cast<int>(groups.groups.size());
    std::vector<std::string> names;
    bool found = false;
    for (int g = 1; g < count && !found; ++g) {
      found = IsOfGroup(rules[i], groups, g);
      names.push_back(groups.Name(g));
    }
    if (found) continue;
    std::string wanted;
    for (const auto& [attribute, level] : rules[i].group) {
      wanted += (wanted.empty() ? "" : ", ") + attribute + "=" + level;
    }
    throw Error(
        ErrorCode::kUsage,
        "--margin {}: there is no group \"{}\"{} Every attribute must be "
        "named with --by, and --cross be as large as the group",
        rules[i].text, wanted, Nearest(wanted, names));
  }
}

}  // namespace plumbline
