// "No difference" as a claim that needs evidence: two one-sided tests.
#pragma once

namespace plumbline {

enum class EquivalenceVerdict {
  kEquivalent,    // the 1 - 2 alpha interval lies inside (-margin, margin)
  kDifferent,     // it lies wholly outside
  kInconclusive,  // neither: the data cannot tell
};

struct EquivalenceResult {
  EquivalenceVerdict verdict = EquivalenceVerdict::kInconclusive;
  double p_lower = 1;  // of H0: difference <= -margin
  double p_upper = 1;  // of H0: difference >= margin
  double p = 1;        // the larger of the two: the TOST p-value
  double lo = 0;       // 1 - 2 alpha interval
  double hi = 0;
};

// Large-sample test of |difference| < margin. A difference or standard error
// that is not finite is inconclusive, with NaN numbers.
//
// Throws Error(kInvalidInput) if margin <= 0, standard_error < 0 or alpha is
// outside (0, 0.5).
//
// Source: Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657-680.
EquivalenceResult TwoOneSidedTests(double difference, double standard_error,
                                   double margin, double alpha = 0.05);

}  // namespace plumbline
