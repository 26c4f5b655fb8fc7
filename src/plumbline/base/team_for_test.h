// Threads that talk to one another as processes under mpirun do, so that tests
// can have any number of them. What goes over MPI itself is tested with mpirun
// (tests/cli/processes).
#pragma once

#include <barrier>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "plumbline/base/communicator.h"

namespace plumbline {

class Team {
 public:
  explicit Team(int size) : size_(size), barrier_(size), messages_(size) {}

  // Runs work(communicator) once for every rank, each on a thread of its own.
  void Run(const std::function<void(Communicator&)>& work) {
    std::vector<std::thread> threads;
    for (int rank = 0; rank < size_; ++rank) {
      threads.emplace_back([this, rank, &work] {
        Member member(*this, rank);
        work(member);
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

 private:
  class Member : public Communicator {
   public:
    Member(Team& team, int rank) : team_(team), rank_(rank) {}
    int rank() const override { return rank_; }
    int size() const override { return team_.size_; }
    int size_here() const override { return team_.size_; }

   protected:
    std::vector<Message> Exchange(bool failed,
                                  std::string_view bytes) override {
      team_.messages_[rank_] = {failed, std::string(bytes)};
      team_.barrier_.arrive_and_wait();
      std::vector<Message> all;
      for (const auto& [other_failed, other] : team_.messages_) {
        all.push_back({other_failed, other});
      }
      team_.barrier_.arrive_and_wait();
      return all;
    }

   private:
    Team& team_;
    int rank_;
  };

  int size_;
  std::barrier<> barrier_;
  std::vector<std::pair<bool, std::string>> messages_;
};

}  // namespace plumbline
