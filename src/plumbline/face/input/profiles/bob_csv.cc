// The CSV files of bob.bio.base, as its pipelines write them.
#include "plumbline/face/input/profiles/paired_columns.h"
#include "plumbline/face/input/profiles/profile.h"

namespace plumbline::face {

Profile BobCsvProfile() {
  return {.name = "bob-csv",
          .what = "scores-*.csv of bob.bio",
          .wants =
              "bio_ref_subject_id,probe_subject_id,score and "
              "bio_ref_<attribute>,probe_<attribute> or a subject table",
          .roles = [](const FaceInputColumns& columns,
                      const std::vector<std::string>& header,
                      const std::string& file) {
            return PairedRoles({"bio_ref_", "probe_", "subject_id"}, columns,
                               header, file);
          }};
}

}  // namespace plumbline::face
