#include "plumbline/infer/architectures.h"

#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr Architecture kArchitectures[] = {
    {"small-cnn", "4 blocks of 3x3 convolutions, 0.1 million weights", 64, 1,
     16, 16, 128},
    {"resnet18", "He et al. 2016, 11 million", 224, 3, 1, 32, 512},
    {"resnet34", "21 million", 224, 3, 1, 32, 512},
    {"resnet50", "24 million", 224, 3, 1, 32, 2048},
    {"densenet121", "Huang et al. 2017, 7 million", 224, 3, 1, 32, 1024},
    {"efficientnet-b0", "Tan and Le 2019, 4 million", 224, 3, 1, 32, 1280},
    {"vit-s16", "Dosovitskiy et al. 2021, patches of 16, 22 million", 224, 3,
     16, 16, 384},
};

}  // namespace

std::span<const Architecture> Architectures() { return kArchitectures; }

const Architecture& FindArchitecture(const std::string& name) {
  std::vector<std::string> names;
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.name == name) return architecture;
    names.emplace_back(architecture.name);
  }
  throw Error(ErrorCode::kUsage, "\"{}\" is not a network{}; there are {}",
              name, DidYouMean(name, names), ArchitectureNames());
}

std::string ArchitectureNames() {
  std::vector<std::string> names;
  for (const Architecture& architecture : kArchitectures) {
    names.emplace_back(architecture.name);
  }
  return JoinWords(names);
}

}  // namespace plumbline
