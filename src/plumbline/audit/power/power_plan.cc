#include "plumbline/audit/power/power_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/power.h"
#include "plumbline/stats/roc.h"
#include "plumbline/stats/studentized_range.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Variance of a count, n p (1 - p), up to which power is summed exactly: the
// work grows with it, and the normal formula is off where it is small. That of
// 1000 trials at 1/2.
constexpr double kLargestExact = 250;

// More than any study enrols.
constexpr int64_t kMostTrials = 1'000'000'000;

constexpr std::array<PowerMetric, 9> kMetrics = {{
    {"fnr", "False-negative rate (FNR)", PowerDenominator::kPositives, false},
    {"sensitivity", "Sensitivity", PowerDenominator::kPositives, true},
    {"fpr", "False-positive rate (FPR)", PowerDenominator::kNegatives, false},
    {"specificity", "Specificity", PowerDenominator::kNegatives, true},
    {"ppv", "Positive predictive value (PPV)", PowerDenominator::kFlagged,
     true},
    {"npv", "Negative predictive value (NPV)", PowerDenominator::kUnflagged,
     true},
    {"selection_rate", "Selection rate", PowerDenominator::kRows, false},
    {"accuracy", "Accuracy", PowerDenominator::kRows, true},
    {"auroc", "AUROC", PowerDenominator::kBoth, true},
}};

void Require(bool good, const char* message, double found) {
  if (!good) throw Error(ErrorCode::kUsage, "{}, found {:g}", message, found);
}

bool Inside(double x) { return x > 0 && x < 1; }

class Planner {
 public:
  explicit Planner(const PowerPlanOptions& options)
      : options_(options), metric_(*FindPowerMetric(options.metric)) {
    const auto largest = std::max_element(
        options.groups.begin(), options.groups.end(),
        [](const auto& a, const auto& b) { return a.share < b.share; });
    reference_ = static_cast<size_t>(largest - options.groups.begin());
    for (const PowerGroup& group : options.groups) {
      plan_.design_effects.push_back(
          group.design_effect > 0
              ? group.design_effect
              : PowerDesignEffect(options.rows_per_subject, options.size_cv,
                                  options.icc));
    }
    plan_.margin = options.margin;
    SetZ();
  }

  PowerPlan Run() {
    CheckValues();
    if (options_.subjects > 0) {
      FromSubjects();
    } else {
      int64_t trials = SmallestTrials([this](int64_t n) {
        return Balanced(static_cast<double>(n), plan_.margin);
      });
      SetNeeds(static_cast<double>(trials));
      plan_.power = Balanced(static_cast<double>(trials), plan_.margin);
      AtShares();
    }
    plan_.formula_trials = FormulaTrials();
    Curves();
    return plan_;
  }

 private:
  void SetZ() {
    const double alpha = 1 - options_.level;
    const auto groups = static_cast<int>(options_.groups.size());
    plan_.comparisons = 1;
    if (options_.goal == PowerGoal::kPrecision) {
      plan_.z = NormalQuantile(1 - alpha / 2);
    } else if (options_.goal != PowerGoal::kDifference) {
      plan_.z = NormalQuantile(1 - alpha);
    } else if (options_.comparisons > 0) {
      plan_.comparisons = options_.comparisons;
      plan_.z = NormalQuantile(1 - alpha / 2 / options_.comparisons);
    } else if (groups == 2) {
      plan_.z = NormalQuantile(1 - alpha / 2);
    } else {
      plan_.comparisons = groups * (groups - 1) / 2;
      plan_.z = StudentizedRangeQuantile(options_.level, groups) / std::sqrt(2);
    }
  }

  // The value with larger meaning worse.
  double Bad(double value) const {
    return metric_.lower_is_worse ? 1 - value : value;
  }
  double Expected(size_t g) const { return Bad(options_.groups[g].expected); }

  double ShareOfTrials(size_t g) const {
    const PowerGroup& group = options_.groups[g];
    switch (metric_.denominator) {
      case PowerDenominator::kPositives:
        return group.prevalence;
      case PowerDenominator::kNegatives:
        return 1 - group.prevalence;
      case PowerDenominator::kFlagged:
        return group.flagged;
      case PowerDenominator::kUnflagged:
        return 1 - group.flagged;
      case PowerDenominator::kRows:
      case PowerDenominator::kBoth:
        return 1;
    }
    return 1;
  }

  double TrialsPerSubject(size_t g) const {
    return options_.rows_per_subject * (1 - options_.missing) *
           ShareOfTrials(g);
  }

