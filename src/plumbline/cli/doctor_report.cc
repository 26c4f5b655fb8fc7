#include "plumbline/cli/doctor_report.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/machine.h"
#include "plumbline/base/on_demand.h"
#include "plumbline/base/text.h"
#include "plumbline/base/version.h"
#include "plumbline/cli/help_text.h"
#include "plumbline/infer/onnx_runtime.h"
#include "plumbline/report/text_table.h"
#include "plumbline/table/duckdb_library.h"
#include "plumbline/train/network_service.h"

namespace plumbline {
namespace {

constexpr double kGigabyte = 1e9;
// Below these something is slow enough to say so. A reference BLAS gives 3.6
// GFLOP/s where OpenBLAS gives 65 and more (docs/doctor.md).
constexpr double kSlowGflops = 15;
constexpr double kSlowDisk = 50e6;  // bytes a second
constexpr double kLittleDisk = 5e9;
constexpr double kLittleMemory = 2e9;

// An optional part: what it is for, how it is got, and its version or "".
struct Part {
  const char* name;
  const char* gives;
  const char* advice;
  std::function<std::string()> load;  // throws Error
};

std::string LoadPart(const char* name) {
  LoadOnDemand(name, "");
  return "";
}

std::vector<Part> AllParts() {
  return {
      {"images", "DICOM, JPEG, PNG and TIFF files",
       "run scripts/setup.sh and build plumbline without "
       "-DPLUMBLINE_CODECS=OFF",
       [] { return LoadPart("images"); }},
      {"heic", "HEIC photos",
       "apt-get install libheif-dev, and build plumbline again",
       [] { return LoadPart("heic"); }},
      {"network", "plumbline train, its models, TorchScript files",
       "apt-get install libtorch-dev libopenblas0-openmp, and build plumbline "
       "again",
       [] { return LoadNetworkPart().facts(1).torch_version; }},
      {"ONNX Runtime", "models in ONNX files", "run scripts/setup.sh onnx",
       [] { return OnnxRuntimeVersion(); }},
      {"DuckDB", "Parquet files", "run scripts/setup.sh parquet",
       [] { return std::string(duckdb::Load().library_version()); }},
      {"mpi", "audits and trainings by several processes",
       "apt-get install libopenmpi-dev openmpi-bin, and build plumbline again",
       [] { return LoadPart("mpi"); }},
  };
}

Json PartsJson() {
  Json parts = Json::array();
  for (const Part& part : AllParts()) {
    Json entry = {{"name", part.name}, {"gives", part.gives}};
    try {
      const std::string version = part.load();
      entry["found"] = true;
      entry["version"] = version.empty() ? Json() : Json(version);
    } catch (const Error& error) {
      entry["found"] = false;
      entry["reason"] = error.what();
      entry["what_to_do"] = part.advice;
    }
    parts.push_back(entry);
  }
  return parts;
}

Json MachineJson(const Machine& machine, int threads) {
  return {{"processor", machine.processor.name},
          {"processors", machine.processor.count},
          {"threads", threads},
          {"instructions", machine.processor.instructions},
          {"memory_bytes", machine.memory.bytes},
          {"memory_available_bytes", machine.memory.available_bytes},
          {"memory_limit_bytes",
           machine.memory_limit > 0 ? Json(machine.memory_limit) : Json()}};
}

Json CacheJson(const std::string& folder) {
  Json json = {{"folder", folder}};
  try {
    const Disk disk = MeasureDisk(folder);
    json["free_bytes"] = disk.free_bytes;
    json["write_bytes_per_second"] = Number(disk.write_bytes_per_second);
  } catch (const Error& error) {
    json["problem"] = error.what();
  }
  return json;
}

Json NetworkJson(int threads) {
  try {
    const NetworkFacts facts = LoadNetworkPart().facts(threads);
    return {{"torch", facts.torch_version},
            {"threads", facts.threads},
            {"blas", facts.blas},
            {"matmul_gflops", Number(facts.matmul_gflops)},
            {"onednn", facts.onednn},
            {"bfloat16", facts.bfloat16},
            {"gpus", facts.gpus}};
  } catch (const Error&) {
    return {};  // among the parts with its reason
  }
}

// Variables that OpenMP, BLAS and LibTorch listen to, where they are set.
Json EnvironmentJson() {
  Json json = Json::object();
  for (const char* name :
       {"OMP_NUM_THREADS", "OMP_WAIT_POLICY", "OMP_PROC_BIND", "GOMP_SPINCOUNT",
        "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE",
        "CUDA_VISIBLE_DEVICES"}) {
    if (const char* value = std::getenv(name)) json[name] = value;
  }
  return json;
}

bool HasNvidiaGpu() {
  std::error_code error;
  return std::filesystem::exists("/proc/driver/nvidia/version", error);
}

class Warnings {
 public:
  template <typename... Args>
  void Add(fmt::format_string<Args...> format, Args&&... args) {
    list_.push_back(fmt::vformat(format, fmt::make_format_args(args...)));
  }
  const Json& list() const { return list_; }

