// Decodes the images of a cohort once, into one file that everything later
// reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/cohort/packed/packed_cohort.h"
#include "plumbline/image/decode.h"
#include "plumbline/image/resize.h"

namespace plumbline {

struct PackOptions {
  int side = 256;    // pixels, 16 to 4096
  int depth = 8;     // bits of a sample: 8 or 16
  int channels = 0;  // 1 or 3; 0: 3 if the first image that can be decoded has
                     // colours
  ResizeMode resize = ResizeMode::kFit;
  std::string window = "default";  // DecodeOptions::window
  int threads = 0;
};

// What is packed.
struct PackInput {
  std::string folder;              // images lie below it, and nowhere else
  std::vector<std::string> paths;  // distinct, relative to the folder
  std::string table_csv;
  std::string roles_toml;
  std::string mapping_toml;
};

struct FailedImage {
  std::string path;
  std::string reason;
};

struct PackResult {
  int64_t images = 0;
  int64_t resumed = 0;  // of them, decoded by an earlier call
  int side = 0, channels = 0, depth = 0;
  int64_t bytes = 0;  // of the file
  std::vector<FailedImage> failed;
  int64_t with_notes = 0;
  std::string first_note;
};

// Writes OUTPUT. While it works there are OUTPUT.part and OUTPUT.journal; a
// call that was stopped, in whatever way, is taken up where it stopped when
// the same cohort is packed in the same way to the same place again, and images
// whose files have changed since are decoded anew.
//
// An image that is missing or damaged does not stop the work: its pixels are
// black, its record says so and PackResult::failed has the reason.
//
// Throws Error(kInvalidInput) for a path that leaves the folder, Error(kUsage)
// if the file cannot be written or somebody else is packing it,
// Error(kOutOfResources) for a full disk (before the work where the file system
// can say so), Error(kInterrupted).
PackResult PackImages(const PackInput& input, const PackOptions& options,
                      const std::string& output);

// A hash of everything that the packed file depends on; with `with_files` also
// of the sizes and times of the image files.
std::string PackFingerprint(const PackInput& input, const PackOptions& options,
                            bool with_files);

// The file below the folder. Throws Error(kInvalidInput) for a path that is
// absolute or leaves the folder, links followed.
std::string ResolveImagePath(const std::string& folder,
                             const std::string& path);

}  // namespace plumbline
