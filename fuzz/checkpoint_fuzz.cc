// A checkpoint of any bytes, and a good one with some bytes changed: refused,
// or read without harm. What stands behind the checksum is given JSON directly.
#include <cstdint>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/json.h"
#include "plumbline/train/checkpoint.h"
#include "plumbline/train/progress_record.h"

namespace {

using plumbline::Error;

void TryToRead(const std::string& bytes) {
  try {
    const auto checkpoint = plumbline::train::ParseCheckpoint(bytes, "c");
    plumbline::train::RequireSameRun(checkpoint, checkpoint.run, "c");
    (void)plumbline::train::StandingFromJson(checkpoint.progress, "c");
  } catch (const Error&) {
  }
}

std::string Good() {
  plumbline::train::Checkpoint checkpoint;
  checkpoint.run = {{"--batch", "32"}};
  checkpoint.progress =
      plumbline::train::ToJson(plumbline::train::Standing{.step = 3});
  checkpoint.tensors = {{"weights", {1, 2, 3}}, {"second", {}}};
  return plumbline::train::CheckpointBytes(checkpoint);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  TryToRead(bytes);
  static const std::string good = Good();
  std::string changed = good;
  // Pairs of place and value.
  for (size_t i = 0; i + 2 < size && i < 30; i += 3) {
    changed[(data[i] * 256U + data[i + 1]) % changed.size()] =
        static_cast<char>(data[i + 2]);
  }
  TryToRead(changed);
  try {
    (void)plumbline::train::StandingFromJson(plumbline::ParseJson(bytes, "c"),
                                             "c");
  } catch (const Error&) {
  }
  return 0;
}
