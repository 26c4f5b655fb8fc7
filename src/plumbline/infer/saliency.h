// What a model looked at, over the picture.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "plumbline/image/image.h"
#include "plumbline/infer/predict.h"

namespace plumbline {

// The picture in grey under a map of side x side numbers from 0 to 1, from
// nothing over red to yellow: of three channels and 8 bits, with `side` pixels.
Image OverlayOf(const Image& picture, std::span<const float> map, int side);

// The rows of the images with the highest scores of one output, one row of
// each image, the highest first; at most `most`. Of equal scores the earlier
// row.
std::vector<int64_t> HighestRows(const Predictions& predictions, int64_t output,
                                 int64_t most);

// The overlay of one image of the packed file, small ones enlarged by a whole
// number to 256 pixels or more. Only if scorer->can_explain().
Image Explain(Scorer* scorer, const PackedCohort& packed, int64_t image,
              int64_t output);

}  // namespace plumbline
