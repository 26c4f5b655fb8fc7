#include "plumbline/base/communicator.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "plumbline/base/bytes.h"
#include "plumbline/base/on_demand.h"

namespace plumbline {
namespace {

class Alone : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  int size_here() const override { return 1; }
  void Sum(std::span<float>) override {}

 protected:
  std::vector<Message> Exchange(bool failed, std::string_view bytes) override {
    return {{failed, std::string(bytes)}};
  }
};

// A number that the launcher tells its processes; 0: there is no launcher.
// The first name is of Open MPI's mpirun, the second of the PMI of MPICH, Intel
// MPI and Slurm.
int OfLauncher(const char* open_mpi, const char* pmi) {
  for (const char* name : {open_mpi, pmi}) {
    const char* number = std::getenv(name);
    if (number != nullptr && *number != '\0') return std::atoi(number);
  }
  return 0;
}

std::unique_ptr<Communicator> Connect() {
  const int launched = OfLauncher("OMPI_COMM_WORLD_SIZE", "PMI_SIZE");
  if (launched <= 1) return std::make_unique<Alone>();
  const OnDemandPart& part = LoadOnDemand(
      "mpi",
      "install libopenmpi-dev and build plumbline again, or start it without "
      "mpirun");
  std::unique_ptr<Communicator> world(
      static_cast<const MpiService*>(part.service)->connect());
  if (world->size() != launched) {
    throw Error(ErrorCode::kUsage,
                "the launcher started {} processes, but the MPI library of "
                "plumbline sees {}: use the mpirun of the MPI that plumbline "
                "was built with",
                launched, world->size());
  }
  return world;
}

std::string Pack(const Error& error) {
  ByteWriter writer;
  writer.Add(error.code());
  writer.Add(std::string_view(error.what()));
  return writer.Take();
}

Error Unpack(const std::string& bytes) {
  ByteReader reader(bytes);
  const auto code = reader.Read<ErrorCode>();
  return Error(code, "{}", reader.Read<std::string>());
}

}  // namespace

std::vector<std::string> Communicator::AllGather(std::string_view bytes) {
  std::vector<std::string> all;
  for (Message& message : Exchange(false, bytes)) {
    if (message.failed) {
      agreed_ = true;
      throw Unpack(message.bytes);
    }
    all.push_back(std::move(message.bytes));
  }
  return all;
}

void Communicator::Sum(std::span<float> values) {
  const std::vector<std::string> all = AllGather(
      {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  std::fill(values.begin(), values.end(), 0.0F);
  for (const std::string& bytes : all) {
    if (bytes.size() != values.size_bytes()) {
      throw Error(ErrorCode::kInternal,
                  "processes add up different numbers of values");
    }
    for (size_t i = 0; i < values.size(); ++i) {
      float value = 0;
      std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
      values[i] += value;
    }
  }
}

Error Communicator::Agree(const Error& own) {
  if (agreed_ || size() == 1) return own;
  agreed_ = true;
  for (const Message& message : Exchange(true, Pack(own))) {
    if (message.failed) return Unpack(message.bytes);
  }
  return own;
}

int LaunchedRank() { return OfLauncher("OMPI_COMM_WORLD_RANK", "PMI_RANK"); }

Communicator& WorldCommunicator() {
  static const std::unique_ptr<Communicator> world = Connect();
  return *world;
}

}  // namespace plumbline
