// What the drift of rates means in words.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "plumbline/audit/monitor/judge.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

class Writer {
 public:
  Writer(const MonitorInput& input, const MonitorOptions& options,
         MonitorResult* result)
      : input_(input), options_(options), result_(*result) {}

  void Run() {
    for (const DriftResult& drift : result_.drift) {
      if (drift.reported) Drift(drift);
    }
    for (const GapDriftResult& gap : result_.gap_drift) Gap(gap);
    std::stable_sort(result_.findings.begin(), result_.findings.end(),
                     [](const Finding& a, const Finding& b) {
                       return std::pair(Rank(a), -Evidence(a)) <
                              std::pair(Rank(b), -Evidence(b));
                     });
    TooFew();
    Limitations();
  }

 private:
  static int Rank(const Finding& finding) {
    return finding.severity == "high"     ? 0
           : finding.severity == "medium" ? 1
           : finding.severity == "low"    ? 2
                                          : 3;
  }

  static double Evidence(const Finding& finding) {
    for (const auto& [name, value] : finding.numbers) {
      if (name == "log10_e") return value;
    }
    return 0;
  }

  // "31.0 %" of a rate, "0.031" of what is no rate.
  static std::string Value(const StreamMetric& metric, double x) {
    const double value = metric.lowest() + x * metric.range();
    return metric.is_calibration ? fmt::format("{:.3f}", value)
                                 : fmt::format("{:.1f} %", 100 * value);
  }
  static std::string Change(const StreamMetric& metric, double change) {
    return metric.is_calibration
               ? fmt::format("{:+.3f}", change)
               : fmt::format("{:+.1f} percentage points", 100 * change);
  }
  static std::string Range(const StreamMetric& metric, double lo, double hi) {
    return metric.is_calibration
               ? fmt::format("{:+.3f} to {:+.3f}", lo, hi)
               : fmt::format("{:+.1f} to {:+.1f}", 100 * lo, 100 * hi);
  }

  // The rate got worse: away from its better end, or from 0.
  static bool IsWorse(const DriftResult& drift, const StreamMetric& metric) {
    const double change = drift.stream.later.mean() - drift.baseline.value;
    switch (metric.direction) {
      case MetricDirection::kLowerIsBetter:
        return change > 0;
      case MetricDirection::kHigherIsBetter:
        return change < 0;
      default:
        return std::abs(drift.stream.later.mean() - 0.5) >
               std::abs(drift.baseline.value - 0.5);
    }
  }

  std::string ForTarget(int target) const {
    return result_.targets.size() == 1
               ? ""
               : fmt::format(" for {}", result_.targets[target].name);
  }

  void Drift(const DriftResult& drift) {
    const StreamMetric& metric = result_.streams[drift.metric];
    const StreamPoint& now = drift.stream.points.back();
    const bool is_mix = metric.id == MetricId::kPrevalence ||
                        metric.id == MetricId::kSelectionRate;
    const double range = metric.range();
    Finding finding;
    finding.code = is_mix ? "PB912" : "PB911";
    finding.severity = is_mix                   ? "medium"
                       : IsWorse(drift, metric) ? "high"
                                                : "low";
    finding.target = drift.target;
    finding.sentence = fmt::format(
        "{} of {}{} drifted: {} {}, {} since (change {}, {:g} % confidence "
        "sequence {}). The evidence was enough on {} (window {}): the e-value "
        "reached {} where {} are needed.",
        metric.label, input_.audit.groups.Name(drift.group),
        ForTarget(drift.target), Value(metric, drift.baseline.value),
        drift.has_expected ? "expected" : "in the baseline",
        Value(metric, drift.stream.later.mean()),
        Change(metric, now.drift.value * range), 100 * options_.audit.level,
        Range(metric, now.drift.lo * range, now.drift.hi * range),
        DayText(drift.alarm.day),
        result_.windows[drift.alarm.window].window.name,
        EText(drift.alarm.log_e), EText(drift.log_e_needed));
    finding.action =
        is_mix ? "Ask what changed in who is examined or in how labels are "
                 "made, before the model is blamed."
        : finding.severity == "low"
            ? "Find out why; a better number may be a change of the patients "
              "or of the labels."
            : "Look at this group's errors since then, and at what changed "
              "around that day: devices, software, patients, labels.";
    finding.numbers = {{"change", now.drift.value * range},
                       {"lo", now.drift.lo * range},
                       {"hi", now.drift.hi * range},
                       {"log10_e", now.log_e / std::log(10)},
                       {"n", static_cast<double>(now.n)}};
    result_.findings.push_back(std::move(finding));
  }

  static std::string EText(double log_e) {
    return log_e < std::log(1e6)
               ? fmt::format("{:.0f}", std::exp(log_e))
               : fmt::format("10^{:.1f}", log_e / std::log(10));
  }

