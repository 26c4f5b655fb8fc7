#include "plumbline/base/on_demand.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <system_error>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

[[noreturn]] void ThrowUnavailable(const std::string& name,
                                   const std::string& path,
                                   const std::string& why,
                                   const std::string& what_to_do) {
  throw Error(ErrorCode::kUnavailable,
              "the part \"{}\" is not available: {} {}; {}", name, path, why,
              what_to_do);
}

// Closes the library unless it is kept.
struct Closer {
  void operator()(void* library) const { dlclose(library); }
};

const OnDemandPart& Load(const std::string& name,
                         const std::string& what_to_do) {
  const std::string path = (std::filesystem::path(FolderOfParts()) /
                            ("libplumbline_" + name + ".so"))
                               .string();
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    ThrowUnavailable(name, path, "does not exist", what_to_do);
  }
  std::unique_ptr<void, Closer> library(
      dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!library) {
    const char* reason = dlerror();
    ThrowUnavailable(
        name, path,
        fmt::format("cannot be loaded ({})", reason ? reason : "no reason"),
        what_to_do);
  }
  const auto* part =
      static_cast<const OnDemandPart*>(dlsym(library.get(), "plumbline_part"));
  if (part == nullptr) {
    ThrowUnavailable(name, path,
                     "is not a part of Plumbline (it has no plumbline_part)",
                     what_to_do);
  }
  // The number comes first and never moves; the rest is only known to be there
  // once it agrees.
  if (part->abi != kOnDemandAbi) {
    ThrowUnavailable(
        name, path,
        fmt::format("was built for another version of Plumbline (interface {}, "
                    "this is {})",
                    part->abi, kOnDemandAbi),
        "install the part that belongs to this version");
  }
  if (part->name != name) {
    ThrowUnavailable(name, path, fmt::format("is the part \"{}\"", part->name),
                     "give each part the file name it was built with");
  }
  static_cast<void>(library.release());  // a loaded part stays
  return *part;
}

}  // namespace

std::string FolderOfParts() {
  const char* chosen = std::getenv("PLUMBLINE_PARTS");
  if (chosen != nullptr && *chosen != '\0') return chosen;
  std::error_code error;
  const std::filesystem::path binary =
      std::filesystem::read_symlink("/proc/self/exe", error);
  const std::filesystem::path folder =
      binary.parent_path() / ".." / "lib" / "plumbline";
  return folder.lexically_normal().string();
}

const OnDemandPart& LoadOnDemand(const std::string& name,
                                 const std::string& what_to_do) {
  static std::mutex mutex;
  static std::map<std::string, const OnDemandPart*> loaded;
  const std::lock_guard lock(mutex);
  const OnDemandPart*& part = loaded[name];
  if (part == nullptr) part = &Load(name, what_to_do);
  return *part;
}

}  // namespace plumbline
