#include "plumbline/audit/multiclass.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "plumbline/audit/gap_engine.h"
#include "plumbline/audit/group_comparison.h"
#include "plumbline/audit/multiclass_metrics.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

// As scikit-learn's log_loss: probabilities stay this far from 0.
constexpr double kSmallestProbability = std::numeric_limits<double>::epsilon();

enum class Scale { kPlain, kWilson, kLogit };

constexpr Metric Define(const char* name, const char* label,
                        const char* summary, MetricDirection direction,
                        MetricFamily family, bool needs_scores) {
  return {MetricId::kN, name, label, summary, direction, family, needs_scores};
}

constexpr auto kHigher = MetricDirection::kHigherIsBetter;
constexpr auto kLower = MetricDirection::kLowerIsBetter;

constexpr Metric kMetrics[] = {
    Define("accuracy", "Accuracy over classes",
           "Share of rows whose highest score belongs to the true class.",
           kHigher, MetricFamily::kRate, false),
    Define("balanced_accuracy", "Balanced accuracy (macro recall)",
           "Mean over classes of the share of their rows that is recognised.",
           kHigher, MetricFamily::kCounts, false),
    Define("macro_f1", "Macro F1",
           "Mean over classes of the harmonic mean of precision and recall.",
           kHigher, MetricFamily::kCounts, false),
    Define("kappa", "Cohen's kappa",
           "Agreement with the labels beyond chance; 1 is perfect.", kHigher,
           MetricFamily::kCounts, false),
    Define("quadratic_kappa", "Quadratic kappa",
           "Kappa that counts an error by its squared distance in grades.",
           kHigher, MetricFamily::kCounts, false),
    Define("macro_auroc", "Macro AUROC (one vs rest)",
           "Mean over classes of the chance that a row of the class scores "
           "higher for it than a row of another class.",
           kHigher, MetricFamily::kRanking, true),
    Define("weighted_auroc", "Prevalence-weighted AUROC (one vs rest)",
           "The same, classes weighted by how common they are.", kHigher,
           MetricFamily::kRanking, true),
    Define("hand_till_m", "Hand-Till M",
           "Mean AUROC over pairs of classes; does not depend on how common "
           "they are.",
           kHigher, MetricFamily::kRanking, true),
    Define("brier", "Brier score over classes",
           "Mean squared distance between probabilities and the true class, "
           "0 to 2.",
           kLower, MetricFamily::kSums, true),
    Define("log_loss", "Log loss over classes",
           "Mean of minus the logarithm of the true class's probability.",
           kLower, MetricFamily::kSums, true),
};

constexpr Metric kRecall =
    Define("recall", "Recall of a class",
           "Share of the class's rows whose highest score belongs to it.",
           kHigher, MetricFamily::kRate, false);

bool IsOrdered(const std::vector<std::string>& classes) {
  return std::all_of(classes.begin(), classes.end(), [](const auto& name) {
    double value = 0;
    return ParseNumber(name, &value) && value == std::floor(value);
  });
}

// The place of each class among whole numbers, whatever the order of columns.
std::vector<int32_t> GradesOf(const std::vector<std::string>& classes) {
  std::vector<double> numbers(classes.size(), 0);
  for (size_t k = 0; k < classes.size(); ++k) {
    ParseNumber(classes[k], &numbers[k]);
  }
  std::vector<int32_t> grades;
  for (const double number : numbers) {
    grades.push_back(static_cast<int32_t>(
        std::count_if(numbers.begin(), numbers.end(),
                      [number](double other) { return other < number; })));
  }
  return grades;
}

class Engine {
 public:
  Engine(const AuditInput& input, int index, const AuditOptions& options)
      : input_(input),
        model_(input.multiclass[index]),
        options_(options),
        weights_(input.weights),
        classes_(static_cast<int>(model_.classes.size())) {
    result_.model = index;
  }

