// Comparisons of people who do not exist, with known error rates: the truth
// that estimates and intervals are tested against.
//
// An impostor comparison of image a of subject i in group g with image b of
// subject j in group h has the score
//   s = m + d (sqrt(r/2) (u_i + u_j) + sqrt(q/2) (v_a + v_b)
//              + sqrt(1 - r - q) e),
// with u (people), v (images) and e (comparisons) standard normal; m = (m_g +
// m_h) / 2, lowered by `cross_shift` if g != h; d^2 = (d_g^2 + d_h^2) / 2. A
// genuine comparison of images a and b of subject i has
//   s = m + d (sqrt(r) w_i + sqrt(q/2) (v_a + v_b) + sqrt(1 - r - q) e)
// with the genuine m and d of the group and w standard normal. So a score has
// the same distribution whatever r and q: rates have closed forms, and r and q
// only make comparisons that share people or images depend on one another.
//
// Groups are called A, B, C, D and stand for nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/face/comparisons/comparisons.h"

namespace plumbline::face {

struct SynthGroup {
  std::vector<std::string> levels = {"A"};  // one for each attribute
  int subjects = 100;
  double impostor_mean = 0;
  double impostor_sd = 1;
  double genuine_mean = 5;
  double genuine_sd = 1;
  // Probability that an image fails in a comparison: one of two images of
  // groups g and h fails with 1 - (1 - f_g) (1 - f_h).
  double failure = 0;
};

// A and B, of 100 subjects each; B's impostors are half a standard deviation
// more alike.
std::vector<SynthGroup> TwoSynthGroups();

struct SynthOptions {
  std::vector<std::string> attributes = {"group"};
  std::vector<SynthGroup> groups = TwoSynthGroups();
  int images = 2;  // of each subject, at least 1; 1: no genuine comparisons
  double cross_shift = 1;      // lowers m across groups
  double subject_share = 0.2;  // r, in [0, 1], of the variance
  double image_share = 0.1;    // q, in [0, 1 - r]
  // Probability that an impostor comparison is in truth of one person, who has
  // two ids: its score is a genuine one of the reference's group.
  double label_errors = 0;
  // Impostor comparisons drawn at random, with replacement, from all ordered
  // pairs of subjects and all images; 0: each pair of subjects once, of their
  // first images, the subject of the earlier group as the reference.
  int64_t impostor_comparisons = 0;
  // Draw them within groups only.
  bool within_groups = false;
  uint64_t seed = 1;
  int threads = 0;  // 0: DefaultThreads(); the same bytes for every number
};

struct SyntheticFaces {
  ImpostorScores impostor;  // a failed comparison is NaN
  GenuineScores genuine;    // all pairs of a subject's images
  SubjectGroups groups;     // index into SynthOptions::groups
};

// Throws Error(kUsage) for options out of range.
SyntheticFaces MakeSyntheticFaces(const SynthOptions& options);

// ref_subject,probe_subject,ref_<attribute>...,probe_<attribute>...,score; a
// failed comparison has no score. Genuine comparisons come last.
std::string ToCsv(const SyntheticFaces& faces, const SynthOptions& options);
// subject,<attribute>...
std::string SubjectsToCsv(const SyntheticFaces& faces,
                          const SynthOptions& options);

// --- The truth ---------------------------------------------------------------
// Expected rates under "accept if s >= threshold", failures never accepted and
// counted (FailurePolicy::kPositive), label errors included.

// False-match rate of references in g with probes in h.
double TrueFmr(const SynthOptions& options, int g, int h, double threshold);
// Of all impostor comparisons, as they are drawn.
double TruePooledFmr(const SynthOptions& options, double threshold);
// The threshold at which a rate is reached; -inf if it is at least the largest
// possible one.
double TrueThreshold(const SynthOptions& options, int g, int h, double fmr);
double TruePooledThreshold(const SynthOptions& options, double fmr);
double TrueFnmr(const SynthOptions& options, int g, double threshold);

}  // namespace plumbline::face
