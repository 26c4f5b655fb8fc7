#include "plumbline/train/checkpoint.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/hash.h"
#include "plumbline/base/text.h"
#include "plumbline/infer/safetensors.h"

namespace plumbline::train {
namespace {

constexpr const char* kSchema = "plumbline.checkpoint/1";

uint64_t ChecksumOf(const std::vector<TensorView>& tensors, const Json& run,
                    const Json& progress) {
  uint64_t sum = FastHash(run.dump() + progress.dump());
  for (const TensorView& tensor : tensors) {
    // In this order and under these names.
    sum = FastHash(
        fmt::format("{} {} {}", sum, tensor.name, FastHash(tensor.bytes)));
  }
  return sum;
}

Checkpoint Read(const TensorFile& content, const std::string& file) {
  const auto head = content.metadata.find("plumbline");
  if (head == content.metadata.end()) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "is no checkpoint of plumbline train");
  }
  const Json json = ParseJson(head->second, file);
  const std::string schema = json.at("schema").get<std::string>();
  if (schema != kSchema) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "is \"{}\", this version reads \"{}\"; finish the run with the "
                "version that began it, or begin anew with --restart",
                schema, kSchema);
  }
  if (json.at("checksum").get<uint64_t>() !=
      ChecksumOf(content.tensors, json.at("run"), json.at("progress"))) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "the numbers do not fit their checksum: the file is damaged; "
                "begin anew with --restart");
  }
  Checkpoint checkpoint;
  for (const auto& [name, value] : json.at("run").items()) {
    checkpoint.run[name] = value.get<std::string>();
  }
  checkpoint.progress = json.at("progress");
  for (const TensorView& tensor : content.tensors) {
    if (tensor.type != TensorType::kFloat32) {
      throw Error(ErrorCode::kInvalidInput, {.file = file},
                  "tensor \"{}\" is {}, a checkpoint has F32", tensor.name,
                  NameOf(tensor.type));
    }
    std::vector<float> values(tensor.bytes.size() / sizeof(float));
    if (!values.empty()) {
      std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
    }
    checkpoint.tensors[tensor.name] = std::move(values);
  }
  return checkpoint;
}

}  // namespace

std::string CheckpointBytes(const Checkpoint& checkpoint) {
  TensorFile content;
  for (const auto& [name, values] : checkpoint.tensors) {
    content.tensors.push_back({name,
                               TensorType::kFloat32,
                               {static_cast<int64_t>(values.size())},
                               {reinterpret_cast<const char*>(values.data()),
                                values.size() * sizeof(float)}});
  }
  const Json run = checkpoint.run;
  const Json json = {
      {"schema", kSchema},
      {"run", run},
      {"progress", checkpoint.progress},
      {"checksum", ChecksumOf(content.tensors, run, checkpoint.progress)}};
  content.metadata["plumbline"] = WriteJson(json);
  return SafetensorsBytes(content);
}

Checkpoint ParseCheckpoint(std::string_view bytes, const std::string& file) {
  try {
    return Read(ParseSafetensors(bytes, file), file);
  } catch (const Json::exception&) {
    throw Error(ErrorCode::kInvalidInput, {.file = file},
                "its head lacks something that a checkpoint has: the file is "
                "damaged; begin anew with --restart");
  }
}

void RequireSameRun(const Checkpoint& checkpoint,
                    const std::map<std::string, std::string>& run,
                    const std::string& file) {
  std::vector<std::string> differences;
  const auto compare = [&](const auto& these, const auto& those) {
    for (const auto& [name, value] : these) {
      const auto other = those.find(name);
      if (other == those.end()) {
        differences.push_back(name);
      } else if (&these == &run && other->second != value) {
        differences.push_back(
            fmt::format("{}: {} there, {} here", name, other->second, value));
      }
    }
  };
  compare(run, checkpoint.run);
  compare(checkpoint.run, run);
  if (differences.empty()) return;
  throw Error(ErrorCode::kUsage,
              "{} belongs to another run ({}); use another folder with -o, or "
              "--restart to give that run up",
              file, JoinWords(differences));
}

}  // namespace plumbline::train