  MulticlassResult Run() {
    Select();
    const auto groups = static_cast<int64_t>(input_.groups.groups.size());
    result_.groups.resize(groups);
    ParallelFor(groups, options_.threads, [&](int64_t g) {
      result_.groups[g] = Estimates(static_cast<int>(g));
    });
    for (size_t k = 1; k < input_.groups.groupings.size(); ++k) {
      Gaps(static_cast<int>(k));
    }
    JudgeGaps(input_, options_, result_.gaps);
    return std::move(result_);
  }

 private:
  const std::vector<double>& Scores(int k) const {
    return model_.targets[k] >= 0 ? input_.targets[model_.targets[k]].scores
                                  : model_.other_scores[k];
  }

  // The largest score's class; kNoClass if one is missing.
  int32_t DecisionOf(int64_t row) const {
    if (model_.hard()) return model_.decisions[row];
    int32_t best = 0;
    for (int k = 0; k < classes_; ++k) {
      const double score = Scores(k)[row];
      if (std::isnan(score)) return kNoClass;
      if (score > Scores(best)[row]) best = k;
    }
    return best;
  }

  // Which rows are audited, and what is decided for them.
  void Select() {
    decision_.assign(input_.rows, kNoClass);
    rows_of_group_.resize(input_.groups.groups.size());
    result_.class_rows.assign(classes_, 0);
    for (int64_t row = 0; row < input_.rows; ++row) {
      if (!IsAudited(input_, row)) continue;
      decision_[row] = DecisionOf(row);
      if (model_.labels[row] == kNoClass) {
        ++result_.missing_labels;
        continue;
      }
      if (decision_[row] == kNoClass) {
        ++result_.missing_scores;
        continue;
      }
      ++result_.rows;
      ++result_.class_rows[model_.labels[row]];
      CheckSum(row);
      const uint32_t cell = input_.groups.cell_of_row[row];
      for (size_t k = 0; k < input_.groups.groupings.size(); ++k) {
        rows_of_group_[input_.groups.GroupOf(cell, static_cast<int>(k))]
            .push_back(row);
      }
    }
    for (int k = 0; k < classes_; ++k) {
      result_.class_subjects.push_back(SubjectsWhere(
          0, [&](int64_t row) { return model_.labels[row] == k; }));
    }
    if (IsOrdered(model_.classes)) grades_ = GradesOf(model_.classes);
  }

  void CheckSum(int64_t row) {
    if (model_.hard()) return;
    double sum = 0;
    for (int k = 0; k < classes_; ++k) sum += Scores(k)[row];
    result_.rows_not_summing_to_one += std::abs(sum - 1) > kSumTolerance;
  }

  uint32_t ClusterOf(int64_t row) const {
    return input_.subjects.empty() ? static_cast<uint32_t>(row)
                                   : input_.subjects[row];
  }

  template <typename Test>
  int64_t SubjectsWhere(int group, const Test& test) const {
    std::vector<uint32_t> ids;
    for (const int64_t row : rows_of_group_[group]) {
      if (test(row)) ids.push_back(ClusterOf(row));
    }
    std::sort(ids.begin(), ids.end());
    return std::unique(ids.begin(), ids.end()) - ids.begin();
  }

  ClassRows RowsOf(int group) const {
    ClassRows rows;
    rows.classes = classes_;
    for (const int64_t row : rows_of_group_[group]) {
      rows.labels.push_back(model_.labels[row]);
      rows.decisions.push_back(decision_[row]);
      rows.weights.push_back(weights_.empty() ? 1 : weights_[row]);
    }
    return rows;
  }

  // One group while its metrics are made.
  struct Place {
    ClassRows rows;
    std::vector<uint32_t> clusters;
    std::vector<int64_t> class_rows;
    int64_t subjects = 0;
    int64_t rarest = 0;  // rows of the rarest class
  };

