#include "plumbline/cli/help_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/text.h"
#include "plumbline/cli/commands.h"

namespace plumbline {
namespace {

using ::testing::HasSubstr;

TEST(HelpText, WrapsAtBlanksAndIndents) {
  EXPECT_EQ(Wrap("one two three", 7, 2), "one two\n  three");
  EXPECT_EQ(Wrap("one\n\ntwo", 7, 0), "one\n\ntwo");
  EXPECT_EQ(Wrap("unbreakable", 4, 1), "unbreakable");
}

TEST(HelpText, OfEveryCommandFitsEightyColumns) {
  const Command commands[] = {AuditCommand(), ExplainCommand(), HelpCommand(),
                              VersionCommand()};
  std::string text = GeneralHelp(commands);
  for (const Command& command : commands) text += CommandHelp(command);
  for (const std::string& line : Split(text, '\n')) {
    EXPECT_LE(line.size(), 80u) << line;
  }
}

TEST(HelpText, NamesEveryOptionWithItsDefault) {
  const std::string help = CommandHelp(AuditCommand());
  for (const OptionGroup& group : AuditCommand().options()) {
    EXPECT_THAT(help, HasSubstr(std::string("\n") + group.heading + "\n"));
    for (const Option& option : group.options) {
      EXPECT_THAT(help, HasSubstr(std::string("--") + option.name));
    }
  }
  EXPECT_THAT(help, HasSubstr("[1000]"));
  EXPECT_THAT(help, HasSubstr("-o, --output DIR"));
  EXPECT_THAT(help, HasSubstr("Exit codes\n  0  done"));
}

}  // namespace
}  // namespace plumbline
