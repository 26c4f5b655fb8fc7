// What a shared library says of itself before any of its code runs: read from
// its tables, not by loading it.
#pragma once

#include <string>
#include <string_view>

#include "plumbline/face/library/protocol.h"

namespace plumbline::face {

struct LibraryFile {
  FrvtInterface interface = FrvtInterface::kVersion5;
  // std::string as g++ 5 and later have it; false: as before (CentOS 7).
  bool new_strings = true;
  int api_major = -1;  // -1: has no such symbol
  int api_minor = -1;
  int structs_major = -1;
  int structs_minor = -1;
};

// "4", "5" or "face-iris"; "": by the library's version symbols. Throws
// Error(kUsage) for other words.
FrvtInterface ParseFrvtInterface(const std::string& text);
const char* NameOf(FrvtInterface interface);

// Throws Error(kInvalidInput) for bytes that are no 64-bit ELF shared library
// of this machine, one without NIST's 1:1 factory, NIST's one-to-many interface
// (never loaded: it enrols and searches), or one without version symbols where
// `chosen` is "".
LibraryFile ReadLibraryFile(std::string_view bytes, const std::string& name,
                            const std::string& chosen);

}  // namespace plumbline::face
