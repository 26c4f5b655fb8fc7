#include "plumbline/audit/monitor/streams.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "plumbline/table/groups.h"

namespace plumbline {
namespace {

struct Row {
  const char* day;
  uint32_t subject;
  int label;
  double score;
  uint32_t group;  // 0 or 1
};

struct Made {
  AuditInput input;
  std::vector<Window> windows;
  TimedRows rows;
};

Made Make(const std::vector<Row>& rows, bool with_subjects = true) {
  Made made;
  AuditTarget target;
  std::vector<uint32_t> codes;
  std::vector<Day> days;
  for (const Row& row : rows) {
    target.labels.push_back(static_cast<int8_t>(row.label));
    target.scores.push_back(row.score);
    codes.push_back(row.group);
    days.push_back(row.day == nullptr ? kNoDay : *DateFormat().Parse(row.day));
    if (with_subjects) made.input.subjects.push_back(row.subject);
  }
  made.input.rows = static_cast<int64_t>(rows.size());
  made.input.subject_count = with_subjects ? 10 : 0;
  made.input.targets.push_back(target);
  CategoricalColumn column;
  column.name = "g";
  column.levels = {"a", "b"};
  column.first_row = {0, 0};
  column.codes = CodeVector::Pack(codes, 2);
  std::vector<CategoricalColumn> columns;
  columns.push_back(std::move(column));
  made.input.groups = BuildGroups(std::move(columns), {false}, 1);
  made.windows = CutWindows(days, ParseWindowRule("month"));
  made.rows = OrderInTime(made.input, days, WindowOfDays(days, made.windows));
  return made;
}

// "day x" of each contribution of everyone.
std::vector<std::string> Of(const Made& made, const char* metric,
                            SubjectVisits visits, int grouping = 0) {
  const StreamMetric stream = StreamMetrics({metric}).at(0);
  std::vector<std::string> texts;
  for (const Contribution& c :
       Contributions(made.input, made.rows, 0, 0.5, grouping, stream, visits)) {
    texts.push_back(DayText(c.day).substr(5) + " " +
                    fmt::format("{:.3f}", c.x) +
                    (grouping == 0 ? "" : " " + std::to_string(c.group)));
  }
  return texts;
}

using S = std::vector<std::string>;

// Subject 1 has a hit and a miss in January and a miss in February; subject 2 a
// miss in January, and a row without a score.
Made Small() {
  return Make({{"2024-01-20", 1, 1, 0.9, 0},
               {"2024-01-25", 1, 1, 0.1, 0},
               {"2024-01-10", 1, 0, 0.1, 0},
               {"2024-01-05", 2, 1, 0.2, 1},
               {"2024-01-06", 2, 1, NAN, 1},
               {"2024-02-01", 1, 1, 0.3, 0},
               {nullptr, 3, 1, 0.3, 0},
               {"2024-02-15", 3, -1, 0.3, 0}});
}

TEST(Contributions, CountASubjectOnceWithItsMean) {
  EXPECT_EQ(Of(Small(), "fnr", SubjectVisits::kOnce),
            (S{"01-05 1.000", "01-20 0.500"}));
  EXPECT_EQ(Of(Small(), "fpr", SubjectVisits::kOnce), (S{"01-10 0.000"}));
}

TEST(Contributions, CountASubjectInEveryWindowIfAsked) {
  EXPECT_EQ(Of(Small(), "fnr", SubjectVisits::kEvery),
            (S{"01-05 1.000", "01-20 0.500", "02-01 1.000"}));
}

TEST(Contributions, HaveTheDenominatorOfTheirRate) {
  // Flagged: one of subject 1's three rows in January, none of subject 2's.
  EXPECT_EQ(Of(Small(), "selection_rate", SubjectVisits::kOnce),
            (S{"01-05 0.000", "01-10 0.333"}));
  EXPECT_EQ(Of(Small(), "ppv", SubjectVisits::kOnce), (S{"01-20 1.000"}));
  EXPECT_EQ(Of(Small(), "prevalence", SubjectVisits::kOnce),
            (S{"01-05 1.000", "01-10 0.667"}));
}

TEST(Contributions, OfCalibrationAreMiddledAtOneHalf) {
  // (1 + y - p) / 2: 0.9; mean of 0.55, 0.95 and 0.45.
  EXPECT_EQ(Of(Small(), "observed_expected", SubjectVisits::kOnce),
            (S{"01-05 0.900", "01-10 0.650"}));
}

TEST(Contributions, AreSortedByGroup) {
  EXPECT_EQ(Of(Small(), "fnr", SubjectVisits::kEvery, 1),
            (S{"01-20 0.500 1", "02-01 1.000 1", "01-05 1.000 2"}));
}

TEST(Contributions, AreRowsWithoutSubjects) {
  const Made made = Make({{"2024-01-20", 0, 1, 0.9, 0},
                          {"2024-01-05", 0, 1, 0.1, 0},
                          {"2024-01-05", 0, 0, 0.1, 0}},
                         false);
  EXPECT_EQ(Of(made, "fnr", SubjectVisits::kOnce),
            (S{"01-05 1.000", "01-20 0.000"}));
}

StreamSetup SetupOf(const Made& made, WindowRange baseline, double expected) {
  StreamSetup setup;
  setup.windows = &made.windows;
  setup.baseline = baseline;
  setup.expected = expected;
  setup.minimum = 1;
  return setup;
}

std::vector<Contribution> Days(
    const std::vector<std::pair<const char*, double>>& list) {
  std::vector<Contribution> contributions;
  for (const auto& [day, x] : list) {
    contributions.push_back({0, *DateFormat().Parse(day), x});
  }
  return contributions;
}

TEST(Follow, PutsContributionsInTheirWindows) {
  const Made made =
      Make({{"2024-01-20", 0, 1, 0.9, 0}, {"2024-04-05", 0, 1, 0.1, 0}});
  const auto all = Days({{"2024-01-01", 0.0},
                         {"2024-02-01", 1.0},
                         {"2024-02-29", 0.0},
                         {"2024-03-01", 1.0},
                         {"2024-04-30", 1.0}});
  const StreamResult stream = Follow(
      all, SetupOf(made, {1, 1}, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_EQ(stream.baseline.size(), 2);
  EXPECT_EQ(stream.baseline.mean(), 0.5);
  ASSERT_EQ(stream.points.size(), 2u);
  EXPECT_EQ(stream.points[0].window, 2);
  EXPECT_EQ(stream.points[0].n, 1);
  EXPECT_EQ(stream.points[1].n, 2);
  EXPECT_NEAR(stream.points[1].log_e,
              EvidenceOfDrift(stream.baseline, stream.later, 0).both, 1e-12);
}

// Expected 0.5. The first 1 gives as much to one side as it takes from the
// other, the next ones add, and 0 takes some of it back: the largest stays.
TEST(Follow, RemembersTheDaysOfRecords) {
  const Made made =
      Make({{"2024-01-20", 0, 1, 0.9, 0}, {"2024-02-05", 0, 1, 0.1, 0}});
  const auto all = Days({{"2024-01-01", 1.0},
                         {"2024-01-02", 1.0},
                         {"2024-01-02", 1.0},
                         {"2024-01-03", 1.0},
                         {"2024-02-03", 0.0}});
  const StreamResult stream = Follow(all, SetupOf(made, {0, -1}, 0.5));
  ASSERT_EQ(stream.records.size(), 2u);
  EXPECT_EQ(DayText(stream.records[0].first), "2024-01-02");
  BoundedSample ones;
  for (int i = 0; i < 4; ++i) ones.Add(1);
  const double most = EvidenceAgainst(ones, 0.5, 0).both;
  EXPECT_NEAR(stream.records[1].second, most, 1e-12);
  ASSERT_EQ(stream.points.size(), 2u);
  EXPECT_NEAR(stream.points[0].log_e, most, 1e-12);
  EXPECT_LT(stream.points[1].log_e, most);
  EXPECT_NEAR(stream.points[1].log_e_largest, most, 1e-12);
}

TEST(Follow, SaysWhyItDoesNotTest) {
  const Made made =
      Make({{"2024-01-20", 0, 1, 0.9, 0}, {"2024-02-05", 0, 1, 0.1, 0}});
  StreamSetup setup =
      SetupOf(made, {0, 0}, std::numeric_limits<double>::quiet_NaN());
  setup.minimum = 2;
  const auto one = Days({{"2024-01-01", 1.0}, {"2024-02-02", 1.0}});
  EXPECT_STREQ(Follow(one, setup).reason, "below_minimum");
  const auto none = Days({{"2024-02-02", 1.0}});
  EXPECT_STREQ(Follow(none, setup).reason, "no_baseline");
  EXPECT_TRUE(std::isnan(Follow(none, setup).points[0].drift.lo));
}

}  // namespace
}  // namespace plumbline
