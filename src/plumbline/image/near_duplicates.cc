#include "plumbline/image/near_duplicates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <tuple>

#include "plumbline/base/error.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/target_clones.h"

namespace plumbline {
namespace {

constexpr int kParts = 4;
constexpr uint32_t kPartValues = 1 << 16;
// Their versions take 16 MiB, twice.
constexpr int64_t kPicturesAtOnce = 1 << 15;

uint32_t Part(uint64_t hash, int part) {
  return static_cast<uint32_t>((hash >> (16 * part)) & 0xFFFF);
}

// A changed picture: its hash, and whose it is.
struct Query {
  uint64_t hash = 0;
  uint32_t picture = 0;  // index into Distinct
  int8_t variant = 0;
  int8_t cropped = 0;
};

uint64_t HashOf(uint64_t hash) { return hash; }
uint64_t HashOf(const Query& query) { return query.hash; }

// Hashes in the order of one of their parts.
template <typename T>
struct ByPart {
  std::vector<uint32_t> first;    // of each value, and the end
  std::vector<uint32_t> members;  // indexes
  std::vector<T> values;          // in the order of members

  ByPart(std::span<const T> all, int part)
      : first(kPartValues + 1), members(all.size()), values(all.size()) {
    for (const T& one : all) ++first[Part(HashOf(one), part) + 1];
    std::partial_sum(first.begin(), first.end(), first.begin());
    std::vector<uint32_t> next(first.begin(), first.end() - 1);
    for (size_t i = 0; i < all.size(); ++i) {
      const uint32_t place = next[Part(HashOf(all[i]), part)]++;
      members[place] = static_cast<uint32_t>(i);
      values[place] = all[i];
    }
  }
};

// The hashes whose part is near one value, side by side.
struct Candidates {
  std::vector<uint64_t> hashes;
  std::vector<uint32_t> members;
  std::vector<uint32_t> near;  // room for as many places

  void Add(const ByPart<uint64_t>& index, uint32_t value) {
    const auto from = static_cast<std::ptrdiff_t>(index.first[value]);
    const auto to = static_cast<std::ptrdiff_t>(index.first[value + 1]);
    hashes.insert(hashes.end(), index.values.begin() + from,
                  index.values.begin() + to);
    members.insert(members.end(), index.members.begin() + from,
                   index.members.begin() + to);
  }
};

// The places of the hashes within `most` bits of the query; how many.
PLUMBLINE_TARGET_CLONES size_t Within(uint64_t query, int most,
                                      const uint64_t* hashes, size_t count,
                                      uint32_t* near) {
  size_t found = 0;
  for (size_t i = 0; i < count; ++i) {
    near[found] = static_cast<uint32_t>(i);
    found += __builtin_popcountll(hashes[i] ^ query) <= most ? 1 : 0;
  }
  return found;
}

// Nearest version first, then the one that needs no crop.
bool IsNearer(const HashPair& a, const HashPair& b) {
  return std::tuple(a.first, a.second, a.distance, a.cropped, a.variant) <
         std::tuple(b.first, b.second, b.distance, b.cropped, b.variant);
}

// `second` changed by g looks like `first`; what changes `first` into `second`.
int Inverse(int variant) {
  static const auto kInverses = [] {
    std::array<int, kPictureVariants> inverses{};
    constexpr uint64_t kProbe = 0x9E3779B97F4A7C15;
    for (int a = 0; a < kPictureVariants; ++a) {
      for (int b = 0; b < kPictureVariants; ++b) {
        if (ChangeHash(ChangeHash(kProbe, a), b) == kProbe) inverses[a] = b;
      }
    }
    return inverses;
  }();
  return kInverses[variant];
}

// Distinct pictures by hash, with the others that share it.
struct Distinct {
  std::vector<int32_t> pictures;  // the first of each hash
  std::vector<uint64_t> wholes;
  std::vector<HashPair> same;  // each with the next of the same hash
};

Distinct FindDistinct(std::span<const PictureHashes> hashes) {
  std::vector<int32_t> order;
  for (size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i].has_structure) order.push_back(static_cast<int32_t>(i));
  }
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return std::pair(hashes[a].whole, a) < std::pair(hashes[b].whole, b);
  });
  Distinct distinct;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && hashes[order[i]].whole == hashes[order[i - 1]].whole) {
      distinct.same.push_back({order[i - 1], order[i], 0, 0, 0});
    } else {
      distinct.pictures.push_back(order[i]);
    }
  }
  std::sort(distinct.pictures.begin(), distinct.pictures.end());
  for (const int32_t picture : distinct.pictures) {
    distinct.wholes.push_back(hashes[picture].whole);
  }
  return distinct;
}

