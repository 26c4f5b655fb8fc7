#include "plumbline/model/device.h"

#include <ATen/ATen.h>
#include <ATen/detail/CUDAHooksInterface.h>

#include <exception>

#include "plumbline/base/error.h"

namespace plumbline {

at::Device FindDevice(const std::string& name) {
  at::Device device(at::kCPU);
  try {
    device = at::Device(name);
  } catch (const std::exception&) {
    throw Error(ErrorCode::kUsage,
                "--run-on {}: is no device; there are cpu, cuda and cuda:1 for "
                "the second GPU",
                name);
  }
  if (device.is_cpu()) return device;
  if (!device.is_cuda()) {
    throw Error(ErrorCode::kUsage, "--run-on {}: only cpu and cuda are known",
                name);
  }
  const int gpus = at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
  if (gpus == 0) {
    throw Error(ErrorCode::kUsage,
                "--run-on {}: {}; use --run-on cpu, or see `plumbline doctor`",
                name,
                at::hasCUDA() ? "no GPU was found"
                              : "this LibTorch was built without CUDA");
  }
  if (device.has_index() && device.index() >= gpus) {
    throw Error(ErrorCode::kUsage,
                "--run-on {}: there are {} GPUs, counted from cuda:0", name,
                gpus);
  }
  return device;
}

}  // namespace plumbline
