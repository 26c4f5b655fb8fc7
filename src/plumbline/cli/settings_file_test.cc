#include "plumbline/cli/settings_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

OptionTables Tables() {
  return {{"audit",
           {{"A",
             {{"label", OptionKind::kList, "COLUMN,...", ""},
              {"bins", OptionKind::kRepeated, "COLUMN=EDGES", ""},
              {"at", OptionKind::kRepeated, "[TARGET:]RULE", ""},
              {"gate", OptionKind::kRepeated, "EXPRESSION", ""},
              {"tune-on", OptionKind::kText, "COLUMN=VALUE", ""},
              {"level", OptionKind::kText, "P", ""},
              {"logit", OptionKind::kFlag, "", ""}}}}},
          {"survey", {{"A", {{"label", OptionKind::kList, "COLUMN", ""}}}}}};
}

std::map<std::string, FileSetting> Audit(const std::string& text) {
  return ParseSettingsFile(text, "plumbline.toml", Tables())["audit"];
}

std::string Message(const std::string& text) {
  try {
    Audit(text);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(SettingsFile, GivesValuesAsTheCommandLineWould) {
  const auto settings = Audit(
      "[audit]\n"
      "label = \"a,b\"\n"
      "tune_on = \"split=val\"\n"
      "level = 0.9\n"
      "logit = true\n"
      "gate = [\"fnr gap by sex <= 0.05\", \"x\"]\n");
  EXPECT_THAT(settings.at("label").values, ElementsAre("a", "b"));
  EXPECT_EQ(settings.at("label").line, 2);
  EXPECT_THAT(settings.at("tune-on").values, ElementsAre("split=val"));
  EXPECT_THAT(settings.at("level").values, ElementsAre("0.9"));
  EXPECT_THAT(settings.at("logit").values, ElementsAre("true"));
  EXPECT_THAT(settings.at("gate").values,
              ElementsAre("fnr gap by sex <= 0.05", "x"));
}

TEST(SettingsFile, KeepsCommasInArrayElements) {
  EXPECT_THAT(Audit("[audit]\nlabel = [\"a,b\", \"c\"]\n").at("label").values,
              ElementsAre("a,b", "c"));
}

TEST(SettingsFile, TakesTablesForNamesWithValues) {
  const auto settings = Audit(
      "[audit]\n"
      "bins = { age = [0, 40, 60.5], height = \"0,150\" }\n"
      "[audit.at]\n"
      "Edema = \"fpr=0.2\"\n"
      "Mass = 0.5\n");
  EXPECT_THAT(settings.at("bins").values,
              UnorderedElementsAre("age=0,40,60.5", "height=0,150"));
  EXPECT_THAT(settings.at("at").values,
              UnorderedElementsAre("Edema:fpr=0.2", "Mass:0.5"));
}

TEST(SettingsFile, LeavesTheTablesOfOtherCommandsAlone) {
  EXPECT_TRUE(Audit("[survey]\nlabel = \"x\"\n").empty());
}

TEST(SettingsFile, NamesTheNearestKey) {
  EXPECT_EQ(Message("[audit]\n\nlable = \"y\"\n"),
            "plumbline.toml, line 3: unknown key \"lable\" in [audit]; did you "
            "mean \"label\"?");
  EXPECT_EQ(Message("[audti]\nlabel = \"y\"\n"),
            "plumbline.toml, line 1: unknown table \"audti\"; did you mean "
            "\"audit\"?");
  EXPECT_EQ(Message("[colours]\n"),
            "plumbline.toml, line 1: unknown table \"colours\"; there is "
            "[audit] and [survey]");
  EXPECT_EQ(Message("level = 0.9\n"),
            "plumbline.toml, line 1: key \"level\" stands outside a table; "
            "write [audit] above it");
  EXPECT_EQ(Message("audit = 1\n"),
            "plumbline.toml, line 1: \"audit\" is a table: write [audit] and "
            "its keys below it");
}

TEST(SettingsFile, SaysWhichValueIsOfTheWrongKind) {
  EXPECT_EQ(Message("[audit]\nlogit = \"yes\"\n"),
            "plumbline.toml, line 2: \"logit\" is true or false");
  EXPECT_EQ(Message("[audit]\nlabel = true\n"),
            "plumbline.toml, line 2: \"label\" must be text or a number");
  EXPECT_EQ(Message("[audit]\nlevel = [0.9, 0.95]\n"),
            "plumbline.toml, line 2: \"level\" has one value, not several");
  EXPECT_EQ(Message("[audit]\ngate = { a = 1 }\n"),
            "plumbline.toml, line 2: \"gate\" is text or an array of texts");
  EXPECT_EQ(Message("[audit]\ntune-on = \"a=b\"\ntune_on = \"c=d\"\n"),
            "plumbline.toml, line 3: \"tune_on\" is given twice, with - and "
            "with _");
}

TEST(SettingsFile, SaysInWhichLineTheFileIsBroken) {
  EXPECT_THAT(Message("[audit]\nlabel = \"y\nlevel = 1\n"),
              ::testing::StartsWith("plumbline.toml, line 2: "));
  EXPECT_THAT(Message("[audit]\nlabel = \"y\"\nlabel = \"z\"\n"),
              ::testing::StartsWith("plumbline.toml, line 3: "));
}

TEST(SettingsFile, IsFoundInTheFoldersAbove) {
  namespace fs = std::filesystem;
  const fs::path top = fs::temp_directory_path() /
                       ("plumbline_settings_" + std::to_string(getpid()));
  fs::create_directories(top / "a" / "b");
  std::ofstream(top / "plumbline.toml") << "[audit]\n";
  EXPECT_EQ(FindSettingsFile(top.string()), (top / "plumbline.toml").string());
  EXPECT_EQ(FindSettingsFile((top / "a" / "b").string()),
            (top / "a" / "b" / "../../plumbline.toml").string());
  std::ofstream(top / "a" / "plumbline.toml") << "[audit]\n";
  EXPECT_EQ(FindSettingsFile((top / "a" / "b").string()),
            (top / "a" / "b" / "../plumbline.toml").string());
  fs::remove_all(top);
}

}  // namespace
}  // namespace plumbline
