#include "plumbline/audit/rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace plumbline {
namespace {

// P, B or L, three digits.
bool IsCode(std::string_view word) {
  return word.size() == 5 && word[0] == 'P' &&
         (word[1] == 'B' || word[1] == 'L') &&
         std::all_of(word.begin() + 2, word.end(),
                     [](unsigned char c) { return std::isdigit(c); });
}

TEST(Rules, AreFoundByTheirCode) {
  ASSERT_NE(FindRule("PB101"), nullptr);
  EXPECT_STREQ(FindRule("PB101")->title, "Underdiagnosis gap");
  EXPECT_EQ(FindRule("PB999"), nullptr);
  EXPECT_EQ(FindRule(""), nullptr);
}

TEST(Rules, HaveDistinctCodesInOrder) {
  std::set<std::string> codes;
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(IsCode(rule.code)) << rule.code;
    EXPECT_TRUE(codes.insert(rule.code).second) << rule.code;
  }
  EXPECT_TRUE(std::is_sorted(AllRules().begin(), AllRules().end(),
                             [](const Rule& a, const Rule& b) {
                               return std::string_view(a.code) < b.code;
                             }));
}

TEST(Rules, SayWhatToDo) {
  for (const Rule& rule : AllRules()) {
    const std::string_view text = rule.text;
    EXPECT_NE(text.find("\n\nWhat to do: "), std::string_view::npos)
        << rule.code;
    EXPECT_GT(text.size(), 300u) << rule.code;
    EXPECT_TRUE(text.ends_with('.')) << rule.code;
  }
}

TEST(Rules, SpeakOnlyOfRulesThatExist) {
  for (const Rule& rule : AllRules()) {
    const std::string_view text = rule.text;
    for (size_t at = 0; at + 5 <= text.size(); ++at) {
      const std::string_view word = text.substr(at, 5);
      if (IsCode(word)) {
        EXPECT_NE(FindRule(word), nullptr) << rule.code;
      }
    }
  }
}

}  // namespace
}  // namespace plumbline
