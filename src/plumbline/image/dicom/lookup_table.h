// Lookup tables of DICOM: modality, VOI and palette. Internal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/image/dicom/dicom_file.h"

namespace plumbline {

struct LookupTable {
  int64_t first = 0;  // the value that the first entry is for
  int bits = 16;      // of an entry
  std::vector<uint16_t> entries;

  // Values below the first and above the last entry take those (PS3.3,
  // C.11.1.1).
  uint16_t At(int64_t value) const {
    const auto last = static_cast<int64_t>(entries.size()) - 1;
    return entries[static_cast<size_t>(
        std::clamp<int64_t>(value - first, 0, last))];
  }
};

// Nothing if the item has no descriptor. Throws Error(kInvalidInput) for a
// table whose data are missing or too few.
std::optional<LookupTable> ReadLookupTable(const DicomItem& item,
                                           const DcmTagKey& descriptor,
                                           const DcmTagKey& data,
                                           bool is_input_signed,
                                           const std::string& name);

}  // namespace plumbline
