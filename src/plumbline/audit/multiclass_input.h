// Reads multi-class models out of a table: class names as labels, one score a
// class or the name of a class as a decision.
#pragma once

#include <vector>

#include "plumbline/audit/columns.h"
#include "plumbline/audit/input.h"
#include "plumbline/table/table.h"

namespace plumbline {

// More classes than this in a column of decisions are taken for a mistake.
inline constexpr size_t kMostClasses = 100;

// True where label and decision both hold names of classes, not 0 and 1.
bool AreClassDecisions(const Table& table, const TargetColumns& target);

// Adds each model to input->multiclass and its classes, one against the rest,
// to input->targets (those that a label has). Classes that other models have
// too are told apart by their score's name. With `logit` each score is turned
// into a probability of its own, so that they need not sum to 1.
//
// Throws Error(kInvalidInput) with file, row, value and the nearest class for a
// label that is no class, for scores outside [0, 1] without `logit`, and for
// more than kMostClasses decisions.
void AddMulticlass(Table& table, const std::vector<MulticlassColumns>& scored,
                   const std::vector<TargetColumns>& decided, bool logit,
                   AuditInput* input);

}  // namespace plumbline
