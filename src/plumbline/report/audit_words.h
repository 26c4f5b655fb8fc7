// The plain words for what the audit's JSON says in codes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/audit_document.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {

// "gap shown", "none above 5.0 pp", "cannot tell", "not tested".
std::string OutcomeWords(const AuditGap& gap, NumberKind kind);
std::string GateOutcomeWords(const std::string& outcome);

// "highest minus lowest", "difference to the reference".
std::string MeasureWords(const std::string& measure);
// "Wilson score interval".
std::string MethodWords(const std::string& method);
// "fitted on the audited rows themselves".
std::string FittedOnWords(const std::string& fitted_on);
// "Holm".
std::string AdjustmentWords(const std::string& adjustment);
std::string SeverityWords(const std::string& severity);

// "race and sex".
std::string GroupingWords(const std::vector<std::string>& by);
// "everyone", "sex=F, race=missing".
std::string AttributesWords(const AttributeValues& attributes);
// The level or "missing".
std::string LevelWords(const std::optional<std::string>& level);

// Of a label such as "False-negative rate (FNR)" or "AUPRC (average precision)"
// the longer and the shorter part: "False-negative rate" and "FNR". The whole
// label if it has no brackets.
std::string LongName(const AuditMetric& metric);
std::string ShortName(const AuditMetric& metric);
// The same by name; the name itself if the document does not know it.
std::string ShortName(const AuditDocument& document, const std::string& name);

// "at or above 0.412 (fpr=0.2)", or why there is no one number.
std::string ThresholdWords(const AuditThreshold& threshold);

// "Release, version 3 (policy.toml), owner Committee, approved 2026-05-04".
std::string PolicyWords(const AuditPolicy& policy);
// "Fixed beforehand by the policy ...; SHA-256 ...; 2 of the gates are its
// own."
std::string PolicySentence(const AuditPolicy& policy);

// 95 % for 0.95.
std::string LevelText(double level);

// The same text with a large or a small first letter (ASCII).
std::string UpperFirst(std::string text);
std::string LowerFirst(std::string text);

}  // namespace plumbline::report
