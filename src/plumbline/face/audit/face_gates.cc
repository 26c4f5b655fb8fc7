#include "plumbline/face/audit/face_gates.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

struct Judged {
  double value = kNaN;
  double lo = kNaN;
  double hi = kNaN;
  std::string group;
};

int FindGrouping(const FaceInput& input, const Gate& gate) {
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    std::vector<std::string> names;
    for (const int a : input.groups.groupings[k].attributes) {
      names.push_back(input.groups.attributes[a].name);
    }
    if (std::is_permutation(names.begin(), names.end(), gate.by.begin(),
                            gate.by.end())) {
      return static_cast<int>(k);
    }
  }
  throw Error(ErrorCode::kUsage,
              "--gate {}: these attributes are not audited together; raise "
              "--cross",
              gate.text);
}

Judged Worst(const FaceInput& input, const FaceAuditResult& result, bool fmr,
             int grouping, int threshold) {
  Judged worst;
  for (const FaceGroup& group : result.groups) {
    if (group.threshold != threshold ||
        input.groups.groups[group.group].grouping != grouping) {
      continue;
    }
    const FaceRate& rate = fmr ? group.fmr : group.fnmr;
    if (rate.reason != nullptr || !(rate.rate.value >= 0)) continue;
    // The interval whose upper limit is highest decides: a group that is not
    // known well may be the worst.
    if (std::isnan(worst.hi) || rate.rate.hi > worst.hi) {
      worst = {rate.rate.value, rate.rate.lo, rate.rate.hi,
               input.groups.Name(group.group)};
    }
  }
  return worst;
}

Judged Measure(const FaceAuditResult& result, const std::string& error,
               const std::string& measure, int grouping, int threshold) {
  for (const FaceDisparity& disparity : result.disparities) {
    if (disparity.threshold == threshold && disparity.grouping == grouping &&
        disparity.error == error && disparity.measure == measure) {
      return {disparity.value, disparity.lo, disparity.hi, ""};
    }
  }
  return {};
}

std::string Sentence(const Gate& gate, const Judged& judged,
                     GateOutcome outcome, const std::string& at) {
  const char* words = outcome == GateOutcome::kMet      ? "met"
                      : outcome == GateOutcome::kFailed ? "failed"
                                                        : "cannot tell";
  if (std::isnan(judged.value)) {
    return fmt::format("{}: {} at {}: there is no value with an interval",
                       gate.text, words, at);
  }
  return fmt::format("{}: {} at {}: {}{:.4g} ({:.4g} to {:.4g})", gate.text,
                     words, at,
                     judged.group.empty() ? "" : judged.group + " has ",
                     judged.value, judged.lo, judged.hi);
}

}  // namespace

void AddGates(const FaceInput& input, const FaceAuditOptions& options,
              FaceAuditResult* result) {
  for (const Gate& gate : options.gates) {
    const int grouping = FindGrouping(input, gate);
    for (size_t t = 0; t < result->thresholds.size(); ++t) {
      const auto threshold = static_cast<int>(t);
      const Judged judged =
          gate.kind == GateKind::kWorst
              ? Worst(input, *result, gate.metric == "fmr", grouping, threshold)
              : Measure(*result, gate.metric,
                        gate.kind == GateKind::kGap ? "difference" : "max_min",
                        grouping, threshold);
      const GateOutcome outcome = JudgeGate(gate, judged.lo, judged.hi);
      result->gates.push_back(
          {.text = gate.text,
           .answer = outcome == GateOutcome::kMet ? GateAnswer::kMet
                     : outcome == GateOutcome::kFailed
                         ? GateAnswer::kFailed
                         : GateAnswer::kCannotTell,
           .sentence =
               Sentence(gate, judged, outcome, result->thresholds[t].at.text)});
    }
  }
}

}  // namespace plumbline::face
