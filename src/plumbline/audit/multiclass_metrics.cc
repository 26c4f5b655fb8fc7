#include "plumbline/audit/multiclass_metrics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

Linearised Undefined(const ClassRows& rows) {
  return {kNan, std::vector<double>(rows.size(), 0.0)};
}

struct Margins {
  std::vector<double> labels;     // weight of the rows of a class
  std::vector<double> decisions;  // of the decisions for it
  std::vector<double> hits;       // of both
  double total = 0;

  explicit Margins(const ClassRows& rows)
      : labels(rows.classes, 0.0),
        decisions(rows.classes, 0.0),
        hits(rows.classes, 0.0) {
    for (size_t i = 0; i < rows.size(); ++i) {
      const double w = rows.weights[i];
      total += w;
      labels[rows.labels[i]] += w;
      decisions[rows.decisions[i]] += w;
      if (rows.labels[i] == rows.decisions[i]) hits[rows.labels[i]] += w;
    }
  }
  bool complete() const {
    return std::all_of(labels.begin(), labels.end(),
                       [](double w) { return w > 0; });
  }
};

std::vector<size_t> OrderOf(const std::vector<double>& scores) {
  std::vector<size_t> order(scores.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&scores](size_t a, size_t b) {
    return scores[a] != scores[b] ? scores[a] < scores[b] : a < b;
  });
  return order;
}

// One class against every other, and against all of them.
class OneClass {
 public:
  OneClass(const ClassRows& rows, const Margins& margins,
           const std::vector<double>& scores, int k)
      : rows_(rows),
        totals_(margins.labels),
        k_(k),
        rest_total_(margins.total - margins.labels[k]),
        area_(rows.classes, 0.0),
        placement_(rows.size()),
        placement_sum_(rows.size(), 0.0) {
    Walk(scores, OrderOf(scores));
  }

  double against_rest() const { return rest_area_; }
  // Sum over other classes j of A(k | j).
  double pair_sum() const {
    return std::accumulate(area_.begin(), area_.end(), 0.0);
  }
  double RestInfluence(size_t i) const {
    const double total = rows_.labels[i] == k_ ? totals_[k_] : rest_total_;
    return rows_.weights[i] * (placement_[i] - rest_area_) / total;
  }
  double PairInfluence(size_t i) const {
    const int label = rows_.labels[i];
    const double deviation = label == k_ ? placement_sum_[i] - pair_sum()
                                         : placement_[i] - area_[label];
    return rows_.weights[i] * deviation / totals_[label];
  }

 private:
  void Walk(const std::vector<double>& scores,
            const std::vector<size_t>& order) {
    std::vector<double> below(rows_.classes, 0.0);
    std::vector<double> tied(rows_.classes, 0.0);
    for (size_t begin = 0; begin < order.size();) {
      size_t end = begin;
      std::fill(tied.begin(), tied.end(), 0.0);
      while (end < order.size() && scores[order[end]] == scores[order[begin]]) {
        tied[rows_.labels[order[end]]] += rows_.weights[order[end]];
        ++end;
      }
      for (size_t at = begin; at < end; ++at) Place(order[at], below, tied);
      for (int j = 0; j < rows_.classes; ++j) below[j] += tied[j];
      begin = end;
    }
  }

  void Place(size_t i, const std::vector<double>& below,
             const std::vector<double>& tied) {
    if (rows_.labels[i] != k_) {
      placement_[i] = 1 - (below[k_] + tied[k_] / 2) / totals_[k_];
      return;
    }
    const double share = rows_.weights[i] / totals_[k_];
    double rest = 0;
    for (int j = 0; j < rows_.classes; ++j) {
      if (j == k_) continue;
      const double under = below[j] + tied[j] / 2;
      rest += under;
      area_[j] += share * under / totals_[j];
      placement_sum_[i] += under / totals_[j];
    }
    placement_[i] = rest / rest_total_;
    rest_area_ += share * placement_[i];
  }

