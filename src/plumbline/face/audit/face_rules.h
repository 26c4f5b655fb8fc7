// What the codes of a face audit mean, for `plumbline explain`.
#pragma once

#include <span>

#include "plumbline/base/rule.h"

namespace plumbline::face {

// PF1xx false matches, PF2xx false non-matches and failures, PF3xx input and
// design, PF4xx not enough data and limits.
std::span<const Rule> FaceRules();

}  // namespace plumbline::face
