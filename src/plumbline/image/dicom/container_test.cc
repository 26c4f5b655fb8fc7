// Damaged files and files made to do harm.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <zlib.h>

#include "plumbline/base/test_support.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_dicom.h"

namespace plumbline {
namespace {

using namespace std::string_literals;
using testing::StartsWith;

constexpr const char* kDeflated = "1.2.840.10008.1.2.1.99";

TestDicom Square() { return TestDicom(2, 2, {1, 2, 3, 4}); }

std::string ErrorOfBytes(const std::string& bytes,
                         const DecodeOptions& options = {}) {
  return ErrorText([&] { DecodeDicom(bytes, "a.dcm", options); });
}

// Raw deflate.
std::string Deflate(const std::string& bytes) {
  z_stream stream{};
  deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::vector<int> Stored(const std::string& bytes) {
  const DicomPixels pixels = ReadDicomPixels(bytes, "a.dcm");
  std::vector<int> samples;
  for (size_t i = 0; i < pixels.samples(); ++i) {
    samples.push_back(static_cast<int>(pixels.Sample(i)));
  }
  return samples;
}

TEST(DicomContainer, IsReadWithAndWithoutPreamble) {
  const std::vector<int> samples = {1, 2, 3, 4};
  EXPECT_EQ(Stored(Square().Bytes()), samples);
  EXPECT_EQ(Stored(Square().Bytes().substr(132)), samples);
  EXPECT_EQ(Stored(Square().Set(0x00080060, "CS", "CT").DataSet()), samples);
  EXPECT_EQ(Stored(TestDicom::File(Deflate(Square().DataSet()), kDeflated)),
            samples);
}

TEST(DicomContainer, SaysWhichBytesOfThePixelsAreMissing) {
  const std::string bytes = Square().Bytes();
  EXPECT_EQ(ErrorOfBytes(bytes.substr(0, bytes.size() - 3)),
            "3: a.dcm: the pixel data are cut off: 5 of 8 bytes are there, 3 "
            "are missing; copy the file again");
  EXPECT_EQ(ErrorOfBytes(Square().Set(0x00280010, "US", Words16({3})).Bytes()),
            "3: a.dcm: its header declares a picture of 12 bytes and its pixel "
            "data hold 8: 4 are missing; copy or export the file again");
}

// Every prefix of a file is refused, and none is read beyond its end.
TEST(DicomContainer, IsRefusedWhereverItIsCutOff) {
  const std::string bytes =
      Square()
          .Sequence(0x00081140, ElementBytes(0x00081155, "UI", "1.2.3"))
          .Bytes();
  for (size_t size = 0; size < bytes.size(); ++size) {
    SCOPED_TRACE(size);
    const std::string start = bytes.substr(0, size);
    EXPECT_THAT(ErrorOfBytes(start), StartsWith("3: a.dcm: "));
  }
}

// Memory is taken for what is there, not for what is declared.
TEST(DicomContainer, TakesNoMemoryForSizesThatAreOnlyDeclared) {
  rusage before;
  rusage after;
  getrusage(RUSAGE_SELF, &before);
  EXPECT_EQ(ErrorOfBytes(Square()
                             .Set(0x00280010, "US", Words16({65535}))
                             .Set(0x00280011, "US", Words16({65535}))
                             .Bytes()),
            "3: a.dcm: declares 65535 x 65535 pixels, more than the limit of "
            "268435456");
  EXPECT_THAT(ErrorOfBytes(Square()
                               .Set(0x00280010, "US", Words16({16384}))
                               .Set(0x00280011, "US", Words16({16384}))
                               .Bytes()),
              StartsWith("3: a.dcm: its header declares a picture of 536870912 "
                         "bytes"));
  for (const char* syntax :
       {"1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.50",
        "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80",
        "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.8.1"}) {
    SCOPED_TRACE(syntax);
    EXPECT_THAT(ErrorOfBytes(Square()
                                 .Set(0x00280010, "US", Words16({16384}))
                                 .Set(0x00280011, "US", Words16({16384}))
                                 .Fragments({std::string(100, '\1')})
                                 .Bytes(syntax)),
                StartsWith("3: a.dcm: "));
  }
  // A value of 4 GB that an element in front of the pixels declares.
  EXPECT_THAT(
      ErrorOfBytes(Square()
                       .SetBytes(0x00091001,
                                 ElementBytes(0x00091001, "UN", "", 0xfffffffe))
                       .Bytes()),
      StartsWith("3: a.dcm: the DICOM file is cut off or damaged"));
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 50 << 10);  // KiB
}

TEST(DicomContainer, OptionsLimitTheSize) {
  DecodeOptions options;
  options.max_pixels = 3;
  EXPECT_EQ(ErrorOfBytes(Square().Bytes(), options),
            "3: a.dcm: declares 2 x 2 pixels, more than the limit of 3");
}

// 80 MB of zeros in 80 KB.
TEST(DicomContainer, DeflatedBombsAreStoppedAtALimit) {
  const std::string many(80 << 20, '\0');
  const std::string endless =
      ElementBytes(0x00091001, "UN", "", 0xfffffffe) + many;
  EXPECT_EQ(
      ErrorOfBytes(TestDicom::File(Deflate(endless), kDeflated)),
      "3: a.dcm: inflates to more than an image needs (64 MiB without an end "
      "of its pixel data below the limit); the file is damaged or made to do "
      "harm");
  DecodeOptions options;
  options.max_pixels = 1000;
  const std::string pixels =
      ElementBytes(0x7fe00010, "OW", "", 80 << 20) + many;
  EXPECT_THAT(
      ErrorOfBytes(TestDicom::File(Deflate(pixels), kDeflated), options),
      StartsWith("3: a.dcm: inflates to more than an image needs"));
}

TEST(DicomContainer, DeflatedDataThatAreDamagedAreRefused) {
  std::string bytes = TestDicom::File(Deflate(Square().DataSet()), kDeflated);
  EXPECT_THAT(ErrorOfBytes(bytes.substr(0, bytes.size() - 5)),
              StartsWith("3: a.dcm: the deflated DICOM data are damaged"));
}

// Sequences in one another, 2000 deep, of undefined or of defined length.
std::string Nested(uint32_t tag, bool is_defined) {
  std::string inner;
  for (int i = 0; i < 2000; ++i) {
    inner = is_defined
                ? ElementBytes(tag, "SQ", FragmentBytes(inner))
                : ElementBytes(tag, "SQ",
                               ItemBytes(inner) + LittleEndian(0xe0ddfffe, 4) +
                                   LittleEndian(0, 4),
                               0xffffffff);
  }
  return inner;
}

TEST(DicomContainer, SequencesNestedTooDeeplyAreRefused) {
  const std::string error =
      "3: a.dcm: nests DICOM sequences more than 64 deep; the file is damaged "
      "or made to do harm";
  for (const uint32_t tag : {0x00081140U, 0x00283010U}) {
    EXPECT_EQ(ErrorOfBytes(Square().SetBytes(tag, Nested(tag, false)).Bytes()),
              error);
  }
  // The VOI LUT sequence, which is read, and one that is passed over as a
  // whole.
  EXPECT_EQ(
      ErrorOfBytes(
          Square().SetBytes(0x00283010, Nested(0x00283010, true)).Bytes()),
      error);
  EXPECT_EQ(
      ErrorOfBytes(
          Square().SetBytes(0x00081140, Nested(0x00081140, true)).Bytes()),
      "no error");
}

// What is inside of an element that nobody asks for is nobody's concern.
TEST(DicomContainer, DamageInsideOfAnUnusedValueDoesNotMatter) {
  EXPECT_EQ(Stored(Square()
                       .Set(0x00081140, "SQ", "no sequence at all, but a text")
                       .Bytes()),
            (std::vector<int>{1, 2, 3, 4}));
}

TEST(DicomContainer, AnUnknownTransferSyntaxIsNamed) {
  EXPECT_EQ(ErrorOfBytes(Square()
                             .Fragments({"\xff\xd8\xff\xc0\0\x0b\x08\0\2\0\2\1"
                                         "\1\x11\0"s})
                             .Bytes("1.2.840.10008.1.2.4.100")),
            "3: a.dcm: its pixels are compressed as MPEG2 Main Profile @ Main "
            "Level (1.2.840.10008.1.2.4.100), which is not read; convert the "
            "file to an uncompressed transfer syntax");
}

TEST(DicomContainer, FramesAreCountedFromZero) {
  DecodeOptions options;
  options.frame = 1;
  EXPECT_EQ(ErrorOfBytes(Square().Bytes(), options),
            "2: a.dcm: has no frame 1: it has 1, counted from 0");
  options.frame = -1;
  EXPECT_EQ(ErrorOfBytes(Square().Bytes(), options),
            "2: a.dcm: has no frame -1: it has 1, counted from 0");
}

// One segment: 64 bytes of header, then a literal run of a byte.
std::string RleOfOnePixel(char value) {
  std::string bytes = LittleEndian(1, 4) + LittleEndian(64, 4);
  bytes.resize(64, '\0');
  return bytes + '\0' + value;
}

// Three frames in four fragments: only the offset table tells where the second
// frame ends.
TEST(DicomContainer, OffsetTablesSayWhichFragmentsMakeAFrame) {
  TestDicom file(1, 1, {});
  file.Bits(8, 8).Set(0x00280008, "IS", "3");
  const std::string second = RleOfOnePixel('\x22');
  const std::vector<std::string> fragments = {
      RleOfOnePixel('\x11'), second.substr(0, 40), second.substr(40),
      RleOfOnePixel('\x33')};
  const auto frame = [&](int index) {
    DecodeOptions options;
    options.frame = index;
    return ReadDicomPixels(file.Bytes("1.2.840.10008.1.2.5"), "a.dcm", options)
        .Sample(0);
  };
  file.Fragments(fragments);
  EXPECT_EQ(ErrorText([&] { frame(0); }),
            "3: a.dcm: declares 3 frames, but its compressed pixel data have 4 "
            "fragments and nothing says which belong to which frame; copy or "
            "export the file again");
  file.Fragments(fragments, LittleEndian(0, 4) + LittleEndian(74, 4) +
                                LittleEndian(74 + 48 + 34, 4));
  EXPECT_EQ(frame(0), 0x11);
  EXPECT_EQ(frame(1), 0x22);
  EXPECT_EQ(frame(2), 0x33);
}

}  // namespace
}  // namespace plumbline
