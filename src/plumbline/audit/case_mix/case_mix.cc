#include "plumbline/audit/case_mix/case_mix.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <memory>
#include <numeric>

#include "plumbline/audit/case_mix/few_outcomes.h"
#include "plumbline/audit/case_mix/influence.h"
#include "plumbline/audit/case_mix/mix_intervals.h"
#include "plumbline/audit/case_mix/mix_metrics.h"
#include "plumbline/audit/case_mix/mix_prepared.h"
#include "plumbline/audit/case_mix/ranked_outcomes.h"
#include "plumbline/audit/case_mix/shapley.h"
#include "plumbline/audit/case_mix/subject_sums.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/stats/normal.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

class Analysis {
 public:
  Analysis(const MixRows& rows, const MixGroups& groups,
           const MixOptions& options)
      : rows_(rows),
        groups_(groups),
        options_(options),
        identity_(Identity(groups.patterns->strata)),
        strata_(StrataOnly(*groups.patterns)) {}

  MixResult Run() {
    for (const MixMetric& metric : MixMetrics()) {
      if (!options_.metrics.empty() &&
          std::find(options_.metrics.begin(), options_.metrics.end(),
                    metric.name) == options_.metrics.end()) {
        continue;
      }
      StopIfInterrupted();
      Metric(metric);
    }
    FillBalance();
    return std::move(result_);
  }

 private:
  using Groups = std::vector<uint32_t>;

  // patterns x all groups: rows of the denominator.
  const std::vector<double>& Counts(MixDenominator denominator) {
    std::vector<double>& counts = counts_[denominator];
    if (!counts.empty()) return counts;
    counts.assign(groups_.patterns->patterns * groups_.groups, 0);
    for (size_t i = 0; i < rows_.positive.size(); ++i) {
      counts[groups_.pattern[i] * groups_.groups + groups_.group[i]] +=
          IsIn(rows_, i, denominator);
    }
    return counts;
  }

  // Groups with enough rows.
  Groups Eligible(MixDenominator denominator) {
    if (denominator == MixDenominator::kBothClasses) {
      const Groups a = Eligible(MixDenominator::kPositives);
      const Groups b = Eligible(MixDenominator::kNegatives);
      Groups both;
      std::set_intersection(a.begin(), a.end(), b.begin(), b.end(),
                            std::back_inserter(both));
      return both;
    }
    const std::vector<double>& counts = Counts(denominator);
    std::vector<double> total(groups_.groups, 0);
    for (size_t i = 0; i < counts.size(); ++i) {
      total[i % groups_.groups] += counts[i];
    }
    Groups eligible;
    for (size_t g = 0; g < groups_.groups; ++g) {
      if (total[g] >= static_cast<double>(options_.minimum)) {
        eligible.push_back(static_cast<uint32_t>(g));
      }
    }
    return eligible;
  }

  const Prepared& Prepare(MixDenominator denominator, const Groups& compared,
                          const MixComparison& comparison) {
    std::unique_ptr<Prepared>& slot = prepared_[{denominator, compared}];
    if (slot) return *slot;
    slot = std::make_unique<Prepared>();
    Prepared& p = *slot;
    p.groups = compared;
    p.problem.compared = compared.size();
    if (groups_.target >= 0) AddTarget(&p);
    p.problem.groups = p.groups.size();
    p.problem.covariates = groups_.covariates;
    p.problem.patterns = groups_.patterns;
    p.place.assign(groups_.groups, -1);
    for (size_t g = 0; g < p.groups.size(); ++g) {
      p.place[p.groups[g]] = static_cast<int>(g);
    }
    p.problem.rows = Select(Counts(denominator), p);
    p.direct = MakeDirectWeights(p.problem, identity_, strata_.strata);
    p.propensity = MakePropensityWeights(p.problem);
    AddSupport(p, denominator, comparison);
    return p;
  }

