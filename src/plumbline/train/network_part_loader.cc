#include <malloc.h>

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

// Every step asks for the same large tensors that the last one gave back. Given
// back to the system, each of their pages would have to be made and cleared
// again, which takes a seventh of the time of a small network.
void KeepMemory() {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc allows
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

}  // namespace

const NetworkService& LoadNetworkPart() {
  SetEnvironment();
  KeepMemory();
  const OnDemandPart& part = LoadOnDemand(
      "network",
      "install libtorch-dev and libopenblas0-openmp and build plumbline again");
  return *static_cast<const NetworkService*>(part.service);
}

}  // namespace plumbline