  // Variance of the metric with these effective trials.
  double Variance(size_t g, double bad, double trials) const {
    if (metric_.denominator != PowerDenominator::kBoth) {
      return bad * (1 - bad) / trials;
    }
    const double prevalence = options_.groups[g].prevalence;
    return HanleyMcNeilVariance(1 - bad, trials * prevalence,
                                trials * (1 - prevalence));
  }

  // Trials are effective ones.
  bool Exact(const PowerSide& a, const PowerSide& b) const {
    const auto variance = [](const PowerSide& side) {
      return side.trials * side.value * (1 - side.value);
    };
    return metric_.denominator != PowerDenominator::kBoth &&
           std::max(variance(a), variance(b)) <= kLargestExact;
  }

  // The two sides of the comparison of group g with the reference.
  std::pair<PowerSide, PowerSide> Sides(size_t g, double trials_reference,
                                        double trials, double margin) const {
    const double a = Expected(reference_);
    const double b =
        options_.goal == PowerGoal::kDifference ? a + margin : Expected(g);
    return {{a, trials_reference / plan_.design_effects[reference_]},
            {b, trials / plan_.design_effects[g]}};
  }

  // Of the comparison of group g with the reference; trials are not yet divided
  // by the design effect.
  double Chance(size_t g, double trials_reference, double trials,
                double margin) const {
    const PowerDecision decision{options_.goal, margin, plan_.z};
    const auto [a, b] = Sides(g, trials_reference, trials, margin);
    if (!Inside(b.value)) return 0;
    if (Exact(a, b)) return ExactChance(a, b, decision);
    const double variance = Variance(reference_, a.value, a.trials) +
                            Variance(g, b.value, b.trials);
    if (!(variance > 0)) return 0;
    return NormalChance(b.value - a.value, std::sqrt(variance), decision);
  }

  // 1 if the interval of group g is narrow enough, else 0.
  double Narrow(size_t g, double trials, double margin) const {
    const double n = trials / plan_.design_effects[g];
    const double bad = Expected(g);
    const double reach =
        metric_.denominator == PowerDenominator::kBoth
            ? plan_.z * std::sqrt(std::max(0.0, Variance(g, bad, n)))
            : WilsonReach({bad, n}, plan_.z);
    return reach <= margin ? 1 : 0;
  }

  // The weakest comparison, with trials by group.
  double Weakest(const std::function<double(size_t)>& trials, double margin,
                 size_t* which = nullptr) const {
    StopIfInterrupted();
    double weakest = 2;
    for (size_t g = 0; g < options_.groups.size(); ++g) {
      double chance = 2;
      if (options_.goal == PowerGoal::kPrecision) {
        chance = Narrow(g, trials(g), margin);
      } else if (g != reference_) {
        chance = Chance(g, trials(reference_), trials(g), margin);
      }
      if (chance < weakest) {
        weakest = chance;
        if (which != nullptr) *which = g;
      }
    }
    return weakest;
  }

  double Balanced(double trials, double margin) const {
    return Weakest([trials](size_t) { return trials; }, margin);
  }

  double AtTotal(double subjects, double margin, size_t* which) const {
    return Weakest(
        [&](size_t g) {
          return subjects * options_.groups[g].share * TrialsPerSubject(g);
        },
        margin, which);
  }

  int64_t SmallestTrials(const std::function<double(int64_t)>& power) const {
    const double wanted = options_.power;
    int64_t enough = 2;
    while (power(enough) < wanted) {
      enough *= 2;
      if (enough > kMostTrials) {
        if (options_.goal == PowerGoal::kDifference ||
            options_.goal == PowerGoal::kPrecision) {
          throw Error(ErrorCode::kUsage,
                      "--margin {:g}: a group would need more than {:g} rows "
                      "in the denominator of {}; give a larger margin",
                      plan_.margin, static_cast<double>(kMostTrials),
                      options_.metric);
        }
        throw Error(ErrorCode::kUsage,
                    "no number of subjects reaches this goal: the expected "
                    "values differ by the margin of {:g} or more; give a "
                    "larger --margin, "
                    "or expected values that lie closer",
                    plan_.margin);
      }
    }
    int64_t few = enough / 2;
    while (enough - few > 1) {
      const int64_t middle = few + (enough - few) / 2;
      (power(middle) >= wanted ? enough : few) = middle;
    }
    for (int64_t next = enough + 1; next <= enough + 10; ++next) {
      if (power(next) < wanted) enough = next + 1;
    }
    return enough;
  }

