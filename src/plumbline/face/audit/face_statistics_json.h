// Parts of face.json that are written apart from the rest.
#pragma once

#include "plumbline/face/audit/face_result.h"

namespace plumbline::face {

Json ShiftsJson(const FaceAuditResult& result, const FaceInput& input,
                const FaceAuditOptions& options);

Json IdentificationJson(const FaceAuditResult& result, const FaceInput& input,
                        const FaceAuditOptions& options);

Json CrossRatiosJson(const FaceAuditResult& result, const FaceInput& input,
                     const FaceAuditOptions& options);

}  // namespace plumbline::face
