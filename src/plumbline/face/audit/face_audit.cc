#include "plumbline/face/audit/face_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/audit/calibration.h"
#include "plumbline/face/audit/face_findings.h"
#include "plumbline/face/audit/face_gates.h"
#include "plumbline/face/audit/group_weights.h"
#include "plumbline/face/audit/grouping_audit.h"
#include "plumbline/face/engine/score_evidence.h"

namespace plumbline::face {
namespace {

constexpr int kDetPoints = 120;

void SetThresholds(const ImpostorEvidence& evidence, const Within& basis,
                   const std::string& source, const FaceAuditOptions& options,
                   const Calibrated* calibrated, FaceAuditResult* result) {
  for (size_t t = 0; t < options.at.size(); ++t) {
    const OperatingPoint& at = options.at[t];
    const bool given = std::isnan(at.target);
    result->thresholds.push_back(
        {.at = at,
         .source = given ? "given" : source,
         .fitted = given        ? evidence.At(at.value)
                   : calibrated ? calibrated->fitted[t]
                                : evidence.Threshold(basis, at.target)});
  }
}

// Low enough for all thresholds and their replicates.
double CutFor(const ImpostorEvidence& evidence, const Within& basis,
              const FaceAuditOptions& options, const Calibrated* calibrated,
              const FaceAuditResult& result) {
  double cut = std::numeric_limits<double>::infinity();
  for (size_t t = 0; t < result.thresholds.size(); ++t) {
    const FmrThreshold& fitted = result.thresholds[t].fitted;
    if (!fitted.reachable) continue;
    cut = std::min(cut, fitted.value);
    const double target = result.thresholds[t].at.target;
    if (std::isnan(target) || options.replicates == 0) continue;
    if (calibrated != nullptr) {
      for (const double value : calibrated->replicates[t]) {
        cut = std::min(cut, value);
      }
      continue;
    }
    const FmrThreshold lower =
        evidence.Threshold(basis, RateWithSlack(target, fitted.comparisons));
    if (lower.reachable) cut = std::min(cut, lower.value);
  }
  return cut;
}

FaceDet MakeCurve(const FaceInput& input, const ImpostorEvidence& evidence,
                  const GroupingData& data, int g,
                  const std::vector<FaceThreshold>& thresholds,
                  const std::vector<FaceGroup>& groups) {
  const auto group = static_cast<uint32_t>(g);
  std::vector<double> genuine;
  for (int64_t i = 0; i < input.genuine.size(); ++i) {
    if (data.groups.of_subject[input.genuine.subject[i]] == group) {
      genuine.push_back(input.genuine.score[i]);
    }
  }
  FaceDet det{.group = GroupId(input, data, g),
              .curve = {},
              .marks = {},
              .impostor = {},
              .genuine = Summarise(genuine)};
  det.curve = evidence.Curve({.groups = &data.groups, .group = group}, genuine,
                             kDetPoints, &det.impostor);
  for (size_t t = 0; t < thresholds.size(); ++t) {
    for (const FaceGroup& entry : groups) {
      if (entry.threshold == static_cast<int>(t) && entry.group == det.group) {
        det.marks.push_back({thresholds[t].fitted.value, entry.fmr.rate.value,
                             entry.fnmr.rate.value});
      }
    }
  }
  return det;
}

void AddCurves(const FaceInput& input, const ImpostorEvidence& evidence,
               const std::vector<GroupingData>& all,
               const FaceAuditOptions& options, FaceAuditResult* result) {
  std::vector<std::pair<const GroupingData*, int>> work;
  for (const GroupingData& data : all) {
    if (input.groups.groupings[data.grouping].attributes.size() > 1) continue;
    for (int g = 0; g < data.groups.groups; ++g) {
      if (data.subjects[g] >= options.minimum_subjects) {
        work.emplace_back(&data, g);
      }
    }
  }
  result->det.resize(work.size());
  ParallelFor(static_cast<int64_t>(work.size()), options.threads,
              [&](int64_t i) {
                result->det[i] =
                    MakeCurve(input, evidence, *work[i].first, work[i].second,
                              result->thresholds, result->groups);
              });
}

GroupingData MakeGrouping(const FaceInput& input,
                          const ImpostorEvidence& evidence, int grouping) {
  GroupingData data{.grouping = grouping,
                    .groups = GroupsOf(input, grouping),
                    .counts = {},
                    .subjects = {},
                    .hits = {}};
  data.counts = evidence.Count(data.groups);
  data.subjects.resize(data.groups.groups);
  for (const uint32_t g : data.groups.of_subject) ++data.subjects[g];
  return data;
}

FaceAuditResult Audit(const FaceInput& input, const ImpostorEvidence& evidence,
                      const FaceAuditOptions& options,
                      const Calibrated* calibrated) {
  CheckGroupWeights(input, options);
  FaceAuditResult result;
  result.impostor_comparisons = evidence.comparisons();
  std::vector<GroupingData> all;
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    all.push_back(MakeGrouping(input, evidence, static_cast<int>(k)));
    StopIfInterrupted();
  }
  AuditContext context{.input = input,
                       .evidence = evidence,
                       .options = options,
                       .cut = 0,
                       .basis = {},
                       .calibrated = {}};
  Within basis;
  std::string source = "pooled";
  if (calibrated != nullptr) {
    source = calibrated->source;
    result.calibration = calibrated->about;
    context.calibrated = calibrated->replicates;
  } else if (!options.threshold_group.empty()) {
    const ThresholdGroup found =
        FindThresholdGroup(input, options.threshold_group);
    const GroupingData& data = all[found.grouping];
    basis = {.groups = &data.groups,
             .group = static_cast<uint32_t>(found.place)};
    source = found.name;
    context.basis = {
        .counts = &data.counts, .groups = &data.groups, .group = found.place};
  }
  SetThresholds(evidence, basis, source, options, calibrated, &result);
  context.cut = CutFor(evidence, basis, options, calibrated, result);
  for (GroupingData& data : all) {
    data.hits = evidence.Hits(context.cut, data.groups);
  }
  const AllAlike all_alike = MakeAllAlike(context);
  for (size_t t = 0; t < result.thresholds.size(); ++t) {
    for (const GroupingData& data : all) {
      StopIfInterrupted();
      AuditGrouping(context, data, static_cast<int>(t), &result);
    }
    AddAllAlike(context, all_alike, static_cast<int>(t), &result);
  }
  AddCurves(input, evidence, all, options, &result);
  AddShifts(context, all, &result);
  AddGates(input, options, &result);
  AddFindings(input, options, &result);
  return result;
}

void RequireImpostors(const FaceInput& input) {
  if (input.impostor.size() > 0) return;
  throw Error(ErrorCode::kInvalidInput,
              "there is no impostor comparison (of two different people); "
              "false matches cannot be counted without");
}

}  // namespace

