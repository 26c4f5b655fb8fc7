#include "plumbline/train/step_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "plumbline/base/test_support.h"
#include "plumbline/train/sampler.h"

namespace plumbline::train {
namespace {

using testing::HasSubstr;

TrainInput Rows(int64_t n) {
  TrainInput input;
  for (int64_t row = 0; row < n; ++row) {
    input.image_of_row.push_back(row % 10 == 3 ? -1 : row);
    input.parts.push_back(row % 5 == 4 ? Part::kTune : Part::kTrain);
  }
  return input;
}

TEST(RowsOf, TakesRowsOfAPartThatHaveAnImage) {
  const TrainInput input = Rows(20);
  const auto rows = RowsOf(input, Part::kTrain);
  EXPECT_EQ(rows.size(), 14U);
  for (const int64_t row : rows) {
    EXPECT_NE(row % 5, 4);
    EXPECT_NE(row % 10, 3);
  }
  EXPECT_EQ(RowsOf(input, Part::kTune).size(), 4U);
}

TEST(StepPlan, GoesThroughEveryRowOnceInAnEpoch) {
  const TrainInput input = Rows(100);
  TrainOptions options;
  options.batch = 16;
  options.epochs = 3;
  StepPlan plan(input, options, 0, 1);
  EXPECT_EQ(plan.steps_per_epoch(), 5);
  std::vector<std::vector<int64_t>> orders;
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::vector<int64_t> order;
    for (int64_t s = 0; s < 5; ++s) {
      for (const int64_t row : plan.RowsOfStep(epoch * 5 + s)) {
        order.push_back(row);
      }
    }
    auto sorted = order;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(sorted, RowsOf(input, Part::kTrain));
    orders.push_back(order);
  }
  EXPECT_NE(orders[0], orders[1]);
  EXPECT_EQ(plan.RowsOfStep(0).front(), orders[0].front());
}

TEST(StepPlan, SharesAStepAmongProcessesAndPieces) {
  const TrainInput input = Rows(100);
  TrainOptions options;
  options.batch = 16;
  options.batch_norm = BatchNormMode::kFrozen;
  StepPlan alone(input, options, 0, 1);
  options.accumulate = 2;
  for (const int64_t step : {0, 4}) {
    std::vector<int64_t> rows;
    std::set<uint64_t> streams;
    for (int rank = 0; rank < 3; ++rank) {
      StepPlan plan(input, options, rank, 3);
      const auto pieces = plan.PiecesOf(step);
      ASSERT_EQ(pieces.size(), 2U);
      for (const BatchPlan& piece : pieces) {
        EXPECT_FALSE(piece.rows.empty());
        rows.insert(rows.end(), piece.rows.begin(), piece.rows.end());
        streams.insert(piece.streams.begin(), piece.streams.end());
      }
    }
    EXPECT_EQ(rows, alone.RowsOfStep(step));
    EXPECT_EQ(streams.size(), rows.size());
  }
}

TEST(StepPlan, LeavesOutALastStepThatNotEveryProcessHasARowOf) {
  const TrainInput input = Rows(100);  // 70 rows
  TrainOptions options;
  options.batch = 34;
  EXPECT_EQ(StepPlan(input, options, 0, 1).steps_per_epoch(), 3);
  EXPECT_EQ(StepPlan(input, options, 0, 2).steps_per_epoch(), 2);
  options.batch_norm = BatchNormMode::kFrozen;
  EXPECT_EQ(StepPlan(input, options, 0, 2).steps_per_epoch(), 3);
  EXPECT_EQ(StepPlan(input, options, 0, 3).steps_per_epoch(), 2);
}

TEST(StepPlan, RefusesMoreProcessesThanImages) {
  const TrainInput input = Rows(100);
  TrainOptions options;
  options.batch = 4;
  options.accumulate = 2;
  EXPECT_THAT(ErrorText([&] { StepPlan(input, options, 0, 3); }),
              HasSubstr("2: a step of 4 images cannot be shared among 3 "
                        "processes in 2 pieces each"));
  options.batch = 1000;
  EXPECT_THAT(ErrorText([&] { StepPlan(input, options, 0, 64); }),
              HasSubstr("the training part's 70 images cannot be shared"));
}

TEST(StepPlan, RefusesAnAttributeThatIsNotThere) {
  TrainInput input = Rows(10);
  input.groups.push_back({.attribute = "sex", .levels = {"F", "M"}});
  TrainOptions options;
  options.sampling = Sampling::kBalancedGroup;
  options.sampling_attribute = "sexx";
  EXPECT_EQ(ErrorText([&] { StepPlan(input, options, 0, 1); }),
            "2: --sampling sexx: is none of the attributes; did you mean "
            "\"sex\"?; there are sex");
}

TEST(BalancedOrder, DrawsEveryStratumAsOften) {
  std::vector<int32_t> strata(90, 0);
  strata.insert(strata.end(), 9, 1);
  strata.push_back(-1);
  const auto order = BalancedOrder(strata, 1, 0);
  ASSERT_EQ(order.size(), 100U);
  std::map<int32_t, int> counts;
  std::map<int64_t, int> times;
  for (const int64_t i : order) {
    ++counts[strata[i]];
    ++times[i];
  }
  EXPECT_NEAR(counts[0], 33, 1);
  EXPECT_NEAR(counts[1], 33, 1);
  EXPECT_NEAR(counts[-1], 33, 1);
  // Within a stratum all before any again.
  for (int64_t i = 90; i < 99; ++i) EXPECT_NEAR(times[i], 33 / 9.0, 1);
  EXPECT_NE(order, BalancedOrder(strata, 1, 1));
  EXPECT_EQ(order, BalancedOrder(strata, 1, 0));
}

}  // namespace
}  // namespace plumbline::train
