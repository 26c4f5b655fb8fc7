#include "plumbline/audit/group_ranking.h"

#include <gtest/gtest.h>

#include "plumbline/audit/group_calibration.h"
#include "plumbline/audit/synthetic_input.h"

namespace plumbline {
namespace {

struct Case {
  const char* name;
  SyntheticOptions options;
};

class EveryGroup : public testing::TestWithParam<Case> {};

TEST_P(EveryGroup, HasTheAurocAndPrecisionOfItsOwnRows) {
  const AuditInput input = SyntheticInput(GetParam().options);
  const RankedRows rows = RankRows(input, input.targets[0], false, 2);
  const bool clustered = !input.subjects.empty();
  SubjectRows subjects;
  if (clustered) subjects = GroupBySubject(rows, input.subject_count);
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    const Grouping& grouping = input.groups.groupings[k];
    const auto ranking = RankGroups(rows, clustered ? &subjects : nullptr,
                                    input.groups, static_cast<int>(k), {});
    for (int g = 0; g < grouping.group_count; ++g) {
      const GroupRows own = RowsOfGroup(input, grouping.first_group + g);
      const AurocResult expected =
          clustered ? ClusteredAuroc(own.scores, own.labels, own.clusters)
                    : DelongAuroc(own.scores, own.labels);
      EXPECT_NEAR(ranking[g].auroc.auroc, expected.auroc, 1e-12);
      EXPECT_NEAR(ranking[g].auroc.variance, expected.variance, 1e-12);
      if (clustered) {
        EXPECT_EQ(ranking[g].auroc.positive_clusters,
                  expected.positive_clusters);
        EXPECT_EQ(ranking[g].auroc.negative_clusters,
                  expected.negative_clusters);
      }
      EXPECT_NEAR(ranking[g].average_precision,
                  AveragePrecision(own.scores, own.labels), 1e-12);
    }
  }
}

TEST_P(EveryGroup, HasTheCalibrationOfItsOwnRows) {
  const AuditInput input = SyntheticInput(GetParam().options);
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  const bool clustered = !input.subjects.empty();
  SubjectRows subjects;
  if (clustered) subjects = GroupBySubject(rows, input.subject_count);
  const std::vector<double> logits = LogitScores(rows);
  for (size_t k = 0; k < input.groups.groupings.size(); ++k) {
    const Grouping& grouping = input.groups.groupings[k];
    const auto fits =
        CalibrateGroups(rows, logits, clustered ? &subjects : nullptr,
                        input.groups, static_cast<int>(k));
    for (int g = 0; g < grouping.group_count; ++g) {
      const GroupRows own = RowsOfGroup(input, grouping.first_group + g);
      const CalibrationFit expected =
          FitCalibration(own.scores, own.labels,
                         clustered ? own.clusters : std::vector<uint32_t>{});
      ASSERT_EQ(fits[g].fit.converged, expected.converged);
      EXPECT_NEAR(fits[g].fit.slope, expected.slope, 1e-8);
      EXPECT_NEAR(fits[g].fit.slope_se, expected.slope_se, 1e-8);
      EXPECT_NEAR(fits[g].fit.intercept, expected.intercept, 1e-8);
      EXPECT_NEAR(fits[g].fit.intercept_se, expected.intercept_se, 1e-8);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    RankGroups, EveryGroup,
    testing::Values(
        Case{"IndependentRows", {}}, Case{"Ties", {.score_steps = 20}},
        Case{"Clusters", {.rows_per_subject = 3, .subject_sd = 1.0}},
        Case{"SubjectsInSeveralGroups",
             {.rows_per_subject = 4,
              .subject_sd = 1.0,
              .score_steps = 50,
              .attributes_by_subject = false}},
        Case{"ScoresFarTooExtreme",
             {.rows_per_subject = 3, .subject_sd = 6, .signal = 0.3}},
        Case{"MissingAttribute",
             {.rows_per_subject = 2, .missing_attribute = 0.2}}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(RankGroups, GivesARocFromCornerToCorner) {
  const AuditInput input = SyntheticInput({.rows = 5000});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  const auto ranking =
      RankGroups(rows, nullptr, input.groups, 0, {.roc_points = 200});
  const auto& roc = ranking[0].roc;
  ASSERT_GE(roc.size(), 50u);
  EXPECT_LE(roc.size(), 202u);
  EXPECT_EQ(roc.front(), std::pair(0.0, 0.0));
  EXPECT_EQ(roc.back(), std::pair(1.0, 1.0));
  double area = 0;
  for (size_t i = 1; i < roc.size(); ++i) {
    EXPECT_GE(roc[i].first, roc[i - 1].first);
    EXPECT_GE(roc[i].second, roc[i - 1].second);
    area += (roc[i].first - roc[i - 1].first) *
            (roc[i].second + roc[i - 1].second) / 2;
  }
  EXPECT_NEAR(area, ranking[0].auroc.auroc, 0.002);
}

}  // namespace
}  // namespace plumbline
