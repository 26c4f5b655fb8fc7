// The DICOM elements that this reader asks for, as they lie in the file's
// bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

struct DicomNode;

struct DicomElement {
  uint32_t tag = 0;              // group * 65536 + element
  std::string_view vr;           // two letters
  std::string_view value;        // of all but sequences
  bool big_endian = false;       // of numbers in `value`
  std::vector<DicomNode> items;  // of a sequence
};

// A data set or an item of a sequence. A tag that comes twice counts once.
struct DicomNode {
  std::vector<DicomElement> elements;

  const DicomElement* Find(uint32_t tag) const;
};

// The VR of an element that is kept; "" for all others, which are passed over.
// Of those whose VR depends on other elements (US or SS, OB or OW) it is US or
// OW.
std::string_view VrOfKeptElement(uint32_t tag);

}  // namespace plumbline
