// One function for each network of infer/architectures.h; model/backbone.cc
// knows them by name.
#pragma once

#include <memory>

#include "plumbline/model/backbone.h"

namespace plumbline {

std::unique_ptr<Backbone> MakeSmallCnn(const BackboneOptions& options,
                                       Weights* weights);
std::unique_ptr<Backbone> MakeResNet18(const BackboneOptions& options,
                                       Weights* weights);
std::unique_ptr<Backbone> MakeResNet34(const BackboneOptions& options,
                                       Weights* weights);
std::unique_ptr<Backbone> MakeResNet50(const BackboneOptions& options,
                                       Weights* weights);
std::unique_ptr<Backbone> MakeDenseNet121(const BackboneOptions& options,
                                          Weights* weights);
std::unique_ptr<Backbone> MakeEfficientNetB0(const BackboneOptions& options,
                                             Weights* weights);
std::unique_ptr<Backbone> MakeVitS16(const BackboneOptions& options,
                                     Weights* weights);

}  // namespace plumbline
