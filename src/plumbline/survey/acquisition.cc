// A7: whether images of one group were made otherwise than those of another.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/association.h"
#include "plumbline/stats/decomposition.h"
#include "plumbline/stats/normal.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

struct Moments {
  double n = 0, mean = 0, squares = 0;
  void Add(double x) {
    n += 1;
    const double off = x - mean;
    mean += off / n;
    squares += off * (x - mean);
  }
  double variance() const { return n > 1 ? squares / (n - 1) : 0; }
};

// Of the subjects' sampled rows, which are independent.
//
// Standard error of the difference: Hedges and Olkin 1985, ch. 5, eq. 15; test:
// Welch 1947, Biometrika 34:28-35.
void CompareNumbers(const Context& context, const Factor& factor,
                    const CohortAttribute& attribute, int32_t group,
                    int32_t reference, Acquisition* out) {
  Moments a, b;
  for (const int64_t row : context.input.sample) {
    const double x = factor.numbers[row];
    if (!std::isfinite(x)) continue;
    if (attribute.codes[row] == group) a.Add(x);
    if (attribute.codes[row] == reference) b.Add(x);
  }
  out->mean = a.n > 0 ? a.mean : kNaN;
  out->reference_mean = b.n > 0 ? b.mean : kNaN;
  Estimate& smd = out->smd;
  smd.n = smd.subjects = static_cast<int64_t>(a.n + b.n);
  smd.method = "hedges_olkin_subjects";
  const double spread = std::sqrt((a.variance() + b.variance()) / 2);
  if (a.n < 2 || b.n < 2 || !(spread > 0)) {
    smd.reason = a.n < 2 || b.n < 2 ? "too_few_subjects" : "no_spread";
    return;
  }
  smd.value = (a.mean - b.mean) / spread;
  const double error = std::sqrt((a.n + b.n) / (a.n * b.n) +
                                 smd.value * smd.value / (2 * (a.n + b.n)));
  // Welch's degrees of freedom: few people know their own spread badly.
  const double u = a.variance() / a.n, v = b.variance() / b.n;
  const double degrees =
      (u + v) * (u + v) / (u * u / (a.n - 1) + v * v / (b.n - 1));
  const double half = TwoSidedT(context.options.level, degrees) * error;
  smd.lo = smd.value - half;
  smd.hi = smd.value + half;
  smd.p = TwoSidedStudentP((a.mean - b.mean) / std::sqrt(u + v), degrees);
}

void CompareWords(const Context& context, const Factor& factor,
                  const CohortAttribute& attribute, int32_t group,
                  int32_t reference, Acquisition* out) {
  const Cohort& cohort = context.cohort();
  // Missing is a level of its own: it may be what differs.
  const auto levels = static_cast<int>(factor.levels.size()) + 1;
  std::vector<int32_t> cells(cohort.rows, -1);
  int64_t rows = 0;
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t level = attribute.codes[row];
    if (level != group && level != reference) continue;
    cells[row] = (level == group ? 0 : levels) + factor.codes[row] + 1;
    ++rows;
  }
  const auto halves = [levels](std::span<const double> n) {
    return std::pair(n.subspan(0, levels), n.subspan(levels, levels));
  };
  const auto estimate =
      CellStatistics({cells, 2 * levels, cohort.subjects, cohort.subject_count},
                     [&](std::span<const double> n) {
                       const auto [a, b] = halves(n);
                       return std::vector<double>{CategoricalSmd(a, b)};
                     })[0];
  Estimate& smd = out->smd;
  smd = FromCell(estimate, context.options.level);
  smd.lo = std::max(0.0, smd.lo);
  smd.n = rows;
  if (std::isnan(smd.value)) smd.reason = "no_spread";
  // The distance is never negative: its test is that of the table.
  std::vector<int32_t> x, y;
  for (const int64_t row : context.input.sample) {
    const int32_t level = attribute.codes[row];
    if (level != group && level != reference) continue;
    x.push_back(level == group ? 0 : 1);
    y.push_back(factor.codes[row] + 1);
  }
  const ContingencyTable table = CountPairs(x, 2, y, levels);
  smd.subjects = table.total();
  smd.p = SameMixP(table);
  const std::vector<double> counts =
      CountCells({cells, 2 * levels, cohort.subjects, cohort.subject_count});
  const auto [a, b] = halves(counts);
  double all_a = 0, all_b = 0, largest = -1;
  for (int l = 0; l < levels; ++l) {
    all_a += a[l];
    all_b += b[l];
  }
  for (int l = 0; l < levels && all_a > 0 && all_b > 0; ++l) {
    const double apart = std::abs(a[l] / all_a - b[l] / all_b);
    // Of two that are as far apart but for rounding, the first.
    if (apart <= largest + 1e-12) continue;
    largest = apart;
    out->most_different = l == 0 ? "missing" : factor.levels[l - 1];
    out->share = a[l] / all_a;
    out->reference_share = b[l] / all_b;
  }
}

