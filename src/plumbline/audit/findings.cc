#include "plumbline/audit/findings.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <tuple>

#include "plumbline/audit/case_mix_audit.h"
#include "plumbline/audit/find_slices.h"
#include "plumbline/audit/metrics.h"
#include "plumbline/audit/multiclass.h"
#include "plumbline/audit/weights_findings.h"
#include "plumbline/base/text.h"
#include "plumbline/stats/multiple_testing.h"

namespace plumbline {
namespace {

// More levels than a person can read in a table.
constexpr size_t kManyLevels = 50;

bool Has(const AuditResult& result, std::string_view metric) {
  return std::find(result.metrics.begin(), result.metrics.end(), metric) !=
         result.metrics.end();
}

// The code of a gap in this metric, or "" where another metric tells it.
const char* CodeOfGap(const AuditResult& result, std::string_view metric) {
  struct Row {
    const char* metric;
    const char* code;
    const char* told_by;  // silent if this metric was audited too
  };
  static constexpr Row kRows[] = {
      {"fnr", "PB101", ""},
      {"sensitivity", "PB101", "fnr"},
      {"fpr", "PB102", ""},
      {"specificity", "PB102", "fpr"},
      {"selection_rate", "PB103", ""},
      {"ppv", "PB104", ""},
      {"fdr", "PB104", "ppv"},
      {"npv", "PB104", ""},
      {"for", "PB104", "npv"},
      {"accuracy", "PB104", ""},
      {"balanced_accuracy", "PB104", ""},
      {"f1", "PB104", ""},
      {"youden_j", "PB104", "balanced_accuracy"},
      {"d_prime", "PB104", ""},
      {"auroc", "PB201", ""},
      {"auprc", "PB202", ""},
      {"calibration_intercept", "PB301", ""},
      {"calibration_slope", "PB301", ""},
      {"observed_expected", "PB301", "calibration_intercept"},
      {"ece", "PB303", ""},
  };
  for (const Row& row : kRows) {
    if (metric == row.metric) {
      return *row.told_by != '\0' && Has(result, row.told_by) ? "" : row.code;
    }
  }
  return "";
}

// "5.1" or "0.051", and what it is counted in.
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

class Writer {
 public:
  Writer(const AuditInput& input, const AuditOptions& options,
         const std::vector<uint8_t>& few_scores, AuditResult& result)
      : input_(input),
        options_(options),
        few_scores_(few_scores),
        result_(result) {}

  void Run() {
    for (GapResult& gap : result_.gaps) {
      gap.code = CodeOfGap(result_, gap.metric);
    }
    CollectShown();
    Gates();
    for (const GapResult& gap : result_.gaps) Gap(gap);
    Verdicts();
    Calibration();
    Benefit();
    Missing();
    Data();
    AddMulticlassFindings(input_, options_, result_);
    AddWeightFindings(input_, options_, result_);
    AddCaseMixFindings(input_, result_);
    AddSliceFindings(input_, options_, result_);
    Sort();
    Limitations();
    AddModelLimitations(input_, result_);
    AddWeightLimitations(input_, result_);
    AddSliceLimitations(input_, options_, result_);
  }

 private:
  // By severity; within it what harms patients most directly first.
  void Sort() {
    static constexpr std::string_view kSeverities[] = {"high", "medium", "low",
                                                       "info"};
    static constexpr std::string_view kCodes[] = {
        "PB801", "PB802", "PB101", "PB501", "PB201", "PB203",
        "PB106", "PB102", "PB502", "PB301", "PB105", "PB104",
        "PB103", "PB401", "PB202", "PB303", "PB302"};
    const auto place = [](const auto& list, const std::string& name) {
      return std::find(std::begin(list), std::end(list), name) -
             std::begin(list);
    };
    const auto size = [](const Finding& finding) {
      return finding.numbers.empty() ? 0.0
                                     : std::abs(finding.numbers[0].second);
    };
    std::stable_sort(result_.findings.begin(), result_.findings.end(),
                     [&](const Finding& a, const Finding& b) {
                       return std::tuple(place(kSeverities, a.severity),
                                         place(kCodes, a.code), -size(a)) <
                              std::tuple(place(kSeverities, b.severity),
                                         place(kCodes, b.code), -size(b));
                     });
  }

  std::string ByName(int grouping) const {
    std::string name;
    for (const int a : input_.groups.groupings[grouping].attributes) {
      name += (name.empty() ? "" : " x ") + input_.groups.attributes[a].name;
    }
    return name;
  }

  std::string Of(int target) const {
    return result_.targets.size() > 1 ? result_.targets[target].name + ": "
                                      : std::string();
  }

