// The case mix of an audit: its rows as audit/case_mix/ takes them.
#pragma once

#include <memory>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/target_data.h"

namespace plumbline {

// One attribute whose gaps are adjusted: for all covariates but itself.
struct CaseMixGrouping {
  int grouping = 0;  // index into GroupIndex::groupings
  std::vector<const Covariate*> covariates;
  std::shared_ptr<const CovariatePatterns> patterns;  // shared where the same
  int target = -1;  // group within the grouping; -1: those compared
};

// What is the same for all targets.
struct CaseMixPlan {
  std::vector<CaseMixGrouping> groupings;
  std::vector<uint32_t> row_order;  // audited rows, by subject
};

// Occupied strata above which the covariates are not used.
inline constexpr size_t kMostStrata = 20000;

// Empty without covariates in the input.
//
// Throws Error(kUsage) if no attribute is left to adjust (none given, or every
// one is the only covariate), or --adjust-to names an attribute or level that
// is not there; Error(kInvalidInput) for more than kMostStrata strata.
CaseMixPlan PlanCaseMix(const AuditInput& input, const AuditOptions& options);

// One result for each grouping of the plan; outcomes are left to JudgeCaseMix.
std::vector<CaseMixResult> CaseMixOf(const AuditInput& input,
                                     const AuditOptions& options,
                                     const std::vector<const Metric*>& metrics,
                                     const CaseMixPlan& plan,
                                     const std::vector<int>& reference,
                                     const TargetData& data);

// Adjusts the p-values over all targets and sets the outcomes.
void JudgeCaseMix(const AuditOptions& options,
                  std::vector<CaseMixResult>& results);

// PB110 to PB113, PB610, PB611.
// PL112 beside them.
void AddCaseMixFindings(const AuditInput& input, AuditResult& result);

}  // namespace plumbline
