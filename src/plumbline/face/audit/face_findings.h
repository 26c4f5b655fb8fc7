// What a face audit says in words: findings and limitations.
#pragma once

#include "plumbline/face/audit/face_result.h"

namespace plumbline::face {

// Fills findings (most severe first) and limitations from the numbers that are
// already in the result.
void AddFindings(const FaceInput& input, const FaceAuditOptions& options,
                 FaceAuditResult* result);

}  // namespace plumbline::face
