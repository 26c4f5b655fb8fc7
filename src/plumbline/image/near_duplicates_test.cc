#include "plumbline/image/near_duplicates.h"

#include <gtest/gtest.h>

#include <bit>

#include "plumbline/base/random.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

std::vector<PictureHashes> RandomHashes(int count, uint64_t seed) {
  RandomStream random(seed, "hashes");
  std::vector<PictureHashes> hashes(count);
  for (PictureHashes& h : hashes) {
    h = {random.NextUint64(), random.NextUint64(), true};
  }
  return hashes;
}

TEST(FindNearHashes, EqualsLookingAtAllPairs) {
  std::vector<PictureHashes> hashes = RandomHashes(400, 3);
  RandomStream random(4, "changes");
  // Planted: versions of others, 1 to 9 bits away (never the same hash, of
  // which only a chain is reported).
  for (int i = 0; i < 200; ++i) {
    PictureHashes copy = hashes[random.NextBelow(400)];
    copy.whole =
        ChangeHash(random.NextBelow(4) == 0 ? copy.cropped : copy.whole,
                   static_cast<int>(random.NextBelow(16)));
    for (uint64_t bits = 1 + random.NextBelow(9); bits > 0; --bits) {
      copy.whole ^= uint64_t{1} << random.NextBelow(64);
    }
    copy.cropped = random.NextUint64();
    hashes.push_back(copy);
  }
  hashes[7].has_structure = false;
  for (const int distance : {1, 3, 4, 5, 6, 7}) {
    std::vector<std::array<int, 3>> expected;
    for (int a = 0; a < 600; ++a) {
      for (int b = a + 1; b < 600; ++b) {
        if (!hashes[a].has_structure || !hashes[b].has_structure) continue;
        int nearest = 64;
        for (int v = 0; v < kPictureVariants; ++v) {
          nearest = std::min(
              {nearest,
               std::popcount(hashes[a].whole ^ ChangeHash(hashes[b].whole, v)),
               std::popcount(hashes[a].cropped ^
                             ChangeHash(hashes[b].whole, v)),
               std::popcount(hashes[a].whole ^
                             ChangeHash(hashes[b].cropped, v))});
        }
        if (nearest <= distance) expected.push_back({a, b, nearest});
      }
    }
    std::vector<std::array<int, 3>> found;
    for (const HashPair& pair :
         FindNearHashes(hashes, {.distance = distance})) {
      found.push_back({pair.first, pair.second, pair.distance});
      const uint64_t mine = pair.cropped == 1 ? hashes[pair.first].cropped
                                              : hashes[pair.first].whole;
      const uint64_t other = pair.cropped == 2 ? hashes[pair.second].cropped
                                               : hashes[pair.second].whole;
      EXPECT_EQ(std::popcount(mine ^ ChangeHash(other, pair.variant)),
                pair.distance);
    }
    EXPECT_EQ(found, expected) << distance;
    EXPECT_GT(found.size(), distance >= 3 ? 30u : 0u);
  }
}

TEST(FindNearHashes, ChainsCopiesInsteadOfPairingAll) {
  std::vector<PictureHashes> hashes(5000, {0x123456789ABCDEF0, 17, true});
  EXPECT_EQ(FindNearHashes(hashes).size(), 4999u);
}

TEST(FindNearHashes, IsTheSameForAnyNumberOfThreads) {
  std::vector<PictureHashes> hashes = RandomHashes(3000, 9);
  for (int i = 0; i < 500; ++i) hashes[3 * i].whole = hashes[i].whole ^ 5;
  const auto one = FindNearHashes(hashes, {.threads = 1});
  const auto four = FindNearHashes(hashes, {.threads = 4});
  ASSERT_EQ(one.size(), four.size());
  for (size_t i = 0; i < one.size(); ++i) {
    EXPECT_EQ(one[i].second, four[i].second);
    EXPECT_EQ(one[i].variant, four[i].variant);
  }
}

TEST(FindNearHashes, RefusesADistanceThatIsNoLongerExact) {
  EXPECT_EQ(ErrorText([] { FindNearHashes({}, {.distance = 8}); }),
            "2: cannot search within 8 bits: expected 0 to 7");
}

// White noise is all detail.
Image Noise(uint64_t seed, int side) {
  RandomStream random(seed, "noise");
  Image image = MakeImage(side, side, 1, 1);
  for (uint8_t& pixel : image.data) {
    pixel = static_cast<uint8_t>(random.NextBelow(256));
  }
  return image;
}

TEST(DetailCorrelation, IsOneForAVersionAndNearZeroForAnother) {
  const Image image = Noise(1, 64);
  for (int variant = 0; variant < kPictureVariants; ++variant) {
    // Changing back undoes the change.
    int back = 0;
    while (ChangePicture(ChangePicture(image, variant), back).data !=
           image.data) {
      ++back;
    }
    const Image changed = ChangePicture(image, variant);
    const HashPair pair{.variant = static_cast<int8_t>(back)};
    EXPECT_GT(DetailCorrelation(image, changed, pair), 0.999);
  }
  EXPECT_LT(DetailCorrelation(image, Noise(2, 64), HashPair{}), 0.15);
  EXPECT_LE(DetailCorrelation(MakeImage(64, 64, 1, 1), image, HashPair{}), 0);
}

}  // namespace
}  // namespace plumbline
