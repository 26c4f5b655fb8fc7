// Turning and mirroring.
#pragma once

#include "plumbline/image/image.h"

namespace plumbline {

// The picture as it should be seen, by the number that EXIF and TIFF keep:
// 1 as stored, 2 mirrored left to right, 3 turned by 180 degrees, 4 mirrored
// top to bottom, 5 transposed, 6 to be turned by 90 degrees clockwise, 7
// transposed over the other diagonal, 8 to be turned counter-clockwise. Any
// other number: as stored.
//
// Source: TIFF 6.0, tag 274; CIPA DC-008 (Exif 2.32), table 4.
Image Upright(Image image, int orientation);

}  // namespace plumbline
