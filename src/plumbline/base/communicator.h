// Processes that work on one task together: those that mpirun started, or this
// one alone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/error.h"

namespace plumbline {

// All processes meet in the same calls in the same order, from their main
// thread; a process that comes to one waits for the others. A process that
// fails comes to the next meeting with its error, which all then throw, so
// nobody waits for a process that is gone.
class Communicator {
 public:
  virtual ~Communicator() = default;

  virtual int rank() const = 0;  // 0 to size() - 1
  virtual int size() const = 0;
  // How many of them run on this machine.
  virtual int size_here() const = 0;

  // Every process gives some bytes, of any size, and gets those of all, by
  // rank. Throws the Error of the lowest rank that failed since they last met.
  std::vector<std::string> AllGather(std::string_view bytes);

  // Every process gives as many numbers; each then holds the sums over all
  // processes, the same bits everywhere. The order of summation depends on the
  // number of processes alone.
  virtual void Sum(std::span<float> values);

  // Comes to the next meeting with an error: for main() alone, at the end of
  // a process that failed. Returns the error of the lowest rank that did.
  Error Agree(const Error& own);

 protected:
  struct Message {
    bool failed = false;
    std::string bytes;
  };
  // One message from every process, by rank.
  virtual std::vector<Message> Exchange(bool failed,
                                        std::string_view bytes) = 0;

 private:
  bool agreed_ = false;  // all know of a failure
};

// This process's number as the launcher gives it, known before it connects to
// the others; 0 without one.
int LaunchedRank();

// The processes that mpirun started with this one. The first call connects to
// them by way of the part "mpi" (base/on_demand.h); without mpirun that part is
// not loaded and the answer is this process alone.
//
// Throws Error(kUnavailable) if mpirun started this process and the part is not
// there, Error(kUsage) if it was built for another MPI than that mpirun's.
Communicator& WorldCommunicator();

// What the part "mpi" offers (OnDemandPart::service).
struct MpiService {
  Communicator* (*connect)();  // call once
};

}  // namespace plumbline
