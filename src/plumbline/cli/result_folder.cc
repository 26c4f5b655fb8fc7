#include "plumbline/cli/result_folder.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

namespace fs = std::filesystem;

// A folder that goes with everything in it.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& parent)
      : path_(fmt::format("{}/.part-{}", parent, getpid())) {
    MakeFolder(path_);
  }
  ~TemporaryFolder() {
    std::error_code error;
    fs::remove_all(path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Writes to a place the user does not know of; errors speak of the one he does.
void WriteFor(const std::string& path, const std::string& place,
              const std::string& bytes) {
  try {
    WriteFile(place, bytes);
  } catch (const Error& error) {
    const std::string message = error.what();
    const std::string prefix = place + ": ";
    if (!message.starts_with(prefix)) throw;
    throw Error(error.code(), Location{.file = path}, "{}",
                message.substr(prefix.size()));
  }
}

void Rename(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) {
    throw Error(ErrorCode::kUsage, Location{.file = to},
                "cannot write ({}); choose another folder with -o",
                error.message());
  }
}

}  // namespace

void PrepareFolder(const std::string& folder) {
  MakeFolder(folder);
  if (access(folder.c_str(), W_OK | X_OK) == 0) return;
  throw Error(ErrorCode::kUsage, Location{.file = folder},
              "cannot write into this folder (permission denied); choose "
              "another folder with -o");
}

void RequireNothingElse(const std::string& folder,
                        const std::vector<std::string>& names) {
  std::set<std::string> others;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string name = entry.path().filename().string();
    const std::string ending = entry.path().extension().string();
    const bool is_result = ending == ".csv" || ending == ".parquet" ||
                           ending == ".json" || ending == ".html";
    if (is_result && std::find(names.begin(), names.end(), name) == names.end())
      others.insert(name);
  }
  if (others.empty()) return;
  throw Error(ErrorCode::kUsage, Location{.file = folder},
              "this folder holds {}, which may be of a private version and "
              "would be handed on with the shared one (--share); remove it, or "
              "choose another folder with -o",
              JoinWords({others.begin(), others.end()}));
}

void WriteFolder(
    const std::string& folder,
    const std::vector<std::pair<std::string, std::string>>& files) {
  const TemporaryFolder temporary(folder);
  for (const auto& [name, bytes] : files) {
    WriteFor(folder + "/" + name, temporary.path() + "/" + name, bytes);
  }
  for (const auto& [name, bytes] : files) {
    Rename(temporary.path() + "/" + name, folder + "/" + name);
  }
}

}  // namespace plumbline
