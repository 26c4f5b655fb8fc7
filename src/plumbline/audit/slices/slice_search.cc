#include "plumbline/audit/slices/slice_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/audit/slices/slice_counts.h"
#include "plumbline/audit/slices/slice_exact.h"
#include "plumbline/audit/slices/slice_select.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/stats/power.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<SliceCondition> ConditionsOf(const SliceCells& cells,
                                         const SliceIndex& index,
                                         const Slice& slice) {
  std::vector<SliceCondition> conditions;
  for (const int column : index.Columns(slice)) {
    conditions.push_back({column, cells.Code(slice.cell, column)});
  }
  return conditions;
}

SliceHalfSummary Summary(const SliceHalf& half) {
  return {half.rows(), half.subjects(), half.errors};
}

// Has a slice with one condition less the same rows? Then both are one slice,
// and the simpler name is the better.
bool SameAsSimpler(const SliceIndex& index,
                   const std::vector<SliceCount>& counts, const Slice& slice) {
  const std::vector<int>& columns = index.Columns(slice);
  if (columns.size() == 1) return false;
  const int64_t rows =
      counts[index.slice_of_cell[slice.combination][slice.cell]].rows;
  for (size_t drop = 0; drop < columns.size(); ++drop) {
    std::vector<int> fewer = columns;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(drop));
    const uint32_t simpler = index.slice_of_cell[index.Find(fewer)][slice.cell];
    if (counts[simpler].rows == rows) return true;
  }
  return false;
}

// The tested slices with their p-values.
struct Family {
  std::vector<uint32_t> slices;
  std::vector<double> design_effects;
  std::vector<double> p;
};

Family TestAll(const SliceHalf& half, const SliceIndex& index,
               const SliceSearchOptions& options, SliceSearchResult* result) {
  const std::vector<SliceCount> counts = CountSlices(half, index);
  Family family;
  for (uint32_t s = 0; s < counts.size(); ++s) {
    const SliceCount& count = counts[s];
    if (count.rows == 0) continue;
    if (count.rows < options.minimum ||
        half.rows() - count.rows < options.minimum ||
        (!half.subject_start.empty() &&
         count.subjects < kFewestSliceSubjects)) {
      ++result->too_small;
      continue;
    }
    if (SameAsSimpler(index, counts, index.slices[s])) {
      ++result->same_as_simpler;
      continue;
    }
    family.slices.push_back(s);
    family.design_effects.push_back(SliceDesignEffect(half, count));
    family.p.push_back(SliceP(count.errors, count.rows, half.errors,
                              half.rows(), family.design_effects.back()));
  }
  result->tested = static_cast<int64_t>(family.p.size());
  return family;
}

SliceEstimate Estimate(const SliceHalf& half, const SliceCells& cells,
                       std::span<const SliceCondition> conditions,
                       double level) {
  const auto inside = [&](uint32_t cell) {
    return std::all_of(conditions.begin(), conditions.end(),
                       [&](const SliceCondition& condition) {
                         return cells.Code(cell, condition.column) ==
                                condition.level;
                       });
  };
  const SliceCount in = CountRows(half, inside);
  const SliceCount out =
      CountRows(half, [&](uint32_t cell) { return !inside(cell); });
  SliceEstimate estimate;
  estimate.rows = in.rows;
  estimate.subjects = in.subjects;
  estimate.errors = in.errors;
  estimate.rest_rows = out.rows;
  estimate.rest_errors = out.errors;
  estimate.design_effect = SliceDesignEffect(half, in);
  const Interval none{kNaN, kNaN, kNaN};
  estimate.rate = estimate.rest = estimate.difference = estimate.excess = none;
  if (in.rows > 0) {
    estimate.rate =
        WilsonInterval(in.errors, in.rows, {level, estimate.design_effect});
  }
  if (out.rows > 0) {
    estimate.rest = WilsonInterval(out.errors, out.rows,
                                   {level, SliceDesignEffect(half, out)});
  }
  if (in.rows == 0 || out.rows == 0) return estimate;
  estimate.difference = NewcombeDifference(estimate.rate, estimate.rest);
  const auto rows = static_cast<double>(in.rows);
  estimate.excess = {rows * estimate.difference.value,
                     rows * estimate.difference.lo,
                     rows * estimate.difference.hi};
  estimate.p = SliceP(in.errors, in.rows, half.errors, half.rows(),
                      estimate.design_effect);
  return estimate;
}

void Rank(std::span<const CategoricalColumn> columns,
          std::vector<FoundSlice>* found) {
  const auto lowest = [](const FoundSlice& slice) {
    const double lo = slice.held_out.excess.lo;
    return std::isnan(lo) ? -INFINITY : lo;
  };
  std::stable_sort(found->begin(), found->end(),
                   [&](const FoundSlice& a, const FoundSlice& b) {
                     if (a.confirmed != b.confirmed) return a.confirmed;
                     const bool several_a = a.conditions.size() > 1;
                     const bool several_b = b.conditions.size() > 1;
                     if (several_a != several_b) return several_a;
                     if (lowest(a) != lowest(b)) return lowest(a) > lowest(b);
                     return SliceName(a.conditions, columns) <
                            SliceName(b.conditions, columns);
                   });
}

