// ROC, calibration and decision curves of everyone and of every single-
// attribute group.
#pragma once

#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"
#include "plumbline/audit/target_data.h"

namespace plumbline {

// Groups with fewer than options.minimum positives or negatives have none, nor
// have hard decisions.
//
// Calibration: ten bins of equal counts of the group's own rows, with Wilson
// intervals (by the group's own design effect of the prevalence; with weights,
// bins of equal weight, and the part of it that comes from clustering times the
// bin's own Kish effect). Net benefit:
// at fixed thresholds from 1 % to 90 %, cluster-robust delta intervals; treat-
// all is prevalence - (1 - prevalence) odds (Vickers and Elkin 2006).
std::vector<CurveResult> Curves(const AuditInput& input,
                                const AuditOptions& options,
                                const TargetData& data);

}  // namespace plumbline