  void Add(const char* code, const char* severity, int target,
           std::string sentence, const char* action,
           std::vector<std::pair<std::string, double>> numbers = {}) {
    result_.findings.push_back({code, severity, target, std::move(sentence),
                                action, std::move(numbers)});
  }

  void Gates() {
    for (const GateResult& gate : result_.gates) {
      if (gate.outcome == GateOutcome::kMet) continue;
      const bool failed = gate.outcome == GateOutcome::kFailed;
      Add(failed ? "PB801" : "PB802", failed ? "high" : "medium", gate.target,
          Of(gate.target) + "Gate " + gate.sentence,
          failed ? "Do not put the model to use under this policy; find the "
                   "cause first."
                 : "Collect more subjects of the groups concerned, or decide "
                   "that this limit cannot be the basis of a decision.",
          {{"value", gate.value}, {"lo", gate.lo}, {"hi", gate.hi}});
    }
  }

  void Gap(const GapResult& gap) {
    if (gap.outcome == nullptr || std::string_view(gap.outcome) != "shown") {
      return;
    }
    if (ShownByPart(gap)) return;
    if (gap.measure == "amplification") return Amplification(gap);
    if (gap.measure != "max_min") return;
    if (*gap.code == '\0') return;
    const Metric& metric = *FindMetric(gap.metric);
    const char* severity = gap.lo >= gap.margin      ? "high"
                           : gap.value >= gap.margin ? "medium"
                                                     : "low";
    std::string worst;
    if (gap.worst >= 0) {
      worst = fmt::format(" Most probably worst: {} (probability {}).",
                          input_.groups.Name(gap.worst),
                          gap.worst_probability >= 0.995
                              ? "> 0.99"
                              : fmt::format("{:.2f}", gap.worst_probability));
    }
    Add(gap.code, severity, gap.target,
        fmt::format("{}{} differs between groups of {} by {}{} (interval {} to "
                    "{}; chance alone gives {} on average, adjusted {}).{}",
                    Of(gap.target), metric.label, ByName(gap.grouping),
                    Amount(metric, gap.value), Unit(metric),
                    Amount(metric, gap.lo), Amount(metric, gap.hi),
                    Amount(metric, gap.null_expected), PText(gap.p_adjusted),
                    worst),
        "Look at the worst group's errors, at the reliability of its labels "
        "and at how its images were acquired, before the model is used on it.",
        {{"value", gap.value},
         {"lo", gap.lo},
         {"hi", gap.hi},
         {"null_expected", gap.null_expected},
         {"p_adjusted", gap.p_adjusted}});
  }

  // An intersection is news only where none of its attributes shows the gap.
  bool ShownByPart(const GapResult& gap) const {
    const auto& attributes = input_.groups.groupings[gap.grouping].attributes;
    if (attributes.size() < 2) return false;
    return std::any_of(attributes.begin(), attributes.end(), [&](int a) {
      return shown_.count({gap.target, a, gap.measure + gap.metric}) > 0;
    });
  }

  void CollectShown() {
    for (const GapResult& gap : result_.gaps) {
      const auto& attributes = input_.groups.groupings[gap.grouping].attributes;
      if (attributes.size() == 1 && gap.outcome != nullptr &&
          std::string_view(gap.outcome) == "shown") {
        shown_.insert({gap.target, attributes[0], gap.measure + gap.metric});
      }
    }
  }

  void Amplification(const GapResult& gap) {
    const Metric& metric = *FindMetric("selection_rate");
    const double label_gap =
        Prevalence(gap, gap.group) - Prevalence(gap, gap.reference);
    // Only a gap that grows in its own direction is amplified.
    if (label_gap * gap.value < 0) return;
    Add("PB105", std::abs(gap.value) >= gap.margin ? "medium" : "low",
        gap.target,
        fmt::format("{}The model's gap in positive rate between {} and {} "
                    "exceeds the labels' own gap by {}{} (interval {} to {}).",
                    Of(gap.target), input_.groups.Name(gap.group),
                    input_.groups.Name(gap.reference),
                    Amount(metric, gap.value), Unit(metric),
                    Amount(metric, gap.lo), Amount(metric, gap.hi)),
        "Check what the model uses besides the finding to tell these groups "
        "apart.",
        {{"value", gap.value}, {"label_gap", label_gap}});
  }

  double Prevalence(const GapResult& gap, int group) const {
    const size_t at =
        gap.target * input_.groups.groups.size() + static_cast<size_t>(group);
    const GroupResult& g = result_.groups[at];
    return g.prevalence;
  }

