// From the bytes of an image file to pixels.
//
// The libraries that do it (DCMTK, libjpeg-turbo, libspng, libtiff, OpenJPEG,
// Little CMS; libheif) are the parts "images" and "heic", loaded when the first
// image is decoded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plumbline/image/image.h"

namespace plumbline {

enum class ImageFormat : uint8_t {
  kUnknown,
  kDicom,
  kJpeg,
  kPng,
  kTiff,
  kHeic
};

// "DICOM", "JPEG", ...; "unknown".
const char* NameOf(ImageFormat format);

// By the first bytes, never by a file's name. DICOM without a preamble is told
// by a first element of group 2 or 8.
ImageFormat SniffFormat(std::string_view bytes);

struct DecodeOptions {
  // DICOM: which values become black and white, in modality units (Hounsfield
  // units for CT): "default" (the file's own VOI LUT or first window, else all
  // values), "minmax", "none" (all values that the bits can hold) or
  // "CENTER,WIDTH".
  std::string window = "default";
  int frame = 0;  // of a multi-frame file, from 0
  // A larger picture is refused before memory is taken for it.
  int64_t max_pixels = kMaxPixels;
  // JPEG may be decoded at 1/2, 1/4 or 1/8 of its size as long as no side
  // becomes shorter than this. 0: at full size.
  int least_side = 0;
};

// A name and a value that the file gives about how the picture was taken.
using ImageFact = std::pair<std::string, std::string>;

struct DecodedImage {
  Image image;  // upright, sRGB if it has colours
  ImageFormat format = ImageFormat::kUnknown;
  // Of the file, before scaling and turning.
  int stored_width = 0;
  int stored_height = 0;
  // "manufacturer", "model", "view", "kvp", "exposure", "spacing",
  // "photometric", "transfer_syntax", "orientation", ...: those of
  // AllImageFacts() that the file has. No name, date or number of a person.
  std::vector<ImageFact> facts;
  // What was odd about the file and what was done about it.
  std::vector<std::string> notes;
};

// The names that `facts` may hold, in the order of the columns of a packed
// file.
const std::vector<std::string>& AllImageFacts();

// Decodes a whole file, in any number of threads at once. `name` is for
// messages.
//
// Throws Error(kInvalidInput) that says what is wrong with the file,
// Error(kUsage) for an option that does not fit it (a frame it does not have),
// Error(kUnavailable) if the part is not there.
DecodedImage DecodeImage(std::string_view bytes, const std::string& name,
                         const DecodeOptions& options = {});

// The picture as a PNG file. `effort`: 0 (fast, large) to 9.
// Throws Error(kUnavailable) if the part is not there.
std::string EncodePng(const Image& image, int effort = 6);

// What the parts "images" and "heic" offer (OnDemandPart::service).
struct ImageService {
  DecodedImage (*decode)(std::string_view bytes, const std::string& name,
                         const DecodeOptions& options);
  std::string (*encode_png)(const Image& image, int effort) = nullptr;
};

}  // namespace plumbline
