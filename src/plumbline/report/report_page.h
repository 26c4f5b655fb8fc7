// The audit's page while it is written: the document, and how much detail still
// fits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "plumbline/report/audit_document.h"
#include "plumbline/report/html.h"
#include "plumbline/report/page_parts.h"
#include "plumbline/report/page_writer.h"

namespace plumbline::report {

// How many of each thing the page may hold. What is left out is counted on the
// page, with the file that has it.
struct ReportLimits {
  size_t targets = 60;          // with a section of their own
  size_t groups = 200;          // rows of a target's table of all metrics
  size_t gaps_in_sight = 10;    // rows of a target's table of gaps
  size_t gaps_folded = 150;     // rows of the table behind it
  size_t forests = 6;           // metrics drawn for a target
  size_t forest_rows = 40;      // groups in one drawing
  size_t heat_metrics = 2;      // metrics drawn for a pair of attributes
  size_t pairs = 10;            // pairs of attributes drawn for a target
  size_t curve_attributes = 6;  // attributes with curves for a target
  size_t levels = 60;           // rows for an attribute in the population table
  bool curve_tables = true;     // numbers behind calibration and net benefit

  // Takes half of everything away. False if there is nothing left to take.
  bool Shrink();
};

class ReportPage : public PageWriter {
 public:
  ReportPage(const AuditDocument& document, const ReportLimits& limits)
      : document(document), limits(limits) {}

  const AuditDocument& document;
  const ReportLimits limits;

  // What each target has: a section if there is one target, else a heading
  // within the target's section.
  void BeginPart(std::string_view title);
  void EndPart();

  bool OneTarget() const { return document.targets.size() == 1; }
};

// The sections, in the order of the page (report_*.cc). Those with a target
// write its part of it.
void WriteVerdict(ReportPage* page);
void WritePopulation(ReportPage* page);
void WriteWeights(ReportPage* page);
void WriteDataFlow(ReportPage* page);
void WriteOverall(ReportPage* page);
void WriteGroups(const AuditTarget& target, ReportPage* page);
void WriteIntersections(const AuditTarget& target, ReportPage* page);
void WriteSlices(const AuditTarget& target, ReportPage* page);
void WriteCalibration(const AuditTarget& target, ReportPage* page);
void WriteRocAndBenefit(const AuditTarget& target, ReportPage* page);
void WriteMissingGroups(const AuditTarget& target, ReportPage* page);
void WritePower(const AuditTarget& target, ReportPage* page);
void WriteLimitations(ReportPage* page);
void WriteMethods(ReportPage* page);
void WriteChecklist(ReportPage* page);
void WriteSignOff(ReportPage* page);

}  // namespace plumbline::report
