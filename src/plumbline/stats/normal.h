// The normal, Student t and chi-squared distributions, as the rest of the
// house needs them.
#pragma once

namespace plumbline {

// P(Z <= z).
double NormalCdf(double z);
// z with P(Z <= z) = p; p in (0, 1), -inf and +inf at the ends.
double NormalQuantile(double p);
// 2 P(Z > |z|).
double TwoSidedNormalP(double z);
// P(X > x) for chi-squared with `degrees` > 0 degrees of freedom.
double ChiSquaredUpperTail(double x, double degrees);
// t with P(T <= t) = p.
double StudentQuantile(double p, double degrees);

}  // namespace plumbline
