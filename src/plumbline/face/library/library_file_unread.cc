// In the place of library_file.cc where libelf is not installed.
#include "plumbline/base/error.h"
#include "plumbline/face/library/library_file.h"

namespace plumbline::face {

LibraryFile ReadLibraryFile(std::string_view, const std::string& name,
                            const std::string&) {
  throw Error(ErrorCode::kUnavailable,
              "{}: Plumbline was built without libelf, which reads what a "
              "vendor's library says of itself; install libelf-dev and build "
              "again",
              name);
}

}  // namespace plumbline::face
