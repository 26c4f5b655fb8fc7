// What can be measured on the pixels of a picture without knowing what is on
// it.
#pragma once

#include <array>
#include <span>

#include "plumbline/image/image.h"

namespace plumbline {

inline constexpr int kQualityMeasures = 10;

struct QualityMeasure {
  const char* name;   // of a column: "sharpness"
  const char* label;  // for a reader
  const char* text;   // what it is, in one sentence
};

// In the order of the values. Grey values run from 0 (black) to 1 (white);
// colours are taken as grey (Rec. 709).
//
//   brightness   mean
//   contrast     standard deviation
//   black_share  share of pixels at or below 1/255
//   white_share  share of pixels at or above 254/255
//   entropy      of the histogram of 64 classes, in bits, 0 to 6
//   sharpness    root mean square of the Laplacian (4 neighbours) over contrast
//   noise        standard deviation of the noise (Immerkaer 1996, "Fast noise
//                variance estimation", eq. 4, with the median in place of the
//                mean so that edges count less)
//   snr          brightness over noise, at most 10,000
//   field        share of the picture within the smallest upright rectangle
//                outside of which all rows and columns are black (no pixel
//                above 0.04)
//   border       mean of the outer 5 % over the mean of the middle third; above
//                1 on films whose air is white: they may be inverted
std::span<const QualityMeasure, kQualityMeasures> AllQualityMeasures();

// NaN where a measure has no meaning: sharpness of a picture without contrast,
// pictures under 8 x 8 pixels (all but the first five).
using QualityValues = std::array<float, kQualityMeasures>;
QualityValues MeasureQuality(const Image& image);

}  // namespace plumbline
