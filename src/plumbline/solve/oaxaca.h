// How much of a difference between two groups goes with other characteristics,
// by linear regression.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace plumbline {

// Whose coefficients say what a characteristic is worth.
enum class OaxacaReference {
  kPooled,  // of both groups together, with an indicator of the group
  kA,
  kB,
};

// A characteristic in levels: of each row, -1 where it is not known, which is
// a level of its own.
struct OaxacaFactor {
  std::string name;
  std::span<const int32_t> codes;
  int levels = 0;
};

struct OaxacaOptions {
  OaxacaReference reference = OaxacaReference::kPooled;
  // Groups of subjects that are left out in turn (delete-a-group jackknife,
  // Kott 2001, J. Off. Stat. 17:521-526).
  int jackknife_groups = 50;
};

struct OaxacaPart {
  double value = 0;
  double standard_error = 0;
};

struct OaxacaResult {
  // "": fine; "one_group", "too_few_subjects", "too_many_factors",
  // "no_common_level".
  const char* reason = "";
  int64_t rows_a = 0, rows_b = 0;
  int64_t subjects = 0;
  // Share of each group's rows that are left out, since they have a level that
  // the other group does not have.
  double left_out_a = 0, left_out_b = 0;
  OaxacaPart difference;   // mean of a - mean of b
  OaxacaPart explained;    // (x_a - x_b)' beta*
  OaxacaPart unexplained;  // the rest
  // Of the explained part, by factor: as the regression has it, and as the mean
  // over all orders in which factors can be taken in (Shapley). Both add up to
  // `explained`.
  std::vector<OaxacaPart> by_factor;
  std::vector<OaxacaPart> shapley;
};

inline constexpr size_t kMostOaxacaFactors = 8;

// Two-fold decomposition of the difference in the mean of `outcomes` (NaN: row
// not counted) between rows of group 0 (a) and group 1 (b; -1: neither). The
// explained part does not depend on which level of a factor is left out. It
// describes; it does not say what would happen if somebody changed something.
//
// Source: Oaxaca 1973, Int. Econ. Rev. 14:693-709; Blinder 1973, J. Hum.
// Resour. 8:436-455; Jann 2008, Stata J. 8:453-479, eq. 5 to 9 (pooled with the
// group indicator); Shorrocks 2013, J. Econ. Inequal. 11:99-126 (Shapley).
OaxacaResult Oaxaca(std::span<const double> outcomes,
                    std::span<const int8_t> groups,
                    std::span<const OaxacaFactor> factors,
                    std::span<const uint32_t> subjects, int64_t subject_count,
                    const OaxacaOptions& options = {});

}  // namespace plumbline
