#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/face/audit/grouping_audit.h"
#include "plumbline/face/statistics/label_permutation.h"

namespace plumbline::face {
namespace {

std::vector<uint8_t> Usable(const std::vector<FaceRate>& rates) {
  std::vector<uint8_t> usable;
  for (const FaceRate& rate : rates) usable.push_back(rate.reason == nullptr);
  return usable;
}

// Whether the people of these groups were compared with everybody.
bool AllCompared(const AuditContext& context, const GroupingData& data,
                 const std::vector<uint8_t>& used) {
  const std::vector<uint8_t> complete =
      context.evidence.ComparedWithAll(context.input.subjects);
  for (size_t i = 0; i < complete.size(); ++i) {
    if (used[data.groups.of_subject[i]] && !complete[i]) return false;
  }
  return true;
}

}  // namespace

void AddPermutations(const AuditContext& context, const GroupingData& data,
                     int threshold, const std::vector<FaceRate>& fmr,
                     const std::vector<FaceRate>& fnmr,
                     FaceAuditResult* result) {
  if (context.options.permutations == 0) return;
  const PermutationOptions options{.permutations = context.options.permutations,
                                   .seed = context.options.seed,
                                   .threads = context.options.threads};
  const double value = result->thresholds[threshold].fitted.value;
  FaceOmnibus entry{.threshold = threshold,
                    .grouping = data.grouping,
                    .error = ErrorRate::kFmr,
                    .test = {},
                    .method = "label_permutation"};
  const std::vector<uint8_t> matched = Usable(fmr);
  if (AllCompared(context, data, matched)) {
    entry.test = PermuteFalseMatches(data.counts, data.groups, matched,
                                     AtOrAbove(data.hits, value), options);
  } else {
    constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
    entry.test = {.statistic = kNaN,
                  .p = kNaN,
                  .groups = static_cast<int>(
                      std::count(matched.begin(), matched.end(), 1))};
    entry.reason = "not_all_compared";
  }
  const auto set_reason = [&entry] {
    if (entry.test.groups < 2) entry.reason = "fewer_than_two_groups";
  };
  set_reason();
  result->omnibus.push_back(entry);
  entry.error = ErrorRate::kFnmr;
  entry.reason = nullptr;
  entry.test = PermuteFalseNonMatches(context.input.genuine, value, data.groups,
                                      Usable(fnmr), options);
  set_reason();
  result->omnibus.push_back(entry);
}

}  // namespace plumbline::face
