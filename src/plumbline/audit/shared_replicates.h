// Replicates shared out over processes, in blocks of kBootstrapLanes. A block
// is the same whoever draws it, so the result does not depend on how many there
// are.
#pragma once

#include <cstdint>

#include "plumbline/audit/sweep.h"
#include "plumbline/base/communicator.h"

namespace plumbline {

struct BlockRange {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t size() const { return end - begin; }
};

// The blocks that this process draws: all of them where `processes` is null.
BlockRange OwnBlocks(const Communicator* processes, int64_t blocks);

// Gives the others this process's replicates and takes theirs. Does nothing
// where `processes` is null or one.
void ShareReplicates(Communicator* processes, Replicates* replicates);

}  // namespace plumbline
