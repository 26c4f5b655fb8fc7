// How large a difference this much data can show, and how much data a
// difference needs.
#pragma once

namespace plumbline {

struct PowerOptions {
  double alpha = 0.05;  // two-sided
  double power = 0.80;
  // Variance inflation from clustering, > 0.
  double design_effect = 1.0;
};

// Trials needed in each of two equal groups to tell p_a from p_b:
// (z_{1-alpha/2} + z_{power})^2 (p_a q_a + p_b q_b) / (p_a - p_b)^2, times the
// design effect. Not rounded. Spec example: 0.33 against 0.38 needs 1434.
//
// Throws Error(kInvalidInput) if p_a == p_b or either is outside (0, 1).
double TrialsPerGroup(double p_a, double p_b, const PowerOptions& options = {});

// The power to tell p_a from p_b with trials_a and trials_b: the probability
// that the two-sided test rejects in the true direction. The inverse of
// TrialsPerGroup.
//
// This and the two below throw Error(kInvalidInput) for a proportion outside
// [0, 1], trials <= 0 or a standard error < 0.
double PowerOfProportions(double p_a, double p_b, double trials_a,
                          double trials_b, const PowerOptions& options = {});

// The smallest p_b > p_a (or p_b < p_a when `upwards` is false) that would be
// shown with the wanted power; returns |p_b - p_a|, or 1 if no value in [0, 1]
// reaches it.
double SmallestDetectableDifference(double p_a, double trials_a,
                                    double trials_b, bool upwards = true,
                                    const PowerOptions& options = {});

// The same for two estimates with normal errors: (z_{1-alpha/2} + z_power) se.
double SmallestDetectableShift(double standard_error_of_difference,
                               const PowerOptions& options = {});

}  // namespace plumbline
