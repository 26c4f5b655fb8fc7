#include "plumbline/audit/group_sums.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

constexpr int64_t kUnitsOfPiece = 100000;
constexpr int64_t kCellsOfAllPieces = 100000;
constexpr int64_t kMostPieces = 16;

// As scikit-learn's log_loss: probabilities stay this far from 0 and 1.
constexpr double kEpsilon = std::numeric_limits<double>::epsilon();

double RowLogLoss(double score, bool positive) {
  const double p = std::clamp(score, kEpsilon, 1 - kEpsilon);
  return -(positive ? std::log(p) : std::log1p(-p));
}

SumIndex OutcomeOf(bool positive, bool flagged) {
  if (positive) return flagged ? kTp : kFn;
  return flagged ? kFp : kTn;
}

void AddOuter(SumProducts& to, const SumVector& v) {
  for (int i = 0; i < kSumCount; ++i) {
    if (v[i] == 0) continue;
    for (int j = 0; j < kSumCount; ++j) to[i * kSumCount + j] += v[i] * v[j];
  }
}

double Quadratic(const SumProducts& products, const SumVector& gradient) {
  double sum = 0;
  for (int i = 0; i < kSumCount; ++i) {
    if (gradient[i] == 0) continue;
    for (int j = 0; j < kSumCount; ++j) {
      sum += gradient[i] * gradient[j] * products[i * kSumCount + j];
    }
  }
  return std::max(0.0, sum);
}

void Add(Confusion& to, const Confusion& from) {
  to.tp += from.tp;
  to.fp += from.fp;
  to.fn += from.fn;
  to.tn += from.tn;
}

double& CountOf(Confusion& counts, SumIndex outcome) {
  switch (outcome) {
    case kTp:
      return counts.tp;
    case kFp:
      return counts.fp;
    case kFn:
      return counts.fn;
    default:
      return counts.tn;
  }
}

// Adds one subject's sums and rows in one group.
void AddSubject(GroupSums& to, const SumVector& v, const Confusion& rows) {
  for (int i = 0; i < kSumCount; ++i) to.sums[i] += v[i];
  Add(to.row_counts, rows);
  to.rows += static_cast<int64_t>(rows.all());
  AddOuter(to.second, v);
  ++to.subjects;
  to.subjects_positive += v[kTp] + v[kFn] > 0;
  to.subjects_negative += v[kFp] + v[kTn] > 0;
  to.subjects_flagged += v[kTp] + v[kFp] > 0;
  to.subjects_unflagged += v[kFn] + v[kTn] > 0;
}

void AddGroup(GroupSums& to, const GroupSums& from) {
  for (int i = 0; i < kSumCount; ++i) to.sums[i] += from.sums[i];
  for (size_t i = 0; i < from.second.size(); ++i) {
    to.second[i] += from.second[i];
    to.row_second[i] += from.row_second[i];
  }
  Add(to.row_counts, from.row_counts);
  to.rows += from.rows;
  to.subjects += from.subjects;
  to.subjects_positive += from.subjects_positive;
  to.subjects_negative += from.subjects_negative;
  to.subjects_flagged += from.subjects_flagged;
  to.subjects_unflagged += from.subjects_unflagged;
}

// Sums a range of rows or of subjects.
class Summer {
 public:
  Summer(const RankedRows& rows, const GroupIndex& groups, int64_t flagged,
         bool with_scores)
      : rows_(rows),
        groups_(groups),
        flagged_(flagged),
        with_scores_(with_scores),
        alone_(groups.cells) {}

