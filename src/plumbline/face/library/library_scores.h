// The scores that a library gives to pairs of pictures.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/face/library/library_host.h"
#include "plumbline/face/library/library_images.h"

namespace plumbline::face {

struct LibraryOptions {
  HostOptions host;
  // Impostor comparisons at most; if there are more pairs, this share of them
  // is drawn at random.
  int64_t most_impostors = 10'000'000;
  // Share of comparisons that are made twice, to see whether they repeat.
  double repeated_share = 0.01;
  uint64_t seed = 1;
};

// What became of the templates of one role.
struct TemplateCounts {
  int64_t attempts = 0;
  int64_t made = 0;
  int64_t crashed = 0;
  int64_t timed_out = 0;
  std::map<int, int64_t> refused;  // by return code
};

// What happened, for the report.
struct LibraryRun {
  HostReport report{};
  LibraryFile file;
  TemplateCounts enrolment;
  TemplateCounts verification;
  // Of each row of the images: whether it has a template in this role.
  std::vector<uint8_t> enrolled;
  std::vector<uint8_t> acquired;
  int64_t smallest_template = 0;  // bytes
  int64_t largest_template = 0;
  int64_t matches = 0;         // calls that answered
  int64_t match_failures = 0;  // with a code other than success
  int64_t match_crashes = 0;   // calls that ended the process
  int64_t match_time_outs = 0;
  int64_t invalid_scores = 0;    // NaN or negative, with success
  int64_t different_scores = 0;  // distinct ones among valid
  int64_t valid_scores = 0;
  int64_t repeated = 0;
  int64_t repeated_otherwise = 0;  // gave another score
  bool sampled = false;
  int64_t impostor_pairs = 0;  // there would be
  std::string first_trouble;   // in words; "" if there was none
  std::string output;          // what the library wrote
  double seconds_of_templates = 0;
  double seconds_of_matches = 0;  // in the library's own functions
  double wall_seconds_of_matches = 0;
};

// Makes an enrolment and a verification template of every picture and compares
// each with each, but no picture with itself: reference and probe of a
// comparison are the pictures of the enrolment and the verification template.
// Failures follow columns.failures. Fills input->impostor, genuine and failed.
//
// Throws as LibraryHost; Error(kInvalidInput) for pictures that cannot be read
// and for a return code that means the library cannot run at all
// (configuration, licence, memory).
LibraryRun ScoreWithLibrary(const LibraryImages& images,
                            const LibraryOptions& options,
                            const FaceInputColumns& columns, FaceInput* input);

}  // namespace plumbline::face
