#include "plumbline/image/dicom/element_walk.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

constexpr uint32_t kUndefined = 0xffffffff;
constexpr uint32_t kItem = 0xfffee000;
constexpr uint32_t kItemEnd = 0xfffee00d;
constexpr uint32_t kSequenceEnd = 0xfffee0dd;
constexpr uint32_t kPixelData = 0x7fe00010;
// Real files stay below 10; each level takes three stack frames.
constexpr int kDeepest = 64;
// So that a file of nothing but elements does not take many times its size.
constexpr int64_t kMostElements = 4'000'000;

struct Element {
  uint32_t tag = 0;
  char vr[3] = "";  // "" where the encoding has none
  uint32_t length = 0;
  size_t vr_at = 0;  // where `vr` stands
  size_t value = 0;  // where the value begins
};

bool IsVr(std::string_view letters) {
  return letters[0] >= 'A' && letters[0] <= 'Z' && letters[1] >= 'A' &&
         letters[1] <= 'Z';
}

// Whose length takes 32 bits behind two empty bytes (PS3.5, table 7.1-1).
bool IsLongVr(std::string_view vr) {
  static constexpr std::array<std::string_view, 13> kLong = {
      "OB", "OD", "OF", "OL", "OV", "OW", "SQ",
      "SV", "UC", "UN", "UR", "UT", "UV"};
  return std::find(kLong.begin(), kLong.end(), vr) != kLong.end();
}

class Walk {
 public:
  Walk(std::string_view bytes, const std::string& name,
       const DicomContainer& encoding)
      : bytes_(bytes), name_(name) {
    encoding_ = {encoding.explicit_vr, encoding.big_endian};
  }

  // The elements of the whole data set up to the pixel data.
  void DataSet(DicomContainer* container) {
    size_t at = 0;
    while (at < bytes_.size()) {
      if (IsPadding(at)) break;
      const Element element = Read(at, bytes_.size());
      if (element.tag == kPixelData) {
        Pixels(element, container);
        return;
      }
      at = Keep(element, bytes_.size(), 0, &container->elements);
    }
  }

  size_t PixelsEnd() {
    size_t at = 0;
    while (at < bytes_.size()) {
      const Element element = Read(at, bytes_.size());
      if (element.tag == kPixelData) {
        return element.length == kUndefined ? 0
                                            : element.value + element.length;
      }
      at = Keep(element, bytes_.size(), 0, nullptr);
    }
    return 0;
  }

 private:
  struct Encoding {
    bool explicit_vr = true;
    bool big_endian = false;
  };

  uint32_t Number(size_t at, int size) const {
    uint32_t value = 0;
    for (int i = 0; i < size; ++i) {
      const int from = encoding_.big_endian ? i : size - 1 - i;
      value = value << 8 | static_cast<uint8_t>(bytes_[at + from]);
    }
    return value;
  }

