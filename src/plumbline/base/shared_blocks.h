// Pieces of work shared out over processes.
#pragma once

#include <cstdint>

#include "plumbline/base/communicator.h"

namespace plumbline {

struct BlockRange {
  int64_t begin = 0;
  int64_t end = 0;
  int64_t size() const { return end - begin; }
};

// The blocks of one of `size` processes: as many for each, one after the other.
inline BlockRange BlocksOf(int rank, int size, int64_t blocks) {
  return {blocks * rank / size, blocks * (rank + 1) / size};
}

// Those of this process: all of them where `processes` is null.
inline BlockRange OwnBlocks(const Communicator* processes, int64_t blocks) {
  if (processes == nullptr) return {0, blocks};
  return BlocksOf(processes->rank(), processes->size(), blocks);
}

}  // namespace plumbline
