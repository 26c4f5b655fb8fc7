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
// 2012, "Fast search in Hamming space with multi-index hashing").
std::vector<HashPair> FindNearHashes(std::span<const PictureHashes> hashes,
                                     const NearDuplicateOptions& options = {});

// How alike two pictures are in their details: correlation of both, reduced to
// 64 x 64 grey values without what changes slowly (the mean of 9 x 9 around),
// in [-1, 1], for the version of the pair; the better of a few shifts of crop.
// Chest films of different people agree in what changes slowly, so that their
// hashes can be near; their details do not agree.
double DetailCorrelation(const Image& first, const Image& second,
                         const HashPair& pair);

// Pairs at or above this are versions of one picture.
inline constexpr double kSamePicture = 0.6;

}  // namespace plumbline
