#include "plumbline/audit/compare/paired_ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumbline {
namespace {

// As in audit/group_ranking.cc: for a positive twice the negatives above it
// plus those tied with it, for a negative twice the positives below it plus
// those tied. Whole numbers, so that models that order alike differ by exactly
// nothing.
struct Counter {
  double positives = 0;  // in strictly higher tie blocks
  double negatives = 0;
  double tied_positives = 0;
  double tied_negatives = 0;
  double all_positives = 0;
  double all_negatives = 0;
  // Sum over positives of the challenger's misorder minus the baseline's.
  double excess = 0;
};

// A subject's rows in one group: summed excess misorder and count, of its
// positives (x, m) and its negatives (y, n).
struct SubjectPart {
  uint32_t group;
  double x, m, y, n;
};

// Sums of squares over subjects.
struct ClusterSums {
  double s10 = 0;
  double s01 = 0;
  double s11 = 0;
  int64_t clusters = 0;
  int64_t positive_clusters = 0;
  int64_t negative_clusters = 0;
};

class PairRanker {
 public:
  PairRanker(const PairedRows& rows, const GroupIndex& groups, int grouping)
      : rows_(rows),
        counters_(groups.groupings[grouping].group_count),
        clusters_(counters_.size()) {
    const int first = groups.groupings[grouping].first_group;
    for (int64_t cell = 0; cell < groups.cells; ++cell) {
      const uint32_t group =
          groups.GroupOf(static_cast<uint32_t>(cell), grouping) - first;
      group_of_cell_.push_back(group);
      counters_[group].all_negatives += rows.class_counts[cell][0];
      counters_[group].all_positives += rows.class_counts[cell][1];
    }
  }

  std::vector<PairedRanking> Run() {
    excess_.assign(rows_.size(), 0);
    Walk(kBaseline, -1);
    Walk(kChallenger, 1);
    for (int64_t row = 0; row < rows_.size(); ++row) {
      if (rows_.positive(row)) counters_[GroupOf(row)].excess += excess_[row];
    }
    for (int64_t unit = 0; unit < rows_.units(); ++unit) AddUnit(unit);
    std::vector<PairedRanking> rankings;
    for (size_t g = 0; g < counters_.size(); ++g) rankings.push_back(Finish(g));
    return rankings;
  }

 private:
  uint32_t GroupOf(int64_t row) const {
    return group_of_cell_[rows_.cell(row)];
  }

  // Adds sign times the model's misorder of every row.
  void Walk(int model, double sign) {
    const std::vector<uint32_t>& order = rows_.order[model];
    const std::vector<double>& scores = rows_.scores[model];
    for (Counter& c : counters_) c.positives = c.negatives = 0;
    for (size_t begin = 0; begin < order.size();) {
      size_t end = begin + 1;
      while (end < order.size() && scores[order[end]] == scores[order[begin]]) {
        ++end;
      }
      for (size_t i = begin; i < end; ++i) {
        Counter& c = counters_[GroupOf(order[i])];
        ++(rows_.positive(order[i]) ? c.tied_positives : c.tied_negatives);
      }
      for (size_t i = begin; i < end; ++i) {
        const uint32_t row = order[i];
        const Counter& c = counters_[GroupOf(row)];
        excess_[row] +=
            sign * (rows_.positive(row) ? 2 * c.negatives + c.tied_negatives
                                        : 2 * (c.all_positives - c.positives) -
                                              c.tied_positives);
      }
      for (size_t i = begin; i < end; ++i) {
        Counter& c = counters_[GroupOf(order[i])];
        c.positives += c.tied_positives;
        c.negatives += c.tied_negatives;
        c.tied_positives = c.tied_negatives = 0;
      }
      begin = end;
    }
  }

  // challenger - baseline of the share of pairs in the wrong order.
  static double Misordered(const Counter& c) {
    return c.excess / (2 * c.all_positives * c.all_negatives);
  }

  void AddUnit(int64_t unit) {
    parts_.clear();
    rows_.ForEachRow(unit, [this](int64_t row) {
      SubjectPart& part = PartOf(GroupOf(row));
      if (rows_.positive(row)) {
        part.x += excess_[row];
        part.m += 1;
      } else {
        part.y += excess_[row];
        part.n += 1;
      }
    });
    for (const SubjectPart& part : parts_) AddPart(part);
  }

  SubjectPart& PartOf(uint32_t group) {
    for (SubjectPart& part : parts_) {
      if (part.group == group) return part;
    }
    parts_.push_back({group, 0, 0, 0, 0});
    return parts_.back();
  }

  void AddPart(const SubjectPart& part) {
    const Counter& c = counters_[part.group];
    if (c.all_positives == 0 || c.all_negatives == 0) return;
    const double theta = Misordered(c);
    const double x = part.x / (2 * c.all_negatives) - part.m * theta;
    const double y = part.y / (2 * c.all_positives) - part.n * theta;
    ClusterSums& sums = clusters_[part.group];
    sums.s10 += x * x;
    sums.s01 += y * y;
    sums.s11 += x * y;
    ++sums.clusters;
    sums.positive_clusters += part.m > 0;
    sums.negative_clusters += part.n > 0;
  }

  PairedRanking Finish(size_t group) const {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Counter& c = counters_[group];
    const ClusterSums& sums = clusters_[group];
    PairedRanking ranking{nan, nan, sums.positive_clusters,
                          sums.negative_clusters};
    const double m = c.all_positives;
    const double n = c.all_negatives;
    if (m == 0 || n == 0) return ranking;
    ranking.difference = 0 - Misordered(c);
    if (sums.positive_clusters < 2 || sums.negative_clusters < 2) {
      return ranking;
    }
    const auto factor = [](int64_t clusters) {
      return static_cast<double>(clusters) / static_cast<double>(clusters - 1);
    };
    ranking.variance =
        std::max(0.0, factor(sums.positive_clusters) * sums.s10 / (m * m) +
                          factor(sums.negative_clusters) * sums.s01 / (n * n) +
                          2 * factor(sums.clusters) * sums.s11 / (m * n));
    return ranking;
  }

  const PairedRows& rows_;
  std::vector<uint32_t> group_of_cell_;  // within the grouping
  std::vector<Counter> counters_;
  std::vector<ClusterSums> clusters_;
  std::vector<double> excess_;  // a row
  std::vector<SubjectPart> parts_;
};

}  // namespace

std::vector<PairedRanking> RankPairs(const PairedRows& rows,
                                     const GroupIndex& groups, int grouping) {
  return PairRanker(rows, groups, grouping).Run();
}

}  // namespace plumbline
