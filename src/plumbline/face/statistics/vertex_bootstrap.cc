#include "plumbline/face/statistics/vertex_bootstrap.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/progress.h"
#include "plumbline/base/random.h"
#include "plumbline/base/shared_blocks.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/statistics/draw_subjects.h"

namespace plumbline::face {
namespace {

// Replicates of a piece of work.
constexpr int64_t kBlock = 16;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// The comparisons within one group: how often each of its subjects is in them,
// and what all pairs of its subjects would weigh, so that their number in a
// replicate follows from the subjects' weights.
struct Within {
  double comparisons = 0;
  double pairs = 0;  // of `own`: square of the sum less sum of the squares
  std::vector<double> own;  // S; 0 outside the group

  double In(std::span<const uint32_t> weights) const {
    double sum = 0;
    double squares = 0;
    for (size_t i = 0; i < own.size(); ++i) {
      const double weighted = weights[i] * own[i];
      sum += weighted;
      squares += weighted * weighted;
    }
    return pairs > 0 ? comparisons * (sum * sum - squares) / pairs : 0;
  }
};

Within MakeWithin(const ImpostorCounts& counts, const SubjectGroups& groups,
                  uint32_t group) {
  const auto size = static_cast<size_t>(counts.groups);
  Within within{.comparisons = static_cast<double>(
                    counts.comparisons[group * size + group]),
                .own = std::vector<double>(groups.of_subject.size())};
  double sum = 0;
  double squares = 0;
  for (size_t i = 0; i < groups.of_subject.size(); ++i) {
    if (groups.of_subject[i] != group) continue;
    const size_t place = i * size + group;
    within.own[i] = static_cast<double>(counts.as_reference[place]) +
                    counts.as_probe[place];
    sum += within.own[i];
    squares += within.own[i] * within.own[i];
  }
  within.pairs = sum * sum - squares;
  return within;
}

// What all replicates share.
struct Plan {
  const ImpostorCounts& counts;
  const SubjectGroups& groups;
  std::span<const Hit> hits;
  const VertexBootstrapOptions& options;
  SubjectDraws draws;
  std::vector<Within> within;   // G
  std::optional<Within> basis;  // of the threshold
  // Genuine scores in ascending order.
  std::vector<std::pair<double, uint32_t>> genuine;
  // With two levels: places in `genuine` of each subject's comparisons.
  std::vector<std::vector<uint32_t>> genuine_of;
};

Plan MakePlan(const ImpostorCounts& counts, const SubjectGroups& groups,
              std::span<const Hit> hits, const GenuineScores& genuine,
              const VertexBootstrapOptions& options,
              const ThresholdBasis& basis) {
  Plan plan{.counts = counts,
            .groups = groups,
            .hits = hits,
            .options = options,
            .draws = SubjectDraws(groups),
            .within = {},
            .basis = {},
            .genuine = {},
            .genuine_of = {}};
  for (int g = 0; g < groups.groups; ++g) {
    plan.within.push_back(MakeWithin(counts, groups, g));
  }
  if (basis.counts != nullptr) {
    plan.basis = MakeWithin(*basis.counts, *basis.groups, basis.group);
  }
  for (int64_t i = 0; i < genuine.size(); ++i) {
    plan.genuine.emplace_back(genuine.score[i], genuine.subject[i]);
  }
  std::sort(plan.genuine.begin(), plan.genuine.end());
  if (options.two_level) {
    plan.genuine_of.resize(groups.of_subject.size());
    for (size_t i = 0; i < plan.genuine.size(); ++i) {
      plan.genuine_of[plan.genuine[i].second].push_back(
          static_cast<uint32_t>(i));
    }
  }
  return plan;
}

class Replicate {
 public:
  explicit Replicate(const Plan& plan)
      : plan_(plan),
        groups_(plan.groups.groups),
        weights_(plan.groups.of_subject.size()) {}

  // Returns whether the hits sufficed.
  bool Run(int number, double* fmr, double* fnmr, double* threshold) {
    plan_.draws.Draw(plan_.options.seed, number, &weights_,
                     plan_.options.purpose);
    if (plan_.options.two_level) DrawGenuine(number);
    WeighComparisons();
    const bool sufficed = WalkHits(number, fmr, threshold);
    WalkGenuine(*threshold, fnmr);
    return sufficed;
  }

