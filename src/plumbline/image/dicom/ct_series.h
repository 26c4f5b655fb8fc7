// CT slices put in order: from the files of a study to volumes in Hounsfield
// units.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/image/decode.h"

namespace plumbline {

struct NamedBytes {
  std::string name;  // for messages
  std::string_view bytes;
};

struct CtSlice {
  size_t file = 0;  // index of the input
  int frame = 0;
  double position = 0.0;  // along the slices' normal, mm
};

// Slices of one series that have one orientation, size and pixel spacing.
struct CtSeries {
  // SeriesInstanceUID. For joining only: it can be traced to a person.
  std::string uid;
  int width = 0;
  int height = 0;
  // The direction of a row and of a column in the patient, unit vectors
  // (ImageOrientationPatient). The normal is their cross product.
  std::array<double, 6> orientation{};
  double row_spacing = 0.0;     // between rows, mm; 0: not given
  double column_spacing = 0.0;  // between columns, mm; 0: not given
  // The median distance of neighbours, mm; 0 for a single slice.
  double slice_spacing = 0.0;
  // No distance of neighbours is off by more than 1 % or 0.01 mm.
  bool is_regular = true;
  std::vector<CtSlice> slices;  // by position, ascending
  // Gaps, tilted gantry, ...
  std::vector<std::string> notes;
};

struct CtLeftOut {
  size_t file = 0;
  int frame = 0;
  std::string reason;
};

struct CtStudy {
  std::vector<CtSeries> series;  // by the first file of each
  // What belongs to no series: no CT, no position, unreadable, or within a
  // series of another size or orientation than most, or at a position that is
  // taken.
  std::vector<CtLeftOut> left_out;
};

// Reads headers only.
CtStudy GroupCtSlices(std::span<const NamedBytes> files);

struct CtVolume {
  int width = 0;
  int height = 0;
  int depth = 0;
  // Hounsfield units, depth * height * width.
  std::vector<float> values;
  std::vector<std::string> notes;

  std::span<const float> Slice(int z) const {
    const size_t size = static_cast<size_t>(width) * height;
    return std::span(values).subspan(static_cast<size_t>(z) * size, size);
  }
};

// Decodes a series. All voxels together may be options.max_pixels; its window
// and frame are not used. Throws as ReadModalityValues does.
CtVolume ReadCtVolume(const CtSeries& series, std::span<const NamedBytes> files,
                      const DecodeOptions& options = {});

// A slice as a picture of 16 bits: `center` - `width` / 2 is black and `center`
// + `width` / 2 white, in Hounsfield units (PS3.3, C.11.2.1.3.2, LINEAR_EXACT).
// Usual windows: lung -600,1500; mediastinum 40,400; bone 400,1800.
// Throws Error(kUsage) for a width that is not above 0 or no such slice.
Image CtSliceImage(const CtVolume& volume, int z, double center, double width);

}  // namespace plumbline
