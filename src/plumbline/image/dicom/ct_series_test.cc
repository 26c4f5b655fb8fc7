#include "plumbline/image/dicom/ct_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/test_support.h"
#include "plumbline/image/dicom/test_dicom.h"

namespace plumbline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr uint32_t kPosition = 0x00200032;
constexpr uint32_t kOrientation = 0x00200037;
constexpr uint32_t kSeries = 0x0020000e;

// Axial, 2 x 1 pixels; the stored values are 1024 + z and 0.
TestDicom Slice(double z, const std::string& series = "1.2.3") {
  TestDicom file(2, 1, {1024 + static_cast<int>(z), 0});
  return file.Set(0x00080060, "CS", "CT")
      .Set(kSeries, "UI", series)
      .Set(kPosition, "DS", "-100\\-90\\" + std::to_string(z))
      .Set(kOrientation, "DS", "1\\0\\0\\0\\1\\0")
      .Set(0x00280030, "DS", "0.7\\0.8")
      .Set(0x00281052, "DS", "-1024")
      .Set(0x00281053, "DS", "1");
}

class Study {
 public:
  void Add(const TestDicom& file) { bytes_.push_back(file.Bytes()); }
  std::vector<NamedBytes> Files() const {
    std::vector<NamedBytes> files;
    for (size_t i = 0; i < bytes_.size(); ++i) {
      files.push_back({std::to_string(i) + ".dcm", bytes_[i]});
    }
    return files;
  }
  CtStudy Group() const { return GroupCtSlices(Files()); }

 private:
  std::vector<std::string> bytes_;
};

std::vector<size_t> Order(const CtSeries& series) {
  std::vector<size_t> files;
  for (const CtSlice& slice : series.slices) files.push_back(slice.file);
  return files;
}

TEST(CtSeries, AreSortedByPositionNotByFile) {
  Study study;
  for (const double z : {5.0, -5.0, 10.0, 0.0}) study.Add(Slice(z));
  const CtStudy grouped = study.Group();
  ASSERT_EQ(grouped.series.size(), 1);
  const CtSeries& series = grouped.series[0];
  EXPECT_THAT(Order(series), ElementsAre(1, 3, 0, 2));
  EXPECT_EQ(series.slice_spacing, 5);
  EXPECT_EQ(series.row_spacing, 0.7);
  EXPECT_EQ(series.column_spacing, 0.8);
  EXPECT_TRUE(series.is_regular);
  EXPECT_THAT(series.notes, IsEmpty());
  EXPECT_THAT(grouped.left_out, IsEmpty());
}

// Coronal: rows go along x, columns down; the normal is y.
TEST(CtSeries, PositionsAreProjectedOnTheNormal) {
  Study study;
  for (const double y : {30.0, 10.0, 20.0}) {
    study.Add(Slice(0)
                  .Set(kOrientation, "DS", "1\\0\\0\\0\\0\\-1")
                  .Set(kPosition, "DS", "0\\" + std::to_string(y) + "\\50"));
  }
  const CtStudy grouped = study.Group();
  EXPECT_THAT(Order(grouped.series.at(0)), ElementsAre(1, 2, 0));
  EXPECT_EQ(grouped.series[0].slices[0].position, 10);
}

TEST(CtSeries, SeriesAreKeptApart) {
  Study study;
  study.Add(Slice(0, "1.2.4"));
  study.Add(Slice(0, "1.2.3"));
  study.Add(Slice(5, "1.2.4"));
  const CtStudy grouped = study.Group();
  ASSERT_EQ(grouped.series.size(), 2);
  EXPECT_EQ(grouped.series[0].uid, "1.2.4");
  EXPECT_EQ(grouped.series[0].slices.size(), 2);
  EXPECT_EQ(grouped.series[1].slices.size(), 1);
  EXPECT_EQ(grouped.series[1].slice_spacing, 0);
}

TEST(CtSeries, GapsAreNamed) {
  Study study;
  for (const double z : {0.0, 5.0, 10.0, 25.0, 30.0}) study.Add(Slice(z));
  const CtSeries series = study.Group().series.at(0);
  EXPECT_FALSE(series.is_regular);
  EXPECT_THAT(series.notes,
              ElementsAre("a gap of 15.00 mm behind slice 3 where 5.00 mm is "
                          "usual: about 2 slices are missing"));
}

TEST(CtSeries, ASecondSliceAtAPlaceIsLeftOut) {
  Study study;
  for (const double z : {0.0, 5.0, 5.0, 10.0}) study.Add(Slice(z));
  const CtStudy grouped = study.Group();
  EXPECT_THAT(Order(grouped.series.at(0)), ElementsAre(0, 1, 3));
  ASSERT_EQ(grouped.left_out.size(), 1);
  EXPECT_EQ(grouped.left_out[0].file, 2);
  EXPECT_EQ(grouped.left_out[0].reason,
            "lies at 5.00 mm, where its series has a slice already");
}

TEST(CtSeries, ScoutViewsAreLeftOut) {
  Study study;
  study.Add(Slice(0).Set(kOrientation, "DS", "0\\1\\0\\0\\0\\-1"));
  study.Add(Slice(0));
  study.Add(Slice(5));
  const CtStudy grouped = study.Group();
  EXPECT_THAT(Order(grouped.series.at(0)), ElementsAre(1, 2));
  ASSERT_EQ(grouped.left_out.size(), 1);
  EXPECT_THAT(grouped.left_out[0].reason, HasSubstr("orientation"));
}