  void AddTarget(Prepared* p) {
    const auto target = static_cast<uint32_t>(groups_.target);
    const auto at = std::find(p->groups.begin(), p->groups.end(), target);
    p->problem.target = static_cast<int>(at - p->groups.begin());
    if (at == p->groups.end()) p->groups.push_back(target);
  }

  // The columns of the problem's groups from patterns x all groups.
  std::vector<double> Select(const std::vector<double>& all,
                             const Prepared& p) const {
    std::vector<double> selected;
    selected.reserve(groups_.patterns->patterns * p.groups.size());
    for (size_t c = 0; c < groups_.patterns->patterns; ++c) {
      for (const uint32_t g : p.groups) {
        selected.push_back(all[c * groups_.groups + g]);
      }
    }
    return selected;
  }

  // Place of the group to compare balance with.
  size_t BalanceReference(const Prepared& p) const {
    if (groups_.reference < 0) return 0;
    const int place = p.place[groups_.reference];
    return place >= 0 && place < static_cast<int>(p.problem.compared) ? place
                                                                      : 0;
  }

  void AddSupport(const Prepared& p, MixDenominator denominator,
                  const MixComparison& comparison) {
    MixSupport support;
    support.denominator = denominator;
    support.measure = comparison.measure;
    support.group = comparison.group;
    support.reference = comparison.reference;
    support.coverage = p.direct.coverage;
    support.strata = p.direct.strata;
    support.covered = p.direct.covered;
    support.direct_reason = p.direct.reason;
    support.weights_reason = p.propensity.reason;
    support.covariate = p.propensity.covariate;
    support.level = p.propensity.level;
    const size_t reference = BalanceReference(p);
    for (size_t g = 0; g < p.problem.compared; ++g) {
      MixSupport::OfGroup of;
      of.group = p.groups[g];
      double n = 0;
      for (size_t c = 0; c < groups_.patterns->patterns; ++c) {
        n += p.problem.Rows(c, g);
      }
      of.n = static_cast<int64_t>(n);
      const bool weighted = p.propensity.reason == nullptr;
      of.effective = weighted ? p.propensity.effective[g] : kNan;
      of.largest_share = weighted ? p.propensity.largest_share[g] : kNan;
      const std::vector<BalanceRow> balance =
          Balance(p.problem, p.propensity, g, reference);
      const LargestImbalance largest = FindLargestImbalance(balance);
      of.imbalance_before = largest.before;
      of.imbalance_after = largest.after;
      of.worst_covariate = balance[largest.row].covariate;
      of.worst_level = balance[largest.row].level;
      support.groups.push_back(std::move(of));
    }
    result_.supports.push_back(std::move(support));
  }

  void Metric(const MixMetric& metric) {
    MixComparison start;
    start.metric = metric.name;
    start.denominator = metric.denominator;
    if (metric.needs_scores && rows_.hard_decisions) {
      return Refuse(std::move(start), "needs_scores");
    }
    const Groups eligible = Eligible(metric.denominator);
    const bool has_target =
        groups_.target < 0 ||
        std::binary_search(eligible.begin(), eligible.end(),
                           static_cast<uint32_t>(groups_.target));
    if (eligible.size() < 2 || !has_target) {
      return Refuse(std::move(start), "below_minimum");
    }
    const bool ranked = metric.denominator == MixDenominator::kBothClasses;
    if (!ranked) FillOutcome(metric);
    std::vector<MixComparison> pairs;
    const auto reference = static_cast<uint32_t>(groups_.reference);
    if (std::binary_search(eligible.begin(), eligible.end(), reference)) {
      for (const uint32_t group : eligible) {
        if (group == reference) continue;
        MixComparison pair = start;
        pair.measure = "difference_reference";
        pair.group = static_cast<int>(group);
        pair.reference = groups_.reference;
        pairs.push_back(std::move(pair));
      }
    }
    if (eligible.size() == 2) {
      // The largest difference and the one to the reference are the same.
      pairs.insert(pairs.begin(), start);
      return Compare(std::move(pairs), eligible, ranked);
    }
    if (eligible.size() <= kMostGroupsAtOnce) {
      Compare({start}, eligible, ranked);
    } else {
      Refuse(start, "too_many_groups");
    }
    for (MixComparison& pair : pairs) {
      const auto group = static_cast<uint32_t>(pair.group);
      Compare({std::move(pair)},
              {std::min(group, reference), std::max(group, reference)}, ranked);
    }
  }

