// Empirical-Bayes estimates for many small groups, and which group is worst
// with what probability.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

struct ShrunkenEstimates {
  double prior_mean = 0;
  double prior_variance = 0;           // between-group variance, >= 0
  std::vector<double> mean;            // posterior means, one a group
  std::vector<double> standard_error;  // posterior standard deviations
};
// The posterior standard deviations include the error of the prior mean (first
// order; exact for ShrinkNormal given tau^2), so that groups shrunken into one
// value are not called certain: Kass and Steffey 1989, JASA 84:717-726.

// theta_g ~ N(mu, tau^2), estimate_g ~ N(theta_g, se_g^2). tau^2 by Paule and
// Mandel 1982 (J. Res. NBS 87:377-385), mu by inverse-variance weights.
// Groups with a non-finite estimate or se get NaN. se_g = 0 is taken as the
// smallest positive se; if all are 0, nothing is shrunken.
ShrunkenEstimates ShrinkNormal(std::span<const double> estimates,
                               std::span<const double> standard_errors);

// p_g ~ Beta(a, b), successes_g ~ Binomial(trials_g, p_g); a, b by the method
// of moments of Kleinman 1973 (JASA 68:46-54) with prior strength a + b limited
// to [1, 1e6]: weights by trials, then once more with the weights that follow
// from the overdispersion found. Counts may be fractional (effective counts).
// Groups with no trials get the prior. When no trial, or every trial, was a
// success, the prior mean has half a success and half a failure added.
//
// Throws Error(kInvalidInput) unless 0 <= successes <= trials.
ShrunkenEstimates ShrinkProportions(std::span<const double> successes,
                                    std::span<const double> trials);

// For each group the posterior probability that it has the smallest (or, with
// `largest`, the largest) true value, by `draws` normal draws from the
// posteriors, counter-based. Sums to 1 over the groups that are not NaN; groups
// that tie share the draw.
std::vector<double> ProbabilityOfExtreme(const ShrunkenEstimates& estimates,
                                         bool largest, uint64_t seed,
                                         int draws = 4000);

}  // namespace plumbline
