#include "plumbline/face/statistics/score_shift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <tuple>

#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/face/statistics/draw_subjects.h"
#include "plumbline/stats/bootstrap.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kMostRevisited = 1 << 16;
constexpr int kMostReplicates = 300;
constexpr std::array<double, 6> kProbabilities = {0.05, 0.25, 0.5,
                                                  0.75, 0.95, 0.99};
// Comparisons on either side of a quantile that may be told.
constexpr double kFewest = 10;

using Quantiles = std::array<double, kProbabilities.size()>;

double QuantileOf(const std::vector<double>& sorted, double probability) {
  const auto n = static_cast<double>(sorted.size());
  const auto rank = static_cast<size_t>(std::ceil(probability * n - 1e-9));
  return sorted[std::clamp<size_t>(rank, 1, sorted.size()) - 1];
}

double Distance(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    const double score = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == score) ++i;
    while (j < b.size() && b[j] == score) ++j;
    most = std::max(
        most, std::abs(static_cast<double>(i) / static_cast<double>(a.size()) -
                       static_cast<double>(j) / static_cast<double>(b.size())));
  }
  return most;
}

// Both samples in one order, to be walked once a replicate.
struct Merged {
  struct Entry {
    double score;
    uint32_t first;
    uint32_t second;
    uint32_t side;  // 0: the group, 1: the reference
  };
  std::vector<Entry> entries;
  // After each entry: share of the group less share of the reference.
  std::vector<double> difference;
};

void AddSide(const SortedSample& sample, uint32_t side, Merged* merged) {
  for (const SortedSample::Entry& entry : sample.revisited()) {
    merged->entries.push_back({entry.score, entry.first, entry.second, side});
  }
}

Merged Merge(const SortedSample& group, const SortedSample& reference) {
  Merged merged;
  AddSide(group, 0, &merged);
  AddSide(reference, 1, &merged);
  std::stable_sort(merged.entries.begin(), merged.entries.end(),
                   [](const Merged::Entry& a, const Merged::Entry& b) {
                     return a.score < b.score;
                   });
  const std::array<double, 2> share = {
      1 / static_cast<double>(group.revisited().size()),
      -1 / static_cast<double>(reference.revisited().size())};
  double difference = 0;
  for (const Merged::Entry& entry : merged.entries) {
    merged.difference.push_back(difference += share[entry.side]);
  }
  return merged;
}

struct Drawn {
  double distance = kNaN;  // of the differences from those of the sample
  Quantiles shift{};
};

Drawn DrawOnce(const Merged& merged, std::span<const uint32_t> weights) {
  std::array<double, 2> total{};
  const auto weight = [&](const Merged::Entry& entry) {
    const double first = weights[entry.first];
    return entry.first == entry.second ? first : first * weights[entry.second];
  };
  for (const Merged::Entry& entry : merged.entries) {
    total[entry.side] += weight(entry);
  }
  Drawn drawn;
  drawn.shift.fill(kNaN);
  if (total[0] == 0 || total[1] == 0) return drawn;
  std::array<double, 2> sum{};
  std::array<size_t, 2> next{};
  std::array<Quantiles, 2> quantiles{};
  drawn.distance = 0;
  for (size_t i = 0; i < merged.entries.size(); ++i) {
    const Merged::Entry& entry = merged.entries[i];
    const uint32_t side = entry.side;
    sum[side] += weight(entry);
    while (next[side] < kProbabilities.size() &&
           sum[side] >= kProbabilities[next[side]] * total[side] - 1e-9) {
      quantiles[side][next[side]++] = entry.score;
    }
    if (i + 1 < merged.entries.size() &&
        merged.entries[i + 1].score == entry.score) {
      continue;
    }
    drawn.distance = std::max(
        drawn.distance,
        std::abs(sum[0] / total[0] - sum[1] / total[1] - merged.difference[i]));
  }
  for (size_t q = 0; q < kProbabilities.size(); ++q) {
    drawn.shift[q] = quantiles[0][q] - quantiles[1][q];
  }
  return drawn;
}

void AddIntervals(const std::vector<Drawn>& draws, double level,
                  ScoreShift* result) {
  std::vector<double> distances;
  int64_t as_large = 1;
  for (const Drawn& drawn : draws) {
    if (std::isnan(drawn.distance)) continue;
    distances.push_back(drawn.distance);
    as_large += drawn.distance >= result->ks;
  }
  std::sort(distances.begin(), distances.end());
  result->ks_by_chance = SortedQuantile(distances, level);
  result->p =
      static_cast<double>(as_large) / static_cast<double>(distances.size() + 1);
  for (size_t q = 0; q < result->quantiles.size(); ++q) {
    QuantileShift& quantile = result->quantiles[q];
    if (std::isnan(quantile.shift)) continue;
    std::vector<double> shifts;
    for (const Drawn& drawn : draws) shifts.push_back(drawn.shift[q]);
    const BootstrapSummary summary =
        PercentileInterval(quantile.shift, shifts, level);
    quantile.lo = summary.interval.lo;
    quantile.hi = summary.interval.hi;
  }
}

}  // namespace

SortedSample::SortedSample(const ScoreSample& sample) {
  std::vector<Entry> entries;
  std::vector<uint32_t> people;
  for (size_t i = 0; i < sample.score.size(); ++i) {
    if (!std::isfinite(sample.score[i])) continue;
    entries.push_back({sample.score[i],
                       std::min(sample.first[i], sample.second[i]),
                       std::max(sample.first[i], sample.second[i])});
    const size_t most = entries.back().second;
    if (most >= people.size()) people.resize(most + 1);
    people[entries.back().first] = people[most] = 1;
  }
  for (const uint32_t there : people) subjects_ += there;
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    if (a.score != b.score) return a.score < b.score;
    return std::tie(a.first, a.second) < std::tie(b.first, b.second);
  });
  scores_.reserve(entries.size());
  for (const Entry& entry : entries) scores_.push_back(entry.score);
  const size_t step = (entries.size() + kMostRevisited - 1) / kMostRevisited;
  for (size_t i = step / 2; i < entries.size(); i += step) {
    revisited_.push_back(entries[i]);
  }
}

ScoreShift CompareScores(const SortedSample& group,
                         const SortedSample& reference,
                         const SubjectGroups& groups,
                         const ScoreShiftOptions& options) {
  ScoreShift result{.n = group.size(),
                    .reference_n = reference.size(),
                    .subjects = group.subjects(),
                    .ks = Distance(group.scores(), reference.scores()),
                    .ks_by_chance = kNaN,
                    .p = kNaN,
                    .quantiles = {}};
  const auto fewer =
      static_cast<double>(std::min(group.size(), reference.size()));
  for (const double p : kProbabilities) {
    QuantileShift quantile{p, kNaN, kNaN, kNaN, kNaN, kNaN};
    if (fewer * std::min(p, 1 - p) >= kFewest - 1e-9) {
      quantile.value = QuantileOf(group.scores(), p);
      quantile.reference = QuantileOf(reference.scores(), p);
      quantile.shift = quantile.value - quantile.reference;
    }
    result.quantiles.push_back(quantile);
  }
  const int replicates = std::min(options.replicates, kMostReplicates);
  if (replicates == 0) return result;
  const Merged merged = Merge(group, reference);
  const SubjectDraws draws(groups);
  std::vector<Drawn> drawn(replicates);
  ParallelFor(replicates, options.threads, [&](int64_t b) {
    drawn[b] =
        DrawOnce(merged, draws.Weights(options.seed, static_cast<uint64_t>(b)));
  });
  AddIntervals(drawn, options.level, &result);
  return result;
}

}  // namespace plumbline::face
