// The key `slices` of audit.json as structs (docs/audit-json.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/report/json_place.h"

namespace plumbline::report {

struct SliceInterval {
  std::optional<double> value;
  std::optional<double> lo;
  std::optional<double> hi;
};

struct SliceNumbers {
  std::optional<int64_t> n;
  std::optional<int64_t> subjects;
  SliceInterval rate;
  SliceInterval rest;
  SliceInterval difference;
  SliceInterval excess;
  std::optional<double> p_adjusted;
};

struct AuditSlice {
  std::string name;
  int64_t conditions = 0;
  bool shown = false;
  SliceNumbers held_out;
  SliceNumbers found_on;
};

struct AuditSliceSearch {
  struct Detectable {
    double share = 0;
    std::optional<double> difference;
  };
  std::string metric;
  std::optional<int64_t> found_on_n;
  std::optional<int64_t> held_out_n;
  std::optional<int64_t> tested;
  std::optional<int64_t> too_small;
  std::optional<int64_t> discoveries;
  std::optional<int64_t> redundant;
  std::vector<Detectable> detectable;
  std::vector<AuditSlice> found;
};

struct AuditSliceOptions {
  std::vector<std::string> columns;
  std::optional<int64_t> depth;
  std::optional<double> fdr;
  std::optional<int64_t> minimum;
};

// `place`: the value of the key `slices`, and one of its `searches`. Throw as
// JsonPlace.
AuditSliceOptions ReadSliceOptions(const JsonPlace& place);
AuditSliceSearch ReadSliceSearch(const JsonPlace& place);

// "misses among positives", "false alarms among negatives".
std::string SliceMetricWords(const std::string& metric);

// "12.3 pp (8.1 to 16.4)", "-".
std::string SliceDifferenceText(const SliceInterval& difference);
std::string SliceRateText(const SliceInterval& rate);
std::string SliceExcessText(const SliceInterval& excess);

// What was searched and how much was left out, in two or three sentences.
std::string SliceSearchWords(const AuditSliceSearch& search,
                             const AuditSliceOptions& options);

// Which excess would have been seen.
std::string SliceDetectableWords(const AuditSliceSearch& search);

}  // namespace plumbline::report
