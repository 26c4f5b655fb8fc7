#include "plumbline/audit/shared_replicates.h"

#include <gtest/gtest.h>

#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/team_for_test.h"

namespace plumbline {
namespace {

TEST(SharedReplicates, AreThoseOfOneProcessForAnyNumberOfThem) {
  const AuditInput input = SyntheticInput({.rows = 300});
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.replicates = 200;  // four blocks, the last not full
  options.average_precision = true;
  options.bin_ends = EqualCountBins(rows, 5);
  options.flagged = rows.CountAtLeast(0.5);
  options.threads = 1;
  const Replicates alone = Sweep(rows, input.groups, options);
  for (const int size : {2, 3, 4, 7}) {
    std::vector<Replicates> shared(size);
    Team(size).Run([&](Communicator& world) {
      SweepOptions own = options;
      own.processes = &world;
      shared[world.rank()] = Sweep(rows, input.groups, own);
    });
    for (const Replicates& replicates : shared) {
      EXPECT_EQ(replicates.tp, alone.tp);
      EXPECT_EQ(replicates.fp, alone.fp);
      EXPECT_EQ(replicates.positives, alone.positives);
      EXPECT_EQ(replicates.negatives, alone.negatives);
      EXPECT_EQ(replicates.auroc, alone.auroc);
      EXPECT_EQ(replicates.average_precision, alone.average_precision);
      EXPECT_EQ(replicates.ece, alone.ece);
    }
  }
}

TEST(SharedReplicates, OfWeightedRowsAreThoseOfOneProcessToo) {
  AuditInput input = SyntheticInput({.rows = 300});
  for (int64_t row = 0; row < input.rows; ++row) {
    input.weights.push_back(0.5 + static_cast<double>(row % 7));
  }
  const RankedRows rows = RankRows(input, input.targets[0], false, 1);
  SweepOptions options;
  options.replicates = 200;
  options.flagged = rows.CountAtLeast(0.5);
  options.threads = 1;
  const Replicates alone = Sweep(rows, input.groups, options);
  EXPECT_FALSE(alone.weighted_tp.empty());
  Team(3).Run([&](Communicator& world) {
    SweepOptions own = options;
    own.processes = &world;
    const Replicates shared = Sweep(rows, input.groups, own);
    EXPECT_EQ(shared.weighted_tp, alone.weighted_tp);
    EXPECT_EQ(shared.weighted_negatives, alone.weighted_negatives);
    EXPECT_EQ(shared.auroc, alone.auroc);
  });
}

TEST(OwnBlocks, CoverAllBlocksOnce) {
  EXPECT_EQ(OwnBlocks(nullptr, 5).size(), 5);
  for (int size = 1; size <= 8; ++size) {
    std::vector<int> drawn(5, 0);
    std::vector<BlockRange> ranges(size);
    Team(size).Run([&](Communicator& world) {
      ranges[world.rank()] = OwnBlocks(&world, 5);
    });
    for (const BlockRange& range : ranges) {
      for (int64_t block = range.begin; block < range.end; ++block) {
        ++drawn[block];
      }
    }
    EXPECT_EQ(drawn, std::vector<int>(5, 1)) << size;
  }
}

}  // namespace
}  // namespace plumbline
