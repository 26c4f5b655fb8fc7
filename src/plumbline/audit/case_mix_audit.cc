#include "plumbline/audit/case_mix_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

// Rows that are not for tuning, those of a subject together, else as they are.
std::vector<uint32_t> OrderBySubject(const AuditInput& input) {
  std::vector<uint32_t> order;
  order.reserve(input.rows);
  for (int64_t row = 0; row < input.rows; ++row) {
    if (!input.tuning_rows.empty() && input.tuning_rows[row]) continue;
    order.push_back(static_cast<uint32_t>(row));
  }
  if (input.subjects.empty()) return order;
  std::vector<uint32_t> start(input.subject_count + 1, 0);
  for (const uint32_t row : order) ++start[input.subjects[row] + 1];
  std::partial_sum(start.begin(), start.end(), start.begin());
  std::vector<uint32_t> sorted(order.size());
  for (const uint32_t row : order) sorted[start[input.subjects[row]]++] = row;
  return sorted;
}

// The group within a grouping that --adjust-to names, -1: none.
int TargetGroup(const AuditInput& input, const AuditOptions& options,
                const Grouping& grouping) {
  const CategoricalColumn& column =
      input.groups.attributes[grouping.attributes[0]];
  const auto wanted = options.adjust_to.find(column.name);
  if (wanted == options.adjust_to.end()) return -1;
  std::vector<std::string> levels;
  for (int g = 0; g < grouping.group_count; ++g) {
    const uint32_t level =
        input.groups.groups[grouping.first_group + g].levels[0];
    if (level == kMissingCode) continue;
    if (column.levels[level] == wanted->second) return g;
    levels.push_back(column.levels[level]);
  }
  throw Error(ErrorCode::kUsage,
              "--adjust-to {}={}: \"{}\" has no such level{}; its levels: {}",
              column.name, wanted->second, column.name,
              DidYouMean(wanted->second, levels), JoinWords(levels));
}

void CheckAdjustTo(const AuditInput& input, const AuditOptions& options) {
  std::vector<std::string> attributes;
  for (const CategoricalColumn& column : input.groups.attributes) {
    attributes.push_back(column.name);
  }
  for (const auto& [name, level] : options.adjust_to) {
    if (std::find(attributes.begin(), attributes.end(), name) ==
        attributes.end()) {
      throw Error(ErrorCode::kUsage,
                  "--adjust-to {}={}: \"{}\" is not an attribute given with "
                  "--by{}",
                  name, level, name, DidYouMean(name, attributes));
    }
  }
}

void CheckStrata(const AuditInput& input, const CaseMixGrouping& grouping) {
  if (grouping.patterns->strata <= kMostStrata) return;
  std::vector<std::string> names;
  const Covariate* largest = grouping.covariates[0];
  for (const Covariate* covariate : grouping.covariates) {
    names.push_back(covariate->name);
    if (covariate->levels.size() > largest->levels.size()) largest = covariate;
  }
  throw Error(
      ErrorCode::kInvalidInput,
      "--adjust {}: {} strata occur in {} rows, more than {}, too many "
      "to compare like with like; \"{}\" alone has {} levels: cut it "
      "with --bins if it is a number, merge its levels, or leave it out",
      fmt::join(names, ","), WithThousands(grouping.patterns->strata),
      WithThousands(input.rows), WithThousands(kMostStrata), largest->name,
      WithThousands(largest->levels.size()));
}

MixRows RowsOf(const AuditInput& input, const CaseMixPlan& plan,
               const TargetData& data, bool ranked,
               std::vector<uint32_t>* row_of) {
  const AuditTarget& target = input.targets[data.index];
  MixRows rows;
  rows.hard_decisions = data.hard_decisions;
  for (const uint32_t row : plan.row_order) {
    const double score = target.scores[row];
    if (target.labels[row] == kMissingLabel || std::isnan(score)) continue;
    row_of->push_back(row);
    rows.scores.push_back(score);
    rows.positive.push_back(target.labels[row] == 1);
    rows.flagged.push_back(score >= data.threshold.value);
    if (!input.subjects.empty()) rows.subject.push_back(input.subjects[row]);
  }
  if (!ranked) return rows;
  rows.by_score.resize(rows.scores.size());
  std::iota(rows.by_score.begin(), rows.by_score.end(), 0);
  std::sort(rows.by_score.begin(), rows.by_score.end(),
            [&](uint32_t a, uint32_t b) {
              return rows.scores[a] != rows.scores[b]
                         ? rows.scores[a] < rows.scores[b]
                         : a < b;
            });
  return rows;
}

