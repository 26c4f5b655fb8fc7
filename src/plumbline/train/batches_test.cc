#include "plumbline/train/batches.h"

#include <gtest/gtest.h>

#include "plumbline/train/train_for_test.h"

namespace plumbline::train {
namespace {

class BatchLoaderTest : public testing::Test {
 protected:
  // Plans of `batches` batches of three rows.
  std::function<BatchPlan()> Plans(int64_t batches) {
    return [this, batches]() -> BatchPlan {
      if (next_ == batches) return {};
      BatchPlan plan{.step = next_};
      for (int64_t i = 0; i < 3; ++i) {
        plan.rows.push_back((3 * next_ + i) % 10);
        plan.streams.push_back(static_cast<uint64_t>(3 * next_ + i));
      }
      ++next_;
      return plan;
    };
  }

  TemporaryFolder folder_;
  TrainInput input_ = SquareInput(SquarePictures(folder_, 10));
  int64_t next_ = 0;
};

TEST_F(BatchLoaderTest, GivesTheSameBatchesInOrderForAnyThreads) {
  std::vector<std::vector<float>> expected;
  for (const int threads : {1, 4}) {
    next_ = 0;
    BatchLoader loader(input_, {}, 3, threads, Plans(9));
    for (int64_t step = 0; step < 9; ++step) {
      Batch batch = loader.Next();
      ASSERT_EQ(batch.step, step);
      ASSERT_EQ(batch.rows[0], 3 * step % 10);
      ASSERT_EQ(batch.input.size(), 3U * 32 * 32);
      if (threads == 1) {
        expected.push_back(batch.input);
      } else {
        EXPECT_EQ(batch.input, expected[step]);
      }
      loader.Recycle(std::move(batch));
    }
    EXPECT_TRUE(loader.Next().rows.empty());
    EXPECT_TRUE(loader.Next().rows.empty());
  }
  // Row 0 is in batches 0 and 3 with other draws.
  EXPECT_NE(std::vector<float>(expected[0].begin(), expected[0].begin() + 1024),
            std::vector<float>(expected[3].begin() + 1024,
                               expected[3].begin() + 2048));
}

TEST_F(BatchLoaderTest, EndsEarly) {
  BatchLoader loader(input_, {}, 3, 2, Plans(1'000'000));
  EXPECT_EQ(loader.Next().step, 0);
}

TEST_F(BatchLoaderTest, PassesOnWhatWentWrong) {
  next_ = 0;
  BatchLoader loader(input_, {}, 3, 2, [this]() -> BatchPlan {
    if (next_++ == 2) throw Error(ErrorCode::kInvalidInput, "no such row");
    return {.rows = {1}, .streams = {1}};
  });
  loader.Next();
  loader.Next();
  EXPECT_EQ(ErrorText([&] { loader.Next(); }), "3: no such row");
}

}  // namespace
}  // namespace plumbline::train
