// What an audit with sampling weights says in words.
#pragma once

#include "plumbline/audit/input.h"
#include "plumbline/audit/options.h"
#include "plumbline/audit/result.h"

namespace plumbline {

// PB608 for each target in which the effective number of rows of a group of at
// least options.minimum rows is below half of them; it names the group with the
// smallest share. Nothing where rows have no weights.
void AddWeightFindings(const AuditInput& input, const AuditOptions& options,
                       AuditResult& result);

// PL110: what the intervals take the weights to be. Nothing without weights.
void AddWeightLimitations(const AuditInput& input, AuditResult& result);

}  // namespace plumbline
