// A4 to A6: how often each label is given to whom, where it is missing, and how
// far it can be trusted.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/solve/little_mcar.h"
#include "plumbline/stats/decomposition.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

// Missing labels that are so many times as frequent as in the reference group.
constexpr double kMissingRatio = 1.25;
constexpr double kMissingAlarm = 2;
// Columns of Little's test: more make too many patterns.
constexpr size_t kMostLittleColumns = 12;
constexpr size_t kMostLittleRows = 20'000;

double ShareOfSubjects(const Context& context, int64_t subjects) {
  return static_cast<double>(subjects) /
         static_cast<double>(context.cohort().subject_count);
}

// label x attribute x level, in order; work(index, label, attribute, level).
struct Place {
  size_t label, attribute;
  int32_t level;
};

std::vector<Place> AllPlaces(const Cohort& cohort) {
  std::vector<Place> places;
  for (size_t l = 0; l < cohort.labels.size(); ++l) {
    for (size_t a = 0; a < cohort.attributes.size(); ++a) {
      for (size_t g = 0; g < cohort.attributes[a].levels.size(); ++g) {
        places.push_back({l, a, static_cast<int32_t>(g)});
      }
    }
  }
  return places;
}

void FindPrevalence(Context* context) {
  for (const Prevalence& p : context->result->prevalence) {
    // All in one group and none in the other: no spread to measure by.
    const bool all_or_none =
        std::isnan(p.smd.value) && std::abs(p.difference.value) == 1;
    const double size = all_or_none ? kSmdAlarm : std::abs(p.smd.value);
    if (!(size > kSmdFlag) || !(p.smd.p_adjusted < context->options.alpha)) {
      continue;
    }
    const double reference = p.rate.value - p.difference.value;
    AddFinding(
        context,
        {.code = "SV104",
         .chapter = 1,
         .severity = Grade(*context, size, kSmdAlarm, p.smd.p_adjusted,
                           ShareOfSubjects(*context, p.rate.subjects)),
         .text = fmt::format(
             "{} is labelled in {} of {}={} and {} of the reference group: {}.",
             p.label, Percent(p.rate.value), p.attribute, p.group,
             Percent(reference), Points(p.difference.value)),
         .action = "Ask whether the disease differs or the label does, before "
                   "a model learns the group in place of the disease. Weigh or "
                   "stratify training and testing by it.",
         .effect = p.smd,
         .measure = "smd",
         .attribute = p.attribute,
         .group = p.group,
         .label = p.label});
  }
}

Recoding Recode(const LabelRates& group, const LabelRates& reference) {
  double rows[2], positives[2], missing[2];
  for (int side = 0; side < 2; ++side) {
    const LabelRates& rates = side == 0 ? group : reference;
    rows[side] = static_cast<double>(rates.missing.rows);
    positives[side] = static_cast<double>(rates.positive.positives);
    missing[side] = static_cast<double>(rates.missing.positives);
  }
  const auto rate = [&](int side, double taken_as) {
    return (positives[side] + taken_as * missing[side]) / rows[side];
  };
  Recoding r;
  const auto known = [&](int side) {
    return positives[side] / (rows[side] - missing[side]);
  };
  r.excluded = known(0) - known(1);
  r.as_negative = rate(0, 0) - rate(1, 0);
  r.as_positive = rate(0, 1) - rate(1, 1);
  r.lowest = rate(0, 0) - rate(1, 1);
  r.highest = rate(0, 1) - rate(1, 0);
  return r;
}