const char* NameOf(ErrorRate error) {
  return error == ErrorRate::kFmr ? "fmr" : "fnmr";
}

ThresholdGroup FindThresholdGroup(const FaceInput& input,
                                  const std::string& name) {
  std::vector<std::string> names;
  for (size_t g = 0; g < input.groups.groups.size(); ++g) {
    const int grouping = input.groups.groups[g].grouping;
    if (input.groups.Name(static_cast<int>(g)) == name) {
      return {
          grouping,
          static_cast<int>(g) - input.groups.groupings[grouping].first_group,
          name};
    }
    names.push_back(input.groups.Name(static_cast<int>(g)));
  }
  const std::string nearest = DidYouMean(name, names);
  throw Error(
      ErrorCode::kUsage, "--threshold-from {}: there is no such group{}", name,
      nearest.empty() ? fmt::format("; there are {}", JoinWords(names, "and"))
                      : nearest);
}

double RateWithSlack(double target, int64_t comparisons) {
  // Enough for a few replicates in which people with high scores are missing;
  // less where there are many matches, which vary less.
  const double matches = target * static_cast<double>(comparisons);
  const double slack = matches < 1e5 ? 3 : 1.7;
  return std::min(0.9, slack * target + 20 / static_cast<double>(comparisons));
}

FaceAuditResult AuditFaces(const FaceInput& input,
                           const FaceAuditOptions& options) {
  RequireImpostors(input);
  return Audit(input, ScoreEvidence(input.impostor, options.threads), options,
               nullptr);
}

FaceAuditResult AuditFaces(const FaceInput& input, const FaceInput& calibration,
                           const FaceAuditOptions& options) {
  RequireImpostors(input);
  const Calibrated calibrated = Calibrate(calibration, input, options);
  return Audit(input, ScoreEvidence(input.impostor, options.threads), options,
               &calibrated);
}

FaceAuditResult AuditFaces(const FaceInput& input,
                           const ImpostorEvidence& evidence,
                           const FaceAuditOptions& options) {
  return Audit(input, evidence, options, nullptr);
}

}  // namespace plumbline::face
