#include "plumbline/base/cpu_quota.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <vector>

#include "plumbline/base/text.h"

namespace plumbline {
namespace {

std::vector<std::string> WordsOfFile(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> words;
  for (std::string word; file >> word;) words.push_back(word);
  return words;
}

// CPUs granted by "quota period" in microseconds; infinity without a limit
// ("max" in version 2, -1 in version 1).
double Granted(const std::vector<std::string>& words) {
  double quota = 0;
  double period = 0;
  if (words.size() != 2 || !ParseNumber(words[0], &quota) ||
      !ParseNumber(words[1], &period) || quota <= 0 || period <= 0) {
    return INFINITY;
  }
  return quota / period;
}

double GrantedByFolder(const std::string& folder) {
  std::vector<std::string> version1 = WordsOfFile(folder + "/cpu.cfs_quota_us");
  for (std::string& word : WordsOfFile(folder + "/cpu.cfs_period_us")) {
    version1.push_back(std::move(word));
  }
  return std::min(Granted(WordsOfFile(folder + "/cpu.max")), Granted(version1));
}

// The limit of the group `path` and of each group above it.
double GrantedByGroup(const std::string& mount, std::string path) {
  double granted = INFINITY;
  while (true) {
    granted = std::min(granted, GrantedByFolder(mount + path));
    const size_t slash = path.rfind('/');
    if (slash == std::string::npos) return granted;
    path.resize(slash);
  }
}

}  // namespace

int CpuQuota(std::string_view membership, const std::string& root) {
  double granted = INFINITY;
  for (const std::string& line : Split(membership, '\n')) {
    // "hierarchy:controllers:path"; version 2 names no controllers.
    const size_t first = line.find(':');
    if (first == std::string::npos) continue;
    const size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1);
    const std::string path = line.substr(second + 1);
    if (controllers.empty()) {
      granted = std::min(granted, GrantedByGroup(root, path));
      continue;
    }
    const std::vector<std::string> names = Split(controllers, ',');
    if (std::find(names.begin(), names.end(), "cpu") == names.end()) continue;
    for (const std::string& folder : {controllers, std::string("cpu")}) {
      granted = std::min(
          granted, GrantedByGroup(fmt::format("{}/{}", root, folder), path));
    }
  }
  if (std::isinf(granted)) return 0;
  return static_cast<int>(std::min(std::ceil(granted), 1e6));
}

}  // namespace plumbline
