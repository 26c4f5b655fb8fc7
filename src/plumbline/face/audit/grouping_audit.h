// The part of a face audit that is made once for each grouping and threshold.
#pragma once

#include <vector>

#include "plumbline/face/audit/face_result.h"
#include "plumbline/face/engine/impostor_evidence.h"
#include "plumbline/face/statistics/vertex_bootstrap.h"

namespace plumbline::face {

// What all groupings share.
struct AuditContext {
  const FaceInput& input;
  const ImpostorEvidence& evidence;
  const FaceAuditOptions& options;
  double cut = 0;        // well below all thresholds
  ThresholdBasis basis;  // of fitted thresholds
  // For each threshold that was fitted on a calibration set: those of its
  // replicates. Else empty.
  std::vector<std::vector<double>> calibrated;
};

// One grouping: its groups, and the comparisons between them.
struct GroupingData {
  int grouping = 0;
  SubjectGroups groups;
  ImpostorCounts counts;
  std::vector<int64_t> subjects;  // of each group
  std::vector<Hit> hits;          // down to the cut
};

// Appends everything about one grouping at one threshold.
void AuditGrouping(const AuditContext& context, const GroupingData& data,
                   int threshold, FaceAuditResult* result);

// The hits at or above a threshold; they are sorted by score.
std::span<const Hit> AtOrAbove(std::span<const Hit> hits, double threshold);

// The rate, or why there is none: numbers of few people tell about these
// people, so none are kept.
FaceRate Guarded(const RateEstimate& rate, int64_t fewest_subjects,
                 const FaceAuditOptions& options);

// pairing_designs.cc: names of the attributes of a grouping.
std::vector<std::string> AttributesOf(const FaceInput& input, int grouping);

// The false-match rate of all pairs (no attributes), or of those alike in the
// attributes of a grouping.
void AddDesign(const AuditContext& context,
               const std::vector<std::string>& attributes, int threshold,
               const FalseMatchRates& rates, FaceAuditResult* result);

// Pairs of people alike in all attributes, where no grouping has so many.
// Empty otherwise.
struct AllAlike {
  std::vector<std::string> attributes;
  GroupingData data;
};
AllAlike MakeAllAlike(const AuditContext& context);
void AddAllAlike(const AuditContext& context, const AllAlike& all_alike,
                 int threshold, FaceAuditResult* result);

// The global number of a group of a grouping.
inline int GroupId(const FaceInput& input, const GroupingData& data, int g) {
  return input.groups.groupings[data.grouping].first_group + g;
}

// score_shifts.cc: scores of each group against those of everyone (impostors:
// within any group, so that like is compared with like), and of the reference
// where one was chosen; for groupings of one attribute.
void AddShifts(const AuditContext& context,
               const std::vector<GroupingData>& all, FaceAuditResult* result);

// identification_audit.cc: one-to-many searches, where options ask for them.
void AddIdentification(const AuditContext& context, const GroupingData& data,
                       int threshold, FaceAuditResult* result);

// label_permutations.cc: tests of equal rates by permutation of people's
// groups, where options ask for them.
void AddPermutations(const AuditContext& context, const GroupingData& data,
                     int threshold, const std::vector<FaceRate>& fmr,
                     const std::vector<FaceRate>& fnmr,
                     FaceAuditResult* result);

// cross_ratios.cc: cells between groups over those within, and the two cells of
// a pair of groups over one another.
void AddCrossRatios(const AuditContext& context, const GroupingData& data,
                    int threshold, const FalseMatchRates& rates,
                    FaceAuditResult* result);

// group_disparities.cc: disparity measures of one grouping.
void AddDisparities(const AuditContext& context, const GroupingData& data,
                    int threshold, const std::vector<FaceRate>& fmr,
                    const std::vector<FaceRate>& fnmr,
                    const VertexReplicates& replicates,
                    FaceAuditResult* result);

// group_ratios.cc: the group with the level that the user chose for each
// attribute of the grouping; -1 if a level was not chosen for each.
int ChosenReference(const AuditContext& context, const GroupingData& data);

// The same file: every group against the reference, and all against all
// for the correction.
void AddRatios(const AuditContext& context, const GroupingData& data,
               int threshold, ErrorRate error,
               const std::vector<FaceRate>& rates, FaceAuditResult* result);

}  // namespace plumbline::face