// All versions of the pictures [begin, end).
std::vector<Query> MakeQueries(std::span<const PictureHashes> hashes,
                               const Distinct& distinct, int64_t begin,
                               int64_t end) {
  std::vector<Query> queries;
  queries.reserve(2 * kPictureVariants * (end - begin));
  for (int64_t i = begin; i < end; ++i) {
    const PictureHashes& own = hashes[distinct.pictures[i]];
    for (const int8_t cropped : {0, 1}) {
      const auto variants = AllVariants(cropped != 0 ? own.cropped : own.whole);
      for (int v = 0; v < kPictureVariants; ++v) {
        queries.push_back({variants[v], static_cast<uint32_t>(i),
                           static_cast<int8_t>(v), cropped});
      }
    }
  }
  return queries;
}

void AddPair(const Distinct& distinct, const Query& query, uint32_t other,
             int distance, std::vector<HashPair>* pairs) {
  const int32_t me = distinct.pictures[query.picture];
  const int32_t you = distinct.pictures[other];
  // Whole against whole is found from both sides; one is enough.
  if (you == me || (query.cropped == 0 && you < me)) return;
  // I, changed by v, look like you: you, changed back, like me.
  HashPair pair{me, you, static_cast<int8_t>(distance),
                static_cast<int8_t>(Inverse(query.variant)), query.cropped};
  if (you < me) {
    pair = {you, me, static_cast<int8_t>(distance), query.variant, 2};
  }
  pairs->push_back(pair);
}

// The pairs of queries and hashes within `most` bits whose part of one value
// is equal or, if `is_wide`, differs in at most one bit.
void SearchValue(const Distinct& distinct, const ByPart<Query>& queries,
                 const ByPart<uint64_t>& index, uint32_t value, bool is_wide,
                 int most, Candidates* candidates,
                 std::vector<HashPair>* pairs) {
  const uint32_t end = queries.first[value + 1];
  if (queries.first[value] == end) return;
  candidates->hashes.clear();
  candidates->members.clear();
  candidates->Add(index, value);
  for (int bit = 0; is_wide && bit < 16; ++bit) {
    candidates->Add(index, value ^ (1u << bit));
  }
  const size_t count = candidates->hashes.size();
  candidates->near.resize(count + 1);
  for (uint32_t q = queries.first[value]; q < end; ++q) {
    const Query& query = queries.values[q];
    const size_t found = Within(query.hash, most, candidates->hashes.data(),
                                count, candidates->near.data());
    for (size_t i = 0; i < found; ++i) {
      const uint32_t place = candidates->near[i];
      AddPair(distinct, query, candidates->members[place],
              std::popcount(candidates->hashes[place] ^ query.hash), pairs);
    }
  }
}

}  // namespace

PictureHashes HashForSearch(const Image& image) {
  const PerceptualHash whole = HashPicture(image);
  return {whole.bits, HashPicture(image, kCropMargin).bits,
          whole.has_structure};
}

std::vector<HashPair> FindNearHashes(std::span<const PictureHashes> hashes,
                                     const NearDuplicateOptions& options) {
  if (options.distance < 0 || options.distance > 7) {
    throw Error(ErrorCode::kUsage,
                "cannot search within {} bits: expected 0 to 7",
                options.distance);
  }
  const Distinct distinct = FindDistinct(hashes);
  const auto count = static_cast<int64_t>(distinct.pictures.size());
  std::vector<HashPair> all = distinct.same;
  for (int part = 0; part < kParts; ++part) {
    const ByPart<uint64_t> index(distinct.wholes, part);
    // Of m different bits one of the parts has at most one, and if m is below
    // 7, one of the first m - 3 has, or one of the others none.
    const bool is_wide = part < options.distance - 3;
    for (int64_t begin = 0; begin < count; begin += kPicturesAtOnce) {
      const std::vector<Query> unsorted = MakeQueries(
          hashes, distinct, begin, std::min(count, begin + kPicturesAtOnce));
      const ByPart<Query> queries(unsorted, part);
      constexpr int64_t kPiece = 512;
      std::vector<std::vector<HashPair>> found(kPartValues / kPiece);
      ParallelFor(std::ssize(found), options.threads, [&](int64_t piece) {
        Candidates candidates;
        for (int64_t value = 0; value < kPiece; ++value) {
          SearchValue(distinct, queries, index,
                      static_cast<uint32_t>(piece * kPiece + value), is_wide,
                      options.distance, &candidates, &found[piece]);
        }
      });
      for (const auto& pairs : found) {
        all.insert(all.end(), pairs.begin(), pairs.end());
      }
    }
  }
  std::sort(all.begin(), all.end(), IsNearer);
  all.erase(std::unique(all.begin(), all.end(),
                        [](const HashPair& a, const HashPair& b) {
                          return a.first == b.first && a.second == b.second;
                        }),
            all.end());
  return all;
}

}  // namespace plumbline
