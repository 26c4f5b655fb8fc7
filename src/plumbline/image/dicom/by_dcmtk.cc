// JPEG and JPEG-LS by DCMTK: one frame in a data set of its own, so that
// its decoders see nothing of the file but the frame.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <memory>

#include "plumbline/base/error.h"
#include "plumbline/image/dicom/frames.h"

namespace plumbline {
namespace {

// Once for the process: the codecs registered, the log off.
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

E_TransferSyntax CodecOf(const DicomFile& file) {
  const std::string& uid = file.container().transfer_syntax;
  const DcmXfer syntax(uid.c_str());
  switch (syntax.getXfer()) {
    case EXS_JPEGProcess1:
    case EXS_JPEGProcess2_4:
    case EXS_JPEGProcess6_8:
    case EXS_JPEGProcess10_12:
    case EXS_JPEGProcess14:
    case EXS_JPEGProcess14SV1:
    case EXS_JPEGLSLossless:
    case EXS_JPEGLSLossy:
      return syntax.getXfer();
    default:
      break;
  }
  throw Error(
      ErrorCode::kInvalidInput, Location{.file = file.name()},
      "its pixels are compressed as {} ({}), which is not read; convert "
      "the file to an uncompressed transfer syntax",
      syntax.getXfer() == EXS_Unknown ? "an unknown transfer syntax"
                                      : syntax.getXferName(),
      uid);
}

void Put(DcmDataset* data, const DcmTagKey& tag, int value) {
  data->putAndInsertUint16(tag, static_cast<Uint16>(value));
}

// A data set that holds one frame, all of its own.
std::unique_ptr<DcmDataset> FrameDataSet(const PixelHeader& header,
                                         const std::string& stream,
                                         E_TransferSyntax syntax) {
  auto data = std::make_unique<DcmDataset>();
  Put(data.get(), DCM_Rows, header.height);
  Put(data.get(), DCM_Columns, header.width);
  Put(data.get(), DCM_SamplesPerPixel, header.channels);
  Put(data.get(), DCM_BitsAllocated, header.bits_allocated);
  Put(data.get(), DCM_BitsStored, header.bits_stored);
  Put(data.get(), DCM_HighBit, header.bits_stored - 1);
  Put(data.get(), DCM_PixelRepresentation, header.is_signed ? 1 : 0);
  if (header.channels > 1) Put(data.get(), DCM_PlanarConfiguration, 0);
  data->putAndInsertString(DCM_NumberOfFrames, "1");
  data->putAndInsertString(DCM_PhotometricInterpretation,
                           header.photometric.c_str());
  auto sequence =
      std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelSequenceTag));
  sequence->insert(new DcmPixelItem(DcmTag(DCM_PixelItemTag)));
  auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_PixelItemTag));
  item->putUint8Array(reinterpret_cast<const Uint8*>(stream.data()),
                      static_cast<unsigned long>(stream.size()));
  sequence->insert(item.release());
  auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, EVR_OB));
  pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
  data->insert(pixels.release());
  return data;
}

}  // namespace

std::vector<uint8_t> DecodeByDcmtk(const DicomFile& file,
                                   const PixelHeader& header,
                                   const std::string& stream) {
  PrepareDcmtk();
  const E_TransferSyntax syntax = CodecOf(file);
  const auto size = static_cast<size_t>(header.pixels()) * header.channels *
                    header.bytes_per_sample();
  if (size > 0xfffffffeU) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "declares a compressed picture of {} bytes; at most 4 GiB are "
                "read",
                size);
  }
  const std::unique_ptr<DcmDataset> data = FrameDataSet(header, stream, syntax);
  DcmElement* element = nullptr;
  data->findAndGetElement(DCM_PixelData, element);
  auto* pixels = dynamic_cast<DcmPixelData*>(element);
  if (pixels == nullptr) {
    throw Error(ErrorCode::kInternal, "DCMTK lost the pixel data");
  }
  std::vector<uint8_t> out(size + size % 2);
  Uint32 fragment = 1;  // behind the offset table
  OFString model;
  const OFCondition decoded =
      pixels->getUncompressedFrame(data.get(), 0, fragment, out.data(),
                                   static_cast<Uint32>(out.size()), model);
  if (decoded.bad()) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "its compressed pixel data are damaged ({}); copy or export "
                "the file again",
                decoded.text());
  }
  out.resize(size);
  return out;
}

}  // namespace plumbline