  void Refuse(MixComparison comparison, const char* reason) {
    comparison.crude.reason = reason;
    comparison.direct.reason = reason;
    comparison.weighted.reason = reason;
    comparison.explained.reason = reason;
    result_.comparisons.push_back(std::move(comparison));
  }

  void FillOutcome(const MixMetric& metric) {
    outcome_ = MixOutcomes(metric.name, rows_);
    sums_ = Sums(metric.denominator, outcome_);
  }

  // patterns x all groups: the sum of an outcome in the denominator.
  std::vector<double> Sums(MixDenominator denominator,
                           const std::vector<double>& outcome) const {
    std::vector<double> sums(groups_.patterns->patterns * groups_.groups, 0);
    for (size_t i = 0; i < outcome.size(); ++i) {
      if (!IsIn(rows_, i, denominator)) continue;
      sums[groups_.pattern[i] * groups_.groups + groups_.group[i]] +=
          outcome[i];
    }
    return sums;
  }

  // One denominator of a comparison with the errors of the three estimators.
  struct Term {
    const Prepared* prepared;
    MixDenominator denominator;
    std::array<MixInfluence, kEstimators> influence;
    std::array<const double*, kEstimators> outcome;
  };

  void FillTerm(const std::array<std::vector<double>, kEstimators>& sums,
                Term* term) const {
    const Prepared& p = *term->prepared;
    term->influence[0] = CrudeInfluence(p.problem, sums[0]);
    if (p.direct.reason == nullptr) {
      term->influence[1] =
          DirectInfluence(p.problem, p.direct, identity_, sums[1]);
    }
    if (p.propensity.reason == nullptr) {
      term->influence[2] =
          PropensityInfluence(p.problem, p.propensity, sums[2]);
    }
  }

  // All of the same metric and groups.
  void Compare(std::vector<MixComparison> comparisons, const Groups& groups,
               bool ranked) {
    const MixComparison& comparison = comparisons[0];
    std::vector<Term> terms;
    std::array<std::vector<double>, kEstimators> placements;
    if (ranked) {
      terms = RankedTerms(comparison, groups, &placements);
    } else {
      const Prepared& p = Prepare(comparison.denominator, groups, comparison);
      Term term{&p, comparison.denominator, {}, {}};
      const std::vector<double> sums = Select(sums_, p);
      FillTerm({sums, sums, sums}, &term);
      term.outcome.fill(outcome_.data());
      terms.push_back(std::move(term));
    }
    SubjectSums sums;
    if (groups.size() == 2) sums = SumPair(terms);
    for (MixComparison& each : comparisons) {
      each.groups = groups;
      for (const Term& term : terms) {
        Blame(term.prepared->direct.reason, &each.direct);
        Blame(term.prepared->propensity.reason, &each.weighted);
      }
      groups.size() == 2 ? FillPair(terms, sums, &each) : Several(terms, &each);
      if (each.reference >= 0) {
        ranked ? void(each.shares_reason = "not_decomposed")
               : Shares(terms[0], &each);
      }
      result_.comparisons.push_back(std::move(each));
    }
  }

  static void Blame(const char* reason, MixEstimate* estimate) {
    if (estimate->reason == nullptr) estimate->reason = reason;
  }

