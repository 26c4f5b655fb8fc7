#include "plumbline/face/audit/face_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

namespace plumbline::face {
namespace {

std::string Percent(double share) { return fmt::format("{:g} %", 100 * share); }

// "1.2 in 1,000": rates of errors are small.
std::string Frequency(double rate) {
  for (const auto& [of, name] : {std::pair{1e2, "100"},
                                 {1e3, "1,000"},
                                 {1e4, "10,000"},
                                 {1e5, "100,000"},
                                 {1e6, "1,000,000"}}) {
    if (rate * of >= 1) return fmt::format("{:.3g} in {}", rate * of, name);
  }
  return fmt::format("{:.2g}", rate);
}

const FaceRate& RateOf(const FaceAuditResult& result, int threshold, int group,
                       ErrorRate error) {
  const auto place = std::find_if(
      result.groups.begin(), result.groups.end(), [&](const FaceGroup& entry) {
        return entry.threshold == threshold && entry.group == group;
      });
  return error == ErrorRate::kFmr ? place->fmr : place->fnmr;
}

const char* Severity(double ratio) {
  return ratio >= 3 ? "high" : ratio >= 1.5 ? "medium" : "low";
}

void AddRatioFindings(const FaceInput& input, const FaceAuditOptions& options,
                      FaceAuditResult* result) {
  for (const FaceRatio& ratio : result->ratios) {
    const bool fmr = ratio.error == ErrorRate::kFmr;
    const std::string group = input.groups.Name(ratio.group);
    const std::string reference = input.groups.Name(ratio.reference);
    const std::string at = result->thresholds[ratio.threshold].at.text;
    const char* errors = fmr ? "false matches" : "false non-matches";
    const std::string numbers =
        fmt::format("{:.3g} times ({}: {:.3g} to {:.3g})", ratio.ratio.value,
                    Percent(options.level), ratio.ratio.lo, ratio.ratio.hi);
    if (std::string_view(ratio.outcome) == "shown") {
      const bool more = ratio.ratio.value > 1;
      result->findings.push_back(
          {.code = fmr ? "PF101" : "PF201",
           .severity =
               Severity(more ? ratio.ratio.value : 1 / ratio.ratio.value),
           .sentence =
               fmt::format("{}: {} as many {} as {} at {}: {} against {}.",
                           group, numbers, errors, reference, at,
                           Frequency(RateOf(*result, ratio.threshold,
                                            ratio.group, ratio.error)
                                         .rate.value),
                           Frequency(RateOf(*result, ratio.threshold,
                                            ratio.reference, ratio.error)
                                         .rate.value)),
           .action = fmr ? "Set the threshold by the group with the most false "
                           "matches, or do not use the system where a false "
                           "match harms."
                         : "Compare how the pictures of the groups were taken, "
                           "and offer everyone a way that needs no match.",
           .value = ratio.ratio.value,
           .lo = ratio.ratio.lo,
           .hi = ratio.ratio.hi,
           .n = ratio.n,
           .subjects = ratio.subjects});
    } else if (ratio.equivalence.shown) {
      result->findings.push_back(
          {.code = "PF104",
           .severity = "info",
           .sentence = fmt::format(
               "{} and {}: the ratio of {} at {} lies within {:g} times either "
               "way: {}.",
               group, reference, errors, at, options.equivalence_ratio,
               numbers),
           .action = "Nothing; say for which people and pictures.",
           .value = ratio.ratio.value,
           .lo = ratio.ratio.lo,
           .hi = ratio.ratio.hi,
           .n = ratio.n,
           .subjects = ratio.subjects});
    }
  }
}

void AddGroupFindings(const FaceInput& input, const FaceAuditOptions& options,
                      FaceAuditResult* result) {
  for (const FaceGroup& group : result->groups) {
    const FaceThreshold& at = result->thresholds[group.threshold];
    if (group.specification == nullptr ||
        std::string_view(group.specification) != "proven_out" ||
        group.group == 0) {
      continue;
    }
    const RateEstimate& rate = group.fmr.rate;
    result->findings.push_back(
        {.code = "PF102",
         .severity = Severity(rate.value / at.at.target),
         .sentence = fmt::format(
             "{}: false-match rate {} ({}: {} to {}) where {} was set on {}.",
             input.groups.Name(group.group), Frequency(rate.value),
             Percent(options.level), Frequency(rate.lo), Frequency(rate.hi),
             Frequency(at.at.target),
             at.source == "pooled"        ? "all comparisons"
             : at.source == "calibration" ? "the calibration set"
                                          : at.source),
         .action = std::isnan(group.own_threshold)
                       ? "State the rate of each group instead of one."
                       : fmt::format("At a threshold of {:.6g} this group "
                                     "would meet the rate.",
                                     group.own_threshold),
         .value = rate.value,
         .lo = rate.lo,
         .hi = rate.hi,
         .n = rate.n,
         .subjects = rate.subjects});
  }
}

std::string NameOfGrouping(const FaceInput& input, int grouping) {
  std::string name;
  for (const int a : input.groups.groupings[grouping].attributes) {
    if (!name.empty()) name += " x ";
    name += input.groups.attributes[a].name;
  }
  return name;
}

void AddOmnibusFindings(const FaceInput& input, const FaceAuditOptions& options,
                        FaceAuditResult* result) {
  for (const FaceOmnibus& omnibus : result->omnibus) {
    if (!(omnibus.test.p <= 1 - options.level)) continue;
    // One finding a question, by the test that is always there.
    if (std::string_view(omnibus.method) == "label_permutation" &&
        options.replicates > 0) {
      continue;
    }
    const bool fmr = omnibus.error == ErrorRate::kFmr;
    result->findings.push_back(
        {.code = fmr ? "PF103" : "PF202",
         .severity = "medium",
         .sentence = fmt::format(
             "{}: the {} groups do not share one {} at {} (p = {:.2g}).",
             NameOfGrouping(input, omnibus.grouping), omnibus.test.groups,
             fmr ? "false-match rate" : "false non-match rate",
             result->thresholds[omnibus.threshold].at.text, omnibus.test.p),
         .action = "See the ratios for which groups differ.",
         .value = omnibus.test.statistic,
         .lo = std::nan(""),
         .hi = std::nan("")});
  }
}

void AddLimitations(const FaceInput& input, FaceAuditResult* result) {
  const auto add = [result](const char* code, std::string text) {
    result->limitations.push_back({code, std::move(text)});
  };
  if (input.independent) {
    add("PF301",
        "No subject ids: all comparisons are taken as independent, so "
        "intervals are too narrow if people occur in several.");
  }
  bool fitted = false;
  for (const FaceThreshold& threshold : result->thresholds) {
    if (std::isnan(threshold.at.target)) continue;
    fitted = true;
    if (!threshold.fitted.reachable) {
      add("PF402",
          fmt::format("{} cannot be reached with {} impostor "
                      "comparisons; nothing is extrapolated.",
                      threshold.at.text, threshold.fitted.comparisons));
    }
  }
  const FaceCalibration& calibration = result->calibration;
  if (calibration.shared_subjects > 0) {
    add("PF304",
        fmt::format("{} of the {} people of the calibration set are audited "
                    "too: the threshold is not set on other people.",
                    calibration.shared_subjects, calibration.subjects));
  }
  if (fitted && !calibration.used) {
    add("PF302",
        "Thresholds were set on the audited comparisons. Replicates set them "
        "anew; the intervals of single rates hold for the threshold as it "
        "stands.");
  }
  std::string small;
  for (const FaceGroup& group : result->groups) {
    if (group.threshold == 0 && group.fmr.reason != nullptr &&
        std::string_view(group.fmr.reason) == "below_minimum") {
      small += (small.empty() ? "" : "; ") + input.groups.Name(group.group);
    }
  }
  if (!small.empty()) {
    add("PF401", "Too few people or comparisons for numbers: " + small + ".");
  }
  for (const std::string& sentence : input.left_out) add("PF403", sentence);
  for (const std::string& sentence : input.warnings) add("PF303", sentence);
  add("PF403",
      "Rates are those of the people, pictures and pairs supplied. Parity does "
      "not make a deployment acceptable.");
}

int Rank(const char* severity) {
  const std::string_view word = severity;
  return word == "high" ? 0 : word == "medium" ? 1 : word == "low" ? 2 : 3;
}

}  // namespace

void AddFindings(const FaceInput& input, const FaceAuditOptions& options,
                 FaceAuditResult* result) {
  AddRatioFindings(input, options, result);
  AddGroupFindings(input, options, result);
  AddOmnibusFindings(input, options, result);
  std::stable_sort(result->findings.begin(), result->findings.end(),
                   [](const FaceFinding& a, const FaceFinding& b) {
                     return Rank(a.severity) < Rank(b.severity);
                   });
  AddLimitations(input, result);
}

}  // namespace plumbline::face
