#include "plumbline/audit/compare/compare_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// "FNR" of "False-negative rate (FNR)"; short labels as they are.
std::string ShortLabel(const Metric& metric) {
  const std::string label = metric.label;
  const size_t open = label.find('(');
  if (open == std::string::npos) return label;
  const std::string inside = label.substr(open + 1, label.size() - open - 2);
  const std::string before = label.substr(0, open - 1);
  return inside.size() < before.size() ? inside : before;
}

// A metric that says the same as another one that is compared too.
bool IsToldByAnother(const CompareResult& result, std::string_view metric) {
  static constexpr std::pair<std::string_view, std::string_view> kTold[] = {
      {"sensitivity", "fnr"},
      {"specificity", "fpr"},
      {"fdr", "ppv"},
      {"for", "npv"},
      {"youden_j", "balanced_accuracy"},
  };
  for (const auto& [name, teller] : kTold) {
    if (metric == name) {
      return std::find(result.metrics.begin(), result.metrics.end(), teller) !=
             result.metrics.end();
    }
  }
  return false;
}

std::string Amount(const Metric& metric, double value) {
  return metric.family == MetricFamily::kRate
             ? fmt::format("{:.1f}", 100 * value)
             : fmt::format("{:.3f}", value);
}

const char* Unit(const Metric& metric) {
  return metric.family == MetricFamily::kRate ? " percentage points" : "";
}

std::string PText(double p) {
  return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", p);
}

std::string LevelText(double level) {
  return fmt::format("{:g} %", 100 * level);
}

class Writer {
 public:
  Writer(const CompareInput& input, const CompareOptions& options,
         CompareResult& result)
      : input_(input), options_(options), result_(result) {}

  void Run() {
    for (size_t m = 0; m < result_.metrics.size(); ++m) {
      if (IsToldByAnother(result_, result_.metrics[m])) continue;
      for (int t = 0; t < input_.targets(); ++t) OneMetric(t, m);
    }
    for (const GapChange& change : result_.gaps) Gap(change);
    Sort();
    Verdict();
    Limitations();
  }

 private:
  const std::string& OldName() const { return input_.names[kBaseline]; }
  const std::string& NewName() const { return input_.names[kChallenger]; }
  double level() const { return options_.audit.level; }

  size_t groups() const { return input_.rows.groups.groups.size(); }
  const PairedDifference& At(int target, size_t group, size_t metric) const {
    return result_.groups[target * groups() + group].metrics[metric].difference;
  }
  std::string Name(size_t group) const {
    return input_.rows.groups.Name(static_cast<int>(group));
  }
  std::string Of(int target) const {
    return input_.targets() > 1 ? result_.targets[target].name + ": " : "";
  }

  static bool ShownWorse(const PairedDifference& d) {
    return d.direction == Direction::kWorse &&
           std::string_view(d.outcome) == "shown";
  }
  static bool ShownBetter(const PairedDifference& d) {
    return d.direction == Direction::kBetter &&
           std::string_view(d.outcome) == "shown";
  }
  static bool IsWorse(const PairedDifference& d) {
    return ShownWorse(d) || (d.has_verdict && d.reason == nullptr &&
                             d.verdict == NonInferiority::kInferior);
  }

  // "3.1 percentage points worse (95 % interval 1.2 to 5.0)".
  std::string HowMuch(const Metric& metric, const PairedDifference& d) const {
    const bool negative = d.value < 0;
    const double lo = negative ? -d.hi : d.lo;
    const double hi = negative ? -d.lo : d.hi;
    return fmt::format("{}{} {} ({} interval {} to {})",
                       Amount(metric, std::abs(d.value)), Unit(metric),
                       d.direction == Direction::kWorse    ? "worse"
                       : d.direction == Direction::kBetter ? "better"
                                                           : "apart",
                       LevelText(level()), Amount(metric, lo),
                       Amount(metric, hi));
  }

