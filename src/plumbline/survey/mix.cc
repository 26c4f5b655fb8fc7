// C7: whether the mix of groups changes with site and time, and whether the
// parts of the split are alike.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/association.h"
#include "plumbline/stats/decomposition.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

// Customary: above 0.1 a shift, above 0.25 a large one.
constexpr double kShift = 0.1;
constexpr double kLargeShift = 0.25;
constexpr size_t kMostLevels = 50;

// Groups (known ones) of an attribute by levels of a column, one row a subject.
ContingencyTable GroupsByLevel(const Context& context,
                               const CohortAttribute& attribute,
                               std::span<const int32_t> codes, size_t levels) {
  std::vector<int32_t> x, y;
  for (const int64_t row : context.input.sample) {
    const int32_t group = attribute.codes[row];
    x.push_back(codes[row]);
    y.push_back(attribute.IsGroup(group) ? group : -1);
  }
  return CountPairs(x, static_cast<int>(levels), y,
                    static_cast<int>(attribute.levels.size()));
}

// An attribute whose mix differs at one level of a column at least.
struct Shift {
  std::string attribute;
  const char* by = "";
  std::string where;     // the level with the largest index
  bool is_even = false;  // the closed form agrees with the permutations
  Estimate effect;
};

void CompareMix(Context* context, const char* by, const Factor& factor,
                std::vector<Shift>* shifts) {
  for (const CohortAttribute& attribute : context->cohort().attributes) {
    const ContingencyTable table =
        GroupsByLevel(*context, attribute, factor.codes, factor.levels.size());
    const Association association =
        Associate(table, {.permutations = context->options.permutations,
                          .replicates = 0,
                          .seed = context->options.seed});
    double largest = 0;
    std::string where;
    for (int l = 0; l < table.rows; ++l) {
      std::vector<double> here, rest;
      int64_t subjects = 0;
      for (int g = 0; g < table.columns; ++g) {
        const int64_t count = table.counts[l * table.columns + g];
        int64_t all = 0;
        for (int o = 0; o < table.rows; ++o) {
          all += table.counts[o * table.columns + g];
        }
        here.push_back(static_cast<double>(count));
        rest.push_back(static_cast<double>(all - count));
        subjects += count;
      }
      const double index = StabilityIndex(here, rest);
      if (std::isnan(index)) continue;
      context->result->mix.push_back(
          {attribute.name, by, factor.levels[l], index, subjects});
      // A handful of people is always another mix.
      if (subjects >= 30 && index > largest) {
        largest = index;
        where = factor.levels[l];
      }
    }
    Shift shift{attribute.name, by, where};
    shift.is_even =
        !(association.p_chi_squared < context->options.alpha) || largest == 0;
    shift.effect.value = largest;
    shift.effect.n = shift.effect.subjects = association.n;
    shift.effect.p = association.p;
    shift.effect.method = "stability_index";
    shifts->push_back(std::move(shift));
  }
}

void FindShifts(Context* context, std::vector<Shift>* shifts) {
  std::vector<Estimate*> family;
  for (Shift& shift : *shifts) family.push_back(&shift.effect);
  AdjustFamily(family);
  for (const Shift& shift : *shifts) {
    const double index = shift.effect.value;
    if (shift.is_even || !(index > kShift) ||
        !(shift.effect.p_adjusted < context->options.alpha)) {
      continue;
    }
    AddFinding(
        context,
        {.code = "SV307",
         .chapter = 3,
         .severity = index > kLargeShift ? Severity::kMedium : Severity::kLow,
         .text = fmt::format(
             "The mix of {} depends on {}: {}={} differs most from the rest "
             "(stability index {:.2f}).",
             shift.attribute, shift.by, shift.by, shift.where, index),
         .action = fmt::format("Split and report by {}; a model that learns it "
                               "learns {} too.",
                               shift.by, shift.attribute),
         .effect = shift.effect,
         .measure = "stability_index",
         .attribute = shift.attribute,
         .covariate = shift.by});
  }
}

void FindCrossing(Context* context) {
  const SplitCheck& check = context->result->split;
  if (check.crossing_subjects > 0) {
    Estimate effect;
    effect.value = static_cast<double>(check.crossing_subjects);
    effect.n = context->cohort().rows;
    effect.subjects = context->cohort().subject_count;
    effect.method = "count";
    AddFinding(
        context,
        {.code = "SV318",
         .chapter = 3,
         .severity = Severity::kHigh,
         .text = fmt::format(
             "{} subjects have rows in several parts of the split (first: {}).",
             WithThousands(check.crossing_subjects), check.first_crossing),
         .action = "Split by subject (plumbline split): every result on these "
                   "parts is too good.",
         .effect = effect,
         .measure = "subjects"});
  }
}

// A column in two parts of the split.
struct PartsTask {
  size_t a, b;
  std::string what;
  const std::vector<int32_t>* codes;
  int levels;
};