  [[noreturn]] void ThrowCutOff(size_t at) const {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name_},
                "the DICOM file is cut off or damaged: the element at byte {} "
                "of the data set reaches beyond the end; copy the file again",
                at);
  }

  // Zeros behind the last element.
  bool IsPadding(size_t at) const {
    return bytes_.find_first_not_of('\0', at) == std::string_view::npos;
  }

  Element Read(size_t at, size_t end) {
    if (end - at < 8) ThrowCutOff(at);
    if (++elements_ > kMostElements) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = name_},
                  "holds more than {} DICOM elements in front of its pixels; "
                  "this is no image",
                  kMostElements);
    }
    Element element;
    element.tag = Number(at, 2) << 16 | Number(at + 2, 2);
    const std::string_view vr = bytes_.substr(at + 4, 2);
    const bool is_delimiter = element.tag >> 16 == 0xfffe;
    if (is_delimiter || !encoding_.explicit_vr || !IsVr(vr)) {
      element.length = Number(at + 4, 4);
      element.value = at + 8;
      return element;
    }
    element.vr[0] = vr[0];
    element.vr[1] = vr[1];
    element.vr_at = at + 4;
    if (IsLongVr(vr)) {
      if (end - at < 12) ThrowCutOff(at);
      element.length = Number(at + 8, 4);
      element.value = at + 12;
    } else {
      element.length = Number(at + 6, 2);
      element.value = at + 8;
    }
    return element;
  }

  // Adds the element to `node` if it is one to keep and new there; nullptr:
  // none is. Behind the element.
  size_t Keep(const Element& element, size_t end, int depth, DicomNode* node) {
    const std::string_view kept_vr = VrOfKeptElement(element.tag);
    if (node == nullptr || kept_vr.empty() || node->Find(element.tag)) {
      return Pass(element, end, depth, nullptr);
    }
    DicomElement kept;
    kept.tag = element.tag;
    kept.big_endian = encoding_.big_endian;
    const std::string_view vr = element.vr;
    kept.vr =
        vr.empty() || vr == "UN" ? kept_vr : bytes_.substr(element.vr_at, 2);
    const bool is_sequence = kept_vr == "SQ";
    const size_t after =
        Pass(element, end, depth, is_sequence ? &kept.items : nullptr);
    if (!is_sequence) {
      // Of undefined length only sequences may be.
      if (element.length == kUndefined) return after;
      kept.value = bytes_.substr(element.value, element.length);
    }
    node->elements.push_back(std::move(kept));
    return after;
  }

  // Behind the element. Goes into sequences, and puts their items into `items`
  // unless that is nullptr.
  size_t Pass(const Element& element, size_t end, int depth,
              std::vector<DicomNode>* items) {
    const std::string_view vr = element.vr;
    if (element.length == kUndefined) {
      const Encoding outer = encoding_;
      // PS3.5, 6.2.2, note 4: implicit VR, little endian inside.
      if (vr == "UN") encoding_ = {false, false};
      const size_t after = Items(element.value, end, depth + 1, items);
      encoding_ = outer;
      return after;
    }
    if (element.length > end - element.value) ThrowCutOff(element.value);
    const size_t after = element.value + element.length;
    if (items != nullptr) {
      DefinedItems(element.value, after, depth + 1, items);
    }
    return after;
  }

  void RequireDepth(int depth) const {
    if (depth > kDeepest) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = name_},
                  "nests DICOM sequences more than {} deep; the file is "
                  "damaged or made to do harm",
                  kDeepest);
    }
  }

  static DicomNode* NewItem(std::vector<DicomNode>* items) {
    return items == nullptr ? nullptr : &items->emplace_back();
  }

  // The items of a sequence of undefined length; behind its end.
  size_t Items(size_t at, size_t end, int depth,
               std::vector<DicomNode>* items) {
    RequireDepth(depth);
    while (true) {
      if (at >= end) ThrowCutOff(at);
      const Element item = Read(at, end);
      if (item.tag == kSequenceEnd) return item.value;
      if (item.tag != kItem) ThrowCutOff(at);
      at = Elements(item, end, depth, NewItem(items));
    }
  }

  // Those of a sequence whose end is known.
  void DefinedItems(size_t at, size_t end, int depth,
                    std::vector<DicomNode>* items) {
    RequireDepth(depth);
    while (at < end) {
      const Element item = Read(at, end);
      if (item.tag != kItem) ThrowCutOff(at);
      at = Elements(item, end, depth, NewItem(items));
    }
  }

  // The elements of one item; behind it.
  size_t Elements(const Element& item, size_t end, int depth, DicomNode* node) {
    if (item.length != kUndefined) {
      if (item.length > end - item.value) ThrowCutOff(item.value);
      const size_t after = item.value + item.length;
      for (size_t at = item.value; at < after;) {
        at = Keep(Read(at, after), after, depth, node);
      }
      return after;
    }
    size_t at = item.value;
    while (true) {
      if (at >= end) ThrowCutOff(at);
      const Element element = Read(at, end);
      if (element.tag == kItemEnd) return element.value;
      at = Keep(element, end, depth, node);
    }
  }

  void Pixels(const Element& element, DicomContainer* container) {
    container->has_pixels = true;
    std::copy(element.vr, element.vr + 2, container->pixel_vr);
    container->pixel_begin = element.value;
    if (element.length == kUndefined) {
      Fragments(element.value, container);
      return;
    }
    const size_t left = bytes_.size() - element.value;
    if (element.length > left) ThrowMissing(element.length, left);
    container->pixel_size = element.length;
  }

  [[noreturn]] void ThrowMissing(uint64_t declared, uint64_t left) const {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name_},
                "the pixel data are cut off: {} of {} bytes are there, {} are "
                "missing; copy the file again",
                left, declared, declared - left);
  }

  void Fragments(size_t at, DicomContainer* container) {
    container->encapsulated = true;
    while (true) {
      if (bytes_.size() - at < 8) {
        container->is_end_missing = true;
        return;
      }
      const Element item = Read(at, bytes_.size());
      if (item.tag == kSequenceEnd) return;
      if (item.tag != kItem || item.length == kUndefined) ThrowCutOff(at);
      const size_t left = bytes_.size() - item.value;
      if (item.length > left) ThrowMissing(item.length, left);
      container->items.push_back({item.value, item.length});
      at = item.value + item.length;
    }
  }

  std::string_view bytes_;
  const std::string& name_;
  Encoding encoding_;
  int64_t elements_ = 0;
};

}  // namespace

void WalkElements(const std::string& name, DicomContainer* container) {
  Walk(container->body(), name, *container).DataSet(container);
}

size_t EndOfPixels(std::string_view start, const DicomContainer& container) {
  const std::string no_name;
  try {
    return Walk(start, no_name, container).PixelsEnd();
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace plumbline
