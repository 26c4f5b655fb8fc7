// The survey of the films that come with Plumbline, against numbers of scipy
// and statsmodels: tests/golden/survey_stats.json, made by survey_stats.py
// beside it.
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"
#include "plumbline/survey/survey_for_test.h"
#include "plumbline/survey/survey_json.h"

namespace plumbline::survey {
namespace {

const std::string kRoot = std::string(PLUMBLINE_SOURCE_DIR) + "/";

CohortRoles FixtureRoles() {
  return ParseCohortFile(
      ReadFile(kRoot + "examples/fixture_cxr128/cohort.toml"), "cohort.toml");
}

std::string Metadata() {
  return ReadFile(kRoot + "examples/fixture_cxr128/metadata.csv");
}

Json JsonOf(const std::string& csv, const CohortRoles& roles) {
  SurveyOptions options = Fast();
  options.threads = 2;
  return ToJson(SurveyOf(csv, roles, options), options);
}

// Takes labels of Effusion away as survey_stats.py does.
std::string WithMissingLabels() {
  std::string csv;
  std::map<std::string, size_t> at;
  for (const std::string& line : Split(Metadata(), '\n')) {
    if (line.empty()) continue;
    std::vector<std::string> cells = Split(line, ',');
    if (at.empty()) {
      for (size_t i = 0; i < cells.size(); ++i) at[cells[i]] = i;
    } else {
      const int patient = std::stoi(cells[at["patient_id"]]);
      std::string& label = cells[at["Effusion"]];
      if (patient % 7 == 1) label = "-1";
      if (cells[at["view"]] == "AP" && patient % 4 == 0) label = "";
    }
    csv += fmt::format("{}\n", fmt::join(cells, ","));
  }
  return csv;
}

std::map<std::string, Json> Surveys() {
  std::map<std::string, Json> surveys;
  surveys["fixture"] = JsonOf(Metadata(), FixtureRoles());
  CohortRoles roles = FixtureRoles();
  roles.attributes = {"view"};
  roles.covariates = {"sex", "followup"};
  surveys["view"] = JsonOf(Metadata(), roles);
  roles = FixtureRoles();
  roles.labels = {"Effusion"};
  surveys["missing"] = JsonOf(WithMissingLabels(), roles);
  return surveys;
}

// The member of a member: "smd.value".
const Json& At(const Json& json, const std::string& path) {
  const Json* at = &json;
  for (const std::string& key : Split(path, '.')) at = &at->at(key);
  return *at;
}

bool Matches(const Json& row, const Json& match) {
  for (const auto& [key, value] : match.items()) {
    if (!value.is_object() && row.at(key) != value) return false;
  }
  return true;
}

// The row of a list that has these members, and of a list in it if the match
// has an object; null if there is none.
const Json* Find(const Json& list, const Json& match) {
  for (const Json& row : list) {
    if (!Matches(row, match)) continue;
    for (const auto& [key, value] : match.items()) {
      if (value.is_object()) return Find(row.at(key), value);
    }
    return &row;
  }
  return nullptr;
}

TEST(SurveyGolden, EqualsScipyAndStatsmodels) {
  const std::string file = kRoot + "tests/golden/survey_stats.json";
  const std::map<std::string, Json> surveys = Surveys();
  std::set<std::string> paths;
  for (const Json& golden : ParseJson(ReadFile(file), file)) {
    const std::string path = golden.at("path");
    const std::string about = path + " " + golden.at("match").dump();
    paths.insert(path);
    const Json* row =
        Find(At(surveys.at(golden.at("survey")), path), golden.at("match"));
    ASSERT_NE(row, nullptr) << about;
    for (const auto& [key, value] : golden.at("expect").items()) {
      const Json& found = At(*row, key);
      ASSERT_TRUE(found.is_number()) << about << ' ' << key;
      const double expected = value.get<double>();
      // Relative below 1, so that small p-values count.
      const double scale = key.ends_with("p")
                               ? std::abs(expected)
                               : std::max(1.0, std::abs(expected));
      EXPECT_NEAR(found.get<double>(), expected,
                  golden.at("tolerance").get<double>() * scale)
          << about << ' ' << key;
    }
  }
  EXPECT_EQ(paths.size(), 10u);
}

}  // namespace
}  // namespace plumbline::survey