MixGroups GroupsOf(const AuditInput& input, const CaseMixGrouping& planned,
                   int reference, const std::vector<uint32_t>& row_of) {
  const Grouping& grouping = input.groups.groupings[planned.grouping];
  const auto first = static_cast<uint32_t>(grouping.first_group);
  MixGroups groups;
  groups.groups = grouping.group_count;
  groups.reference = reference < 0 ? -1 : reference - grouping.first_group;
  groups.target = planned.target;
  groups.covariates = &planned.covariates;
  groups.patterns = planned.patterns.get();
  groups.group.reserve(row_of.size());
  groups.pattern.reserve(row_of.size());
  for (const uint32_t row : row_of) {
    groups.group.push_back(
        input.groups.GroupOf(input.groups.cell_of_row[row], planned.grouping) -
        first);
    groups.pattern.push_back(planned.patterns->pattern_of_row[row]);
  }
  return groups;
}

MixOptions OptionsOf(const AuditOptions& options,
                     const std::vector<const Metric*>& metrics) {
  MixOptions mix;
  mix.level = options.level;
  mix.margin = options.margin;
  mix.minimum = options.minimum;
  mix.seed = options.seed;
  for (const Metric* metric : metrics) mix.metrics.emplace_back(metric->name);
  return mix;
}

}  // namespace

CaseMixPlan PlanCaseMix(const AuditInput& input, const AuditOptions& options) {
  CaseMixPlan plan;
  CheckAdjustTo(input, options);
  if (input.covariates.empty()) return plan;
  std::map<std::vector<const Covariate*>,
           std::shared_ptr<const CovariatePatterns>>
      known;
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    const Grouping& grouping = input.groups.groupings[k];
    if (grouping.attributes.size() != 1) continue;
    const std::string& name =
        input.groups.attributes[grouping.attributes[0]].name;
    CaseMixGrouping planned;
    planned.grouping = static_cast<int>(k);
    for (const Covariate& covariate : input.covariates) {
      if (covariate.name != name) planned.covariates.push_back(&covariate);
    }
    planned.target = TargetGroup(input, options, grouping);
    if (planned.covariates.empty()) continue;
    auto& patterns = known[planned.covariates];
    if (!patterns) {
      patterns = std::make_shared<const CovariatePatterns>(
          FindPatterns(planned.covariates));
    }
    planned.patterns = patterns;
    CheckStrata(input, planned);
    plan.groupings.push_back(std::move(planned));
  }
  if (plan.groupings.empty()) {
    if (input.groups.attributes.empty()) {
      throw Error(ErrorCode::kUsage,
                  "--adjust {}: there are no gaps to adjust; name the groups "
                  "with --by",
                  input.covariates[0].name);
    }
    throw Error(ErrorCode::kUsage,
                "--adjust {}: \"{}\" makes the groups itself (--by), and gaps "
                "by it cannot be adjusted for it; name another covariate",
                input.covariates[0].name, input.covariates[0].name);
  }
  plan.row_order = OrderBySubject(input);
  return plan;
}

std::vector<CaseMixResult> CaseMixOf(const AuditInput& input,
                                     const AuditOptions& options,
                                     const std::vector<const Metric*>& metrics,
                                     const CaseMixPlan& plan,
                                     const std::vector<int>& reference,
                                     const TargetData& data) {
  std::vector<CaseMixResult> results(plan.groupings.size());
  if (results.empty()) return results;
  MixOptions mix = OptionsOf(options, metrics);
  const bool ranked = std::find(mix.metrics.begin(), mix.metrics.end(),
                                "auroc") != mix.metrics.end();
  std::vector<uint32_t> row_of;
  const MixRows rows = RowsOf(input, plan, data, ranked, &row_of);
  ParallelFor(
      static_cast<int64_t>(results.size()), options.threads, [&](int64_t i) {
        const CaseMixGrouping& planned = plan.groupings[i];
        CaseMixResult& result = results[i];
        result.target = data.index;
        result.grouping = planned.grouping;
        result.adjust_to = planned.target;
        for (const Covariate* covariate : planned.covariates) {
          result.covariates.push_back(covariate->name);
        }
        MixOptions own = mix;
        own.stream = static_cast<uint64_t>(data.index) << 32 |
                     static_cast<uint64_t>(planned.grouping);
        result.mix = AnalyseCaseMix(
            rows, GroupsOf(input, planned, reference[planned.grouping], row_of),
            own);
      });
  return results;
}

void JudgeCaseMix(const AuditOptions& options,
                  std::vector<CaseMixResult>& results) {
  std::vector<MixResult*> mixes;
  for (CaseMixResult& result : results) mixes.push_back(&result.mix);
  JudgeMix(mixes, OptionsOf(options, {}));
}

}  // namespace plumbline
