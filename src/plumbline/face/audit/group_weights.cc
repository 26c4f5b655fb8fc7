#include "plumbline/face/audit/group_weights.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/table/table_reader.h"

namespace plumbline::face {
namespace {

// "a=1,b, c=2" as "a=1" and "b, c=2".
std::vector<std::string> SplitWeights(const std::string& text) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < text.size(); ++i) {
    const bool in_name = i + 1 < text.size() && text[i + 1] == ' ';
    if (text[i] == ',' && !in_name) {
      parts.emplace_back();
    } else {
      parts.back() += text[i];
    }
  }
  return parts;
}

}  // namespace

void ParseGroupWeights(const std::string& text,
                       std::map<std::string, double>* weights) {
  for (const std::string& part : SplitWeights(text)) {
    const size_t equals = part.rfind('=');
    double weight = 0;
    if (equals == std::string::npos || equals == 0 ||
        !ParseNumber(part.substr(equals + 1), &weight) ||
        !std::isfinite(weight) || weight <= 0) {
      throw Error(ErrorCode::kUsage,
                  "--weights {}: expected GROUP=W with W above 0, such as "
                  "sex=F=0.52, or a table with the columns group and weight",
                  part);
    }
    const std::string name = part.substr(0, equals);
    if (!weights->emplace(name, weight).second) {
      throw Error(ErrorCode::kUsage, "--weights {}: {} already has a weight",
                  part, name);
    }
  }
}

void ReadGroupWeights(const std::string& file,
                      std::map<std::string, double>* weights) {
  TableReader reader({file});
  const Table table = reader.Read(
      {{"group", ColumnKind::kCategorical}, {"weight", ColumnKind::kNumeric}});
  const CategoricalColumn& groups = table.Categorical("group");
  const std::vector<double>& values = table.Numeric("weight").values;
  for (int64_t row = 0; row < table.rows(); ++row) {
    if (groups.codes[row] == kMissingCode) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, "group"),
                  "is missing; expected a group such as sex=F");
    }
    const std::string& name = groups.levels[groups.codes[row]];
    if (!(values[row] > 0) || !std::isfinite(values[row])) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, "weight"),
                  "the weight of {} must be a number above 0", name);
    }
    if (!weights->emplace(name, values[row]).second) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, "group"),
                  "{} already has a weight", name);
    }
  }
}

void CheckGroupWeights(const FaceInput& input,
                       const FaceAuditOptions& options) {
  if (options.group_weights.empty()) return;
  const GroupIndex& index = input.groups;
  std::vector<std::string> names;
  for (size_t g = 0; g < index.groups.size(); ++g) {
    names.push_back(index.Name(static_cast<int>(g)));
  }
  for (const auto& [name, weight] : options.group_weights) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw Error(ErrorCode::kUsage,
                  "--weights {}={:g}: there is no such group{}", name, weight,
                  DidYouMean(name, names));
    }
  }
  for (const Grouping& grouping : index.groupings) {
    std::string with, without;
    for (int g = grouping.first_group;
         g < grouping.first_group + grouping.group_count; ++g) {
      if (options.group_weights.contains(names[g])) {
        with = names[g];
      } else if (index.groups[g].rows >= options.minimum_subjects) {
        without = names[g];
      }
    }
    if (with.empty() || without.empty()) continue;
    throw Error(ErrorCode::kUsage,
                "--weights: {} has a weight and {} has none; all groups of a "
                "grouping need one",
                with, without);
  }
}

std::vector<double> WeightsOf(const FaceInput& input,
                              const FaceAuditOptions& options, int grouping,
                              const std::vector<int>& groups) {
  std::vector<double> weights;
  double sum = 0;
  for (const int g : groups) {
    const auto place = options.group_weights.find(
        input.groups.Name(input.groups.groupings[grouping].first_group + g));
    if (place == options.group_weights.end()) return {};
    weights.push_back(place->second);
    sum += place->second;
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace plumbline::face
