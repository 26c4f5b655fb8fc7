#include "plumbline/cli/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

OptionGroups Groups() {
  return {{"A",
           {{"label", OptionKind::kList, "COLUMN,...", ""},
            {"missing", OptionKind::kList, "TEXT,...", ""},
            {"gate", OptionKind::kRepeated, "EXPRESSION", ""}}},
          {"B",
           {{"output", OptionKind::kText, "DIR", "", "", 'o'},
            {"seed", OptionKind::kText, "N", ""},
            {"quiet", OptionKind::kFlag, "", "", "", 'q'},
            {"logit", OptionKind::kFlag, "", ""}}}};
}

CommandLine Parse(const std::vector<std::string>& arguments) {
  return ParseCommandLine(Groups(), arguments);
}

std::string Message(const std::vector<std::string>& arguments) {
  try {
    Parse(arguments);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(CommandLine, TakesOptionsAndInputsInAnyOrder) {
  const CommandLine line = Parse(
      {"a.csv", "--label", "y", "b.csv", "-o", "out", "--label=z", "-q", "-"});
  EXPECT_THAT(line.inputs, ElementsAre("a.csv", "b.csv", "-"));
  EXPECT_THAT(line.values.at("label"), ElementsAre("y", "z"));
  EXPECT_THAT(line.values.at("output"), ElementsAre("out"));
  EXPECT_THAT(line.values.at("quiet"), ElementsAre("true"));
  EXPECT_FALSE(line.values.contains("logit"));
  EXPECT_FALSE(line.help);
}

TEST(CommandLine, TakesValuesThatLookLikeOptionsOrNumbersBelowZero) {
  const CommandLine line =
      Parse({"--seed", "-1", "--gate", "-x", "--missing", "-"});
  EXPECT_THAT(line.values.at("seed"), ElementsAre("-1"));
  EXPECT_THAT(line.values.at("gate"), ElementsAre("-x"));
  EXPECT_THAT(line.values.at("missing"), ElementsAre("-"));
}

TEST(CommandLine, TakesEmptyValues) {
  EXPECT_THAT(Parse({"--missing", ""}).values.at("missing"), ElementsAre(""));
  const CommandLine line = Parse({"--missing=", "a.csv"});
  EXPECT_THAT(line.values.at("missing"), ElementsAre(""));
  EXPECT_THAT(line.inputs, ElementsAre("a.csv"));
}

TEST(CommandLine, TakesEverythingAfterTwoDashesAsInput) {
  const CommandLine line = Parse({"--", "--label", "-o"});
  EXPECT_THAT(line.inputs, ElementsAre("--label", "-o"));
  EXPECT_THAT(line.values, IsEmpty());
}

TEST(CommandLine, KnowsHelp) {
  EXPECT_TRUE(Parse({"a.csv", "--help"}).help);
  EXPECT_TRUE(Parse({"-h"}).help);
}

TEST(CommandLine, NamesTheNearestOption) {
  EXPECT_EQ(Message({"--lable", "y"}),
            "unknown option --lable; did you mean \"--label\"?");
  EXPECT_EQ(Message({"--lable=y"}),
            "unknown option --lable; did you mean \"--label\"?");
  EXPECT_EQ(Message({"-label", "y"}),
            "unknown option -label; did you mean \"--label\"?");
  EXPECT_EQ(Message({"--wrong"}),
            "unknown option --wrong; --help lists the options");
  EXPECT_EQ(Message({"-x"}), "unknown option -x; --help lists the options");
}

TEST(CommandLine, NamesTheCommandsThatHaveAnUnknownOption) {
  const OptionTables tables = {
      {"audit", {{"Columns", {{"label", OptionKind::kText, "COLUMN", ""}}}}},
      {"monitor", {{"Time", {{"date", OptionKind::kText, "COLUMN", ""}}}}},
      {"other", {{"Time", {{"date", OptionKind::kText, "COLUMN", ""}}}}}};
  const auto message = [&](const std::string& option) -> std::string {
    try {
      ParseCommandLine(tables.at("audit"), {option}, tables);
    } catch (const Error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_EQ(message("--date"),
            "unknown option --date; it belongs to plumbline monitor and "
            "plumbline other");
  EXPECT_EQ(message("--date=x"),
            "unknown option --date; it belongs to plumbline monitor and "
            "plumbline other");
  EXPECT_EQ(message("--lable"),
            "unknown option --lable; did you mean \"--label\"?");
}

TEST(CommandLine, SaysWhichValueIsMissing) {
  EXPECT_EQ(Message({"--label"}), "--label needs a value (COLUMN,...)");
  EXPECT_EQ(Message({"a.csv", "-o"}), "--output needs a value (DIR)");
  EXPECT_EQ(Message({"--label", "--logit"}),
            "--label needs a value (COLUMN,...), found the option --logit");
  EXPECT_EQ(Message({"--label", "-q"}),
            "--label needs a value (COLUMN,...), found the option -q");
}

TEST(CommandLine, RefusesTwoValuesWhereOneIsMeant) {
  EXPECT_EQ(Message({"--seed", "1", "--seed", "2"}),
            "--seed is given twice: 1 and 2");
}

}  // namespace
}  // namespace plumbline
