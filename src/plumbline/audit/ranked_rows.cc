#include "plumbline/audit/ranked_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "plumbline/base/progress.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

// Ranges in which the sorted rows are gathered.
constexpr int64_t kPieces = 16;

// Ascending in `key` is descending in score.
struct Item {
  uint64_t key;
  uint32_t row;
};

uint64_t DescendingKey(double score) {
  // Scores are >= 0, so their bit patterns order as the numbers do; + 0.0 turns
  // -0.0 into 0.0.
  return ~std::bit_cast<uint64_t>(score + 0.0);
}

// Stable least-significant-digit radix sort; digits that are the same in every
// key cost nothing.
void RadixSort(Item* items, Item* scratch, size_t count) {
  constexpr int kBits = 11;
  constexpr int kPasses = 6;
  constexpr size_t kBuckets = size_t{1} << kBits;
  std::vector<std::array<uint32_t, kBuckets>> histograms(kPasses);
  for (auto& histogram : histograms) histogram.fill(0);
  for (size_t i = 0; i < count; ++i) {
    for (int pass = 0; pass < kPasses; ++pass) {
      ++histograms[pass][(items[i].key >> (pass * kBits)) & (kBuckets - 1)];
    }
  }
  Item* from = items;
  Item* to = scratch;
  for (int pass = 0; pass < kPasses; ++pass) {
    auto& histogram = histograms[pass];
    const int shift = pass * kBits;
    if (count > 0 &&
        histogram[(from[0].key >> shift) & (kBuckets - 1)] == count) {
      continue;
    }
    uint32_t start = 0;
    for (uint32_t& bucket : histogram) {
      const uint32_t size = bucket;
      bucket = start;
      start += size;
    }
    for (size_t i = 0; i < count; ++i) {
      to[histogram[(from[i].key >> shift) & (kBuckets - 1)]++] = from[i];
    }
    std::swap(from, to);
  }
  if (from != items) std::copy(from, from + count, items);
}

// Sorts `parts` runs on their own threads and merges them pairwise. The order
// is unique (ties by row), so it does not depend on the number of parts.
void ParallelSort(std::vector<Item>& items, int threads) {
  constexpr size_t kSerialRows = 50000;
  std::vector<Item> scratch(items.size());
  int parts = 1;
  while (parts * 2 <= threads && items.size() / (parts * 2) >= kSerialRows) {
    parts *= 2;
  }
  const auto bound = [&](int part) { return items.size() * part / parts; };
  ParallelFor(parts, threads, [&](int64_t part) {
    const size_t begin = bound(static_cast<int>(part));
    RadixSort(items.data() + begin, scratch.data() + begin,
              bound(static_cast<int>(part) + 1) - begin);
  });
  const auto before = [](const Item& a, const Item& b) {
    return a.key < b.key;
  };
  for (int width = 1; width < parts; width *= 2) {
    ParallelFor(parts / (2 * width), threads, [&](int64_t pair) {
      const int first = static_cast<int>(pair) * 2 * width;
      std::merge(items.begin() + bound(first),
                 items.begin() + bound(first + width),
                 items.begin() + bound(first + width),
                 items.begin() + bound(first + 2 * width),
                 scratch.begin() + bound(first), before);
    });
    items.swap(scratch);
  }
}

// The weights of the ranked rows, in their order.
void TakeWeights(const AuditInput& input, const std::vector<Item>& items,
                 RankedRows& ranked) {
  if (input.weights.empty()) return;
  double largest = 0;
  for (const Item& item : items) {
    largest = std::max(largest, input.weights[item.row]);
  }
  int exponent = 0;
  std::frexp(largest, &exponent);
  --exponent;
  ranked.weight_unit = std::ldexp(1.0, exponent);
  ranked.weights.resize(items.size());
  for (size_t i = 0; i < items.size(); ++i) {
    ranked.weights[i] = std::ldexp(input.weights[items[i].row], -exponent);
  }
}

}  // namespace

int64_t RankedRows::CountAtLeast(double threshold) const {
  return std::partition_point(
             scores.begin(), scores.end(),
             [threshold](double score) { return score >= threshold; }) -
         scores.begin();
}

RankedRows RankRows(const AuditInput& input, const AuditTarget& target,
                    bool tuning_rows, int threads) {
  if (threads <= 0) threads = DefaultThreads();
  Progress progress("sorting " + target.name, 3 * input.rows, "rows");
  std::vector<Item> items;
  items.reserve(input.rows);
  for (int64_t row = 0; row < input.rows; ++row) {
    const bool tuning = !input.tuning_rows.empty() && input.tuning_rows[row];
    if (tuning != tuning_rows || target.labels[row] == kMissingLabel ||
        std::isnan(target.scores[row]) ||
        (!input.weights.empty() && input.weights[row] == 0)) {
      continue;
    }
    items.push_back(
        {DescendingKey(target.scores[row]), static_cast<uint32_t>(row)});
  }
  progress.Advance(input.rows);
  ParallelSort(items, threads);
  progress.Advance(input.rows);

  RankedRows ranked;
  const size_t count = items.size();
  ranked.scores.resize(count);
  ranked.cell_label.resize(count);
  ranked.subject.resize(count);
  ParallelFor(kPieces, threads, [&](int64_t piece) {
    for (size_t i = count * piece / kPieces; i < count * (piece + 1) / kPieces;
         ++i) {
      const uint32_t row = items[i].row;
      const uint32_t label = target.labels[row] == 1;
      ranked.scores[i] = target.scores[row];
      ranked.cell_label[i] = input.groups.cell_of_row[row] << 1 | label;
      ranked.subject[i] = input.subjects.empty() ? row : input.subjects[row];
    }
  });
  TakeWeights(input, items, ranked);
  ranked.class_counts.resize(input.groups.cells);
  for (const uint32_t cell_label : ranked.cell_label) {
    ++ranked.class_counts[cell_label >> 1][cell_label & 1];
  }
  for (const auto& counts : ranked.class_counts) ranked.positives += counts[1];
  return ranked;
}

SubjectRows GroupBySubject(const RankedRows& rows, int64_t subject_count) {
  SubjectRows grouped;
  grouped.offsets.assign(subject_count + 1, 0);
  for (const uint32_t subject : rows.subject) ++grouped.offsets[subject + 1];
  for (int64_t s = 0; s < subject_count; ++s) {
    grouped.offsets[s + 1] += grouped.offsets[s];
  }
  grouped.positions.resize(rows.size());
  std::vector<uint32_t> next(grouped.offsets.begin(),
                             grouped.offsets.end() - 1);
  for (int64_t i = 0; i < rows.size(); ++i) {
    grouped.positions[next[rows.subject[i]]++] = static_cast<uint32_t>(i);
  }
  return grouped;
}

}  // namespace plumbline
