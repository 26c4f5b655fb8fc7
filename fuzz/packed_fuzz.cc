// A packed file of any bytes: refused, or read without harm. The checksums of
// the header and of the sections are put right first, so that what lies behind
// them is reached.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <string>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/cohort/packed/packed_cohort.h"

namespace {

using plumbline::FastHash;
using plumbline::PackedHeader;

std::string WithChecksums(std::string bytes) {
  if (bytes.size() < sizeof(PackedHeader)) return bytes;
  PackedHeader header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  for (auto& section : header.sections) {
    if (section.offset <= bytes.size() &&
        section.size <= bytes.size() - section.offset) {
      section.checksum = FastHash(
          std::string_view(bytes).substr(section.offset, section.size));
    }
  }
  std::memcpy(bytes.data(), &header, sizeof(header));
  header.checksum = FastHash(
      std::string_view(bytes).substr(0, offsetof(PackedHeader, checksum)));
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

void TryToRead(const std::string& path) {
  try {
    const plumbline::PackedCohort packed(path);
    for (int64_t i = 0; i < std::min<int64_t>(packed.images(), 20); ++i) {
      (void)packed.record(i);
      (void)packed.Find(packed.words(i).path);
      (void)packed.Pixels(i);
      (void)packed.ImageAt(i);
    }
  } catch (const plumbline::Error&) {
  }
}

// A file in memory, for MappedFile wants a path.
void TryBytes(const std::string& bytes) {
  const int file = memfd_create("packed", 0);
  if (file < 0) return;
  if (write(file, bytes.data(), bytes.size()) ==
      static_cast<ssize_t>(bytes.size())) {
    TryToRead("/proc/self/fd/" + std::to_string(file));
  }
  close(file);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  TryBytes(bytes);
  TryBytes(WithChecksums(bytes));
  return 0;
}
