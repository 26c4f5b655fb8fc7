// How numbers are written for people: one place, so that the terminal and the
// page agree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "plumbline/report/audit_document.h"

namespace plumbline::report {

enum class NumberKind {
  kPercent,    // 0.31 is "31.0 %"
  kPoints,     // 0.31 is "31.0 pp": a difference of two percentages
  kDecimal,    // "0.310"
  kRatio,      // "1.31"
  kStatistic,  // "15.2"
};

// How a metric is written: those with unit "rate" as per cent, ratios with two
// decimals, the rest with three. Without a unit the name decides.
NumberKind KindOfMetric(const std::string& name, const std::string& unit);

// How a gap is written, from its measure and the kind of its metric.
NumberKind KindOfGap(const std::string& measure, const std::string& metric,
                     const std::string& unit);

std::string NumberText(double value, NumberKind kind);
// "28.1 to 34.0": without the unit, which the value has.
std::string RangeText(double lo, double hi, NumberKind kind);

// "31.0 % (28.1 to 34.0)", "33.3 % (too few: 6 of 10 needed)",
// "0.019 (no interval)", "only one class".
std::string EstimateText(const AuditEstimate& estimate, NumberKind kind,
                         int64_t minimum);
// Value and interval of a gap, or the reason why there is none.
std::string GapText(const AuditGap& gap, NumberKind kind);

// The reason of an estimate in words; `n` and `minimum` for too few.
std::string ReasonText(const std::string& reason, std::optional<int64_t> n,
                       int64_t minimum);

// "<0.001", "0.004", "0.20"; "-" if absent.
std::string ProbabilityText(std::optional<double> p);
// "13,017"; "-" if absent (not counted, or hidden).
std::string CountText(std::optional<int64_t> count);
// NumberText or "-".
std::string OptionalText(std::optional<double> value, NumberKind kind);

}  // namespace plumbline::report