  MulticlassGroup Estimates(int g) const {
    MulticlassGroup group;
    group.group = g;
    Place place;
    place.rows = RowsOf(g);
    for (const int64_t row : rows_of_group_[g]) {
      place.clusters.push_back(ClusterOf(row));
    }
    place.class_rows.assign(classes_, 0);
    for (const int32_t label : place.rows.labels) ++place.class_rows[label];
    place.rarest =
        *std::min_element(place.class_rows.begin(), place.class_rows.end());
    group.n = static_cast<int64_t>(place.rows.size());
    group.subjects = SubjectsWhere(g, [](int64_t) { return true; });
    place.subjects = group.subjects;
    group.classes_present =
        static_cast<int>(classes_ - std::count(place.class_rows.begin(),
                                               place.class_rows.end(), 0));
    Decisions(place, group);
    Rankings(g, place, group);
    Probabilities(g, place, group);
    for (int k = 0; k < classes_; ++k) {
      Estimate e = Estimated(RecallOf(place.rows, k), place,
                             place.class_rows[k], Scale::kWilson, false);
      e.subjects = SubjectsWhere(
          g, [&](int64_t row) { return model_.labels[row] == k; });
      group.recall.push_back(e);
    }
    const Grouping& grouping =
        input_.groups.groupings[input_.groups.groups[g].grouping];
    if (grouping.attributes.size() <= 1) {
      group.confusion = ConfusionOf(place.rows);
    }
    return group;
  }

  void Decisions(const Place& place, MulticlassGroup& group) const {
    const ClassRows& rows = place.rows;
    const auto n = static_cast<int64_t>(rows.size());
    group.metrics.push_back(
        Estimated(n > 0 ? MulticlassAccuracy(rows) : Linearised{kNan, {}},
                  place, n, Scale::kWilson, false));
    group.metrics.push_back(
        Estimated(MacroRecall(rows), place, place.rarest, Scale::kPlain, true));
    group.metrics.push_back(
        Estimated(MacroF1(rows), place, place.rarest, Scale::kPlain, false));
    group.metrics.push_back(
        Estimated(Kappa(rows, false), place, n, Scale::kPlain, false));
    group.metrics.push_back(grades_.empty()
                                ? Missing(place, "not_ordered")
                                : Estimated(Kappa(Graded(rows), true), place, n,
                                            Scale::kPlain, false));
  }

  // Grades in place of classes.
  ClassRows Graded(ClassRows rows) const {
    for (int32_t& label : rows.labels) label = grades_[label];
    for (int32_t& decision : rows.decisions) decision = grades_[decision];
    return rows;
  }

  void Rankings(int g, const Place& place, MulticlassGroup& group) const {
    if (model_.hard()) {
      group.metrics.insert(group.metrics.end(), 3,
                           Missing(place, "needs_scores"));
      return;
    }
    std::vector<std::vector<double>> scores(classes_);
    for (int k = 0; k < classes_; ++k) {
      scores[k].reserve(place.rows.size());
      for (const int64_t row : rows_of_group_[g]) {
        scores[k].push_back(Scores(k)[row]);
      }
    }
    const AurocAverages areas = AverageAurocs(place.rows, scores);
    for (const Linearised* area :
         {&areas.macro, &areas.weighted, &areas.hand_till}) {
      group.metrics.push_back(
          Estimated(*area, place, place.rarest, Scale::kLogit, true));
    }
  }

  void Probabilities(int g, const Place& place, MulticlassGroup& group) const {
    if (model_.hard() || result_.rows_not_summing_to_one > 0) {
      group.metrics.insert(
          group.metrics.end(), 2,
          Missing(place, model_.hard() ? "needs_scores" : "not_probabilities"));
      return;
    }
    std::vector<double> brier;
    std::vector<double> loss;
    for (const int64_t row : rows_of_group_[g]) {
      double distance = 0;
      for (int k = 0; k < classes_; ++k) {
        distance += std::pow(Scores(k)[row] - (model_.labels[row] == k), 2);
      }
      brier.push_back(distance);
      const double p = Scores(model_.labels[row])[row];
      loss.push_back(-std::log(
          std::clamp(p, kSmallestProbability, 1 - kSmallestProbability)));
    }
    const auto n = static_cast<int64_t>(place.rows.size());
    for (auto* values : {&brier, &loss}) {
      group.metrics.push_back(
          Estimated(WeightedMean(place.rows, std::move(*values)), place, n,
                    Scale::kPlain, false));
    }
  }

