#include "plumbline/face/audit/face_share.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

namespace plumbline::face {
namespace {

double Rounded(double value, int digits) {
  if (value == 0) return 0;
  const double unit =
      std::pow(10.0, std::floor(std::log10(std::abs(value))) - digits + 1);
  const double rounded = std::round(value / unit) * unit;
  // The nearest number with so few digits, not what the product gives.
  return std::stod(fmt::format("{:.{}g}", rounded, digits));
}

// Counts of fewer than 100 to tens, others to two digits.
int64_t RoundedCount(int64_t count) {
  if (count < 100) return (count + 5) / 10 * 10;
  return static_cast<int64_t>(Rounded(static_cast<double>(count), 2));
}

// Of people or comparisons.
bool IsCount(std::string_view key) {
  return key == "n" || key.ends_with("_n") || key.ends_with("subjects") ||
         key.ends_with("comparisons");
}

int DigitsOf(std::string_view key) {
  if (key == "p" || key == "p_adjusted" || key == "statistic") return 1;
  return key == "threshold" || key == "own_threshold" || key == "eer_threshold"
             ? 3
             : 2;
}

void Round(std::string_view key, Json* value) {
  if (value->is_object()) {
    value->erase("events");
    value->erase("errors_seen");
    value->erase("failed_impostor");
    value->erase("failed_genuine");
    value->erase("accepted");
    for (auto it = value->begin(); it != value->end(); ++it) {
      Round(it.key(), &it.value());
    }
  } else if (value->is_array()) {
    for (Json& element : *value) Round(key, &element);
  } else if (key == "probability" || key == "level") {
    return;  // chosen, not found
  } else if (value->is_number_float()) {
    *value = Rounded(value->get<double>(), DigitsOf(key));
  } else if (value->is_number_integer() && IsCount(key)) {
    *value = RoundedCount(value->get<int64_t>());
  }
}

// Values that stand in a sentence are those of the private version.
void DropSentences(Json* face) {
  for (Json& finding : (*face)["findings"]) finding["sentence"] = "";
  for (Json& gate : (*face)["gates"]) {
    gate["sentence"] =
        gate["text"].get<std::string>() + ": " +
        (gate["outcome"] == "cannot_tell" ? "cannot tell"
                                          : gate["outcome"].get<std::string>());
  }
}

}  // namespace

Json SharedFace(const Json& face) {
  Json shared = face;
  const Json options = shared["options"];
  const Json thresholds = shared["thresholds"];
  shared["label_noise"] = Json::array();
  shared["input"]["files"] = Json::array();
  if (!shared["input"]["calibration"].is_null()) {
    shared["input"]["calibration"]["files"] = Json::array();
  }
  shared["input"]["failed"] = {{"impostor", nullptr}, {"genuine", nullptr}};
  for (Json& det : shared["det"]) {
    Json points = Json::array();
    for (size_t i = 0; i < det["points"].size(); i += 10) {
      points.push_back(det["points"][i]);
    }
    det["points"] = points;
  }
  for (const char* key :
       {"input", "thresholds", "groups", "cells", "designs", "disparities",
        "ratios", "omnibus", "det", "shifts", "cross_ratios", "identification",
        "sample_size", "enrolment", "transactions", "findings"}) {
    Round(key, &shared[key]);
  }
  for (size_t t = 0; t < thresholds.size(); ++t) {
    const Json& value = thresholds[t]["value"];
    if (value.is_number()) {
      shared["thresholds"][t]["value"] = Rounded(value.get<double>(), 3);
    }
  }
  if (shared.contains("library")) {
    const Json library = shared["library"];
    shared["library"] = Json::object();
    for (const char* key :
         {"interface", "api_version", "structs_version", "confinement"}) {
      shared["library"][key] = library.at(key);
    }
  }
  shared["options"] = options;
  DropSentences(&shared);
  shared["shared"] = true;
  return shared;
}

}  // namespace plumbline::face