 private:
  Json list_ = Json::array();
};

void WarnOfMachine(const Json& machine, const Json& cache, Warnings* warnings) {
  const Json& sets = machine["instructions"];
  if (!sets.empty() ||
      !machine["processor"].get_ref<const std::string&>().empty()) {
    if (std::find(sets.begin(), sets.end(), "AVX2") == sets.end()) {
      warnings->Add(
          "The processor has no AVX2: networks run several times slower than "
          "on one that has. Train on another machine.");
    }
  }
  const auto available = machine["memory_available_bytes"].get<double>();
  const double limit = machine["memory_limit_bytes"].is_null()
                           ? available
                           : machine["memory_limit_bytes"].get<double>();
  if (std::min(available, limit) < kLittleMemory) {
    warnings->Add(
        "Only {:.1f} GB of memory are left: end other programs, or train with "
        "smaller batches (--batch).",
        std::min(available, limit) / kGigabyte);
  }
  if (cache.contains("problem")) {
    warnings->Add(
        "Images cannot be packed into {}: {}. Name another folder with "
        "--cache.",
        cache["folder"].get<std::string>(),
        cache["problem"].get<std::string>());
    return;
  }
  const auto speed = cache["write_bytes_per_second"].get<double>();
  if (speed < kSlowDisk) {
    warnings->Add(
        "The disk of {} writes {:.0f} MB/s: packing images will wait for it. "
        "Name a folder on another one with --cache.",
        cache["folder"].get<std::string>(), speed / 1e6);
  }
  if (cache["free_bytes"].get<double>() < kLittleDisk) {
    warnings->Add(
        "Only {:.1f} GB are free in {}: 100,000 images of 224 x 224 pixels "
        "take 5 GB. Name a folder on another disk with --cache.",
        cache["free_bytes"].get<double>() / kGigabyte,
        cache["folder"].get<std::string>());
  }
}

void WarnOfNetwork(const Json& network, Warnings* warnings) {
  if (network.is_null()) return;
  const double gflops = network["matmul_gflops"].is_null()
                            ? 0
                            : network["matmul_gflops"].get<double>();
  if (gflops < kSlowGflops) {
    warnings->Add(
        "Products of matrices are slow, {:.1f} GFLOP/s with {}. With a "
        "reference BLAS: apt-get install libopenblas0-openmp, and see that "
        "update-alternatives --config libblas.so.3 names it. With OpenBLAS: "
        "the machine is busy or slow.",
        gflops, network["blas"].get<std::string>());
  }
  if (network["gpus"].empty() && HasNvidiaGpu()) {
    warnings->Add(
        "There is an NVIDIA GPU that LibTorch {} does not see: build plumbline "
        "against a LibTorch with CUDA (docs/install.md).",
        network["torch"].get<std::string>());
  }
}

void WarnOfEnvironment(const Json& environment, int threads,
                       Warnings* warnings) {
  const auto value = [&](const char* name) {
    return environment.value(name, std::string());
  };
  double wanted = 0;
  if (ParseNumber(value("OMP_NUM_THREADS"), &wanted) && wanted > threads) {
    warnings->Add(
        "OMP_NUM_THREADS is {}, and this process may use {} processors: its "
        "threads wait for one another. Unset it, or set it to {}.",
        value("OMP_NUM_THREADS"), threads, threads);
  }
  if (value("OMP_WAIT_POLICY") == "ACTIVE" ||
      value("OMP_WAIT_POLICY") == "active") {
    warnings->Add(
        "OMP_WAIT_POLICY is ACTIVE: threads that wait take the processors from "
        "those that prepare images. Unset it.");
  }
}

void WarnOfParts(const Json& parts, Warnings* warnings) {
  for (const Json& part : parts) {
    if (part["name"] != "images" || part["found"].get<bool>()) continue;
    warnings->Add("Image files cannot be read, only packed ones: {}.",
                  part["what_to_do"].get<std::string>());
  }
}

std::string Gigabytes(const Json& bytes) {
  return fmt::format("{:.1f} GB", bytes.get<double>() / kGigabyte);
}

std::string MachineText(const Json& machine) {
  const auto name = machine["processor"].get<std::string>();
  const auto sets = machine["instructions"].get<std::vector<std::string>>();
  std::string text = fmt::format(
      "Processor    {}\n             {} processors, {} used{}\n",
      name.empty() ? "not named" : name, machine["processors"].get<int>(),
      machine["threads"].get<int>(),
      sets.empty() ? "" : "; " + fmt::format("{}", fmt::join(sets, ", ")));
  text += fmt::format("Memory       {}, {} available",
                      Gigabytes(machine["memory_bytes"]),
                      Gigabytes(machine["memory_available_bytes"]));
  if (!machine["memory_limit_bytes"].is_null()) {
    text += fmt::format(", limited to {}",
                        Gigabytes(machine["memory_limit_bytes"]));
  }
  return text + "\n";
}

std::string CacheText(const Json& cache) {
  std::string text =
      fmt::format("Cache        {}\n", cache["folder"].get<std::string>());
  if (cache.contains("problem")) return text;
  return text +
         fmt::format("             {} free, writes {:.0f} MB/s\n",
                     Gigabytes(cache["free_bytes"]),
                     cache["write_bytes_per_second"].get<double>() / 1e6);
}

std::string NetworkText(const Json& network) {
  if (network.is_null()) return "Networks     no LibTorch\n";
  const auto gpus = network["gpus"].get<std::vector<std::string>>();
  return fmt::format(
      "Networks     LibTorch {}, {} threads{}{}\n"
      "             {}, {:.1f} GFLOP/s\n"
      "GPU          {}\n",
      network["torch"].get<std::string>(), network["threads"].get<int>(),
      network["onednn"].get<bool>() ? ", oneDNN" : "",
      network["bfloat16"].get<bool>() ? ", bf16" : "",
      network["blas"].get<std::string>(),
      network["matmul_gflops"].is_null()
          ? 0
          : network["matmul_gflops"].get<double>(),
      gpus.empty() ? "none" : JoinWords(gpus));
}

std::string PartsText(const Json& parts) {
  TextTable table;
  for (const char* heading : {"Part", "Found", "For"}) {
    table.AddColumn(heading, TextTable::Align::kLeft);
  }
  std::string missing;
  for (const Json& part : parts) {
    const bool found = part["found"].get<bool>();
    const std::string version = found && !part["version"].is_null()
                                    ? part["version"].get<std::string>()
                                    : "yes";
    const auto name = part["name"].get<std::string>();
    table.AddRow(
        {name, found ? version : "no", part["gives"].get<std::string>()});
    if (found) continue;
    missing +=
        fmt::format("  {}: {}\n", name, part["what_to_do"].get<std::string>());
  }
  if (!missing.empty()) missing = "\nTo get what is missing:\n" + missing;
  return table.ToText(100) + missing;
}

}  // namespace

Json Diagnose(const std::string& cache, int threads) {
  // Before the part "network" sets some of it.
  const Json environment = EnvironmentJson();
  const Machine machine = DescribeMachine();
  if (threads <= 0) threads = machine.threads;
  Json report = {{"schema", "plumbline.doctor/1"},
                 {"plumbline", kVersion},
                 {"machine", MachineJson(machine, threads)},
                 {"cache", CacheJson(cache)},
                 {"parts", PartsJson()},
                 {"network", NetworkJson(threads)},
                 {"environment", environment}};
  Warnings warnings;
  WarnOfParts(report["parts"], &warnings);
  WarnOfMachine(report["machine"], report["cache"], &warnings);
  WarnOfNetwork(report["network"], &warnings);
  WarnOfEnvironment(environment, machine.threads, &warnings);
  report["warnings"] = warnings.list();
  return report;
}

std::string DoctorText(const Json& report) {
  std::string text =
      fmt::format("plumbline {}\n\n", report["plumbline"].get<std::string>());
  text += MachineText(report["machine"]) + CacheText(report["cache"]) +
          NetworkText(report["network"]);
  for (const auto& [name, value] : report["environment"].items()) {
    text += fmt::format("Environment  {}={}\n", name, value.get<std::string>());
  }
  text += "\n" + PartsText(report["parts"]) + "\n";
  const Json& warnings = report["warnings"];
  if (warnings.empty()) return text + "Nothing is slow or in the way.\n";
  for (const Json& warning : warnings) {
    text += "! " + Wrap(warning.get<std::string>(), 78, 2) + "\n";
  }
  return text;
}

}  // namespace plumbline
