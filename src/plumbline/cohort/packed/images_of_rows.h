// Which images of a packed file the rows of a cohort have.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/cohort/cohort.h"
#include "plumbline/cohort/packed/packed_cohort.h"

namespace plumbline {

// The place in the file of each row's image, whether it can be used or not; -1:
// the row names none, or one that is not there. Empty if the cohort has none.
std::vector<int64_t> ImagesOfRows(const Cohort& cohort,
                                  const PackedCohort& packed);

// Why the image at that place cannot be used (-1: it is not there); "": it can.
std::string WhyUnusable(const PackedCohort& packed, int64_t image);

}  // namespace plumbline
