// Tables in time with known truth for the tests of monitoring.
#pragma once

#include <cstdint>
#include <vector>

#include "plumbline/audit/monitor/monitor.h"
#include "plumbline/base/random.h"
#include "plumbline/table/groups.h"

namespace plumbline {

struct SyntheticMonitorOptions {
  int months = 12;
  int subjects_per_month = 100;
  int rows_per_subject = 1;
  // Chance that a positive is missed, in groups F and M alike; each subject's
  // own chance is beta-distributed around it if `subject_spread` is above 0.
  double fnr = 0.2;
  double fpr = 0.1;
  double prevalence = 0.4;
  double subject_spread = 0;
  // From this month on (0-based), group F's misses have this chance.
  int drift_from = 1000;
  double drifted_fnr = 0.2;
  uint64_t seed = 1;
};

// Days from 2024-01-01 on, in order; attribute "sex" with F and M in turn; new
// subjects every month; target "finding" with scores 0.2 and 0.8, so that 0.5
// flags the latter.
inline MonitorInput SyntheticMonitor(const SyntheticMonitorOptions& options) {
  RandomStream random(options.seed, "synthetic monitor");
  MonitorInput input;
  input.date_column = "date";
  AuditTarget target;
  target.name = "finding";
  target.label_column = "y";
  target.score_column = "score";
  std::vector<uint32_t> sex;
  const Day first = *DateFormat().Parse("2024-01-01");
  uint32_t subject = 0;
  const auto own = [&](double chance) {
    if (options.subject_spread <= 0) return chance;
    const double size = 1 / options.subject_spread - 1;
    return random.NextBeta(chance * size, (1 - chance) * size);
  };
  for (int month = 0; month < options.months; ++month) {
    for (int s = 0; s < options.subjects_per_month; ++s, ++subject) {
      const bool is_f = s % 2 == 0;
      const bool drifted = is_f && month >= options.drift_from;
      const double fnr = own(drifted ? options.drifted_fnr : options.fnr);
      const double fpr = own(options.fpr);
      const Day day = first + 30 * month + s * 28 / options.subjects_per_month;
      for (int row = 0; row < options.rows_per_subject; ++row) {
        const bool positive = random.NextUniform() < options.prevalence;
        const bool flagged =
            positive ? random.NextUniform() >= fnr : random.NextUniform() < fpr;
        target.labels.push_back(positive ? 1 : 0);
        target.scores.push_back(flagged ? 0.8 : 0.2);
        sex.push_back(is_f ? 0 : 1);
        input.days.push_back(day);
        if (options.rows_per_subject > 1) {
          input.audit.subjects.push_back(subject);
        }
      }
    }
  }
  input.audit.rows = static_cast<int64_t>(sex.size());
  if (!input.audit.subjects.empty()) input.audit.subject_count = subject;
  input.audit.subject_column = input.audit.subjects.empty() ? "" : "subject";
  CategoricalColumn column;
  column.name = "sex";
  column.levels = {"F", "M"};
  column.first_row = {0, 1};
  column.codes = CodeVector::Pack(sex, 2);
  input.audit.targets.push_back(std::move(target));
  std::vector<CategoricalColumn> columns;
  columns.push_back(std::move(column));
  input.audit.groups = BuildGroups(std::move(columns), {false}, 1);
  return input;
}

// Thirty-day windows, the first three the baseline.
inline MonitorOptions SyntheticMonitorSettings() {
  MonitorOptions options;
  options.window = ParseWindowRule("30d");
  options.audit.replicates = 0;
  options.audit.threads = 1;
  return options;
}

}  // namespace plumbline
