// The part "mpi": the processes of MPI_COMM_WORLD.
// The C interface alone: the C++ one left MPI with version 3.
#define OMPI_SKIP_MPICXX 1
#define MPICH_SKIP_MPICXX 1
#include <mpi.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "plumbline/base/communicator.h"
#include "plumbline/base/on_demand.h"

namespace plumbline {
namespace {

// MPI counts bytes in an int.
constexpr int64_t kLargestMessage = int64_t{1} << 30;

class World : public Communicator {
 public:
  World() {
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
    MPI_Comm here = MPI_COMM_NULL;
    MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL,
                        &here);
    MPI_Comm_size(here, &size_here_);
    MPI_Comm_free(&here);
  }

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  int size_here() const override { return size_here_; }

  void Sum(std::span<float> values) override {
    // A meeting first: a process that failed comes to it with its error.
    AllGather("");
    constexpr size_t kMost = kLargestMessage / sizeof(float);
    for (size_t at = 0; at < values.size(); at += kMost) {
      const auto count = static_cast<int>(std::min(kMost, values.size() - at));
      MPI_Allreduce(MPI_IN_PLACE, values.data() + at, count, MPI_FLOAT, MPI_SUM,
                    MPI_COMM_WORLD);
    }
  }

 protected:
  std::vector<Message> Exchange(bool failed, std::string_view bytes) override {
    const int64_t own[] = {failed, static_cast<int64_t>(bytes.size())};
    std::vector<int64_t> heads(2 * static_cast<size_t>(size_));
    MPI_Allgather(own, 2, MPI_INT64_T, heads.data(), 2, MPI_INT64_T,
                  MPI_COMM_WORLD);
    std::vector<Message> all(size_);
    for (int root = 0; root < size_; ++root) {
      const int64_t size = heads[2 * root + 1];
      std::string& to = all[root].bytes;
      all[root].failed = heads[2 * root] != 0;
      if (root == rank_) {
        to = bytes;
      } else {
        to.resize(size);
      }
      for (int64_t at = 0; at < size; at += kLargestMessage) {
        const auto count =
            static_cast<int>(std::min(kLargestMessage, size - at));
        MPI_Bcast(to.data() + at, count, MPI_BYTE, root, MPI_COMM_WORLD);
      }
    }
    return all;
  }

 private:
  int rank_ = 0;
  int size_ = 1;
  int size_here_ = 1;
};

void Finalize() {
  int finalized = 0;
  MPI_Finalized(&finalized);
  if (finalized == 0) MPI_Finalize();
}

Communicator* Connect() {
  // Errors of MPI end all processes (MPI_ERRORS_ARE_FATAL, its default).
  int provided = 0;
  MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided);
  std::atexit(Finalize);
  return new World;
}

constexpr MpiService kService{Connect};

// The part runs no command of its own.
int Run(int, const char* const*) { return 0; }

}  // namespace
}  // namespace plumbline

// The loader looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" const plumbline::OnDemandPart plumbline_part = {
    plumbline::kOnDemandAbi, "mpi", plumbline::Run, &plumbline::kService};
