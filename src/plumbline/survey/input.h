// What a survey looks at: a cohort and, if it has images, what is known of
// them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "plumbline/cohort/cohort.h"
#include "plumbline/cohort/packed/packed_cohort.h"

namespace plumbline::survey {

// A column of the survey besides labels and attributes, in levels.
struct Factor {
  std::string name;
  const char* source = "table";  // "table", "header", "pixels"
  std::vector<std::string> levels;
  std::vector<int32_t> codes;   // of each row, -1 missing
  std::vector<double> numbers;  // numeric columns, NaN missing; else empty:
                                // `codes` are then fifths of equal counts
  bool numeric() const { return !numbers.empty(); }
};

// Two images, of rows of the cohort, that are one picture.
struct PicturePair {
  int64_t first = 0, second = 0;  // images of the packed file
  bool exact = false;
  int variant = 0;
  int cropped = 0;
  double correlation = 1;
};

struct SurveyInput {
  const Cohort* cohort = nullptr;
  // Covariates, site, device and time of the table; facts of headers; measures
  // of pixels.
  std::vector<Factor> factors;
  // Image of each row in the packed file, -1 none; empty: there are no images.
  std::vector<int64_t> image_of_row;
  int64_t images = 0;
  int64_t failed_images = 0;
  std::vector<std::string> paths;  // of each image
  std::vector<PicturePair> pairs;  // exact ones first
  int64_t candidates = 0;  // pairs with near hashes before pixels were compared
  // One row of each subject, chosen by the seed.
  std::vector<int64_t> sample;
  // All rows, those of one subject together.
  std::vector<int64_t> by_subject;
};

struct InputOptions {
  uint64_t seed = 1;
  int threads = 0;
  int distance = 6;  // bits between hashes of near-duplicates
};

// `packed` may be null. Shows progress.
SurveyInput MakeSurveyInput(const Cohort& cohort, const PackedCohort* packed,
                            const InputOptions& options);

}  // namespace plumbline::survey
