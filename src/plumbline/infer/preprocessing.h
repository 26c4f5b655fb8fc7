// From a picture to the numbers that a model takes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/cohort/packed/packed_cohort.h"
#include "plumbline/image/image.h"
#include "plumbline/image/resize.h"

namespace plumbline {

// Samples are brought to [0, 1] (0 is black), then to [low, high], then
// (x - mean[c]) / deviation[c] of channel c.
struct Preprocessing {
  int side = 0;      // pixels, 1 to 16384
  int channels = 1;  // 1 or 3; a grey picture is repeated, a coloured one
                     // becomes its luma
  ResizeMode resize = ResizeMode::kFit;
  // Which DICOM values become black and white (DecodeOptions::window): for
  // whoever packs images for the model.
  std::string window = "default";
  double low = 0;
  double high = 1;
  std::vector<double> mean;       // of each channel; empty: 0
  std::vector<double> deviation;  // of each channel, above 0; empty: 1

  int64_t input_size() const { return int64_t{channels} * side * side; }
};

// How the images of a packed file became squares between black and white.
struct HowPacked {
  ResizeMode resize = ResizeMode::kFit;
  std::string window;
};
HowPacked HowItWasPacked(const PackedCohort& packed);

// Throws Error(kUsage) for values out of these ranges.
void RequireValid(const Preprocessing& preprocessing);

// What of each channel one sample of `maximum` (255 or 65535) adds and weighs:
// input = sample * scale[c] + shift[c].
struct SampleMap {
  std::vector<float> scale;
  std::vector<float> shift;
};
SampleMap MapOf(const Preprocessing& preprocessing, int bytes_per_sample);

// Writes channels * side * side floats, channel by channel, row by row.
void PrepareInput(const Image& image, const Preprocessing& preprocessing,
                  float* input);

// What a fixed synthetic picture of that shape becomes.
std::vector<float> ReferenceInput(const Preprocessing& preprocessing);

// The SHA-256 of that, in little-endian floats: another implementation of the
// same preprocessing can be checked against it.
std::string ReferenceHash(const Preprocessing& preprocessing);

}  // namespace plumbline