  // How many largest gaps were shown, excluded, or could not be told.
  void Verdicts() {
    for (size_t t = 0; t < result_.targets.size(); ++t) {
      int insufficient = 0;
      int none = 0;
      int all = 0;
      for (const GapResult& gap : result_.gaps) {
        if (gap.target != static_cast<int>(t) || gap.measure != "max_min" ||
            gap.outcome == nullptr || *gap.code == '\0') {
          continue;
        }
        ++all;
        insufficient += std::string_view(gap.outcome) == "insufficient";
        none += std::string_view(gap.outcome) == "none_above_margin";
      }
      const int target = static_cast<int>(t);
      if (insufficient > 0) {
        Add("PB702", "info", target,
            fmt::format("{}For {} of {} comparisons this data cannot tell "
                        "whether there is a gap of more than {:g}.",
                        Of(target), insufficient, all, options_.margin),
            "Read the smallest gap that the data could have shown; collect "
            "more subjects of the small groups if that is too large.");
      }
      if (none > 0) {
        Add("PB703", "info", target,
            fmt::format("{}For {} of {} comparisons the data exclude a gap of "
                        "more than {:g}.",
                        Of(target), none, all, options_.margin),
            "Nothing to do for these.");
      }
      Small(target);
    }
  }

  void Small(int target) {
    int small = 0;
    int all = 0;
    for (const GroupResult& group : result_.groups) {
      if (group.target != target) continue;
      ++all;
      small += group.n < options_.minimum || group.events < options_.minimum;
    }
    if (small == 0) return;
    Add("PB701", "info", target,
        fmt::format("{}{} of {} groups have fewer than {} images or fewer than "
                    "{} with the finding: what the model does to them is not "
                    "known.",
                    Of(target), small, all, options_.minimum, options_.minimum),
        "Do not read their absence from the list of gaps as a sign that all is "
        "well.");
  }

  void Calibration() {
    for (const GroupResult& group : result_.groups) {
      if (group.group != 0) continue;
      for (size_t m = 0; m < result_.metrics.size(); ++m) {
        const Estimate& e = group.metrics[m];
        const std::string& name = result_.metrics[m];
        const bool slope = name == "calibration_slope";
        if (e.reason != nullptr ||
            (!slope && name != "calibration_intercept")) {
          continue;
        }
        const double ideal = slope ? 1 : 0;
        if (e.lo <= ideal && ideal <= e.hi) continue;
        Add("PB302", "low", group.target,
            fmt::format("{}{} is {:.2f} (interval {:.2f} to {:.2f}) where a "
                        "calibrated model has {:g}.",
                        Of(group.target), FindMetric(name)->label, e.value,
                        e.lo, e.hi, ideal),
            "Do not read the scores as probabilities; recalibrate on local "
            "data if they are shown to doctors.");
      }
    }
  }

  void Benefit() {
    for (size_t m = 0; m < result_.metrics.size(); ++m) {
      if (result_.metrics[m] != "net_benefit") continue;
      for (const GroupResult& group : result_.groups) {
        const Estimate& e = group.metrics[m];
        if (e.reason != nullptr || group.n == 0) continue;
        const double threshold = result_.targets[group.target].threshold.value;
        const double prevalence = group.prevalence;
        const double all =
            prevalence - (1 - prevalence) * threshold / (1 - threshold);
        if (!(e.hi < std::max(0.0, all))) continue;
        Add("PB401", "medium", group.target,
            fmt::format("{}In {} the model does worse than {} at this "
                        "threshold: net benefit {:.4f} (interval {:.4f} to "
                        "{:.4f}) against {:.4f}.",
                        Of(group.target), input_.groups.Name(group.group),
                        all > 0 ? "treating everyone" : "treating nobody",
                        e.value, e.lo, e.hi, std::max(0.0, all)),
            "Choose another threshold for this use, or do not use the model "
            "for this group.");
      }
    }
  }

  void Missing() {
    std::vector<double> p;
    for (const MissingnessResult& m : result_.missingness) p.push_back(m.p);
    const std::vector<double> adjusted = Holm(p);
    for (size_t i = 0; i < result_.missingness.size(); ++i) {
      const MissingnessResult& m = result_.missingness[i];
      Add("PB601", "info", m.target,
          fmt::format("{}{} is missing in {} rows ({:.1f} %); they are a group "
                      "of their own.",
                      Of(m.target), m.attribute, WithThousands(m.rows),
                      100 * m.share),
          "Read the bounds: they say how large a gap the missing rows could "
          "hide.");
      if (adjusted[i] <= 1 - options_.level) {
        Add("PB602", "medium", m.target,
            fmt::format("{}Where {} is missing the model errs in {:.1f} % of "
                        "images, elsewhere in {:.1f} % (adjusted {}).",
                        Of(m.target), m.attribute,
                        100 * m.error_rate_missing.value,
                        100 * m.error_rate_known.value, PText(adjusted[i])),
            "The gaps among known groups do not hold for the missing ones; "
            "find out who they are.");
      }
    }
  }

