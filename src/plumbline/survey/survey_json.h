// A survey as JSON (docs/survey.md), schema plumbline.survey/1.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "plumbline/survey/options.h"
#include "plumbline/survey/result.h"

namespace plumbline::survey {

nlohmann::ordered_json ToJson(const SurveyResult& result,
                              const SurveyOptions& options);

}  // namespace plumbline::survey
