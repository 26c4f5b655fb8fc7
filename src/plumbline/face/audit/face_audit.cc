#include "plumbline/face/audit/face_audit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/audit/face_findings.h"
#include "plumbline/face/audit/face_gates.h"
#include "plumbline/face/audit/grouping_audit.h"
#include "plumbline/face/engine/pair_table.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// A replicate's threshold lies lower than that of the data where the people
// with high scores were not drawn. Hits are kept down to this many times the
// target's rate; more if that does not do.
constexpr double kSlack = 3;
constexpr int kDetPoints = 120;

// The group whose comparisons set the threshold: its grouping and place there.
struct BasisGroup {
  int grouping = 0;
  int place = 0;
  std::string name;
};

BasisGroup FindGroup(const FaceInput& input, const std::string& name) {
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

// The impostor scores that thresholds are set on.
std::vector<double> BasisScores(const FaceInput& input,
                                const SubjectGroups& groups, uint32_t group) {
  std::vector<double> scores;
  for (int64_t i = 0; i < input.impostor.size(); ++i) {
    if (groups.of_subject[input.impostor.reference[i]] == group &&
        groups.of_subject[input.impostor.probe[i]] == group) {
      scores.push_back(input.impostor.score[i]);
    }
  }
  return scores;
}

void SetThresholds(const FaceInput& input, std::span<const double> basis,
                   const std::string& source, const FaceAuditOptions& options,
                   FaceAuditResult* result) {
  for (const OperatingPoint& at : options.at) {
    FaceThreshold threshold{.at = at, .source = source, .fitted = {}};
    if (std::isnan(at.target)) {
      threshold.source = "given";
      const int64_t accepted =
          CountAtOrAbove(input.impostor.score, at.value, options.threads);
      threshold.fitted = {.target = kNaN,
                          .value = at.value,
                          .accepted = accepted,
                          .comparisons = input.impostor.size(),
                          .achieved = static_cast<double>(accepted) /
                                      double(input.impostor.size()),
                          .reachable = true};
    } else {
      threshold.fitted = ThresholdsAtFmr(basis, std::vector<double>{at.target},
                                         options.threads)[0];
    }
    result->thresholds.push_back(threshold);
  }
}

// Low enough for all thresholds and their replicates.
double CutFor(std::span<const double> basis, const FaceAuditOptions& options,
              const FaceAuditResult& result) {
  double cut = std::numeric_limits<double>::infinity();
  double loosest = 0;
  for (const FaceThreshold& threshold : result.thresholds) {
    if (threshold.fitted.reachable) {
      cut = std::min(cut, threshold.fitted.value);
    }
    if (!std::isnan(threshold.at.target)) {
      loosest = std::max(loosest, threshold.at.target);
    }
  }
  if (loosest > 0 && options.replicates > 0) {
    const double with_slack = std::min(
        0.9, kSlack * loosest + 20 / static_cast<double>(basis.size()));
    const FmrThreshold lower = ThresholdsAtFmr(
        basis, std::vector<double>{with_slack}, options.threads)[0];
    if (lower.reachable) cut = std::min(cut, lower.value);
  }
  return cut;
}

void AddCurves(const FaceInput& input, const std::vector<GroupingData>& all,
               FaceAuditResult* result, const FaceAuditOptions& options) {
  std::vector<std::function<FaceDet()>> work;
  for (const GroupingData& data : all) {
    if (input.groups.groupings[data.grouping].attributes.size() > 1) continue;
    for (int g = 0; g < data.groups.groups; ++g) {
      if (data.subjects[g] < options.minimum_subjects) continue;
      work.emplace_back([&input, &data, g, result] {
        const auto group = static_cast<uint32_t>(g);
        std::vector<double> genuine;
        for (int64_t i = 0; i < input.genuine.size(); ++i) {
          if (data.groups.of_subject[input.genuine.subject[i]] == group) {
            genuine.push_back(input.genuine.score[i]);
          }
        }
        const std::vector<double> impostor =
            BasisScores(input, data.groups, group);
        FaceDet det{.group = GroupId(input, data, g),
                    .curve = MakeDetCurve(impostor, genuine, kDetPoints),
                    .marks = {},
                    .impostor = Summarise(impostor),
                    .genuine = Summarise(genuine)};
        for (const FaceThreshold& threshold : result->thresholds) {
          const double value = threshold.fitted.value;
          const auto rate = [](int64_t count, size_t n) {
            return n > 0 ? static_cast<double>(count) / double(n) : kNaN;
          };
          det.marks.push_back(
              {value, rate(CountAtOrAbove(impostor, value, 1), impostor.size()),
               genuine.empty() ? kNaN
                               : 1 - rate(CountAtOrAbove(genuine, value, 1),
                                          genuine.size())});
        }
        return det;
      });
    }
  }
  std::vector<FaceDet> curves(work.size());
  ParallelFor(static_cast<int64_t>(work.size()), options.threads,
              [&](int64_t i) { curves[i] = work[i](); });
  result->det = std::move(curves);
}

GroupingData MakeGrouping(const FaceInput& input, const PairTable& pairs,
                          int grouping) {
  GroupingData data{.grouping = grouping,
                    .groups = GroupsOf(input, grouping),
                    .counts = {},
                    .subjects = {}};
  data.counts = CountImpostors(pairs, data.groups);
  data.subjects.resize(data.groups.groups);
  for (const uint32_t g : data.groups.of_subject) ++data.subjects[g];
  return data;
}

}  // namespace

const char* NameOf(ErrorRate error) {
  return error == ErrorRate::kFmr ? "fmr" : "fnmr";
}

FaceAuditResult AuditFaces(const FaceInput& input,
                           const FaceAuditOptions& options) {
  if (input.impostor.size() == 0) {
    throw Error(ErrorCode::kInvalidInput,
                "there is no impostor comparison (of two different people); "
                "false matches cannot be counted without");
  }
  FaceAuditResult result;
  const PairTable pairs(input.impostor);
  std::vector<GroupingData> all;
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    all.push_back(MakeGrouping(input, pairs, static_cast<int>(k)));
    StopIfInterrupted();
  }
  AuditContext context{
      .input = input, .options = options, .hits = {}, .basis = {}};
  std::vector<double> within_basis;
  std::span<const double> basis = input.impostor.score;
  std::string source = "pooled";
  if (!options.threshold_group.empty()) {
    const BasisGroup found = FindGroup(input, options.threshold_group);
    const GroupingData& data = all[found.grouping];
    within_basis = BasisScores(input, data.groups, found.place);
    basis = within_basis;
    source = found.name;
    context.basis = {
        .counts = &data.counts, .groups = &data.groups, .group = found.place};
  }
  SetThresholds(input, basis, source, options, &result);
  context.hits = HitsAtOrAbove(input.impostor, pairs,
                               CutFor(basis, options, result), options.threads);
  for (size_t t = 0; t < result.thresholds.size(); ++t) {
    for (const GroupingData& data : all) {
      StopIfInterrupted();
      AuditGrouping(context, data, static_cast<int>(t), &result);
    }
  }
  AddCurves(input, all, &result, options);
  AddGates(input, options, &result);
  AddFindings(input, options, &result);
  return result;
}

}  // namespace plumbline::face
