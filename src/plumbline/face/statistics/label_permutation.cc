#include "plumbline/face/statistics/label_permutation.h"

#include <atomic>
#include <limits>
#include <numeric>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline::face {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// Of nobody who takes part.
constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

void CheckPermutations(int permutations) {
  if (permutations == 0 || permutations >= 99) return;
  throw Error(ErrorCode::kUsage,
              "{} permutations are too few for a p-value below 5 %; use 99 or "
              "more, or 0 for none",
              permutations);
}

// sum (events - comparisons x)^2 / (comparisons x).
double Spread(const std::vector<double>& events,
              const std::vector<double>& comparisons) {
  const double total = std::accumulate(events.begin(), events.end(), 0.0);
  if (total == 0) return 0;
  const double rate =
      total / std::accumulate(comparisons.begin(), comparisons.end(), 0.0);
  double sum = 0;
  for (size_t g = 0; g < events.size(); ++g) {
    const double expected = comparisons[g] * rate;
    if (expected <= 0) continue;
    sum += (events[g] - expected) * (events[g] - expected) / expected;
  }
  return sum;
}

int CountUsed(std::span<const uint8_t> used) {
  return std::accumulate(used.begin(), used.end(), 0);
}

// The test with a statistic of labels: one label a person, kNone for those who
// do not take part.
template <typename Statistic>
OmnibusTest Test(const std::vector<uint32_t>& labels, int used_groups,
                 const char* purpose, const PermutationOptions& options,
                 const Statistic& statistic) {
  CheckPermutations(options.permutations);
  OmnibusTest test{.statistic = kNaN, .p = kNaN, .groups = used_groups};
  if (used_groups < 2) return test;
  test.statistic = statistic(labels);
  if (options.permutations == 0) return test;
  std::vector<uint32_t> people;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] != kNone) people.push_back(static_cast<uint32_t>(i));
  }
  std::atomic<int64_t> as_large = 1;
  ParallelFor(options.permutations, options.threads, [&](int64_t b) {
    RandomStream random(options.seed, purpose, static_cast<uint64_t>(b));
    std::vector<uint32_t> permuted(labels);
    for (size_t i = people.size(); i > 1; --i) {
      std::swap(permuted[people[i - 1]], permuted[people[random.NextBelow(i)]]);
    }
    // Equal statistics may differ in their last bits.
    as_large += statistic(permuted) >= test.statistic * (1 - 1e-9);
  });
  test.p = static_cast<double>(as_large) / (1 + options.permutations);
  return test;
}

}  // namespace

OmnibusTest PermuteFalseMatches(const ImpostorCounts& counts,
                                const SubjectGroups& groups,
                                std::span<const uint8_t> used,
                                std::span<const Hit> accepted,
                                const PermutationOptions& options) {
  const auto size = static_cast<size_t>(groups.groups);
  const size_t subjects = groups.of_subject.size();
  std::vector<uint32_t> labels(subjects, kNone);
  // Comparisons of each person with those who take part.
  std::vector<double> margin(subjects);
  for (size_t i = 0; i < subjects; ++i) {
    if (!used[groups.of_subject[i]]) continue;
    labels[i] = groups.of_subject[i];
    for (size_t h = 0; h < size; ++h) {
      if (!used[h]) continue;
      margin[i] += static_cast<double>(counts.as_reference[i * size + h]) +
                   counts.as_probe[i * size + h];
    }
  }
  const auto statistic = [&](const std::vector<uint32_t>& of_subject) {
    std::vector<double> events(size), sums(size), squares(size);
    for (const Hit& hit : accepted) {
      const uint32_t g = of_subject[hit.reference];
      if (g != kNone && g == of_subject[hit.probe]) ++events[g];
    }
    for (size_t i = 0; i < subjects; ++i) {
      if (of_subject[i] == kNone) continue;
      sums[of_subject[i]] += margin[i];
      squares[of_subject[i]] += margin[i] * margin[i];
    }
    // In proportion to the comparisons within each group.
    for (size_t g = 0; g < size; ++g) sums[g] = sums[g] * sums[g] - squares[g];
    return Spread(events, sums);
  };
  return Test(labels, CountUsed(used), "impostor label permutation", options,
              statistic);
}

OmnibusTest PermuteFalseNonMatches(const GenuineScores& genuine,
                                   double threshold,
                                   const SubjectGroups& groups,
                                   std::span<const uint8_t> used,
                                   const PermutationOptions& options) {
  const auto size = static_cast<size_t>(groups.groups);
  const size_t subjects = groups.of_subject.size();
  std::vector<double> comparisons(subjects), errors(subjects);
  std::vector<uint32_t> labels(subjects, kNone);
  for (int64_t i = 0; i < genuine.size(); ++i) {
    const uint32_t subject = genuine.subject[i];
    if (!used[groups.of_subject[subject]]) continue;
    labels[subject] = groups.of_subject[subject];
    ++comparisons[subject];
    errors[subject] += genuine.score[i] < threshold;
  }
  const auto statistic = [&](const std::vector<uint32_t>& of_subject) {
    std::vector<double> events(size), all(size);
    for (size_t i = 0; i < subjects; ++i) {
      if (of_subject[i] == kNone) continue;
      events[of_subject[i]] += errors[i];
      all[of_subject[i]] += comparisons[i];
    }
    return Spread(events, all);
  };
  return Test(labels, CountUsed(used), "genuine label permutation", options,
              statistic);
}

}  // namespace plumbline::face
