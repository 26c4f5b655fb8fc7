// The networks that can be trained here, by name. No LibTorch: help texts and
// errors name them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace plumbline {

struct Architecture {
  const char* name;         // "resnet18"
  const char* description;  // for the help text
  int side;                 // what it was made for
  int channels;             // that its public weights take
  // Sides that it takes: a multiple of this, at least `smallest_side`.
  int side_step;
  int smallest_side;
  int feature_size;
};

std::span<const Architecture> Architectures();

// Throws Error(kUsage) with the nearest name.
const Architecture& FindArchitecture(const std::string& name);

// "small-cnn, resnet18, ...".
std::string ArchitectureNames();

}  // namespace plumbline