// 1 - probability of a miss in either half.
double PowerOfSearch(double rate, double difference, double share,
                     const SliceSearchResult& result, double design_effect,
                     double fdr) {
  const auto power = [&](const SliceHalfSummary& half, double one_sided) {
    const auto rows = static_cast<double>(half.rows);
    return PowerOfProportions(
        std::min(rate + difference, 1.0), rate, share * rows,
        (1 - share) * rows,
        {.alpha = 2 * one_sided, .design_effect = design_effect});
  };
  const double first = fdr / static_cast<double>(result.tested);
  return power(result.found_on, first) * power(result.held_out, fdr);
}

std::vector<DetectableSlice> Detectable(const SliceHalf& half,
                                        const SliceSearchResult& result,
                                        double design_effect, double fdr) {
  constexpr double kPower = 0.8;
  std::vector<DetectableSlice> detectable;
  const double rate = half.rate();
  for (const double share : {0.02, 0.05, 0.1, 0.2}) {
    DetectableSlice entry{share, kNaN};
    const auto enough = [&](double difference) {
      return PowerOfSearch(rate, difference, share, result, design_effect,
                           fdr) >= kPower;
    };
    if (result.tested > 0 && result.held_out.rows > 0 && rate > 0 && rate < 1 &&
        enough(1 - rate)) {
      double near = 0;
      double far = 1 - rate;
      for (int step = 0; step < 60; ++step) {
        const double middle = (near + far) / 2;
        (enough(middle) ? far : near) = middle;
      }
      entry.difference = far;
    }
    detectable.push_back(entry);
  }
  return detectable;
}

double Median(std::vector<double> values) {
  if (values.empty()) return 1;
  const auto middle =
      values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

std::string SliceName(std::span<const SliceCondition> conditions,
                      std::span<const CategoricalColumn> columns) {
  std::string name;
  for (const SliceCondition& condition : conditions) {
    const CategoricalColumn& column = columns[condition.column];
    if (!name.empty()) name += ", ";
    name += column.name + '=' +
            (condition.level == kMissingCode ? "missing"
                                             : column.levels[condition.level]);
  }
  return name;
}

SliceSearchResult SearchSlices(const SliceCells& cells, const SliceIndex& index,
                               std::span<const CategoricalColumn> columns,
                               const SliceRows& rows,
                               const SliceSearchOptions& options) {
  const auto [first, second] =
      SplitIntoHalves(rows.rows, rows.errors, cells, rows.subjects,
                      rows.subject_count, options.seed);
  SliceSearchResult result;
  result.found_on = Summary(first);
  result.held_out = Summary(second);
  result.correlation = first.correlation;
  const Family family = TestAll(first, index, options, &result);
  const std::vector<double> adjusted = BenjaminiHochberg(family.p);
  result.detectable =
      Detectable(first, result, Median(family.design_effects), options.fdr);

  std::vector<SliceCandidate> candidates;
  std::vector<double> candidate_p;
  for (size_t i = 0; i < family.p.size(); ++i) {
    if (!(adjusted[i] <= options.fdr)) continue;
    const Slice& slice = index.slices[family.slices[i]];
    candidates.push_back(
        {family.slices[i], family.design_effects[i],
         SliceName(ConditionsOf(cells, index, slice), columns)});
    candidate_p.push_back(adjusted[i]);
  }
  result.discoveries = static_cast<int64_t>(candidates.size());

  std::vector<SliceCandidate> listed;
  for (const size_t c :
       SelectSlices(first, index, candidates,
                    {.level = options.fdr, .family = result.tested})) {
    FoundSlice found;
    found.conditions =
        ConditionsOf(cells, index, index.slices[candidates[c].slice]);
    found.found_on = Estimate(first, cells, found.conditions, options.level);
    found.found_on.p_adjusted = candidate_p[c];
    found.held_out = Estimate(second, cells, found.conditions, options.level);
    listed.push_back(candidates[c]);
    listed.back().design_effect = found.held_out.design_effect;
    result.found.push_back(std::move(found));
  }
  std::vector<double> p = PBeyondOthers(second, index, listed);
  for (size_t i = 0; i < p.size(); ++i) {
    result.found[i].held_out.p_beyond_others = p[i];
    p[i] = std::max(p[i], result.found[i].held_out.p);
  }
  const std::vector<double> confirmed = Holm(p);
  for (size_t i = 0; i < p.size(); ++i) {
    result.found[i].held_out.p_adjusted = confirmed[i];
    result.found[i].confirmed = confirmed[i] <= options.fdr;
  }
  result.redundant =
      result.discoveries - static_cast<int64_t>(result.found.size());
  Rank(columns, &result.found);
  return result;
}

}  // namespace plumbline
