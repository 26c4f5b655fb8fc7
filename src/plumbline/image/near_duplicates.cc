#include "plumbline/image/near_duplicates.h"

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <tuple>

#include "plumbline/base/error.h"
#include "plumbline/base/thread_pool.h"

namespace plumbline {
namespace {

// Hashes by each of their four 16-bit parts.
class PartIndex {
 public:
  explicit PartIndex(std::span<const uint64_t> hashes) : hashes_(hashes) {
    for (int part = 0; part < 4; ++part) {
      auto& first = first_[part];
      first.assign(65537, 0);
      for (const uint64_t hash : hashes) ++first[Part(hash, part) + 1];
      std::partial_sum(first.begin(), first.end(), first.begin());
      std::vector<uint32_t> next(first.begin(), first.end() - 1);
      members_[part].resize(hashes.size());
      values_[part].resize(hashes.size());
      for (size_t i = 0; i < hashes.size(); ++i) {
        const uint32_t place = next[Part(hashes[i], part)]++;
        members_[part][place] = static_cast<uint32_t>(i);
        values_[part][place] = hashes[i];
      }
    }
  }

  // Calls found(index, distance) for each hash within `most` (at most 7) bits.
  // One may be reported several times.
  template <typename Found>
  void Search(uint64_t query, int most, const Found& found) const {
    for (int part = 0; part < 4; ++part) {
      const uint32_t middle = Part(query, part);
      Scan(part, middle, query, most, found);
      // Up to 3 bits: one part is equal.
      if (most < 4) continue;
      for (int bit = 0; bit < 16; ++bit) {
        Scan(part, middle ^ (1u << bit), query, most, found);
      }
    }
  }

 private:
  static uint32_t Part(uint64_t hash, int part) {
    return static_cast<uint32_t>((hash >> (16 * part)) & 0xFFFF);
  }
  template <typename Found>
  void Scan(int part, uint32_t value, uint64_t query, int most,
            const Found& found) const {
    const uint32_t end = first_[part][value + 1];
    for (uint32_t i = first_[part][value]; i < end; ++i) {
      const int distance = std::popcount(values_[part][i] ^ query);
      if (distance <= most) found(members_[part][i], distance);
    }
  }

  std::span<const uint64_t> hashes_;
  std::array<std::vector<uint32_t>, 4> first_;
  std::array<std::vector<uint32_t>, 4> members_;
  // The hashes themselves in the order of members: no second place to look.
  std::array<std::vector<uint64_t>, 4> values_;
};

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
  const PartIndex index(distinct.wholes);
  constexpr int64_t kPiece = 256;
  const auto count = static_cast<int64_t>(distinct.pictures.size());
  const int64_t pieces = (count + kPiece - 1) / kPiece;
  std::vector<std::vector<HashPair>> found(pieces);
  ParallelFor(pieces, options.threads, [&](int64_t piece) {
    std::vector<HashPair>& pairs = found[piece];
    const int64_t end = std::min(count, (piece + 1) * kPiece);
    for (int64_t i = piece * kPiece; i < end; ++i) {
      const int32_t me = distinct.pictures[i];
      for (const int8_t cropped : {0, 1}) {
        const auto variants =
            AllVariants(cropped != 0 ? hashes[me].cropped : hashes[me].whole);
        for (int v = 0; v < kPictureVariants; ++v) {
          const auto take = [&](uint32_t other, int distance) {
            const int32_t you = distinct.pictures[other];
            // Whole against whole is found from both sides; one is enough.
            if (you == me || (cropped == 0 && you < me)) return;
            // I, changed by v, look like you: you, changed back, like me.
            HashPair pair{me, you, static_cast<int8_t>(distance),
                          static_cast<int8_t>(Inverse(v)), cropped};
            if (you < me) {
              pair = {you, me, static_cast<int8_t>(distance),
                      static_cast<int8_t>(v), 2};
            }
            pairs.push_back(pair);
          };
          index.Search(variants[v], options.distance, take);
        }
      }
    }
  });
  std::vector<HashPair> all = distinct.same;
  for (const auto& pairs : found) {
    all.insert(all.end(), pairs.begin(), pairs.end());
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
