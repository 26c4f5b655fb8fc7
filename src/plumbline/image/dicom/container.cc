#include "plumbline/image/dicom/container.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/element_walk.h"

namespace plumbline {
namespace {

constexpr size_t kMostHeader = size_t{64} << 20;
constexpr size_t kPreamble = 128;

// A stream of raw deflate data.
class Inflater {
 public:
  explicit Inflater(std::string_view bytes) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    left_ = bytes.size();
    good_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK;
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  // Appends until `out` holds `most` bytes or the stream ends. false: the data
  // are damaged.
  bool Continue(size_t most, std::string* out) {
    while (good_ && !ended_ && out->size() < most) {
      const size_t before = out->size();
      const size_t room = std::min<size_t>(
          most - before, std::max<size_t>(before, size_t{1} << 16));
      out->resize(before + room);
      stream_.next_out = reinterpret_cast<Bytef*>(&(*out)[before]);
      // Rooms and inputs are cut to what a uInt holds.
      const size_t step = std::min<size_t>(room, size_t{1} << 30);
      stream_.avail_out = static_cast<uInt>(step);
      if (stream_.avail_in == 0) {
        stream_.avail_in =
            static_cast<uInt>(std::min<size_t>(left_, size_t{1} << 30));
        left_ -= stream_.avail_in;
      }
      const int state = inflate(&stream_, Z_NO_FLUSH);
      out->resize(before + step - stream_.avail_out);
      ended_ = state == Z_STREAM_END;
      good_ = state == Z_OK || state == Z_STREAM_END;
    }
    return good_;
  }

  bool ended() const { return ended_; }

 private:
  z_stream stream_{};
  size_t left_ = 0;
  bool good_ = false;
  bool ended_ = false;
};

[[noreturn]] void ThrowBadDeflate(const std::string& name) {
  throw Error(ErrorCode::kInvalidInput, Location{.file = name},
              "the deflated DICOM data are damaged or cut off; copy the file "
              "again");
}

// Inflates no further than the end of the pixel data, which the walk over the
// first 64 MiB finds.
void InflateDataSet(std::string_view bytes, const std::string& name,
                    int64_t max_pixels, DicomContainer* container) {
  Inflater inflater(bytes);
  container->inflated = std::make_unique<std::string>();
  std::string& out = *container->inflated;
  if (!inflater.Continue(kMostHeader, &out)) ThrowBadDeflate(name);
  if (inflater.ended() || out.size() < kMostHeader) return;
  const size_t end = EndOfPixels(out, *container);
  const size_t most = kMostHeader + static_cast<size_t>(max_pixels) * 8;
  if (end == 0 || end > most) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "inflates to more than an image needs ({} MiB without an end "
                "of its pixel data below the limit); the file is damaged or "
                "made to do harm",
                out.size() >> 20);
  }
  if (!inflater.Continue(end, &out)) ThrowBadDeflate(name);
}

uint32_t Little(std::string_view bytes, size_t at, int size) {
  uint32_t value = 0;
  for (int i = size - 1; i >= 0; --i) {
    value = value << 8 | static_cast<uint8_t>(bytes[at + i]);
  }
  return value;
}

// The elements of group 2, always explicit VR, little endian; behind them.
size_t ReadMeta(std::string_view bytes, size_t at, const std::string& name,
                DicomContainer* container) {
  while (at + 8 <= bytes.size() && Little(bytes, at, 2) == 2) {
    const uint32_t element = Little(bytes, at + 2, 2);
    const std::string_view vr = bytes.substr(at + 4, 2);
    const bool is_long = vr == "OB" || vr == "UN" || vr == "OW" || vr == "UT";
    if (is_long && at + 12 > bytes.size()) break;
    const size_t length =
        is_long ? Little(bytes, at + 8, 4) : Little(bytes, at + 6, 2);
    const size_t value = at + (is_long ? 12 : 8);
    if (length > bytes.size() - value) {
      throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                  "the DICOM file ends inside its meta header; copy the file "
                  "again");
    }
    if (element == 0x10) {
      std::string_view uid = bytes.substr(value, length);
      uid = uid.substr(0, uid.find_last_not_of(std::string_view(" \0", 2)) + 1);
      container->transfer_syntax = uid;
    }
    at = value + length;
  }
  return at;
}

// By the first element: groups are small, VRs are two capital letters.
void GuessEncoding(std::string_view bytes, DicomContainer* container) {
  if (bytes.size() < 8) return;
  const auto capital = [&](size_t i) {
    return bytes[i] >= 'A' && bytes[i] <= 'Z';
  };
  const bool explicit_vr = capital(4) && capital(5);
  const bool big_endian = bytes[0] == 0 && bytes[1] != 0;
  container->transfer_syntax = !explicit_vr ? "1.2.840.10008.1.2"
                               : big_endian ? "1.2.840.10008.1.2.2"
                                            : "1.2.840.10008.1.2.1";
  container->notes.push_back(
      "it does not say its transfer syntax; taken as " +
      std::string(!explicit_vr ? "implicit VR, little endian"
                  : big_endian ? "explicit VR, big endian"
                               : "explicit VR, little endian"));
}

}  // namespace

std::string InflateAtMost(std::string_view bytes, size_t most,
                          const std::string& name) {
  std::string out;
  Inflater inflater(bytes);
  if (!inflater.Continue(most, &out)) ThrowBadDeflate(name);
  return out;
}

DicomContainer OpenDicomContainer(std::string_view bytes,
                                  const std::string& name, int64_t max_pixels) {
  DicomContainer container;
  size_t at = 0;
  if (bytes.size() >= kPreamble + 4 && bytes.substr(kPreamble, 4) == "DICM") {
    at = kPreamble + 4;
  } else {
    container.notes.emplace_back(
        "the 128 bytes and the mark \"DICM\" at its beginning are missing");
  }
  at = ReadMeta(bytes, at, name, &container);
  const std::string_view rest = bytes.substr(at);
  if (rest.size() < 8) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "the DICOM file ends behind its meta header; copy the file "
                "again");
  }
  if (container.transfer_syntax.empty()) GuessEncoding(rest, &container);
  const std::string& uid = container.transfer_syntax;
  container.explicit_vr = uid != "1.2.840.10008.1.2";
  container.big_endian = uid == "1.2.840.10008.1.2.2";
  container.stored = rest;
  if (uid == "1.2.840.10008.1.2.1.99") {
    InflateDataSet(rest, name, max_pixels, &container);
  }
  WalkElements(name, &container);
  return container;
}

}  // namespace plumbline
