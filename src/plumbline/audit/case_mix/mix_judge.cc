#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "plumbline/audit/case_mix/case_mix.h"
#include "plumbline/stats/multiple_testing.h"

namespace plumbline {
namespace {

const MixEstimate& JudgedOf(const MixComparison& comparison) {
  // Also where it only lacks an interval.
  return !std::isnan(comparison.direct.value) ? comparison.direct
                                              : comparison.weighted;
}

// Does the group that is highest as it stands still lie above the lowest?
bool KeepsItsOrder(const MixEstimate& crude, const MixEstimate& judged) {
  const auto [low, high] =
      std::minmax_element(crude.of_group.begin(), crude.of_group.end());
  return judged.of_group[high - crude.of_group.begin()] >
         judged.of_group[low - crude.of_group.begin()];
}

const char* OutcomeOf(const MixComparison& comparison,
                      const MixOptions& options) {
  const MixEstimate& crude = comparison.crude;
  const MixEstimate& judged = JudgedOf(comparison);
  const double alpha = 1 - options.level;
  const bool before = crude.p_adjusted <= alpha;
  const bool after = judged.p_adjusted <= alpha;
  const auto within = [&](const MixEstimate& e) {
    return e.lo > -options.margin && e.hi < options.margin;
  };
  if (before && after) {
    if (KeepsItsOrder(crude, judged)) return "remains";
    // Of several groups others may hold the ends now: which of the differences
    // is shown, the range does not say.
    return crude.of_group.size() == 2 ? "reversed" : "insufficient";
  }
  // That one is shown and the other is not does not show that they differ
  // (Gelman and Stern 2006, Am. Stat. 60:328-331).
  const double p = comparison.explained.p_adjusted;
  const bool changed = std::isnan(p) || p <= alpha;
  if (after) return changed ? "appears" : "insufficient";
  if (before) return changed && within(judged) ? "explained" : "insufficient";
  return within(crude) && within(judged) ? "none_above_margin" : "insufficient";
}

}  // namespace

void JudgeMix(const std::vector<MixResult*>& results,
              const MixOptions& options) {
  std::map<std::pair<std::string, std::string>, std::vector<MixComparison*>>
      families;
  for (MixResult* result : results) {
    for (MixComparison& comparison : result->comparisons) {
      families[{comparison.metric, comparison.measure}].push_back(&comparison);
    }
  }
  for (const auto& [key, members] : families) {
    for (MixEstimate MixComparison::*which :
         {&MixComparison::crude, &MixComparison::direct,
          &MixComparison::weighted, &MixComparison::explained}) {
      std::vector<double> p;
      for (const MixComparison* member : members) {
        p.push_back((member->*which).p);
      }
      const std::vector<double> adjusted = Holm(p);
      for (size_t i = 0; i < members.size(); ++i) {
        (members[i]->*which).p_adjusted = adjusted[i];
      }
    }
    for (MixComparison* member : members) {
      if (!std::isnan(member->direct.value)) {
        member->judged_by = "direct";
      } else if (!std::isnan(member->weighted.value)) {
        member->judged_by = "ipw";
      }
      member->outcome = OutcomeOf(*member, options);
    }
  }
}

}  // namespace plumbline
