// The sample files of PLUMBLINE_TEST_DATA and what is known about them.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/file.h"

namespace plumbline {

// "" where the data sets are not present.
inline std::string TestData(const std::string& folder) {
  const char* data = std::getenv("PLUMBLINE_TEST_DATA");
  if (data == nullptr) return "";
  const std::string path = std::string(data) + "/" + folder;
  return std::filesystem::exists(path) ? path : "";
}

// Fields of one CSV record, without quotes inside quotes.
inline std::vector<std::string> CsvFields(std::string_view line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += c;
    }
  }
  return fields;
}

inline std::vector<std::map<std::string, std::string>> ReadRecords(
    const std::string& path) {
  const std::string text = ReadFile(path);
  std::vector<std::map<std::string, std::string>> records;
  std::vector<std::string> names;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::vector<std::string> fields =
        CsvFields(std::string_view(text).substr(at, end - at));
    at = end + 1;
    if (names.empty()) {
      names = fields;
      continue;
    }
    std::map<std::string, std::string> record;
    for (size_t i = 0; i < names.size() && i < fields.size(); ++i) {
      record[names[i]] = fields[i];
    }
    records.push_back(record);
  }
  return records;
}

}  // namespace plumbline
