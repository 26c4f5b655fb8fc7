// The outside of a DICOM file and its elements in front of the pixels, all as
// views of the bytes: preamble, meta header, transfer syntax, where the pixel
// data lie. DCMTK is not used for it: it takes memory for the length that an
// element declares before it sees whether the file is that long, follows nested
// sequences to any depth, and loads a dictionary of 25 ms.
//
// Source: DICOM PS3.5 (7.1, 7.5, A.4), PS3.10 (7.1).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/image/dicom/elements.h"

namespace plumbline {

struct DicomContainer {
  // A UID. Guessed from the first element where the file does not say it.
  std::string transfer_syntax;
  bool explicit_vr = true;
  bool big_endian = false;

  // Those in front of the pixel data that are kept.
  DicomNode elements;
  // All bytes behind the meta header, inflated.
  std::string_view body() const {
    return inflated ? std::string_view{*inflated} : stored;
  }

  bool has_pixels = false;
  char pixel_vr[3] = "OW";
  // Uncompressed pixel data, with the padding byte if there is one.
  std::string_view native() const {
    return body().substr(pixel_begin, pixel_size);
  }
  bool encapsulated = false;
  // The mark behind the last fragment is missing: more may be.
  bool is_end_missing = false;
  // The basic offset table, then the fragments.
  size_t fragments() const { return items.empty() ? 0 : items.size() - 1; }
  std::string_view offset_table() const { return Item(0); }
  std::string_view fragment(size_t i) const { return Item(i + 1); }
  // From the first byte behind the offset table to the fragment's item tag.
  uint64_t FragmentOffset(size_t i) const {
    return items[i + 1].begin - items[1].begin;
  }

  std::vector<std::string> notes;

  struct Span {
    size_t begin = 0;
    size_t size = 0;
  };
  std::string_view stored;  // the caller's bytes behind the meta header
  std::unique_ptr<std::string> inflated;  // those of a deflated file
  size_t pixel_begin = 0;
  size_t pixel_size = 0;
  std::vector<Span> items;

 private:
  std::string_view Item(size_t i) const {
    return body().substr(items[i].begin, items[i].size);
  }
};

// Keeps views of `bytes`. `max_pixels` bounds what a deflated file may grow to:
// 64 MiB in front of the pixel data, then 8 bytes for each allowed pixel.
//
// Throws Error(kInvalidInput): no DICOM, cut off (with the missing bytes),
// nested too deeply, damaged or overlong deflated data.
DicomContainer OpenDicomContainer(std::string_view bytes,
                                  const std::string& name, int64_t max_pixels);

// Inflates raw deflate data (RFC 1951) to at most `most` bytes; more are left
// out. Throws Error(kInvalidInput) for damaged data.
std::string InflateAtMost(std::string_view bytes, size_t most,
                          const std::string& name);

}  // namespace plumbline
