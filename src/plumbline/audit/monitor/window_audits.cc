#include "plumbline/audit/monitor/window_audits.h"

#include <algorithm>
#include <cmath>

#include "plumbline/audit/audit.h"
#include "plumbline/base/error.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/clusters.h"

namespace plumbline {
namespace {

bool IsAudited(const AuditTarget& target, int64_t row) {
  return target.labels[row] != kMissingLabel && !std::isnan(target.scores[row]);
}

GroupIndex GroupsOfRows(const GroupIndex& groups,
                        const std::vector<int64_t>& rows) {
  GroupIndex subset;
  subset.groupings = groups.groupings;
  subset.groups = groups.groups;
  subset.cells = groups.cells;
  subset.group_of_cell = groups.group_of_cell;
  for (const CategoricalColumn& attribute : groups.attributes) {
    CategoricalColumn column;
    column.name = attribute.name;
    column.levels = attribute.levels;
    column.first_row = attribute.first_row;
    std::vector<uint32_t> codes;
    codes.reserve(rows.size());
    for (const int64_t row : rows) {
      codes.push_back(attribute.codes[row]);
      column.missing += codes.back() == kMissingCode;
    }
    column.codes =
        CodeVector::Pack(codes, static_cast<uint32_t>(column.levels.size()));
    subset.attributes.push_back(std::move(column));
  }
  subset.cell_of_row.reserve(rows.size());
  for (Group& group : subset.groups) group.rows = 0;
  for (const int64_t row : rows) {
    const uint32_t cell = groups.cell_of_row[row];
    subset.cell_of_row.push_back(cell);
    for (size_t g = 0; g < groups.groupings.size(); ++g) {
      ++subset.groups[groups.GroupOf(cell, static_cast<int>(g))].rows;
    }
  }
  return subset;
}

std::vector<std::vector<int64_t>> RowsByWindow(
    const std::vector<int32_t>& window_of, int windows) {
  std::vector<std::vector<int64_t>> rows(windows);
  for (size_t row = 0; row < window_of.size(); ++row) {
    if (window_of[row] >= 0) {
      rows[window_of[row]].push_back(static_cast<int64_t>(row));
    }
  }
  return rows;
}

FittedThreshold FitOnBaseline(const AuditTarget& target,
                              const ThresholdRule& rule,
                              const std::vector<int32_t>& window_of,
                              const WindowRange& baseline) {
  if (baseline.last < 0) {
    throw Error(ErrorCode::kUsage,
                "--at {} must be fitted, and there is no baseline to fit it "
                "on; give a fixed threshold, or a --baseline",
                rule.text);
  }
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  for (size_t row = 0; row < window_of.size(); ++row) {
    if (window_of[row] < baseline.first || window_of[row] > baseline.last ||
        !IsAudited(target, static_cast<int64_t>(row))) {
      continue;
    }
    scores.push_back(target.scores[row]);
    labels.push_back(target.labels[row] == 1);
  }
  if (scores.empty()) {
    throw Error(ErrorCode::kInvalidInput,
                "target {}: no row of the baseline has both a label (column "
                "\"{}\") and a score (column \"{}\"), so that --at {} cannot "
                "be fitted",
                target.name, target.label_column, target.score_column,
                rule.text);
  }
  FittedThreshold fitted;
  fitted.rule = rule;
  fitted.value = FitThreshold(rule, scores, labels);
  fitted.fitted_on = "baseline";
  fitted.rows = static_cast<int64_t>(scores.size());
  return fitted;
}

}  // namespace

AuditInput InputOfRows(const AuditInput& input, int target,
                       const std::vector<int64_t>& rows) {
  AuditInput subset;
  subset.rows = static_cast<int64_t>(rows.size());
  const AuditTarget& from = input.targets[target];
  AuditTarget to;
  to.name = from.name;
  to.label_column = from.label_column;
  to.score_column = from.score_column;
  to.hard_decisions = from.hard_decisions;
  to.labels.reserve(rows.size());
  to.scores.reserve(rows.size());
  for (const int64_t row : rows) {
    to.labels.push_back(from.labels[row]);
    to.scores.push_back(from.scores[row]);
  }
  subset.targets.push_back(std::move(to));
  subset.groups = GroupsOfRows(input.groups, rows);
  subset.subject_column = input.subject_column;
  if (!input.subjects.empty()) {
    std::vector<uint32_t> subjects;
    subjects.reserve(rows.size());
    for (const int64_t row : rows) subjects.push_back(input.subjects[row]);
    DenseClusters dense = NumberClusters(subjects);
    subset.subjects = std::move(dense.ids);
    subset.subject_count = dense.count;
  }
  return subset;
}

std::vector<FittedThreshold> FrozenThresholds(
    const AuditInput& input, const AuditOptions& options,
    const std::vector<int32_t>& window_of, const WindowRange& baseline) {
  std::vector<FittedThreshold> thresholds;
  for (const AuditTarget& target : input.targets) {
    const auto own = options.threshold_of_target.find(target.name);
    ThresholdRule rule = own == options.threshold_of_target.end()
                             ? options.threshold
                             : own->second;
    if (target.hard_decisions) rule = ThresholdRule{};
    if (rule.needs_fitting()) {
      thresholds.push_back(FitOnBaseline(target, rule, window_of, baseline));
      continue;
    }
    FittedThreshold given;
    given.rule = rule;
    given.value = rule.value;
    thresholds.push_back(given);
  }
  return thresholds;
}

AuditOptions OptionsOfWindows(const MonitorInput& input,
                              const MonitorOptions& options,
                              const std::vector<std::string>& metrics,
                              const std::vector<FittedThreshold>& thresholds,
                              const std::vector<int32_t>& window_of,
                              const WindowRange& baseline) {
  AuditOptions of_window = options.audit;
  of_window.metrics = metrics;
  of_window.gaps = {"max_min", "difference_reference"};
  of_window.gates.clear();
  of_window.threshold_of_target.clear();
  for (size_t t = 0; t < thresholds.size(); ++t) {
    ThresholdRule& rule =
        of_window.threshold_of_target[input.audit.targets[t].name];
    rule = {ThresholdRuleKind::kFixed, thresholds[t].value,
            thresholds[t].rule.text};
  }
  const GroupIndex& groups = input.audit.groups;
  const int first = *std::min_element(
      window_of.begin(), window_of.end(), [](int32_t a, int32_t b) {
        return static_cast<uint32_t>(a) < static_cast<uint32_t>(b);
      });
  for (const CategoricalColumn& attribute : groups.attributes) {
    if (of_window.reference.contains(attribute.name)) continue;
    std::vector<int64_t> rows(attribute.levels.size(), 0);
    for (size_t row = 0; row < window_of.size(); ++row) {
      const uint32_t code = attribute.codes[row];
      const bool counts = baseline.last < 0
                              ? window_of[row] == first
                              : window_of[row] >= baseline.first &&
                                    window_of[row] <= baseline.last;
      if (counts && code != kMissingCode) ++rows[code];
    }
    const auto largest = std::max_element(rows.begin(), rows.end());
    of_window.reference[attribute.name] =
        attribute.levels[largest - rows.begin()];
  }
  return of_window;
}

std::vector<WindowAudit> AuditWindows(const AuditInput& input,
                                      const AuditOptions& options,
                                      const std::vector<int32_t>& window_of,
                                      int windows) {
  const auto rows = RowsByWindow(window_of, windows);
  const auto targets = static_cast<int64_t>(input.targets.size());
  std::vector<WindowAudit> audits(targets * windows);
  Progress progress("auditing windows", input.rows * targets, "rows");
  ParallelFor(targets * windows, options.threads, [&](int64_t piece) {
    WindowAudit& audit = audits[piece];
    audit.target = static_cast<int>(piece / windows);
    audit.window = static_cast<int>(piece % windows);
    const AuditTarget& target = input.targets[audit.target];
    const std::vector<int64_t>& own = rows[audit.window];
    if (std::any_of(own.begin(), own.end(),
                    [&](int64_t row) { return IsAudited(target, row); })) {
      AuditOptions one = options;
      one.threads = 1;
      AuditResult result = Audit(InputOfRows(input, audit.target, own), one);
      audit.groups = std::move(result.groups);
      audit.gaps = std::move(result.gaps);
    }
    progress.Advance(static_cast<int64_t>(own.size()));
  });
  return audits;
}

}  // namespace plumbline
