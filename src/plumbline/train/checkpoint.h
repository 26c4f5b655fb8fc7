// Where a training run stands, in a file.
//
// A safetensors file (infer/safetensors.h) with the tensors of Checkpoint, all
// F32 of one dimension, and in its metadata "plumbline": JSON with the schema
// plumbline.checkpoint/1, the run it belongs to, where it stands, and a
// checksum (XXH3) of these and the tensors' bytes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/base/json.h"

namespace plumbline::train {

struct Checkpoint {
  // What the run was told and what data it has; another run may not go on from
  // here. Values by name, for a message that says what differs.
  std::map<std::string, std::string> run;
  // Step, epoch, history and whatever else the trainer wants to find again.
  Json progress;
  std::map<std::string, std::vector<float>> tensors;
};

std::string CheckpointBytes(const Checkpoint& checkpoint);

// Throws Error(kInvalidInput): damaged, or of another version.
Checkpoint ParseCheckpoint(std::string_view bytes, const std::string& file);

// Throws Error(kUsage) that names what differs: "run/checkpoint.safetensors
// belongs to another run (--batch: 32 there, 64 here); ...".
void RequireSameRun(const Checkpoint& checkpoint,
                    const std::map<std::string, std::string>& run,
                    const std::string& file);

}  // namespace plumbline::train