// Two groups without a level in common have no standardised difference: there
// is no spread to measure it by.
bool HasNothingInCommon(const Acquisition& a) {
  return !a.numeric && std::isnan(a.smd.value) && !std::isnan(a.smd.p) &&
         std::abs(a.share - a.reference_share) > kSmdFlag;
}

std::string Sentence(const Acquisition& a) {
  if (a.numeric) {
    return fmt::format(
        "{} differs for {}={}: mean {:.3g}, in the reference group {:.3g} "
        "({:.2f} standard deviations).",
        a.covariate, a.attribute, a.group, a.mean, a.reference_mean,
        a.smd.value);
  }
  return fmt::format(
      "{} differs for {}={}: {} in {}, in the reference group {}.", a.covariate,
      a.attribute, a.group, a.most_different, Percent(a.share),
      Percent(a.reference_share));
}

}  // namespace

void CheckAcquisition(Context* context) {
  struct Place {
    size_t factor, attribute;
    int32_t group, reference;
  };
  std::vector<Place> places;
  for (size_t f = 0; f < context->input.factors.size(); ++f) {
    ForEachGroup(*context, [&](size_t a, int32_t group, int32_t reference) {
      places.push_back({f, a, group, reference});
    });
  }
  std::vector<Acquisition>& rows = context->result->acquisition;
  rows.resize(places.size());
  ParallelFor(
      static_cast<int64_t>(places.size()), context->options.threads,
      [&](int64_t i) {
        const auto& [f, a, group, reference] = places[i];
        const Factor& factor = context->input.factors[f];
        const CohortAttribute& attribute = context->cohort().attributes[a];
        rows[i] = {factor.name, factor.source, attribute.name,
                   attribute.levels[group], factor.numeric()};
        if (factor.numeric()) {
          CompareNumbers(*context, factor, attribute, group, reference,
                         &rows[i]);
        } else {
          CompareWords(*context, factor, attribute, group, reference, &rows[i]);
        }
      });
  std::vector<Estimate*> family;
  for (Acquisition& a : rows) {
    if (!std::isnan(a.smd.p)) family.push_back(&a.smd);
  }
  AdjustFamily(family);
  for (size_t i = 0; i < rows.size(); ++i) {
    const Acquisition& a = rows[i];
    const double size =
        HasNothingInCommon(a) ? kSmdAlarm : std::abs(a.smd.value);
    if (!(size > kSmdFlag) || !(a.smd.p_adjusted < context->options.alpha)) {
      continue;
    }
    const CohortAttribute& attribute =
        context->cohort().attributes[places[i].attribute];
    const double share = static_cast<double>(SubjectsIn(
                             context->cohort(), attribute, places[i].group)) /
                         static_cast<double>(context->cohort().subject_count);
    AddFinding(
        context,
        {.code = std::strcmp(a.source, "pixels") == 0 ? "SV117" : "SV107",
         .chapter = 1,
         .severity = Grade(*context, size, kSmdAlarm, a.smd.p_adjusted, share),
         .text = Sentence(a),
         .action = "A model can tell the groups apart by this alone. Stratify "
                   "the test by it, and test on images where it does not go "
                   "with the group.",
         .effect = a.smd,
         .measure = "smd",
         .attribute = a.attribute,
         .group = a.group,
         .covariate = a.covariate});
  }
}

}  // namespace plumbline::survey
