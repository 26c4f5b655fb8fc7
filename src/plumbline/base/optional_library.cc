#include "plumbline/base/optional_library.h"

#include <dlfcn.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/base/on_demand.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

namespace fs = std::filesystem;

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string UserDataFolder() {
  std::string chosen = Variable("XDG_DATA_HOME");
  if (!chosen.empty()) return chosen;
  const std::string home = Variable("HOME");
  return home.empty() ? "" : (fs::path(home) / ".local" / "share").string();
}

// Files to try, in order; a name without a folder is looked for by the system.
std::vector<std::string> Candidates(const OptionalLibrary& library) {
  const std::string chosen = Variable(library.variable);
  if (!chosen.empty()) return {fs::absolute(chosen).string()};
  std::vector<std::string> files = {library.file};
  files.push_back((fs::path(FolderOfParts()) / library.file).string());
  const std::string data = UserDataFolder();
  if (!data.empty()) {
    files.push_back((fs::path(data) / "plumbline" / library.file).string());
  }
  return files;
}

[[noreturn]] void ThrowNotFound(const OptionalLibrary& library,
                                const std::vector<std::string>& files) {
  if (files.size() == 1) {
    throw Error(ErrorCode::kUnavailable, "{}, and {} ({}) does not exist; {}",
                library.need, files[0], library.variable, library.advice);
  }
  const std::vector<std::string> places(files.begin() + 1, files.end());
  throw Error(ErrorCode::kUnavailable,
              "{}, which is not installed: the system has no {}, and there is "
              "no {}; {}",
              library.need, library.file, JoinWords(places, "or"),
              library.advice);
}

}  // namespace

void LibraryCloser::operator()(void* library) const { dlclose(library); }

OpenedLibrary OpenOptionalLibrary(const OptionalLibrary& library) {
  const std::vector<std::string> files = Candidates(library);
  for (const std::string& file : files) {
    std::error_code error;
    const bool by_system = file == library.file;
    if (!by_system && !fs::exists(file, error)) continue;
    OpenedLibrary opened{.path = file};
    opened.handle.reset(dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL));
    if (opened.handle) return opened;
    const char* reason = dlerror();
    if (by_system) continue;
    throw Error(ErrorCode::kUnavailable, "{}, and {} cannot be loaded ({}); {}",
                library.need, file, reason ? reason : "no reason",
                library.advice);
  }
  ThrowNotFound(library, files);
}

void* FindInLibrary(const OpenedLibrary& opened, const char* name,
                    const char* whose, const OptionalLibrary& library) {
  void* const found = dlsym(opened.handle.get(), name);
  if (found == nullptr) {
    throw Error(ErrorCode::kUnavailable,
                "{} is not {} that Plumbline can use (it has no {}); {}",
                opened.path, whose, name, library.advice);
  }
  return found;
}

}  // namespace plumbline
