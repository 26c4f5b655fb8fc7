// What findings, gates and limitations may say in the shared version.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "plumbline/audit/rules.h"
#include "plumbline/audit/share.h"
#include "plumbline/base/json.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr const char* kLeftOut =
    "The numbers are left out of this shared version.";

std::string OutcomeText(const Json& outcome) {
  return outcome == "cannot_tell" ? "cannot be told"
                                  : outcome.get<std::string>();
}

bool ShowsGate(const Json& gate, const ShareView& view) {
  const int t = view.TargetOf(gate);
  const int grouping =
      view.Grouping(gate["by"].get<std::vector<std::string>>());
  return t >= 0 && view.ShowsAll(t, grouping, gate["metric"]);
}

std::string GateSentence(const Json& gate, const ShareView& view) {
  if (ShowsGate(gate, view)) {
    if (!gate["value"].is_number()) return gate["sentence"];
    const auto number = [&](const char* key) {
      return gate[key].is_number()
                 ? fmt::format("{:.3f}", gate[key].get<double>())
                 : std::string("unknown");
    };
    return fmt::format("{}: {}; found {}, interval {} to {}.",
                       gate["gate"].get<std::string>(),
                       OutcomeText(gate["outcome"]), number("value"),
                       number("lo"), number("hi"));
  }
  return fmt::format("{}: {}. {}", gate["gate"].get<std::string>(),
                     OutcomeText(gate["outcome"]), kLeftOut);
}

std::string Prefix(const Json& finding, const ShareView& view) {
  if (finding["target"].is_null() || view.result().targets.size() < 2) {
    return "";
  }
  const std::string target = finding["target"];
  return finding.contains("model")
             ? target + " by " + finding["model"].get<std::string>() + ": "
             : target + ": ";
}

std::string TitleOf(const std::string& code) {
  const Rule* rule = FindRule(code);
  return rule == nullptr ? code : rule->title;
}

std::string LabelOf(const Json& metric, const Json& document) {
  for (const Json& entry : document["metrics"]) {
    if (entry["name"] == metric) return entry["label"];
  }
  return metric;
}

// Whether a gap or gate is of a finding's target and model.
bool IsAbout(const Json& entry, const Json& finding) {
  return entry["target"] == finding["target"] &&
         (!finding.contains("model") || entry["model"] == finding["model"]);
}

// The gap that a finding speaks of: findings carry its very numbers and code.
const Json* GapOf(const Json& finding, const Json& document,
                  const ShareView& view) {
  const Json& numbers = finding["numbers"];
  if (!numbers.contains("value") || !numbers.contains("p_adjusted")) {
    return nullptr;
  }
  const auto equal = [](const Json& a, const Json& b) {
    return a.is_number() && b.is_number() &&
           std::abs(a.get<double>() - b.get<double>()) < 1e-6;
  };
  const Json& gaps = document["gaps"];
  for (size_t i = 0; i < gaps.size(); ++i) {
    const Json& gap = gaps[i];
    if (IsAbout(gap, finding) && gap["measure"] == "max_min" &&
        finding["code"] == view.result().gaps[i].code &&
        equal(gap["value"], numbers["value"]) &&
        equal(gap["p_adjusted"], numbers["p_adjusted"]) &&
        equal(gap["lo"], numbers["lo"]) && equal(gap["hi"], numbers["hi"])) {
      return &gap;
    }
  }
  return nullptr;
}

bool ShowsMissingGroups(int target, const char* metric, const ShareView& view) {
  for (const AttributeSummary& attribute : view.result().attributes) {
    const int group = view.MissingGroup(attribute.name);
    if (group < 0) continue;
    if (!view.plan().IsShown(target, ShareLayer::kPeople, group)) return false;
    if (*metric != '\0' && (!view.Shows(target, group, metric) ||
                            !view.Shows(target, 0, metric))) {
      return false;
    }
  }
  return true;
}

