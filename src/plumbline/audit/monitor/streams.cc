#include "plumbline/audit/monitor/streams.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "plumbline/base/interrupt.h"

namespace plumbline {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Numerator and denominator that a row adds.
RateParts PartsOfRow(const AuditTarget& target, int64_t row, double threshold,
                     const StreamMetric& metric) {
  const bool positive = target.labels[row] == 1;
  const double score = target.scores[row];
  if (metric.is_calibration) return {(1 + positive - score) / 2, 1};
  const bool flagged = score >= threshold;
  Confusion one;
  (flagged ? (positive ? one.tp : one.fp) : (positive ? one.fn : one.tn)) = 1;
  return PartsOfRate(metric.id, one);
}

bool IsAudited(const AuditTarget& target, int64_t row) {
  return target.labels[row] != kMissingLabel && !std::isnan(target.scores[row]);
}

// What a subject has in a window, by group; seldom more than one.
class Visit {
 public:
  void Add(uint32_t group, Day day, const RateParts& parts) {
    for (Entry& entry : entries_) {
      if (entry.group != group) continue;
      entry.parts.numerator += parts.numerator;
      entry.parts.denominator += parts.denominator;
      return;
    }
    entries_.push_back({group, day, parts});
  }
  bool empty() const { return entries_.empty(); }
  void MoveTo(std::vector<Contribution>* contributions) {
    for (const Entry& entry : entries_) {
      contributions->push_back(
          {entry.group, entry.day,
           std::min(1.0, entry.parts.numerator / entry.parts.denominator)});
    }
    entries_.clear();
  }

 private:
  struct Entry {
    uint32_t group;
    Day day;
    RateParts parts;
  };
  std::vector<Entry> entries_;
};

DriftEvidence EvidenceNow(const StreamResult& stream,
                          const StreamSetup& setup) {
  return std::isnan(setup.expected)
             ? EvidenceOfDrift(stream.baseline, stream.later, setup.margin)
             : EvidenceAgainst(stream.later, setup.expected, setup.margin);
}

// Most days bring no new record, which is far cheaper to see than by how much.
bool MayBeRecord(const StreamResult& stream, const StreamSetup& setup,
                 double largest) {
  return !std::isnan(setup.expected) ||
         MayShowDrift(stream.baseline, stream.later, setup.margin, largest);
}

// The window's number for a day; windows follow one another without a hole.
int WindowOf(const std::vector<Window>& windows, Day day, int from) {
  while (windows[from].last < day) ++from;
  return from;
}

StreamPoint PointAt(int window, const StreamResult& stream,
                    const StreamSetup& setup, double log_e, double largest) {
  StreamPoint point;
  point.window = window;
  point.n = static_cast<int64_t>(stream.later.size());
  point.rate = BettingInterval(stream.later, setup.level);
  point.drift = DriftAt(stream, setup, setup.level);
  point.log_e = log_e;
  point.log_e_largest = largest;
  return point;
}

}  // namespace

std::vector<StreamMetric> StreamMetrics(
    const std::vector<std::string>& metrics) {
  std::vector<StreamMetric> streams;
  for (const std::string& name : metrics) {
    const Metric* metric = FindMetric(name);
    if (metric == nullptr) continue;
    if (metric->family == MetricFamily::kRate) {
      streams.push_back(
          {metric->name, metric->label, metric->id, false, metric->direction});
    } else if (metric->id == MetricId::kObservedExpected) {
      streams.push_back({"observed_minus_expected",
                         "Observed minus expected (label minus score)",
                         metric->id, true, MetricDirection::kZeroIsBest});
    }
  }
  return streams;
}

TimedRows OrderInTime(const AuditInput& input, const std::vector<Day>& days,
                      const std::vector<int32_t>& window_of) {
  TimedRows rows{{}, days, window_of};
  for (int64_t row = 0; row < input.rows; ++row) {
    if (window_of[row] >= 0) rows.order.push_back(row);
  }
  const auto key = [&](int64_t row) {
    const uint32_t subject = input.subjects.empty() ? 0 : input.subjects[row];
    return std::tuple(window_of[row], subject, days[row], row);
  };
  std::sort(rows.order.begin(), rows.order.end(),
            [&](int64_t a, int64_t b) { return key(a) < key(b); });
  return rows;
}

