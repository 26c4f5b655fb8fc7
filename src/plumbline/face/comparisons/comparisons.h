// The currency of a face audit: who was compared with whom, how alike they
// were found, and what is kept of many comparisons.
//
// Subjects are numbered 0 to S - 1. A comparison of a subject with itself is
// genuine (mated), every other an impostor comparison (non-mated). Scores are
// similarities: distances have been negated. A failed comparison is NaN until
// the failure policy (failures.h) has made it -inf, +inf, or left it out.
#pragma once

#include <cstdint>
#include <vector>

namespace plumbline::face {

// Impostor comparisons, one element each.
struct ImpostorScores {
  std::vector<double> score;
  std::vector<uint32_t> reference;  // subject numbers
  std::vector<uint32_t> probe;

  int64_t size() const { return static_cast<int64_t>(score.size()); }
};

// Genuine comparisons, one element each.
struct GenuineScores {
  std::vector<double> score;
  std::vector<uint32_t> subject;

  int64_t size() const { return static_cast<int64_t>(score.size()); }
};

// Which group each subject is in: one grouping (an attribute, or an
// intersection of several) of S subjects into G groups.
struct SubjectGroups {
  int groups = 0;                    // G
  std::vector<uint32_t> of_subject;  // S, each below G

  int64_t subjects() const { return static_cast<int64_t>(of_subject.size()); }
};

// An impostor comparison at or above a threshold.
struct Hit {
  double score = 0;
  uint32_t reference = 0;
  uint32_t probe = 0;
  // Impostor comparisons of these two subjects in this direction, and in both.
  uint32_t forward = 1;
  uint32_t both = 1;
};

// How many impostor comparisons there are, for one grouping. A cell (g, h) has
// the comparisons whose reference subject is in g and whose probe is in h; it
// stands at g * G + h.
struct ImpostorCounts {
  int groups = 0;
  std::vector<int64_t> comparisons;  // G x G
  // S x G: comparisons of a subject as the reference (as the probe) with
  // probes (references) of each group.
  std::vector<uint32_t> as_reference;
  std::vector<uint32_t> as_probe;
  // G x G: sum of M_ij^2 over pairs of subjects, where M_ij are the comparisons
  // of i and j in the cell. In a cell (g, g) both directions of a pair add up
  // in one M_ij; in a cell (g, h) there is one direction only.
  std::vector<double> squares;
  // The same over all pairs, whatever their groups, both directions together.
  double all_squares = 0;
};

}  // namespace plumbline::face