  void OneMetric(int target, size_t m) {
    const Metric& metric = *FindMetric(result_.metrics[m]);
    std::vector<size_t> worse;
    for (size_t g = 0; g < groups(); ++g) {
      if (!IsWorse(At(target, g, m))) continue;
      worse.push_back(g);
      Worse(target, metric, g, At(target, g, m));
    }
    Hidden(target, metric, m, worse);
    Unknown(target, metric, m);
  }

  void Worse(int target, const Metric& metric, size_t g,
             const PairedDifference& d) {
    const char* severity = d.verdict == NonInferiority::kInferior
                               ? (ShownWorse(d) ? "high" : "medium")
                           : d.verdict == NonInferiority::kNonInferior
                               ? "low"
                               : "medium";
    const char* against_margin = d.verdict == NonInferiority::kInferior
                                     ? "all of it beyond the margin"
                                 : d.verdict == NonInferiority::kNonInferior
                                     ? "within the margin"
                                     : "and it may be beyond the margin";
    result_.findings.push_back(
        {"PB901",
         severity,
         target,
         fmt::format("{}{} of {} is {} with {} than with {}, {} of {}; {} "
                     "after correction, n = {}.",
                     Of(target), ShortLabel(metric), Name(g),
                     HowMuch(metric, d), NewName(), OldName(), against_margin,
                     d.margin, PText(d.p_adjusted), WithThousands(d.n)),
         "Do not replace the model for this group before the cause is known.",
         {{"difference", d.value},
          {"lo", d.lo},
          {"hi", d.hi},
          {"p_adjusted", d.p_adjusted},
          {"n", static_cast<double>(d.n)}}});
  }

  // Better on the whole, worse for some.
  void Hidden(int target, const Metric& metric, size_t m,
              const std::vector<size_t>& worse) {
    const PairedDifference& overall = At(target, 0, m);
    if (worse.empty() || !ShownBetter(overall)) return;
    result_.findings.push_back(
        {"PB904",
         "high",
         target,
         fmt::format("{}{} of everyone together is {} with {}, which hides "
                     "that it is worse for {}.",
                     Of(target), ShortLabel(metric), HowMuch(metric, overall),
                     NewName(), Listed(worse)),
         "Decide on the groups, not on the average.",
         {{"difference", overall.value},
          {"groups_worse", static_cast<double>(worse.size())}}});
  }

  std::string Listed(const std::vector<size_t>& list) const {
    constexpr size_t kMost = 4;
    std::vector<std::string> names;
    for (size_t i = 0; i < std::min(kMost, list.size()); ++i) {
      names.push_back(Name(list[i]));
    }
    if (list.size() > kMost) {
      names.push_back(fmt::format("{} more", list.size() - kMost));
    }
    return JoinWords(names);
  }

  static bool IsUnknown(const PairedDifference& d) {
    return d.has_verdict && d.verdict == NonInferiority::kCannotTell;
  }

  void Unknown(int target, const Metric& metric, size_t m) {
    std::vector<size_t> unknown;
    size_t needs_most = 0;
    double most = -1;
    for (size_t g = 0; g < groups(); ++g) {
      const PairedDifference& d = At(target, g, m);
      if (!IsUnknown(d)) continue;
      unknown.push_back(g);
      if (d.subjects_needed > most) {
        most = d.subjects_needed;
        needs_most = g;
      }
    }
    if (unknown.empty()) return;
    std::string sentence = fmt::format(
        "{}{}: whether {} is non-inferior cannot be told in {} of {} groups "
        "({}).",
        Of(target), ShortLabel(metric), NewName(), unknown.size(), groups(),
        Listed(unknown));
    if (most > 0 && most < 1e15) {
      sentence += fmt::format(
          " Most is missing in {}: {} {} in the denominator would be needed, "
          "there are {}.",
          Name(needs_most), WithThousands(static_cast<long long>(most)),
          result_.clustered ? "subjects" : "rows",
          WithThousands(At(target, needs_most, m).subjects));
    }
    result_.findings.push_back(
        {"PB902",
         "medium",
         target,
         sentence,
         "Collect more of these groups, or say openly that it is not known.",
         {{"groups", static_cast<double>(unknown.size())},
          {"subjects_needed", most > 0 ? most : 0}}});
  }

