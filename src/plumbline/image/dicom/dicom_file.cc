#include "plumbline/image/dicom/dicom_file.h"

#include <dcmtk/dcmdata/dctag.h>

#include <bit>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

bool IsText(std::string_view vr) {
  return vr == "DS" || vr == "IS" || vr == "CS" || vr == "LO" || vr == "SH" ||
         vr == "AS" || vr == "DA" || vr == "UI" || vr == "ST" || vr == "LT" ||
         vr == "UC" || vr == "UT" || vr == "DT" || vr == "TM";
}

// Of a number; 0 for other VRs.
size_t NumberSize(std::string_view vr) {
  if (vr == "US" || vr == "SS" || vr == "OW") return 2;
  if (vr == "UL" || vr == "SL" || vr == "FL") return 4;
  return vr == "FD" || vr == "UV" || vr == "SV" ? 8 : 0;
}

// The bits of number `index`, or nothing if the value is shorter.
std::optional<uint64_t> Bits(const DicomElement& element, size_t index) {
  const size_t size = NumberSize(element.vr);
  if (size == 0 || (index + 1) * size > element.value.size()) {
    return std::nullopt;
  }
  uint64_t bits = 0;
  for (size_t i = 0; i < size; ++i) {
    const size_t from = element.big_endian ? i : size - 1 - i;
    bits = bits << 8 | static_cast<uint8_t>(element.value[index * size + from]);
  }
  return bits;
}

std::optional<double> BinaryNumber(const DicomElement& element, size_t index) {
  const auto bits = Bits(element, index);
  if (!bits) return std::nullopt;
  const std::string_view vr = element.vr;
  if (vr == "FL") return std::bit_cast<float>(static_cast<uint32_t>(*bits));
  if (vr == "FD") return std::bit_cast<double>(*bits);
  if (vr == "SS") return static_cast<int16_t>(*bits);
  if (vr == "SL") return static_cast<int32_t>(*bits);
  if (vr == "SV") return static_cast<double>(static_cast<int64_t>(*bits));
  return static_cast<double>(*bits);
}

std::string Trimmed(std::string_view text) {
  const size_t end = text.find('\0');
  return std::string(Trim(text.substr(0, end)));
}

// Text `index` of those that backslashes divide; "" if there are fewer.
std::string Part(std::string_view text, size_t index) {
  for (; index > 0; --index) {
    const size_t at = text.find('\\');
    if (at == std::string_view::npos) return "";
    text.remove_prefix(at + 1);
  }
  return Trimmed(text.substr(0, text.find('\\')));
}

std::optional<double> TextNumber(std::string word) {
  if (word.starts_with('+')) word.erase(0, 1);
  double value = 0;
  if (!ParseNumber(word, &value)) return std::nullopt;
  return value;
}

}  // namespace

const DicomElement* DicomItem::Find(const DcmTagKey& tag) const {
  if (node_ == nullptr) return nullptr;
  return node_->Find(static_cast<uint32_t>(tag.getGroup()) << 16 |
                     tag.getElement());
}

bool DicomItem::Has(const DcmTagKey& tag) const {
  const DicomElement* element = Find(tag);
  return element != nullptr &&
         (!element->value.empty() || !element->items.empty());
}

std::optional<int64_t> DicomItem::Integer(const DcmTagKey& tag,
                                          int index) const {
  const DicomElement* element = Find(tag);
  if (element == nullptr) return std::nullopt;
  const auto at = static_cast<size_t>(index);
  const auto value = IsText(element->vr) ? TextNumber(Part(element->value, at))
                                         : BinaryNumber(*element, at);
  if (!value || std::floor(*value) != *value || std::abs(*value) > 1e15) {
    return std::nullopt;
  }
  return static_cast<int64_t>(*value);
}

std::optional<double> DicomItem::Number(const DcmTagKey& tag,
                                        const std::string& name,
                                        int index) const {
  const DicomElement* element = Find(tag);
  if (element == nullptr) return std::nullopt;
  const auto at = static_cast<size_t>(index);
  const bool is_text = IsText(element->vr);
  const std::string word = is_text ? Part(element->value, at) : "";
  if (is_text && word.empty()) return std::nullopt;
  const auto value = is_text ? TextNumber(word) : BinaryNumber(*element, at);
  if (!value && !is_text) return std::nullopt;
  if (!value || !std::isfinite(*value)) {
    DcmTag named(tag);
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "its element \"{}\" {} is no finite number ({}); correct the "
                "file's header",
                named.getTagName(), tag.toString().c_str(), word);
  }
  return value;
}

std::string DicomItem::Text(const DcmTagKey& tag, bool whole) const {
  const DicomElement* element = Find(tag);
  if (element == nullptr) return "";
  if (IsText(element->vr)) {
    return whole ? Trimmed(element->value) : Part(element->value, 0);
  }
  const auto number = BinaryNumber(*element, 0);
  return number ? fmt::format("{}", *number) : "";
}

int DicomItem::Count(const DcmTagKey& tag) const {
  const DicomElement* element = Find(tag);
  if (element == nullptr) return 0;
  if (!element->items.empty()) return static_cast<int>(element->items.size());
  if (element->value.empty()) return 0;
  const size_t size = NumberSize(element->vr);
  if (size > 0) return static_cast<int>(element->value.size() / size);
  int count = 1;
  for (const char c : element->value) count += c == '\\';
  return count;
}

std::vector<uint16_t> DicomItem::Words(const DcmTagKey& tag) const {
  const DicomElement* element = Find(tag);
  if (element == nullptr) return {};
  DicomElement words = *element;
  // Bytes are in their order whatever the file's.
  words.big_endian = words.big_endian && words.vr != "OB";
  words.vr = "OW";
  std::vector<uint16_t> out(words.value.size() / 2);
  for (size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<uint16_t>(Bits(words, i).value_or(0));
  }
  return out;
}

std::string_view DicomItem::Bytes(const DcmTagKey& tag) const {
  const DicomElement* element = Find(tag);
  return element == nullptr ? std::string_view{} : element->value;
}

DicomItem DicomItem::Item(const DcmTagKey& sequence, int index) const {
  const DicomElement* element = Find(sequence);
  if (element == nullptr || index < 0 ||
      static_cast<size_t>(index) >= element->items.size()) {
    return {};
  }
  return DicomItem(&element->items[static_cast<size_t>(index)]);
}

DicomFile::DicomFile(std::string_view bytes, const std::string& name,
                     int64_t max_pixels)
    : name_(name), container_(OpenDicomContainer(bytes, name, max_pixels)) {}

DicomItem DicomFile::Group(const DcmTagKey& sequence, int frame) const {
  const DicomItem own =
      root().Item(DCM_PerFrameFunctionalGroupsSequence, frame).Item(sequence);
  if (own) return own;
  const DicomItem shared =
      root().Item(DCM_SharedFunctionalGroupsSequence).Item(sequence);
  return shared ? shared : root();
}

}  // namespace plumbline
