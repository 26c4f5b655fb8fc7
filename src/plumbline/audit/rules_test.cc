#include "plumbline/audit/rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>

namespace plumbline {
namespace {

TEST(Rules, AreFoundByTheirCode) {
  ASSERT_NE(FindRule("PB101"), nullptr);
  EXPECT_STREQ(FindRule("PB101")->title, "Underdiagnosis gap");
  EXPECT_EQ(FindRule("PB999"), nullptr);
  EXPECT_EQ(FindRule(""), nullptr);
}

TEST(Rules, HaveDistinctCodesInOrder) {
  std::set<std::string> codes;
  for (const Rule& rule : AllRules()) {
    EXPECT_TRUE(std::regex_match(rule.code, std::regex("P[BL][1-8][0-9]{2}")))
        << rule.code;
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
    const std::string text = rule.text;
    const std::regex code("P[BL][0-9]{3}");
    for (std::sregex_iterator match(text.begin(), text.end(), code), end;
         match != end; ++match) {
      EXPECT_NE(FindRule(match->str()), nullptr) << rule.code;
    }
  }
}

}  // namespace
}  // namespace plumbline