  void AddIndependentRows(int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) AddAlone(i);
  }

  void AddSubjects(const SubjectRows& subjects, int64_t begin, int64_t end) {
    cells_.resize(groups_.cells);
    spanning_.resize(groups_.groups.size());
    for (int64_t s = begin; s < end; ++s) {
      const uint32_t first = subjects.offsets[s];
      const uint32_t count = subjects.offsets[s + 1] - first;
      if (count == 1) AddAlone(subjects.positions[first]);
      if (count < 2) continue;
      CollectSubject(subjects, s);
      if (parts_.size() == 1) {
        AddSubject(cells_[parts_[0].id], parts_[0].sums, RowsOf(parts_[0]));
      } else {
        AddSpanningSubject();
      }
    }
  }

  // Adds what was summed here to the groups.
  void RollUpInto(std::vector<GroupSums>& totals) {
    const int groupings = static_cast<int>(groups_.groupings.size());
    for (int64_t cell = 0; cell < groups_.cells; ++cell) {
      GroupSums& sums = alone_[cell];
      FinishAlone(sums, rows_.weighted());
      if (!cells_.empty()) AddGroup(sums, cells_[cell]);
      for (int g = 0; g < groupings; ++g) {
        AddGroup(totals[groups_.GroupOf(static_cast<uint32_t>(cell), g)], sums);
      }
    }
    for (size_t g = 0; g < spanning_.size(); ++g) {
      AddGroup(totals[g], spanning_[g]);
    }
  }

 private:
  // A row whose subject has no other row. Its products are completed by
  // FinishAlone.
  void AddAlone(int64_t i) {
    const SumIndex outcome = OutcomeOf(rows_.positive(i), i < flagged_);
    GroupSums& cell = alone_[rows_.cell(i)];
    if (rows_.weighted()) {
      SumVector v{};
      AddRow(i, v);
      for (int k = 0; k < kSumCount; ++k) cell.sums[k] += v[k];
      AddOuter(cell.second, v);
      CountOf(cell.row_counts, outcome) += 1;
      return;
    }
    if (with_scores_) {
      SumVector v{};
      AddRow(i, v);
      for (int k = kScore; k < kSumCount; ++k) cell.sums[k] += v[k];
      AddScoreProducts(cell, outcome, v);
    }
    cell.sums[outcome] += 1;
  }

  // One subject's sums in one cell or group.
  struct Part {
    uint32_t id;
    SumVector sums;
    Confusion rows;  // only of weighted rows: else the sums are the counts
  };

  Confusion RowsOf(const Part& part) const {
    const SumVector& s = part.sums;
    return rows_.weighted() ? part.rows
                            : Confusion{s[kTp], s[kFp], s[kFn], s[kTn]};
  }

  void AddRow(int64_t i, SumVector& v) const {
    const bool positive = rows_.positive(i);
    const double weight = rows_.weight(i);
    v[OutcomeOf(positive, i < flagged_)] += weight;
    if (!with_scores_) return;
    const double score = rows_.scores[i];
    const double error = score - (positive ? 1.0 : 0.0);
    v[kScore] += weight * score;
    v[kBrier] += weight * (error * error);
    v[kLogLoss] += weight * RowLogLoss(score, positive);
  }

  // The products of one row that involve a score; those of the counts follow
  // from the counts themselves.
  static void AddScoreProducts(GroupSums& cell, SumIndex outcome,
                               const SumVector& v) {
    for (int k = kScore; k < kSumCount; ++k) {
      cell.second[outcome * kSumCount + k] += v[k];
      for (int j = k; j < kSumCount; ++j) {
        cell.second[k * kSumCount + j] += v[k] * v[j];
      }
    }
  }

  static void FinishAlone(GroupSums& cell, bool weighted) {
    if (!weighted) {
      for (int i = kTp; i <= kTn; ++i) {
        cell.second[i * kSumCount + i] = cell.sums[i];
      }
      for (int i = 0; i < kSumCount; ++i) {
        for (int j = 0; j < i; ++j) {
          cell.second[i * kSumCount + j] = cell.second[j * kSumCount + i];
        }
      }
      cell.row_counts = cell.counts();
    }
    const Confusion& c = cell.row_counts;
    cell.rows = cell.subjects = static_cast<int64_t>(c.all());
    cell.subjects_positive = static_cast<int64_t>(c.positives());
    cell.subjects_negative = static_cast<int64_t>(c.negatives());
    cell.subjects_flagged = static_cast<int64_t>(c.flagged());
    cell.subjects_unflagged = static_cast<int64_t>(c.fn + c.tn);
    cell.row_second = cell.second;
  }

  static Part& PartOf(std::vector<Part>& parts, uint32_t id) {
    for (Part& part : parts) {
      if (part.id == id) return part;
    }
    parts.push_back({id, {}, {}});
    return parts.back();
  }

  void CollectSubject(const SubjectRows& subjects, int64_t s) {
    parts_.clear();
    for (uint32_t p = subjects.offsets[s]; p < subjects.offsets[s + 1]; ++p) {
      const uint32_t i = subjects.positions[p];
      SumVector row{};
      AddRow(i, row);
      AddOuter(cells_[rows_.cell(i)].row_second, row);
      Part& part = PartOf(parts_, rows_.cell(i));
      for (int k = 0; k < kSumCount; ++k) part.sums[k] += row[k];
      if (rows_.weighted()) {
        CountOf(part.rows, OutcomeOf(rows_.positive(i), i < flagged_)) += 1;
      }
    }
  }

  // A subject with rows in several cells is still one cluster of every group.
  void AddSpanningSubject() {
    const int groupings = static_cast<int>(groups_.groupings.size());
    for (int g = 0; g < groupings; ++g) {
      merged_.clear();
      for (const Part& part : parts_) {
        Part& merged = PartOf(merged_, groups_.GroupOf(part.id, g));
        for (int k = 0; k < kSumCount; ++k) merged.sums[k] += part.sums[k];
        if (rows_.weighted()) Add(merged.rows, part.rows);
      }
      for (const Part& part : merged_) {
        AddSubject(spanning_[part.id], part.sums, RowsOf(part));
      }
    }
  }

  const RankedRows& rows_;
  const GroupIndex& groups_;
  const int64_t flagged_;
  const bool with_scores_;
  std::vector<GroupSums> alone_;     // cells; from subjects with one row
  std::vector<GroupSums> cells_;     // cells; from subjects in one cell
  std::vector<GroupSums> spanning_;  // groups; from subjects in several cells
  std::vector<Part> parts_;
  std::vector<Part> merged_;
};

}  // namespace

