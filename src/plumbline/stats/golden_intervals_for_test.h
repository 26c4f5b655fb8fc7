// Values that other programs computed, for the tests of this folder.
// Written by tests/golden/stats_intervals.py.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"

namespace plumbline {

inline Json IntervalsGolden(const std::string& part) {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/stats_intervals.json";
  return ParseJson(ReadFile(path), path).at(part);
}

// One table of a part that has several. By value, so that a loop may run over
// it.
inline Json IntervalsGolden(const std::string& part, const std::string& table) {
  return IntervalsGolden(part).at(table);
}

inline std::vector<double> Doubles(const Json& list) {
  return list.get<std::vector<double>>();
}

inline std::vector<uint8_t> Labels(const Json& list) {
  return list.get<std::vector<uint8_t>>();
}

inline std::vector<uint32_t> Clusters(const Json& list) {
  return list.get<std::vector<uint32_t>>();
}

}  // namespace plumbline
