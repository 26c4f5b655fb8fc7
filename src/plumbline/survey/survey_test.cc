#include "plumbline/survey/survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <set>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/test_support.h"
#include "plumbline/survey/survey_for_test.h"
#include "plumbline/survey/survey_json.h"

namespace plumbline::survey {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

const std::string kSmall =
    Csv("sex,y", {{10, "F,1"}, {10, "F,0"}, {12, "M,1"}, {12, "M,0"}});

TEST(Survey, SaysWhatDoesNotFitTheCohort) {
  const auto with = [](const std::string& attribute, const std::string& group) {
    return ErrorText([&] {
      SurveyOptions options = Fast();
      options.references[attribute] = group;
      SurveyOf(Csv("sex,y", {{10, "F,1"}, {10, "M,0"}, {5, "unknown,0"}}),
               Roles({"sex"}, {"y"}), options);
    });
  };
  EXPECT_EQ(with("sex", "X"),
            "2: --reference sex=X: sex has no such group; there are F and M");
  EXPECT_EQ(with("sec", "F"),
            "2: --reference sec=F: there is no attribute \"sec\"; did you mean "
            "\"sex\"?");
  // They are no group: comparisons with them would be comparisons with nobody.
  EXPECT_EQ(with("sex", "unknown"),
            "2: --reference sex=unknown: sex has no such group; there are F "
            "and M");
  EXPECT_EQ(with("sex", "F"), "no error");
}

TEST(Survey, WantsAttributes) {
  EXPECT_EQ(ErrorText([] { SurveyOf(kSmall, Roles({}, {"y"})); }),
            "3: the cohort has no attributes of people; name them with --by, "
            "such as --by sex,age, or as attributes in cohort.toml");
}

TEST(Survey, SaysWhatItCouldNotLookAt) {
  CohortRoles roles = Roles({"sex"});
  roles.subject = "";
  const SurveyResult result = SurveyOf(kSmall, roles);
  EXPECT_FALSE(result.has_subjects);
  for (const char* words :
       {"whose image", "No column is a label", "No images", "No reference",
        "No flow", "No column is the split", "what causes what"}) {
    EXPECT_THAT(result.limitations, Contains(HasSubstr(words)));
  }
}

// A cohort in which much goes wrong at once.
CohortRoles BusyRoles() {
  CohortRoles roles = Roles({"sex", "race"}, {"y", "z"}, {"view", "exposure"});
  roles.site = "hospital";
  roles.split = "part";
  roles.flow = {ParseFlowStep("", "quality != poor")};
  roles.references = {{"race", {{"A", 0.5}, {"B", 0.5}}, "census"}};
  return roles;
}

std::string Busy() {
  std::string csv = "id,sex,race,y,z,view,exposure,hospital,part,quality\n";
  for (int s = 0; s < 300; ++s) {
    const bool f = s % 3 == 0, b = s % 5 == 0;
    for (int i = 0; i <= s % 2; ++i) {
      csv += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", s, f ? "F" : "M",
                         s % 11 == 7 ? "unknown"
                         : b         ? "B"
                                     : "A",
                         f ? s % 4 != 0 : s % 4 == 0,
                         b && s % 2 == 0 ? "" : (s % 7 < 3 ? "1" : "0"),
                         (f ? s % 8 != 1 : s % 8 == 1) ? "AP" : "PA",
                         s % 40 + (f ? 15 : 0), s % 6 < 4 ? "S1" : "S2",
                         s % 9 < 6 || i == 1 ? "train" : "test",
                         b && s % 4 == 1 ? "poor" : "good");
    }
  }
  return csv;
}

TEST(Survey, PutsTheMostSevereFindingsFirst) {
  const SurveyResult result = SurveyOf(Busy(), BusyRoles());
  std::set<std::string> codes;
  std::set<Severity> severities;
  for (size_t i = 0; i < result.findings.size(); ++i) {
    const Finding& finding = result.findings[i];
    codes.insert(finding.code);
    severities.insert(finding.severity);
    EXPECT_FALSE(finding.action.empty()) << finding.code;
    EXPECT_TRUE(finding.text.ends_with('.')) << finding.text;
    EXPECT_EQ(finding.chapter, finding.code[2] - '0');
    if (i > 0) {
      EXPECT_GE(result.findings[i - 1].severity, finding.severity);
    }
  }
  EXPECT_GE(severities.size(), 3u);
  for (const char* code :
       {"SV101", "SV102", "SV103", "SV104", "SV105", "SV107", "SV318"}) {
    EXPECT_TRUE(codes.contains(code)) << code;
  }
}

