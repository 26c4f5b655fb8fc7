// Calls of a library's methods, for each version of the interface that has the
// structs of this host.
#pragma once

#include <memory>

#include "plumbline/face/library/host/vendor_library.h"

namespace plumbline::face {

std::unique_ptr<VendorLibrary> MakeVendorCalls(std::shared_ptr<void> object,
                                               FrvtInterface interface);

}  // namespace plumbline::face
