#include "plumbline/image/image.h"

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

template <typename T>
void GreyOf(std::span<const T> colour, std::span<T> grey) {
  for (size_t i = 0; i < grey.size(); ++i) {
    const T* p = &colour[3 * i];
    // Weights in 1/65536 that add up to one, so that grey stays grey.
    grey[i] = static_cast<T>(
        (13933u * p[0] + 46871u * p[1] + 4732u * p[2] + 32768u) >> 16);
  }
}

}  // namespace

std::span<const uint16_t> Image::samples16() const {
  return {reinterpret_cast<const uint16_t*>(data.data()), samples()};
}

std::span<uint16_t> Image::samples16() {
  return {reinterpret_cast<uint16_t*>(data.data()), samples()};
}

Image MakeImage(int width, int height, int channels, int bytes_per_sample) {
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::kInvalidInput,
                "an image of {} x {} pixels has no pixels", width, height);
  }
  if (static_cast<int64_t>(width) * height > kMaxPixels) {
    throw Error(ErrorCode::kInvalidInput,
                "an image of {} x {} pixels is larger than the limit of {} "
                "pixels",
                width, height, kMaxPixels);
  }
  if ((channels != 1 && channels != 3) ||
      (bytes_per_sample != 1 && bytes_per_sample != 2)) {
    throw Error(ErrorCode::kInternal,
                "an image of {} channels with {} bytes a sample", channels,
                bytes_per_sample);
  }
  Image image{width, height, channels, bytes_per_sample, {}};
  image.data.resize(image.samples() * bytes_per_sample);
  return image;
}

Image ToGrey(const Image& image) {
  if (image.channels == 1) return image;
  Image grey = MakeImage(image.width, image.height, 1, image.bytes_per_sample);
  if (image.bytes_per_sample == 1) {
    GreyOf(image.samples8(), grey.samples8());
  } else {
    GreyOf(image.samples16(), grey.samples16());
  }
  return grey;
}

Image ToUint8(const Image& image) {
  if (image.bytes_per_sample == 1) return image;
  Image narrow = MakeImage(image.width, image.height, image.channels, 1);
  const auto from = image.samples16();
  for (size_t i = 0; i < from.size(); ++i) {
    narrow.data[i] = static_cast<uint8_t>((from[i] + 128u) / 257u);
  }
  return narrow;
}

Image ToUint16(const Image& image) {
  if (image.bytes_per_sample == 2) return image;
  Image wide = MakeImage(image.width, image.height, image.channels, 2);
  const auto to = wide.samples16();
  for (size_t i = 0; i < to.size(); ++i) {
    to[i] = static_cast<uint16_t>(image.data[i] * 257u);
  }
  return wide;
}

}  // namespace plumbline