  static Estimate Missing(const Place& place, const char* reason) {
    Estimate e;
    e.value = e.lo = e.hi = e.standard_error = e.design_effect = kNan;
    e.n = static_cast<int64_t>(place.rows.size());
    e.subjects = place.subjects;
    e.reason = reason;
    return e;
  }

  // `denominator`: rows that must reach the minimum.
  Estimate Estimated(const Linearised& metric, const Place& place,
                     int64_t denominator, Scale scale, bool by_class) const {
    if (!std::isfinite(metric.value)) {
      return Missing(place, denominator == 0 ? "class_absent" : "unstable");
    }
    Estimate e = Missing(place, nullptr);
    e.value = metric.value;
    if (scale == Scale::kWilson) {
      e.n = denominator;
      if (weights_.empty()) e.events = std::llround(e.value * denominator);
    }
    if (denominator < options_.minimum) {
      e.reason = "below_minimum";
      return e;
    }
    const double variance = LinearisedVarianceOf(place.rows, metric.influence,
                                                 place.clusters, by_class);
    const double se = std::sqrt(variance);
    if (scale == Scale::kWilson) {
      SetRate(variance, place, e);
    } else if (!(se > 0)) {
      e.reason = "unstable";
    } else {
      SetInterval(se, scale, e);
    }
    return e;
  }

  void SetRate(double variance, const Place& place, Estimate& e) const {
    const double binomial = e.value * (1 - e.value) / e.n;
    const bool plain = input_.subjects.empty() && weights_.empty();
    e.design_effect = 1;
    if (!plain) {
      e.design_effect = binomial > 0 && std::isfinite(variance)
                            ? std::max(1.0, variance / binomial)
                            : static_cast<double>(place.rows.size()) /
                                  std::max<int64_t>(1, place.subjects);
    }
    if (weights_.empty()) {
      const Interval wilson =
          WilsonInterval(e.events, e.n, {options_.level, e.design_effect});
      e.lo = wilson.lo;
      e.hi = wilson.hi;
      e.standard_error = (e.hi - e.lo) / (2 * Z());
      e.method = "wilson";
    } else if (variance > 0) {
      SetInterval(std::sqrt(variance), Scale::kPlain, e);
      e.lo = std::max(0.0, e.lo);
      e.hi = std::min(1.0, e.hi);
    } else {
      e.reason = "unstable";
    }
  }

  double Z() const { return NormalQuantile(0.5 + options_.level / 2); }

  void SetInterval(double se, Scale scale, Estimate& e) const {
    e.standard_error = se;
    e.method = "delta";
    if (scale == Scale::kPlain) {
      e.lo = e.value - Z() * se;
      e.hi = e.value + Z() * se;
      return;
    }
    if (!(e.value > 0 && e.value < 1)) {
      e.reason = "unstable";
      e.method = "none";
      return;
    }
    const double logit = std::log(e.value / (1 - e.value));
    const double reach = Z() * se / (e.value * (1 - e.value));
    e.lo = 1 / (1 + std::exp(reach - logit));
    e.hi = 1 / (1 + std::exp(-reach - logit));
    e.method = "delta_logit";
  }

  // --- Gaps ----------------------------------------------------------------

  bool HasMissingLevel(int group) const {
    const auto& levels = input_.groups.groups[group].levels;
    return std::find(levels.begin(), levels.end(), kMissingCode) !=
           levels.end();
  }

