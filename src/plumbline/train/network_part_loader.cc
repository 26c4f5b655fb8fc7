#include <cstdlib>

#include "plumbline/base/on_demand.h"
#include "plumbline/train/network_service.h"

namespace plumbline {
namespace {

// Both are read when LibTorch and OpenBLAS are loaded, and what the user has
// set stays.
void SetEnvironment() {
  constexpr int kKeep = 0;
  // OpenMP's threads would spin between two operators and take the processor
  // from the one that prepares images.
  setenv("OMP_WAIT_POLICY", "PASSIVE", kKeep);
#if defined(__x86_64__)
  // Debian's OpenBLAS does not know the newest processors by name, and takes
  // instructions of 256 bits there.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    setenv("OPENBLAS_CORETYPE", "SkylakeX", kKeep);
  }
#endif
}

}  // namespace

const NetworkService& LoadNetworkPart() {
  SetEnvironment();
  const OnDemandPart& part = LoadOnDemand(
      "network",
      "install libtorch-dev and libopenblas0-openmp and build plumbline again");
  return *static_cast<const NetworkService*>(part.service);
}

}  // namespace plumbline
