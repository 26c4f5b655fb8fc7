// C2 to C5: what goes with the differences between groups.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/solve/oaxaca.h"
#include "plumbline/stats/decomposition.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

// Differences that are taken apart, the largest first.
constexpr size_t kMostPairs = 12;
constexpr size_t kMostLevels = 20;
// A reversal is worth a sentence if both gaps are at least this.
constexpr double kLeastReversal = 0.01;
// Of the difference, that a covariate goes with.
constexpr double kLargePart = 0.5;

// With fewer cases, or fewer others, in a group nothing is taken apart: of
// none among six people a linearised variance would be 0.
constexpr int64_t kLeastCases = 5;

struct Pair {
  size_t label, attribute;
  int32_t group, reference;
  double smd = 0;
  bool shown = false;  // the difference is a finding
};

bool HasCases(const Prevalence& p) {
  return p.rate.events >= kLeastCases &&
         p.rate.n - p.rate.events >= kLeastCases;
}

const Prevalence& PrevalenceOf(const Context& context, size_t label,
                               size_t attribute, int32_t level) {
  const Cohort& cohort = context.cohort();
  const auto& all = context.result->prevalence;
  return *std::find_if(all.begin(), all.end(), [&](const Prevalence& p) {
    return p.label == cohort.labels[label].name &&
           p.attribute == cohort.attributes[attribute].name &&
           p.group == cohort.attributes[attribute].levels[level];
  });
}

std::vector<Pair> AllPairs(const Context& context) {
  std::vector<Pair> pairs;
  for (size_t l = 0; l < context.cohort().labels.size(); ++l) {
    ForEachGroup(context, [&](size_t a, int32_t group, int32_t reference) {
      const Prevalence& p = PrevalenceOf(context, l, a, group);
      if (!HasCases(p) || !HasCases(PrevalenceOf(context, l, a, reference))) {
        return;
      }
      const bool shown = std::abs(p.smd.value) > kSmdFlag &&
                         p.smd.p_adjusted < context.options.alpha;
      pairs.push_back({l, a, group, reference, p.smd.value, shown});
    });
  }
  return pairs;
}

// Cells of group, stratum and label: ((side * strata) + stratum) * 2 + label.
// A missing covariate is a stratum of its own.
std::vector<int32_t> StrataCells(const Context& context, const Pair& pair,
                                 const Factor& factor) {
  const Cohort& cohort = context.cohort();
  const CohortAttribute& attribute = cohort.attributes[pair.attribute];
  const auto strata = static_cast<int32_t>(factor.levels.size()) + 1;
  std::vector<int32_t> cells(cohort.rows, -1);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int8_t label = cohort.labels[pair.label].values[row];
    const int32_t level = attribute.codes[row];
    if (label < 0 || (level != pair.group && level != pair.reference)) continue;
    const int32_t side = level == pair.group ? 0 : 1;
    cells[row] = ((side * strata) + factor.codes[row] + 1) * 2 + label;
  }
  return cells;
}

std::pair<std::vector<StratumCounts>, std::vector<StratumCounts>> Strata(
    std::span<const double> counts) {
  const size_t strata = counts.size() / 4;
  std::vector<StratumCounts> sides[2];
  for (size_t side = 0; side < 2; ++side) {
    for (size_t k = 0; k < strata; ++k) {
      const size_t at = (side * strata + k) * 2;
      sides[side].push_back({counts[at] + counts[at + 1], counts[at + 1]});
    }
  }
  return {sides[0], sides[1]};
}

Estimate ToEstimate(const Context& context, const CellEstimate& cell,
                    std::span<const double> counts) {
  Estimate estimate = FromCell(cell, context.options.level);
  estimate.n =
      static_cast<int64_t>(std::accumulate(counts.begin(), counts.end(), 0.0));
  if (std::isnan(cell.value)) estimate.reason = "no_common_stratum";
  return estimate;
}

