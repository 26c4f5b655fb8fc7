// compare.json (docs/compare.md, schema plumbline.compare/1) as structs, so
// that whatever is drawn from it is checked once, here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plumbline/report/audit_document.h"

namespace plumbline::report {

struct CompareDifference {
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::optional<double> p_adjusted;
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  std::optional<double> margin;
  std::optional<double> smallest_detectable;
  std::optional<double> subjects_needed;
  std::string direction;        // better, worse, same, ""
  std::string outcome;          // shown, none_above_margin, insufficient
  std::string non_inferiority;  // non_inferior, inferior, cannot_tell, ""
  std::string method;
  std::string reason;

  bool IsShown() const { return outcome == "shown"; }
};

struct CompareMetric {
  std::array<AuditEstimate, 2> models;
  CompareDifference difference;
};

struct CompareGroup {
  std::string name;
  std::vector<std::string> grouping;
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  std::vector<CompareMetric> metrics;  // by CompareDocument::metrics
};

struct CompareGap {
  std::vector<std::string> by;
  std::string metric;
  std::string measure;
  AttributeValues group;
  AttributeValues reference;
  std::array<std::optional<double>, 2> models;
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
  std::optional<double> p_adjusted;
  std::optional<double> bias;
  std::string outcome;
  std::string method;
  std::string reason;
};

struct CompareTarget {
  std::string name;
  std::optional<int64_t> rows;
  std::optional<int64_t> positives;
  std::array<AuditThreshold, 2> thresholds;
  std::vector<CompareGroup> groups;
  std::vector<CompareGap> gaps;
};

struct CompareDocument {
  std::string version;
  std::string title;
  std::array<std::string, 2> names;  // baseline, challenger
  std::string verdict;
  AuditInput input;
  AuditOptionsUsed options;
  std::vector<std::string> margins;  // as given
  std::vector<AuditMetric> metrics;
  std::vector<CompareTarget> targets;
  std::vector<AuditGate> gates;
  std::vector<AuditFinding> findings;
  std::vector<AuditLimitation> limitations;
  AuditPolicy policy;

  // Position in `metrics`, or -1.
  int MetricIndex(const std::string& name) const;
};

// All text in the result is cleaned (utf8.h). Throws Error(kInvalidInput): see
// JsonPlace.
CompareDocument ReadCompareDocument(const nlohmann::ordered_json& comparison);

}  // namespace plumbline::report
