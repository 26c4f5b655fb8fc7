// What an audit with sampling weights says in the report, on a terminal and in
// groups.csv: by what the figures are weighted, and what the rows are then
// worth.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/report/audit_document.h"

namespace plumbline::report {

// True if the groups have weights.
bool IsWeighted(const AuditDocument& document);

// "weighted by column w (worth 4,321.0 rows of equal weight)" for the head of
// the text; "" where nothing is weighted. The number is everyone's effective
// sample size of the first target.
std::string WeightsClause(const AuditDocument& document);

// "by weight" after a prevalence, "" where nothing is weighted.
std::string ByWeight(const AuditDocument& document);

// Kish's effective sample size with one decimal, or "-".
std::string EffectiveText(const AuditGroup& group);

// The columns that weights add to groups.csv: their names, each after a comma,
// or "" for an audit without weights.
std::string WeightColumns(const nlohmann::ordered_json& audit);

}  // namespace plumbline::report