void Decompose(const Context& context, const Pair& pair, const Factor& factor,
               Decomposition* out) {
  const Cohort& cohort = context.cohort();
  const std::vector<int32_t> cells = StrataCells(context, pair, factor);
  const int count = 4 * (static_cast<int>(factor.levels.size()) + 1);
  const CellRows rows{cells, count, cohort.subjects, cohort.subject_count};
  const auto estimates = CellStatistics(rows, [](std::span<const double> n) {
    const auto [a, b] = Strata(n);
    const KitagawaResult k = Kitagawa(a, b);
    return std::vector<double>{k.difference, k.composition, k.rate};
  });
  const std::vector<double> counts = CountCells(rows);
  const auto [a, b] = Strata(counts);
  const KitagawaResult k = Kitagawa(a, b);
  out->difference = ToEstimate(context, estimates[0], counts);
  out->composition = ToEstimate(context, estimates[1], counts);
  out->rate = ToEstimate(context, estimates[2], counts);
  out->left_out = std::max(k.left_out_a, k.left_out_b);
}

void FindDriver(Context* context, const Pair& pair, const Factor& factor,
                const Decomposition& d) {
  const double part = d.composition.value / d.difference.value;
  const bool is_clear = d.composition.lo > 0 || d.composition.hi < 0;
  if (!(part > kLargePart) || !is_clear ||
      !(d.composition.p_adjusted < context->options.alpha)) {
    return;
  }
  const Cohort& cohort = context->cohort();
  const double share =
      static_cast<double>(
          SubjectsIn(cohort, cohort.attributes[pair.attribute], pair.group)) /
      static_cast<double>(cohort.subject_count);
  AddFinding(
      context,
      {.code = "SV302",
       .chapter = 3,
       .severity = Grade(*context, d.difference.value, 0.1,
                         d.composition.p_adjusted, share),
       .text = fmt::format(
           "Of the difference of {} in {} between {}={} and {}, {} goes with "
           "another mix of {}.",
           Points(d.difference.value), d.label, d.attribute, d.group,
           d.reference, Points(d.composition.value), factor.name),
       .action = fmt::format(
           "Compare groups within {0}, and test a model within {0}, before "
           "reading the difference as one of disease.",
           factor.name),
       .effect = d.composition,
       .measure = "composition",
       .attribute = d.attribute,
       .group = d.group,
       .label = d.label,
       .covariate = factor.name});
}

void RunKitagawa(Context* context, const std::vector<Pair>& pairs) {
  struct Place {
    const Pair* pair;
    const Factor* factor;
  };
  std::vector<Place> places;
  for (const Pair& pair : pairs) {
    for (const Factor& factor : context->input.factors) {
      if (factor.levels.size() >= 2 && factor.levels.size() <= kMostLevels) {
        places.push_back({&pair, &factor});
      }
    }
  }
  const Cohort& cohort = context->cohort();
  std::vector<Decomposition>& rows = context->result->decompositions;
  rows.resize(places.size());
  ParallelFor(static_cast<int64_t>(places.size()), context->options.threads,
              [&](int64_t i) {
                const auto& [pair, factor] = places[i];
                const CohortAttribute& attribute =
                    cohort.attributes[pair->attribute];
                rows[i] = {cohort.labels[pair->label].name, attribute.name,
                           attribute.levels[pair->group],
                           attribute.levels[pair->reference], factor->name};
                Decompose(*context, *pair, *factor, &rows[i]);
              });
  std::vector<Estimate*> family;
  for (Decomposition& d : rows) family.push_back(&d.composition);
  AdjustFamily(family);
  for (size_t i = 0; i < rows.size(); ++i) {
    FindDriver(context, *places[i].pair, *places[i].factor, rows[i]);
  }
}

