#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/audit/group_ranking.h"
#include "plumbline/audit/group_sums.h"

namespace plumbline {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// The rows of one class in one group.
struct ClassTotal {
  int64_t rows = 0;
  double weight = 0;
  double squares = 0;  // of weights

  void Add(double w) {
    ++rows;
    weight += w;
    squares += w * w;
  }
};

// Sums of squares and products of the influences of units: rows or subjects.
struct Influences {
  double positive_squares = 0;
  double negative_squares = 0;
  double products = 0;
  int64_t units = 0;
  int64_t positive_units = 0;
  int64_t negative_units = 0;

  void Add(double of_positives, double of_negatives, bool has_positive,
           bool has_negative) {
    positive_squares += of_positives * of_positives;
    negative_squares += of_negatives * of_negatives;
    products += of_positives * of_negatives;
    ++units;
    positive_units += has_positive;
    negative_units += has_negative;
  }

  // Obuchowski 1997, section 2, of influences.
  double Variance() const {
    if (positive_units < 2 || negative_units < 2) return kNan;
    const auto factor = [](int64_t count) {
      return static_cast<double>(count) / static_cast<double>(count - 1);
    };
    return std::max(0.0, factor(positive_units) * positive_squares +
                             factor(negative_units) * negative_squares +
                             2 * factor(units) * products);
  }
};

struct Counter {
  ClassTotal all_positives;
  ClassTotal all_negatives;
  // Weights seen so far, in strictly higher tie blocks.
  double positives = 0;
  double negatives = 0;
  // In the current tie block.
  double tied_positives = 0;
  double tied_negatives = 0;
  bool tied = false;
  // Weighted mean over the positives of the negatives' share above them.
  double misordered = 0;
  double precision_gain = 0;  // average precision times positives
  RocTrace roc;
  Influences rows;
  Influences subjects;
};

class WeightedRanker {
 public:
  WeightedRanker(const RankedRows& rows, const SubjectRows* subjects,
                 const GroupIndex& groups, int grouping,
                 const RankingOptions& options)
      : rows_(rows),
        subjects_(subjects),
        groups_(groups),
        grouping_(grouping),
        options_(options),
        first_(groups.groupings[grouping].first_group),
        counters_(groups.groupings[grouping].group_count),
        rankings_(counters_.size()),
        misorder_(rows.size()) {}

  std::vector<GroupRanking> Run() {
    for (int64_t i = 0; i < rows_.size(); ++i) {
      Counter& c = counters_[GroupOf(i)];
      (rows_.positive(i) ? c.all_positives : c.all_negatives)
          .Add(rows_.weights[i]);
    }
    for (int64_t begin = 0; begin < rows_.size();) {
      const int64_t end = rows_.TieEnd(begin);
      TieBlock(begin, end);
      begin = end;
    }
    if (options_.variance) {
      for (int64_t i = 0; i < rows_.size(); ++i) AddRowInfluence(i);
      if (subjects_ != nullptr) AddSubjectInfluences();
    }
    for (size_t g = 0; g < counters_.size(); ++g) Finish(g);
    return std::move(rankings_);
  }

 private:
  uint32_t GroupOf(int64_t i) const {
    return groups_.GroupOf(rows_.cell(i), grouping_) - first_;
  }

  void TieBlock(int64_t begin, int64_t end) {
    bool any_positive = false;
    for (int64_t i = begin; i < end; ++i) any_positive |= rows_.positive(i);
    const bool curve = options_.roc_points > 0 && any_positive;
    for (int64_t i = begin; i < end; ++i) {
      const uint32_t group = GroupOf(i);
      Counter& c = counters_[group];
      if (!c.tied && curve) RocPoint(group);  // the curve's corner
      c.tied = true;
      (rows_.positive(i) ? c.tied_positives : c.tied_negatives) +=
          rows_.weights[i];
    }
    for (int64_t i = begin; i < end; ++i) {
      Counter& c = counters_[GroupOf(i)];
      if (rows_.positive(i)) {
        misorder_[i] =
            (c.negatives + c.tied_negatives / 2) / c.all_negatives.weight;
        c.misordered += rows_.weights[i] * misorder_[i];
        const double above = c.positives + c.tied_positives;
        c.precision_gain +=
            rows_.weights[i] * above / (above + c.negatives + c.tied_negatives);
      } else {
        misorder_[i] =
            1 - (c.positives + c.tied_positives / 2) / c.all_positives.weight;
      }
    }
    for (int64_t i = begin; i < end; ++i) {
      const uint32_t group = GroupOf(i);
      Counter& c = counters_[group];
      if (!c.tied) continue;
      c.positives += c.tied_positives;
      c.negatives += c.tied_negatives;
      c.tied_positives = c.tied_negatives = 0;
      c.tied = false;
      if (curve) RocPoint(group);
    }
  }

  void RocPoint(uint32_t group) {
    Counter& c = counters_[group];
    if (c.all_positives.rows == 0 || c.all_negatives.rows == 0) return;
    c.roc.Add(c.negatives / c.all_negatives.weight,
              c.positives / c.all_positives.weight, options_.roc_points,
              rankings_[group].roc);
  }

