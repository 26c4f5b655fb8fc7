#include "plumbline/audit/monitor/monitor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/monitor/synthetic_monitor.h"
#include "plumbline/audit/monitor/window_audits.h"
#include "plumbline/base/json.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

const DriftResult& Find(const MonitorResult& result, const char* metric,
                        const char* group, const MonitorInput& input) {
  for (const DriftResult& drift : result.drift) {
    if (result.streams[drift.metric].name == metric &&
        input.audit.groups.Name(drift.group) == group) {
      return drift;
    }
  }
  throw std::runtime_error("no such stream");
}

// Rows before a day.
MonitorInput Prefix(const MonitorInput& all, Day end) {
  std::vector<int64_t> rows;
  MonitorInput prefix;
  prefix.date_column = all.date_column;
  for (int64_t row = 0; row < all.audit.rows; ++row) {
    if (all.days[row] >= end) continue;
    rows.push_back(row);
    prefix.days.push_back(all.days[row]);
  }
  prefix.audit = InputOfRows(all.audit, 0, rows);
  return prefix;
}

SyntheticMonitorOptions Drifting() {
  return {.subjects_per_month = 400,
          .rows_per_subject = 2,
          .drift_from = 6,
          .drifted_fnr = 0.6};
}

TEST(Monitor, FindsThePlantedDriftInItsGroupAndNowhereElse) {
  const MonitorInput input = SyntheticMonitor(Drifting());
  const MonitorResult result = Monitor(input, SyntheticMonitorSettings());
  const DriftResult& f = Find(result, "fnr", "sex=F", input);
  EXPECT_STREQ(f.outcome, "shown");
  EXPECT_GE(f.alarm.window, 6);
  EXPECT_LE(f.alarm.window, 8);
  EXPECT_GT(f.stream.points.back().drift.lo, 0.1);
  const DriftResult& m = Find(result, "fnr", "sex=M", input);
  EXPECT_STRNE(m.outcome, "shown");
  EXPECT_LT(m.stream.points.back().log_e_largest, m.log_e_needed);
  EXPECT_STRNE(Find(result, "prevalence", "sex=F", input).outcome, "shown");
  ASSERT_FALSE(result.findings.empty());
  EXPECT_EQ(result.findings[0].code, "PB911");
  EXPECT_EQ(result.findings[0].severity, "high");
  const bool widened = std::any_of(
      result.findings.begin(), result.findings.end(),
      [](const Finding& finding) { return finding.code == "PB913"; });
  EXPECT_TRUE(widened);
}

// The baseline has no gap, or one of unknown sign; when the drift is large
// enough, it is wider whatever the gap was.
TEST(Monitor, CallsAGapWidenedOnlyWhateverTheBaselinesGap) {
  const auto gap_of = [](double fnr, double drifted) {
    SyntheticMonitorOptions synthetic = Drifting();
    synthetic.subjects_per_month = 600;
    synthetic.months = 24;
    synthetic.fnr = fnr;
    synthetic.drifted_fnr = drifted;
    MonitorOptions options = SyntheticMonitorSettings();
    options.audit.metrics = {"fnr"};
    return Monitor(SyntheticMonitor(synthetic), options).gap_drift.at(0);
  };
  const GapDriftResult wide = gap_of(0.1, 0.7);
  EXPECT_STREQ(wide.outcome, "shown");
  EXPECT_TRUE(wide.widened);
  const GapDriftResult calm = gap_of(0.2, 0.2);
  EXPECT_STRNE(calm.outcome, "shown");
  EXPECT_FALSE(calm.widened);
}

// The gap of a rate that has no data yet will be judged later: it takes its
// part of the error from the start.
TEST(Monitor, CorrectsForGapsWithoutDataYet) {
  MonitorInput input = SyntheticMonitor({});
  MonitorOptions options = SyntheticMonitorSettings();
  options.audit.metrics = {"fnr", "fpr"};
  EXPECT_EQ(Monitor(input, options).gap_drift.size(), 2u);
  const Day begin = input.days.front();
  AuditTarget& target = input.audit.targets[0];
  for (int64_t row = 1; row < input.audit.rows; row += 2) {
    if (input.days[row] >= begin + 90) target.labels[row] = 0;
  }
  const MonitorResult result = Monitor(input, options);
  ASSERT_EQ(result.gap_drift.size(), 1u);
  EXPECT_EQ(result.streams[result.gap_drift[0].metric].name, "fpr");
  EXPECT_DOUBLE_EQ(result.gap_drift[0].level, 0.975);
}

