// The three questions of a survey, answered by a person and signed over the
// cohort that they were answered for.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/signature.h"
#include "plumbline/cohort/cohort.h"

namespace plumbline {

struct SurveyQuestion {
  const char* key;   // in answers.toml
  const char* text;  // "Are there disparities?"
};
inline constexpr std::array<SurveyQuestion, 3> kSurveyQuestions = {
    {{"disparities", "Are there disparities?"},
     {"marginalised", "Which groups are marginalised?"},
     {"drivers", "What are the drivers?"}}};

struct SurveyAnswer {
  std::string question;  // key
  std::string answer;
  std::string owner;                  // who stands for it: a role
  std::vector<std::string> evidence;  // links
};

// Reads answers.toml: for each question a table with `answer`, `owner` and
// `evidence`. Throws Error(kUsage) for one that is missing or empty.
std::vector<SurveyAnswer> ParseAnswers(std::string_view text,
                                       const std::string& file);

// SHA-256 of what an answer is about, by part. Of the values of a cohort, not
// of its files: a table that is packed has the same.
struct CohortDigest {
  std::string cohort;     // rows, roles, flow, all columns but the split
  std::string mapping;    // mapping.toml
  std::string split;      // the column
  std::string contrasts;  // as declared
};
CohortDigest DigestOf(const Cohort& cohort, const std::string& mapping_toml);

struct SignOff {
  CohortDigest digest;
  std::vector<SurveyAnswer> answers;
  std::map<std::string, int> findings;  // of the survey, by severity
  std::string signed_at;                // "2026-11-28T07:30:00Z"
};

// A JSON document (schema plumbline.survey-signature/1) with the public key and
// a signature over everything else in it.
std::string WriteSignOff(const SignOff& sign_off, const SigningKey& key);

struct ReadSignOffResult {
  SignOff sign_off;
  std::string public_key;  // 32 bytes
};

// Throws Error(kInvalidInput) for a document of another kind, and for one whose
// signature does not fit it.
ReadSignOffResult ReadSignOff(std::string_view json, const std::string& file);

// What has changed since: "the cohort", "the mapping", "the split", "the
// declared contrasts"; empty: nothing.
std::vector<std::string> ChangedSince(const SignOff& sign_off,
                                      const CohortDigest& now);

}  // namespace plumbline
