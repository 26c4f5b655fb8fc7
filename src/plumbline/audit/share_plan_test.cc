#include "plumbline/audit/share_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/audit/share_input_for_test.h"

namespace plumbline {
namespace {

using testing::Each;
using testing::ElementsAre;

using enum ShareLayer;

SharePlan PlanOf(const AuditInput& input, int64_t minimum = 11) {
  return PlanSharing(input, Audit(input, ShareAuditOptions()), {minimum});
}

std::vector<uint8_t> HiddenOf(const SharePlan& plan, ShareLayer layer,
                              int target = 0) {
  return plan.hidden[target][static_cast<int>(layer)];
}

// Groups: everyone, p, q, r.
std::vector<ShareCell> LargeCells() {
  return {{"p", 40, 20, 30, 60}, {"q", 50, 30, 20, 70}, {"r", 60, 25, 35, 80}};
}

TEST(SharePlan, HidesNothingWhereAllCountsAreLarge) {
  const SharePlan plan = PlanOf(ShareInput(LargeCells()));
  for (const ShareLayer layer : {kPeople, kLabels, kMisses, kAlarms}) {
    EXPECT_THAT(HiddenOf(plan, layer), ElementsAre(0, 0, 0, 0));
    EXPECT_EQ(plan.CountHidden(layer), 0);
  }
  EXPECT_FALSE(plan.fell_back);
  EXPECT_FALSE(plan.hides_classes);
}

TEST(SharePlan, HidesASmallGroupWithAnotherInEveryLayer) {
  auto cells = LargeCells();
  cells[2] = {"r", 1, 1, 1, 1};
  const SharePlan plan = PlanOf(ShareInput(cells));
  const auto people = HiddenOf(plan, kPeople);
  EXPECT_EQ(people[0], 0) << "everyone";
  EXPECT_EQ(people[3], 1) << "the group itself";
  EXPECT_EQ(people[1] + people[2], 1) << "and one whose sum would tell it";
  for (size_t g = 0; g < people.size(); ++g) {
    for (const ShareLayer layer : {kLabels, kMisses, kAlarms}) {
      EXPECT_GE(HiddenOf(plan, layer)[g], people[g]);
    }
  }
}

TEST(SharePlan, HidesFewMissesAndNothingElse) {
  auto cells = LargeCells();
  cells[0].false_negatives = 3;
  const SharePlan plan = PlanOf(ShareInput(cells));
  EXPECT_THAT(HiddenOf(plan, kPeople), Each(0));
  EXPECT_THAT(HiddenOf(plan, kLabels), Each(0));
  EXPECT_THAT(HiddenOf(plan, kAlarms), Each(0));
  const auto misses = HiddenOf(plan, kMisses);
  EXPECT_EQ(misses[1], 1);
  EXPECT_GE(plan.CountHidden(kMisses), 2) << "one alone is a difference";
}

TEST(SharePlan, HidesFewUpToTheMinimumOnly) {
  auto cells = LargeCells();
  cells[0].false_positives = 10;
  EXPECT_GT(PlanOf(ShareInput(cells), 11).CountHidden(kAlarms), 0);
  EXPECT_EQ(PlanOf(ShareInput(cells), 10).CountHidden(kAlarms), 0);
  cells[0].false_positives = 0;  // nobody can be known by a zero
  EXPECT_EQ(PlanOf(ShareInput(cells), 11).CountHidden(kAlarms), 0);
}

TEST(SharePlan, HidesWhereEverybodyHasTheFinding) {
  auto cells = LargeCells();
  cells[1] = {"q", 50, 30, 0, 0};
  EXPECT_EQ(HiddenOf(PlanOf(ShareInput(cells)), kLabels)[2], 1);
}

TEST(SharePlan, CountsPeopleAndNotTheirRows) {
  AuditInput input = ShareInput(LargeCells());
  // The 200 rows of r belong to five people, all other rows to one each.
  const int64_t first = input.groups.attributes[0].first_row[2];
  for (int64_t row = 0; row < input.rows; ++row) {
    input.subjects.push_back(
        static_cast<uint32_t>(row < first ? row : first + row % 5));
  }
  input.subject_count = first + 5;
  const SharePlan plan = PlanOf(input);
  EXPECT_FALSE(plan.IsShown(0, kPeople, 3));
  EXPECT_TRUE(plan.IsShown(0, kPeople, 0));
}

TEST(SharePlan, TakesRowsOfWeightZeroForNobody) {
  AuditInput input = ShareInput(LargeCells());
  input.weights.assign(input.rows, 1.0);
  const int64_t first = input.groups.attributes[0].first_row[2];
  for (int64_t row = first + 4; row < input.rows; ++row) input.weights[row] = 0;
  EXPECT_FALSE(PlanOf(input).IsShown(0, kPeople, 3));
}

TEST(SharePlan, TellsNoRowsOfLevelsWhereFewAreNotAudited) {
  AuditInput input = ShareInput(LargeCells());
  for (int row = 0; row < 3; ++row) {
    input.targets[0].labels[row] = kMissingLabel;
  }
  const SharePlan plan = PlanOf(input);
  EXPECT_THAT(plan.shows_missing, ElementsAre(0));
  EXPECT_FALSE(plan.shows_level_rows);
  EXPECT_TRUE(PlanOf(ShareInput(LargeCells())).shows_level_rows);
}

TEST(SharePlan, HidesATargetWhoseRowsAreNearlyThoseOfAnother) {
  AuditInput input = ShareInput(LargeCells());
  input.targets.push_back(input.targets[0]);
  input.targets[1].name = input.targets[1].label_column = "z";
  for (int row = 0; row < 5; ++row) {
    input.targets[1].labels[row] = kMissingLabel;
  }
  const SharePlan plan = PlanOf(input);
  EXPECT_THAT(HiddenOf(plan, kPeople, 0), Each(0));
  EXPECT_THAT(HiddenOf(plan, kPeople, 1), Each(1));
}

TEST(SharePlan, HidesEachModelByItsOwnMisses) {
  const AuditInput input = TwoModelInput(LargeCells());
  const SharePlan plan = PlanOf(input);
  EXPECT_THAT(HiddenOf(plan, kMisses, 0), Each(0));
  EXPECT_EQ(HiddenOf(plan, kMisses, 1)[1], 1);
}

// Three classes, decided for: confusion[label][decision] rows in each of two
// groups.
AuditInput ClassInput(const std::vector<std::vector<int>>& confusion) {
  AuditInput input;
  MulticlassModel model;
  model.name = model.label_column = "dx";
  model.model = "decision";
  model.classes = {"k", "l", "m"};
  model.targets = {0, 1, 2};
  model.other_scores.resize(3);
  std::vector<uint32_t> codes;
  for (uint32_t group = 0; group < 2; ++group) {
    for (int label = 0; label < 3; ++label) {
      for (int decision = 0; decision < 3; ++decision) {
        for (int i = 0; i < confusion[label][decision]; ++i) {
          codes.push_back(group);
          model.labels.push_back(label);
          model.decisions.push_back(decision);
        }
      }
    }
  }
  for (int k = 0; k < 3; ++k) {
    AuditTarget target;
    target.name = model.classes[k];
    target.label_column = "dx";
    target.score_column = "decision";
    target.hard_decisions = true;
    for (size_t row = 0; row < codes.size(); ++row) {
      target.labels.push_back(model.labels[row] == k ? 1 : 0);
      target.scores.push_back(model.decisions[row] == k ? 1 : 0);
    }
    input.targets.push_back(std::move(target));
  }
  input.rows = static_cast<int64_t>(codes.size());
  input.multiclass.push_back(std::move(model));
  CategoricalColumn column;
  column.name = "a";
  column.levels = {"p", "q"};
  column.first_row = {0, input.rows / 2};
  column.codes = CodeVector::Pack(codes, 2);
  std::vector<CategoricalColumn> columns;
  columns.push_back(std::move(column));
  input.groups = BuildGroups(std::move(columns), {false}, 1);
  return input;
}

void ExpectOnlyPeople(const SharePlan& plan) {
  EXPECT_TRUE(plan.hides_classes);
  for (int target = 0; target < 3; ++target) {
    EXPECT_THAT(HiddenOf(plan, kPeople, target), Each(0));
    for (const ShareLayer layer : {kLabels, kMisses, kAlarms}) {
      EXPECT_THAT(HiddenOf(plan, layer, target), Each(1));
    }
  }
}

TEST(SharePlan, HidesAllClassesWithOneThatIsRare) {
  ExpectOnlyPeople(PlanOf(ClassInput({{90, 20, 0}, {20, 90, 0}, {0, 0, 4}})));
}

TEST(SharePlan, HidesAllClassesWhereFewAreTakenForAnother) {
  // Misses and false alarms of all classes are large; the 3 of l taken for m
  // would be what is left of them.
  ExpectOnlyPeople(
      PlanOf(ClassInput({{90, 20, 12}, {20, 90, 3}, {30, 0, 90}})));
}

TEST(SharePlan, ShowsClassesWhereNoCountIsSmall) {
  const SharePlan plan =
      PlanOf(ClassInput({{90, 20, 0}, {20, 90, 13}, {30, 0, 90}}));
  EXPECT_FALSE(plan.hides_classes);
  for (int target = 0; target < 3; ++target) {
    EXPECT_THAT(HiddenOf(plan, kAlarms, target), Each(0));
  }
}

}  // namespace
}  // namespace plumbline