  std::string ByName(int grouping) const {
    std::string name;
    for (const int a : input_.rows.groups.groupings[grouping].attributes) {
      name +=
          (name.empty() ? "" : " x ") + input_.rows.groups.attributes[a].name;
    }
    return name;
  }

  void Gap(const GapChange& change) {
    const std::string_view outcome = change.outcome;
    const bool widened = outcome == "widened";
    if (!widened && outcome != "reversed" && outcome != "shifted") return;
    if (IsToldByAnother(result_, change.metric)) return;
    const Metric& metric = *FindMetric(change.metric);
    const std::string what =
        change.measure == "max_min"
            ? "largest gap by " + ByName(change.grouping)
            : fmt::format("gap of {} to {}", Name(change.group),
                          Name(change.reference));
    result_.findings.push_back(
        {"PB903",
         widened ? "medium" : "low",
         change.target,
         fmt::format("{}{}: the {} {} from {} to {}{} with {} (change {}, {} "
                     "interval {} to {}; {}).",
                     Of(change.target), ShortLabel(metric), what,
                     widened                 ? "widens"
                     : outcome == "reversed" ? "turns"
                                             : "shifts",
                     Amount(metric, change.models[0].value),
                     Amount(metric, change.models[1].value), Unit(metric),
                     NewName(), Amount(metric, change.value),
                     LevelText(level()), Amount(metric, change.lo),
                     Amount(metric, change.hi), PText(change.p_adjusted)),
         "Look at which group gained and which did not.",
         {{"change", change.value},
          {"lo", change.lo},
          {"hi", change.hi},
          {"p_adjusted", change.p_adjusted}}});
  }

  void Sort() {
    static constexpr std::string_view kSeverities[] = {"high", "medium", "low",
                                                       "info"};
    static constexpr std::string_view kCodes[] = {"PB904", "PB901", "PB903",
                                                  "PB902"};
    const auto place = [](const auto& list, const std::string& name) {
      return std::find(std::begin(list), std::end(list), name) -
             std::begin(list);
    };
    std::stable_sort(result_.findings.begin(), result_.findings.end(),
                     [&](const Finding& a, const Finding& b) {
                       return std::pair(place(kSeverities, a.severity),
                                        place(kCodes, a.code)) <
                              std::pair(place(kSeverities, b.severity),
                                        place(kCodes, b.code));
                     });
  }

  struct Tally {
    int total = 0;
    int worse = 0;
    int better = 0;
    int non_inferior = 0;
    int inferior = 0;
    int unknown = 0;
    std::vector<std::string> worse_where;
  };

  Tally Count() const {
    Tally tally;
    for (size_t m = 0; m < result_.metrics.size(); ++m) {
      if (IsToldByAnother(result_, result_.metrics[m])) continue;
      const Metric& metric = *FindMetric(result_.metrics[m]);
      for (int t = 0; t < input_.targets(); ++t) {
        for (size_t g = 0; g < groups(); ++g) {
          const PairedDifference& d = At(t, g, m);
          if (!d.has_verdict) continue;
          ++tally.total;
          tally.better += ShownBetter(d);
          tally.non_inferior += d.verdict == NonInferiority::kNonInferior;
          tally.inferior += d.verdict == NonInferiority::kInferior;
          tally.unknown += d.verdict == NonInferiority::kCannotTell;
          if (!ShownWorse(d)) continue;
          ++tally.worse;
          tally.worse_where.push_back(Of(t) + ShortLabel(metric) + " of " +
                                      Name(g));
        }
      }
    }
    return tally;
  }