void FindMissing(Context* context) {
  for (const Missingness& m : context->result->missingness) {
    if (!(m.ratio.p_adjusted < context->options.alpha)) continue;
    // Where the reference group has none at all there is no ratio; a rate of
    // 2 % and more is one to speak of.
    const bool no_ratio = std::isnan(m.ratio.value) && m.missing.value >= 0.02;
    if (!no_ratio && !(m.ratio.value > kMissingRatio) &&
        !(m.ratio.value < 1 / kMissingRatio)) {
      continue;
    }
    const bool more = no_ratio || m.ratio.value > 1;
    AddFinding(
        context,
        {.code = "SV105",
         .chapter = 1,
         .severity =
             Grade(*context,
                   no_ratio ? kMissingAlarm
                            : std::max(m.ratio.value, 1 / m.ratio.value),
                   kMissingAlarm, m.ratio.p_adjusted,
                   ShareOfSubjects(*context, m.missing.subjects)),
         .text = fmt::format(
             "{} is missing, uncertain or not mentioned in {} of {}={}, {} "
             "than in the reference group{}.",
             m.label, Percent(m.missing.value), m.attribute, m.group,
             more ? "more often" : "less often",
             no_ratio ? "" : fmt::format(" ({:.2f} times)", m.ratio.value)),
         .action = "Do not code missing as negative: it would mean something "
                   "else in each group. Re-label a sample of both groups, or "
                   "leave these rows out and say so.",
         .effect = m.ratio,
         .measure = "risk_ratio",
         .attribute = m.attribute,
         .group = m.group,
         .label = m.label});
  }
}

bool HasMissing(const Context& context, size_t label) {
  for (const LabelRates& rates : context.rates[label].at(0)) {
    if (rates.missing.positives > 0) return true;
  }
  return false;
}

void RunLittle(Context* context) {
  const Cohort& cohort = context->cohort();
  std::vector<std::vector<double>> columns;
  LittleResult& little = context->result->little;
  const auto take = [&](const std::string& name, auto value_of) {
    if (columns.size() >= kMostLittleColumns) return;
    std::vector<double> column;
    bool missing = false;
    for (const int64_t row : context->input.sample) {
      if (column.size() >= kMostLittleRows) break;
      column.push_back(value_of(row));
      missing |= std::isnan(column.back());
    }
    const bool spread =
        std::any_of(column.begin(), column.end(), [&](double x) {
          return !std::isnan(x) &&
                 x != *std::find_if(column.begin(), column.end(),
                                    [](double y) { return !std::isnan(y); });
        });
    if (!spread) return;
    columns.push_back(std::move(column));
    little.columns.push_back(name);
  };
  for (const CohortLabel& label : cohort.labels) {
    take(label.name, [&](int64_t row) {
      const int8_t value = label.values[row];
      return value < 0 ? kNaN : static_cast<double>(value);
    });
  }
  for (const Factor& factor : context->input.factors) {
    if (!factor.numeric() || factor.source != std::string("table")) continue;
    take(factor.name, [&](int64_t row) { return factor.numbers[row]; });
  }
  if (columns.size() < 2) {
    little.reason = "too_few_columns";
    return;
  }
  std::vector<double> values;
  for (size_t row = 0; row < columns[0].size(); ++row) {
    for (const auto& column : columns) values.push_back(column[row]);
  }
  const LittleTest test = LittleMcar(values, columns.size());
  little.reason = test.reason;
  little.patterns = test.patterns;
  if (!little.reason.empty()) return;
  little.chi_squared = test.chi_squared;
  little.degrees = test.degrees;
  little.p = test.p;
}

// Whether a label is missing at random with respect to each attribute.
void TestMissing(Context* context) {
  const Cohort& cohort = context->cohort();
  struct Task {
    const CohortLabel* label;
    const CohortAttribute* attribute;
  };
  std::vector<Task> tasks;
  for (size_t l = 0; l < cohort.labels.size(); ++l) {
    if (!HasMissing(*context, l)) continue;
    for (const CohortAttribute& attribute : cohort.attributes) {
      tasks.push_back({&cohort.labels[l], &attribute});
    }
  }
  std::vector<MissingAssociation>& rows = context->result->missing_association;
  rows.resize(tasks.size());
  ParallelFor(
      static_cast<int64_t>(tasks.size()), context->options.threads,
      [&](int64_t i) {
        const auto& [label, attribute] = tasks[i];
        std::vector<int32_t> x, y;
        for (const int64_t row : context->input.sample) {
          x.push_back(attribute->codes[row]);
          y.push_back(label->values[row] < 0 ? 1 : 0);
        }
        const Association association = Associate(
            CountPairs(x, static_cast<int>(attribute->levels.size()), y, 2),
            {.permutations = context->options.permutations,
             .replicates = 0,
             .seed = context->options.seed});
        rows[i] = {label->name, attribute->name,
                   association.information_corrected, association.p,
                   association.n};
      });
}

