#include "plumbline/table/table_inputs.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/table/csv_source.h"

namespace plumbline {

std::vector<std::string> ExpandInputs(const std::vector<std::string>& inputs) {
  std::vector<std::string> paths;
  for (const std::string& input : inputs) {
    if (input == "-" || csv::CanReopen(input)) {
      paths.push_back(input);
      continue;
    }
    for (std::string& path : ExpandGlob(input)) {
      paths.push_back(std::move(path));
    }
  }
  if (paths.empty()) {
    throw Error(ErrorCode::kUsage,
                "no table was given; name a CSV or TSV file, "
                "or - for standard input");
  }
  if (std::count(paths.begin(), paths.end(), "-") > 1) {
    throw Error(ErrorCode::kUsage,
                "standard input (-) can be read only once; give it once");
  }
  return paths;
}

TableKind KindOf(const std::string& path) {
  std::string lower = path;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  if (lower.ends_with(".parquet") || lower.ends_with(".pq")) {
    return TableKind::kParquet;
  }
  return lower.ends_with(".npy") ? TableKind::kNpy : TableKind::kCsv;
}

const char* NameOf(TableKind kind) {
  switch (kind) {
    case TableKind::kCsv:
      return "CSV";
    case TableKind::kParquet:
      return "Parquet";
    case TableKind::kNpy:
      return "npy";
  }
  return "";
}

NpyInput ParseNpyInput(const std::string& input) {
  const size_t equals = input.find('=');
  if (equals != std::string::npos && equals > 0 && !csv::CanReopen(input)) {
    return {input.substr(0, equals), input.substr(equals + 1)};
  }
  return {std::filesystem::path(input).stem().string(), input};
}

}  // namespace plumbline
