#include "plumbline/audit/ranked_rows.h"

#include <gtest/gtest.h>

#include <limits>

#include "plumbline/audit/synthetic_input.h"

namespace plumbline {
namespace {

TEST(RankRows, PutsTheHighestScoreFirstAndKeepsTiesInTableOrder) {
  const AuditInput input = SyntheticInput({.rows = 3000, .score_steps = 40});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  ASSERT_EQ(rows.size(), 3000);
  for (int64_t i = 1; i < rows.size(); ++i) {
    ASSERT_GE(rows.scores[i - 1], rows.scores[i]);
    if (rows.scores[i - 1] == rows.scores[i]) {
      ASSERT_LT(rows.subject[i - 1], rows.subject[i]);
    }
    const uint32_t row = rows.subject[i];  // rows stand alone
    ASSERT_EQ(rows.scores[i], input.targets[0].scores[row]);
    ASSERT_EQ(rows.positive(i), input.targets[0].labels[row] == 1);
    ASSERT_EQ(rows.cell(i), input.groups.cell_of_row[row]);
  }
}

TEST(RankRows, IsTheSameForAnyNumberOfThreads) {
  // Enough rows to be sorted in parts and merged.
  const AuditInput input =
      SyntheticInput({.rows = 250000, .score_steps = 5000});
  const RankedRows one = RankRows(input, input.targets[0], false, 1);
  const RankedRows four = RankRows(input, input.targets[0], false, 4);
  EXPECT_EQ(one.subject, four.subject);
  EXPECT_EQ(one.scores, four.scores);
  EXPECT_EQ(one.class_counts, four.class_counts);
}

TEST(RankRows, LeavesOutRowsWithoutLabelOrScore) {
  AuditInput input = SyntheticInput({.rows = 100});
  input.targets[0].labels[3] = kMissingLabel;
  input.targets[0].scores[7] = std::numeric_limits<double>::quiet_NaN();
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  EXPECT_EQ(rows.size(), 98);
  for (const uint32_t row : rows.subject) {
    EXPECT_NE(row, 3u);
    EXPECT_NE(row, 7u);
  }
}

TEST(RankRows, RanksZeroAndOneAtTheEnds) {
  AuditInput input = SyntheticInput({.rows = 4, .levels = {1}});
  input.targets[0].scores = {0.0, 1.0, -0.0, 0.5};
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  EXPECT_EQ(rows.subject, (std::vector<uint32_t>{1, 3, 0, 2}));
  EXPECT_EQ(rows.TieEnd(2), 4);
  EXPECT_EQ(rows.CountAtLeast(0.5), 2);
  EXPECT_EQ(rows.CountAtLeast(0), 4);
  EXPECT_EQ(rows.CountAtLeast(std::numeric_limits<double>::infinity()), 0);
}

TEST(GroupBySubject, FindsEveryRowOfEverySubject) {
  const AuditInput input = SyntheticInput({.rows = 300, .rows_per_subject = 3});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  const SubjectRows subjects = GroupBySubject(rows, input.subject_count);
  ASSERT_EQ(subjects.subjects(), 100);
  for (int64_t s = 0; s < subjects.subjects(); ++s) {
    ASSERT_EQ(subjects.offsets[s + 1] - subjects.offsets[s], 3u);
    for (uint32_t p = subjects.offsets[s]; p < subjects.offsets[s + 1]; ++p) {
      EXPECT_EQ(rows.subject[subjects.positions[p]], s);
    }
  }
}

}  // namespace
}  // namespace plumbline
