#include "plumbline/audit/group_ranking.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumbline {
namespace {

// Everything is counted as misorder: for a positive twice the negatives above
// it plus those tied with it, for a negative twice the positives below it plus
// those tied. Twice, so that they are whole numbers; misorder, so that little
// is lost to cancellation when the model is good.
struct Counter {
  // Seen so far, in strictly higher tie blocks.
  double positives = 0;
  double negatives = 0;
  // In the current tie block.
  double tied_positives = 0;
  double tied_negatives = 0;
  // Of the whole group.
  double all_positives = 0;
  double all_negatives = 0;

  double settled_negatives = 0;  // whose misorder is in negative_squares

  double misorder = 0;          // sum over positives
  double positive_squares = 0;  // sums of squares, rows independent
  double negative_squares = 0;
  double precision_gain = 0;  // average precision times positives

  RocTrace roc;
};

// Obuchowski's sums over the subjects of one group: X, m are the summed
// misorder and count of a subject's positives, Y, n of its negatives.
struct ClusterCounter {
  double xx = 0, xm = 0, mm = 0;
  double yy = 0, yn = 0, nn = 0;
  double xy = 0, x_n = 0, m_y = 0, m_n = 0;
  int64_t clusters = 0;
  int64_t positive_clusters = 0;
  int64_t negative_clusters = 0;
};

struct SubjectPart {
  uint32_t group;
  double x, m, y, n;
};

class Ranker {
 public:
  Ranker(const RankedRows& rows, const SubjectRows* subjects,
         const GroupIndex& groups, int grouping, const RankingOptions& options)
      : rows_(rows),
        subjects_(subjects),
        groups_(groups),
        grouping_(grouping),
        options_(options),
        first_(groups.groupings[grouping].first_group),
        counters_(groups.groupings[grouping].group_count),
        rankings_(counters_.size()) {}

  std::vector<GroupRanking> Run() {
    for (int64_t cell = 0; cell < groups_.cells; ++cell) {
      const uint32_t group =
          groups_.GroupOf(static_cast<uint32_t>(cell), grouping_) - first_;
      group_of_cell_.push_back(group);
      counters_[group].all_negatives += rows_.class_counts[cell][0];
      counters_[group].all_positives += rows_.class_counts[cell][1];
    }
    if (subjects_ && options_.variance) misorder_.resize(rows_.size());
    for (int64_t begin = 0; begin < rows_.size();) {
      const int64_t end = rows_.TieEnd(begin);
      if (AnyPositive(begin, end)) {
        MixedBlock(begin, end);
      } else {
        NegativeBlock(begin, end);
      }
      begin = end;
    }
    if (subjects_ && options_.variance) SumClusters();
    for (size_t g = 0; g < counters_.size(); ++g) Finish(g);
    return std::move(rankings_);
  }

 private:
  uint32_t GroupOf(int64_t i) const { return group_of_cell_[rows_.cell(i)]; }

  bool AnyPositive(int64_t begin, int64_t end) const {
    uint32_t labels = 0;
    for (int64_t i = begin; i < end; ++i) labels |= rows_.cell_label[i];
    return labels & 1;
  }

  // Most rows: until the group's next positive all its negatives have the same
  // misorder, so they are only counted.
  void NegativeBlock(int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      Counter& c = counters_[GroupOf(i)];
      c.negatives += 1;
      if (!misorder_.empty()) {
        misorder_[i] = 2 * (c.all_positives - c.positives);
      }
    }
  }

  // Squares the misorder of the negatives that were only counted.
  static void Settle(Counter& c) {
    const double misorder = 2 * (c.all_positives - c.positives);
    c.negative_squares +=
        (c.negatives - c.settled_negatives) * misorder * misorder;
    c.settled_negatives = c.negatives;
  }