std::string JsonOf(int threads) {
  SurveyOptions options = Fast();
  options.threads = threads;
  return ToJson(SurveyOf(Busy(), BusyRoles(), options), options).dump(1);
}

TEST(Survey, GivesTheSameBytesForAnyNumberOfThreads) {
  const std::string one = JsonOf(1);
  EXPECT_EQ(one, JsonOf(2));
  EXPECT_EQ(one, JsonOf(5));
}

TEST(Survey, DrawsOtherRowsOfAPersonWithAnotherSeed) {
  constexpr int kPeople = 4000;
  std::string csv = "id,sex\n";
  for (int i = 0; i < 4 * kPeople; ++i) {
    csv += fmt::format("{},F\n", i % kPeople);
  }
  const Cohort cohort = ReadCohort(csv, Roles({"sex"}));
  const auto sample = [&](uint64_t seed) {
    return MakeSurveyInput(cohort, nullptr, {.seed = seed}).sample;
  };
  EXPECT_EQ(sample(1), sample(1));
  EXPECT_NE(sample(1), sample(2));
  // Each of the four rows is as likely, within 4.5 standard errors.
  int of_row[4] = {};
  for (const int64_t row : sample(1)) ++of_row[row / kPeople];
  for (const int count : of_row) {
    EXPECT_NEAR(count, kPeople / 4, 4.5 * std::sqrt(kPeople * 0.25 * 0.75));
  }
}

TEST(SurveyJson, HasNumbersOrNullAndSaysWhy) {
  const SurveyOptions options = Fast();
  const Json json = ToJson(SurveyOf(Busy(), BusyRoles(), options), options);
  EXPECT_EQ(json.at("schema"), "plumbline.survey/1");
  EXPECT_EQ(json.at("subjects"), 285);
  EXPECT_EQ(json.dump().find("nan"), std::string::npos);
  const Json& finding = json.at("findings").at(0);
  for (const char* key : {"code", "chapter", "severity", "text", "action",
                          "measure", "effect", "about"}) {
    EXPECT_TRUE(finding.contains(key)) << key;
  }
  for (const char* key : {"value", "lo", "hi", "level", "n", "subjects",
                          "method", "p", "p_adjusted", "reason"}) {
    EXPECT_TRUE(finding.at("effect").contains(key)) << key;
  }
  const Json& drivers = json.at("drivers");
  EXPECT_TRUE(drivers.at("split").is_object());
  EXPECT_TRUE(drivers.at("duplicates").is_null());
  // The reference group differs from itself in nothing.
  for (const Json& p : json.at("disparities").at("labels").at("prevalence")) {
    EXPECT_EQ(p.at("difference").is_null(), p.at("group") == "M" ||
                                                p.at("group") == "A" ||
                                                p.at("group") == "unknown")
        << p.dump();
  }
}

// The codes in the sources of this folder but the list of rules, and for tests.
std::set<std::string> CodesOfSources() {
  std::set<std::string> codes;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::string(PLUMBLINE_SOURCE_DIR) + "/src/plumbline/survey")) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".cc") || name.ends_with("_test.cc") ||
        name == "rules.cc") {
      continue;
    }
    const std::string text = ReadFile(entry.path().string());
    // "SV104" between quotes.
    for (size_t at = text.find("\"SV"); at != std::string::npos;
         at = text.find("\"SV", at + 1)) {
      const std::string code = text.substr(at + 1, 5);
      const bool is_number =
          code.find_first_not_of("0123456789", 2) == std::string::npos;
      if (is_number && text.substr(at + 6, 1) == "\"") codes.insert(code);
    }
  }
  return codes;
}

TEST(SurveyRules, AreTheCodesOfFindings) {
  std::set<std::string> codes;
  for (const Rule& rule : SurveyRules()) {
    EXPECT_TRUE(codes.insert(rule.code).second) << rule.code;
    EXPECT_NE(std::string(rule.title), "");
    EXPECT_THAT(std::string(rule.text), HasSubstr("What to do:")) << rule.code;
  }
  EXPECT_GT(codes.size(), 20u);
  EXPECT_EQ(codes, CodesOfSources());
}

}  // namespace
}  // namespace plumbline::survey
