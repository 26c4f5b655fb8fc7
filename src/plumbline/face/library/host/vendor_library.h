// A vendor's library in this process: loaded, checked, called.
#pragma once

#include <memory>

#include "plumbline/face/library/protocol.h"

namespace plumbline::face {

class VendorLibrary {
 public:
  virtual ~VendorLibrary() = default;

  // The return code.
  virtual int Initialize(const char* config) = 0;
  // Reads and writes the area.
  virtual void MakeTemplate(char* area, int64_t area_bytes) = 0;
  virtual void Match(char* area, int32_t first) = 0;
};

// Runs the library's own code. Fills versions, verified slots, and `text` if it
// is refused; null then.
std::unique_ptr<VendorLibrary> LoadVendorLibrary(const char* path,
                                                 FrvtInterface interface,
                                                 HostReport* report);

}  // namespace plumbline::face
