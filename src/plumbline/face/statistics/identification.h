// One-to-many search, computed from comparisons at hand: how often a search in
// a gallery of N people finds somebody who is not there, or misses the one who
// is. Averages over searches alone; no list of candidates is made.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

// Whom a random gallery is drawn from.
enum class Gallery {
  kAsSupplied,   // everyone
  kBalanced,     // equally many of each group (the first ones take the rest)
  kHomogeneous,  // the searcher's own group
};

// "as-supplied", "balanced", "homogeneous". Throws Error(kUsage).
Gallery ParseGallery(const std::string& text);
const char* NameOf(Gallery gallery);

struct IdentificationOptions {
  std::vector<int64_t> sizes;  // people in a gallery
  Gallery gallery = Gallery::kAsSupplied;
  int64_t rank = 1;  // a mate beyond it is missed
  double threshold = 0;

  // Groups with fewer people are in no balanced gallery and have no numbers;
  // mated searches need this many comparisons.
  int64_t minimum_subjects = 20;
  int64_t minimum_comparisons = 100;

  int replicates = 2000;  // at most 500 are drawn; 0: no intervals
  double level = 0.95;
  uint64_t seed = 1;
  int threads = 0;  // 0: all
};

struct IdentificationRate {
  double value = 0;  // NaN: see reason
  double lo = 0;
  double hi = 0;
  int64_t n = 0;         // searches
  int64_t subjects = 0;  // people who search
  const char* method =
      "none";  // vertex_bootstrap, vertex_bootstrap_se, rule_of_three
  const char* reason = nullptr;  // below_minimum, not_all_compared,
                                 // gallery_too_large, no_comparisons
};

// The searches of one group's people in galleries of one size.
struct GroupIdentification {
  int64_t size = 0;
  int group = 0;
  int64_t incomplete = 0;  // people left out: not compared with everyone
  IdentificationRate fpir;
  IdentificationRate fnir;
  IdentificationRate selectivity;  // people at or above the threshold
  // FPIR if all comparisons were independent with their mean rate:
  // 1 - (1 - FMR)^N.
  double independent_fpir = 0;
};

// For each size and group. A gallery is a random set of N people without the
// searcher (of N - 1 and the mate in a mated search); the mean over all such
// galleries is taken in closed form (hypergeometric), so that nothing depends
// on which were drawn. FPIR: a search finds anybody at or above the threshold.
// FNIR: the mate is below the threshold, or `rank` or more others are as alike
// as the mate. Two people's comparisons, if several, count by their share; the
// direction of a comparison is not looked at.
//
// `complete`: one a subject, whether compared with everyone else; only these
// search. `accepted`: hits at or above the threshold, in descending order.
// Intervals are from a bootstrap over people, as searchers and in the gallery:
// of FNIR percentiles, of the others the normal ones with its standard error on
// the scale ln(-ln(1 - FPIR)), or ln(selectivity); replicates without a match
// are left out. They cover 98 to 100 % where 95 are asked for (coverage_test).
//
// Source: ISO/IEC 19795-1 (FPIR, FNIR, selectivity); NISTIR 8429 (2022), annex
// B (independence); hypergeometric mean: Feller 1968, ch. II.6.
std::vector<GroupIdentification> Identify(const SubjectGroups& groups,
                                          std::span<const uint8_t> complete,
                                          std::span<const Hit> accepted,
                                          const GenuineScores& genuine,
                                          const IdentificationOptions& options);

}  // namespace plumbline::face