  void Gap(const GapDriftResult& gap) {
    if (std::string_view(gap.outcome) != "shown") return;
    const StreamMetric& metric = result_.streams[gap.metric];
    if (std::abs(gap.later) <= std::abs(gap.baseline)) return;
    Finding finding;
    finding.code = "PB913";
    finding.severity = gap.widened ? "high" : "medium";
    finding.target = gap.target;
    finding.sentence = fmt::format(
        "The gap in {} between {} and {}{} {}: {} in the baseline, {} since "
        "(change {}, {:.4g} % confidence sequence {}){}.",
        metric.label, input_.audit.groups.Name(gap.group),
        input_.audit.groups.Name(gap.reference), ForTarget(gap.target),
        gap.widened ? "widened" : "changed", Change(metric, gap.baseline),
        Change(metric, gap.later), Change(metric, gap.change.value),
        100 * gap.level, Range(metric, gap.change.lo, gap.change.hi),
        gap.widened ? ""
                    : "; whether it is larger than before is not shown, for "
                      "the baseline's gap is itself uncertain");
    finding.action =
        "Look at which of the two groups drifted, and audit the windows since "
        "then on their own.";
    finding.numbers = {{"change", gap.change.value},
                       {"lo", gap.change.lo},
                       {"hi", gap.change.hi}};
    result_.findings.push_back(std::move(finding));
  }

  void TooFew() {
    int64_t untested = 0;
    int64_t unknown = 0;
    for (const DriftResult& drift : result_.drift) {
      untested += drift.reason != nullptr;
      unknown += std::string_view(drift.outcome) == "insufficient";
    }
    if (unknown == 0) return;
    Finding finding;
    finding.code = "PB914";
    finding.severity = "info";
    finding.sentence = fmt::format(
        "Of {} rates of groups, {} can neither be said to have drifted nor to "
        "have stayed, on average, within {:g} of the baseline; {} of these "
        "have too few "
        "contributions to be judged at all.",
        result_.drift.size(), unknown, options_.audit.margin, untested);
    finding.action =
        "Wait for more data, take a longer baseline, or follow fewer groups.";
    finding.numbers = {{"cannot_tell", static_cast<double>(unknown)},
                       {"not_tested", static_cast<double>(untested)}};
    result_.findings.push_back(std::move(finding));
  }

  void Limit(std::string text) {
    result_.limitations.push_back({"PL121", std::move(text)});
  }

  void Limitations() {
    if (result_.rows_without_date > 0) {
      Limit(fmt::format("{} of {} rows have no date and are not audited.",
                        WithThousands(result_.rows_without_date),
                        WithThousands(input_.audit.rows)));
    }
    const std::string back = WithThousands(result_.subjects_in_several_windows);
    if (input_.audit.subjects.empty()) {
      Limit(
          "No subject column is given, so each row is taken for a person of "
          "its own. If people have several rows, evidence is overstated: "
          "give --subject.");
    } else if (result_.subjects_in_several_windows > 0 &&
               options_.visits == SubjectVisits::kOnce) {
      Limit(fmt::format(
          "{} of {} subjects have rows in several windows. For drift each is "
          "counted once, in the first window in which it has a row in the "
          "rate's denominator. In the first windows these are all patients, "
          "later only new ones; where patients who come back differ from new "
          "ones, that alone shows as drift.",
          back, WithThousands(result_.subjects)));
    } else if (result_.subjects_in_several_windows > 0) {
      Limit(fmt::format(
          "{} of {} subjects have rows in several windows and are counted in "
          "each (--subject-visits every). That is valid only if a subject who "
          "comes back is, given the past, no more likely to contribute than "
          "any other; if people stay as they are, evidence is overstated.",
          back, WithThousands(result_.subjects)));
    }
    for (const TargetResult& target : result_.targets) {
      if (std::string_view(target.threshold.fitted_on) != "baseline") continue;
      Limit(fmt::format(
          "The threshold of {} was fitted on the {} rows of the baseline "
          "(--at {}) and then kept. The rates of the baseline itself are "
          "therefore a little flattered, which can show as drift where the "
          "baseline is small.",
          target.name, WithThousands(target.threshold.rows),
          target.threshold.rule.text));
    }
    if (!options_.expected.empty()) {
      Limit(
          "Against expected values (--expected) every group in the data is "
          "tested. A group that appears later joins them, and from then on an "
          "alarm needs more evidence: earlier runs were a little too lenient.");
    }
    if (result_.last_day < result_.windows.back().window.last) {
      Limit(fmt::format(
          "The last window, {}, ends on {}, the data on {}: if more rows "
          "follow in that window its numbers will change. Run again when it "
          "is over.",
          result_.windows.back().window.name,
          DayText(result_.windows.back().window.last),
          DayText(result_.last_day)));
    }
  }

  const MonitorInput& input_;
  const MonitorOptions& options_;
  MonitorResult& result_;
};

}  // namespace

void AddDriftFindings(const MonitorInput& input, const MonitorOptions& options,
                      MonitorResult* result) {
  Writer(input, options, result).Run();
}

}  // namespace plumbline
