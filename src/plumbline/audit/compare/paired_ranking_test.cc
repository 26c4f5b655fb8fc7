#include "plumbline/audit/compare/paired_ranking.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/audit/compare/paired_input_for_test.h"
#include "plumbline/stats/roc.h"

namespace plumbline {
namespace {

// The scores of one model in the rows of a group.
GroupRows RowsOf(const CompareInput& input, int model, int group) {
  AuditInput one = input.rows;
  one.targets = {input.target(0, model)};
  return RowsOfGroup(one, group);
}

void ExpectEqualToPairedAuroc(const SyntheticOptions& options) {
  const CompareInput input = PairedInput(options, 0.7);
  const PairedRows rows = PairRows(input, 0, {0.5, 0.5});
  const GroupIndex& groups = input.rows.groups;
  for (size_t k = 0; k < groups.groupings.size(); ++k) {
    const auto rankings = RankPairs(rows, groups, static_cast<int>(k));
    for (size_t g = 0; g < rankings.size(); ++g) {
      const int group = groups.groupings[k].first_group + static_cast<int>(g);
      const GroupRows a = RowsOf(input, kBaseline, group);
      const GroupRows b = RowsOf(input, kChallenger, group);
      const PairedAurocResult expected =
          PairedAuroc(b.scores, a.scores, a.labels,
                      rows.clustered ? a.clusters : std::vector<uint32_t>{});
      EXPECT_NEAR(rankings[g].difference, expected.difference.value, 1e-12);
      const double variance =
          expected.a.variance + expected.b.variance - 2 * expected.covariance;
      EXPECT_NEAR(rankings[g].variance, variance, 1e-12);
      EXPECT_EQ(rankings[g].positive_clusters, expected.a.positive_clusters);
    }
  }
}

TEST(RankPairs, EqualsDelongsCovarianceInEveryGroup) {
  ExpectEqualToPairedAuroc({.rows = 400, .seed = 3});
}

TEST(RankPairs, EqualsDelongsCovarianceWithTies) {
  ExpectEqualToPairedAuroc({.rows = 400, .score_steps = 8, .seed = 4});
}

TEST(RankPairs, EqualsObuchowskisCovarianceInEveryGroup) {
  ExpectEqualToPairedAuroc({.rows = 600,
                            .rows_per_subject = 4,
                            .subject_sd = 1,
                            .score_steps = 20,
                            .seed = 5});
}

TEST(RankPairs, EqualsObuchowskisCovarianceWhereSubjectsSpanGroups) {
  ExpectEqualToPairedAuroc({.rows = 600,
                            .rows_per_subject = 4,
                            .subject_sd = 1,
                            .attributes_by_subject = false,
                            .seed = 6});
}

TEST(RankPairs, FindsNoDifferenceAtAllInModelsThatOrderAlike) {
  CompareInput input = PairedInput({.rows = 300, .seed = 7}, 0);
  for (double& score : input.rows.targets[1].scores) score = score * score;
  const PairedRows rows = PairRows(input, 0, {0.5, 0.5});
  for (const PairedRanking& ranking : RankPairs(rows, input.rows.groups, 1)) {
    EXPECT_EQ(ranking.difference, 0);
    EXPECT_EQ(ranking.variance, 0);
  }
}

TEST(RankPairs, GivesNoNumberForOneClass) {
  CompareInput input = PairedInput({.rows = 50, .levels = {1}}, 1);
  for (AuditTarget& target : input.rows.targets) {
    target.labels.assign(target.labels.size(), 1);
  }
  const PairedRows rows = PairRows(input, 0, {0.5, 0.5});
  EXPECT_TRUE(std::isnan(RankPairs(rows, input.rows.groups, 0)[0].difference));
}

}  // namespace
}  // namespace plumbline