  static int64_t Up(double x) {
    return static_cast<int64_t>(std::ceil(x - 1e-9));
  }

  PowerNeed NeedOf(size_t g, double trials) const {
    PowerNeed need;
    need.trials = Up(trials);
    need.rows = Up(trials / ShareOfTrials(g));
    need.subjects = Up(trials / TrialsPerSubject(g));
    return need;
  }

  void SetNeeds(double trials) {
    plan_.needs.clear();
    plan_.subjects = 0;
    for (size_t g = 0; g < options_.groups.size(); ++g) {
      plan_.needs.push_back(NeedOf(g, trials));
      plan_.subjects += plan_.needs.back().subjects;
    }
    bool exact = options_.goal != PowerGoal::kPrecision;
    for (size_t g = 0; g < options_.groups.size(); ++g) {
      if (g == reference_) continue;
      const auto [a, b] = Sides(g, trials, trials, plan_.margin);
      exact = exact && Exact(a, b);
    }
    plan_.method = exact ? "exact" : "normal";
  }

  void AtShares() {
    const int64_t total = SmallestTrials([this](int64_t subjects) {
      return AtTotal(static_cast<double>(subjects), plan_.margin, nullptr);
    });
    plan_.subjects_at_shares = total;
    size_t limiting = 0;
    AtTotal(static_cast<double>(total - 1), plan_.margin, &limiting);
    plan_.limiting = options_.groups[limiting].name;
    for (size_t g = 0; g < options_.groups.size(); ++g) {
      const double subjects =
          static_cast<double>(total) * options_.groups[g].share;
      plan_.needs_at_shares.push_back(
          NeedOf(g, subjects * TrialsPerSubject(g)));
    }
  }

  // The smallest margin with the wanted power; NaN: none.
  double SmallestMargin(const std::function<double(double)>& power) const {
    const double most = options_.goal == PowerGoal::kDifference
                            ? 1 - Expected(reference_) - 1e-9
                            : 1 - 1e-9;
    if (power(most) < options_.power) return kNaN;
    double near = 0;
    double far = most;
    for (int step = 0; step < 30; ++step) {
      const double middle = (near + far) / 2;
      (power(middle) >= options_.power ? far : near) = middle;
    }
    return far;
  }

  double MarginOf(double trials) const {
    return SmallestMargin(
        [&](double margin) { return Balanced(trials, margin); });
  }

  void FromSubjects() {
    const auto subjects = static_cast<double>(options_.subjects);
    const auto trials = [&](size_t g) {
      return subjects * TrialsPerSubject(g);
    };
    plan_.margin =
        SmallestMargin([&](double margin) { return Weakest(trials, margin); });
    if (std::isnan(plan_.margin)) {
      throw Error(ErrorCode::kUsage,
                  "--subjects {}: too few to show any margin; a group would "
                  "have about {:.1f} rows in the denominator of {}",
                  options_.subjects, trials(reference_), options_.metric);
    }
    plan_.power = Weakest(trials, plan_.margin);
    double fewest = trials(0);
    for (size_t g = 0; g < options_.groups.size(); ++g) {
      fewest = std::min(fewest, trials(g));
    }
    SetNeeds(fewest);
    plan_.needs.clear();
    plan_.subjects = 0;
    for (size_t g = 0; g < options_.groups.size(); ++g) {
      PowerNeed need = NeedOf(g, trials(g));
      need.subjects = options_.subjects;
      plan_.subjects += need.subjects;
      plan_.needs.push_back(need);
    }
  }

  double FormulaTrials() const {
    if (options_.goal != PowerGoal::kDifference ||
        metric_.denominator == PowerDenominator::kBoth) {
      return kNaN;
    }
    const double a = Expected(reference_);
    if (!Inside(a + plan_.margin)) return kNaN;
    return TrialsPerGroup(
        a, a + plan_.margin,
        {.alpha = 2 * NormalCdf(-plan_.z),
         .power = options_.power,
         .design_effect = *std::max_element(plan_.design_effects.begin(),
                                            plan_.design_effects.end())});
  }

