// Who was compared with whom, and how often: what the variance of a rate of
// comparisons needs, whatever the grouping.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

// The impostor comparisons of two subjects, first < second.
struct SubjectPair {
  uint32_t first = 0;
  uint32_t second = 0;
  uint32_t first_as_reference = 0;
  uint32_t second_as_reference = 0;
};

class PairTable {
 public:
  // Sorts the comparisons by their pairs of subjects once: 24 bytes of memory
  // for each. Throws Error(kInternal) for a comparison of a subject with itself
  // or a number of 2^31 or more.
  explicit PairTable(const ImpostorScores& scores);

  const std::vector<SubjectPair>& pairs() const { return pairs_; }
  // The pair of two subjects in any order, zeros if they were never compared.
  SubjectPair Find(uint32_t a, uint32_t b) const;

 private:
  std::vector<SubjectPair> pairs_;  // by first, then second
};

// Throws Error(kInternal) if a subject of the pairs has no group.
ImpostorCounts CountImpostors(const PairTable& pairs,
                              const SubjectGroups& groups);

// The comparisons at or above `cut`, in descending order of score, then by
// reference and probe.
std::vector<Hit> HitsAtOrAbove(const ImpostorScores& scores,
                               const PairTable& pairs, double cut, int threads);

}  // namespace plumbline::face
