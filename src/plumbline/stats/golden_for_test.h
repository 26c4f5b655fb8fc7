// The golden values of tests/golden/stats_testing.json, for the tests of this
// folder. Made by tests/golden/stats_testing.py with statsmodels and scipy.
#pragma once

#include <string>
#include <vector>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"

namespace plumbline {

// The cases of one part, one object a case.
inline Json GoldenCases(const std::string& part) {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/stats_testing.json";
  return ParseJson(ReadFile(path), path).at(part);
}

inline std::vector<double> Numbers(const Json& list) {
  return list.get<std::vector<double>>();
}

}  // namespace plumbline