TEST(CtSeries, ATiltedGantryIsNoted) {
  Study study;
  for (const double z : {0.0, 5.0, 10.0}) {
    study.Add(Slice(z).Set(
        kPosition, "DS",
        "0\\" + std::to_string(z * 0.5) + "\\" + std::to_string(z)));
  }
  EXPECT_THAT(study.Group().series.at(0).notes,
              ElementsAre(HasSubstr("the gantry was tilted")));
}

TEST(CtSeries, FilesThatFitNowhereSayWhy) {
  Study study;
  study.Add(Slice(0).Set(0x00080060, "CS", "MR"));
  study.Add(Slice(0).Remove(kPosition));
  study.Add(Slice(0).Remove(kOrientation));
  study.Add(Slice(0).Set(kOrientation, "DS", "1\\1\\1\\1\\1\\1"));
  study.Add(Slice(0).Remove(kSeries));
  std::vector<NamedBytes> files = study.Files();
  files.push_back({"text.dcm", "no DICOM at all, but a text"});
  const CtStudy grouped = GroupCtSlices(files);
  EXPECT_THAT(grouped.series, IsEmpty());
  std::vector<std::string> reasons;
  for (const CtLeftOut& one : grouped.left_out) reasons.push_back(one.reason);
  EXPECT_THAT(reasons,
              ElementsAre("is no CT but \"MR\"",
                          "has no position (ImagePositionPatient)",
                          "has no orientation (ImageOrientationPatient)",
                          "has no orientation (ImageOrientationPatient)",
                          "does not say which series it belongs to",
                          testing::StartsWith("text.dcm: ")));
}

// One file of several frames, each with its own place.
TEST(CtSeries, FramesOfEnhancedCtAreSlices) {
  TestDicom file(1, 1, {7, 8});
  std::string groups;
  for (const char* z : {"3", "1"}) {
    groups += ItemBytes(ElementBytes(
        0x00209113, "SQ",
        ItemBytes(ElementBytes(kPosition, "DS", "0\\0\\" + std::string(z)))));
  }
  file.Set(0x00080060, "CS", "CT").Set(kSeries, "UI", "1.2");
  file.Set(0x00280008, "IS", "2").Set(0x52009230, "SQ", groups);
  file.Sequence(0x52009229,
                ElementBytes(0x00209116, "SQ",
                             ItemBytes(ElementBytes(kOrientation, "DS",
                                                    "1\\0\\0\\0\\1\\0"))));
  const std::string bytes = file.Bytes();
  const std::vector<NamedBytes> files = {{"a.dcm", bytes}};
  const CtStudy grouped = GroupCtSlices(files);
  ASSERT_EQ(grouped.series.size(), 1);
  EXPECT_THAT(ReadCtVolume(grouped.series[0], files).values, ElementsAre(8, 7));
}

TEST(CtVolume, IsInHounsfieldUnits) {
  Study study;
  for (const double z : {10.0, 0.0}) study.Add(Slice(z));
  const std::vector<NamedBytes> files = study.Files();
  const CtVolume volume =
      ReadCtVolume(GroupCtSlices(files).series.at(0), files);
  EXPECT_EQ(volume.depth, 2);
  EXPECT_THAT(volume.values, ElementsAre(0, -1024, 10, -1024));
  EXPECT_THAT(volume.notes, IsEmpty());
}

TEST(CtVolume, SaysWhereAFileDoesNotGiveHounsfieldUnits) {
  Study study;
  study.Add(Slice(0).Remove(0x00281053));
  const std::vector<NamedBytes> files = study.Files();
  EXPECT_THAT(
      ReadCtVolume(GroupCtSlices(files).series.at(0), files).notes,
      ElementsAre("0.dcm: does not say that its values are Hounsfield units; "
                  "taken as such"));
}

TEST(CtVolume, IsNoLargerThanAllowed) {
  Study study;
  for (const double z : {10.0, 0.0}) study.Add(Slice(z));
  const std::vector<NamedBytes> files = study.Files();
  DecodeOptions options;
  options.max_pixels = 3;
  EXPECT_EQ(ErrorText([&] {
              ReadCtVolume(GroupCtSlices(files).series.at(0), files, options);
            }),
            "3: the CT series: declares 2 x 2 pixels, more than the limit of "
            "3");
}

TEST(CtVolume, SlicesBecomePicturesThroughAWindow) {
  CtVolume volume{5, 1, 1, {-1024, -160, 40, 240, 3000}, {}};
  const Image image = CtSliceImage(volume, 0, 40, 400);
  EXPECT_THAT(image.samples16(), ElementsAre(0, 0, 32768, 65535, 65535));
  EXPECT_EQ(ErrorText([&] { CtSliceImage(volume, 1, 40, 400); }),
            "2: the volume has no slice 1: it has 1, counted from 0");
  EXPECT_EQ(ErrorText([&] { CtSliceImage(volume, 0, 40, 0); }),
            "2: a window cannot be 0 wide; expected a width above 0");
}

}  // namespace
}  // namespace plumbline
