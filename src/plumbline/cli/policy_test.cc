#include "plumbline/cli/policy.h"

#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/base/test_support.h"
#include "plumbline/cli/settings.h"

namespace plumbline {
namespace {

using enum OptionKind;

OptionTables Tables() {
  return {{"audit",
           {{"Analysis",
             {{"margin", kText, "D", "", "0.05"},
              {"by", kList, "COLUMN,...", ""},
              {"gate", kRepeated, "EXPRESSION", ""},
              {"title", kText, "TEXT", ""}}}}}};
}

constexpr const char* kText1 = R"([policy]
name = "Release"
owner = "Committee"

[audit]
margin = 0.1
by = ["sex", "age"]
gate = ["fnr gap by sex <= 0.05"]
)";

class PolicyTest : public testing::Test {
 protected:
  std::string Write(const std::string& text) {
    const std::string path = folder_.path() + "/policy.toml";
    WriteFile(path, text);
    return path;
  }
  std::string MessageOf(const std::string& text, const std::string& hash) {
    try {
      ReadPolicy(Write(text), hash, "audit", Tables());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      const std::string message = error.what();
      return message.substr(message.find("policy.toml"));
    }
    return "accepted";
  }
  Settings With(const std::map<std::string, std::vector<std::string>>& flags) {
    Settings settings(Tables().at("audit"), "", {}, {}, flags);
    settings.Apply(ReadPolicy(Write(kText1), "", "audit", Tables()));
    return settings;
  }

  TemporaryFolder folder_;
};

TEST_F(PolicyTest, SaysWhatItFixesAndWhichFileItIs) {
  const Policy policy = ReadPolicy(Write(kText1), "", "audit", Tables());
  EXPECT_EQ(policy.name, "Release");
  EXPECT_EQ(policy.owner, "Committee");
  EXPECT_EQ(policy.version, "");
  EXPECT_EQ(policy.settings.at("margin").values,
            std::vector<std::string>{"0.1"});
  const Json json = PolicyJson(policy);
  EXPECT_EQ(json["file"], "policy.toml");
  EXPECT_EQ(json["sha256"].get<std::string>().size(), 64u);
  EXPECT_EQ(json["settings"], Json::array({"by", "gate", "margin"}));
  EXPECT_EQ(json["gates"], Json::array({"fnr gap by sex <= 0.05"}));
}

TEST_F(PolicyTest, TakesItsOwnHashInAnyCase) {
  std::string hash = ReadPolicy(Write(kText1), "", "audit", Tables()).sha256;
  EXPECT_EQ(MessageOf(kText1, "sha256:" + hash), "accepted");
  for (char& c : hash) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(MessageOf(kText1, hash), "accepted");
  EXPECT_NE(MessageOf(std::string(kText1) + "\n", hash), "accepted");
}

TEST_F(PolicyTest, NamesTheNearestKeyAndHasNoneOfOutput) {
  EXPECT_EQ(MessageOf("[audit]\nmargn = 1\n", ""),
            "policy.toml, line 2: unknown key \"margn\" in [audit]; did you "
            "mean \"margin\"?");
  EXPECT_EQ(MessageOf("[audit]\ntitle = \"x\"\n", ""),
            "policy.toml, line 2: unknown key \"title\" in [audit]");
  EXPECT_EQ(MessageOf("[policy]\nname = \"x\"\n", ""),
            "policy.toml: the policy fixes nothing for this command; write "
            "[audit] and its options below it");
}

TEST_F(PolicyTest, AllowsTheSameValueAndNoOther) {
  EXPECT_EQ(With({{"margin", {"0.1"}}, {"by", {"sex,age"}}}).Text("margin"),
            "0.1");
  EXPECT_THROW(With({{"margin", {"0.2"}}}), Error);
  EXPECT_THROW(With({{"by", {"sex"}}}), Error);
  EXPECT_THROW(With({{"gate", {"fnr gap by sex <= 0.1"}}}), Error);
}

TEST_F(PolicyTest, IsNamedAsTheSource) {
  const std::string toml = With({}).ToToml("audit");
  EXPECT_NE(toml.find("policy.toml, line 6"), std::string::npos) << toml;
  EXPECT_NE(toml.find("# policy "), std::string::npos) << toml;
}

}  // namespace
}  // namespace plumbline