  std::vector<Term> RankedTerms(
      const MixComparison& comparison, const Groups& groups,
      std::array<std::vector<double>, kEstimators>* placements) {
    const Prepared& positives =
        Prepare(MixDenominator::kPositives, groups, comparison);
    const Prepared& negatives =
        Prepare(MixDenominator::kNegatives, groups, comparison);
    std::vector<int> place(rows_.positive.size());
    for (size_t i = 0; i < place.size(); ++i) {
      place[i] = positives.place[groups_.group[i]];
    }
    const auto positive_weights = WeightsOf(positives);
    const auto negative_weights = WeightsOf(negatives);
    std::vector<Term> terms = {
        {&positives, MixDenominator::kPositives, {}, {}},
        {&negatives, MixDenominator::kNegatives, {}, {}}};
    for (size_t e = 0; e < kEstimators; ++e) {
      if (positive_weights[e].empty() || negative_weights[e].empty()) continue;
      (*placements)[e] = Placements(
          {rows_.scores, rows_.positive, rows_.by_score, place, groups_.pattern,
           groups.size(), positive_weights[e], negative_weights[e]});
    }
    for (Term& term : terms) {
      std::array<std::vector<double>, kEstimators> sums;
      for (size_t e = 0; e < kEstimators; ++e) {
        if ((*placements)[e].empty()) {
          sums[e].assign(term.prepared->problem.rows.size(), 0);
        } else {
          sums[e] =
              Select(Sums(term.denominator, (*placements)[e]), *term.prepared);
        }
        term.outcome[e] =
            (*placements)[e].empty() ? nullptr : (*placements)[e].data();
      }
      FillTerm(sums, &term);
    }
    return terms;
  }

  static MixEstimate& EstimateOf(MixComparison* comparison, size_t e) {
    return e == 0   ? comparison->crude
           : e == 1 ? comparison->direct
                    : comparison->weighted;
  }

  // The errors of group 0 minus group 1, all estimators side by side.
  struct PairTable {
    std::vector<double> slope;     // cells x estimators
    std::vector<double> constant;  // cells x estimators
  };
  static PairTable TableOfPair(const Term& term) {
    const size_t groups = term.prepared->problem.groups;
    const size_t cells = term.prepared->problem.rows.size();
    PairTable table{std::vector<double>(cells * kEstimators, 0),
                    std::vector<double>(cells * kEstimators, 0)};
    for (size_t e = 0; e < kEstimators; ++e) {
      const MixInfluence& influence = term.influence[e];
      if (influence.slope.empty() || term.outcome[e] == nullptr) continue;
      for (size_t cell = 0; cell < cells; ++cell) {
        const size_t h = cell % groups;
        const double sign = h == 0 ? 1 : h == 1 ? -1 : 0;
        table.slope[cell * kEstimators + e] = sign * influence.slope[cell];
        table.constant[cell * kEstimators + e] =
            influence.constant[cell * 2] - influence.constant[cell * 2 + 1];
      }
    }
    return table;
  }

  // The term that a row belongs to, -1: none.
  int TermOf(const std::vector<Term>& terms, size_t row) const {
    for (size_t t = 0; t < terms.size(); ++t) {
      if (IsIn(rows_, row, terms[t].denominator)) return static_cast<int>(t);
    }
    return -1;
  }

  SubjectSums SumPair(const std::vector<Term>& terms) const {
    std::vector<PairTable> tables;
    for (const Term& term : terms) tables.push_back(TableOfPair(term));
    return SumOverSubjects(
        rows_, kEstimators, [&](size_t i, double* error) -> int {
          const int t = TermOf(terms, i);
          if (t < 0) return -1;
          const Prepared& p = *terms[t].prepared;
          const int h = p.place[groups_.group[i]];
          if (h < 0) return -1;
          const size_t cell =
              (groups_.pattern[i] * p.problem.groups + h) * kEstimators;
          for (size_t e = 0; e < kEstimators; ++e) {
            const double slope = tables[t].slope[cell + e];
            error[e] += tables[t].constant[cell + e];
            if (slope != 0) error[e] += slope * terms[t].outcome[e][i];
          }
          return h < 2;
        });
  }

