#include "plumbline/infer/safetensors.h"

#include <gtest/gtest.h>

#include <cstring>

#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

std::string File(const std::string& header, const std::string& data) {
  const uint64_t size = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &size, 8);
  return bytes + header + data;
}

std::string ErrorOfFile(const std::string& bytes) {
  return ErrorText([&] { ParseSafetensors(bytes, "w.safetensors"); });
}

TensorView View(const std::string& name, std::string_view bytes) {
  return {.name = name,
          .type = TensorType::kUint8,
          .shape = {static_cast<int64_t>(bytes.size())},
          .bytes = bytes};
}

// The example of the format's own page, with the data it leaves out.
TEST(ParseSafetensors, ReadsTheExampleOfTheFormat) {
  const std::string bytes =
      File(R"({"TEST":{"dtype":"F16","shape":[1,16,2],"data_offsets":[0,64]}})",
           std::string(64, 'x'));
  const TensorFile file = ParseSafetensors(bytes, "w");
  ASSERT_EQ(file.tensors.size(), 1u);
  EXPECT_EQ(file.tensors[0].name, "TEST");
  EXPECT_EQ(file.tensors[0].type, TensorType::kFloat16);
  EXPECT_EQ(file.tensors[0].shape, (std::vector<int64_t>{1, 16, 2}));
  EXPECT_EQ(file.tensors[0].bytes, std::string(64, 'x'));
}

TEST(ParseSafetensors, ReadsBackWhatWasWritten) {
  const TensorFile content{
      {View("second", "abc"),
       {.name = "none", .type = TensorType::kFloat32, .shape = {0, 3}},
       View("first", "de")},
      {{"format", "pt"}, {"card", "{\"a\": \"\\u00e9\"}\n"}}};
  const std::string bytes = SafetensorsBytes(content);
  const TensorFile read = ParseSafetensors(bytes, "w");
  EXPECT_EQ(read.metadata, content.metadata);
  ASSERT_EQ(read.tensors.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read.tensors[i].name, content.tensors[i].name);
    EXPECT_EQ(read.tensors[i].type, content.tensors[i].type);
    EXPECT_EQ(read.tensors[i].shape, content.tensors[i].shape);
    EXPECT_EQ(read.tensors[i].bytes, content.tensors[i].bytes);
  }
}

TEST(SafetensorsBytes, BeginsTheDataAtAMultipleOf8) {
  for (const char* name : {"a", "ab", "abc", "abcdefg"}) {
    const std::string bytes = SafetensorsBytes({{View(name, "x")}, {}});
    EXPECT_EQ((bytes.size() - 1) % 8, 0u) << name;
  }
}

TEST(ParseSafetensors, GivesTensorsInTheOrderOfTheirData) {
  const std::string bytes =
      File(R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},)"
           R"("a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}})",
           "xy");
  const TensorFile file = ParseSafetensors(bytes, "w");
  EXPECT_EQ(file.tensors[0].name, "a");
  EXPECT_EQ(ShapeText(file.tensors[0].shape), "scalar");
  EXPECT_EQ(file.tensors[1].bytes, "y");
}

TEST(ParseSafetensors, RefusesAFileThatIsTooShort) {
  EXPECT_EQ(ErrorOfFile("1234567"),
            "3: w.safetensors: it has 7 bytes, fewer than the 8 at the "
            "beginning of every file; it is not a safetensors file, or is "
            "damaged");
}

TEST(ParseSafetensors, RefusesAHeaderThatIsTooLong) {
  EXPECT_EQ(ErrorOfFile("a text file"),
            "3: w.safetensors: it announces a header of 7359009851570397281 "
            "bytes, and 100000000 are the most; it is not a safetensors file, "
            "or is damaged");
  EXPECT_EQ(ErrorOfFile(File("{}", "").substr(0, 9)),
            "3: w.safetensors: it announces a header of 2 bytes and has 1 "
            "after that; it is not a safetensors file, or is damaged");
}