// The factors that go with the attribute most, of those that are no measure of
// the picture.
std::vector<const Factor*> FactorsFor(const Context& context,
                                      const std::string& attribute) {
  std::vector<std::pair<double, const Factor*>> found;
  for (const Factor& factor : context.input.factors) {
    if (factor.levels.size() < 2 || factor.levels.size() > kMostLevels) {
      continue;
    }
    double v = 0;
    for (const AssociationRow& row : context.result->associations) {
      if ((row.x == attribute && row.y == factor.name) ||
          (row.y == attribute && row.x == factor.name)) {
        v = row.association.corrected_v.value;
      }
    }
    found.emplace_back(v, &factor);
  }
  std::stable_sort(
      found.begin(), found.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  if (found.size() > kMostOaxacaFactors) found.resize(kMostOaxacaFactors);
  std::vector<const Factor*> factors;
  for (const auto& [v, factor] : found) factors.push_back(factor);
  return factors;
}

Drivers RunOaxaca(const Context& context, const Pair& pair) {
  const Cohort& cohort = context.cohort();
  const CohortAttribute& attribute = cohort.attributes[pair.attribute];
  Drivers out{cohort.labels[pair.label].name, attribute.name,
              attribute.levels[pair.group], attribute.levels[pair.reference]};
  std::vector<double> outcomes(cohort.rows);
  std::vector<int8_t> groups(cohort.rows, -1);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int8_t label = cohort.labels[pair.label].values[row];
    outcomes[row] = label < 0 ? kNaN : label;
    if (attribute.codes[row] == pair.group) groups[row] = 0;
    if (attribute.codes[row] == pair.reference) groups[row] = 1;
  }
  std::vector<OaxacaFactor> factors;
  for (const Factor* factor : FactorsFor(context, attribute.name)) {
    factors.push_back(
        {factor->name, factor->codes, static_cast<int>(factor->levels.size())});
    out.factors.push_back(factor->name);
  }
  if (factors.empty()) {
    out.reason = "no_covariates";
    return out;
  }
  const OaxacaResult r =
      Oaxaca(outcomes, groups, factors, cohort.subjects, cohort.subject_count);
  out.reason = r.reason;
  if (!out.reason.empty()) return out;
  const auto estimate = [&](const OaxacaPart& part) {
    Estimate e =
        FromCell({part.value, part.standard_error}, context.options.level);
    e.method = "delete_group_jackknife";
    e.n = r.rows_a + r.rows_b;
    e.subjects = r.subjects;
    return e;
  };
  out.difference = estimate(r.difference);
  out.explained = estimate(r.explained);
  out.unexplained = estimate(r.unexplained);
  for (size_t f = 0; f < factors.size(); ++f) {
    out.by_factor.push_back(estimate(r.by_factor[f]));
    out.shapley.push_back(estimate(r.shapley[f]));
  }
  return out;
}

// Rows by label, level of one attribute and stratum of one factor: [label] of
// (level * strata + stratum) * 2 + value.
struct StratumTable {
  const Factor* factor = nullptr;
  size_t attribute = 0;
  size_t strata = 0;  // with missing
  std::vector<std::vector<int32_t>> counts;
};

// All labels in one pass over the rows.
void CountStrata(const Cohort& cohort, StratumTable* table) {
  const CohortAttribute& attribute = cohort.attributes[table->attribute];
  const Factor& factor = *table->factor;
  table->strata = factor.levels.size() + 1;
  const size_t size = attribute.levels.size() * table->strata * 2;
  table->counts.assign(cohort.labels.size(), std::vector<int32_t>(size, 0));
  std::vector<int32_t> cells(cohort.rows);
  const auto strata = static_cast<int32_t>(table->strata);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    cells[row] = (attribute.codes[row] * strata + factor.codes[row] + 1) * 2;
  }
  for (size_t l = 0; l < cohort.labels.size(); ++l) {
    const std::vector<int8_t>& values = cohort.labels[l].values;
    std::vector<int32_t>& counts = table->counts[l];
    for (int64_t row = 0; row < cohort.rows; ++row) {
      if (values[row] >= 0) ++counts[cells[row] + values[row]];
    }
  }
}

std::vector<StratumCounts> StrataOf(const StratumTable& table, size_t label,
                                    int32_t level) {
  std::vector<StratumCounts> strata;
  for (size_t k = 0; k < table.strata; ++k) {
    const size_t at = (level * table.strata + k) * 2;
    const auto no = static_cast<double>(table.counts[label][at]);
    const auto yes = static_cast<double>(table.counts[label][at + 1]);
    strata.push_back({no + yes, yes});
  }
  return strata;
}

