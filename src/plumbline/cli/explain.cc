// plumbline explain [CODE...]: what a code in a report means.
#include <fmt/format.h>

#include <vector>

#include "plumbline/audit/rules.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cli/command_line.h"
#include "plumbline/cli/commands.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/cli/standard_output.h"
#include "plumbline/face/audit/face_rules.h"
#include "plumbline/survey/survey.h"

namespace plumbline {
namespace {

constexpr const char* kHead =
    "usage: plumbline explain [CODE...]\n"
    "\n"
    "Without a code, lists all of them.\n"
    "\n"
    "example: plumbline explain PB101\n";

// Of all analyses, each family by code.
std::vector<Rule> RulesOfAll() {
  std::vector<Rule> rules(AllRules().begin(), AllRules().end());
  const auto face = face::FaceRules();
  rules.insert(rules.end(), face.begin(), face.end());
  const auto survey = survey::SurveyRules();
  rules.insert(rules.end(), survey.begin(), survey.end());
  return rules;
}

std::string Explanation(const std::string& code) {
  std::string upper = code;
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  std::vector<std::string> codes;
  for (const Rule& rule : RulesOfAll()) {
    if (rule.code == upper) {
      return fmt::format("{} {}\n\n{}\n", rule.code, rule.title,
                         Wrap(rule.text, 80, 0));
    }
    codes.emplace_back(rule.code);
  }
  const std::string nearest = DidYouMean(upper, codes);
  throw Error(
      ErrorCode::kUsage, "unknown code {}{}", code,
      nearest.empty() ? "; `plumbline explain` lists all codes" : nearest);
}

std::string AllCodes() {
  std::string text;
  for (const Rule& rule : RulesOfAll()) {
    text += fmt::format("{}  {}\n", rule.code, rule.title);
  }
  return text;
}

int RunExplain(const Invocation& invocation) {
  const CommandLine line = ParseCommandLine({}, invocation.arguments);
  std::string text;
  if (line.help) {
    text = CommandHelp(*invocation.command);
  } else if (line.inputs.empty()) {
    text = AllCodes();
  }
  for (const std::string& code : line.inputs) {
    if (!text.empty()) text += '\n';
    text += Explanation(code);
  }
  WriteToStdout(text);
  return 0;
}

}  // namespace

Command ExplainCommand() {
  return {.name = "explain",
          .summary = "what a code in a report means, and what to do",
          .run = RunExplain,
          .help_head = kHead};
}

}  // namespace plumbline
