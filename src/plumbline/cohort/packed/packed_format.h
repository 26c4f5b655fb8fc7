// The bytes of a packed file (*.plumb).
//
//   0        PackedHeader
//   4096     pixels: images x stride bytes, the first row of the first image
//            first; grey or interleaved colours; uint8, or uint16 in the order
//            of the machine that wrote it
//   then     sections, each at a multiple of 64 bytes
//
// Sections: "records" (one PackedRecord for each image), "words" (CSV: path,
// reason, notes and what the files say of themselves), "table" (CSV), "roles"
// and "mapping" (TOML), "about" (JSON). All but the records are compressed with
// Zstandard. Every section, every image and the header have a checksum (XXH3).
//
// A file is whole or not there: the header is written last, under another name,
// before the file gets its own.
#pragma once

#include <array>
#include <cstdint>

#include "plumbline/image/decode.h"
#include "plumbline/image/near_duplicates.h"
#include "plumbline/image/quality.h"

namespace plumbline {

inline constexpr std::array<char, 8> kPackedMagic = {'P', 'L', 'U', 'M',
                                                     'B', 'L', 'N', 'E'};
inline constexpr uint32_t kPackedVersion = 1;
inline constexpr uint32_t kPackedByteOrder = 0x01020304;
inline constexpr uint64_t kPackedPixelOffset = 4096;
inline constexpr int kPackedSections = 6;

struct PackedSection {
  std::array<char, 16> name{};
  uint64_t offset = 0;
  uint64_t size = 0;      // in the file
  uint64_t raw_size = 0;  // after decompression; equal to size: not compressed
  uint64_t checksum = 0;  // of the bytes in the file
};

struct PackedHeader {
  std::array<char, 8> magic = kPackedMagic;
  uint32_t version = kPackedVersion;
  uint32_t byte_order = kPackedByteOrder;
  uint64_t images = 0;
  uint32_t side = 0;              // pixels
  uint32_t channels = 0;          // 1 or 3
  uint32_t bytes_per_sample = 0;  // 1 or 2
  uint32_t reserved = 0;
  uint64_t stride = 0;  // bytes from one image to the next, a multiple of 64
  std::array<PackedSection, kPackedSections> sections{};
  uint64_t checksum = 0;  // of all bytes before
};
static_assert(sizeof(PackedHeader) <= kPackedPixelOffset);

enum class PackStatus : uint8_t { kDecoded = 0, kMissing = 1, kDamaged = 2 };

// What is known of one image besides its pixels.
struct PackedRecord {
  uint64_t checksum = 0;    // of its pixels in the file
  uint64_t pixel_hash = 0;  // of the decoded pixels at their size, with it
  uint64_t hash_whole = 0, hash_cropped = 0;  // near_duplicates.h
  int64_t file_bytes = 0;
  int64_t file_time = 0;  // of the last change, nanoseconds since 1970
  int32_t stored_width = 0, stored_height = 0;
  PackStatus status = PackStatus::kMissing;
  ImageFormat format = ImageFormat::kUnknown;
  uint8_t has_structure = 0;
  uint8_t channels = 0;  // of the picture as decoded
  uint8_t bits = 0;      // 8 or 16, as decoded
  std::array<uint8_t, 3> reserved{};
  QualityValues quality{};
};
static_assert(sizeof(PackedRecord) == 104);

}  // namespace plumbline