 private:
  void DrawGenuine(int number) {
    genuine_weights_.assign(plan_.genuine.size(), 0);
    RandomStream random(plan_.options.seed, "two-level bootstrap", number);
    for (size_t i = 0; i < weights_.size(); ++i) {
      const std::vector<uint32_t>& places = plan_.genuine_of[i];
      for (size_t k = 0; k < weights_[i] * places.size(); ++k) {
        ++genuine_weights_[places[random.NextBelow(places.size())]];
      }
    }
  }

  void WeighComparisons() {
    const ImpostorCounts& counts = plan_.counts;
    const auto size = static_cast<size_t>(groups_);
    std::vector<double> references(size * size), probes(size * size);
    genuine_total_.assign(size, 0);
    for (size_t i = 0; i < weights_.size(); ++i) {
      const double weight = weights_[i];
      if (weight == 0) continue;
      const size_t g = plan_.groups.of_subject[i];
      for (size_t h = 0; h < size; ++h) {
        if (h == g) continue;
        references[g * size + h] += weight * counts.as_reference[i * size + h];
        probes[h * size + g] += weight * counts.as_probe[i * size + h];
      }
    }
    for (const auto& [score, subject] : plan_.genuine) {
      genuine_total_[plan_.groups.of_subject[subject]] += weights_[subject];
    }
    within_.assign(size, 0);
    any_ = 0;
    for (size_t g = 0; g < size; ++g) {
      within_[g] = plan_.within[g].In(weights_);
      any_ += within_[g];
      for (size_t h = 0; h < size; ++h) {
        const auto m = static_cast<double>(counts.comparisons[g * size + h]);
        if (g == h || m == 0) continue;
        any_ += references[g * size + h] * probes[g * size + h] / m;
      }
    }
    basis_ = plan_.basis ? plan_.basis->In(weights_) : any_;
  }

  // Accepts hits from the top while the target allows it, whole ties at once.
  bool WalkHits(int number, double* fmr, double* threshold) {
    const VertexBootstrapOptions& options = plan_.options;
    const bool of_others = !options.thresholds.empty();
    const bool fits = !of_others && !std::isnan(options.target);
    const double given =
        of_others ? options.thresholds[number] : options.threshold;
    const double most = fits ? options.target * basis_ : 0;
    std::vector<double> accepted(groups_), tied(groups_);
    double used = 0;
    double used_by_tie = 0;
    *threshold = fits ? std::numeric_limits<double>::infinity() : given;
    bool sufficed = !fits;
    const std::span<const Hit> hits = plan_.hits;
    for (size_t i = 0; i < hits.size();) {
      const double score = hits[i].score;
      if (!fits && score < given) break;
      std::fill(tied.begin(), tied.end(), 0);
      used_by_tie = 0;
      for (; i < hits.size() && hits[i].score == score; ++i) {
        const double weight = static_cast<double>(weights_[hits[i].reference]) *
                              weights_[hits[i].probe];
        if (weight == 0) continue;
        const uint32_t g = plan_.groups.of_subject[hits[i].reference];
        const uint32_t h = plan_.groups.of_subject[hits[i].probe];
        if (g == h) tied[g] += weight;
        if (IsInBasis(hits[i])) used_by_tie += weight;
      }
      if (fits && used + used_by_tie > most) {
        sufficed = true;
        break;
      }
      used += used_by_tie;
      if (fits) *threshold = score;
      for (int g = 0; g < groups_; ++g) accepted[g] += tied[g];
    }
    for (int g = 0; g < groups_; ++g) {
      fmr[g] = within_[g] > 0 ? std::min(1.0, accepted[g] / within_[g]) : kNaN;
    }
    return sufficed;
  }

  // Within the group whose comparisons set the threshold.
  bool IsInBasis(const Hit& hit) const {
    return !plan_.basis || (plan_.basis->own[hit.reference] > 0 &&
                            plan_.basis->own[hit.probe] > 0);
  }

  void WalkGenuine(double threshold, double* fnmr) {
    std::vector<double> errors(groups_);
    for (size_t i = 0; i < plan_.genuine.size(); ++i) {
      const auto& [score, subject] = plan_.genuine[i];
      if (!(score < threshold)) break;
      errors[plan_.groups.of_subject[subject]] +=
          plan_.options.two_level ? genuine_weights_[i] : weights_[subject];
    }
    for (int g = 0; g < groups_; ++g) {
      fnmr[g] = genuine_total_[g] > 0 ? errors[g] / genuine_total_[g] : kNaN;
    }
  }