  void Data() {
    for (size_t t = 0; t < result_.targets.size(); ++t) {
      const TargetResult& target = result_.targets[t];
      const int64_t out = target.missing_labels + target.missing_scores;
      if (out > 0) {
        Add("PB605", "low", static_cast<int>(t),
            fmt::format("{}{} rows have no label and {} no score; they are not "
                        "audited.",
                        Of(static_cast<int>(t)),
                        WithThousands(target.missing_labels),
                        WithThousands(target.missing_scores)),
            "Find out whether they belong to particular groups.");
      }
      if (few_scores_[t]) {
        Add("PB607", "info", static_cast<int>(t),
            Of(static_cast<int>(t)) +
                "The scores take at most two values: they are decisions, so "
                "AUROC and calibration say little.",
            "Give the model's scores, or name the column with --decision.");
      }
    }
    for (const AttributeSummary& attribute : result_.attributes) {
      if (attribute.subjects_in_several_groups > 0) {
        Add("PB603", "low", -1,
            fmt::format("{} {} rows in more than one group of {}.",
                        WithThousands(attribute.subjects_in_several_groups),
                        attribute.subjects_in_several_groups == 1
                            ? "subject has"
                            : "subjects have",
                        attribute.name),
            "Right for something that changes (age, device); an error in the "
            "table for something that does not (sex at birth).");
      }
      if (attribute.levels.size() > kManyLevels) {
        Add("PB606", "low", -1,
            fmt::format(
                "{} has {} levels; most groups are too small to say "
                "anything.",
                attribute.name,
                WithThousands(static_cast<long long>(attribute.levels.size()))),
            "Group the levels, or cut a number into intervals with --bins.");
      }
    }
    if (input_.duplicate_rows > 0) {
      Add("PB604", "medium", -1,
          fmt::format("{} {} an exact copy of an earlier one ({}).",
                      WithThousands(input_.duplicate_rows),
                      input_.duplicate_rows == 1 ? "row is" : "rows are",
                      input_.first_duplicate),
          "Remove the copies: they make intervals too narrow.");
    }
  }

  void Limit(const char* code, std::string text) {
    result_.limitations.push_back({code, std::move(text)});
  }

  void Limitations() {
    for (size_t t = 0; t < result_.targets.size(); ++t) {
      const FittedThreshold& threshold = result_.targets[t].threshold;
      if (std::string_view(threshold.fitted_on) != "audited_rows") continue;
      Limit("PL101",
            fmt::format(
                "{}The threshold ({}) was chosen on the rows that are audited, "
                "so the figures at it are better than they will be on new "
                "patients{}.",
                Of(static_cast<int>(t)), threshold.rule.text,
                options_.replicates > 0
                    ? "; it was chosen anew in every bootstrap replicate"
                    : "; with --replicates 0 the intervals take it as fixed"));
    }
    if (!result_.clustered) {
      Limit("PL102",
            "No subject column was given: every row is taken as a subject of "
            "its own. If a patient has several rows, the intervals are too "
            "narrow; name the column with --subject.");
    }
    Limit("PL103",
          fmt::format(
              "{} gaps were computed. p-values are adjusted by Holm's "
              "method within each metric, measure and number of "
              "attributes; metrics are not adjusted for one another.",
              WithThousands(static_cast<long long>(result_.gaps.size()))));
    for (const AttributeSummary& attribute : result_.attributes) {
      if (attribute.subjects_in_several_groups == 0) continue;
      Limit("PL104", "Subjects with rows in several groups of " +
                         attribute.name +
                         " make these groups depend on one another; the null "
                         "of the largest gap takes them as independent.");
    }
    if (options_.replicates == 0) {
      Limit("PL105",
            "No bootstrap was run: metrics without a closed-form interval have "
            "none.");
    }
    if (input_.duplicate_rows < 0) {
      Limit("PL106", "Duplicate rows were not counted.");
    }
    Limit("PL107",
          "Intervals describe sampling error only, not wrong labels and not "
          "how other hospitals differ.");
    Limit("PL108", "Groups are those recorded in the table.");
  }

  const AuditInput& input_;
  const AuditOptions& options_;
  const std::vector<uint8_t>& few_scores_;
  AuditResult& result_;
  // Target, attribute, measure and metric of gaps that were shown.
  std::set<std::tuple<int, int, std::string>> shown_;
};

}  // namespace

void AddFindings(const AuditInput& input, const AuditOptions& options,
                 const std::vector<uint8_t>& few_scores, AuditResult& result) {
  Writer(input, options, few_scores, result).Run();
}

}  // namespace plumbline
