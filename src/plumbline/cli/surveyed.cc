#include "plumbline/cli/surveyed.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/terminal.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

using enum OptionKind;

std::string Owners(const SignOff& sign_off) {
  std::vector<std::string> owners;
  for (const SurveyAnswer& answer : sign_off.answers) {
    if (std::find(owners.begin(), owners.end(), answer.owner) == owners.end()) {
      owners.push_back(answer.owner);
    }
  }
  return JoinWords(owners);
}

struct Standing {
  bool good = false;
  std::string text;
};

Standing StandingOf(const Settings& settings, const std::string& file,
                    const CohortSource& source) {
  if (!std::filesystem::exists(file)) {
    return {false, fmt::format(
                       "the cohort was not surveyed: there is no {} (plumbline "
                       "survey --sign)",
                       file)};
  }
  const ReadSignOffResult read = ReadSignOff(ReadFile(file), file);
  if (settings.Has("survey-key")) {
    const std::string key = settings.Text("survey-key");
    if (read.public_key != ParsePublicKey(ReadFile(key), key)) {
      return {false, fmt::format("{}: was signed with another key than {}; "
                                 "have it signed with that one, or name the "
                                 "public key that it was signed with",
                                 file, key)};
    }
  }
  const std::vector<std::string> changed =
      ChangedSince(read.sign_off, DigestOf(source.cohort, source.mapping_toml));
  const std::string when =
      fmt::format("the cohort was surveyed ({}, answered by {})",
                  read.sign_off.signed_at.substr(0, 10), Owners(read.sign_off));
  if (changed.empty()) return {true, when};
  return {false, fmt::format("{}, but {} changed since; survey it again", when,
                             JoinWords(changed) +
                                 (changed.size() == 1 ? " has" : " have"))};
}

}  // namespace

OptionGroup SigningOptions() {
  return {"Signature",
          {{"sign", kText, "FILE",
            "answers.toml: for each of the three questions an answer, an owner "
            "(a role) and evidence; signs them over the cohort"},
           {"key", kText, "FILE",
            "private key for --sign (openssl genpkey -algorithm ed25519)"},
           {"survey", kText, "FILE",
            "the signature; else COHORT.survey.json beside the cohort"}}};
}

OptionGroup SurveyedOptions() {
  return {"Survey",
          {{"survey", kText, "FILE",
            "signature of the survey; else COHORT.survey.json beside the "
            "cohort"},
           {"survey-key", kText, "FILE",
            "public key that it must be signed with (openssl pkey -pubout)"},
           {"require-survey", kFlag, "",
            "stop if the cohort was not surveyed, or has changed since"}}};
}

std::string SignOffFile(const Settings& settings,
                        const std::vector<std::string>& inputs) {
  if (settings.Has("survey")) return settings.Text("survey");
  std::filesystem::path path(inputs.at(0));
  path.replace_extension();
  return path.string() + ".survey.json";
}

Signing ReadSigning(const Settings& settings) {
  Signing signing;
  if (!settings.Has("sign")) {
    if (settings.Has("key")) {
      settings.Fail("key", settings.Text("key"),
                    "there is nothing to sign; name the answers with --sign "
                    "answers.toml");
    }
    return signing;
  }
  const std::string file = settings.Text("sign");
  signing.answers = ParseAnswers(ReadFile(file), file);
  if (!settings.Has("key")) {
    settings.Fail("sign", file,
                  "name the private key with --key; openssl genpkey -algorithm "
                  "ed25519 -out key.pem makes one");
  }
  const std::string key = settings.Text("key");
  signing.key = ParseSigningKey(ReadFile(key), key);
  return signing;
}

void SignSurvey(const Signing& signing, const Settings& settings,
                const std::vector<std::string>& inputs,
                const CohortSource& source,
                const std::map<std::string, int>& findings) {
  const std::string file = SignOffFile(settings, inputs);
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(
      std::chrono::system_clock::now());
  WriteFile(file, WriteSignOff({DigestOf(source.cohort, source.mapping_toml),
                                signing.answers, findings,
                                fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", now)},
                               signing.key));
  if (!settings.Flag("quiet")) {
    WriteToStderr(fmt::format("signature: {}\n", file));
  }
}

void ReportSurveyed(const Settings& settings,
                    const std::vector<std::string>& inputs,
                    const CohortSource& source) {
  const bool required = settings.Flag("require-survey");
  const Standing standing =
      StandingOf(settings, SignOffFile(settings, inputs), source);
  if (required && !standing.good) {
    throw Error(ErrorCode::kUsage, "--require-survey: {}", standing.text);
  }
  if (!settings.Flag("quiet")) WriteToStderr(standing.text + "\n");
}

}  // namespace plumbline
