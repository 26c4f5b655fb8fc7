#include "plumbline/face/audit/calibration.h"

#include <algorithm>
#include <cmath>

#include "plumbline/base/error.h"
#include "plumbline/face/audit/face_audit.h"
#include "plumbline/face/engine/score_evidence.h"
#include "plumbline/face/statistics/vertex_bootstrap.h"

namespace plumbline::face {
namespace {

// The comparisons that thresholds are fitted on.
struct Basis {
  SubjectGroups groups;
  ImpostorCounts counts;
  bool one_group = false;
  int group = 0;

  Within within() const {
    if (!one_group) return {};
    return {.groups = &groups, .group = static_cast<uint32_t>(group)};
  }
  ThresholdBasis threshold_basis() const {
    if (!one_group) return {};
    return {.counts = &counts, .groups = &groups, .group = group};
  }
};

std::vector<double> Replicates(const FaceInput& calibration,
                               const ImpostorEvidence& evidence,
                               const Basis& basis, const FmrThreshold& fitted,
                               const FaceAuditOptions& options) {
  if (options.replicates == 0 || !fitted.reachable) return {};
  const FmrThreshold lower = evidence.Threshold(
      basis.within(), RateWithSlack(fitted.target, fitted.comparisons));
  const double cut = std::min(fitted.value, lower.value);
  return BootstrapSubjects(basis.counts, basis.groups,
                           evidence.Hits(cut, basis.groups),
                           calibration.genuine,
                           {.replicates = options.replicates,
                            .seed = options.seed,
                            .threads = options.threads,
                            .target = fitted.target,
                            .processes = options.processes,
                            .purpose = "calibration bootstrap"},
                           basis.threshold_basis())
      .threshold;
}

}  // namespace

Calibrated Calibrate(const FaceInput& calibration, const FaceInput& audited,
                     const FaceAuditOptions& options) {
  if (calibration.impostor.size() == 0) {
    throw Error(ErrorCode::kInvalidInput,
                "the calibration set has no impostor comparison to set a "
                "threshold on");
  }
  const ScoreEvidence evidence(calibration.impostor, options.threads);
  Calibrated calibrated{
      .about = {.used = true,
                .subjects = calibration.subjects,
                .impostor_comparisons = calibration.impostor.size(),
                .shared_subjects = SubjectsInBoth(calibration, audited),
                .sources = calibration.sources},
      .source = "calibration",
      .fitted = {},
      .replicates = {}};
  Basis basis;
  int grouping = 0;
  if (!options.threshold_group.empty()) {
    const ThresholdGroup found =
        FindThresholdGroup(calibration, options.threshold_group);
    calibrated.source += ", " + found.name;
    basis.one_group = true;
    basis.group = found.place;
    grouping = found.grouping;
  }
  basis.groups = GroupsOf(calibration, grouping);
  basis.counts = evidence.Count(basis.groups);
  for (const OperatingPoint& at : options.at) {
    const bool given = std::isnan(at.target);
    calibrated.fitted.push_back(
        given ? FmrThreshold{} : evidence.Threshold(basis.within(), at.target));
    calibrated.replicates.push_back(
        given ? std::vector<double>{}
              : Replicates(calibration, evidence, basis,
                           calibrated.fitted.back(), options));
  }
  return calibrated;
}

}  // namespace plumbline::face