  void Curves() {
    double trials = 0;
    double subjects = 0;
    for (const PowerNeed& need : plan_.needs) {
      trials = trials == 0 ? static_cast<double>(need.trials)
                           : std::min(trials, static_cast<double>(need.trials));
      subjects = std::max(subjects, static_cast<double>(need.subjects));
    }
    for (const double factor : {0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0}) {
      const double margin = MarginOf(std::floor(factor * trials));
      plan_.margin_by_size.push_back({std::ceil(factor * subjects),
                                      std::floor(factor * trials), margin,
                                      options_.power});
    }
    if (options_.goal == PowerGoal::kPrecision) return;
    for (int step = 1; step <= 16; ++step) {
      const double margin = plan_.margin * step / 8;
      if (!Inside(margin)) break;
      if (options_.goal == PowerGoal::kDifference &&
          !Inside(Expected(reference_) + margin)) {
        break;
      }
      plan_.power_by_margin.push_back(
          {subjects, trials, margin, Balanced(trials, margin)});
    }
  }

  void CheckValues() const {
    if (options_.goal != PowerGoal::kDifference || options_.subjects > 0) {
      return;
    }
    const double expected = options_.groups[reference_].expected;
    if (Inside(Expected(reference_) + options_.margin)) return;
    throw Error(ErrorCode::kUsage,
                "--margin {:g}: a {} of {:g} cannot be worse by that much; "
                "give a smaller margin or another --expected",
                options_.margin, options_.metric, expected);
  }

  const PowerPlanOptions& options_;
  const PowerMetric& metric_;
  size_t reference_ = 0;
  PowerPlan plan_;
};

void CheckGroup(const PowerGroup& group, const PowerMetric& metric) {
  const auto require = [&group](bool good, const char* what, double found) {
    if (good) return;
    throw Error(ErrorCode::kUsage,
                "group \"{}\": {} must lie between 0 and 1, found {:g}",
                group.name, what, found);
  };
  require(Inside(group.share), "its share of the subjects", group.share);
  require(Inside(group.expected), "the expected value", group.expected);
  switch (metric.denominator) {
    case PowerDenominator::kPositives:
    case PowerDenominator::kNegatives:
    case PowerDenominator::kBoth:
      require(Inside(group.prevalence), "the prevalence", group.prevalence);
      break;
    case PowerDenominator::kFlagged:
    case PowerDenominator::kUnflagged:
      require(Inside(group.flagged), "the share of rows that are flagged",
              group.flagged);
      break;
    case PowerDenominator::kRows:
      break;
  }
}

void Check(const PowerPlanOptions& options) {
  if (FindPowerMetric(options.metric) == nullptr) {
    throw Error(ErrorCode::kUsage, "--metric {}: no such metric",
                options.metric);
  }
  Require(Inside(options.margin), "--margin must lie between 0 and 1",
          options.margin);
  Require(Inside(options.power), "--power must lie between 0 and 1",
          options.power);
  Require(options.level > 0.5 && options.level < 1,
          "--level must lie between 0.5 and 1", options.level);
  Require(options.rows_per_subject >= 1,
          "--rows-per-subject must be at least 1", options.rows_per_subject);
  Require(options.size_cv >= 0, "--rows-cv must be at least 0",
          options.size_cv);
  Require(options.icc >= 0 && options.icc <= 1,
          "--icc must lie between 0 and 1", options.icc);
  Require(options.missing >= 0 && options.missing < 1,
          "--missing-share must be at least 0 and below 1", options.missing);
  if (options.groups.size() < 2) {
    throw Error(ErrorCode::kUsage,
                "a comparison needs at least two groups, found {}",
                options.groups.size());
  }
  double shares = 0;
  for (const PowerGroup& group : options.groups) {
    CheckGroup(group, *FindPowerMetric(options.metric));
    shares += group.share;
  }
  Require(std::abs(shares - 1) < 1e-6,
          "the shares of the groups must add up "
          "to 1",
          shares);
}

}  // namespace

std::span<const PowerMetric> PowerMetrics() { return kMetrics; }

const PowerMetric* FindPowerMetric(const std::string& name) {
  for (const PowerMetric& metric : kMetrics) {
    if (name == metric.name) return &metric;
  }
  return nullptr;
}

const char* PowerGoalName(PowerGoal goal) {
  switch (goal) {
    case PowerGoal::kDifference:
      return "difference";
    case PowerGoal::kEquivalence:
      return "equivalence";
    case PowerGoal::kNonInferiority:
      return "non-inferiority";
    case PowerGoal::kPrecision:
      return "precision";
  }
  return "difference";
}

double PowerDesignEffect(double rows_per_subject, double size_cv, double icc) {
  return std::max(1.0,
                  1 + ((size_cv * size_cv + 1) * rows_per_subject - 1) * icc);
}

PowerPlan PlanPower(const PowerPlanOptions& options) {
  Check(options);
  return Planner(options).Run();
}

}  // namespace plumbline
