#include "plumbline/face/input/score_columns.h"

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline::face {

FailurePolicy ParseFailurePolicy(const std::string& text) {
  if (text == "positive") return FailurePolicy::kPositive;
  if (text == "negative") return FailurePolicy::kNegative;
  if (text == "exclude") return FailurePolicy::kExclude;
  throw Error(ErrorCode::kUsage,
              "\"{}\" is no policy for failed comparisons; choose positive "
              "(never accepted), negative (always accepted) or exclude",
              text);
}

const char* NameOf(FailurePolicy policy) {
  switch (policy) {
    case FailurePolicy::kPositive:
      return "positive";
    case FailurePolicy::kNegative:
      return "negative";
    case FailurePolicy::kExclude:
      return "exclude";
  }
  return "";
}

const BinRule* FindBins(const FaceInputColumns& columns,
                        const std::string& attribute) {
  const auto rule = std::find_if(
      columns.bins.begin(), columns.bins.end(),
      [&](const BinRule& bins) { return bins.column == attribute; });
  return rule == columns.bins.end() ? nullptr : &*rule;
}

std::vector<ColumnRequest> RequestedColumns(const ScoreRoles& roles,
                                            const FaceInputColumns& columns) {
  std::vector<ColumnRequest> requests = {{roles.score, ColumnKind::kNumeric}};
  const auto words = [&](const std::string& name) {
    if (!name.empty()) requests.push_back({name, ColumnKind::kCategorical});
  };
  words(roles.reference);
  words(roles.probe);
  words(roles.label);
  words(roles.status);
  for (const AttributeRole& attribute : roles.attributes) {
    const ColumnKind kind = FindBins(columns, attribute.name) != nullptr
                                ? ColumnKind::kNumeric
                                : ColumnKind::kCategorical;
    requests.push_back({attribute.reference, kind});
    requests.push_back({attribute.probe, kind});
  }
  for (size_t i = 0; i < requests.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      if (requests[i].name != requests[j].name) continue;
      throw Error(ErrorCode::kUsage,
                  "column \"{}\" is given two parts; a column has one part in "
                  "an audit",
                  requests[i].name);
    }
  }
  return requests;
}

}  // namespace plumbline::face