  const ClassRows& rows_;
  const std::vector<double>& totals_;
  int k_;
  double rest_total_;
  double rest_area_ = 0;
  std::vector<double> area_;           // A(k | j)
  std::vector<double> placement_;      // against the rest, or of a rest row
  std::vector<double> placement_sum_;  // over j, of a row of class k
};

}  // namespace

std::vector<double> ConfusionOf(const ClassRows& rows) {
  std::vector<double> counts(static_cast<size_t>(rows.classes) * rows.classes,
                             0.0);
  for (size_t i = 0; i < rows.size(); ++i) {
    counts[rows.labels[i] * rows.classes + rows.decisions[i]] +=
        rows.weights[i];
  }
  return counts;
}

Linearised WeightedMean(const ClassRows& rows, std::vector<double> values) {
  double total = 0;
  double sum = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    total += rows.weights[i];
    sum += rows.weights[i] * values[i];
  }
  const double mean = sum / total;
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = rows.weights[i] * (values[i] - mean) / total;
  }
  return {mean, std::move(values)};
}

Linearised MulticlassAccuracy(const ClassRows& rows) {
  std::vector<double> hit(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    hit[i] = rows.labels[i] == rows.decisions[i];
  }
  return WeightedMean(rows, std::move(hit));
}

Linearised RecallOf(const ClassRows& rows, int k) {
  const Margins margins(rows);
  if (!(margins.labels[k] > 0)) return Undefined(rows);
  Linearised recall = Undefined(rows);
  recall.value = margins.hits[k] / margins.labels[k];
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows.labels[i] != k) continue;
    recall.influence[i] = rows.weights[i] *
                          ((rows.decisions[i] == k) - recall.value) /
                          margins.labels[k];
  }
  return recall;
}

Linearised MacroRecall(const ClassRows& rows) {
  const Margins margins(rows);
  Linearised macro = Undefined(rows);
  if (!margins.complete()) return macro;
  std::vector<double> recall(rows.classes);
  for (int k = 0; k < rows.classes; ++k) {
    recall[k] = margins.hits[k] / margins.labels[k];
  }
  macro.value =
      std::accumulate(recall.begin(), recall.end(), 0.0) / rows.classes;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int k = rows.labels[i];
    macro.influence[i] = rows.weights[i] *
                         ((rows.decisions[i] == k) - recall[k]) /
                         (margins.labels[k] * rows.classes);
  }
  return macro;
}

Linearised MacroF1(const ClassRows& rows) {
  const Margins margins(rows);
  Linearised macro = Undefined(rows);
  if (!margins.complete()) return macro;
  std::vector<double> f1(rows.classes);
  const auto size = [&](int k) {
    return margins.labels[k] + margins.decisions[k];
  };
  for (int k = 0; k < rows.classes; ++k) f1[k] = 2 * margins.hits[k] / size(k);
  macro.value = std::accumulate(f1.begin(), f1.end(), 0.0) / rows.classes;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int label = rows.labels[i];
    const int decision = rows.decisions[i];
    const double hit = label == decision ? 2 / size(label) : 0;
    macro.influence[i] =
        rows.weights[i] / rows.classes *
        (hit - f1[label] / size(label) - f1[decision] / size(decision));
  }
  return macro;
}