  void MixedBlock(int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const uint32_t group = GroupOf(i);
      Counter& c = counters_[group];
      if (c.tied_positives + c.tied_negatives == 0) {
        Settle(c);
        if (options_.roc_points > 0) RocPoint(group);  // the curve's corner
      }
      ++(rows_.positive(i) ? c.tied_positives : c.tied_negatives);
    }
    for (int64_t i = begin; i < end; ++i) {
      Counter& c = counters_[GroupOf(i)];
      double misorder = 0;
      if (rows_.positive(i)) {
        misorder = 2 * c.negatives + c.tied_negatives;
        c.misorder += misorder;
        c.positive_squares += misorder * misorder;
        const double above = c.positives + c.tied_positives;
        c.precision_gain += above / (above + c.negatives + c.tied_negatives);
      } else {
        misorder = 2 * (c.all_positives - c.positives) - c.tied_positives;
        c.negative_squares += misorder * misorder;
      }
      if (!misorder_.empty()) misorder_[i] = misorder;
    }
    for (int64_t i = begin; i < end; ++i) {
      const uint32_t group = GroupOf(i);
      Counter& c = counters_[group];
      if (c.tied_positives + c.tied_negatives == 0) continue;
      c.positives += c.tied_positives;
      c.negatives += c.tied_negatives;
      c.settled_negatives = c.negatives;
      c.tied_positives = c.tied_negatives = 0;
      if (options_.roc_points > 0) RocPoint(group);
    }
  }

  void RocPoint(uint32_t group) {
    Counter& c = counters_[group];
    if (c.all_positives == 0 || c.all_negatives == 0) return;
    c.roc.Add(c.negatives / c.all_negatives, c.positives / c.all_positives,
              options_.roc_points, rankings_[group].roc);
  }

  void SumClusters() {
    clusters_.resize(counters_.size());
    std::vector<SubjectPart> parts;
    for (int64_t s = 0; s < subjects_->subjects(); ++s) {
      parts.clear();
      for (uint32_t p = subjects_->offsets[s]; p < subjects_->offsets[s + 1];
           ++p) {
        const uint32_t i = subjects_->positions[p];
        SubjectPart& part = PartOf(parts, GroupOf(i));
        if (rows_.positive(i)) {
          part.x += misorder_[i];
          part.m += 1;
        } else {
          part.y += misorder_[i];
          part.n += 1;
        }
      }
      for (const SubjectPart& part : parts) AddPart(part);
    }
  }

  static SubjectPart& PartOf(std::vector<SubjectPart>& parts, uint32_t group) {
    for (SubjectPart& part : parts) {
      if (part.group == group) return part;
    }
    parts.push_back({group, 0, 0, 0, 0});
    return parts.back();
  }

  void AddPart(const SubjectPart& part) {
    const Counter& counter = counters_[part.group];
    ClusterCounter& c = clusters_[part.group];
    // As fractions, so that the two sides share a scale.
    const double x = part.x / (2 * counter.all_negatives);
    const double y = part.y / (2 * counter.all_positives);
    c.xx += x * x;
    c.xm += x * part.m;
    c.mm += part.m * part.m;
    c.yy += y * y;
    c.yn += y * part.n;
    c.nn += part.n * part.n;
    c.xy += x * y;
    c.x_n += x * part.n;
    c.m_y += part.m * y;
    c.m_n += part.m * part.n;
    ++c.clusters;
    c.positive_clusters += part.m > 0;
    c.negative_clusters += part.n > 0;
  }

  void Finish(size_t group) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    Counter& c = counters_[group];
    Settle(c);
    if (options_.roc_points > 0) RocPoint(static_cast<uint32_t>(group));
    GroupRanking& ranking = rankings_[group];
    const double m = c.all_positives;
    const double n = c.all_negatives;
    AurocResult& auroc = ranking.auroc;
    auroc.positives = static_cast<int64_t>(m);
    auroc.negatives = static_cast<int64_t>(n);
    auroc.auroc = auroc.variance = nan;
    ranking.average_precision = m > 0 ? c.precision_gain / m : nan;
    if (m == 0 || n == 0) return;
    const double misordered = c.misorder / (2 * m * n);
    auroc.auroc = 1 - misordered;
    if (!options_.variance) return;
    const double independent = IndependentVariance(c, misordered);
    auroc.variance = independent;
    if (subjects_ == nullptr) return;
    auroc.positive_clusters = clusters_[group].positive_clusters;
    auroc.negative_clusters = clusters_[group].negative_clusters;
    auroc.variance = ClusteredVariance(clusters_[group], m, n, misordered);
    ranking.design_effect =
        independent > 0 ? auroc.variance / independent : nan;
  }

  static double IndependentVariance(const Counter& c, double misordered) {
    const double m = c.all_positives;
    const double n = c.all_negatives;
    if (m < 2 || n < 2) return std::numeric_limits<double>::quiet_NaN();
    const double squared = misordered * misordered;
    const double s10 =
        (c.positive_squares / (4 * n * n) - m * squared) / (m - 1);
    const double s01 =
        (c.negative_squares / (4 * m * m) - n * squared) / (n - 1);
    return std::max(0.0, s10) / m + std::max(0.0, s01) / n;
  }

  // Obuchowski 1997, section 2, with 1 - AUROC in place of the AUROC.
  static double ClusteredVariance(const ClusterCounter& c, double m, double n,
                                  double theta) {
    if (c.positive_clusters < 2 || c.negative_clusters < 2) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const auto factor = [](int64_t clusters) {
      return static_cast<double>(clusters) / static_cast<double>(clusters - 1);
    };
    const double t2 = theta * theta;
    const double s10 =
        factor(c.positive_clusters) / m * (c.xx - 2 * theta * c.xm + t2 * c.mm);
    const double s01 =
        factor(c.negative_clusters) / n * (c.yy - 2 * theta * c.yn + t2 * c.nn);
    const double s11 = factor(c.clusters) *
                       (c.xy - theta * c.x_n - theta * c.m_y + t2 * c.m_n);
    return std::max(0.0, s10 / m + s01 / n + 2 * s11 / (m * n));
  }

  const RankedRows& rows_;
  const SubjectRows* subjects_;
  const GroupIndex& groups_;
  const int grouping_;
  const RankingOptions options_;
  const uint32_t first_;
  std::vector<uint32_t> group_of_cell_;  // within the grouping
  std::vector<Counter> counters_;
  std::vector<ClusterCounter> clusters_;
  std::vector<double> misorder_;  // a row; only for clustered variances
  std::vector<GroupRanking> rankings_;
};

}  // namespace

void RocTrace::Add(double fpr, double tpr, int limit,
                   std::vector<std::pair<double, double>>& roc) {
  if (roc.empty()) roc.emplace_back(0, 0);
  const bool last = fpr == 1 && tpr == 1;
  if (roc.back() == std::pair(fpr, tpr)) return;
  // A step in either direction, so that the curve has at most twice as many
  // points as half of the limit allows.
  const double step = 2.0 / limit;
  if (!last && fpr - last_fpr_ < step && tpr - last_tpr_ < step) return;
  roc.emplace_back(fpr, tpr);
  last_fpr_ = fpr;
  last_tpr_ = tpr;
}

std::vector<GroupRanking> RankGroups(const RankedRows& rows,
                                     const SubjectRows* subjects,
                                     const GroupIndex& groups, int grouping,
                                     const RankingOptions& options) {
  if (rows.weighted()) {
    return RankWeightedGroups(rows, subjects, groups, grouping, options);
  }
  return Ranker(rows, subjects, groups, grouping, options).Run();
}

}  // namespace plumbline
