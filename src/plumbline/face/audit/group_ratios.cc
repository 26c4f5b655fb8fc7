#include <cmath>
#include <limits>

#include "plumbline/face/audit/grouping_audit.h"
#include "plumbline/stats/multiple_testing.h"

namespace plumbline::face {
namespace {

int LowestRate(const std::vector<FaceRate>& rates) {
  int lowest = -1;
  for (size_t g = 0; g < rates.size(); ++g) {
    if (rates[g].reason != nullptr) continue;
    if (lowest < 0 || rates[g].rate.value < rates[lowest].rate.value) {
      lowest = static_cast<int>(g);
    }
  }
  return lowest;
}

// p-values of all pairs of groups, corrected together: the reference may have
// been chosen by its rate.
std::vector<double> AdjustedForAllPairs(const std::vector<FaceRate>& rates,
                                        double level) {
  std::vector<double> p;
  for (const FaceRate& a : rates) {
    for (const FaceRate& b : rates) {
      if (&a >= &b) continue;
      const bool usable = a.reason == nullptr && b.reason == nullptr;
      p.push_back(usable ? RatioOfRates(a.rate, b.rate, level).p
                         : std::numeric_limits<double>::quiet_NaN());
    }
  }
  const std::vector<double> adjusted = Holm(p);
  const size_t size = rates.size();
  std::vector<double> matrix(size * size,
                             std::numeric_limits<double>::quiet_NaN());
  size_t next = 0;
  for (size_t a = 0; a < size; ++a) {
    for (size_t b = a + 1; b < size; ++b) {
      matrix[a * size + b] = matrix[b * size + a] = adjusted[next++];
    }
  }
  return matrix;
}

}  // namespace

int ChosenReference(const AuditContext& context, const GroupingData& data) {
  const GroupIndex& index = context.input.groups;
  const Grouping& grouping = index.groupings[data.grouping];
  for (int g = 0; g < grouping.group_count; ++g) {
    const Group& group = index.groups[grouping.first_group + g];
    bool is_reference = true;
    for (size_t a = 0; a < grouping.attributes.size(); ++a) {
      const CategoricalColumn& attribute =
          index.attributes[grouping.attributes[a]];
      const auto chosen = context.options.reference.find(attribute.name);
      is_reference = is_reference &&
                     chosen != context.options.reference.end() &&
                     group.levels[a] != kMissingCode &&
                     attribute.levels[group.levels[a]] == chosen->second;
    }
    if (is_reference) return g;
  }
  return -1;
}

void AddRatios(const AuditContext& context, const GroupingData& data,
               int threshold, ErrorRate error,
               const std::vector<FaceRate>& rates, FaceAuditResult* result) {
  const FaceAuditOptions& options = context.options;
  const std::vector<double> adjusted =
      AdjustedForAllPairs(rates, options.level);
  int reference = ChosenReference(context, data);
  if (reference < 0) reference = LowestRate(rates);
  if (reference < 0 || rates[reference].reason != nullptr) return;
  for (int g = 0; g < data.groups.groups; ++g) {
    if (g == reference || rates[g].reason != nullptr) continue;
    FaceRatio ratio{.threshold = threshold,
                    .grouping = data.grouping,
                    .error = error,
                    .group = GroupId(context.input, data, g),
                    .reference = GroupId(context.input, data, reference)};
    ratio.ratio =
        RatioOfRates(rates[g].rate, rates[reference].rate, options.level);
    ratio.p_adjusted = adjusted[g * rates.size() + reference];
    ratio.equivalence =
        TestEquivalence(ratio.ratio, options.equivalence_ratio, options.level);
    ratio.n = rates[g].rate.n + rates[reference].rate.n;
    ratio.subjects = rates[g].rate.subjects + rates[reference].rate.subjects;
    if (ratio.p_adjusted <= 1 - options.level) {
      ratio.outcome = "shown";
    } else if (ratio.equivalence.shown) {
      ratio.outcome = "none_above_limit";
    }
    result->ratios.push_back(ratio);
  }
}

}  // namespace plumbline::face
