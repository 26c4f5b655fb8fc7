// 64 bits that stay nearly the same when a picture is scaled, brightened or
// compressed again, and from which those of its mirrored, turned and inverted
// versions follow.
#pragma once

#include <array>
#include <cstdint>

#include "plumbline/image/image.h"

namespace plumbline {

// How a picture was changed: bits 0 to 2 one of eight orientations, bit 3
// inverted. Applied in this order: transposed (4), mirrored left to right (1),
// mirrored top to bottom (2).
inline constexpr int kPictureVariants = 16;

// "as it is", "mirrored left to right", "turned by 90 degrees clockwise,
// inverted", ...
const char* VariantName(int variant);

struct PerceptualHash {
  uint64_t bits = 0;
  // False for a picture without structure (blank, nearly blank): it has no hash
  // that means anything.
  bool has_structure = false;
};

// The signs of 64 coefficients of the discrete cosine transform (type II) of
// the picture reduced to 32 x 32 grey values: those of frequencies (u, v) with
// 1 <= u + v <= 10 but (5, 5), a set that transposing maps onto itself.
//
// The sign in place of the usual comparison with the median (Zauner 2010,
// "Implementation and benchmarking of perceptual image hash functions", 3.2.1)
// makes mirroring, transposing and inverting exact operations on the bits.
//
// `margin`: share of each side that is cut off first, 0 to 0.4.
PerceptualHash HashPicture(const Image& image, double margin = 0);

// The hash of the changed picture. Exact up to coefficients that are 0.
uint64_t ChangeHash(uint64_t bits, int variant);

// All of them, in order.
std::array<uint64_t, kPictureVariants> AllVariants(uint64_t bits);

// The changed picture itself, to compare pixels.
Image ChangePicture(const Image& image, int variant);

}  // namespace plumbline
