#include "plumbline/report/face_words.h"

#include <fmt/format.h>

#include <cmath>

#include "plumbline/report/number_text.h"

namespace plumbline::report {
namespace {

struct Unit {
  double of;
  const char* name;
};

// The smallest power of ten of which there is at least one.
Unit UnitOf(double rate) {
  constexpr Unit kUnits[] = {{1e2, "100"},        {1e3, "1,000"},
                             {1e4, "10,000"},     {1e5, "100,000"},
                             {1e6, "1,000,000"},  {1e7, "10,000,000"},
                             {1e8, "100,000,000"}};
  for (const Unit& unit : kUnits) {
    if (rate * unit.of >= 1) return unit;
  }
  return kUnits[6];
}

std::string Digits(double value) { return fmt::format("{:.3g}", value); }

}  // namespace

std::string ReasonWords(const std::string& reason) {
  if (reason == "below_minimum") return "too few people";
  if (reason == "no_comparisons") return "not compared";
  if (reason == "zero_rate") return "a rate is zero";
  if (reason == "not_requested") return "not asked for";
  if (reason == "not_all_compared") return "not compared with everyone";
  if (reason == "gallery_too_large") return "too few people for the gallery";
  if (reason == "fewer_than_two_groups") return "fewer than two groups";
  if (reason == "not_known") return "not known";
  if (reason == "suppressed") return "hidden";
  return reason.empty() ? "-" : reason;
}

std::string FrequencyText(std::optional<double> rate) {
  if (!rate) return "-";
  if (*rate == 0) return "0";
  const Unit unit = UnitOf(*rate);
  return Digits(*rate * unit.of) + " in " + unit.name;
}

std::string RateText(const JsonPlace& rate) {
  const auto value = rate.Number("value");
  if (!value) return ReasonWords(rate.TextOr("reason", ""));
  const auto lo = rate.Number("lo");
  const auto hi = rate.Number("hi");
  if (!lo || !hi) return FrequencyText(value);
  if (*value == 0) return "0 (at most " + FrequencyText(hi) + ")";
  const Unit unit = UnitOf(*value);
  return fmt::format("{} in {} ({} to {})", Digits(*value * unit.of), unit.name,
                     Digits(*lo * unit.of), Digits(*hi * unit.of));
}

std::string FactorText(const JsonPlace& factor) {
  const auto value = factor.Number("value");
  const auto lo = factor.Number("lo");
  const auto hi = factor.Number("hi");
  if (!value) {
    if (lo && *lo > 0) return "at least " + Digits(*lo);
    return ReasonWords(factor.TextOr("reason", ""));
  }
  if (!lo || !hi) return Digits(*value);
  return fmt::format("{} ({} to {})", Digits(*value), Digits(*lo), Digits(*hi));
}

const char* TestWords(const std::string& method) {
  return method == "label_permutation" ? "permutation" : "bootstrap";
}

std::string GroupingText(const JsonPlace& entry) {
  std::string text;
  entry.ForEach("grouping", [&](const JsonPlace& name) {
    text += (text.empty() ? "" : " x ") + name.AsText();
  });
  return text.empty() ? "everyone" : text;
}

bool IsEveryone(const JsonPlace& entry) {
  return entry.At("grouping").value().empty();
}

const char* ErrorWords(const std::string& error) {
  return error == "fmr"    ? "false matches"
         : error == "fnmr" ? "false non-matches"
                           : "both errors";
}

std::string ThresholdText(const JsonPlace& threshold) {
  const auto value = threshold.Number("value");
  const std::string source = threshold.Text("source");
  std::string at = threshold.Text("at");
  if (source == "given") return at;
  const std::string on = source == "pooled"        ? "all comparisons"
                         : source == "calibration" ? "the calibration set"
                                                   : source;
  if (!value) return fmt::format("cannot be reached ({} on {})", at, on);
  if (const auto distance = threshold.Number("distance")) {
    return fmt::format("distance {:.6g} ({} on {})", *distance, at, on);
  }
  return fmt::format("{:.6g} ({} on {})", *value, at, on);
}

std::vector<std::string> FaceSummary(const JsonPlace& face) {
  std::vector<std::string> sentences;
  face.ForEach("ratios", [&](const JsonPlace& ratio) {
    if (ratio.Text("outcome") != "shown" || sentences.size() >= 6) return;
    const auto value = ratio.Number("value");
    if (!value) return;
    const std::string error = ratio.Text("error");
    const auto rate_of = [&](const std::string& name) {
      std::string text = "-";
      face.ForEach("groups", [&](const JsonPlace& group) {
        if (group.Text("name") == name &&
            group.Text("at") == ratio.Text("at")) {
          text = FrequencyText(group.At(error.c_str()).Number("value"));
        }
      });
      return text;
    };
    sentences.push_back(fmt::format(
        "{}: {} times ({:g} %: {} to {}) as many {} as {} at {}: {} against "
        "{}.",
        ratio.Text("group"), Digits(*value),
        100 * ratio.Number("level").value_or(0.95),
        Digits(ratio.Number("lo").value_or(0)),
        Digits(ratio.Number("hi").value_or(0)), ErrorWords(error),
        ratio.Text("reference"), ratio.Text("at"), rate_of(ratio.Text("group")),
        rate_of(ratio.Text("reference"))));
  });
  int unresolved = 0;
  int equal = 0;
  face.ForEach("ratios", [&](const JsonPlace& ratio) {
    unresolved += ratio.Text("outcome") == "insufficient";
    equal += ratio.Text("outcome") == "none_above_limit";
  });
  if (equal > 0) {
    sentences.push_back(fmt::format(
        "Shown to lie within {:g} times either way: {} of the ratios.",
        face.At("options").Number("equivalence_ratio").value_or(0), equal));
  }
  if (unresolved > 0) {
    sentences.push_back(fmt::format(
        "Unresolved: {} of the ratios. These data show neither a difference "
        "nor its absence.",
        unresolved));
  }
  if (sentences.empty()) {
    sentences.emplace_back(
        "No two groups are compared: there is one group, or too few people in "
        "the others.");
  }
  return sentences;
}

namespace {

std::string BasisText(const std::string& source, const JsonPlace& input) {
  const bool pooled = source == "pooled";
  if (input.At("calibration").value().is_null()) {
    return pooled ? "all impostor comparisons" : source;
  }
  const JsonPlace set = input.At("calibration");
  return fmt::format(
      "{}{} impostor comparisons of {} other people; replicates draw from "
      "both sets",
      pooled ? "" : source + " of ",
      CountText(set.Count("impostor_comparisons")),
      CountText(set.Count("subjects")));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> FacePolicies(
    const JsonPlace& face) {
  const JsonPlace options = face.At("options");
  const JsonPlace input = face.At("input");
  const std::string failures = options.Text("failures");
  const std::string source = options.Text("threshold_from");
  return {
      {"Decision",
       "accept if the score is at or above the threshold; ties are "
       "accepted together"},
      {"Direction", input.Truth("distance")
                        ? "distances, negated: smaller is more alike"
                        : "similarities: larger is more alike"},
      {"Failed comparisons",
       failures == "positive"   ? "counted as no match (verification)"
       : failures == "negative" ? "counted as a match (watch list)"
                                : "left out of both rates"},
      {"Threshold set on", BasisText(source, input)},
      {"False matches of a group",
       "reference and probe both of the group, never one person with "
       "themselves"},
      {"Intervals",
       "false matches: dyadic cluster-robust variance, log scale; false "
       "non-matches: clustered by person, Wilson; measures: percentiles of a "
       "bootstrap over people with the threshold set anew" +
           std::string(options.Text("bootstrap") == "two-level"
                           ? ", and over each person's genuine comparisons"
                           : "")},
      {"Correction",
       "Holm over all pairs of groups of a grouping, for each "
       "error and threshold"},
      {"People", input.Truth("independent")
                     ? "not known: comparisons taken as independent"
                     : CountText(input.Count("subjects"))},
  };
}

}  // namespace plumbline::report
