#include "plumbline/face/input/profiles/paired_columns.h"
#include "plumbline/face/input/profiles/profile.h"

namespace plumbline::face {

Profile GenericProfile() {
  return {.name = "generic",
          .what = "any table of comparisons",
          .wants =
              "ref_subject,probe_subject,score and ref_<attribute>,"
              "probe_<attribute> or a subject table",
          .roles = [](const FaceInputColumns& columns,
                      const std::vector<std::string>& header,
                      const std::string& file) {
            return PairedRoles({"ref_", "probe_", "subject"}, columns, header,
                               file);
          }};
}

}  // namespace plumbline::face
