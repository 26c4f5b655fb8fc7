#include "plumbline/audit/weights_findings.h"

#include <fmt/format.h>

#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// Below this share of the rows a few of them carry the result.
constexpr double kFewRowsShare = 0.5;

double EffectiveShare(const GroupResult& group) {
  return group.effective_n / static_cast<double>(group.n);
}

}  // namespace

void AddWeightFindings(const AuditInput& input, const AuditOptions& options,
                       AuditResult& result) {
  if (input.weights.empty()) return;
  for (size_t t = 0; t < result.targets.size(); ++t) {
    const GroupResult* worst = nullptr;
    int groups = 0;
    int concerned = 0;
    for (const GroupResult& group : result.groups) {
      if (group.target != static_cast<int>(t) || group.n < options.minimum) {
        continue;
      }
      ++groups;
      if (!(EffectiveShare(group) < kFewRowsShare)) continue;
      ++concerned;
      if (worst == nullptr || EffectiveShare(group) < EffectiveShare(*worst)) {
        worst = &group;
      }
    }
    if (worst == nullptr) continue;
    const std::string of =
        result.targets.size() > 1 ? result.targets[t].name + ": " : "";
    result.findings.push_back(
        {"PB608",
         worst->effective_n < options.minimum ? "medium" : "low",
         static_cast<int>(t),
         fmt::format("{}Few rows carry most of the weight in {} of {} groups, "
                     "most so in {}: its {} rows say as much as {:.1f} of "
                     "equal weight.",
                     of, concerned, groups, input.groups.Name(worst->group),
                     WithThousands(worst->n), worst->effective_n),
         "Look at the largest weights and how they were made; intervals of "
         "such a group are wide and, below a few dozen effective rows, too "
         "optimistic.",
         {{"effective_n", worst->effective_n},
          {"n", static_cast<double>(worst->n)}}});
  }
}

void AddWeightLimitations(const AuditInput& input, AuditResult& result) {
  if (input.weights.empty()) return;
  const std::string column =
      input.weight_column.empty()
          ? "weights given with the rows"
          : fmt::format("column \"{}\"", input.weight_column);
  result.limitations.push_back(
      {"PL110",
       fmt::format(
           "Figures are weighted by {}, taken as inverse probabilities that a "
           "row was sampled and as known: intervals do not include that the "
           "weights were estimated, and they are wrong for weights that count "
           "repeated rows or state precision. n counts rows with a weight "
           "above 0.",
           column)});
}

}  // namespace plumbline
