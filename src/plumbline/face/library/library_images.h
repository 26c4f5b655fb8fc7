// The pictures that a library is given, and whose they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plumbline/face/input/image_subjects.h"

namespace plumbline::face {

// How a picture was taken, in NIST's words.
enum class PictureKind { kUnknown, kIso, kMugshot, kPhotojournalism, kWild };

// "MUGSHOT", in any case. Throws Error(kInvalidInput) for other words.
PictureKind ParsePictureKind(std::string_view text);

struct LibraryImages {
  ImageSubjects images;           // one row each
  std::vector<std::string> path;  // of each row
  std::vector<PictureKind> kind;
};

// A table with one row for each picture: `subject,path` and attributes, and
// `description` if it is there. `path_column`: "" for `path`. Relative paths
// are those of the table's folder and may not leave it. Throws as
// ReadImageSubjects.
LibraryImages ReadLibraryImages(const std::vector<std::string>& inputs,
                                const FaceInputColumns& columns,
                                const std::string& path_column);

}  // namespace plumbline::face
