#include "plumbline/audit/case_mix_json.h"

#include <cmath>

#include "plumbline/audit/json_parts.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

class Writer {
 public:
  Writer(const AuditInput& input, const AuditOptions& options,
         const CaseMixResult& entry)
      : input_(input), options_(options), entry_(entry) {}

  Json Run() const {
    const Grouping& grouping = input_.groups.groupings[entry_.grouping];
    const AuditTarget& target = input_.targets[entry_.target];
    Json comparisons = Json::array();
    for (const MixComparison& comparison : entry_.mix.comparisons) {
      comparisons.push_back(Comparison(comparison));
    }
    Json supports = Json::array();
    for (const MixSupport& support : entry_.mix.supports) {
      supports.push_back(Support(support));
    }
    Json balance = Json::array();
    for (const MixBalance& row : entry_.mix.balance) {
      balance.push_back({{"group", Name(static_cast<int>(row.group))},
                         {"reference", Name(static_cast<int>(row.reference))},
                         {"covariate", row.row.covariate},
                         {"level", LevelOrMean(row.row.level)},
                         {"before", Number(row.row.before)},
                         {"after", Number(row.row.after)},
                         {"imbalanced", std::abs(row.row.after) > kImbalance}});
    }
    return {
        {"target", FindingOf(target)},
        {"model", target.score_column},
        {"by",
         Json::array({input_.groups.attributes[grouping.attributes[0]].name})},
        {"covariates", entry_.covariates},
        {"adjust_to",
         entry_.adjust_to < 0 ? Json("overall") : Name(entry_.adjust_to)},
        {"comparisons", std::move(comparisons)},
        {"supports", std::move(supports)},
        {"balance", std::move(balance)}};
  }

 private:
  Json Name(int group) const {
    if (group < 0) return Json();
    return input_.groups.Name(
        input_.groups.groupings[entry_.grouping].first_group + group);
  }

  static Json LevelOrMean(const std::string& level) {
    return level.empty() ? Json() : Json(level);
  }

  Json Estimate(const MixComparison& comparison,
                const MixEstimate& estimate) const {
    Json of_group = Json::object();
    for (size_t g = 0; g < estimate.of_group.size(); ++g) {
      of_group[Name(static_cast<int>(comparison.groups[g]))
                   .get<std::string>()] = Number(estimate.of_group[g]);
    }
    return {{"value", Number(estimate.value)},
            {"lo", Number(estimate.lo)},
            {"hi", Number(estimate.hi)},
            {"level", options_.level},
            {"standard_error", Number(estimate.standard_error)},
            {"n", comparison.n},
            {"subjects", comparison.subjects},
            {"method", estimate.method},
            {"p", Number(estimate.p)},
            {"p_adjusted", Number(estimate.p_adjusted)},
            {"adjustment",
             std::isfinite(estimate.p_adjusted) ? Json("holm") : Json()},
            {"groups", std::move(of_group)},
            {"reason", TextOrNull(estimate.reason)}};
  }

  Json Comparison(const MixComparison& comparison) const {
    Json shares = Json::array();
    for (const MixShare& share : comparison.shares) {
      shares.push_back({{"covariate", share.covariate},
                        {"value", Number(share.value)},
                        {"lo", Number(share.lo)},
                        {"hi", Number(share.hi)},
                        {"level", options_.level}});
    }
    const auto estimate = [&](const MixEstimate& e) {
      return Estimate(comparison, e);
    };
    Json json = {{"metric", comparison.metric},
                 {"measure", comparison.measure},
                 {"group", Name(comparison.group)},
                 {"reference", Name(comparison.reference)},
                 {"denominator", MixDenominatorName(comparison.denominator)},
                 {"n", comparison.n},
                 {"subjects", comparison.subjects},
                 {"crude", estimate(comparison.crude)},
                 {"direct", estimate(comparison.direct)},
                 {"ipw", estimate(comparison.weighted)},
                 {"explained", estimate(comparison.explained)},
                 {"judged_by", comparison.judged_by},
                 {"margin", options_.margin},
                 {"outcome", comparison.outcome}};
    if (comparison.reference >= 0) {
      json["shapley"] = std::move(shares);
      json["shapley_reason"] = TextOrNull(comparison.shares_reason);
    }
    return json;
  }

  Json Support(const MixSupport& support) const {
    Json groups = Json::array();
    for (const MixSupport::OfGroup& of : support.groups) {
      groups.push_back({{"group", Name(static_cast<int>(of.group))},
                        {"n", of.n},
                        {"effective_sample_size", Number(of.effective)},
                        {"largest_share", Number(of.largest_share)},
                        {"imbalance_before", Number(of.imbalance_before)},
                        {"imbalance_after", Number(of.imbalance_after)},
                        {"covariate", of.worst_covariate},
                        {"level", LevelOrMean(of.worst_level)}});
    }
    return {{"denominator", MixDenominatorName(support.denominator)},
            {"measure", support.measure},
            {"group", Name(support.group)},
            {"reference", Name(support.reference)},
            {"coverage", Number(support.coverage)},
            {"strata", support.strata},
            {"strata_covered", support.covered},
            {"direct_reason", TextOrNull(support.direct_reason)},
            {"weights_reason", TextOrNull(support.weights_reason)},
            {"separating_covariate", LevelOrMean(support.covariate)},
            {"separating_level", LevelOrMean(support.level)},
            {"groups", std::move(groups)}};
  }

  const AuditInput& input_;
  const AuditOptions& options_;
  const CaseMixResult& entry_;
};

}  // namespace

Json CaseMixJson(const AuditResult& result, const AuditInput& input,
                 const AuditOptions& options) {
  Json covariates = Json::array();
  for (const Covariate& covariate : input.covariates) {
    covariates.push_back({{"name", covariate.name},
                          {"kind", covariate.kind},
                          {"levels", covariate.levels}});
  }
  Json entries = Json::array();
  for (const CaseMixResult& entry : result.case_mix) {
    entries.push_back(Writer(input, options, entry).Run());
  }
  return {{"covariates", std::move(covariates)},
          {"results", std::move(entries)}};
}

}  // namespace plumbline
