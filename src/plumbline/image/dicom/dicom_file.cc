#include "plumbline/image/dicom/dicom_file.h"

#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <cmath>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// What the element headers in front of the pixels are encoded in.
E_TransferSyntax HeaderSyntax(const DicomContainer& container) {
  if (!container.explicit_vr) return EXS_LittleEndianImplicit;
  return container.big_endian ? EXS_BigEndianExplicit
                              : EXS_LittleEndianExplicit;
}

std::string Trimmed(const OFString& text) {
  std::string value(text.c_str(), text.size());
  while (!value.empty() && value.back() == '\0') value.pop_back();
  return std::string(Trim(value));
}

}  // namespace

void PrepareDcmtk() {
  static const bool done = [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    // Colours stay as they are stored.
    DJDecoderRegistration::registerCodecs(EDC_never, EUC_never,
                                          EPC_colorByPixel);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);
    return true;
  }();
  static_cast<void>(done);
}

bool DicomItem::Has(const DcmTagKey& tag) const {
  return item_ != nullptr && item_->tagExistsWithValue(tag);
}

std::optional<int64_t> DicomItem::Integer(const DcmTagKey& tag,
                                          int index) const {
  DcmElement* element = nullptr;
  if (item_ == nullptr || item_->findAndGetElement(tag, element).bad() ||
      element == nullptr) {
    return std::nullopt;
  }
  const auto at = static_cast<unsigned long>(index);
  Uint16 u16 = 0;
  Sint16 s16 = 0;
  Uint32 u32 = 0;
  Sint32 s32 = 0;
  // Of texts DCMTK takes the digits in front: "1A" would be 1.
  const DcmEVR vr = element->ident();
  if (vr != EVR_IS && vr != EVR_DS) {
    if (element->getUint16(u16, at).good()) return u16;
    if (element->getSint16(s16, at).good()) return s16;
    if (element->getUint32(u32, at).good()) return u32;
    if (element->getSint32(s32, at).good()) return s32;
  }
  OFString text;
  double value = 0;
  if (element->getOFString(text, at).good() &&
      ParseNumber(Trimmed(text), &value) && std::floor(value) == value &&
      std::abs(value) < 1e15) {
    return static_cast<int64_t>(value);
  }
  return std::nullopt;
}

std::optional<double> DicomItem::Number(const DcmTagKey& tag,
                                        const std::string& name,
                                        int index) const {
  DcmElement* element = nullptr;
  if (!Has(tag) || item_->findAndGetElement(tag, element).bad()) {
    return std::nullopt;
  }
  const auto at = static_cast<unsigned long>(index);
  Float64 f64 = 0;
  Float32 f32 = 0;
  double value = std::nan("");
  OFString text;
  if (element->ident() != EVR_DS && element->ident() != EVR_IS &&
      element->getFloat64(f64, at).good()) {
    value = f64;
  } else if (element->getFloat32(f32, at).good()) {
    value = static_cast<double>(f32);
  } else if (element->getOFString(text, at).good()) {
    std::string word = Trimmed(text);
    if (word.empty()) return std::nullopt;
    if (word.front() == '+') word.erase(0, 1);
    if (!ParseNumber(word, &value)) value = std::nan("");
  } else {
    return std::nullopt;
  }
  if (!std::isfinite(value)) {
    DcmTag named(tag);
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "its element \"{}\" {} is no finite number ({}); correct the "
                "file's header",
                named.getTagName(), named.toString().c_str(), Trimmed(text));
  }
  return value;
}

std::string DicomItem::Text(const DcmTagKey& tag, bool whole) const {
  OFString text;
  if (item_ == nullptr) return "";
  const OFCondition found = whole ? item_->findAndGetOFStringArray(tag, text)
                                  : item_->findAndGetOFString(tag, text);
  return found.good() ? Trimmed(text) : "";
}

int DicomItem::Count(const DcmTagKey& tag) const {
  DcmElement* element = nullptr;
  if (!Has(tag) || item_->findAndGetElement(tag, element).bad()) return 0;
  if (auto* sequence = dynamic_cast<DcmSequenceOfItems*>(element)) {
    return static_cast<int>(sequence->card());
  }
  return static_cast<int>(element->getVM());
}

std::vector<uint16_t> DicomItem::Words(const DcmTagKey& tag) const {
  DcmElement* element = nullptr;
  if (!Has(tag) || item_->findAndGetElement(tag, element).bad()) return {};
  Uint16* words = nullptr;
  if (element->getUint16Array(words).good() && words != nullptr) {
    return {words, words + element->getLength() / 2};
  }
  Sint16* numbers = nullptr;
  if (element->getSint16Array(numbers).good() && numbers != nullptr) {
    return {numbers, numbers + element->getLength() / 2};
  }
  return {};
}

std::string_view DicomItem::Bytes(const DcmTagKey& tag) const {
  const Uint8* bytes = nullptr;
  unsigned long count = 0;
  if (item_ == nullptr ||
      item_->findAndGetUint8Array(tag, bytes, &count).bad() ||
      bytes == nullptr) {
    return {};
  }
  return {reinterpret_cast<const char*>(bytes), count};
}

DicomItem DicomItem::Item(const DcmTagKey& sequence, int index) const {
  DcmElement* element = nullptr;
  if (item_ == nullptr || index < 0 ||
      item_->findAndGetElement(sequence, element).bad()) {
    return {};
  }
  auto* items = dynamic_cast<DcmSequenceOfItems*>(element);
  if (items == nullptr || static_cast<unsigned long>(index) >= items->card()) {
    return {};
  }
  return DicomItem(items->getItem(static_cast<unsigned long>(index)));
}

DicomFile::DicomFile(std::string_view bytes, const std::string& name,
                     int64_t max_pixels)
    : name_(name),
      container_(OpenDicomContainer(bytes, name, max_pixels)),
      data_(std::make_unique<DcmDataset>()) {
  PrepareDcmtk();
  const std::string_view header = container_.header();
  if (header.size() > 0xffffffffU) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "holds more than 4 GiB in front of its pixels; this is no "
                "image");
  }
  DcmInputBufferStream stream;
  stream.setBuffer(header.data(), static_cast<offile_off_t>(header.size()));
  stream.setEos();
  data_->transferInit();
  const OFCondition read =
      data_->read(stream, HeaderSyntax(container_), EGL_noChange);
  data_->transferEnd();
  if (read.bad() && read != EC_EndOfStream) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = name},
                "the DICOM header is damaged ({}); copy the file again",
                read.text());
  }
}

DicomItem DicomFile::Group(const DcmTagKey& sequence, int frame) const {
  const DicomItem own =
      root().Item(DCM_PerFrameFunctionalGroupsSequence, frame).Item(sequence);
  if (own) return own;
  const DicomItem shared =
      root().Item(DCM_SharedFunctionalGroupsSequence).Item(sequence);
  return shared ? shared : root();
}

}  // namespace plumbline
