// How rows are weighted so that every group has the same covariates: by strata
// (direct standardisation) and by inverse probability of the group.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "plumbline/audit/case_mix/covariates.h"

namespace plumbline {

// A share of the target distribution smaller than this that every group covers
// is no overlap.
inline constexpr double kLeastCoverage = 0.8;

// The groups that are compared within one denominator. `rows` is patterns x
// groups, row-major: how many rows of each pattern each group has. The first
// `compared` groups are compared; another may follow that is only the target.
struct MixProblem {
  const std::vector<const Covariate*>* covariates = nullptr;
  const CovariatePatterns* patterns = nullptr;
  size_t groups = 0;
  size_t compared = 0;
  int target = -1;  // index of the group to standardise to; -1: all together
  std::vector<double> rows;

  double Rows(size_t pattern, size_t group) const {
    return rows[pattern * groups + group];
  }
};

// Normalised weights: those of a group's rows sum to 1, so that the estimate is
// the weighted sum of its outcomes. patterns x compared, row-major.
struct DirectWeights {
  // "no_overlap": the strata in which every group has rows hold less than
  // kLeastCoverage of the target. Nothing else is then filled in but coverage.
  const char* reason = nullptr;
  std::vector<double> weight;
  std::vector<double> stratum_rows;  // strata x compared
  std::vector<double> target_share;  // a stratum; 0 outside the common support
  double target_rows = 0;            // in the common support
  double coverage = 0;               // of the target by the common support
  size_t strata = 0;                 // that the target has
  size_t covered = 0;                // of them in the common support
};

// Weight of a row in stratum k of group g: T_k / n_gk, T_k the target's share
// of stratum k among the strata in which all compared groups have rows.
// `stratum_of_pattern` numbers `strata` strata (CovariatePatterns's, or coarser
// ones). Source: Keiding and Clayton 2014, Stat. Sci. 29:529-558, sec. 2.
DirectWeights MakeDirectWeights(const MixProblem& problem,
                                const std::vector<uint32_t>& stratum_of_pattern,
                                size_t strata);

// The model of the group given the covariates, and the weights from it.
struct PropensityWeights {
  // "separation": a level that not every group has, or a number whose ranges do
  // not meet (`covariate`, `level` say which, "" if it is a combination);
  // "not_converged", "too_many_parameters". Nothing else is then filled in.
  const char* reason = nullptr;
  std::string covariate;
  std::string level;
  std::vector<double> weight;       // normalised, as in DirectWeights
  std::vector<double> probability;  // patterns x groups
  std::vector<double> design;       // patterns x columns
  size_t columns = 0;
  std::vector<double> information;  // of the multinomial fit
  // Of each compared group: Kish's effective sample size (sum w)^2 / sum w^2
  // (Kish 1965, Survey Sampling, sec. 11.2), and the largest share that one row
  // has in the group's weight.
  std::vector<double> effective;
  std::vector<double> largest_share;
};

// Multinomial logistic regression of the group on the covariates within the
// denominator: words as levels, numbers as a line and a square, "missing" as an
// indicator. Row weights e_target(x) / e_g(x), where e_target = 1 for the
// pooled target; a constant factor of a group (stabilisation) cancels in
// normalised weights. Source: Robins, Hernan and Brumback 2000, Epidemiology
// 11:550-560; Li and Greene 2013, Int. J. Biostat. 9:215-234 (target weights).
PropensityWeights MakePropensityWeights(const MixProblem& problem);

}  // namespace plumbline