  void Verdict() {
    Tally tally = Count();
    if (tally.total == 0) {
      result_.verdict = "No metric with a better and a worse end was compared.";
      return;
    }
    std::string& text = result_.verdict;
    if (tally.worse == 0) {
      text = fmt::format(
          "{} is shown to be worse than {} in none of {} "
          "comparisons by metric and group",
          NewName(), OldName(), WithThousands(tally.total));
    } else {
      constexpr size_t kMost = 3;
      auto& where = tally.worse_where;
      const size_t more = where.size() - std::min(where.size(), kMost);
      where.resize(where.size() - more);
      if (more > 0) where.push_back(fmt::format("{} more", more));
      text = fmt::format(
          "{} is shown to be worse than {} in {} of {} "
          "comparisons by metric and group ({})",
          NewName(), OldName(), WithThousands(tally.worse),
          WithThousands(tally.total), JoinWords(where));
    }
    text += fmt::format(
        ", and better in {}. Within its margin it is shown to be non-inferior "
        "in {}, beyond its margin inferior in {}; in {} these data cannot "
        "tell.",
        WithThousands(tally.better), WithThousands(tally.non_inferior),
        WithThousands(tally.inferior), WithThousands(tally.unknown));
  }

  void AddLimitation(const char* code, std::string text) {
    result_.limitations.push_back({code, std::move(text)});
  }

  // Rows left out by group, of the single attributes: "sex=F 3 of 40".
  std::string LeftOutByGroup() const {
    constexpr size_t kMost = 12;
    const GroupIndex& index = input_.rows.groups;
    std::vector<std::string> parts;
    for (size_t g = 0; g < index.groups.size(); ++g) {
      const Grouping& grouping = index.groupings[index.groups[g].grouping];
      if (grouping.attributes.size() != 1) continue;
      if (input_.left_out_of_group[g] == 0) continue;
      parts.push_back(fmt::format("{} {} of {}", Name(g),
                                  WithThousands(input_.left_out_of_group[g]),
                                  WithThousands(index.groups[g].rows)));
    }
    if (parts.size() > kMost) {
      const size_t more = parts.size() - kMost;
      parts.resize(kMost);
      parts.push_back(fmt::format("{} more groups", more));
    }
    return JoinWords(parts);
  }

  void CommonRows() {
    int64_t one_score = 0;
    for (const int64_t count : input_.one_score) one_score += count;
    if (input_.only_in_baseline + input_.only_in_challenger + input_.differing +
            one_score ==
        0) {
      return;
    }
    std::string text = fmt::format(
        "Compared on common rows only: {} rows are only in the table of {}, {} "
        "only in that of {}; in {} the label, an attribute or the subject "
        "differs; {} have a score of one model only.",
        WithThousands(input_.only_in_baseline), OldName(),
        WithThousands(input_.only_in_challenger), NewName(),
        WithThousands(input_.differing), WithThousands(one_score));
    const std::string by_group = LeftOutByGroup();
    if (!by_group.empty()) {
      text += " Left out of the first table, by group: " + by_group + ".";
    }
    AddLimitation("PL120", text);
  }

  void Limitations() {
    CommonRows();
    for (const ComparedTarget& target : result_.targets) {
      if (std::string_view(target.thresholds[0].fitted_on) != "audited_rows") {
        continue;
      }
      AddLimitation("PL101",
                    "The thresholds of both models were fitted on the rows "
                    "that are compared.");
      break;
    }
    if (!result_.clustered) {
      AddLimitation("PL102",
                    "No subject column was given: every row counts as a person "
                    "of its own.");
    }
    if (options_.audit.replicates == 0) {
      AddLimitation("PL105",
                    "No replicates were drawn: AUPRC, ECE and changes of the "
                    "largest gap have no interval.");
    }
    AddLimitation("PL103",
                  "p values are corrected within each metric over targets and "
                  "all groups by as many attributes, not over metrics; "
                  "non-inferiority is judged group by group, without "
                  "correction.");
    AddLimitation("PL107",
                  "Intervals describe sampling error only, not wrong labels or "
                  "other hospitals.");
  }

  const CompareInput& input_;
  const CompareOptions& options_;
  CompareResult& result_;
};

}  // namespace

void AddCompareFindings(const CompareInput& input,
                        const CompareOptions& options, CompareResult& result) {
  Writer(input, options, result).Run();
}

}  // namespace plumbline
