// Pictures that are versions of one another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/image/image.h"
#include "plumbline/image/perceptual_hash.h"

namespace plumbline {

// The two hashes of one picture that the search needs.
struct PictureHashes {
  uint64_t whole = 0;    // HashPicture(image)
  uint64_t cropped = 0;  // HashPicture(image, kCropMargin)
  bool has_structure = false;
};

// A crop of 5 % leaves 95 % of each side.
inline constexpr double kCropMargin = 0.025;

PictureHashes HashForSearch(const Image& image);

// Two pictures whose hashes are near: `second`, changed by `variant`, looks
// like `first`. If `cropped` is 1 the middle of `first` looks like the whole of
// `second`, if it is 2 the other way round.
struct HashPair {
  int32_t first = 0;  // < second
  int32_t second = 0;
  int8_t distance = 0;
  int8_t variant = 0;
  int8_t cropped = 0;
};

struct NearDuplicateOptions {
  int distance = 6;  // largest number of different bits, 0 to 7
  int threads = 0;
};

// All pairs of different pictures within the distance for any of the variants,
// whole or cropped, each with its nearest version; sorted. Of pictures with the
// same hash each is paired with the next alone, so that a thousand copies of
// one picture make 999 pairs. Pictures without structure are left out.
//
// Exact: by the pigeonhole principle one of four 16-bit parts of two hashes
// that differ in at most 7 bits differs in at most one (Norouzi, Punjani, Fleet
// 2012, "Fast search in Hamming space with multi-index hashing"; for fewer bits
// some parts must be equal: Qin et al. 2018, "GPH: similarity search in Hamming
// space").
std::vector<HashPair> FindNearHashes(std::span<const PictureHashes> hashes,
                                     const NearDuplicateOptions& options = {});

// How alike two pictures are in their details, in [-1, 1]. Both are reduced to
// 64 x 64 grey values without what changes slowly (the mean of 9 x 9 around);
// the correlation is taken in each of 16 tiles of 16 x 16, once of the values
// and once with large ones brought nearer, so that one edge does not speak for
// a tile, and the smaller of the two medians of the tiles in which at least one
// of the pictures has any structure is returned; the best of a few crops,
// unless the pair is not cropped and nothing is alike. -1 if fewer than 4 tiles
// have structure: there is not enough to tell.
//
// Chest films of different people agree in what changes slowly, so that their
// hashes can be near, and in the bars and collimator edges along their borders,
// so that a correlation over the whole picture can be high; the median tile of
// two people's films does not agree.
double DetailCorrelation(const Image& first, const Image& second,
                         const HashPair& pair);

// Pairs at or above this are versions of one picture. docs/methods.md has the
// rates at which films of different people and real versions reach it.
inline constexpr double kSamePicture = 0.8;

inline bool IsSamePicture(const Image& first, const Image& second,
                          const HashPair& pair) {
  return DetailCorrelation(first, second, pair) >= kSamePicture;
}

}  // namespace plumbline
