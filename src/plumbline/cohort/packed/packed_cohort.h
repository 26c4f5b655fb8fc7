// A packed file, read.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "plumbline/cohort/packed/packed_format.h"
#include "plumbline/image/image.h"

namespace plumbline {

// The words of one image.
struct PackedWords {
  std::string path;    // as the table has it
  std::string reason;  // why it could not be decoded; "": it was
  std::string notes;
  std::vector<std::string> facts;  // by AllImageFacts(); "": not said
};

class PackedCohort {
 public:
  // Maps the file and checks its header and sections. The checksums of images
  // are checked when they are asked for.
  //
  // Throws Error(kInvalidInput): no packed file, cut off, of another version,
  // damaged.
  explicit PackedCohort(const std::string& path);
  ~PackedCohort();
  PackedCohort(const PackedCohort&) = delete;
  PackedCohort& operator=(const PackedCohort&) = delete;

  int64_t images() const;
  int side() const;
  int channels() const;
  int bytes_per_sample() const;

  const PackedRecord& record(int64_t image) const;
  const PackedWords& words(int64_t image) const;
  // Of the packed picture, height * width * channels * bytes. All black where
  // the image could not be decoded.
  std::span<const uint8_t> Pixels(int64_t image) const;
  // A copy. Throws Error(kInvalidInput) if the pixels do not fit their
  // checksum.
  Image ImageAt(int64_t image) const;
  // Every image, in parallel, with progress. Throws as ImageAt.
  void VerifyPixels(int threads = 0) const;

  // The index of a path of the table; -1 if there is none.
  int64_t Find(const std::string& path) const;

  const std::string& table_csv() const;
  const std::string& roles_toml() const;
  const std::string& mapping_toml() const;  // "" : none
  const std::string& about_json() const;    // how it was made

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether the file begins like a packed one; false if it cannot be read.
bool IsPackedFile(const std::string& path);

// Decompresses Zstandard data that must become `raw_size` bytes. Throws
// Error(kInvalidInput) about `file`.
std::string Decompress(std::string_view bytes, uint64_t raw_size,
                       const std::string& file);

}  // namespace plumbline
