#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <limits>
#include <string>

#include "plumbline/base/thread_pool.h"
#include "plumbline/model/autocast.h"
#include "plumbline/model/scorers.h"

namespace plumbline {
namespace {

// The file of the first library in memory whose name begins so; "" if there is
// none. What a symbol resolves to would mislead: a reference BLAS may be in use
// while OpenBLAS lies in memory beside it.
std::string LoadedLibrary(const std::string& beginning) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const size_t path = line.find('/');
    if (path == std::string::npos) continue;
    const size_t name = line.rfind('/') + 1;
    if (line.compare(name, beginning.size(), beginning) == 0) {
      return line.substr(path);
    }
  }
  return "";
}

// "OpenBLAS 0.3.21"
std::string OpenBlasVersion(const std::string& library) {
  std::string words = "OpenBLAS";
  void* handle = dlopen(library.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return words;
  using Config = const char* (*)();
  const auto config =
      reinterpret_cast<Config>(dlsym(handle, "openblas_get_config"));
  if (config != nullptr) {
    // "OpenBLAS 0.3.21 NO_LAPACK DYNAMIC_ARCH ..."
    const std::string text = config();
    words = text.substr(0, text.find(' ', text.find(' ') + 1));
  }
  dlclose(handle);
  return words;
}

std::string Blas() {
  if (at::hasMKL()) return "MKL";
  // Debian: an alternative of libblas.so.3 in a folder named after what it is.
  const std::string blas = LoadedLibrary("libblas.so");
  if (blas.find("/openblas") != std::string::npos) return OpenBlasVersion(blas);
  if (blas.find("/blis") != std::string::npos) return "BLIS";
  if (blas.find("/atlas") != std::string::npos) return "ATLAS";
  if (!blas.empty()) return "reference BLAS";
  const std::string openblas = LoadedLibrary("libopenblas");
  return openblas.empty() ? "unknown BLAS" : OpenBlasVersion(openblas);
}

// Names from NVIDIA's driver, which LibTorch offers from its CUDA headers
// alone.
std::vector<std::string> Gpus() {
  std::vector<std::string> names;
  if (!at::hasCUDA()) return names;
  void* driver = dlopen("libcuda.so.1", RTLD_LAZY);
  if (driver == nullptr) return names;
  const auto initialise =
      reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
  const auto count =
      reinterpret_cast<int (*)(int*)>(dlsym(driver, "cuDeviceGetCount"));
  const auto name = reinterpret_cast<int (*)(char*, int, int)>(
      dlsym(driver, "cuDeviceGetName"));
  int devices = 0;
  if (initialise == nullptr || count == nullptr || name == nullptr ||
      initialise(0) != 0 || count(&devices) != 0) {
    return names;
  }
  for (int i = 0; i < devices; ++i) {
    char text[256] = "";
    name(text, sizeof(text), i);
    names.emplace_back(text);
  }
  return names;
}

// The best of several: others use this machine too.
double MatmulGflops() {
  constexpr int64_t kSide = 512;
  using Clock = std::chrono::steady_clock;
  const at::NoGradGuard no_gradient;
  const at::Tensor a = at::ones({kSide, kSide}), b = at::ones({kSide, kSide});
  double best = std::numeric_limits<double>::infinity();
  const auto end = Clock::now() + std::chrono::milliseconds(200);
  for (int i = 0; i < 3 || Clock::now() < end; ++i) {
    const auto start = Clock::now();
    at::matmul(a, b);
    const std::chrono::duration<double> took = Clock::now() - start;
    best = std::min(best, took.count());
  }
  return 2.0 * kSide * kSide * kSide / best / 1e9;
}

}  // namespace

NetworkFacts MeasureNetworkFacts(int threads) {
  at::set_num_threads(threads > 0 ? threads : DefaultThreads());
  NetworkFacts facts;
  facts.torch_version = TORCH_VERSION;
  facts.threads = at::get_num_threads();
  facts.matmul_gflops = MatmulGflops();
  facts.blas = Blas();
  facts.onednn = at::hasMKLDNN();
  facts.bfloat16 = HasBFloat16Instructions();
  facts.gpus = Gpus();
  return facts;
}

}  // namespace plumbline
