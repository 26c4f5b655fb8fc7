#include "plumbline/image/dicom/lookup_table.h"

#include "plumbline/base/error.h"

namespace plumbline {

std::optional<LookupTable> ReadLookupTable(const DicomItem& item,
                                           const DcmTagKey& descriptor,
                                           const DcmTagKey& data,
                                           bool is_input_signed,
                                           const std::string& name) {
  const auto count = item.Integer(descriptor, 0);
  const auto first = item.Integer(descriptor, 1);
  const auto bits = item.Integer(descriptor, 2);
  if (!count || !first || !bits) return std::nullopt;
  LookupTable table;
  // 0 stands for 2^16, which 16 bits cannot say; a signed VR makes large counts
  // negative.
  const size_t entries =
      *count % 65536 == 0 ? 65536 : static_cast<size_t>(*count & 0xffff);
  table.first =
      is_input_signed ? static_cast<int16_t>(*first & 0xffff) : *first & 0xffff;
  table.bits = static_cast<int>(*bits);
  std::vector<uint16_t> words = item.Words(data);
  if (words.size() < entries && words.size() * 2 >= entries) {
    // Two entries of 8 bits in a word, the first in the low byte.
    std::vector<uint16_t> bytes;
    bytes.reserve(words.size() * 2);
    for (const uint16_t word : words) {
      bytes.push_back(word & 0xff);
      bytes.push_back(word >> 8);
    }
    words = std::move(bytes);
    table.bits = 8;
  }
  if (words.size() < entries || table.bits < 1 || table.bits > 16) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "declares a lookup table of {} entries of {} bits and holds "
                "{} entries; export the file again",
                entries, table.bits, words.size());
  }
  words.resize(entries);
  table.entries = std::move(words);
  return table;
}

}  // namespace plumbline
