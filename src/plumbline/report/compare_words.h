// The plain words for what the JSON of a comparison says in codes, and the
// order in which its parts are shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/compare_document.h"
#include "plumbline/report/number_text.h"

namespace plumbline::report {

// How a difference of this metric is written.
NumberKind KindOfDifference(const AuditMetric& metric);

// "+3.1 pp (1.2 to 5.0)", or why there is none.
std::string DifferenceText(const CompareDifference& difference, NumberKind kind,
                           int64_t minimum);

// "+3.1 pp": with its sign.
std::string SignedText(std::optional<double> value, NumberKind kind);

// "worse, inferior", "non-inferior", "better, non-inferior", "cannot tell", and
// "worse, margin open" where worse is shown and whether by more than the margin
// cannot be told.
std::string VerdictWords(const CompareDifference& difference);

// "widened", "no change above the margin", "cannot tell".
std::string GapOutcomeWords(const std::string& outcome);

// "FNR, largest gap by sex", "FNR of sex=M against sex=F".
std::string GapWords(const CompareDocument& document, const CompareGap& gap);

// How a reader should see a difference or a gap: kShown for harm, kCannotTell,
// kNoneAboveMargin for what is within the margin or better.
GapOutcome OutcomeOf(const CompareDifference& difference);
GapOutcome OutcomeOf(const CompareGap& gap);

// A group and a metric of it.
struct CompareLine {
  const CompareGroup* group;
  int metric;
};

// Inferior first, then worse, cannot tell, better, the rest; larger harm first.
// `everyone`: the lines of everyone together, else of all other groups.
std::vector<CompareLine> LinesWorstFirst(const CompareDocument& document,
                                         const CompareTarget& target,
                                         bool everyone);

// Changed gaps first, widened before narrowed.
std::vector<const CompareGap*> GapsWorstFirst(const CompareTarget& target);

// The short part of a metric's label.
std::string ShortNameOf(const CompareDocument& document,
                        const std::string& metric);

}  // namespace plumbline::report