  const Plan& plan_;
  int groups_;
  std::vector<uint32_t> weights_;
  std::vector<uint32_t> genuine_weights_;  // with two levels
  std::vector<double> genuine_total_;
  std::vector<double> within_;
  double any_ = 0;
  double basis_ = 0;  // comparisons that the threshold is set on
};

// Replicates of one process, copied to or from `bytes`.
template <typename Visit>
void ForEachRun(BlockRange blocks, VertexReplicates* replicates,
                const Visit& visit) {
  const int64_t begin = blocks.begin * kBlock;
  const int64_t end =
      std::min<int64_t>(blocks.end * kBlock, replicates->replicates());
  if (begin >= end) return;
  const auto size = static_cast<int64_t>(replicates->groups);
  visit(&replicates->threshold[begin], end - begin);
  visit(&replicates->fmr[begin * size], (end - begin) * size);
  visit(&replicates->fnmr[begin * size], (end - begin) * size);
}

void ShareReplicates(Communicator* processes, int64_t blocks,
                     VertexReplicates* replicates) {
  if (processes == nullptr || processes->size() == 1) return;
  const int size = processes->size();
  std::string bytes(reinterpret_cast<const char*>(&replicates->short_of_hits),
                    sizeof(int));
  ForEachRun(OwnBlocks(processes, blocks), replicates,
             [&](const double* run, int64_t count) {
               bytes.append(reinterpret_cast<const char*>(run),
                            count * sizeof(double));
             });
  const std::vector<std::string> of_rank = processes->AllGather(bytes);
  replicates->short_of_hits = 0;
  for (int rank = 0; rank < size; ++rank) {
    const std::string& theirs = of_rank[rank];
    size_t at = sizeof(int);
    int short_of_hits = 0;
    std::memcpy(&short_of_hits, theirs.data(), sizeof(int));
    replicates->short_of_hits += short_of_hits;
    ForEachRun(BlocksOf(rank, size, blocks), replicates,
               [&](double* run, int64_t count) {
                 std::memcpy(run, theirs.data() + at, count * sizeof(double));
                 at += count * sizeof(double);
               });
  }
}

}  // namespace

VertexReplicates BootstrapSubjects(const ImpostorCounts& counts,
                                   const SubjectGroups& groups,
                                   std::span<const Hit> hits,
                                   const GenuineScores& genuine,
                                   const VertexBootstrapOptions& options,
                                   const ThresholdBasis& basis) {
  if (options.replicates < 50) {
    throw Error(ErrorCode::kUsage,
                "{} replicates are too few for an interval; use 50 or more, or "
                "0 for none",
                options.replicates);
  }
  if (!options.thresholds.empty() &&
      options.thresholds.size() != static_cast<size_t>(options.replicates)) {
    throw Error(ErrorCode::kInternal, "{} thresholds for {} replicates",
                options.thresholds.size(), options.replicates);
  }
  const Plan plan = MakePlan(counts, groups, hits, genuine, options, basis);
  const auto size = static_cast<size_t>(groups.groups);
  const auto replicates = static_cast<size_t>(options.replicates);
  VertexReplicates result{.groups = groups.groups,
                          .fmr = std::vector<double>(replicates * size),
                          .fnmr = std::vector<double>(replicates * size),
                          .threshold = std::vector<double>(replicates)};
  std::atomic<int> short_of_hits = 0;
  Progress progress("resampling people", options.replicates, "replicates");
  const int64_t blocks = (options.replicates + kBlock - 1) / kBlock;
  const BlockRange own = OwnBlocks(options.processes, blocks);
  ParallelFor(own.size(), options.threads, [&](int64_t i) {
    const int64_t block = own.begin + i;
    Replicate replicate(plan);
    const int64_t end =
        std::min<int64_t>(options.replicates, (block + 1) * kBlock);
    for (int64_t b = block * kBlock; b < end; ++b) {
      short_of_hits +=
          !replicate.Run(static_cast<int>(b), &result.fmr[b * size],
                         &result.fnmr[b * size], &result.threshold[b]);
    }
    progress.Advance(end - block * kBlock);
  });
  result.short_of_hits = short_of_hits;
  ShareReplicates(options.processes, blocks, &result);
  return result;
}

}  // namespace plumbline::face
