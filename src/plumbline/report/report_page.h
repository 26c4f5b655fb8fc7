// The page while it is written: its text so far, names for figures, how much
// detail still fits.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plumbline/report/audit_document.h"
#include "plumbline/report/html.h"

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

class ReportPage {
 public:
  ReportPage(const AuditDocument& document, const ReportLimits& limits)
      : document(document), limits(limits) {}

  const AuditDocument& document;
  const ReportLimits limits;
  std::string html;

  // A numbered section with an entry in the list of contents.
  void BeginSection(std::string_view title_html, const char* css_class = "");
  void EndSection() { html += "</section>\n"; }

  // A section that can be folded away.
  void BeginFoldedSection(std::string_view title_html, bool open);
  void EndFoldedSection() { html += "</details></section>\n"; }

  // The same for what each target has: a section if there is one target, else
  // a heading within the target's section.
  void BeginPart(std::string_view title);
  void EndPart();

  // "f7", unique in the page.
  std::string NextId() { return "f" + std::to_string(++last_id_); }

  void Paragraph(std::string_view html_text) {
    html += "<p>";
    html += html_text;
    html += "</p>\n";
  }
  void Note(std::string_view html_text) {
    html += "<p class=\"note\">";
    html += html_text;
    html += "</p>\n";
  }
  // <figure> of this kind ("forest", "heat", "curve") with the drawing and a
  // caption (HTML); close with EndFigure, after the data table if any.
  void BeginFigure(const char* kind, std::string_view svg,
                   std::string_view caption);
  void EndFigure() { html += "</figure>\n"; }

  // Anchors and titles of the sections so far.
  struct Entry {
    std::string id;
    std::string title;
  };
  const std::vector<Entry>& contents() const { return contents_; }

  bool OneTarget() const { return document.targets.size() == 1; }

 private:
  std::string NextSection(std::string_view title_html);

  std::vector<Entry> contents_;
  int last_id_ = 0;
};

// The sections, in the order of the page (report_*.cc). Those with a target
// write its part of it.
void WriteVerdict(ReportPage* page);
void WritePopulation(ReportPage* page);
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

// "<span …>▲</span> gap shown" and its class for an outcome.
std::string OutcomeMark(GapOutcome outcome);
const char* OutcomeClass(GapOutcome outcome);

}  // namespace plumbline::report
