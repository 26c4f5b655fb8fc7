#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <complex>
#include <map>
#include <numbers>

#include "plumbline/base/json.h"
#include "plumbline/base/test_support.h"
#include "plumbline/cohort/phantom/attribute_signal.h"
#include "plumbline/cohort/phantom/draw_phantom.h"
#include "plumbline/cohort/phantom/phantom_folder.h"

namespace plumbline {
namespace {

using testing::HasSubstr;

// Share of yes among the subjects of a group.
template <typename Test>
double Share(const PhantomPlan& plan, bool is_b, Test test) {
  double yes = 0, all = 0;
  for (const PhantomSubject& s : plan.subjects) {
    if (s.is_b != is_b) continue;
    all += 1;
    yes += test(s) ? 1 : 0;
  }
  return yes / all;
}

TEST(PhantomPlan, DealsEveryAttributeEvenlyOverTheOthers) {
  const PhantomPlan plan = MakePhantomPlan({});
  ASSERT_EQ(plan.subjects.size(), 1000);
  EXPECT_EQ(plan.rows.size(), 1500);
  for (const bool is_b : {false, true}) {
    const auto share = [&](auto test) { return Share(plan, is_b, test); };
    EXPECT_NEAR(share([](const auto& s) { return s.sick; }), 0.3, 0.01);
    EXPECT_NEAR(share([](const auto& s) { return s.is_south; }), 0.5, 0.01);
    EXPECT_NEAR(share([](const auto& s) { return s.is_site_two; }), 0.5, 0.01);
    EXPECT_NEAR(
        share([](const auto& s) { return s.part == PhantomSplit::kTest; }), 0.3,
        0.01);
    EXPECT_NEAR(share([](const auto& s) { return s.age < 54; }), 0.5, 0.02);
    EXPECT_NEAR(share([](const auto& s) { return s.sick && s.is_south; }), 0.15,
                0.01);
  }
}

TEST(PhantomPlan, PlantsWhatTheOptionsSay) {
  PhantomOptions options;
  options.prevalence = {0.2, 0.5};
  options.south = {0.1, 0.6};
  options.unknown = {0, 0.1};
  const PhantomPlan plan = MakePhantomPlan(options);
  EXPECT_NEAR(Share(plan, false, [](const auto& s) { return s.sick; }), 0.2,
              0.01);
  EXPECT_NEAR(Share(plan, true, [](const auto& s) { return s.sick; }), 0.5,
              0.01);
  EXPECT_NEAR(Share(plan, true, [](const auto& s) { return s.is_south; }), 0.6,
              0.01);
  EXPECT_NEAR(Share(plan, true, [](const auto& s) { return !s.group_known; }),
              0.1, 0.01);
  EXPECT_EQ(Share(plan, false, [](const auto& s) { return !s.group_known; }),
            0);
}

// Share of a recorded value among the rows of the sick of group B.
double RecordedOfSickB(const PhantomPlan& plan, RecordedLabel value) {
  double yes = 0, all = 0;
  for (const PhantomRow& row : plan.rows) {
    const PhantomSubject& s = plan.subjects[row.subject];
    if (!s.is_b || !s.sick) continue;
    all += 1;
    yes += row.sick == value ? 1 : 0;
  }
  return yes / all;
}

TEST(PhantomPlan, RecordsAreSilentBlankOrWrongWhereAsked) {
  PhantomOptions options;
  options.silent = {0, 0.4};
  options.blank = {0, 0};
  options.missed = {0, 0.25};
  const PhantomPlan plan = MakePhantomPlan(options);
  EXPECT_NEAR(RecordedOfSickB(plan, RecordedLabel::kNotMentioned), 0.4, 0.01);
  EXPECT_NEAR(RecordedOfSickB(plan, RecordedLabel::kNo), 0.25 * 0.6, 0.02);
  options.blank = {0, 0.3};
  options.silent = {0, 0};
  EXPECT_NEAR(RecordedOfSickB(MakePhantomPlan(options), RecordedLabel::kBlank),
              0.3, 0.01);
}

TEST(PhantomPlan, TheReversalHasOneSignOverallAndTheOtherAtEachSite) {
  const PhantomPlan plan = MakePhantomPlan(OptionsOfPreset("simpson"));
  const auto rate = [&](bool is_b, int site) {
    double sick = 0, all = 0;
    for (const PhantomSubject& s : plan.subjects) {
      if (s.is_b != is_b || (site >= 0 && s.is_site_two != (site == 1))) {
        continue;
      }
      all += 1;
      sick += s.sick;
    }
    return sick / all;
  };
  EXPECT_GT(rate(true, -1), rate(false, -1) + 0.1);
  EXPECT_LT(rate(true, 0), rate(false, 0) - 0.1);
  EXPECT_LT(rate(true, 1), rate(false, 1) - 0.1);
}

TEST(PhantomPlan, CopiesOfTrainingImagesLieInTheTestSet) {
  const PhantomPlan plan =
      MakePhantomPlan(OptionsOfPreset("duplicates-across-split"));
  std::map<CopyChange, int> changes;
  for (const PhantomRow& row : plan.rows) {
    if (row.copy_of < 0) continue;
    ++changes[row.change];
    EXPECT_EQ(plan.subject(row.copy_of).part, PhantomSplit::kTrain);
    EXPECT_EQ(plan.subjects[row.subject].part, PhantomSplit::kTest);
    EXPECT_NE(plan.rows[row.copy_of].subject, row.subject);
  }
  EXPECT_EQ(changes[CopyChange::kExact], 30);
  EXPECT_EQ(changes.size(), 5);
}

TEST(PhantomPlan, PeopleStayInOnePartWithoutCopies) {
  const PhantomPlan plan = MakePhantomPlan({});
  std::map<int64_t, int> images;
  for (const PhantomRow& row : plan.rows) ++images[row.subject];
  EXPECT_EQ(images.size(), plan.subjects.size());
  for (const auto& [subject, count] : images) {
    EXPECT_TRUE(count == 1 || count == 2);
  }
}

TEST(PhantomOptions, AreChecked) {
  PhantomOptions options;
  options.side = 32;
  EXPECT_EQ(ErrorText([&] { MakePhantomPlan(options); }),
            "2: the side of the pictures is 32; expected 64 to 512");
  options = {};
  options.missed.b = 1.5;
  EXPECT_THAT(ErrorText([&] { MakePhantomPlan(options); }),
              HasSubstr("a share lies between 0 and 1"));
  EXPECT_THAT(ErrorText([] { OptionsOfPreset("simson"); }),
              HasSubstr("did you mean \"simpson\"?"));
  EXPECT_THAT(ErrorText([] { ParsePhantomKind("chets"); }),
              HasSubstr("did you mean \"chest\"?"));
}

PhantomOptions Small(PhantomKind kind) {
  PhantomOptions options;
  options.kind = kind;
  options.side = 64;
  options.subjects = 80;
  return options;
}

TEST(DrawPhantom, GivesTheSamePictureEachTimeAndAnotherForEachRow) {
  for (const PhantomKind kind : {PhantomKind::kChest, PhantomKind::kSkin}) {
    const PhantomPlan plan = MakePhantomPlan(Small(kind));
    const Image image = DrawPhantom(plan, 3);
    EXPECT_EQ(image.width, 64);
    EXPECT_EQ(image.channels, kind == PhantomKind::kChest ? 1 : 3);
    EXPECT_EQ(image.data, DrawPhantom(plan, 3).data);
    EXPECT_NE(image.data, DrawPhantom(plan, 4).data);
  }
}

TEST(DrawPhantom, CopiesAreChangedAsThePlanSays) {
  PhantomOptions options = Small(PhantomKind::kChest);
  options.exact_copies = options.changed_copies = 0.1;
  const PhantomPlan plan = MakePhantomPlan(options);
  for (size_t i = 0; i < plan.rows.size(); ++i) {
    const PhantomRow& row = plan.rows[i];
    if (row.copy_of < 0) continue;
    const Image copy = DrawPhantom(plan, static_cast<int64_t>(i));
    const Image original = DrawPhantom(plan, row.copy_of);
    EXPECT_EQ(copy.data == original.data, row.change == CopyChange::kExact);
    if (row.change == CopyChange::kMirrored) {
      EXPECT_EQ(copy.data[0], original.data[63]);
    }
  }
}

// Mean of the lungs, where opacities are.
double LungMean(const Image& image) {
  double sum = 0;
  int count = 0;
  for (int y = 16; y < 44; ++y) {
    for (int x = 12; x < 52; ++x) {
      sum += image.data[static_cast<size_t>(y) * image.width + x];
      ++count;
    }
  }
  return sum / count;
}

TEST(DrawPhantom, TheSignOfTheDiseaseIsThereAndGrowsWithItsStrength) {
  PhantomOptions options = Small(PhantomKind::kChest);
  const auto difference = [&](double strength) {
    options.disease = strength;
    const PhantomPlan plan = MakePhantomPlan(options);
    options.disease = 0;
    const PhantomPlan healthy = MakePhantomPlan(options);
    double sum = 0;
    int sick = 0;
    for (size_t i = 0; i < plan.rows.size(); ++i) {
      const auto row = static_cast<int64_t>(i);
      if (!plan.subject(row).sick) continue;
      sum += LungMean(DrawPhantom(plan, row)) -
             LungMean(DrawPhantom(healthy, row));
      ++sick;
    }
    return sum / sick;
  };
  EXPECT_EQ(difference(0), 0);
  EXPECT_GT(difference(1), 0.5);
  EXPECT_GT(difference(2), 1.5 * difference(1));
}

using Spectrum = std::vector<std::complex<double>>;

// The discrete Fourier transform of lines of `count` values `step` apart.
void TransformLine(const Spectrum& in, size_t start, size_t step, int count,
                   Spectrum* out) {
  for (int f = 0; f < count; ++f) {
    std::complex<double> sum = 0;
    for (int i = 0; i < count; ++i) {
      sum += in[start + i * step] *
             std::polar(1.0, -2 * std::numbers::pi * f * i / count);
    }
    (*out)[start + f * step] = sum;
  }
}

// Share of the power at so many cycles across the picture.
double PowerBetween(const Plane& plane, double least, double most) {
  const int side = plane.side;
  Spectrum values(plane.values.begin(), plane.values.end());
  Spectrum rows(values.size()), all(values.size());
  for (int y = 0; y < side; ++y) {
    TransformLine(values, static_cast<size_t>(y) * side, 1, side, &rows);
  }
  for (int x = 0; x < side; ++x) TransformLine(rows, x, side, side, &all);
  double inside = 0, total = 0;
  for (int y = 0; y < side; ++y) {
    for (int x = 0; x < side; ++x) {
      const double fy = y > side / 2 ? y - side : y;
      const double fx = x > side / 2 ? x - side : x;
      const double power = std::norm(all[static_cast<size_t>(y) * side + x]);
      const double cycles = std::hypot(fx, fy);
      total += power;
      if (cycles >= least && cycles <= most) inside += power;
    }
  }
  return inside / total;
}

TEST(AttributeSignal, HasItsAmplitudeInItsBand) {
  PhantomOptions options;
  options.place = SignalPlace::kWhole;
  for (const auto& [band, least, most] : {std::tuple{SignalBand::kLow, 2, 5},
                                          {SignalBand::kMiddle, 10, 20},
                                          {SignalBand::kHigh, 16, 24}}) {
    options.band = band;
    Plane plane(64);
    AddAttributeSignal(options, 10, 7, &plane);
    double squares = 0;
    for (const float v : plane.values) squares += v * v;
    EXPECT_NEAR(std::sqrt(squares / static_cast<double>(plane.values.size())),
                10, 2.5);
    // A wave that does not fit the side a whole number of times leaks a little.
    EXPECT_GT(PowerBetween(plane, least - 1.5, most + 1.5), 0.9)
        << NameOf(band);
  }
}

TEST(AttributeSignal, MasksArePlacesOfThePicture) {
  EXPECT_EQ(PlaceMask(SignalPlace::kWhole, 0.3f, -0.2f), 1);
  EXPECT_EQ(PlaceMask(SignalPlace::kCentre, 0, 0), 1);
  EXPECT_EQ(PlaceMask(SignalPlace::kCentre, 0.9f, 0), 0);
  EXPECT_EQ(PlaceMask(SignalPlace::kBorder, 0, 0), 0);
  EXPECT_EQ(PlaceMask(SignalPlace::kBorder, 0.95f, 0), 1);
  EXPECT_EQ(PlaceMask(SignalPlace::kCorner, 0.95f, -0.95f), 1);
  EXPECT_EQ(PlaceMask(SignalPlace::kCorner, -0.95f, 0.95f), 0);
}

TEST(PhantomFolder, TheTableHidesWhatTheTruthTells) {
  PhantomOptions options = OptionsOfPreset("silent-negatives");
  options.subjects = 100;
  options.seed = 5;
  const PhantomPlan plan = MakePhantomPlan(options);
  const std::string table = PhantomTable(plan);
  EXPECT_THAT(table, HasSubstr("image,patient_id,group,age,view,device,site,"
                               "exposure,part,opacity,enlarged_heart\n"));
  EXPECT_THAT(table, HasSubstr(",not mentioned,"));
  EXPECT_THAT(table, testing::Not(HasSubstr("silent")));
  EXPECT_THAT(PhantomTruthTable(plan), HasSubstr(",silent,"));
  const Json truth = ParseJson(PhantomTruth(plan, "silent-negatives"), "t");
  EXPECT_EQ(truth["codes_to_find"][0], "SV105");
  EXPECT_EQ(truth["options"]["silent"]["B"], 0.5);
  EXPECT_EQ(truth["groups"]["A"]["subjects"], 60);
}

}  // namespace
}  // namespace plumbline
