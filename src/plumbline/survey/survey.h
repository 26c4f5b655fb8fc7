// The survey before any modelling: are there disparities, which groups are
// marginalised, what are the drivers?
#pragma once

#include <span>

#include "plumbline/base/rule.h"
#include "plumbline/survey/input.h"
#include "plumbline/survey/options.h"
#include "plumbline/survey/result.h"

namespace plumbline::survey {

// Runs all checks. Findings are sorted, most severe first. Shows progress.
//
// Throws Error(kUsage) for an option that does not fit the cohort (a reference
// group that is not there), Error(kInvalidInput) for a cohort without
// attributes.
SurveyResult Survey(const SurveyInput& input, const SurveyOptions& options);

// What the codes of findings and limitations mean.
std::span<const Rule> SurveyRules();

// "info", "low", "medium", "high".
const char* NameOf(Severity severity);

}  // namespace plumbline::survey
