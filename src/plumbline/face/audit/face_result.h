// What a face audit finds. Numbers only; docs/face-json.md says how they are
// written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/face/audit/face_options.h"
#include "plumbline/face/engine/det.h"
#include "plumbline/face/engine/thresholds.h"
#include "plumbline/face/input/score_input.h"
#include "plumbline/face/statistics/group_tests.h"
#include "plumbline/face/statistics/rates.h"
#include "plumbline/face/statistics/score_shift.h"

namespace plumbline::face {

// The two error rates: kFmr of impostor, kFnmr of genuine comparisons.
enum class ErrorRate { kFmr, kFnmr };
const char* NameOf(ErrorRate error);  // "fmr", "fnmr"

struct FaceThreshold {
  OperatingPoint at;
  // "pooled", "given", "calibration", or the group's name (after
  // "calibration, " if both).
  std::string source;
  FmrThreshold fitted;  // for a given one: what it achieves; target NaN
};

// A rate, or why there is none.
struct FaceRate {
  RateEstimate rate;
  const char* reason = nullptr;  // below_minimum, no_comparisons
};

// Indices: threshold into FaceAuditResult::thresholds, group into
// GroupIndex::groups, grouping into GroupIndex::groupings.
struct FaceGroup {
  int threshold = 0;
  int group = 0;
  FaceRate fmr;  // within the group
  FaceRate fnmr;
  double own_threshold = 0;  // that gives this group the target; NaN: none
  // Of the target rate: proven_out, proven_in, unresolved; null without one.
  const char* specification = nullptr;
};

struct FaceCell {
  int threshold = 0;
  int grouping = 0;
  int reference = 0;  // group
  int probe = 0;
  FaceRate fmr;
};

// Which pairs of people are compared: any, or those alike in some attributes.
struct FaceDesign {
  int threshold = 0;
  std::string design;                   // any, same_sex, same_sex_race
  std::vector<std::string> attributes;  // that both people share
  FaceRate fmr;
};

struct FaceDisparity {
  int threshold = 0;
  int grouping = 0;
  const char* error = "fmr";  // fmr, fnmr, both
  const char* measure = "";
  const char* label = "";
  const char* summary = "";
  const char* source = "";
  double neutral = 0;
  double value = 0;  // NaN: not defined, see reason
  double lo = 0;
  double hi = 0;
  const char* method = "none";   // vertex_bootstrap, bound
  const char* reason = nullptr;  // zero_rate, below_minimum, not_requested
  int worst = -1;                // group with the highest rate
  int best = -1;
};

struct FaceRatio {
  int threshold = 0;
  int grouping = 0;
  ErrorRate error = ErrorRate::kFmr;
  int group = 0;
  int reference = 0;
  RatioEstimate ratio;
  double p_adjusted = 0;
  EquivalenceTest equivalence;
  const char* outcome = "insufficient";  // shown, none_above_limit
  int64_t n = 0;                         // comparisons of both groups
  int64_t subjects = 0;                  // of both groups
};

// The false-match rate of a cell between groups over another cell, with which
// it shares people.
struct FaceCrossRatio {
  int threshold = 0;
  int grouping = 0;
  // over_within: the other is within one of its groups; asymmetry: the other
  // has the roles exchanged.
  const char* kind = "over_within";
  int reference = 0;  // groups of the cell
  int probe = 0;
  int over_reference = 0;  // groups of the other
  int over_probe = 0;
  RatioEstimate ratio;
  double correlation = 0;  // of the two rates
  double p_adjusted = 0;
  int64_t n = 0;  // comparisons of both cells
};

struct FaceOmnibus {
  int threshold = 0;
  int grouping = 0;
  ErrorRate error = ErrorRate::kFmr;
  OmnibusTest test;
  const char* method = "";       // centred_vertex_bootstrap, label_permutation
  const char* reason = nullptr;  // not_requested, not_all_compared,
                                 // fewer_than_two_groups
};

struct FaceDet {
  int group = 0;
  DetCurve curve;
  std::vector<DetPoint> marks;  // one a threshold
  ScoreSummary impostor;
  ScoreSummary genuine;
};

// Scores of a group against those of everyone or of the reference.
struct FaceShift {
  int grouping = 0;
  int group = 0;
  int reference = 0;              // group; 0: everyone
  const char* kind = "impostor";  // impostor, genuine
  ScoreShift shift;
  double p_adjusted = 0;
  const char* reason = nullptr;  // below_minimum, no_comparisons, not_known
};

// One-to-many searches by the people of a group.
struct FaceIdentification {
  int threshold = 0;
  int grouping = 0;
  int group = 0;
  GroupIdentification searches;
};

// The false-match rate within a group without its k most alike pairs of people.
struct FaceLabelNoise {
  int threshold = 0;
  int group = 0;
  int removed = 0;
  double fmr = 0;
};

struct FaceNeed {
  int threshold = 0;
  int group = 0;
  double design_effect = 0;
  double smallest_ratio = 0;
  double errors_for_30_percent = 0;
  double errors_for_10_percent = 0;
  int64_t errors_seen = 0;
};

// Pictures that gave no template: for enrolment (FTE), for verification (FTA);
// and people none of whose pictures can be enrolled. With a library alone.
struct FaceEnrolment {
  int group = 0;
  FaceRate fte;
  FaceRate fta;
  FaceRate people;
};

// False accept and false reject rates of one attempt, and generalised: of
// people who first have to be enrolled.
struct FaceTransaction {
  int threshold = 0;
  int group = 0;
  FaceRate far;
  FaceRate frr;
  FaceRate gfar;
  FaceRate gfrr;
};

enum class GateAnswer { kMet, kFailed, kCannotTell };

struct FaceGate {
  std::string text;
  GateAnswer answer = GateAnswer::kCannotTell;
  std::string sentence;
};

struct FaceFinding {
  const char* code = "";
  const char* severity = "info";  // high, medium, low, info
  std::string sentence;
  std::string action;
  double value = 0;
  double lo = 0;
  double hi = 0;
  int64_t n = 0;
  int64_t subjects = 0;
};

struct FaceLimitation {
  const char* code = "";
  std::string text;
};

// The separate set that thresholds were fitted on.
struct FaceCalibration {
  bool used = false;
  int64_t subjects = 0;
  int64_t impostor_comparisons = 0;
  int64_t shared_subjects = 0;  // people who are audited too
  std::vector<TableSource> sources;
};

struct FaceAuditResult {
  FaceCalibration calibration;
  int64_t impostor_comparisons = 0;
  std::vector<FaceThreshold> thresholds;
  std::vector<FaceGroup> groups;
  std::vector<FaceCell> cells;
  std::vector<FaceDesign> designs;
  std::vector<FaceDisparity> disparities;
  std::vector<FaceRatio> ratios;
  std::vector<FaceCrossRatio> cross_ratios;
  std::vector<FaceOmnibus> omnibus;
  std::vector<FaceDet> det;
  std::vector<FaceShift> shifts;
  std::vector<FaceIdentification> identification;
  std::vector<FaceLabelNoise> label_noise;
  std::vector<FaceNeed> needs;
  std::vector<FaceEnrolment> enrolment;
  std::vector<FaceTransaction> transactions;
  std::vector<FaceGate> gates;
  std::vector<FaceFinding> findings;
  std::vector<FaceLimitation> limitations;
};

// Without the head of the document (title, files), which the caller adds.
Json ToJson(const FaceAuditResult& result, const FaceInput& input,
            const FaceInputColumns& columns, const FaceAuditOptions& options);

}  // namespace plumbline::face
