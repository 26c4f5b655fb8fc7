// Every knob of an audit.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plumbline/audit/threshold.h"
#include "plumbline/base/communicator.h"
#include "plumbline/stats/gate.h"

namespace plumbline {

enum class IntervalMethod {
  kClosedForm,  // Wilson, DeLong/Obuchowski, delta method where they exist
  kPercentile,  // bootstrap for every metric that has replicates
  kBca,         // bias-corrected and accelerated, grouped jackknife
};

// What to search for slices; the columns are AuditInput::slice_columns.
struct SliceRequest {
  std::vector<std::string> metrics = {"fnr", "fpr"};  // SliceMetrics()
  int depth = 3;         // conditions of a slice, 1 to 4
  double fdr = 0.05;     // level of the false-discovery rate
  int64_t minimum = 30;  // rows of the denominator, in the half that searches
};

struct AuditOptions {
  // Names from MetricRegistry() (metrics.h). Empty: all of them.
  std::vector<std::string> metrics;

  // Names from GapRegistry() (gaps.h). Empty: the default set.
  std::vector<std::string> gaps;

  // How scores become decisions; a target's own rule by its name wins.
  ThresholdRule threshold;
  std::map<std::string, ThresholdRule> threshold_of_target;

  // Allows a rule that needs fitting to be fitted on the audited rows. It is
  // then refitted in every replicate and listed as a limitation.
  bool tune_on_audited = false;

  // Bootstrap replicates; 0: closed forms only. Otherwise at least 50.
  int replicates = 1000;

  // Which interval a metric with both forms gets. Metrics without a closed form
  // (auprc, ece, and everything under a threshold refitted on the audited rows)
  // always use the bootstrap.
  IntervalMethod interval = IntervalMethod::kClosedForm;

  // Two-sided coverage of every interval; 1 - level is also the level of the
  // tests.
  double level = 0.95;

  // The largest gap that is held to be of no concern, on the metric's own
  // scale (differences) and as a ratio: 1 + margin.
  double margin = 0.05;

  // Rows in a metric's own denominator under which a group gets no interval
  // and takes part in no gap.
  int64_t minimum = 10;

  // Reference level by attribute; "" or absent: the largest group.
  std::map<std::string, std::string> reference;

  // Covariates (AuditInput::covariates): the distribution to standardise gaps
  // by this attribute to, a level of it; absent: that of the groups compared.
  std::map<std::string, std::string> adjust_to;

  std::vector<Gate> gates;

  SliceRequest slices;

  uint64_t seed = 1;
  int threads = 0;  // 0: all

  // Processes that make this audit together, all with the same input and
  // options: they share the replicates, and each gets the whole result. Null:
  // this one alone.
  Communicator* processes = nullptr;
};

}  // namespace plumbline
