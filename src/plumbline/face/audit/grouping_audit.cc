#include "plumbline/face/audit/grouping_audit.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "plumbline/face/statistics/sample_size.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Genuine comparisons: as many people as have them.
FaceRate GuardedGenuine(const RateEstimate& rate,
                        const FaceAuditOptions& options) {
  if (rate.n == 0) return Guarded(rate, options.minimum_subjects, options);
  return Guarded(rate, rate.subjects, options);
}

const char* SpecificationOf(const FaceRate& fmr, double target) {
  if (std::isnan(target)) return nullptr;
  if (fmr.reason != nullptr) return "unresolved";
  if (fmr.rate.lo > target) return "proven_out";
  return fmr.rate.hi <= target ? "proven_in" : "unresolved";
}

double OwnThreshold(const AuditContext& context, const GroupingData& data,
                    int g, double target) {
  if (std::isnan(target)) return kNaN;
  const FmrThreshold own = context.evidence.Threshold(
      {.groups = &data.groups, .group = static_cast<uint32_t>(g)}, target);
  return own.reachable ? own.value : kNaN;
}

void AddLabelNoise(const GroupingData& data, int threshold, int group, int g,
                   const FaceRate& fmr, std::span<const Hit> accepted,
                   FaceAuditResult* result) {
  if (fmr.reason != nullptr || fmr.rate.events == 0) return;
  // In descending order of score; each pair of people once.
  std::set<std::pair<uint32_t, uint32_t>> removed;
  int64_t hits_left = fmr.rate.events;
  int64_t comparisons_left = fmr.rate.n;
  std::map<std::pair<uint32_t, uint32_t>, int64_t> hits_of_pair;
  std::vector<Hit> inside;
  for (const Hit& hit : accepted) {
    const auto own = static_cast<uint32_t>(g);
    if (data.groups.of_subject[hit.reference] == own &&
        data.groups.of_subject[hit.probe] == own) {
      inside.push_back(hit);
      ++hits_of_pair[std::minmax(hit.reference, hit.probe)];
    }
  }
  size_t next = 0;
  for (const int k : {0, 1, 5, 10}) {
    while (static_cast<int>(removed.size()) < k && next < inside.size()) {
      const Hit& hit = inside[next++];
      const auto pair = std::minmax(hit.reference, hit.probe);
      if (!removed.insert(pair).second) continue;
      hits_left -= hits_of_pair[pair];
      comparisons_left -= hit.both;
    }
    if (static_cast<int>(removed.size()) < k) break;
    result->label_noise.push_back(
        {.threshold = threshold,
         .group = group,
         .removed = k,
         .fmr = comparisons_left > 0 ? static_cast<double>(hits_left) /
                                           static_cast<double>(comparisons_left)
                                     : kNaN});
  }
}

void AddNeed(const FaceRate& fmr, int threshold, int group, double level,
             FaceAuditResult* result) {
  if (fmr.reason != nullptr || fmr.rate.events == 0) return;
  const double effect = fmr.rate.design_effect;
  result->needs.push_back(
      {.threshold = threshold,
       .group = group,
       .design_effect = effect,
       .smallest_ratio =
           SmallestRatio(static_cast<double>(fmr.rate.events), effect, level),
       .errors_for_30_percent = ErrorsForPrecision(0.3, effect, level),
       .errors_for_10_percent = ErrorsForPrecision(0.1, effect, level),
       .errors_seen = fmr.rate.events});
}

void AddGroups(const AuditContext& context, const GroupingData& data,
               int threshold, const std::vector<FaceRate>& fmr,
               const std::vector<FaceRate>& fnmr, std::span<const Hit> accepted,
               FaceAuditResult* result) {
  const FaceThreshold& at = result->thresholds[threshold];
  for (int g = 0; g < data.groups.groups; ++g) {
    const int group = GroupId(context.input, data, g);
    result->groups.push_back(
        {.threshold = threshold,
         .group = group,
         .fmr = fmr[g],
         .fnmr = fnmr[g],
         .own_threshold = fmr[g].reason == nullptr
                              ? OwnThreshold(context, data, g, at.at.target)
                              : kNaN,
         .specification = SpecificationOf(fmr[g], at.at.target)});
    AddLabelNoise(data, threshold, group, g, fmr[g], accepted, result);
    AddNeed(fmr[g], threshold, group, context.options.level, result);
  }
}

void AddCells(const AuditContext& context, const GroupingData& data,
              int threshold, const FalseMatchRates& rates,
              FaceAuditResult* result) {
  for (int g = 0; g < data.groups.groups; ++g) {
    for (int h = 0; h < data.groups.groups; ++h) {
      result->cells.push_back(
          {.threshold = threshold,
           .grouping = data.grouping,
           .reference = GroupId(context.input, data, g),
           .probe = GroupId(context.input, data, h),
           .fmr = Guarded(rates.cell(g, h),
                          std::min(data.subjects[g], data.subjects[h]),
                          context.options)});
    }
  }
}