std::vector<GroupSums> SumGroups(const RankedRows& rows,
                                 const SubjectRows* subjects,
                                 const GroupIndex& groups, int64_t flagged,
                                 bool with_scores, int threads) {
  const int64_t units = subjects ? subjects->subjects() : rows.size();
  // The number of pieces depends on the data alone, so that the order in which
  // sums are added, and with it every byte, does not depend on the threads.
  const int64_t pieces = std::clamp<int64_t>(
      std::min(units / kUnitsOfPiece, kCellsOfAllPieces / (groups.cells + 1)),
      1, kMostPieces);
  std::vector<std::optional<Summer>> summers(pieces);
  ParallelFor(pieces, threads, [&](int64_t piece) {
    const int64_t begin = units * piece / pieces;
    const int64_t end = units * (piece + 1) / pieces;
    summers[piece].emplace(rows, groups, flagged, with_scores);
    if (subjects == nullptr) {
      summers[piece]->AddIndependentRows(begin, end);
    } else {
      summers[piece]->AddSubjects(*subjects, begin, end);
    }
  });
  std::vector<GroupSums> totals(groups.groups.size());
  for (auto& summer : summers) summer->RollUpInto(totals);
  for (GroupSums& sums : totals) sums.weighted = rows.weighted();
  return totals;
}

Confusion GroupSums::squared_weights() const {
  const auto square = [this](SumIndex outcome) {
    return row_second[outcome * kSumCount + outcome];
  };
  return {square(kTp), square(kFp), square(kFn), square(kTn)};
}

double KishEffect(double rows, double weights, double squared_weights) {
  return rows * squared_weights / (weights * weights);
}

double KishEffect(const GroupSums& sums) {
  if (!sums.weighted) return 1;
  return KishEffect(static_cast<double>(sums.rows), sums.counts().all(),
                    sums.squared_weights().all());
}

Confusion InRows(const GroupSums& sums, const Confusion& counts) {
  if (!sums.weighted) return counts;
  const Confusion c = sums.counts();
  const double positive = sums.row_counts.positives() / c.positives();
  const double negative = sums.row_counts.negatives() / c.negatives();
  return {counts.tp * positive, counts.fp * negative, counts.fn * positive,
          counts.tn * negative};
}

double LinearisedVariance(const GroupSums& sums, const SumVector& gradient) {
  if (sums.subjects < 2) return std::numeric_limits<double>::quiet_NaN();
  const double subjects = static_cast<double>(sums.subjects);
  return Quadratic(sums.second, gradient) * subjects / (subjects - 1);
}

double RowVariance(const GroupSums& sums, const SumVector& gradient) {
  return Quadratic(sums.row_second, gradient);
}

double LinearisedDesignEffect(const GroupSums& sums,
                              const SumVector& gradient) {
  const double rows = static_cast<double>(sums.rows);
  const double independent =
      Quadratic(sums.row_second, gradient) * rows / (rows - 1);
  const double clustered = LinearisedVariance(sums, gradient);
  return independent > 0 ? clustered / independent
                         : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace plumbline