  // What the variance of each group's value lacks. NaN for an AUROC of 0 or 1:
  // its rows say nothing of how it varies.
  std::vector<double> Lacking(const std::string& metric,
                              const std::vector<Term>& terms, size_t e) const {
    const Term& term = terms[0];
    const std::vector<double>& values = term.influence[e].value;
    std::vector<double> lacking(values.size(), 0);
    if (term.denominator != terms.back().denominator) {
      for (size_t g = 0; g < values.size(); ++g) {
        if (!(values[g] > 1e-12 && values[g] < 1 - 1e-12)) lacking[g] = kNan;
      }
    } else if (!NeedsScores(metric)) {
      lacking = FewOutcomesVariance(
          rows_, groups_, *term.prepared, term.denominator, term.influence[e],
          WeightsOf(*term.prepared)[e], term.outcome[e]);
    }
    return lacking;
  }

  void FillPair(const std::vector<Term>& terms, const SubjectSums& sums,
                MixComparison* comparison) const {
    comparison->n = sums.rows;
    comparison->subjects = sums.subjects;
    const bool of_reference = comparison->reference >= 0;
    const double sign =
        of_reference && comparison->groups[0] ==
                            static_cast<uint32_t>(comparison->reference)
            ? -1
            : 1;
    std::array<double, kEstimators> difference{};
    for (size_t e = 0; e < kEstimators; ++e) {
      MixEstimate& estimate = EstimateOf(comparison, e);
      if (estimate.reason != nullptr) continue;
      estimate.of_group = terms[0].influence[e].value;
      difference[e] = estimate.of_group[0] - estimate.of_group[1];
      const std::vector<double> lacking = Lacking(comparison->metric, terms, e);
      Wald(of_reference ? sign * difference[e] : std::abs(difference[e]),
           sums.covariance[e * kEstimators + e] + lacking[0] + lacking[1],
           !of_reference, options_.level, &estimate);
    }
    const size_t judged = std::isnan(comparison->direct.value) ? 2 : 1;
    MixEstimate& explained = comparison->explained;
    if (std::isnan(EstimateOf(comparison, judged).value)) {
      explained.reason = EstimateOf(comparison, judged).reason;
      return;
    }
    const auto covariance = [&](size_t a, size_t b) {
      return sums.covariance[a * kEstimators + b];
    };
    // The largest difference has the sign that it has without adjustment.
    const double turn = of_reference ? sign : (difference[0] < 0 ? -1.0 : 1.0);
    const double value = turn * (difference[0] - difference[judged]);
    Wald(value,
         covariance(0, 0) + covariance(judged, judged) -
             2 * covariance(0, judged),
         false, options_.level, &explained);
  }

  // The largest of several differences.
  void Several(const std::vector<Term>& terms, MixComparison* comparison) {
    const size_t k = comparison->groups.size();
    for (size_t e = 0; e < kEstimators; ++e) {
      MixEstimate& estimate = EstimateOf(comparison, e);
      if (estimate.reason != nullptr) continue;
      SubjectSums sums =
          SumOverSubjects(rows_, k, [&](size_t i, double* error) -> int {
            const int t = TermOf(terms, i);
            if (t < 0) return -1;
            const Prepared& p = *terms[t].prepared;
            const int h = p.place[groups_.group[i]];
            if (h < 0) return -1;
            const MixInfluence& influence = terms[t].influence[e];
            const size_t cell = groups_.pattern[i] * p.problem.groups + h;
            const double* constant = influence.constant.data() + cell * k;
            for (size_t g = 0; g < k; ++g) error[g] += constant[g];
            if (h >= static_cast<int>(k)) return 0;
            error[h] += influence.slope[cell] * terms[t].outcome[e][i];
            return 1;
          });
      comparison->n = sums.rows;
      comparison->subjects = sums.subjects;
      estimate.of_group = terms[0].influence[e].value;
      const std::vector<double> lacking = Lacking(comparison->metric, terms, e);
      for (size_t g = 0; g < k; ++g) sums.covariance[g * k + g] += lacking[g];
      LargestDifference(sums.covariance, options_, &estimate);
    }
    MixEstimate& explained = comparison->explained;
    const MixEstimate& judged = std::isnan(comparison->direct.value)
                                    ? comparison->weighted
                                    : comparison->direct;
    explained.value = comparison->crude.value - judged.value;
    explained.reason =
        std::isnan(explained.value) ? judged.reason : "several_groups";
  }

