// The classes of a multi-class model together: how well it tells them apart in
// every group, and how far groups are from one another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"

namespace plumbline {

// accuracy, balanced_accuracy, macro_f1, kappa, quadratic_kappa, macro_auroc,
// weighted_auroc, hand_till_m, brier, log_loss: the order of
// MulticlassGroup::metrics. Their `id` has no meaning.
std::span<const Metric> MulticlassMetrics();

// Of one class; "recall:CLASS" among the gaps.
const Metric& RecallMetric();

// Rows whose scores may sum to this much more or less than 1 are taken for
// rounded probabilities.
inline constexpr double kSumTolerance = 0.01;

// Audits rows with a label and all scores (or a decision) that are neither
// tuning rows nor of weight 0; the decision for scores is the largest, of equal
// ones the first class.
//
// Rates have Wilson's interval with the design effect of subjects (delta with
// weights); areas under curves one on the logit scale, everything else value
// +- z se, by linearisation. An estimate's `reason`:
//   class_absent       a class has no rows in the group
//   below_minimum      fewer than options.minimum rows (of the rarest class,
//                      where the metric averages over classes)
//   needs_scores       the model gives decisions
//   not_probabilities  scores do not sum to 1
//   not_ordered        quadratic kappa, and the classes are no whole numbers
//   unstable           no variance can be given
MulticlassResult AuditMulticlass(const AuditInput& input, int model,
                                 const AuditOptions& options);

// Findings PB203, PB106 and PB609 of all models; fills the gaps' codes.
void AddMulticlassFindings(const AuditInput& input, const AuditOptions& options,
                           AuditResult& result);

// Limitations PL111 (scores that are no probabilities) and PL118 (models of one
// label audited on different rows).
void AddModelLimitations(const AuditInput& input, AuditResult& result);

}  // namespace plumbline
