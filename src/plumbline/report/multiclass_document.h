// The key "multiclass" of audit.json as structs, and what is drawn from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_document.h"
#include "plumbline/report/plain_writer.h"
#include "plumbline/report/report_page.h"

namespace plumbline::report {

struct MulticlassGroupPart {
  std::string name;
  size_t attributes = 0;  // that define the group
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  std::vector<AuditEstimate> metrics;          // by MulticlassPart::metrics
  std::vector<AuditEstimate> recall;           // by class
  std::vector<std::vector<double>> confusion;  // label x decision, or empty
};

struct MulticlassPart {
  struct Class {
    std::string name;
    std::optional<int64_t> rows;
    std::optional<int64_t> subjects;
  };
  std::string name;
  std::string model;
  std::optional<int64_t> rows;
  bool hard = false;
  std::vector<Class> classes;
  std::vector<AuditMetric> metrics;
  std::vector<MulticlassGroupPart> groups;
  std::vector<AuditGap> gaps;

  // Position in `metrics`, or -1.
  int MetricIndex(const std::string& metric) const;
  // The metric's label; for "recall:CLASS" the class's.
  std::string MetricLabel(const std::string& metric) const;
};

// Empty if the audit has no multi-class model. Throws Error(kInvalidInput): see
// JsonPlace.
std::vector<MulticlassPart> ReadMulticlass(const Json& audit);

// A section a model: classes, averages by group, confusion matrices, gaps.
void WriteMulticlass(const std::vector<MulticlassPart>& models,
                     ReportPage* page);
// A few lines a model.
void WriteMulticlass(const std::vector<MulticlassPart>& models, double level,
                     int64_t minimum, PlainWriter* writer);

// Several models of one finding: each metric of everyone and of every
// one-attribute group. Nothing if no finding has several models.
void WriteModels(ReportPage* page);
void WriteModels(const AuditDocument& document, PlainWriter* writer);

}  // namespace plumbline::report
