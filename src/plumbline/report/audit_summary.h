// What to show first: the order and the counts that the terminal and the page
// share. Nothing here is a new statistic.
#pragma once

#include <string>
#include <vector>

#include "plumbline/report/audit_document.h"

namespace plumbline::report {

// Positions of the document's metrics, most telling first: misses, false
// alarms, discrimination, predictive value, calibration, the rest.
std::vector<int> MetricsByImportance(const AuditDocument& document);

// The first `most` of them that have a value and a better direction.
std::vector<int> KeyMetrics(const AuditDocument& document, int most);

// How bad an estimate certainly is: the end of its interval that is nearer to
// the good side, turned so that larger is worse. Groups are ranked by it, so
// that a small group does not lead by chance. Estimates without an interval
// give minus infinity.
double CertainBadness(const AuditEstimate& estimate, MetricDirection direction);

// Groups with a known level of every attribute and an interval, worst first,
// without everyone.
std::vector<const AuditGroup*> WorstGroups(const AuditDocument& document,
                                           const AuditTarget& target,
                                           int metric, size_t most);

// nullptr if the target has no groups.
const AuditGroup* Everyone(const AuditTarget& target);

// True for a metric that says again what another one in the document says
// (sensitivity beside the FNR) or nothing about the model (prevalence).
bool IsRepeat(const AuditDocument& document, const std::string& metric);

// The comparisons that the verdict counts: highest minus lowest group of each
// metric and grouping, without repeats, or, if there are none, every gap that
// was tested. Shown first, then those that cannot be told, then those within
// the margin; within these the most telling metrics first.
std::vector<const AuditGap*> HeadlineGaps(const AuditDocument& document,
                                          const AuditTarget& target);

// The rest: differences to the reference, named measures, indices.
std::vector<const AuditGap*> OtherGaps(const AuditDocument& document,
                                       const AuditTarget& target);

struct OutcomeCounts {
  int shown = 0;
  int none_above_margin = 0;
  int cannot_tell = 0;
  int total() const { return shown + none_above_margin + cannot_tell; }
};
OutcomeCounts CountOutcomes(const std::vector<const AuditGap*>& gaps);
OutcomeCounts CountOutcomes(const AuditDocument& document);

// Positions of the targets: those that a finding of high severity names, in the
// order of the findings, then by gaps shown, then by what cannot be told.
std::vector<int> TargetsWorstFirst(const AuditDocument& document);

// The limitations, with at most `most_of_a_kind` of each code and then the
// number of the others: fourteen targets need not say the same fourteen times.
std::vector<std::string> LimitationLines(const AuditDocument& document,
                                         size_t most_of_a_kind);

// The findings as they are shown: what to do only at the last of several that
// say the same.
std::vector<AuditFinding> FindingsToShow(const AuditDocument& document,
                                         size_t most);
std::vector<AuditFinding> FindingsToShow(const std::vector<AuditFinding>& all,
                                         size_t most);

// One sentence or two: the first finding and the count of the outcomes.
std::string VerdictSentence(const AuditDocument& document);
std::string CountSentence(const AuditDocument& document);

}  // namespace plumbline::report