  void Gaps(int grouping) {
    for (size_t m = 0; m < std::size(kMetrics); ++m) {
      GapsOfMetric(grouping, kMetrics[m], kMetrics[m].name, m,
                   [m](const MulticlassGroup& g) -> const Estimate& {
                     return g.metrics[m];
                   });
    }
    for (int k = 0; k < classes_; ++k) {
      GapsOfMetric(grouping, kRecall, "recall:" + model_.classes[k],
                   std::size(kMetrics) + k,
                   [k](const MulticlassGroup& g) -> const Estimate& {
                     return g.recall[k];
                   });
    }
  }

  GapResult NewGap(int grouping, const std::string& name,
                   const char* measure) const {
    GapResult gap;
    gap.target = result_.model;
    gap.grouping = grouping;
    gap.metric = name;
    gap.measure = measure;
    gap.value = gap.lo = gap.hi = gap.p = gap.p_adjusted = kNan;
    gap.null_expected = gap.null_p95 = gap.smallest_detectable = kNan;
    gap.margin = options_.margin;
    return gap;
  }

  static void Set(const Comparison& c, GapResult& gap) {
    gap.value = c.value;
    gap.lo = c.lo;
    gap.hi = c.hi;
    gap.p = c.p;
    gap.method = c.method;
  }

  template <typename At>
  void GapsOfMetric(int grouping, const Metric& metric, const std::string& name,
                    size_t index, const At& at) {
    const Grouping& range = input_.groups.groupings[grouping];
    GapResult gap = NewGap(grouping, name, "max_min");
    std::vector<int> usable;
    std::vector<const Estimate*> estimates;
    for (int g = range.first_group; g < range.first_group + range.group_count;
         ++g) {
      const Estimate& e = at(result_.groups[g]);
      const char* reason = HasMissingLevel(g) ? "missing" : e.reason;
      if (reason != nullptr) {
        gap.groups_left_out.emplace_back(g, reason);
        continue;
      }
      usable.push_back(g);
      estimates.push_back(&e);
      gap.n += e.n;
      gap.subjects += e.subjects;
    }
    gap.groups_used = static_cast<int>(usable.size());
    if (usable.size() < 2) {
      gap.reason = "below_minimum";
      for (const auto& [group, reason] : gap.groups_left_out) {
        if (std::string_view(reason).starts_with("n")) gap.reason = reason;
      }
      result_.gaps.push_back(std::move(gap));
      return;
    }
    // Far from the streams of GapStream.
    const uint64_t stream = (uint64_t{1} << 60) +
                            (static_cast<uint64_t>(result_.model) << 48) +
                            (static_cast<uint64_t>(grouping) << 16) + index;
    const WorstGroup worst = FindWorst(metric, estimates, options_, stream);
    if (worst.index >= 0) {
      gap.worst = usable[worst.index];
      gap.best = usable[worst.best];
      gap.worst_probability = worst.probability;
    }
    const LargestGap largest =
        FindLargestGap(metric, estimates, worst.index, options_, stream);
    Set(largest.gap, gap);
    gap.null_expected = largest.null.expected;
    gap.null_p95 = largest.null.p95;
    gap.smallest_detectable = largest.null.smallest_detectable;
    result_.gaps.push_back(std::move(gap));
  }

  const AuditInput& input_;
  const MulticlassModel& model_;
  const AuditOptions& options_;
  std::span<const double> weights_;
  int classes_;
  std::vector<int32_t> grades_;  // of each class; empty: no order
  std::vector<int32_t> decision_;
  std::vector<std::vector<int64_t>> rows_of_group_;
  MulticlassResult result_;
};

}  // namespace

std::span<const Metric> MulticlassMetrics() { return kMetrics; }

const Metric& RecallMetric() { return kRecall; }

MulticlassResult AuditMulticlass(const AuditInput& input, int model,
                                 const AuditOptions& options) {
  return Engine(input, model, options).Run();
}

}  // namespace plumbline