// Whether the sentence of a finding that speaks of no gap and no gate has
// nothing in it that is hidden.
bool ShowsSentence(const std::string& code, int target, const ShareView& view) {
  // They count comparisons and levels, not people.
  for (const char* counts : {"PB606", "PB607", "PB702", "PB703"}) {
    if (code == counts) return true;
  }
  if (code == "PB603") return view.plan().shows_subjects;
  if (target < 0) return false;
  if (code == "PB302") return view.Shows(target, 0, "calibration_slope");
  if (code == "PB401") return view.ShowsAllOf(target);
  if (code == "PB601") return ShowsMissingGroups(target, "", view);
  if (code == "PB602") return ShowsMissingGroups(target, "accuracy", view);
  if (code == "PB605") return view.plan().shows_missing[target] != 0;
  if (code == "PB701") return view.ShowsAllOf(target);
  return false;
}

// The gate that a finding of a gate ends with.
const Json* GateOf(const Json& finding, const Json& document) {
  if (finding["code"] != "PB801" && finding["code"] != "PB802") return nullptr;
  const std::string sentence = finding["sentence"];
  for (const Json& gate : document["gates"]) {
    if (IsAbout(gate, finding) &&
        sentence.ends_with(gate["sentence"].get<std::string>())) {
      return &gate;
    }
  }
  return nullptr;
}

Json SharedFinding(const Json& finding, const Json& document,
                   const ShareView& view) {
  const std::string code = finding["code"];
  const std::string prefix = Prefix(finding, view);
  std::string sentence =
      fmt::format("{}{}. {}", prefix, TitleOf(code), kLeftOut);
  bool shown = false;
  if (const Json* gate = GateOf(finding, document)) {
    sentence = prefix + "Gate " + GateSentence(*gate, view);
    shown = ShowsGate(*gate, view);
  } else if (const Json* gap = GapOf(finding, document, view)) {
    const auto by = (*gap)["by"].get<std::vector<std::string>>();
    const int t = view.TargetOf(*gap);
    shown = t >= 0 && view.ShowsAll(t, view.Grouping(by), (*gap)["metric"]);
    sentence = fmt::format("{}{} differs between groups of {}. {}", prefix,
                           LabelOf((*gap)["metric"], document),
                           fmt::join(by, " x "), kLeftOut);
  } else {
    shown = ShowsSentence(code, view.TargetOf(finding), view);
  }
  if (shown && GateOf(finding, document) == nullptr) {
    sentence = finding["sentence"];
  }
  Json numbers = Json::object();
  if (shown) {
    for (const auto& [name, value] : finding["numbers"].items()) {
      numbers[name] = SharedNumber(value);
    }
  }
  Json shared = OnlyKeys(finding, {"code", "severity", "target", "model"});
  shared["sentence"] = sentence;
  shared["action"] = finding["action"];
  shared["numbers"] = std::move(numbers);
  return shared;
}

}  // namespace

Json ShareGates(const Json& document, const ShareView& view) {
  Json gates = Json::array();
  for (const Json& gate : document["gates"]) {
    Json shared = OnlyKeys(gate, {"gate", "metric", "kind", "target", "model",
                                  "by", "limit", "relation"});
    const bool shown = ShowsGate(gate, view);
    for (const char* key : {"value", "lo", "hi"}) {
      shared[key] = shown ? SharedNumber(gate[key]) : Json();
    }
    shared["outcome"] = gate["outcome"];
    shared["sentence"] = GateSentence(gate, view);
    gates.push_back(std::move(shared));
  }
  return gates;
}

Json ShareFindings(const Json& document, const ShareView& view) {
  Json findings = Json::array();
  for (const Json& finding : document["findings"]) {
    findings.push_back(SharedFinding(finding, document, view));
  }
  return findings;
}

Json ShareLimitations(const Json& document, const ShareView&) {
  Json limitations = Json::array();
  for (const Json& limitation : document["limitations"]) {
    const std::string code = limitation["code"];
    // These count nobody. What others say is not known here.
    const bool known = code >= "PL101" && code <= "PL108" && code.size() == 5;
    limitations.push_back(
        {{"code", code},
         {"text", known ? limitation["text"] : Json(TitleOf(code) + ".")}});
  }
  return limitations;
}

}  // namespace plumbline
