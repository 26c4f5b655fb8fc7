#include "plumbline/cli/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

using enum OptionKind;

// They say where and how results are written, or name the policy itself.
constexpr std::string_view kNotInAPolicy[] = {
    "output",  "json",    "format",        "title",  "progress",
    "quiet",   "config",  "show-settings", "policy", "policy-hash",
    "threads", "verbose", "tables"};

OptionGroup FreeText() {
  return {"Policy",
          {{"name", kText, "TEXT", "what the policy is called"},
           {"version", kText, "TEXT", "which version it is"},
           {"owner", kText, "TEXT", "who is responsible for it"},
           {"approved", kText, "TEXT", "when and by whom it was approved"}}};
}

OptionGroups WithoutOutput(const OptionGroups& groups) {
  OptionGroups left;
  for (const OptionGroup& group : groups) {
    left.push_back({group.heading, {}});
    for (const Option& option : group.options) {
      if (std::find(std::begin(kNotInAPolicy), std::end(kNotInAPolicy),
                    option.name) == std::end(kNotInAPolicy)) {
        left.back().options.push_back(option);
      }
    }
  }
  return left;
}

std::string TextOf(const std::map<std::string, FileSetting>& table,
                   const char* key) {
  const auto found = table.find(key);
  return found == table.end() || found->second.values.empty()
             ? ""
             : found->second.values[0];
}

// Lower case without "sha256:" and without what sha256sum prints behind it;
// throws unless it is 64 hexadecimal digits.
std::string HashOf(const std::string& text) {
  constexpr std::string_view kPrefix = "sha256:";
  std::string hash =
      text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
  hash = hash.substr(0, hash.find(' '));
  bool good = hash.size() == 64;
  for (char& c : hash) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    good = good && ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }
  if (!good) {
    throw Error(ErrorCode::kUsage,
                "--policy-hash {}: expected a SHA-256, 64 hexadecimal digits, "
                "such as sha256sum prints",
                text);
  }
  return hash;
}

}  // namespace

OptionGroup PolicyOptions() {
  return {"Policy",
          {
              {"policy", kText, "FILE",
               "what was fixed before the audit: settings that nothing else "
               "may change; its hash is recorded"},
              {"policy-hash", kText, "SHA256",
               "stop unless the policy is the file with this hash"},
          }};
}

Policy ReadPolicy(const std::string& file, const std::string& expected_hash,
                  const std::string& command, const OptionTables& tables) {
  Policy policy;
  policy.file = file;
  std::string bytes;
  try {
    bytes = ReadFile(file);
  } catch (const Error& error) {
    throw Error(ErrorCode::kUsage, "{}", error.what());
  }
  policy.sha256 = Sha256(bytes);
  if (!expected_hash.empty()) {
    const std::string expected = HashOf(expected_hash);
    if (expected != policy.sha256) {
      throw Error(ErrorCode::kUsage,
                  "{}: this is not the policy that was agreed on: its SHA-256 "
                  "is {}, and --policy-hash says {}; take the agreed file, or "
                  "have the new one approved and give its hash",
                  file, policy.sha256, expected);
    }
  }
  OptionTables known = {{"policy", {FreeText()}}};
  for (const auto& [name, groups] : tables) {
    known[name] = WithoutOutput(groups);
  }
  SettingsTables read = ParseSettingsFile(bytes, file, known);
  policy.name = TextOf(read["policy"], "name");
  policy.version = TextOf(read["policy"], "version");
  policy.owner = TextOf(read["policy"], "owner");
  policy.approved = TextOf(read["policy"], "approved");
  policy.settings = std::move(read[command]);
  if (policy.settings.empty()) {
    throw Error(ErrorCode::kUsage,
                "{}: the policy fixes nothing for this command; write [{}] and "
                "its options below it",
                file, command);
  }
  return policy;
}

Json PolicyJson(const Policy& policy) {
  Json names = Json::array();
  for (const auto& [name, setting] : policy.settings) names.push_back(name);
  const auto gates = policy.settings.find("gate");
  return {
      {"file", policy.file.substr(policy.file.find_last_of('/') + 1)},
      {"sha256", policy.sha256},
      {"name", policy.name},
      {"version", policy.version},
      {"owner", policy.owner},
      {"approved", policy.approved},
      {"settings", std::move(names)},
      {"gates", gates == policy.settings.end() ? Json::array()
                                               : Json(gates->second.values)}};
}

}  // namespace plumbline