Linearised Kappa(const ClassRows& rows, bool quadratic) {
  const Margins margins(rows);
  const auto distance = [quadratic](int a, int b) {
    return quadratic ? static_cast<double>(a - b) * (a - b) : a != b;
  };
  // Expected distance of a label, and of a decision, from the other margin.
  std::vector<double> of_label(rows.classes, 0.0);
  std::vector<double> of_decision(rows.classes, 0.0);
  double expected = 0;
  for (int a = 0; a < rows.classes; ++a) {
    for (int b = 0; b < rows.classes; ++b) {
      of_label[a] += distance(a, b) * margins.decisions[b] / margins.total;
      of_decision[a] += distance(b, a) * margins.labels[b] / margins.total;
    }
    expected += of_label[a] * margins.labels[a] / margins.total;
  }
  double observed = 0;
  for (size_t i = 0; i < rows.size(); ++i) {
    observed += rows.weights[i] * distance(rows.labels[i], rows.decisions[i]) /
                margins.total;
  }
  Linearised kappa = Undefined(rows);
  if (!(expected > 0)) return kappa;
  kappa.value = 1 - observed / expected;
  for (size_t i = 0; i < rows.size(); ++i) {
    const int label = rows.labels[i];
    const int decision = rows.decisions[i];
    const double share = rows.weights[i] / margins.total;
    const double d_observed = share * (distance(label, decision) - observed);
    const double d_expected =
        share * (of_label[label] + of_decision[decision] - 2 * expected);
    kappa.influence[i] =
        -d_observed / expected + observed * d_expected / (expected * expected);
  }
  return kappa;
}

AurocAverages AverageAurocs(const ClassRows& rows,
                            std::span<const std::vector<double>> scores) {
  const Margins margins(rows);
  AurocAverages averages{Undefined(rows), Undefined(rows), Undefined(rows)};
  if (!margins.complete()) return averages;
  auto& [macro, weighted, hand_till] = averages;
  macro.value = weighted.value = hand_till.value = 0;
  const double c = rows.classes;
  std::vector<double> area(rows.classes);
  for (int k = 0; k < rows.classes; ++k) {
    const OneClass one(rows, margins, scores[k], k);
    const double prevalence = margins.labels[k] / margins.total;
    area[k] = one.against_rest();
    macro.value += area[k] / c;
    weighted.value += prevalence * area[k];
    hand_till.value += one.pair_sum() / (c * (c - 1));
    for (size_t i = 0; i < rows.size(); ++i) {
      const double influence = one.RestInfluence(i);
      macro.influence[i] += influence / c;
      weighted.influence[i] += prevalence * influence;
      hand_till.influence[i] += one.PairInfluence(i) / (c * (c - 1));
    }
  }
  // The prevalences are estimates too.
  for (size_t i = 0; i < rows.size(); ++i) {
    weighted.influence[i] += rows.weights[i] *
                             (area[rows.labels[i]] - weighted.value) /
                             margins.total;
  }
  return averages;
}

double LinearisedVarianceOf(const ClassRows& rows,
                            std::span<const double> influence,
                            std::span<const uint32_t> clusters, bool by_class) {
  std::vector<uint32_t> ids(clusters.begin(), clusters.end());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  const double count = static_cast<double>(ids.size());
  if (count < 2) return kNan;
  std::vector<uint32_t> place(rows.size());
  std::vector<std::pair<int32_t, uint32_t>> of_class;
  for (size_t i = 0; i < rows.size(); ++i) {
    place[i] = static_cast<uint32_t>(
        std::lower_bound(ids.begin(), ids.end(), clusters[i]) - ids.begin());
    if (by_class) of_class.emplace_back(rows.labels[i], place[i]);
  }
  std::vector<double> scale(rows.classes, 1.0);
  if (by_class) {
    std::sort(of_class.begin(), of_class.end());
    of_class.erase(std::unique(of_class.begin(), of_class.end()),
                   of_class.end());
    std::vector<double> members(rows.classes, 0.0);
    for (const auto& [k, cluster] : of_class) ++members[k];
    for (int k = 0; k < rows.classes; ++k) {
      if (members[k] == 1) return kNan;
      if (members[k] > 1) scale[k] = std::sqrt(members[k] / (members[k] - 1));
    }
  }
  std::vector<double> sums(ids.size(), 0.0);
  for (size_t i = 0; i < rows.size(); ++i) {
    sums[place[i]] += scale[rows.labels[i]] * influence[i];
  }
  const double squares =
      std::inner_product(sums.begin(), sums.end(), sums.begin(), 0.0);
  return by_class ? squares : squares * count / (count - 1);
}

}  // namespace plumbline
