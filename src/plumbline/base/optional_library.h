// Somebody else's library that is looked for when it is needed, so that
// Plumbline builds and starts without it.
#pragma once

#include <memory>
#include <string>

namespace plumbline {

// Which library, and what is said when it is not there.
struct OptionalLibrary {
  const char* file;      // "libduckdb.so"
  const char* variable;  // "PLUMBLINE_DUCKDB"
  const char* need;      // "Parquet needs DuckDB's library"
  std::string advice;    // "run `scripts/setup.sh parquet` ..."
};

struct LibraryCloser {
  void operator()(void* library) const;
};

struct OpenedLibrary {
  // Release it to keep the library for good.
  std::unique_ptr<void, LibraryCloser> handle;
  std::string path;  // where it was found, for messages
};

// Looks for it as
//   1. the file that the environment's `variable` names, and nowhere else if
//      that is set;
//   2. `file` of the system;
//   3. `file` among the parts (FolderOfParts());
//   4. plumbline/`file` in the user's data folder (XDG_DATA_HOME, else
//      ~/.local/share), where scripts/setup.sh puts it.
//
// Throws Error(kUnavailable) that names the places and gives the advice.
OpenedLibrary OpenOptionalLibrary(const OptionalLibrary& library);

// The address of a function. Throws Error(kUnavailable): `path` "is not
// <whose> that Plumbline can use (it has no <name>)", and the advice.
void* FindInLibrary(const OpenedLibrary& opened, const char* name,
                    const char* whose, const OptionalLibrary& library);

}  // namespace plumbline
