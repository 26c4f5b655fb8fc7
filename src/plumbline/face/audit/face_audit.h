// The audit of a face-recognition system: its errors in every group.
#pragma once

#include "plumbline/face/audit/face_options.h"
#include "plumbline/face/audit/face_result.h"
#include "plumbline/face/engine/impostor_evidence.h"
#include "plumbline/face/input/score_input.h"

namespace plumbline::face {

// The group whose comparisons set the threshold: its grouping and place there.
struct ThresholdGroup {
  int grouping = 0;
  int place = 0;
  std::string name;
};

// Throws Error(kUsage) if there is no group of this name.
ThresholdGroup FindThresholdGroup(const FaceInput& input,
                                  const std::string& name);

// The share of impostor comparisons that an audit looks at one by one, when its
// threshold is to accept `target` of so many: more, for the replicates.
double RateWithSlack(double target, int64_t comparisons);

// Thresholds, rates of every group and of every pair of groups, disparity
// measures with intervals from a bootstrap over people, tests, DET curves,
// findings and limitations.
//
// Throws Error(kInvalidInput) if there are no impostor comparisons, or
// Error(kUsage) for a threshold group, reference or gate that does not exist.
FaceAuditResult AuditFaces(const FaceInput& input,
                           const FaceAuditOptions& options);

// The same with thresholds for `fmr=F` set on the impostor comparisons of
// another set of people. Replicates draw from both sets.
// Throws also Error(kInvalidInput) if the calibration set has none.
FaceAuditResult AuditFaces(const FaceInput& input, const FaceInput& calibration,
                           const FaceAuditOptions& options);

// The same of impostor comparisons that are not in the input.
FaceAuditResult AuditFaces(const FaceInput& input,
                           const ImpostorEvidence& evidence,
                           const FaceAuditOptions& options);

}  // namespace plumbline::face
