#include "plumbline/audit/find_slices.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

constexpr std::array<const char*, 2> kMetrics = {"fnr", "fpr"};

// Findings of a search; the list has the rest.
constexpr size_t kTold = 3;

struct ErrorRows {
  std::vector<uint32_t> rows;
  std::vector<uint8_t> errors;
};

// The metric's denominator and where in it the model errs.
ErrorRows RowsOf(const AuditInput& input, const AuditTarget& target,
                 double threshold, bool misses) {
  const int8_t label = misses ? 1 : 0;
  ErrorRows out;
  for (int64_t row = 0; row < input.rows; ++row) {
    if (target.labels[row] != label || std::isnan(target.scores[row])) continue;
    if (!IsAudited(input, row)) continue;
    const bool flagged = target.scores[row] >= threshold;
    out.rows.push_back(static_cast<uint32_t>(row));
    out.errors.push_back(flagged != misses ? 1 : 0);
  }
  return out;
}

bool IsMisses(const SliceResult& slices) { return slices.metric == "fnr"; }

std::string Of(const AuditResult& result, int target) {
  return result.targets.size() > 1 ? result.targets[target].name + ": " : "";
}

std::string PText(double p) {
  return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", p);
}

Finding FoundFinding(const AuditInput& input, const AuditOptions& options,
                     const AuditResult& result, const SliceResult& slices,
                     const FoundSlice& found) {
  const SliceEstimate& e = found.held_out;
  const bool misses = IsMisses(slices);
  Finding finding;
  finding.code = misses ? "PB501" : "PB502";
  finding.severity = e.difference.lo >= options.margin      ? "high"
                     : e.difference.value >= options.margin ? "medium"
                                                            : "low";
  finding.target = slices.target;
  finding.sentence = fmt::format(
      "{}In the slice {} the model {} {:.1f} % of {}, elsewhere {:.1f} %: "
      "{:.1f} percentage points more (interval {:.1f} to {:.1f}; adjusted {}), "
      "in the half of the subjects that had no part in finding it.",
      Of(result, slices.target),
      SliceName(found.conditions, input.slice_columns),
      misses ? "misses" : "flags", 100 * e.rate.value,
      misses ? "positives" : "negatives", 100 * e.rest.value,
      100 * e.difference.value, 100 * e.difference.lo, 100 * e.difference.hi,
      PText(e.p_adjusted));
  finding.action =
      "Look at the errors of this slice, at how its images were made and at "
      "how many there were in training.";
  finding.numbers = {{"difference", e.difference.value},
                     {"lo", e.difference.lo},
                     {"hi", e.difference.hi},
                     {"excess", e.excess.value},
                     {"p_adjusted", e.p_adjusted}};
  return finding;
}

Finding NoneFinding(const AuditResult& result, const SliceResult& slices) {
  const SliceSearchResult& search = slices.search;
  Finding finding;
  finding.code = "PB503";
  finding.severity = "info";
  finding.target = slices.target;
  finding.sentence =
      fmt::format("{}None of {} slices is shown to have more {} than the rest.",
                  Of(result, slices.target), WithThousands(search.tested),
                  IsMisses(slices) ? "misses" : "false alarms");
  for (const DetectableSlice& entry : search.detectable) {
    if (entry.share != 0.05 && entry.share != 0.2) continue;
    if (std::isnan(entry.difference)) {
      finding.sentence += fmt::format(
          " In a slice of {:g} % of the rows no excess could have been seen.",
          100 * entry.share);
      continue;
    }
    finding.sentence += fmt::format(
        " In a slice of {:g} % of the rows an excess of {:.1f} percentage "
        "points would have been seen in 4 of 5 audits.",
        100 * entry.share, 100 * entry.difference);
    finding.numbers.emplace_back(
        entry.share == 0.05 ? "detectable_5" : "detectable_20",
        entry.difference);
  }
  finding.action =
      "Read this as \"none so large\", not as \"none\"; more subjects would "
      "show smaller ones.";
  return finding;
}

}  // namespace

std::span<const char* const> SliceMetrics() { return kMetrics; }

void FindSlices(const AuditInput& input, const AuditOptions& options,
                AuditResult& result) {
  if (input.slice_columns.empty()) return;
  const SliceRequest& request = options.slices;
  const SliceCells cells = BuildSliceCells(input.slice_columns);
  const SliceIndex index =
      EnumerateSlices(cells, input.slice_columns, request.depth);
  for (size_t t = 0; t < input.targets.size(); ++t) {
    for (const std::string& metric : request.metrics) {
      result.slices.push_back({static_cast<int>(t), metric, {}});
    }
  }
  const SliceSearchOptions search{.depth = request.depth,
                                  .fdr = request.fdr,
                                  .minimum = request.minimum,
                                  .level = options.level,
                                  .seed = options.seed};
  ParallelFor(
      static_cast<int64_t>(result.slices.size()), options.threads,
      [&](int64_t i) {
        SliceResult& slices = result.slices[i];
        const ErrorRows rows = RowsOf(
            input, input.targets[slices.target],
            result.targets[slices.target].threshold.value, IsMisses(slices));
        slices.search = SearchSlices(
            cells, index, input.slice_columns,
            {rows.rows, rows.errors, input.subjects, input.subject_count},
            search);
      });
}

void AddSliceFindings(const AuditInput& input, const AuditOptions& options,
                      AuditResult& result) {
  for (const SliceResult& slices : result.slices) {
    size_t told = 0;
    for (const FoundSlice& found : slices.search.found) {
      if (!found.confirmed || told == kTold) continue;
      ++told;
      result.findings.push_back(
          FoundFinding(input, options, result, slices, found));
    }
    if (told == 0) result.findings.push_back(NoneFinding(result, slices));
  }
}

void AddSliceLimitations(const AuditInput& input, const AuditOptions& options,
                         AuditResult& result) {
  if (result.slices.empty()) return;
  const char* weights =
      input.weights.empty()
          ? ""
          : " Slices count each row with a weight above 0 once: their exact "
            "tests have no weighted form, so that their figures are those of "
            "the sample, not of the population that the weights stand for.";
  result.limitations.push_back(
      {"PL113",
       fmt::format(
           "Slices were searched on a random half of the {} and estimated on "
           "the other half; figures of the first half are too extreme. The "
           "level of {:g} holds within a target and metric, not over all {} "
           "searches. Only the columns given with --slices were searched.{}",
           result.clustered ? "subjects" : "rows", options.slices.fdr,
           result.slices.size(), weights)});
}

}  // namespace plumbline
