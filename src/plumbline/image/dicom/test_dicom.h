// DICOM files made for a test: explicit VR, little endian.
#pragma once

#include <cstdint>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumbline {

inline std::string LittleEndian(uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xff);
  }
  return out;
}

// Words of 16 bits.
inline std::string Words16(const std::vector<int>& values) {
  std::string out;
  for (const int value : values) {
    out += LittleEndian(static_cast<uint16_t>(value), 2);
  }
  return out;
}

// One element; `vr` says how long its length is. `length` -1: that of `value`.
inline std::string ElementBytes(uint32_t tag, const std::string& vr,
                                std::string value, int64_t length = -1) {
  if (value.size() % 2 == 1) value += vr == "OB" || vr == "UI" ? '\0' : ' ';
  const auto size = static_cast<uint64_t>(
      length < 0 ? static_cast<int64_t>(value.size()) : length);
  std::string out = LittleEndian(tag >> 16, 2) + LittleEndian(tag, 2) + vr;
  const bool is_long = vr == "OB" || vr == "OW" || vr == "SQ" || vr == "UN";
  out += is_long ? std::string(2, '\0') + LittleEndian(size, 4)
                 : LittleEndian(size, 2);
  return out + value;
}

// One item of undefined length.
inline std::string ItemBytes(const std::string& elements) {
  return LittleEndian(0xe000fffe, 4) + LittleEndian(0xffffffff, 4) + elements +
         LittleEndian(0xe00dfffe, 4) + LittleEndian(0, 4);
}

// One fragment of compressed pixel data.
inline std::string FragmentBytes(std::string bytes) {
  if (bytes.size() % 2 == 1) bytes += '\0';
  return LittleEndian(0xe000fffe, 4) + LittleEndian(bytes.size(), 4) + bytes;
}

class TestDicom {
 public:
  // A grey picture of 16 unsigned bits without rescaling or window.
  TestDicom(int width, int height, const std::vector<int>& samples) {
    Set(0x00280002, "US", Words16({1}));
    Set(0x00280004, "CS", "MONOCHROME2");
    Set(0x00280010, "US", Words16({height}));
    Set(0x00280011, "US", Words16({width}));
    Set(0x00280100, "US", Words16({16}));
    Set(0x00280101, "US", Words16({16}));
    Set(0x00280102, "US", Words16({15}));
    Set(0x00280103, "US", Words16({0}));
    Set(0x7fe00010, "OW", Words16(samples));
  }

  TestDicom& Set(uint32_t tag, const std::string& vr,
                 const std::string& value) {
    elements_[tag] = ElementBytes(tag, vr, value);
    return *this;
  }
  // As it is: with a wrong length, encapsulated, ...
  TestDicom& SetBytes(uint32_t tag, const std::string& bytes) {
    elements_[tag] = bytes;
    return *this;
  }
  TestDicom& Sequence(uint32_t tag, const std::string& elements) {
    return Set(tag, "SQ", ItemBytes(elements));
  }
  TestDicom& Remove(uint32_t tag) {
    elements_.erase(tag);
    return *this;
  }
  // Compressed, with an empty offset table.
  TestDicom& Fragments(const std::vector<std::string>& fragments,
                       const std::string& offset_table = "") {
    std::string bytes = LittleEndian(0x00107fe0, 4) + "OB" +
                        std::string(2, '\0') + LittleEndian(0xffffffff, 4);
    bytes += FragmentBytes(offset_table);
    for (const std::string& fragment : fragments) {
      bytes += FragmentBytes(fragment);
    }
    return SetBytes(0x7fe00010,
                    bytes + LittleEndian(0xe0ddfffe, 4) + LittleEndian(0, 4));
  }
  // 8 bits in three channels.
  TestDicom& Colours(const std::string& photometric,
                     const std::string& samples) {
    Set(0x00280002, "US", Words16({3}));
    Set(0x00280004, "CS", photometric);
    Set(0x00280006, "US", Words16({0}));
    Bits(8, 8);
    return Set(0x7fe00010, "OB", samples);
  }
  TestDicom& Bits(int allocated, int stored) {
    Set(0x00280100, "US", Words16({allocated}));
    Set(0x00280101, "US", Words16({stored}));
    return Set(0x00280102, "US", Words16({stored - 1}));
  }

  std::string DataSet() const {
    std::string out;
    for (const auto& [tag, bytes] : elements_) out += bytes;
    return out;
  }
  // With preamble and meta header.
  static std::string File(const std::string& data_set,
                          const std::string& transfer_syntax) {
    const std::string syntax = ElementBytes(0x00020010, "UI", transfer_syntax);
    return std::string(128, '\0') + "DICM" +
           ElementBytes(0x00020000, "UL", LittleEndian(syntax.size(), 4)) +
           syntax + data_set;
  }
  std::string Bytes(
      const std::string& transfer_syntax = "1.2.840.10008.1.2.1") const {
    return File(DataSet(), transfer_syntax);
  }

 private:
  std::map<uint32_t, std::string> elements_;
};

}  // namespace plumbline
