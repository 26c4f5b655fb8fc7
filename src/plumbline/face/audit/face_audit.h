// The audit of a face-recognition system: its errors in every group.
#pragma once

#include "plumbline/face/audit/face_options.h"
#include "plumbline/face/audit/face_result.h"
#include "plumbline/face/input/score_input.h"

namespace plumbline::face {

// Thresholds, rates of every group and of every pair of groups, disparity
// measures with intervals from a bootstrap over people, tests, DET curves,
// findings and limitations.
//
// Throws Error(kInvalidInput) if there are no impostor comparisons, or
// Error(kUsage) for a threshold group, reference or gate that does not exist.
FaceAuditResult AuditFaces(const FaceInput& input,
                           const FaceAuditOptions& options);

}  // namespace plumbline::face
