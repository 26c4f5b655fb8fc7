// Any text is a gate or an Error(kUsage). A gate that was understood, written
// out in full and read again is the same gate.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/gate.h"

namespace {

using plumbline::Gate;
using plumbline::GateKind;
using plumbline::GateRelation;

const std::vector<std::string> kMetrics = {"fnr", "auroc", "for"};
const std::vector<std::string> kAttributes = {"sex",  "age",      "x",
                                              "sexx", "age band", "by"};

void Require(bool holds) {
  if (!holds) std::abort();
}

std::string Write(const Gate& gate) {
  std::string text = fmt::format("\"{}\" {}", gate.metric,
                                 gate.kind == GateKind::kGap     ? "gap"
                                 : gate.kind == GateKind::kRatio ? "ratio"
                                                                 : "worst");
  if (!gate.target.empty()) text += fmt::format(" of \"{}\"", gate.target);
  text += " by";
  for (size_t i = 0; i < gate.by.size(); ++i) {
    text += fmt::format("{} \"{}\"", i > 0 ? " x" : "", gate.by[i]);
  }
  return text +
         fmt::format(
             " {} {}",
             gate.relation == GateRelation::kAtMost ? "<=" : ">=", gate.limit);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Gate gate;
  try {
    gate = plumbline::ParseGate(text, kMetrics, kAttributes);
  } catch (const plumbline::Error& error) {
    Require(error.code() == plumbline::ErrorCode::kUsage);
    return 0;
  }
  Require(std::isfinite(gate.limit));
  Require(!gate.by.empty());
  for (const std::string& attribute : gate.by) {
    Require(std::count(kAttributes.begin(), kAttributes.end(), attribute) == 1);
    Require(std::count(gate.by.begin(), gate.by.end(), attribute) == 1);
  }
  const Gate same = plumbline::ParseGate(Write(gate), kMetrics, kAttributes);
  Require(same.metric == gate.metric && same.kind == gate.kind &&
          same.target == gate.target && same.by == gate.by &&
          same.relation == gate.relation && same.limit == gate.limit);
  return 0;
}