// Months 1 to 6 of twelve are what a run on six months alone gives.
TEST(Monitor, NeverLooksAhead) {
  const MonitorInput all = SyntheticMonitor(Drifting());
  MonitorOptions options = SyntheticMonitorSettings();
  for (const SubjectVisits visits :
       {SubjectVisits::kOnce, SubjectVisits::kEvery}) {
    options.visits = visits;
    const MonitorResult late = Monitor(all, options);
    const Day end = late.windows[8].window.first;
    const MonitorResult early = Monitor(Prefix(all, end), options);
    ASSERT_EQ(early.windows.size(), 8u);
    ASSERT_EQ(early.drift.size(), late.drift.size());
    for (size_t i = 0; i < early.drift.size(); ++i) {
      const StreamResult& a = early.drift[i].stream;
      const StreamResult& b = late.drift[i].stream;
      for (size_t p = 0; p < a.points.size(); ++p) {
        EXPECT_EQ(a.points[p].n, b.points[p].n);
        EXPECT_EQ(a.points[p].log_e, b.points[p].log_e);
        EXPECT_EQ(a.points[p].log_e_largest, b.points[p].log_e_largest);
        EXPECT_EQ(a.points[p].rate.lo, b.points[p].rate.lo);
        EXPECT_EQ(a.points[p].drift.hi, b.points[p].drift.hi);
      }
      for (size_t r = 0; r < a.records.size(); ++r) {
        EXPECT_EQ(a.records[r], b.records[r]);
      }
    }
    for (size_t w = 0; w < 8; ++w) {
      EXPECT_EQ(early.audits[w].groups[1].metrics[2].lo,
                late.audits[w].groups[1].metrics[2].lo);
    }
  }
}

TEST(Monitor, OfAWindowIsTheAuditOfItsRows) {
  const MonitorInput input = SyntheticMonitor(Drifting());
  const MonitorOptions options = SyntheticMonitorSettings();
  const MonitorResult result = Monitor(input, options);
  std::vector<int64_t> rows;
  for (int64_t row = 0; row < input.audit.rows; ++row) {
    if (input.days[row] >= result.windows[6].window.first &&
        input.days[row] <= result.windows[6].window.last) {
      rows.push_back(row);
    }
  }
  AuditOptions audit = options.audit;
  audit.metrics = DefaultMonitorMetrics();
  const AuditResult alone = Audit(InputOfRows(input.audit, 0, rows), audit);
  for (size_t g = 0; g < 3; ++g) {
    for (size_t m = 0; m < result.metrics.size(); ++m) {
      const Estimate& a = alone.groups[g].metrics[m];
      const Estimate& b = result.audits[6].groups[g].metrics[m];
      EXPECT_EQ(a.n, b.n);
      EXPECT_EQ(a.value, b.value) << result.metrics[m];
      EXPECT_EQ(a.hi, b.hi) << result.metrics[m];
    }
  }
}

TEST(Monitor, GivesTheSameForAnyNumberOfThreads) {
  const MonitorInput input = SyntheticMonitor(Drifting());
  MonitorOptions options = SyntheticMonitorSettings();
  const auto one = ToJson(Monitor(input, options), input, options);
  options.audit.threads = 5;
  EXPECT_EQ(WriteJson(one),
            WriteJson(ToJson(Monitor(input, options), input, options)));
}

TEST(Monitor, FitsAThresholdOnTheBaselineAlone) {
  MonitorInput input = SyntheticMonitor(Drifting());
  for (size_t row = 0; row < input.days.size(); ++row) {
    input.audit.targets[0].scores[row] *= 0.5 + 0.5 * (row % 97) / 97.0;
  }
  MonitorOptions options = SyntheticMonitorSettings();
  options.audit.threshold = ParseThresholdRule("fpr=0.2");
  const MonitorResult all = Monitor(input, options);
  EXPECT_STREQ(all.targets[0].threshold.fitted_on, "baseline");
  EXPECT_EQ(all.targets[0].threshold.rows, 3 * 400 * 2);
  const MonitorResult early =
      Monitor(Prefix(input, all.windows[5].window.first), options);
  EXPECT_EQ(early.targets[0].threshold.value, all.targets[0].threshold.value);
  options.expected = {{"prevalence", 0.4}};
  options.audit.metrics = {"prevalence"};
  EXPECT_EQ(ErrorText([&] { Monitor(input, options); }),
            "2: --at fpr=0.2 must be fitted, and there is no baseline to fit "
            "it on; give a fixed threshold, or a --baseline");
}

TEST(Monitor, TakesValuesThatAreKnownBeforehand) {
  const MonitorInput input =
      SyntheticMonitor({.subjects_per_month = 300, .fnr = 0.35});
  MonitorOptions options = SyntheticMonitorSettings();
  options.audit.metrics = {"fnr", "observed_expected"};
  options.expected = {{"fnr", 0.2}, {"observed_minus_expected", 0.0}};
  const MonitorResult result = Monitor(input, options);
  EXPECT_EQ(result.baseline.last, -1);
  EXPECT_STREQ(result.windows[0].part, "monitored");
  const DriftResult& f = Find(result, "fnr", "everyone", input);
  EXPECT_STREQ(f.outcome, "shown");
  EXPECT_EQ(f.stream.points.size(), result.windows.size());
  EXPECT_NEAR(f.stream.points.back().drift.value, f.stream.later.mean() - 0.2,
              1e-12);
}

