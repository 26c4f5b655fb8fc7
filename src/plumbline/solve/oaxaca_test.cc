#include "plumbline/solve/oaxaca.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/random.h"

namespace plumbline {
namespace {

struct Data {
  std::vector<double> y;
  std::vector<int8_t> group;
  std::vector<int32_t> view, site;
  std::vector<uint32_t> subject;

  std::vector<OaxacaFactor> Factors() const {
    return {{"view", view, 2}, {"site", site, 3}};
  }
};

// Group b has more of view 1, which adds 0.3; the group itself adds 0.1.
Data Planted(int subjects) {
  RandomStream random(11, "people");
  Data data;
  for (int s = 0; s < subjects; ++s) {
    const int group = s % 2;
    const int site = static_cast<int>(random.NextBelow(3));
    for (uint64_t i = 0; i <= random.NextBelow(3); ++i) {
      const int view = random.NextUniform() < (group == 1 ? 0.7 : 0.3);
      data.group.push_back(static_cast<int8_t>(group));
      data.view.push_back(view);
      data.site.push_back(site);
      data.subject.push_back(static_cast<uint32_t>(s));
      data.y.push_back(random.NextUniform() <
                       0.2 + 0.3 * view + 0.1 * group + 0.05 * site);
    }
  }
  return data;
}

TEST(Oaxaca, FindsWhatWasPlantedWithinItsErrors) {
  const Data data = Planted(6000);
  const OaxacaResult r =
      Oaxaca(data.y, data.group, data.Factors(), data.subject, 6000);
  ASSERT_STREQ(r.reason, "");
  EXPECT_NEAR(r.explained.value + r.unexplained.value, r.difference.value,
              1e-12);
  EXPECT_NEAR(r.explained.value, -0.12, 4 * r.explained.standard_error);
  EXPECT_NEAR(r.unexplained.value, -0.10, 4 * r.unexplained.standard_error);
  EXPECT_LT(r.explained.standard_error, 0.01);
  EXPECT_NEAR(r.by_factor[0].value + r.by_factor[1].value, r.explained.value,
              1e-12);
  EXPECT_NEAR(r.shapley[0].value + r.shapley[1].value, r.explained.value,
              1e-12);
  EXPECT_NEAR(r.by_factor[1].value, 0, 4 * r.by_factor[1].standard_error);
}

// One factor, two levels, group a's coefficients: Kitagawa's composition with
// the rates of a.
TEST(Oaxaca, EqualsTheHandComputationForOneFactor) {
  Data data;
  const auto add = [&](int group, int view, int rows, int positives) {
    for (int i = 0; i < rows; ++i) {
      data.group.push_back(static_cast<int8_t>(group));
      data.view.push_back(view);
      data.y.push_back(i < positives);
      data.subject.push_back(static_cast<uint32_t>(data.subject.size()));
    }
  };
  add(0, 0, 60, 30);
  add(0, 1, 40, 10);
  add(1, 0, 20, 8);
  add(1, 1, 80, 24);
  const OaxacaFactor view{"view", data.view, 2};
  const OaxacaResult a = Oaxaca(data.y, data.group, {&view, 1}, data.subject,
                                200, {.reference = OaxacaReference::kA});
  // (0.4 - 0.8) of view 1 times its rate less that of view 0, 0.25 - 0.5.
  EXPECT_NEAR(a.explained.value, 0.1, 1e-12);
  const OaxacaResult b = Oaxaca(data.y, data.group, {&view, 1}, data.subject,
                                200, {.reference = OaxacaReference::kB});
  EXPECT_NEAR(b.explained.value, -0.4 * (0.3 - 0.4), 1e-12);
  // Pooled with the group's indicator: within-group slope, by least squares
  // (numpy): -0.19.
  const OaxacaResult pooled =
      Oaxaca(data.y, data.group, {&view, 1}, data.subject, 200);
  EXPECT_NEAR(pooled.explained.value, 0.4 * 0.19, 1e-12);
}

TEST(Oaxaca, DoesNotDependOnWhichLevelIsTheFirst) {
  Data data = Planted(900);
  const OaxacaResult before =
      Oaxaca(data.y, data.group, data.Factors(), data.subject, 900);
  for (int32_t& site : data.site) site = 2 - site;
  const OaxacaResult after =
      Oaxaca(data.y, data.group, data.Factors(), data.subject, 900);
  for (int f = 0; f < 2; ++f) {
    EXPECT_NEAR(before.by_factor[f].value, after.by_factor[f].value, 1e-10);
    EXPECT_NEAR(before.shapley[f].standard_error,
                after.shapley[f].standard_error, 1e-10);
  }
}

TEST(Oaxaca, SaysWhyNot) {
  Data data = Planted(40);
  EXPECT_STREQ(
      Oaxaca(data.y, data.group, data.Factors(), data.subject, 40).reason,
      "too_few_subjects");
  std::fill(data.group.begin(), data.group.end(), int8_t{0});
  EXPECT_STREQ(
      Oaxaca(data.y, data.group, data.Factors(), data.subject, 40).reason,
      "one_group");
  data = Planted(400);
  for (size_t i = 0; i < data.view.size(); ++i) data.view[i] = data.group[i];
  EXPECT_STREQ(
      Oaxaca(data.y, data.group, data.Factors(), data.subject, 400).reason,
      "no_common_level");
}

}  // namespace
}  // namespace plumbline
