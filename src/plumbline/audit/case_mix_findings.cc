#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "plumbline/audit/case_mix_audit.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr size_t kMetricsNamed = 4;

// Metrics that say what another says: told only where that one is missing.
std::string_view ToldBy(std::string_view metric) {
  if (metric == "sensitivity") return "fnr";
  if (metric == "specificity") return "fpr";
  if (metric == "fdr") return "ppv";
  if (metric == "for") return "npv";
  if (metric == "log_loss") return "brier";
  if (metric == "prevalence") return metric;  // no property of the model
  return "";
}

struct Words {
  const char* outcome;
  const char* code;
  const char* severity;
  const char* sentence;  // after "Adjusted for age, the difference between ..."
  const char* action;
};

constexpr Words kWords[] = {
    {"reversed", "PB112", "high", "turns round",
     "Do not report the crude gap alone: within like cases the other group is "
     "worse off. Look at the strata."},
    {"appears", "PB113", "medium", "appears that the crude figures hide",
     "The groups' different cases made up for it; judge the model by the "
     "standardised gap where like cases should get like results."},
    {"remains", "PB111", "low", "remains",
     "These covariates do not account for it; look for other causes."},
    {"explained", "PB110", "info", "is explained",
     "Explained is not excused: ask why the groups differ in these covariates, "
     "and why the model does worse on such cases."},
};

class Writer {
 public:
  Writer(const AuditInput& input, AuditResult& result)
      : input_(input), result_(result) {}

  void Run() {
    for (const CaseMixResult& entry : result_.case_mix) {
      Gaps(entry);
      Support(entry);
      Imbalance(entry);
    }
  }

 private:
  std::string Of(const CaseMixResult& entry) const {
    return input_.targets.size() > 1 ? input_.targets[entry.target].name + ": "
                                     : std::string();
  }

  std::string Name(const CaseMixResult& entry, int group) const {
    return input_.groups.Name(
        input_.groups.groupings[entry.grouping].first_group + group);
  }

  void Add(const Words& words, int target, std::string sentence,
           std::vector<std::pair<std::string, double>> numbers) {
    result_.findings.push_back({words.code, words.severity, target,
                                std::move(sentence), words.action,
                                std::move(numbers)});
  }

  bool IsTold(const CaseMixResult& entry,
              const MixComparison& comparison) const {
    const std::string_view by = ToldBy(comparison.metric);
    if (by.empty()) return true;
    return std::none_of(entry.mix.comparisons.begin(),
                        entry.mix.comparisons.end(),
                        [&](const MixComparison& c) { return c.metric == by; });
  }

  static std::string Amount(const Metric& metric, double value) {
    return metric.family == MetricFamily::kRate
               ? fmt::format("{:+.1f} pp", 100 * value)
               : fmt::format("{:+.3f}", value);
  }

  void Gaps(const CaseMixResult& entry) {
    for (const Words& words : kWords) {
      std::vector<std::pair<int, int>> done;
      for (const MixComparison& first : entry.mix.comparisons) {
        const std::pair<int, int> pair = {first.group, first.reference};
        if (first.reference < 0 ||
            std::string_view(first.outcome) != words.outcome ||
            std::find(done.begin(), done.end(), pair) != done.end()) {
          continue;
        }
        done.push_back(pair);
        Gap(entry, words, pair);
      }
    }
  }

  // All metrics with this outcome for one pair of groups.
  void Gap(const CaseMixResult& entry, const Words& words,
           std::pair<int, int> pair) {
    std::vector<std::string> parts;
    std::vector<std::pair<std::string, double>> numbers;
    size_t more = 0;
    for (const MixComparison& c : entry.mix.comparisons) {
      if (std::pair(c.group, c.reference) != pair ||
          std::string_view(c.outcome) != words.outcome || !IsTold(entry, c)) {
        continue;
      }
      const Metric& metric = *FindMetric(c.metric);
      const bool direct = std::string_view(c.judged_by) == "direct";
      const MixEstimate& after = direct ? c.direct : c.weighted;
      if (numbers.empty()) {
        numbers = {{"standardised", after.value},
                   {"crude", c.crude.value},
                   {"explained", c.explained.value}};
      }
      if (parts.size() == kMetricsNamed) {
        ++more;
        continue;
      }
      parts.push_back(fmt::format(
          "{} ({} crude, {} {})", metric.name, Amount(metric, c.crude.value),
          Amount(metric, after.value), direct ? "standardised" : "weighted"));
    }
    if (parts.empty()) return;
    if (more > 0) {
      parts.push_back(
          fmt::format("{} more metric{}", more, more > 1 ? "s" : ""));
    }
    Add(words, entry.target,
        fmt::format("{}Adjusted for {}, the gap of {} to {} {} in {}.",
                    Of(entry), JoinWords(entry.covariates),
                    Name(entry, pair.first), Name(entry, pair.second),
                    words.sentence, JoinWords(parts)),
        std::move(numbers));
  }

