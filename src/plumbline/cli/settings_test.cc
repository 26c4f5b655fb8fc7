#include "plumbline/cli/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "plumbline/cli/settings_tables.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

OptionGroups Groups() {
  return {{"A",
           {{"by", OptionKind::kList, "COLUMN,...", ""},
            {"gate", OptionKind::kRepeated, "EXPRESSION", ""},
            {"level", OptionKind::kText, "P", "", "0.95"},
            {"tune-on", OptionKind::kText, "COLUMN=VALUE", ""},
            {"logit", OptionKind::kFlag, "", ""}}}};
}

const std::map<std::string, FileSetting> kFile = {
    {"by", {{"race"}, 2}}, {"level", {{"0.8"}, 3}}, {"logit", {{"true"}, 4}}};
const std::map<std::string, std::string> kEnvironment = {
    {"by", "sex, age"}, {"gate", "a <= 1; b <= 2"}};
const std::map<std::string, std::vector<std::string>> kFlags = {
    {"by", {"site,view", "sex"}}};

TEST(Settings, PreferTheCommandLineToTheEnvironmentToTheFile) {
  const Settings all(Groups(), "plumbline.toml", kFile, kEnvironment, kFlags);
  EXPECT_THAT(all.List("by"), ElementsAre("site", "view", "sex"));
  const Settings two(Groups(), "plumbline.toml", kFile, kEnvironment, {});
  EXPECT_THAT(two.List("by"), ElementsAre("sex", "age"));
  EXPECT_THAT(two.List("gate"), ElementsAre("a <= 1", "b <= 2"));
  const Settings one(Groups(), "plumbline.toml", kFile, {}, {});
  EXPECT_THAT(one.List("by"), ElementsAre("race"));
  EXPECT_EQ(one.Text("level"), "0.8");
  EXPECT_TRUE(one.Flag("logit"));
  const Settings none(Groups(), "", {}, {}, {});
  EXPECT_THAT(none.List("by"), IsEmpty());
  EXPECT_EQ(none.Text("level"), "0.95");
  EXPECT_FALSE(none.Flag("logit"));
  EXPECT_FALSE(none.Has("level"));
}

TEST(Settings, CanTakeBackWhatAWeakerPlaceSays) {
  const Settings settings(Groups(), "plumbline.toml", kFile,
                          {{"logit", "false"}}, {{"by", {""}}});
  EXPECT_FALSE(settings.Flag("logit"));
  EXPECT_THAT(settings.List("by"), IsEmpty());
}

std::string LevelMessage(const Settings& settings) {
  try {
    settings.Number(
        "level", [](double level) { return level > 0 && level < 1; },
        "a number above 0 and below 1");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(Settings, SayWhereAWrongValueStands) {
  EXPECT_EQ(LevelMessage(Settings(Groups(), "", {}, {}, {{"level", {"95"}}})),
            "--level 95: expected a number above 0 and below 1");
  EXPECT_EQ(LevelMessage(Settings(Groups(), "", {}, {{"level", "x"}}, {})),
            "PLUMBLINE_LEVEL=x: expected a number above 0 and below 1");
  EXPECT_EQ(LevelMessage(
                Settings(Groups(), "a.toml", {{"level", {{"2"}, 7}}}, {}, {})),
            "a.toml, line 7: level = 2: expected a number above 0 and below 1");
}

TEST(Settings, PutThePlaceBeforeAParsersMessage) {
  const Settings settings(Groups(), "a.toml", {{"level", {{"2"}, 7}}}, {}, {});
  try {
    settings.Parsed("level", []() -> int {
      throw Error(ErrorCode::kUsage, "--level 2: no");
    });
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a.toml, line 7: --level 2: no");
  }
}

TEST(Settings, ReadWholeNumbersOnlyAsWholeNumbers) {
  for (const char* text : {"1.5", "1e3", "", " 1", "99999999999999999999"}) {
    const Settings settings(Groups(), "", {}, {{"level", text}}, {});
    EXPECT_THROW(settings.Integer("level", 0, 1000000, "a whole number"), Error)
        << text;
  }
}

TEST(Settings, ShowThemselvesAsAFileThatGivesTheSame) {
  const std::map<std::string, std::vector<std::string>> flags = {
      {"gate", {"fnr gap of \"A b\" by sex <= 1"}}};
  const Settings settings(Groups(), "plumbline.toml", kFile, kEnvironment,
                          flags);
  const std::string text = settings.ToToml("audit");
  EXPECT_EQ(text,
            "[audit]\n"
            "by = [\"sex\", \"age\"]  # PLUMBLINE_BY\n"
            "gate = [\"fnr gap of \\\"A b\\\" by sex <= 1\"]  # command line\n"
            "level = \"0.8\"  # plumbline.toml, line 3\n"
            "# tune-on = \"\"  # default\n"
            "logit = true  # plumbline.toml, line 4\n");
  const auto again =
      ParseSettingsFile(text, "x", {{"audit", Groups()}}).at("audit");
  const Settings same(Groups(), "x", again, {}, {});
  for (const char* name : {"by", "gate"}) {
    EXPECT_EQ(same.List(name), settings.List(name));
  }
  EXPECT_EQ(same.Text("level"), settings.Text("level"));
  EXPECT_EQ(same.Flag("logit"), settings.Flag("logit"));
}

TEST(Settings, ComeFromTheEnvironmentByTheirName) {
  EXPECT_EQ(EnvironmentName("tune-on"), "PLUMBLINE_TUNE_ON");
  setenv("PLUMBLINE_TUNE_ON", "a=b", 1);
  setenv("PLUMBLINE_TEST_DATA", "elsewhere", 1);
  const auto values = ReadEnvironment(Groups());
  EXPECT_EQ(values.at("tune-on"), "a=b");
  EXPECT_EQ(values.size(), 1u);
  unsetenv("PLUMBLINE_TUNE_ON");
  unsetenv("PLUMBLINE_TEST_DATA");
}

TEST(OptionTables, HaveNoNameTwiceInOneCommand) {
  for (const auto& [command, groups] : AllOptionTables()) {
    std::set<std::string> names;
    for (const OptionGroup& group : groups) {
      for (const Option& option : group.options) {
        EXPECT_TRUE(names.insert(option.name).second)
            << command << " --" << option.name;
      }
    }
  }
}

}  // namespace
}  // namespace plumbline
