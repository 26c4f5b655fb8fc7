#include "plumbline/cohort/packed/images_of_rows.h"

namespace plumbline {

std::vector<int64_t> ImagesOfRows(const Cohort& cohort,
                                  const PackedCohort& packed) {
  std::vector<int64_t> of_path;
  for (const std::string& path : cohort.image.levels) {
    of_path.push_back(packed.Find(path));
  }
  std::vector<int64_t> of_rows;
  for (const int32_t code : cohort.image.codes) {
    of_rows.push_back(code < 0 ? -1 : of_path[code]);
  }
  return of_rows;
}

std::string WhyUnusable(const PackedCohort& packed, int64_t image) {
  if (image < 0) return "is not in the packed file";
  return packed.record(image).status == PackStatus::kDecoded
             ? ""
             : packed.words(image).reason;
}

}  // namespace plumbline
