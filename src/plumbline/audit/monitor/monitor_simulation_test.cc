// Long simulations of what monitoring promises: no false alarm at any time,
// coverage at all times at once, and that drift is found.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "plumbline/audit/monitor/monitor.h"
#include "plumbline/audit/monitor/synthetic_monitor.h"
#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/betting.h"

namespace plumbline {
namespace {

constexpr double kAlpha = 0.05;

// The most events of `draws` that a chance of at most `p` lets through with
// probability 0.9995 (normal approximation, rounded up).
int MostOf(int draws, double p) {
  return static_cast<int>(
      std::ceil(draws * p + 3.3 * std::sqrt(draws * p * (1 - p))) + 1);
}

// A number in [0, 1] with this mean: a 0 or 1, or the mean of `rows` of them
// that share the subject's own chance.
double Draw(RandomStream* random, double mean, int rows) {
  const double own =
      rows == 1 ? mean : random->NextBeta(4 * mean, 4 * (1 - mean));
  return static_cast<double>(random->NextBinomial(rows, own)) / rows;
}

int CountDraws(int draws, const std::function<bool(RandomStream*)>& event) {
  std::vector<uint8_t> seen(draws);
  ParallelFor(draws, 0, [&](int64_t i) {
    RandomStream random(17, "monitor simulation", i);
    seen[i] = event(&random);
  });
  return static_cast<int>(std::count(seen.begin(), seen.end(), 1));
}

// Looked at after every subject, against a known rate.
TEST(MonitorSimulation, ARateThatIsWhatItShouldBeSeldomEverAlarms) {
  constexpr int kDraws = 4000;
  for (const double rate : {0.05, 0.3}) {
    for (const int rows : {1, 3}) {
      const int alarms = CountDraws(kDraws, [&](RandomStream* random) {
        BoundedSample sample;
        for (int i = 0; i < 600; ++i) {
          sample.Add(Draw(random, rate, rows));
          if (EvidenceAgainst(sample, rate, 0).both >= -std::log(kAlpha)) {
            return true;
          }
        }
        return false;
      });
      EXPECT_LE(alarms, MostOf(kDraws, kAlpha)) << rate << " " << rows;
      // A test that never alarms would be of no use either.
      EXPECT_GE(alarms, kDraws / 250) << rate << " " << rows;
    }
  }
}

// Against a baseline that is itself only a sample.
TEST(MonitorSimulation, AnEstimatedBaselineSeldomEverAlarms) {
  constexpr int kDraws = 4000;
  for (const int rows : {1, 3}) {
    for (const int size : {20, 200}) {
      const int alarms = CountDraws(kDraws, [&](RandomStream* random) {
        BoundedSample baseline;
        for (int i = 0; i < size; ++i) baseline.Add(Draw(random, 0.2, rows));
        BoundedSample later;
        for (int i = 0; i < 500; ++i) {
          later.Add(Draw(random, 0.2, rows));
          if (MayShowDrift(baseline, later, 0, -std::log(kAlpha)) &&
              EvidenceOfDrift(baseline, later, 0).both >= -std::log(kAlpha)) {
            return true;
          }
        }
        return false;
      });
      EXPECT_LE(alarms, MostOf(kDraws, kAlpha)) << rows << " " << size;
    }
  }
}

TEST(MonitorSimulation, AConfidenceSequenceHoldsAtAllTimesAtOnce) {
  constexpr int kDraws = 2000;
  for (const int rows : {1, 3}) {
    const int misses = CountDraws(kDraws, [&](RandomStream* random) {
      BoundedSample sample;
      for (int i = 1; i <= 500; ++i) {
        sample.Add(Draw(random, 0.15, rows));
        if (i % 5 != 0) continue;
        const Interval interval = BettingInterval(sample, 1 - kAlpha);
        // Not a number misses too.
        if (!(interval.lo <= 0.15 && interval.hi >= 0.15)) return true;
      }
      return false;
    });
    EXPECT_LE(misses, MostOf(kDraws, kAlpha)) << rows;
  }
}

TEST(MonitorSimulation, ADriftIntervalHoldsAtAllTimesAtOnce) {
  constexpr int kDraws = 600;
  const int misses = CountDraws(kDraws, [&](RandomStream* random) {
    BoundedSample baseline;
    for (int i = 0; i < 150; ++i) baseline.Add(Draw(random, 0.3, 1));
    BoundedSample later;
    for (int i = 1; i <= 400; ++i) {
      later.Add(Draw(random, 0.45, 1));
      if (i % 20 != 0) continue;
      const Interval interval = DriftInterval(baseline, later, 1 - kAlpha);
      if (interval.lo > 0.15 || interval.hi < 0.15) return true;
    }
    return false;
  });
  EXPECT_LE(misses, MostOf(kDraws, kAlpha));
}

// The whole of it: six rates in three groups, subjects with two rows that
// resemble one another, a look on every day of nine months.
TEST(MonitorSimulation, AWholeFamilySeldomEverAlarms) {
  constexpr int kDraws = 300;
  const int alarms = CountDraws(kDraws, [&](RandomStream* random) {
    const MonitorInput input = SyntheticMonitor({.subjects_per_month = 60,
                                                 .rows_per_subject = 2,
                                                 .subject_spread = 0.3,
                                                 .seed = random->NextUint64()});
    const MonitorResult result = Monitor(input, SyntheticMonitorSettings());
    return std::any_of(result.drift.begin(), result.drift.end(),
                       [](const DriftResult& drift) { return drift.reported; });
  });
  EXPECT_LE(alarms, MostOf(kDraws, kAlpha));
}

// An FNR of 0.2 that becomes 0.45 in the seventh month, some 120 positives of
// the group a month, three months of baseline.
TEST(MonitorSimulation, FindsPlantedDriftAndSoon) {
  constexpr int kDraws = 100;
  std::vector<int> alarm(kDraws, -1);
  ParallelFor(kDraws, 0, [&](int64_t i) {
    const MonitorInput input =
        SyntheticMonitor({.months = 14,
                          .subjects_per_month = 600,
                          .drift_from = 6,
                          .drifted_fnr = 0.45,
                          .seed = static_cast<uint64_t>(i + 1)});
    const MonitorResult result = Monitor(input, SyntheticMonitorSettings());
    for (const DriftResult& drift : result.drift) {
      if (result.streams[drift.metric].name == "fnr" &&
          input.audit.groups.Name(drift.group) == "sex=F" && drift.reported) {
        alarm[i] = drift.alarm.window;
      }
    }
  });
  std::sort(alarm.begin(), alarm.end());
  RecordProperty("median_alarm_window", alarm[kDraws / 2]);
  const auto found = std::count_if(alarm.begin(), alarm.end(),
                                   [](int window) { return window >= 6; });
  EXPECT_GE(found, 90);
  EXPECT_LE(alarm[kDraws / 2], 10);
}

}  // namespace
}  // namespace plumbline
