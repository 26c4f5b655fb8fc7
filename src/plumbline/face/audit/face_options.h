// Every knob of a face audit.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plumbline/base/communicator.h"
#include "plumbline/face/statistics/identification.h"
#include "plumbline/stats/gate.h"

namespace plumbline::face {

// How a score becomes a decision: accept if it is at or above a threshold.
struct OperatingPoint {
  std::string text;   // as given: "fmr=0.01", "0.62"
  double target = 0;  // false-match rate to reach; NaN: `value` is given
  double value = 0;   // a threshold, on the scale of similarities
};

// "fmr=0.01" or a number. Throws Error(kUsage) that shows the right form.
OperatingPoint ParseOperatingPoint(const std::string& text);

struct FaceAuditOptions {
  std::vector<OperatingPoint> at;

  // The impostor comparisons that a target is fitted on: "" for all of them,
  // else the comparisons within this group ("sex=M").
  std::string threshold_group;

  // Bootstrap replicates over subjects; 0: none, otherwise at least 50. They
  // re-estimate the threshold and give the intervals of disparity measures.
  int replicates = 2000;

  // Replicates draw genuine comparisons within people as well.
  bool two_level = false;

  // Weight of the false-match rate in measures of both errors, 0 to 1.
  double fmr_weight = 0.5;

  // Shares of a population by the names of groups ("sex=F"), for the weighted
  // measures of groupings whose groups all have one.
  std::map<std::string, double> group_weights;

  double level = 0.95;  // two-sided coverage of every interval

  // Reference level by attribute; absent: the group with the lowest rate is
  // compared with every other.
  std::map<std::string, std::string> reference;

  // Largest ratio of two groups' rates that is held to be of no concern.
  double equivalence_ratio = 1.5;

  // Groups with fewer subjects, or cells with fewer comparisons, get no
  // numbers. Can only be raised.
  int64_t minimum_subjects = 20;
  int64_t minimum_comparisons = 100;

  // Permutations of people's groups for a second test of equal rates; 0: none,
  // otherwise at least 99.
  int permutations = 0;

  // One-to-many search in galleries of so many people; empty: not computed.
  std::vector<int64_t> gallery_sizes;
  Gallery gallery = Gallery::kAsSupplied;
  int64_t rank = 1;  // a mate beyond it is missed

  std::vector<Gate> gates;

  uint64_t seed = 1;
  int threads = 0;  // 0: all

  // Processes that share the work, with the bytes of one. Null: this one alone.
  Communicator* processes = nullptr;
};

}  // namespace plumbline::face
