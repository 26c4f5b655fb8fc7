// A picture in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace plumbline {

// Row-major, channels interleaved, top row first. 0 is black and the largest
// value of the type (255 or 65535) is white, whatever the file held: 12-bit
// samples are spread over 16 bits by whoever reads them. Three channels are
// sRGB.
struct Image {
  int width = 0;
  int height = 0;
  int channels = 1;           // 1: grey, 3: red, green, blue
  int bytes_per_sample = 1;   // 1: uint8, 2: uint16 in the machine's order
  std::vector<uint8_t> data;  // height * width * channels * bytes_per_sample

  size_t samples() const {
    return static_cast<size_t>(width) * height * channels;
  }
  // Of its samples as numbers of the type. Only for the type it has.
  std::span<const uint8_t> samples8() const { return data; }
  std::span<const uint16_t> samples16() const;
  std::span<uint8_t> samples8() { return data; }
  std::span<uint16_t> samples16();
};

// Pixels that no reader of this program exceeds: 2^28, a little more than the
// largest whole-body or mammography film.
inline constexpr int64_t kMaxPixels = int64_t{1} << 28;

// An image of that shape, black. Throws Error(kInvalidInput) for sides below 1,
// more than kMaxPixels pixels, channels other than 1 and 3, bytes other than 1
// and 2.
Image MakeImage(int width, int height, int channels, int bytes_per_sample);

// One channel: Rec. 709 luma of sRGB samples (0.2126 R + 0.7152 G + 0.0722 B,
// rounded). Grey images are returned as they are.
Image ToGrey(const Image& image);

// 8 bits a sample: 16-bit samples divided by 257, rounded.
Image ToUint8(const Image& image);

// 16 bits a sample: 8-bit samples times 257.
Image ToUint16(const Image& image);

}  // namespace plumbline
