// Where a difference between two groups comes from, by strata.
#pragma once

#include <span>
#include <vector>

namespace plumbline {

// Rows and positives of a stratum in one group; real numbers, >= 0.
struct StratumCounts {
  double rows = 0;
  double positives = 0;
};

struct KitagawaResult {
  double difference = 0;   // rate of a - rate of b, over strata that both have
  double composition = 0;  // what other mixes of strata make
  double rate = 0;         // what other rates within strata make
  // Share of each group's rows in strata that the other group does not have,
  // which take part in nothing: there is nothing to compare them with.
  double left_out_a = 0, left_out_b = 0;
};

// r_a - r_b = sum_k (w_ak - w_bk)(r_ak + r_bk) / 2
//           + sum_k (r_ak - r_bk)(w_ak + w_bk) / 2.
// NaN if no stratum has rows of both.
//
// Source: Kitagawa 1955, J. Am. Stat. Assoc. 50:1168-1194, eq. 8.
KitagawaResult Kitagawa(std::span<const StratumCounts> a,
                        std::span<const StratumCounts> b);

// The crude difference of rates a - b, and the one standardised directly to the
// strata of both groups together, over strata that both have. NaN if none has.
struct StandardisedDifference {
  double crude = 0;
  double standardised = 0;
  // Strata with the sign of the crude difference, and with the other sign.
  int same_sign = 0, other_sign = 0;
};
StandardisedDifference Standardise(std::span<const StratumCounts> a,
                                   std::span<const StratumCounts> b);

// Standardised mean difference of two proportions, (p_a - p_b) over
// sqrt((p_a (1 - p_a) + p_b (1 - p_b)) / 2); 0 if both are alike without
// spread, NaN if they differ without spread.
//
// Source: Austin 2009, Stat. Med. 28:3083-3107, eq. 2.
double BinarySmd(double p_a, double p_b);

// That of K categories: sqrt((p - q)' S^-1 (p - q)) over K - 1 of them, S the
// mean of both groups' multinomial covariances. Categories that neither group
// has are left out.
//
// Source: Yang and Dalton 2012, SAS Global Forum, paper 335, p. 4.
double CategoricalSmd(std::span<const double> counts_a,
                      std::span<const double> counts_b);

// An absolute difference above the first is imbalance (Austin 2009, sec. 3);
// above the second a regression cannot be trusted to remove it (Rubin 2001,
// Health Serv. Outcomes Res. Methodol. 2:169-188).
inline constexpr double kSmdFlag = 0.1;
inline constexpr double kSmdAlarm = 0.25;

// Sum over categories of q ln(q / p), both with half a count added to each
// category: distance of a composition q from a reference p. 0 means equal.
double KullbackLeibler(std::span<const double> counts_q,
                       std::span<const double> shares_p);

// Population stability index, sum (q - p) ln(q / p), half a count added to each
// category that one of the two lacks.
double StabilityIndex(std::span<const double> counts_q,
                      std::span<const double> counts_p);

// Prevalence behind an imperfect label: (p + specificity - 1) / (sensitivity +
// specificity - 1), kept within [0, 1]; NaN unless sensitivity + specificity is
// above 1.
//
// Source: Rogan and Gladen 1978, Am. J. Epidemiol. 107:71-76.
double RoganGladen(double apparent, double sensitivity, double specificity);

}  // namespace plumbline