void AddRecodings(Context* context) {
  const Cohort& cohort = context->cohort();
  for (size_t l = 0; l < cohort.labels.size(); ++l) {
    if (!HasMissing(*context, l)) continue;
    ForEachGroup(*context, [&](size_t a, int32_t group, int32_t reference) {
      Recoding r =
          Recode(context->rates[l][a][group], context->rates[l][a][reference]);
      r.label = cohort.labels[l].name;
      r.attribute = cohort.attributes[a].name;
      r.group = cohort.attributes[a].levels[group];
      context->result->recodings.push_back(std::move(r));
    });
  }
}

}  // namespace

void CheckPrevalence(Context* context) {
  const Cohort& cohort = context->cohort();
  const std::vector<Place> places = AllPlaces(cohort);
  std::vector<Prevalence>& rows = context->result->prevalence;
  const double coverage = context->options.level;
  for (const auto& [l, a, level] : places) {
    const CohortAttribute& attribute = cohort.attributes[a];
    const ProportionSums& sums = context->rates[l][a][level].positive;
    Prevalence p;
    p.label = cohort.labels[l].name;
    p.attribute = attribute.name;
    p.group = attribute.levels[level];
    const ClusteredProportion rate = ProportionOf(sums, coverage);
    p.rate = FromProportion(rate);
    p.design_effect = rate.design_effect;
    p.icc = rate.icc;
    const int32_t reference = context->reference[a];
    if (reference >= 0 && level != reference && attribute.IsGroup(level)) {
      const Comparison c = CompareRates(
          sums, context->rates[l][a][reference].positive, coverage);
      p.difference = c.difference;
      p.smd = c.smd;
    }
    rows.push_back(std::move(p));
  }
  std::vector<Estimate*> family;
  for (Prevalence& p : rows) {
    if (!std::isnan(p.smd.p)) family.push_back(&p.smd);
  }
  AdjustFamily(family);
  for (Prevalence& p : rows) p.difference.p_adjusted = p.smd.p_adjusted;
  FindPrevalence(context);
}

void CheckMissingness(Context* context) {
  const Cohort& cohort = context->cohort();
  const double coverage = context->options.level;
  std::vector<Missingness>& rows = context->result->missingness;
  for (const auto& [l, a, level] : AllPlaces(cohort)) {
    // Where nothing is missing there is nothing to compare.
    if (!HasMissing(*context, l)) continue;
    const CohortAttribute& attribute = cohort.attributes[a];
    const LabelRates& rates = context->rates[l][a][level];
    const auto rate = [&](const ProportionSums& sums) {
      return FromProportion(ProportionOf(sums, coverage));
    };
    Missingness m{cohort.labels[l].name,   attribute.name,
                  attribute.levels[level], rate(rates.blank),
                  rate(rates.uncertain),   rate(rates.not_mentioned),
                  rate(rates.missing)};
    const int32_t reference = context->reference[a];
    if (reference >= 0 && level != reference && attribute.IsGroup(level)) {
      m.ratio = CompareRates(rates.missing,
                             context->rates[l][a][reference].missing, coverage)
                    .ratio;
    }
    rows.push_back(std::move(m));
  }
  std::vector<Estimate*> family;
  for (Missingness& m : rows) {
    if (!std::isnan(m.ratio.p)) family.push_back(&m.ratio);
  }
  AdjustFamily(family);
  FindMissing(context);
  TestMissing(context);
  AddRecodings(context);
  RunLittle(context);
}

void CheckLabelReliability(Context* context) {
  const double sensitivity = context->options.sensitivity;
  const double specificity = context->options.specificity;
  for (const Prevalence& p : context->result->prevalence) {
    if (!std::isfinite(p.rate.value)) continue;
    LabelBounds bounds{p.label, p.attribute, p.group, p.rate.value};
    // The prevalence behind the label falls with sensitivity and rises with
    // specificity; its extremes lie at corners of the range.
    bounds.lowest = bounds.highest = p.rate.value;
    for (const double se : {sensitivity, 1.0}) {
      for (const double sp : {specificity, 1.0}) {
        const double behind = RoganGladen(p.rate.value, se, sp);
        if (std::isnan(behind)) continue;
        bounds.lowest = std::min(bounds.lowest, behind);
        bounds.highest = std::max(bounds.highest, behind);
      }
    }
    context->result->bounds.push_back(bounds);
  }
}

}  // namespace plumbline::survey
