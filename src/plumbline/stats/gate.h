// Limits that an audit must meet.
#pragma once

#include <string>
#include <vector>

namespace plumbline {

enum class GateKind {
  kGap,    // max - min over the groups
  kRatio,  // max / min over the groups
  kWorst,  // the value of the worst group
};

enum class GateRelation { kAtMost, kAtLeast };

// METRIC gap|ratio|worst [of TARGET] by A[xB] <=|>= X
// "fnr gap by sex <= 0.05", "auroc worst of Effusion by sexxage >= 0.80" or
// "... by sex x age ...", names with spaces or special characters in double
// quotes: `fnr gap of "Pleural Thickening" by "age band" <= 0.1`.
struct Gate {
  std::string text;  // as given
  std::string metric;
  GateKind kind = GateKind::kGap;
  std::string target;           // "": every target
  std::vector<std::string> by;  // attribute names, at least one
  GateRelation relation = GateRelation::kAtMost;
  double limit = 0;
};

// `attributes`: the names given with --by, needed to tell "sexxage" apart.
// Throws Error(kUsage) that shows the part that was not understood, the form
// of a gate, and the nearest metric or attribute name.
Gate ParseGate(const std::string& text, const std::vector<std::string>& metrics,
               const std::vector<std::string>& attributes);

enum class GateOutcome { kMet, kFailed, kCannotTell };

// Met if the whole interval [lo, hi] meets the limit, failed if all of it
// violates it, else it cannot be told. NaN limits cannot be told.
GateOutcome JudgeGate(const Gate& gate, double lo, double hi);

}  // namespace plumbline