TEST(ParseSafetensors, SaysHowToConvertAFileOfTorchSave) {
  EXPECT_EQ(ErrorOfFile("PK\x03\x04 and so on"),
            "3: w.safetensors: it is a zip archive, as torch.save writes it; "
            "save the weights with save_file of Python's safetensors.torch");
}

TEST(ParseSafetensors, RefusesAHeaderThatIsNoObject) {
  EXPECT_EQ(ErrorOfFile(File("[]", "")),
            "3: w.safetensors: its header does not begin with a brace; it is "
            "not a safetensors file, or is damaged");
}

TEST(ParseSafetensors, RefusesANameThatIsThereTwice) {
  const std::string one = R"("a":{"dtype":"U8","shape":[1],"data_offsets":)";
  EXPECT_EQ(ErrorOfFile(File("{" + one + "[0,1]}," + one + "[1,2]}}", "xy")),
            "3: w.safetensors: the key \"a\" appears twice in one JSON object");
}

TEST(ParseSafetensors, RefusesOffsetsThatOverlapOrLeaveAGap) {
  const auto two = [](const std::string& offsets) {
    return File(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                R"("b":{"dtype":"U8","shape":[2],"data_offsets":)" +
                    offsets + "}}",
                "12345");
  };
  EXPECT_EQ(ErrorOfFile(two("[1,3]")),
            "3: w.safetensors: tensor \"b\" begins at byte 1 of the data and "
            "the one before it ends at 2; it is not a safetensors file, or is "
            "damaged");
  EXPECT_EQ(ErrorOfFile(two("[3,5]")),
            "3: w.safetensors: tensor \"b\" begins at byte 3 of the data and "
            "the one before it ends at 2; it is not a safetensors file, or is "
            "damaged");
  EXPECT_EQ(ErrorOfFile(two("[2,4]")),
            "3: w.safetensors: its tensors end at byte 4 of the data, which "
            "has 5; it is not a safetensors file, or is damaged");
  EXPECT_EQ(ErrorOfFile(two("[4,6]")),
            "3: w.safetensors: data_offsets of tensor \"b\" are no part of the "
            "5 bytes of data; it is not a safetensors file, or is damaged");
}

TEST(ParseSafetensors, RefusesSizesThatDoNotFitShapeAndType) {
  const auto shaped = [](const std::string& shape) {
    return File(R"({"a":{"dtype":"F32","shape":)" + shape +
                    R"(,"data_offsets":[0,8]}})",
                "12345678");
  };
  EXPECT_EQ(ErrorOfFile(shaped("[2]")), "no error");
  EXPECT_EQ(ErrorOfFile(shaped("[3]")),
            "3: w.safetensors: tensor \"a\" is F32 of 3, and its data_offsets "
            "hold 8 bytes; it is not a safetensors file, or is damaged");
  // 2^65 bytes, which are 0 where a product wraps.
  EXPECT_EQ(ErrorOfFile(shaped("[4611686018427387904, 2]")),
            "3: w.safetensors: tensor \"a\" is F32 of 4611686018427387904x2, "
            "and its data_offsets hold 8 bytes; it is not a safetensors file, "
            "or is damaged");
  EXPECT_EQ(ErrorOfFile(shaped("[-2]")),
            "3: w.safetensors: shape of tensor \"a\" is not a list of whole "
            "numbers; it is not a safetensors file, or is damaged");
}

TEST(ParseSafetensors, SaysWhichTypeItDoesNotRead) {
  EXPECT_EQ(
      ErrorOfFile(
          File(R"({"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}})",
               "x")),
      "3: w.safetensors: tensor \"a\" has the type \"F8_E4M3\", which is not "
      "read here; save it as F32");
}

TEST(ParseSafetensors, RefusesMetadataOtherThanTexts) {
  EXPECT_EQ(ErrorOfFile(File(R"({"__metadata__":{"epoch":3}})", "")),
            "3: w.safetensors: __metadata__ \"epoch\" is not a text; it is not "
            "a safetensors file, or is damaged");
}

}  // namespace
}  // namespace plumbline