VertexReplicates Resample(const AuditContext& context, const GroupingData& data,
                          const FaceThreshold& at, int threshold) {
  const bool fits = !std::isnan(at.at.target);
  if (context.options.replicates == 0 || (fits && !at.fitted.reachable)) {
    return {};
  }
  VertexBootstrapOptions options{.replicates = context.options.replicates,
                                 .seed = context.options.seed,
                                 .threads = context.options.threads,
                                 .two_level = context.options.two_level,
                                 .target = at.at.target,
                                 .threshold = at.fitted.value,
                                 .processes = context.options.processes};
  if (!context.calibrated.empty()) {
    options.thresholds = context.calibrated[threshold];
  }
  return BootstrapSubjects(data.counts, data.groups, data.hits,
                           context.input.genuine, options,
                           fits ? context.basis : ThresholdBasis{});
}

void AddOmnibus(const GroupingData& data, int threshold, ErrorRate error,
                const std::vector<FaceRate>& rates,
                const std::vector<double>& replicates,
                FaceAuditResult* result) {
  std::vector<RateEstimate> estimates;
  for (const FaceRate& rate : rates) estimates.push_back(rate.rate);
  FaceOmnibus entry{.threshold = threshold,
                    .grouping = data.grouping,
                    .error = error,
                    .test = TestEqualRates(estimates, replicates),
                    .method = "centred_vertex_bootstrap"};
  if (entry.test.groups < 2) {
    entry.reason = "fewer_than_two_groups";
  } else if (replicates.empty()) {
    entry.reason = "not_requested";
  }
  result->omnibus.push_back(entry);
}

}  // namespace

FaceRate Guarded(const RateEstimate& rate, int64_t fewest_subjects,
                 const FaceAuditOptions& options) {
  const char* reason = nullptr;
  if (fewest_subjects < options.minimum_subjects ||
      (rate.n > 0 && rate.n < options.minimum_comparisons)) {
    reason = "below_minimum";
  } else if (rate.n == 0) {
    reason = "no_comparisons";
  }
  if (reason == nullptr) return {.rate = rate};
  return {.rate = {.value = kNaN,
                   .lo = kNaN,
                   .hi = kNaN,
                   .variance = kNaN,
                   .design_effect = kNaN,
                   .conservative_hi = kNaN},
          .reason = reason};
}

std::span<const Hit> AtOrAbove(std::span<const Hit> hits, double threshold) {
  const auto end = std::partition_point(
      hits.begin(), hits.end(),
      [threshold](const Hit& hit) { return hit.score >= threshold; });
  return hits.first(static_cast<size_t>(end - hits.begin()));
}

void AuditGrouping(const AuditContext& context, const GroupingData& data,
                   int threshold, FaceAuditResult* result) {
  const FaceThreshold at = result->thresholds[threshold];
  const FaceAuditOptions& options = context.options;
  const auto accepted = AtOrAbove(data.hits, at.fitted.value);
  const FalseMatchRates rates = EstimateFalseMatchRates(
      data.counts, data.groups, accepted, options.level);
  const auto genuine = EstimateFalseNonMatchRates(
      context.input.genuine, data.groups, at.fitted.value, options.level);
  std::vector<FaceRate> fmr, fnmr;
  for (int g = 0; g < data.groups.groups; ++g) {
    fmr.push_back(Guarded(rates.cell(g, g), data.subjects[g], options));
    fnmr.push_back(GuardedGenuine(genuine[g], options));
  }
  AddGroups(context, data, threshold, fmr, fnmr, accepted, result);
  AddDesign(context, AttributesOf(context.input, data.grouping), threshold,
            rates, result);
  AddIdentification(context, data, threshold, result);
  if (data.groups.groups < 2) return;

  AddCells(context, data, threshold, rates, result);
  AddCrossRatios(context, data, threshold, rates, result);
  const VertexReplicates replicates = Resample(context, data, at, threshold);
  AddDisparities(context, data, threshold, fmr, fnmr, replicates, result);
  AddRatios(context, data, threshold, ErrorRate::kFmr, fmr, result);
  AddRatios(context, data, threshold, ErrorRate::kFnmr, fnmr, result);
  AddOmnibus(data, threshold, ErrorRate::kFmr, fmr, replicates.fmr, result);
  AddOmnibus(data, threshold, ErrorRate::kFnmr, fnmr, replicates.fnmr, result);
  AddPermutations(context, data, threshold, fmr, fnmr, result);
}

}  // namespace plumbline::face