std::vector<Contribution> Contributions(const AuditInput& input,
                                        const TimedRows& rows, int target,
                                        double threshold, int grouping,
                                        const StreamMetric& metric,
                                        SubjectVisits visits) {
  const AuditTarget& audited = input.targets[target];
  const bool clustered = !input.subjects.empty();
  std::vector<uint8_t> counted;
  if (clustered && visits == SubjectVisits::kOnce) {
    counted.assign(input.subject_count, 0);
  }
  std::vector<Contribution> contributions;
  Visit visit;
  const auto finish = [&](int64_t row) {
    if (visit.empty()) return;
    if (!counted.empty()) counted[input.subjects[row]] = 1;
    visit.MoveTo(&contributions);
  };
  for (size_t i = 0; i < rows.order.size(); ++i) {
    const int64_t row = rows.order[i];
    if (i > 0) {
      const int64_t before = rows.order[i - 1];
      if (!clustered || rows.window_of[before] != rows.window_of[row] ||
          input.subjects[before] != input.subjects[row]) {
        finish(before);
      }
    }
    if (!IsAudited(audited, row)) continue;
    if (!counted.empty() && counted[input.subjects[row]]) continue;
    const RateParts parts = PartsOfRow(audited, row, threshold, metric);
    if (parts.denominator == 0) continue;
    visit.Add(input.groups.GroupOf(input.groups.cell_of_row[row], grouping),
              rows.days[row], parts);
  }
  if (!rows.order.empty()) finish(rows.order.back());
  std::stable_sort(contributions.begin(), contributions.end(),
                   [](const Contribution& a, const Contribution& b) {
                     return std::tie(a.group, a.day) < std::tie(b.group, b.day);
                   });
  return contributions;
}

StreamResult Follow(std::span<const Contribution> contributions,
                    const StreamSetup& setup) {
  const std::vector<Window>& windows = *setup.windows;
  StreamResult stream;
  int window = 0;
  size_t next = 0;
  const auto is_at_window = [&] {
    window = WindowOf(windows, contributions[next].day, window);
    return window;
  };
  while (next < contributions.size() && is_at_window() <= setup.baseline.last) {
    if (window >= setup.baseline.first) {
      stream.baseline.Add(contributions[next].x);
    }
    ++next;
  }
  const bool has_baseline = setup.baseline.last >= 0;
  stream.baseline_rate = BettingInterval(stream.baseline, setup.level);
  if (std::isnan(setup.expected) &&
      stream.baseline.size() < static_cast<double>(setup.minimum)) {
    stream.reason = has_baseline && stream.baseline.size() > 0 ? "below_minimum"
                                                               : "no_baseline";
  }
  double largest = 0;
  const auto count = static_cast<int>(windows.size());
  for (int w = setup.baseline.last + 1; w < count; ++w) {
    StopIfInterrupted();
    while (next < contributions.size() &&
           contributions[next].day <= windows[w].last) {
      const Day day = contributions[next].day;
      while (next < contributions.size() && contributions[next].day == day) {
        stream.later.Add(contributions[next++].x);
      }
      if (stream.reason != nullptr || !MayBeRecord(stream, setup, largest)) {
        continue;
      }
      const double log_e = EvidenceNow(stream, setup).both;
      if (log_e > largest) {
        largest = log_e;
        stream.records.emplace_back(day, log_e);
      }
    }
    const double log_e =
        stream.reason == nullptr ? EvidenceNow(stream, setup).both : 0;
    stream.points.push_back(PointAt(w, stream, setup, log_e, largest));
  }
  return stream;
}

Interval DriftAt(const StreamResult& stream, const StreamSetup& setup,
                 double level) {
  if (stream.reason != nullptr || stream.later.size() == 0) {
    return {kNaN, kNaN, kNaN};
  }
  if (std::isnan(setup.expected)) {
    return DriftInterval(stream.baseline, stream.later, level);
  }
  const Interval rate = BettingInterval(stream.later, level);
  return {rate.value - setup.expected, rate.lo - setup.expected,
          rate.hi - setup.expected};
}

}  // namespace plumbline
