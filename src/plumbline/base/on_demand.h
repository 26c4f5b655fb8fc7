// Parts of Plumbline that are heavy to load (networks, Parquet, MPI, ...) are
// shared libraries of their own, loaded when a command needs them, so that the
// main binary starts in milliseconds and builds without them.
#pragma once

#include <string>
#include <vector>

namespace plumbline {

// What a part exports under the C name `plumbline_part`.
struct OnDemandPart {
  // Must equal kOnDemandAbi of the loading binary.
  int abi;
  // "network", "mpi", ...
  const char* name;
  // Runs one command of this part: argv[0] is the command. Returns an exit
  // code; exceptions may pass through.
  int (*run)(int argc, const char* const* argv);
  // What else it offers, by the part's own header (MpiService, ...); null:
  // nothing.
  const void* service = nullptr;
};

inline constexpr int kOnDemandAbi = 2;

// Loads libplumbline_<name>.so from the folder of PLUMBLINE_PARTS, else from
// ../lib/plumbline beside the running binary. Loaded parts stay loaded.
//
// Throws Error(kUnavailable) that says where it looked, why it failed and
// `what_to_do` ("install libtorch-dev and configure with ..."), or that the
// part was built for another version.
const OnDemandPart& LoadOnDemand(const std::string& name,
                                 const std::string& what_to_do);

// That folder.
std::string FolderOfParts();

}  // namespace plumbline