  void Shares(const Term& term, MixComparison* comparison) {
    const Prepared& p = *term.prepared;
    if (p.direct.reason != nullptr) {
      comparison->shares_reason = p.direct.reason;
      return;
    }
    const size_t groups = p.problem.groups;
    MixProblem problem = p.problem;
    problem.patterns = &strata_;
    problem.rows.assign(strata_.patterns * groups, 0);
    std::vector<double> sums(problem.rows.size(), 0);
    const std::vector<double> of_patterns = Select(sums_, p);
    for (size_t i = 0; i < of_patterns.size(); ++i) {
      const size_t stratum = groups_.patterns->stratum_of_pattern[i / groups];
      problem.rows[stratum * groups + i % groups] += p.problem.rows[i];
      sums[stratum * groups + i % groups] += of_patterns[i];
    }
    const ShapleyShares shares = FindShapleyShares(problem, sums);
    comparison->shares_reason = shares.reason;
    if (shares.reason != nullptr) return;
    const size_t k = shares.value.size();
    const SubjectSums errors =
        SumOverSubjects(rows_, k, [&](size_t i, double* error) -> int {
          if (!IsIn(rows_, i, term.denominator)) return -1;
          const int h = p.place[groups_.group[i]];
          if (h < 0) return -1;
          const size_t stratum =
              groups_.patterns->stratum_of_pattern[groups_.pattern[i]];
          const size_t cell = (stratum * groups + h) * k;
          for (size_t j = 0; j < k; ++j) {
            error[j] += shares.constant[cell + j] +
                        shares.slope[cell + j] * outcome_[i];
          }
          return h < 2;
        });
    const double sign =
        comparison->groups[0] == static_cast<uint32_t>(comparison->reference)
            ? -1
            : 1;
    for (size_t j = 0; j < k; ++j) {
      const double value = sign * shares.value[j];
      const double half =
          TwoSidedZ(options_.level) * std::sqrt(errors.covariance[j * k + j]);
      comparison->shares.push_back(
          {(*groups_.covariates)[j]->name, value, value - half, value + half});
    }
  }

  // Every level, for all rows and all groups at once.
  void FillBalance() {
    for (const auto& [key, p] : prepared_) {
      if (key.first != MixDenominator::kAll ||
          (balance_groups_ >= p->problem.compared)) {
        continue;
      }
      balance_groups_ = p->problem.compared;
      result_.balance.clear();
      const size_t reference = BalanceReference(*p);
      for (size_t g = 0; g < p->problem.compared; ++g) {
        if (g == reference) continue;
        for (BalanceRow& row :
             Balance(p->problem, p->propensity, g, reference)) {
          result_.balance.push_back(
              {p->groups[g], p->groups[reference], std::move(row)});
        }
      }
    }
  }

  const MixRows& rows_;
  const MixGroups& groups_;
  const MixOptions& options_;
  const std::vector<uint32_t> identity_;
  const CovariatePatterns strata_;
  std::map<MixDenominator, std::vector<double>> counts_;
  std::map<std::pair<MixDenominator, Groups>, std::unique_ptr<Prepared>>
      prepared_;
  std::vector<double> outcome_;
  std::vector<double> sums_;
  size_t balance_groups_ = 0;
  MixResult result_;
};

}  // namespace

MixEstimate::MixEstimate()
    : value(kNan),
      lo(kNan),
      hi(kNan),
      standard_error(kNan),
      p(kNan),
      p_adjusted(kNan) {}

MixResult AnalyseCaseMix(const MixRows& rows, const MixGroups& groups,
                         const MixOptions& options) {
  return Analysis(rows, groups, options).Run();
}

}  // namespace plumbline
