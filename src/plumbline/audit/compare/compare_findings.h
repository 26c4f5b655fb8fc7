// What a comparison says in words: verdict, findings, limitations.
#pragma once

#include "plumbline/audit/compare/model_comparison.h"

namespace plumbline {

// Fills result.verdict, result.findings (most severe first) and
// result.limitations from the numbers that are already in it.
void AddCompareFindings(const CompareInput& input,
                        const CompareOptions& options, CompareResult& result);

}  // namespace plumbline
