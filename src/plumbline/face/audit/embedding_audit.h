// The audit of all pairs of a set of embeddings.
#pragma once

#include "plumbline/face/audit/face_audit.h"
#include "plumbline/face/embeddings/embedding_set.h"

namespace plumbline::face {

// Compares all images with one another, fills input->genuine, and audits. Only
// comparisons well below the lowest threshold are kept one by one: the own
// thresholds of groups whose scores are lower are not known then; curves below
// and equal-error rates rest on a sample. result.limitations says so.
//
// Throws as AuditFaces, Error(kOutOfResources) if too many comparisons would
// have to be kept, Error(kInvalidInput) if nobody has two images.
FaceAuditResult AuditEmbeddings(const EmbeddingSet& set, FaceInput* input,
                                const FaceAuditOptions& options);

}  // namespace plumbline::face
