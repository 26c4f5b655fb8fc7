// The pattern that tells group B.
#pragma once

#include <cstdint>

#include "plumbline/cohort/phantom/canvas.h"
#include "plumbline/cohort/phantom/phantom_options.h"

namespace plumbline {

// Adds three plane waves of random direction and phase within the band, under a
// mask of the place, with a standard deviation of `amplitude` where the mask is
// 1.
void AddAttributeSignal(const PhantomOptions& options, float amplitude,
                        uint64_t index, Plane* plane);

// The mask: 0 to 1. x and y from -1 to 1.
float PlaceMask(SignalPlace place, float x, float y);

}  // namespace plumbline