  // What the AUROC changes by, to first order, for a little more of this row's
  // weight, times the weight.
  double Influence(int64_t i, const Counter& c) const {
    const bool positive = rows_.positive(i);
    const double theta = c.misordered / c.all_positives.weight;
    const double all =
        positive ? c.all_positives.weight : c.all_negatives.weight;
    return rows_.weights[i] * (theta - misorder_[i]) / all;
  }

  void AddRowInfluence(int64_t i) {
    Counter& c = counters_[GroupOf(i)];
    const double influence = Influence(i, c);
    const bool positive = rows_.positive(i);
    c.rows.Add(positive ? influence : 0, positive ? 0 : influence, positive,
               !positive);
  }

  struct SubjectPart {
    uint32_t group = 0;
    double of_positives = 0;
    double of_negatives = 0;
    bool has_positive = false;
    bool has_negative = false;
  };

  void AddSubjectInfluences() {
    std::vector<SubjectPart> parts;
    for (int64_t s = 0; s < subjects_->subjects(); ++s) {
      parts.clear();
      for (uint32_t p = subjects_->offsets[s]; p < subjects_->offsets[s + 1];
           ++p) {
        const uint32_t i = subjects_->positions[p];
        SubjectPart& part = PartOf(parts, GroupOf(i));
        const double influence = Influence(i, counters_[part.group]);
        if (rows_.positive(i)) {
          part.of_positives += influence;
          part.has_positive = true;
        } else {
          part.of_negatives += influence;
          part.has_negative = true;
        }
      }
      for (const SubjectPart& part : parts) {
        counters_[part.group].subjects.Add(part.of_positives, part.of_negatives,
                                           part.has_positive,
                                           part.has_negative);
      }
    }
  }

  static SubjectPart& PartOf(std::vector<SubjectPart>& parts, uint32_t group) {
    for (SubjectPart& part : parts) {
      if (part.group == group) return part;
    }
    parts.push_back({group});
    return parts.back();
  }

  // At complete separation the interval rests on how many units there are.
  static int64_t EffectiveUnits(int64_t units, const ClassTotal& all) {
    const double kish =
        KishEffect(static_cast<double>(all.rows), all.weight, all.squares);
    return std::max<int64_t>(
        1, static_cast<int64_t>(static_cast<double>(units) / kish + 1e-9));
  }

  void Finish(size_t group) {
    Counter& c = counters_[group];
    GroupRanking& ranking = rankings_[group];
    AurocResult& auroc = ranking.auroc;
    auroc.positives = c.all_positives.rows;
    auroc.negatives = c.all_negatives.rows;
    auroc.auroc = auroc.variance = ranking.average_precision = kNan;
    if (auroc.positives == 0) return;
    ranking.average_precision =
        std::min(1.0, c.precision_gain / c.all_positives.weight);
    if (auroc.negatives == 0) return;
    if (options_.roc_points > 0) {
      // Rounding keeps the last sums from being exactly 1.
      if (ranking.roc.back().first > 1 - 1e-12 &&
          ranking.roc.back().second > 1 - 1e-12) {
        ranking.roc.pop_back();
      }
      c.roc.Add(1, 1, options_.roc_points, ranking.roc);
    }
    const double area = 1 - c.misordered / c.all_positives.weight;
    auroc.auroc = std::abs(area) < 1e-14 ? 0 : area;
    if (!options_.variance) return;
    const Influences& units = subjects_ != nullptr ? c.subjects : c.rows;
    auroc.variance = units.Variance();
    auroc.positive_clusters =
        EffectiveUnits(units.positive_units, c.all_positives);
    auroc.negative_clusters =
        EffectiveUnits(units.negative_units, c.all_negatives);
    const double independent = c.rows.Variance();
    const double clustering = subjects_ == nullptr ? 1
                              : independent > 0 ? auroc.variance / independent
                                                : kNan;
    ranking.design_effect =
        clustering *
        KishEffect(static_cast<double>(auroc.positives + auroc.negatives),
                   c.all_positives.weight + c.all_negatives.weight,
                   c.all_positives.squares + c.all_negatives.squares);
  }

  const RankedRows& rows_;
  const SubjectRows* subjects_;
  const GroupIndex& groups_;
  const int grouping_;
  const RankingOptions options_;
  const uint32_t first_;
  std::vector<Counter> counters_;
  std::vector<GroupRanking> rankings_;
  std::vector<double> misorder_;  // a row: the other class's share on the wrong
                                  // side of it, ties half
};

}  // namespace

std::vector<GroupRanking> RankWeightedGroups(const RankedRows& rows,
                                             const SubjectRows* subjects,
                                             const GroupIndex& groups,
                                             int grouping,
                                             const RankingOptions& options) {
  return WeightedRanker(rows, subjects, groups, grouping, options).Run();
}

}  // namespace plumbline