// Crude and standardised gap with their errors; only where the point estimates
// have other signs.
void LookForReversal(const Context& context, const Pair& pair,
                     const StratumTable& table, std::vector<Reversal>* out) {
  const StandardisedDifference d =
      Standardise(StrataOf(table, pair.label, pair.group),
                  StrataOf(table, pair.label, pair.reference));
  if (!(d.crude * d.standardised < 0) || std::abs(d.crude) < kLeastReversal ||
      std::abs(d.standardised) < kLeastReversal) {
    return;
  }
  const Cohort& cohort = context.cohort();
  const std::vector<int32_t> cells = StrataCells(context, pair, *table.factor);
  const CellRows rows{cells, static_cast<int>(4 * table.strata),
                      cohort.subjects, cohort.subject_count};
  const std::vector<double> counts = CountCells(rows);
  const auto estimates = CellStatistics(rows, [](std::span<const double> n) {
    const auto [x, y] = Strata(n);
    const StandardisedDifference s = Standardise(x, y);
    return std::vector<double>{s.crude, s.standardised};
  });
  const CohortAttribute& attribute = cohort.attributes[pair.attribute];
  Reversal reversal{cohort.labels[pair.label].name,
                    attribute.name,
                    attribute.levels[pair.group],
                    attribute.levels[pair.reference],
                    table.factor->name,
                    ToEstimate(context, estimates[0], counts),
                    ToEstimate(context, estimates[1], counts),
                    d.same_sign,
                    d.other_sign};
  out->push_back(std::move(reversal));
}

void FindReversals(Context* context, const std::vector<Pair>& pairs) {
  const Cohort& cohort = context->cohort();
  std::vector<StratumTable> tables;
  for (const Factor& factor : context->input.factors) {
    if (factor.levels.size() < 2 || factor.levels.size() > kMostLevels) {
      continue;
    }
    for (size_t a = 0; a < cohort.attributes.size(); ++a) {
      tables.push_back({&factor, a});
    }
  }
  std::vector<std::vector<Reversal>> found(tables.size());
  ParallelFor(static_cast<int64_t>(tables.size()), context->options.threads,
              [&](int64_t i) {
                CountStrata(cohort, &tables[i]);
                for (const Pair& pair : pairs) {
                  if (pair.attribute != tables[i].attribute) continue;
                  LookForReversal(*context, pair, tables[i], &found[i]);
                }
                tables[i].counts.clear();
              });
  size_t looked_at = 0;
  for (const StratumTable& table : tables) {
    for (const Pair& pair : pairs) {
      looked_at += pair.attribute == table.attribute;
    }
  }
  const auto tests = static_cast<double>(std::max<size_t>(1, looked_at));
  for (auto& some : found) {
    for (Reversal& reversal : some) {
      // Both must hold, and as many were looked at: Bonferroni on the larger p.
      const double p = std::max(reversal.crude.p, reversal.standardised.p);
      reversal.crude.p_adjusted = reversal.standardised.p_adjusted =
          std::min(1.0, p * tests);
      reversal.strong = reversal.crude.p_adjusted < context->options.alpha;
      context->result->reversals.push_back(std::move(reversal));
    }
  }
  for (const Reversal& r : context->result->reversals) {
    if (!r.strong) continue;
    AddFinding(
        context,
        {.code = "SV305",
         .chapter = 3,
         .severity = Severity::kHigh,
         .text = fmt::format(
             "The difference in {} between {}={} and {} turns round within "
             "{}: {} overall, {} at equal {}.",
             r.label, r.attribute, r.group, r.reference, r.covariate,
             Points(r.crude.value), Points(r.standardised.value), r.covariate),
         .action = fmt::format("Do not report or train on the overall "
                               "difference; work within {}.",
                               r.covariate),
         .effect = r.standardised,
         .measure = "standardised_difference",
         .attribute = r.attribute,
         .group = r.group,
         .label = r.label,
         .covariate = r.covariate});
  }
}

}  // namespace

void CheckDrivers(Context* context) {
  const std::vector<Pair> all = AllPairs(*context);
  std::vector<Pair> shown;
  for (const Pair& pair : all) {
    if (pair.shown) shown.push_back(pair);
  }
  std::stable_sort(shown.begin(), shown.end(),
                   [](const Pair& a, const Pair& b) {
                     return std::abs(a.smd) > std::abs(b.smd);
                   });
  if (shown.size() > kMostPairs) shown.resize(kMostPairs);
  RunKitagawa(context, shown);
  std::vector<Drivers> drivers(shown.size());
  ParallelFor(static_cast<int64_t>(shown.size()), context->options.threads,
              [&](int64_t i) { drivers[i] = RunOaxaca(*context, shown[i]); });
  context->result->drivers = std::move(drivers);
  FindReversals(context, all);
}

}  // namespace plumbline::survey
