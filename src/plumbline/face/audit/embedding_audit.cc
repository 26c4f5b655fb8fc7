#include "plumbline/face/audit/embedding_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/face/embeddings/embedding_evidence.h"

namespace plumbline::face {

FaceAuditResult AuditEmbeddings(const EmbeddingSet& set, FaceInput* input,
                                const FaceAuditOptions& options) {
  SubjectGroups basis_groups;
  EmbeddingEvidenceOptions wanted{
      .most_accepted = 0,
      .lowest_threshold = std::numeric_limits<double>::infinity(),
      .seed = options.seed,
      .threads = options.threads,
      .processes = options.processes};
  if (!options.threshold_group.empty()) {
    const ThresholdGroup found =
        FindThresholdGroup(*input, options.threshold_group);
    basis_groups = GroupsOf(*input, found.grouping);
    wanted.basis = {.groups = &basis_groups,
                    .group = static_cast<uint32_t>(found.place)};
  }
  const int64_t pairs = set.rows * (set.rows - 1) / 2;
  for (const OperatingPoint& at : options.at) {
    if (std::isnan(at.target)) {
      wanted.lowest_threshold = std::min(wanted.lowest_threshold, at.value);
    } else {
      wanted.most_accepted =
          std::max(wanted.most_accepted, options.replicates == 0
                                             ? at.target
                                             : RateWithSlack(at.target, pairs));
    }
  }
  const EmbeddingEvidence evidence(set, input->subjects, wanted);
  input->genuine = evidence.Genuine();
  if (input->genuine.size() == 0) {
    throw Error(ErrorCode::kInvalidInput,
                "nobody has two images, so there is no genuine comparison and "
                "no false non-match rate to audit");
  }
  FaceAuditResult result = AuditFaces(*input, evidence, options);
  result.limitations.push_back(
      {"PF405", fmt::format("Only comparisons with a score of {:.6g} or more "
                            "were kept one by one: thresholds below it are "
                            "not known. Curves below it, equal-error rates "
                            "and means of impostor scores rest on 200,000 "
                            "pairs of each group drawn at random.",
                            evidence.cut())});
  return result;
}

}  // namespace plumbline::face
