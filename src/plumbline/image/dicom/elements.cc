#include "plumbline/image/dicom/elements.h"

#include <algorithm>
#include <array>

namespace plumbline {
namespace {

struct Kept {
  uint32_t tag;
  std::string_view vr;
};

// In ascending order. Source: DICOM PS3.6.
constexpr std::array kKept = {
    Kept{0x00080020, "DA"}, Kept{0x00080021, "DA"}, Kept{0x00080022, "DA"},
    Kept{0x00080023, "DA"}, Kept{0x00080060, "CS"}, Kept{0x00080070, "LO"},
    Kept{0x00081090, "LO"}, Kept{0x00100040, "CS"}, Kept{0x00101010, "AS"},
    Kept{0x00180015, "CS"}, Kept{0x00180050, "DS"}, Kept{0x00180060, "DS"},
    Kept{0x00181150, "IS"}, Kept{0x00181151, "IS"}, Kept{0x00181152, "IS"},
    Kept{0x00181164, "DS"}, Kept{0x00181411, "DS"}, Kept{0x00185101, "CS"},
    Kept{0x0020000e, "UI"}, Kept{0x00200032, "DS"}, Kept{0x00200037, "DS"},
    Kept{0x00200060, "CS"}, Kept{0x00200062, "CS"}, Kept{0x00209113, "SQ"},
    Kept{0x00209116, "SQ"}, Kept{0x00280002, "US"}, Kept{0x00280004, "CS"},
    Kept{0x00280006, "US"}, Kept{0x00280008, "IS"}, Kept{0x00280010, "US"},
    Kept{0x00280011, "US"}, Kept{0x00280030, "DS"}, Kept{0x00280100, "US"},
    Kept{0x00280101, "US"}, Kept{0x00280102, "US"}, Kept{0x00280103, "US"},
    Kept{0x00280120, "US"}, Kept{0x00280121, "US"}, Kept{0x00280301, "CS"},
    Kept{0x00281050, "DS"}, Kept{0x00281051, "DS"}, Kept{0x00281052, "DS"},
    Kept{0x00281053, "DS"}, Kept{0x00281054, "LO"}, Kept{0x00281056, "CS"},
    Kept{0x00281101, "US"}, Kept{0x00281102, "US"}, Kept{0x00281103, "US"},
    Kept{0x00281201, "OW"}, Kept{0x00281202, "OW"}, Kept{0x00281203, "OW"},
    Kept{0x00281221, "OW"}, Kept{0x00282000, "OB"}, Kept{0x00283000, "SQ"},
    Kept{0x00283002, "US"}, Kept{0x00283004, "LO"}, Kept{0x00283006, "OW"},
    Kept{0x00283010, "SQ"}, Kept{0x00289110, "SQ"}, Kept{0x00289132, "SQ"},
    Kept{0x00289145, "SQ"}, Kept{0x20500020, "CS"}, Kept{0x52009229, "SQ"},
    Kept{0x52009230, "SQ"}, Kept{0x7fe00008, "OF"}, Kept{0x7fe00009, "OD"}};

}  // namespace

const DicomElement* DicomNode::Find(uint32_t tag) const {
  const auto found =
      std::find_if(elements.begin(), elements.end(),
                   [&](const DicomElement& e) { return e.tag == tag; });
  return found == elements.end() ? nullptr : &*found;
}

std::string_view VrOfKeptElement(uint32_t tag) {
  const auto found =
      std::lower_bound(kKept.begin(), kKept.end(), tag,
                       [](const Kept& a, uint32_t b) { return a.tag < b; });
  return found != kKept.end() && found->tag == tag ? found->vr
                                                   : std::string_view{};
}

}  // namespace plumbline
