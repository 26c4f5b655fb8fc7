// The search for slices (slices/slice_search.h) over the audit's targets, and
// what it means in words.
#pragma once

#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"

namespace plumbline {

// "fnr" (misses among positives) and "fpr" (false alarms among negatives).
std::span<const char* const> SliceMetrics();

// Fills result.slices for each target and metric of options.slices; does
// nothing without input.slice_columns. Reads result.targets (thresholds).
void FindSlices(const AuditInput& input, const AuditOptions& options,
                AuditResult& result);

// Adds PB501, PB502, PB503 and PL113 to result.findings and
// result.limitations, which others sort.
void AddSliceFindings(const AuditInput& input, const AuditOptions& options,
                      AuditResult& result);
void AddSliceLimitations(const AuditInput& input, const AuditOptions& options,
                         AuditResult& result);

}  // namespace plumbline
