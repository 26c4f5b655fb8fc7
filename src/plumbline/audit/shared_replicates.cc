#include "plumbline/audit/shared_replicates.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/stats/bootstrap.h"

namespace plumbline {
namespace {

// Replicates [begin, end) of every group and array, one after the other: copied
// from or to `bytes`.
class Exchange {
 public:
  Exchange(Replicates* replicates, int rank, int size) : all_(*replicates) {
    const int64_t lanes = kBootstrapLanes;
    const int64_t blocks = (all_.replicates + lanes - 1) / lanes;
    const BlockRange own = BlocksOf(rank, size, blocks);
    begin_ = own.begin * lanes;
    count_ = std::max<int64_t>(
        0, std::min(own.end * lanes, all_.replicates) - begin_);
  }

  std::string Pack() {
    std::string bytes;
    ForEachRun([&bytes](void* run, size_t size) {
      bytes.append(static_cast<const char*>(run), size);
    });
    return bytes;
  }

  void Unpack(const std::string& bytes) {
    size_t at = 0;
    ForEachRun([&](void* run, size_t size) {
      if (at + size > bytes.size()) {
        throw Error(ErrorCode::kInternal,
                    "another process sent {} bytes of replicates, too few",
                    bytes.size());
      }
      std::memcpy(run, bytes.data() + at, size);
      at += size;
    });
  }

 private:
  template <typename Visit>
  void ForEachRun(const Visit& visit) {
    const auto each = [&](auto& values) {
      for (size_t at = begin_; at < values.size(); at += all_.stride) {
        visit(values.data() + at, count_ * sizeof(values[0]));
      }
    };
    if (count_ == 0) return;
    for (auto* counts :
         {&all_.tp, &all_.fp, &all_.positives, &all_.negatives}) {
      each(*counts);
    }
    for (auto* values : {&all_.weighted_tp, &all_.weighted_fp,
                         &all_.weighted_positives, &all_.weighted_negatives,
                         &all_.auroc, &all_.average_precision, &all_.ece}) {
      each(*values);
    }
  }

  Replicates& all_;
  int64_t begin_ = 0;
  int64_t count_ = 0;
};

}  // namespace

void ShareReplicates(Communicator* processes, Replicates* replicates) {
  if (processes == nullptr || processes->size() == 1) return;
  const int size = processes->size();
  const std::vector<std::string> of_rank = processes->AllGather(
      Exchange(replicates, processes->rank(), size).Pack());
  for (int rank = 0; rank < size; ++rank) {
    if (rank != processes->rank()) {
      Exchange(replicates, rank, size).Unpack(of_rank[rank]);
    }
  }
}

}  // namespace plumbline
