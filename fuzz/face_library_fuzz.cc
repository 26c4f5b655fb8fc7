// Any bytes are a library with NIST's interface or an Error(kInvalidInput),
// read without loading it; and a picture, or the same error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/face/library/library_file.h"
#include "plumbline/face/library/pnm.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbline::Error;
  using plumbline::ErrorCode;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try {
    plumbline::face::ReadLibraryFile(bytes, "fuzz.so", "");
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidInput) std::abort();
  }
  try {
    const auto picture = plumbline::face::ReadPnm(bytes, "fuzz.pgm");
    const auto wanted = static_cast<size_t>(picture.width) *
                        static_cast<size_t>(picture.height) *
                        static_cast<size_t>(picture.channels);
    if (picture.pixels.size() != wanted) std::abort();
    if (picture.pixels.data() + wanted > bytes.data() + size) std::abort();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kInvalidInput) std::abort();
  }
  return 0;
}
