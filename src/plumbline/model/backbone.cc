#include "plumbline/model/backbone.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/infer/architectures.h"
#include "plumbline/model/architectures.h"

namespace plumbline {
namespace {

struct Entry {
  const char* name;
  std::unique_ptr<Backbone> (*make)(const BackboneOptions&, Weights*);
};

constexpr Entry kBackbones[] = {
    {"small-cnn", MakeSmallCnn},      {"resnet18", MakeResNet18},
    {"resnet34", MakeResNet34},       {"resnet50", MakeResNet50},
    {"densenet121", MakeDenseNet121}, {"efficientnet-b0", MakeEfficientNetB0},
    {"vit-s16", MakeVitS16},
};

void RequireShape(const Architecture& architecture,
                  const BackboneOptions& options) {
  const int step = architecture.side_step;
  if (options.side < architecture.smallest_side || options.side % step != 0) {
    throw Error(ErrorCode::kUsage,
                "{} takes images with a side of at least {} pixels{}, not {}; "
                "use --side {}",
                architecture.name, architecture.smallest_side,
                step > 1 ? fmt::format(" that is a multiple of {}", step) : "",
                options.side,
                std::max(architecture.smallest_side,
                         (options.side + step / 2) / step * step));
  }
  if (options.channels != 1 && options.channels != 3) {
    throw Error(ErrorCode::kUsage, "{} takes images of 1 or 3 channels, not {}",
                architecture.name, options.channels);
  }
}

}  // namespace

std::unique_ptr<Backbone> MakeBackbone(const std::string& name,
                                       const BackboneOptions& options,
                                       Weights* weights) {
  RequireShape(FindArchitecture(name), options);
  for (const Entry& entry : kBackbones) {
    if (name == entry.name) return entry.make(options, weights);
  }
  throw Error(ErrorCode::kInternal, "nothing builds the network \"{}\"", name);
}

}  // namespace plumbline