TEST(Monitor, RefusesExpectedValuesOfWhatItDoesNotFollow) {
  const MonitorInput input = SyntheticMonitor({});
  MonitorOptions options = SyntheticMonitorSettings();
  options.audit.metrics = {"fnr", "auroc"};
  options.expected = {{"auroc", 0.8}};
  EXPECT_EQ(ErrorText([&] { Monitor(input, options); }),
            "2: --expected auroc=0.8: \"auroc\" is not followed over time. "
            "Followed are fnr");
  options.expected = {{"fnr", 1.5}};
  EXPECT_EQ(ErrorText([&] { Monitor(input, options); }),
            "2: --expected fnr=1.5: expected a number above 0 and below 1");
}

TEST(Monitor, CountsRowsWithoutADateAndShowsEmptyWindows) {
  MonitorInput input = SyntheticMonitor({.months = 5});
  const Day gap = input.days[0] + 90;
  for (Day& day : input.days) {
    if (day >= gap && day < gap + 30) day = kNoDay;
  }
  const MonitorResult result = Monitor(input, SyntheticMonitorSettings());
  EXPECT_EQ(result.rows_without_date, 100);
  ASSERT_EQ(result.windows.size(), 5u);
  EXPECT_EQ(result.windows[3].rows, 0);
  EXPECT_TRUE(result.audits[3].groups.empty());
  EXPECT_EQ(result.drift[0].stream.points[0].n, 0);
  for (Day& day : input.days) day = kNoDay;
  EXPECT_EQ(ErrorText([&] { Monitor(input, SyntheticMonitorSettings()); }),
            "3: no row has a date: column \"date\" is empty in all 500 rows");
}

TEST(Monitor, CountsAnAlarmAgainstTheWholeFamily) {
  const MonitorInput input = SyntheticMonitor(Drifting());
  MonitorOptions options = SyntheticMonitorSettings();
  const MonitorResult bonferroni = Monitor(input, options);
  EXPECT_EQ(bonferroni.family, 3 * 6);
  EXPECT_NEAR(std::exp(bonferroni.log_e_needed), 18 / 0.05, 1e-6);
  options.correction = DriftCorrection::kEBenjaminiHochberg;
  const MonitorResult ebh = Monitor(input, options);
  const auto reported = [](const MonitorResult& result) {
    return std::count_if(result.drift.begin(), result.drift.end(),
                         [](const auto& drift) { return drift.reported; });
  };
  EXPECT_GE(reported(ebh), 1);
  EXPECT_NEAR(std::exp(ebh.log_e_needed), 18 / (0.05 * reported(ebh)), 1e-6);
}

TEST(Monitor, JudgesGatesByIntervalsThatHoldForAllGroups) {
  const MonitorInput input = SyntheticMonitor(Drifting());
  MonitorOptions options = SyntheticMonitorSettings();
  const std::vector<std::string> streams = {"fnr", "prevalence"};
  for (const char* text :
       {"fnr drift by sex <= 0.05", "fnr drift by sex <= 0.9",
        "prevalence drift of finding by sex <= 0.01"}) {
    options.gates.push_back(ParseDriftGate(text, streams, {"sex"}));
  }
  const MonitorResult result = Monitor(input, options);
  ASSERT_EQ(result.gates.size(), 3u);
  EXPECT_EQ(result.gates[0].outcome, GateOutcome::kFailed);
  EXPECT_EQ(result.gates[1].outcome, GateOutcome::kMet);
  EXPECT_EQ(result.gates[2].outcome, GateOutcome::kCannotTell);
}

TEST(ParseDriftGate, ShowsTheFormOfAGate) {
  const auto fails = [](const char* text) {
    return ErrorText([&] { ParseDriftGate(text, {"fnr", "fpr"}, {"sex"}); });
  };
  const std::string form =
      " A gate of monitor is: METRIC drift [of TARGET] by A[xB] <= X, for "
      "example: fnr drift by sex <= 0.05";
  EXPECT_EQ(fails("fnr gap by sex <= 0.1"),
            "2: gate `fnr gap by sex <= 0.1`: \"drift\" is missing." + form);
  EXPECT_EQ(fails("fnr drift by sex >= 0.1"),
            "2: gate `fnr drift by sex >= 0.1`: expected <=." + form);
  EXPECT_EQ(fails("fnrr drift by sex <= 0.1"),
            "2: gate `fnrr drift by sex <= 0.1`: \"fnrr\" is not a metric; did "
            "you mean \"fnr\"?" +
                form);
}

}  // namespace
}  // namespace plumbline