  void Support(const CaseMixResult& entry) {
    constexpr Words kRefused = {
        "", "PB610", "low", "",
        "No adjustment can compare groups where one has no cases; leave the "
        "covariate out, merge its levels, or restrict the audit to cases that "
        "all groups have."};
    const MixSupport* refused = nullptr;
    size_t weights = 0;
    size_t direct = 0;
    double least = 1;
    for (const MixSupport& support : entry.mix.supports) {
      weights += support.weights_reason != nullptr;
      direct += support.direct_reason != nullptr;
      least = std::min(least, support.coverage);
      if (support.weights_reason != nullptr && refused == nullptr) {
        refused = &support;
      }
    }
    if (weights + direct == 0) return;
    std::string text = fmt::format(
        "{}Groups of {} have too little in common in {}: of {} comparisons, "
        "weights are refused in {} and standardising by strata in {} (the "
        "least share of cases that all groups have: {:.1f} %).",
        Of(entry),
        input_.groups
            .attributes[input_.groups.groupings[entry.grouping].attributes[0]]
            .name,
        JoinWords(entry.covariates), entry.mix.supports.size(), weights, direct,
        100 * least);
    if (refused != nullptr && !refused->covariate.empty()) {
      text += refused->level.empty()
                  ? fmt::format(" The ranges of {} do not meet.",
                                refused->covariate)
                  : fmt::format(" Not every group has rows with {}={}.",
                                refused->covariate, refused->level);
    }
    Add(kRefused, entry.target, std::move(text),
        {{"least_coverage", least},
         {"weights_refused", static_cast<double>(weights)},
         {"strata_refused", static_cast<double>(direct)}});
  }

  void Imbalance(const CaseMixResult& entry) {
    constexpr Words kLeft = {
        "", "PB611", "low", "",
        "Rely on the gap standardised by strata, or give finer --bins; the "
        "weighted gap still mixes in the covariate."};
    const MixSupport* worst = nullptr;
    const MixSupport::OfGroup* group = nullptr;
    double share = 0;
    for (const MixSupport& support : entry.mix.supports) {
      if (support.weights_reason != nullptr) continue;
      for (const MixSupport::OfGroup& of : support.groups) {
        share = std::max(share, of.largest_share);
        if (group == nullptr || of.imbalance_after > group->imbalance_after) {
          worst = &support;
          group = &of;
        }
      }
    }
    if (group == nullptr) return;
    const bool imbalance = group->imbalance_after > kImbalance;
    if (!imbalance && share <= kExtremeShare) return;
    std::string text = Of(entry);
    if (imbalance) {
      const std::string level =
          group->worst_level.empty() ? "" : "=" + group->worst_level;
      text += fmt::format(
          "After weighting, {} still differs by {:.2f} standard deviations in "
          "{}{} (rows: {}).",
          Name(entry, static_cast<int>(group->group)), group->imbalance_after,
          group->worst_covariate, level,
          MixDenominatorName(worst->denominator));
    }
    if (share > kExtremeShare) {
      text += fmt::format("{}One row holds {:.1f} % of its group's weight.",
                          imbalance ? " " : "", 100 * share);
    }
    Add(kLeft, entry.target, std::move(text),
        {{"imbalance", group->imbalance_after}, {"largest_share", share}});
  }

  const AuditInput& input_;
  AuditResult& result_;
};

}  // namespace

void AddCaseMixFindings(const AuditInput& input, AuditResult& result) {
  if (result.case_mix.empty()) return;
  Writer(input, result).Run();
  result.limitations.push_back(
      {"PL112",
       fmt::format("Gaps were standardised for {}. What the table does not "
                   "hold is not adjusted for, and \"explained\" is not "
                   "\"excused\": a covariate may itself be a consequence of "
                   "belonging to the group. Intervals of standardised gaps "
                   "take the threshold as given.",
                   [&] {
                     std::vector<std::string> names;
                     for (const Covariate& c : input.covariates) {
                       names.push_back(c.name);
                     }
                     return JoinWords(names);
                   }())});
}

}  // namespace plumbline
