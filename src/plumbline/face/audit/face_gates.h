// Limits that a face audit must meet.
#pragma once

#include "plumbline/face/audit/face_result.h"

namespace plumbline::face {

// `fnmr gap by sex <= 0.01`, `fmr ratio by sex <= 3`, `fmr worst by race <=
// 0.001`, at every threshold. Met if the whole interval meets the limit, failed
// if all of it violates it, else it cannot be told.
void AddGates(const FaceInput& input, const FaceAuditOptions& options,
              FaceAuditResult* result);

}  // namespace plumbline::face
