// What people type, threshold rules and bins, and JSON documents. Any text is
// understood or refused with an Error.
#include <cstdlib>
#include <string>

#include "plumbline/audit/threshold.h"
#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
#include "plumbline/table/bins.h"

namespace {

// Calls `parse`; anything but an Error of this code ends the program.
template <typename Parse>
void Try(plumbline::ErrorCode expected, Parse parse) {
  try {
    parse();
  } catch (const plumbline::Error& error) {
    if (error.code() != expected) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  using plumbline::ErrorCode;
  Try(ErrorCode::kUsage, [&] { plumbline::ParseThresholdRule(text); });
  Try(ErrorCode::kUsage, [&] { plumbline::ParseBinRule(text); });
  Try(ErrorCode::kInvalidInput, [&] {
    const plumbline::Json value = plumbline::ParseJson(text, "input");
    const std::string written = plumbline::WriteJson(value);
    if (plumbline::ParseJson(written, "copy") != value) std::abort();
  });
  return 0;
}
