// What there is to say of LibTorch on this machine.
#pragma once

#include <string>
#include <vector>

namespace plumbline {

struct NetworkFacts {
  std::string torch_version;
  int threads = 0;   // LibTorch's own
  std::string blas;  // "OpenBLAS 0.3.21", as far as it can be told
  bool onednn = false;
  bool bfloat16 = false;          // the processor has instructions for it
  std::vector<std::string> gpus;  // their names
  double matmul_gflops = 0;       // of a 512 x 512 product of floats
};

}  // namespace plumbline
