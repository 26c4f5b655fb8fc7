#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/test_dicom.h"

namespace plumbline {
namespace {

std::vector<ImageFact> Facts(const TestDicom& file) {
  return DecodeDicom(file.Bytes(), "a.dcm", {}).facts;
}

std::string Fact(const TestDicom& file, const std::string& name) {
  for (const auto& [key, value] : Facts(file)) {
    if (key == name) return value;
  }
  return "none";
}

TestDicom Dot() { return TestDicom(1, 1, {0}); }

TEST(DicomFacts, SayHowThePictureWasTaken) {
  const TestDicom file = Dot()
                             .Set(0x00080060, "CS", "DX")
                             .Set(0x00080070, "LO", "Maker ")
                             .Set(0x00081090, "LO", "X1")
                             .Set(0x00180015, "CS", "CHEST")
                             .Set(0x00180060, "DS", "120.5")
                             .Set(0x00181152, "IS", "3")
                             .Set(0x00181164, "DS", "0.14\\0.15")
                             .Set(0x00185101, "CS", "PA");
  EXPECT_THAT(Facts(file),
              testing::ElementsAre(
                  ImageFact{"manufacturer", "Maker"}, ImageFact{"model", "X1"},
                  ImageFact{"modality", "DX"}, ImageFact{"view", "PA"},
                  ImageFact{"body_part", "CHEST"}, ImageFact{"kvp", "120.5"},
                  ImageFact{"exposure", "3"}, ImageFact{"spacing", "0.14x0.15"},
                  ImageFact{"photometric", "MONOCHROME2"},
                  ImageFact{"transfer_syntax", "1.2.840.10008.1.2.1"},
                  ImageFact{"bits_stored", "16"}));
}

TEST(DicomFacts, HaveNamesInTheirOrder) {
  const std::vector<std::string>& names = AllImageFacts();
  auto at = names.begin();
  for (const auto& [name, value] :
       Facts(Dot().Set(0x00100040, "CS", "F").Set(0x00180060, "DS", "90"))) {
    at = std::find(at, names.end(), name);
    ASSERT_NE(at, names.end()) << name;
  }
}

TEST(DicomFacts, HoldNothingThatNamesAPerson) {
  const TestDicom file = Dot()
                             .Set(0x00080018, "UI", "1.2.777")
                             .Set(0x00080020, "DA", "20140313")
                             .Set(0x00080050, "SH", "777")
                             .Set(0x00080080, "LO", "Hospital777")
                             .Set(0x00080090, "PN", "Doctor777")
                             .Set(0x00100010, "PN", "Person777")
                             .Set(0x00100020, "LO", "777")
                             .Set(0x00100030, "DA", "19500313")
                             .Set(0x00101010, "AS", "064Y")
                             .Set(0x0020000d, "UI", "1.2.777");
  for (const auto& [name, value] : Facts(file)) {
    EXPECT_EQ(value.find("777"), std::string::npos) << name;
    EXPECT_EQ(value.find("0313"), std::string::npos) << name;
  }
  EXPECT_EQ(Fact(file, "year"), "2014");
  EXPECT_EQ(Fact(file, "header_age"), "64");
}

TEST(DicomFacts, AgesAreWholeYearsUpTo90) {
  const auto age = [](const char* text) {
    return Fact(Dot().Set(0x00101010, "AS", text), "header_age");
  };
  EXPECT_EQ(age("045Y"), "45");
  EXPECT_EQ(age("030M"), "2");
  EXPECT_EQ(age("003D"), "0");
  EXPECT_EQ(age("093Y"), "90");
  EXPECT_EQ(age("old"), "none");
  EXPECT_EQ(age("Y"), "none");
}

TEST(DicomFacts, ThatAreDamagedAreLeftOut) {
  EXPECT_EQ(Fact(Dot().Set(0x00180060, "DS", "high"), "kvp"), "none");
  EXPECT_EQ(Fact(Dot().Set(0x00080070, "LO", "Soci\xe9t\xe9"), "manufacturer"),
            "none");
  EXPECT_EQ(Fact(Dot().Set(0x00100040, "CS", "X"), "header_sex"), "none");
  EXPECT_EQ(Fact(Dot().Set(0x00080020, "DA", "soon"), "year"), "none");
}

}  // namespace
}  // namespace plumbline
