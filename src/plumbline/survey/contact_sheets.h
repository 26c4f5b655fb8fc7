// A look at the images of each group.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/survey/input.h"

namespace plumbline::survey {

struct ContactSheet {
  std::string attribute, group;
  int64_t shown = 0;  // pictures on it
  int64_t of = 0;     // people of the group who have one
  Image image;        // 8 bits; pictures row by row, a line of white between
};

struct ContactSheetOptions {
  uint64_t seed = 1;
  int thumbnail = 64;  // pixels of a side
  int columns = 8;
  int most_pictures = 16;  // of one sheet
  // Bytes of pixels of all sheets together: every group gets as many rows as
  // fit, and the largest groups come first if not even one row of each does.
  int64_t most_bytes = 480'000;
};

// One picture of each of some people of each group, drawn at random by the
// seed, not chosen. Groups without a picture have no sheet.
std::vector<ContactSheet> MakeContactSheets(const SurveyInput& input,
                                            const PackedCohort& packed,
                                            const ContactSheetOptions& options);

}  // namespace plumbline::survey
