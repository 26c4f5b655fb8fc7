#include "plumbline/face/engine/pair_table.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "plumbline/base/error.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline::face {
namespace {

constexpr int64_t kBlock = 1 << 18;

// first in the upper half, then second, then whether the reference is second.
uint64_t KeyOf(uint32_t reference, uint32_t probe) {
  const bool turned = reference > probe;
  const uint64_t first = turned ? probe : reference;
  const uint64_t second = turned ? reference : probe;
  return first << 32 | second << 1 | uint64_t{turned};
}

std::vector<uint64_t> KeysOf(const ImpostorScores& scores) {
  constexpr uint32_t kLimit = 1u << 31;
  std::vector<uint64_t> keys(scores.size());
  for (int64_t i = 0; i < scores.size(); ++i) {
    const uint32_t reference = scores.reference[i];
    const uint32_t probe = scores.probe[i];
    if (reference == probe || reference >= kLimit || probe >= kLimit) {
      throw Error(ErrorCode::kInternal,
                  "impostor comparison {} is of subjects {} and {}", i,
                  reference, probe);
    }
    keys[i] = KeyOf(reference, probe);
  }
  return keys;
}

// By digits of 16 bits, those that all keys share left out.
void SortKeys(std::vector<uint64_t>* keys) {
  if (keys->size() < (1 << 16)) {
    std::sort(keys->begin(), keys->end());
    return;
  }
  constexpr int kDigits = 4;
  std::vector<std::array<int64_t, kDigits>> counts(1 << 16);
  for (const uint64_t key : *keys) {
    for (int digit = 0; digit < kDigits; ++digit) {
      ++counts[key >> (16 * digit) & 0xffff][digit];
    }
  }
  std::vector<uint64_t> sorted(keys->size());
  const auto total = static_cast<int64_t>(keys->size());
  for (int digit = 0; digit < kDigits; ++digit) {
    if (counts[keys->front() >> (16 * digit) & 0xffff][digit] == total) {
      continue;
    }
    int64_t place = 0;
    for (auto& count : counts) {
      const int64_t here = count[digit];
      count[digit] = place;
      place += here;
    }
    for (const uint64_t key : *keys) {
      sorted[counts[key >> (16 * digit) & 0xffff][digit]++] = key;
    }
    keys->swap(sorted);
  }
}

}  // namespace

PairTable::PairTable(const ImpostorScores& scores) {
  std::vector<uint64_t> keys = KeysOf(scores);
  SortKeys(&keys);
  for (size_t i = 0; i < keys.size();) {
    const uint64_t pair = keys[i] >> 1;
    SubjectPair found{.first = static_cast<uint32_t>(keys[i] >> 32),
                      .second = static_cast<uint32_t>(pair & 0x7fffffff)};
    for (; i < keys.size() && keys[i] >> 1 == pair; ++i) {
      ++(keys[i] & 1 ? found.second_as_reference : found.first_as_reference);
    }
    pairs_.push_back(found);
  }
}

SubjectPair PairTable::Find(uint32_t a, uint32_t b) const {
  const auto wanted = std::minmax(a, b);
  const auto place = std::lower_bound(
      pairs_.begin(), pairs_.end(), wanted,
      [](const SubjectPair& pair, const std::pair<uint32_t, uint32_t>& key) {
        return std::tie(pair.first, pair.second) <
               std::tie(key.first, key.second);
      });
  if (place == pairs_.end() || place->first != wanted.first ||
      place->second != wanted.second) {
    return {wanted.first, wanted.second, 0, 0};
  }
  return *place;
}

ImpostorCounts CountImpostors(const PairTable& pairs,
                              const SubjectGroups& groups) {
  const auto size = static_cast<size_t>(groups.groups);
  const auto subjects = static_cast<size_t>(groups.subjects());
  ImpostorCounts counts{.groups = groups.groups,
                        .comparisons = std::vector<int64_t>(size * size),
                        .as_reference = std::vector<uint32_t>(subjects * size),
                        .as_probe = std::vector<uint32_t>(subjects * size),
                        .squares = std::vector<double>(size * size)};
  const auto add = [&](uint32_t reference, uint32_t probe, uint32_t times) {
    const size_t g = groups.of_subject[reference];
    const size_t h = groups.of_subject[probe];
    counts.comparisons[g * size + h] += times;
    counts.as_reference[reference * size + h] += times;
    counts.as_probe[probe * size + g] += times;
    if (g != h)
      counts.squares[g * size + h] += static_cast<double>(times) * times;
  };
  for (const SubjectPair& pair : pairs.pairs()) {
    if (pair.second >= subjects) {
      throw Error(ErrorCode::kInternal, "subject {} has no group", pair.second);
    }
    add(pair.first, pair.second, pair.first_as_reference);
    add(pair.second, pair.first, pair.second_as_reference);
    const double both =
        static_cast<double>(pair.first_as_reference) + pair.second_as_reference;
    counts.all_squares += both * both;
    const size_t g = groups.of_subject[pair.first];
    if (g == groups.of_subject[pair.second]) {
      counts.squares[g * size + g] += both * both;
    }
  }
  return counts;
}

std::vector<Hit> HitsAtOrAbove(const ImpostorScores& scores,
                               const PairTable& pairs, double cut,
                               int threads) {
  const int64_t blocks = (scores.size() + kBlock - 1) / kBlock;
  std::vector<std::vector<Hit>> of_block(blocks);
  ParallelFor(blocks, threads, [&](int64_t block) {
    const int64_t end = std::min(scores.size(), (block + 1) * kBlock);
    for (int64_t i = block * kBlock; i < end; ++i) {
      if (!(scores.score[i] >= cut)) continue;
      const uint32_t reference = scores.reference[i];
      const uint32_t probe = scores.probe[i];
      const SubjectPair pair = pairs.Find(reference, probe);
      of_block[block].push_back(
          {.score = scores.score[i],
           .reference = reference,
           .probe = probe,
           .forward = reference == pair.first ? pair.first_as_reference
                                              : pair.second_as_reference,
           .both = pair.first_as_reference + pair.second_as_reference});
    }
  });
  std::vector<Hit> hits;
  for (const auto& part : of_block) {
    hits.insert(hits.end(), part.begin(), part.end());
  }
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    if (a.score != b.score) return a.score > b.score;
    return std::tie(a.reference, a.probe) < std::tie(b.reference, b.probe);
  });
  return hits;
}

}  // namespace plumbline::face