// By rows, with subjects as clusters.
SplitBalance Balance(const Context& context, const PartsTask& task) {
  const SplitCheck& check = context.result->split;
  const Cohort& cohort = context.cohort();
  const auto part_a = static_cast<int32_t>(task.a);
  const auto part_b = static_cast<int32_t>(task.b);
  const int levels = task.levels;
  std::vector<int32_t> cells(cohort.rows, -1);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t part = cohort.split.codes[row], code = (*task.codes)[row];
    if (code < 0) continue;
    if (part == part_a) cells[row] = code;
    if (part == part_b) cells[row] = levels + code;
  }
  std::vector<int32_t> x, y;
  for (const int64_t row : context.input.sample) {
    const int32_t part = cohort.split.codes[row];
    if (part != part_a && part != part_b) continue;
    x.push_back(part == part_a ? 0 : 1);
    y.push_back((*task.codes)[row]);
  }
  const auto estimate =
      CellStatistics({cells, 2 * levels, cohort.subjects, cohort.subject_count},
                     [levels](std::span<const double> n) {
                       return std::vector<double>{CategoricalSmd(
                           n.subspan(0, levels), n.subspan(levels, levels))};
                     })[0];
  SplitBalance balance{check.parts[task.a], check.parts[task.b], task.what};
  balance.smd = FromCell(estimate, context.options.level);
  balance.smd.lo = std::max(0.0, balance.smd.lo);
  const ContingencyTable table = CountPairs(x, 2, y, levels);
  balance.smd.n = check.rows[task.a] + check.rows[task.b];
  balance.smd.subjects = table.total();
  balance.smd.p = SameMixP(table);
  if (std::isnan(balance.smd.value)) {
    // No level in common, or nothing known in one part.
    balance.smd.reason = "no_spread";
    if (balance.smd.p == 1) balance.smd.p = kNaN;
  }
  return balance;
}

void CompareParts(Context* context) {
  const SplitCheck& check = context->result->split;
  const Cohort& cohort = context->cohort();
  std::vector<std::vector<int32_t>> of_label;
  for (const CohortLabel& label : cohort.labels) {
    std::vector<int32_t>& codes = of_label.emplace_back();
    for (const int8_t value : label.values) {
      codes.push_back(value < 0 ? -1 : value);
    }
  }
  std::vector<PartsTask> tasks;
  for (size_t a = 0; a < check.parts.size(); ++a) {
    for (size_t b = a + 1; b < check.parts.size(); ++b) {
      for (const CohortAttribute& attribute : cohort.attributes) {
        tasks.push_back({a, b, attribute.name, &attribute.codes,
                         static_cast<int>(attribute.levels.size())});
      }
      for (size_t l = 0; l < of_label.size(); ++l) {
        tasks.push_back({a, b, cohort.labels[l].name, &of_label[l], 2});
      }
    }
  }
  std::vector<SplitBalance>& rows = context->result->split_balance;
  rows.resize(tasks.size());
  ParallelFor(static_cast<int64_t>(tasks.size()), context->options.threads,
              [&](int64_t i) { rows[i] = Balance(*context, tasks[i]); });
  std::vector<Estimate*> family;
  for (SplitBalance& row : rows) {
    if (!std::isnan(row.smd.p)) family.push_back(&row.smd);
  }
  AdjustFamily(family);
  for (const SplitBalance& row : rows) {
    const bool nothing_in_common =
        std::isnan(row.smd.value) && !std::isnan(row.smd.p);
    if (!(nothing_in_common || row.smd.value > kSmdFlag) ||
        !(row.smd.p_adjusted < context->options.alpha)) {
      continue;
    }
    AddFinding(
        context,
        {.code = "SV317",
         .chapter = 3,
         .severity = nothing_in_common || row.smd.value > kSmdAlarm
                         ? Severity::kMedium
                         : Severity::kLow,
         .text = fmt::format("{} is distributed otherwise in {} than in {} "
                             "({}).",
                             row.what, row.part_a, row.part_b,
                             nothing_in_common
                                 ? "nothing in common"
                                 : fmt::format("standardised difference {:.2f}",
                                               row.smd.value)),
         .action = "If that is not meant (a later year, another site), split "
                   "anew with plumbline split.",
         .effect = row.smd,
         .measure = "smd",
         .attribute = row.what});
  }
}

}  // namespace

void CheckMix(Context* context) {
  const Cohort& cohort = context->cohort();
  std::vector<Shift> shifts;
  for (const auto& [by, name] : {std::pair{"site", cohort.site.name},
                                 {"device", cohort.device.name},
                                 {"time", cohort.time.name}}) {
    for (const Factor& factor : context->input.factors) {
      if (!name.empty() && factor.name == name &&
          factor.levels.size() <= kMostLevels) {
        CompareMix(context, by, factor, &shifts);
      }
    }
  }
  FindShifts(context, &shifts);
}

void CheckSplitOfCohort(Context* context) {
  if (!context->cohort().HasSplit()) return;
  context->result->has_split = true;
  context->result->split = CheckSplit(context->cohort());
  FindCrossing(context);
  if (context->result->split.parts.size() >= 2) CompareParts(context);
}

}  // namespace plumbline::survey
