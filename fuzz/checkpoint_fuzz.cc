// A checkpoint of any bytes: refused, or read without harm. The checksum is not
// put right: a file without the right one ends there, so the JSON of the head
// is also given to what reads it directly.
#include <cstdint>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
#include "plumbline/train/checkpoint.h"
#include "plumbline/train/progress_record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace plumbline;  // NOLINT(google-build-using-namespace)
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  try {
    const train::Checkpoint checkpoint = train::ParseCheckpoint(bytes, "c");
    train::RequireSameRun(checkpoint, checkpoint.run, "c");
  } catch (const Error&) {
  }
  try {
    (void)train::StandingFromJson(ParseJson(bytes, "c"), "c");
  } catch (const Error&) {
  }
  return 0;
}
