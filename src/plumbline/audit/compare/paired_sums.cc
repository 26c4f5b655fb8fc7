#include "plumbline/audit/compare/paired_sums.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace plumbline {
namespace {

using PairVector = std::array<double, PairedSums::kSize>;
using Products = decltype(PairedSums::second);

// As scikit-learn's log_loss: probabilities stay this far from 0 and 1.
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

void AddRow(double score, bool positive, bool flagged, bool with_scores,
            double* sums) {
  sums[positive ? (flagged ? kTp : kFn) : (flagged ? kFp : kTn)] += 1;
  if (!with_scores) return;
  const double error = score - (positive ? 1.0 : 0.0);
  const double p = std::clamp(score, kEpsilon, 1 - kEpsilon);
  sums[kScore] += score;
  sums[kBrier] += error * error;
  sums[kLogLoss] += -(positive ? std::log(p) : std::log1p(-p));
}

void AddProducts(const PairVector& v, Products& to) {
  size_t at = 0;
  for (int i = 0; i < PairedSums::kSize; ++i) {
    if (v[i] == 0) {
      at += PairedSums::kSize - i;
      continue;
    }
    for (int j = i; j < PairedSums::kSize; ++j) to[at++] += v[i] * v[j];
  }
}

double Quadratic(const Products& products, const PairVector& gradient) {
  double sum = 0;
  size_t at = 0;
  for (int i = 0; i < PairedSums::kSize; ++i) {
    for (int j = i; j < PairedSums::kSize; ++j, ++at) {
      sum += (i == j ? 1 : 2) * gradient[i] * gradient[j] * products[at];
    }
  }
  return std::max(0.0, sum);
}

// g_b . t_b - g_a . t_a in terms of t_a and t_b - t_a.
PairVector Combine(const SumVector& a, const SumVector& b) {
  PairVector gradient;
  for (int k = 0; k < kSumCount; ++k) {
    gradient[k] = b[k] - a[k];
    gradient[kSumCount + k] = b[k];
  }
  return gradient;
}

void AddTo(PairedSums& to, const PairedSums& from) {
  for (size_t i = 0; i < to.second.size(); ++i) {
    to.second[i] += from.second[i];
    to.row_second[i] += from.row_second[i];
  }
  for (int label : {0, 1}) {
    to.flags[label].both += from.flags[label].both;
    to.flags[label].baseline_only += from.flags[label].baseline_only;
    to.flags[label].challenger_only += from.flags[label].challenger_only;
    to.flags[label].neither += from.flags[label].neither;
  }
  to.rows += from.rows;
  to.subjects += from.subjects;
}

class Summer {
 public:
  Summer(const PairedRows& rows, const GroupIndex& groups, bool with_scores)
      : rows_(rows),
        groups_(groups),
        with_scores_(with_scores),
        cells_(groups.cells),
        totals_(groups.groups.size()) {}

  std::vector<PairedSums> Run() {
    for (int64_t unit = 0; unit < rows_.units(); ++unit) {
      parts_.clear();
      rows_.ForEachRow(unit, [this](int64_t row) { Collect(row); });
      if (parts_.size() == 1) {
        AddProducts(parts_[0].sums, cells_[parts_[0].id].second);
        ++cells_[parts_[0].id].subjects;
      } else if (parts_.size() > 1) {
        AddSpanning();
      }
    }
    for (int64_t cell = 0; cell < groups_.cells; ++cell) {
      if (!rows_.clustered) cells_[cell].row_second = cells_[cell].second;
      for (size_t g = 0; g < groups_.groupings.size(); ++g) {
        AddTo(totals_[groups_.GroupOf(static_cast<uint32_t>(cell),
                                      static_cast<int>(g))],
              cells_[cell]);
      }
    }
    return std::move(totals_);
  }

 private:
  // One subject's sums in one cell or group.
  struct Part {
    uint32_t id;
    PairVector sums;
  };

  static PairVector& PartOf(std::vector<Part>& parts, uint32_t id) {
    for (Part& part : parts) {
      if (part.id == id) return part.sums;
    }
    parts.push_back({id, {}});
    return parts.back().sums;
  }

  void Collect(int64_t row) {
    const uint32_t cell = rows_.cell(row);
    const bool positive = rows_.positive(row);
    const bool a = rows_.flagged(kBaseline, row);
    const bool b = rows_.flagged(kChallenger, row);
    JointFlags& flags = cells_[cell].flags[positive];
    (a ? (b ? flags.both : flags.baseline_only)
       : (b ? flags.challenger_only : flags.neither)) += 1;
    ++cells_[cell].rows;

    PairVector v{};
    SumVector challenger{};
    AddRow(rows_.scores[kBaseline][row], positive, a, with_scores_, v.data());
    AddRow(rows_.scores[kChallenger][row], positive, b, with_scores_,
           challenger.data());
    for (int k = 0; k < kSumCount; ++k) v[kSumCount + k] = challenger[k] - v[k];
    if (rows_.clustered) AddProducts(v, cells_[cell].row_second);
    PairVector& sums = PartOf(parts_, cell);
    for (int k = 0; k < PairedSums::kSize; ++k) sums[k] += v[k];
  }

  // A subject with rows in several cells is still one cluster of every group.
  void AddSpanning() {
    for (size_t g = 0; g < groups_.groupings.size(); ++g) {
      merged_.clear();
      for (const Part& part : parts_) {
        PairVector& sums =
            PartOf(merged_, groups_.GroupOf(part.id, static_cast<int>(g)));
        for (int k = 0; k < PairedSums::kSize; ++k) sums[k] += part.sums[k];
      }
      for (const Part& part : merged_) {
        AddProducts(part.sums, totals_[part.id].second);
        ++totals_[part.id].subjects;
      }
    }
  }

  const PairedRows& rows_;
  const GroupIndex& groups_;
  const bool with_scores_;
  std::vector<PairedSums> cells_;
  std::vector<PairedSums> totals_;  // a group
  std::vector<Part> parts_;
  std::vector<Part> merged_;
};

}  // namespace

std::vector<PairedSums> SumPairs(const PairedRows& rows,
                                 const GroupIndex& groups, bool with_scores) {
  return Summer(rows, groups, with_scores).Run();
}

double PairedVariance(const PairedSums& sums, const SumVector& of_baseline,
                      const SumVector& of_challenger) {
  if (sums.subjects < 2) return std::numeric_limits<double>::quiet_NaN();
  const auto subjects = static_cast<double>(sums.subjects);
  return Quadratic(sums.second, Combine(of_baseline, of_challenger)) *
         subjects / (subjects - 1);
}

double PairedDesignEffect(const PairedSums& sums, const SumVector& of_baseline,
                          const SumVector& of_challenger) {
  const auto rows = static_cast<double>(sums.rows);
  const double independent =
      Quadratic(sums.row_second, Combine(of_baseline, of_challenger)) * rows /
      (rows - 1);
  const double clustered = PairedVariance(sums, of_baseline, of_challenger);
  if (independent > 0 && std::isfinite(clustered)) {
    return std::max(1.0, clustered / independent);
  }
  return std::max(
      1.0, rows / std::max<double>(1, static_cast<double>(sums.subjects)));
}

}  // namespace plumbline
