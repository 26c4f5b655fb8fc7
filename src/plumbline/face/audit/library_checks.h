// What an audit adds when a library made the scores: failures to enrol and to
// acquire, and whether the library behaves as its interface demands.
#pragma once

#include <vector>

#include "plumbline/face/audit/face_result.h"
#include "plumbline/face/library/library_scores.h"

namespace plumbline::face {

// FTE (enrolment templates that were not made) and FTA (verification templates)
// of every group, with intervals clustered by person, and the share of people
// none of whose pictures gave one.
//
// Source: ISO/IEC 19795-1 for the rates.
void AddEnrolment(const FaceInput& input,
                  const std::vector<uint32_t>& subject_of_row,
                  const LibraryRun& run, const FaceAuditOptions& options,
                  FaceAuditResult* result);

// What people meet who try once, at every threshold and for every group:
//   FAR = FMR (1 - FTA),               FRR = FTA + FNMR (1 - FTA),
//   GFAR = FAR (1 - FTE),              GFRR = FTE + (1 - FTE) FRR,
// with FMR and FNMR of comparisons that did not fail. FRR and GFRR are
// linearised over people, who bring their pictures and comparisons; intervals
// are symmetric on the logit scale. None under the failure policy "negative".
//
// Source: ISO/IEC 19795-1:2006, 8.3 (rates); Cochran 1977, sec. 6.3 (ratios).
void AddTransactions(const FaceInput& input,
                     const std::vector<uint32_t>& subject_of_row,
                     const LibraryRun& run, FailurePolicy failures,
                     double level, FaceAuditResult* result);

// Findings PF501 to PF504, limitations PF505 and PF506.
//
// Source: the checks of NIST's submission package (no negative score with
// success, at least half of the scores different).
void AddLibraryChecks(const LibraryRun& run, FaceAuditResult* result);

}  // namespace plumbline::face
