// Somebody else's model in an ONNX file.
#pragma once

#include <memory>
#include <string>

#include "plumbline/infer/scorer.h"

namespace plumbline {

// Opens the file with ONNX Runtime (infer/onnx_library.h) and scores one black
// picture, so that what cannot work is known before any image is read.
//
// The model has one input of floats, n x channels x side x side; each of these
// may be fixed or free, n also fixed above 1 (the last batch is filled up). Its
// first output, other than the one that the card names as embedding, holds the
// raw outputs of the card's targets, n x outputs. The embedding is n x d, or
// n x d x 1 x 1.
//
// Runs on the processor as exported, with ScorerOptions::threads threads.
//
// Throws Error(kUnavailable) without the library, Error(kInvalidInput) for a
// file that is damaged, uses what the library does not know, or has other
// inputs and outputs than the card says, Error(kUsage) for another device or
// precision.
std::unique_ptr<Scorer> OpenOnnxModel(const std::string& file,
                                      const ModelCard& card,
                                      const ScorerOptions& options);

// "1.24.3". Throws Error(kUnavailable).
std::string OnnxRuntimeVersion();

}  // namespace plumbline
