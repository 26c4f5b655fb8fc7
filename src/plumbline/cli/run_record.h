// run.json: how a result came to be.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plumbline/base/json.h"
#include "plumbline/cli/settings.h"
#include "plumbline/table/table.h"

namespace plumbline {

// A command from its start on.
struct Run {
  std::string command;                 // "audit"
  std::vector<std::string> arguments;  // after the command's name
  std::chrono::system_clock::time_point started =
      std::chrono::system_clock::now();
  std::chrono::steady_clock::time_point begin =
      std::chrono::steady_clock::now();
};

// Arguments, settings, inputs with their hashes, versions, seed, and the time
// since the run began. `schema` is that of the result beside it,
// "plumbline.audit/1"; threads 0 means all; no seed: nothing was drawn.
Json RunRecord(const Run& run, const std::string& schema,
               const Settings& settings,
               const std::vector<TableSource>& sources,
               std::optional<uint64_t> seed, int threads);

// The same without what could name a machine, a folder, a person or the input:
// the settings of the analysis stand in the result.
Json SharedRunRecord(Json record);

}  // namespace plumbline
