// The normal, Student t and chi-squared distributions, as the rest of the
// house needs them. NaN in, NaN out.
#pragma once

namespace plumbline {

// P(Z <= z).
double NormalCdf(double z);
// z with P(Z <= z) = p; p in (0, 1), -inf and +inf at the ends, NaN outside.
double NormalQuantile(double p);
// 2 P(Z > |z|).
double TwoSidedNormalP(double z);
// z with P(|Z| <= z) = level, the half-width of a two-sided interval in
// standard errors. Throws as CheckLevel.
double TwoSidedZ(double level);
// P(X > x) for chi-squared with `degrees` > 0 degrees of freedom.
double ChiSquaredUpperTail(double x, double degrees);
// t with P(T <= t) = p, `degrees` > 0 (infinity: the normal distribution).
double StudentQuantile(double p, double degrees);
// 2 P(T > |t|), `degrees` > 0.
double TwoSidedStudentP(double t, double degrees);
// t with P(|T| <= t) = level, as TwoSidedZ.
double TwoSidedT(double level, double degrees);

// Throws Error(kUsage) unless 0 < level < 1.
void CheckLevel(double level);

}  // namespace plumbline
