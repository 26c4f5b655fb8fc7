#include "plumbline/base/communicator.h"

#include <gtest/gtest.h>

#include <array>
#include <optional>

#include "plumbline/base/team_for_test.h"

namespace plumbline {
namespace {

constexpr int kSize = 4;

TEST(WorldCommunicator, IsThisProcessAloneWithoutMpirun) {
  Communicator& world = WorldCommunicator();
  EXPECT_EQ(world.rank(), 0);
  EXPECT_EQ(world.size(), 1);
  EXPECT_EQ(world.AllGather("x"), std::vector<std::string>{"x"});
}

TEST(WorldCommunicator, KeepsAnErrorOfItsOwn) {
  const Error own(ErrorCode::kInvalidInput, "preds.csv: no such file");
  const Error agreed = WorldCommunicator().Agree(own);
  EXPECT_EQ(agreed.code(), own.code());
  EXPECT_STREQ(agreed.what(), own.what());
}

TEST(Communicator, GivesEveryProcessTheBytesOfAllByRank) {
  std::array<std::vector<std::string>, kSize> got;
  Team(kSize).Run([&](Communicator& world) {
    got[world.rank()] = world.AllGather(std::string(world.rank(), 'x'));
  });
  for (const auto& of_rank : got) {
    EXPECT_EQ(of_rank, (std::vector<std::string>{"", "x", "xx", "xxx"}));
  }
}

TEST(Communicator, AddsUpNumbers) {
  std::array<std::vector<float>, kSize> got;
  Team(kSize).Run([&](Communicator& world) {
    const auto rank = static_cast<float>(world.rank());
    got[world.rank()] = {rank, 10 * rank, 1};
    world.Sum(got[world.rank()]);
  });
  for (const auto& of_rank : got) {
    EXPECT_EQ(of_rank, (std::vector<float>{6, 60, 4}));
  }
}

TEST(Communicator, ThrowsTheErrorOfTheLowestRankThatFailedInAllOfThem) {
  std::array<std::optional<Error>, kSize> thrown;
  Team(kSize).Run([&](Communicator& world) {
    try {
      if (world.rank() == 1 || world.rank() == 3) {
        throw Error(ErrorCode::kInvalidInput, "part {} is damaged",
                    world.rank());
      }
      world.AllGather("");
    } catch (const Error& error) {
      thrown[world.rank()] = world.Agree(error);
    }
  });
  for (const auto& error : thrown) {
    ASSERT_TRUE(error.has_value());
    EXPECT_EQ(error->code(), ErrorCode::kInvalidInput);
    EXPECT_STREQ(error->what(), "part 1 is damaged");
  }
}

TEST(Communicator, AgreesWhereAllFailedInTheSameWay) {
  std::array<std::optional<Error>, kSize> agreed;
  Team(kSize).Run([&](Communicator& world) {
    agreed[world.rank()] =
        world.Agree(Error(ErrorCode::kUsage, "unknown option --scor"));
  });
  for (const auto& error : agreed) {
    EXPECT_STREQ(error->what(), "unknown option --scor");
  }
}

}  // namespace
}  // namespace plumbline
