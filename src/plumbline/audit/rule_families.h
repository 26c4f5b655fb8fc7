// The rules, one file for each family (rules_*.cc); rules.cc puts them
// together.
#pragma once

#include <span>

#include "plumbline/audit/rules.h"

namespace plumbline {

std::span<const Rule> CompareRules();
std::span<const Rule> CaseMixRules();
std::span<const Rule> GapRules();
std::span<const Rule> DataRules();
std::span<const Rule> MulticlassRules();
std::span<const Rule> LimitationRules();
std::span<const Rule> MonitorRules();
std::span<const Rule> ShareRules();
std::span<const Rule> WeightRules();
std::span<const Rule> SliceRules();

}  // namespace plumbline
