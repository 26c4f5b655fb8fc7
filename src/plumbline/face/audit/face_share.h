// The version of a face audit to hand on.
#pragma once

#include "plumbline/base/json.h"

namespace plumbline::face {

// The document with `shared: true` and
// - rates, ratios, measures and their limits with two significant digits,
//   thresholds with three, probabilities with one;
// - counts of people and comparisons to two digits, those of errors left out;
// - no label noise (leaving out the most alike pair tells about two people), no
//   file names or hashes, and curves at every tenth point.
// Groups under the minimum have no numbers in any version. With two digits the
// numbers of a hidden group do not follow from those of everyone and of the
// groups that are shown.
Json SharedFace(const Json& face);

}  // namespace plumbline::face
