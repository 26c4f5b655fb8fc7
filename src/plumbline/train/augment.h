// What happens to an image while it is trained on.
#pragma once

#include <cstdint>
#include <span>

#include "plumbline/base/random.h"
#include "plumbline/infer/preprocessing.h"
#include "plumbline/train/options.h"

namespace plumbline::train {

// Whether any range of it is above 0.
bool DoesSomething(const Augmentation& augmentation);

// Throws Error(kUsage) for a range out of its bounds (options.h), by name.
void RequireValid(const Augmentation& augmentation);

// The draws for one image, from the ranges of `augmentation`, uniform.
struct AugmentDraw {
  bool flip = false;
  double radians = 0;
  double scale = 1;
  double shift_x = 0, shift_y = 0;  // of the side
  double brightness = 0;
  double contrast = 1;
  bool erase = false;
  // Of the box, of the side, its corner and sides.
  double box_x = 0, box_y = 0, box_width = 0, box_height = 0;
};
// Takes the same number of draws whatever the ranges are.
AugmentDraw DrawAugmentation(const Augmentation& augmentation,
                             RandomStream* random);

// Applies, in this order, to an image of preprocessing.side: turned, sized and
// shifted about its centre (bilinear; black outside), mirrored, contrast around
// its mean and brightness, noise, box, cut to [0, 1]; then brought to the
// model's numbers as PrepareInput does. Without any of it the result is
// PrepareInput's to the bit.
//
// `image` has the channels of `preprocessing`, or one where that has three.
void AugmentInto(const Image& image, const Augmentation& augmentation,
                 const AugmentDraw& draw, const Preprocessing& preprocessing,
                 RandomStream* random, float* input);

}  // namespace plumbline::train
