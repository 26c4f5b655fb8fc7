// Whether a cohort was surveyed, and by whom its questions were answered.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "plumbline/cli/cohort_settings.h"
#include "plumbline/cohort/sign_off.h"

namespace plumbline {

// --sign and --key of `plumbline survey`.
OptionGroup SigningOptions();
// --survey, --survey-key and --require-survey of every command that works on a
// cohort after it.
OptionGroup SurveyedOptions();

// "cohort.survey.json" beside cohort.toml (or the table, or the packed file).
std::string SignOffFile(const Settings& settings,
                        const std::vector<std::string>& inputs);

// Reads the answers and the key of --sign, so that a long survey does not fail
// at its end. Throws Error(kUsage) for a signature without a key.
struct Signing {
  std::vector<SurveyAnswer> answers;  // empty: nothing is to be signed
  SigningKey key;
};
Signing ReadSigning(const Settings& settings);

// Writes the file of SignOffFile and says so.
void SignSurvey(const Signing& signing, const Settings& settings,
                const std::vector<std::string>& inputs,
                const CohortSource& source,
                const std::map<std::string, int>& findings);

// Says on standard error whether the cohort was surveyed, by whom and whether
// it has changed since.
//
// Throws Error(kUsage) under --require-survey if it was not, or has changed, or
// was signed with another key than that of --survey-key.
void ReportSurveyed(const Settings& settings,
                    const std::vector<std::string>& inputs,
                    const CohortSource& source);

}  // namespace plumbline
