#include "plumbline/audit/rules.h"

#include <algorithm>
#include <vector>

#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

std::vector<Rule> SortedByCode() {
  std::vector<Rule> rules;
  for (const auto& family : {
           CompareRules(),
           CaseMixRules(),
           GapRules(),
           DataRules(),
           MulticlassRules(),
           LimitationRules(),
           MonitorRules(),
           ShareRules(),
           WeightRules(),
           SliceRules(),
       }) {
    rules.insert(rules.end(), family.begin(), family.end());
  }
  std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) {
    return std::string_view(a.code) < b.code;
  });
  return rules;
}

}  // namespace

std::span<const Rule> AllRules() {
  static const std::vector<Rule> rules = SortedByCode();
  return rules;
}

const Rule* FindRule(std::string_view code) {
  for (const Rule& rule : AllRules()) {
    if (rule.code == code) return &rule;
  }
  return nullptr;
}

}  // namespace plumbline
