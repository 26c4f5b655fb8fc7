#include "plumbline/cli/cohort_images.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "plumbline/base/error.h"
#include "plumbline/base/file.h"
#include "plumbline/base/log.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/packed/images_of_rows.h"

namespace plumbline {
namespace {

using enum OptionKind;

// As many as fit on a screen; the JSON has all.
constexpr size_t kMostListed = 10;

// The images alone: other labels make no other pixels.
PackInput ImagesOf(const CohortSource& source) {
  PackInput input;
  input.folder = source.roles.folder;
  input.paths = ImagePaths(source.cohort);
  input.table_csv = "image\n";
  for (const std::string& path : input.paths) {
    AppendCsvField(path, &input.table_csv);
    input.table_csv += '\n';
  }
  input.roles_toml = "image = \"image\"\n";
  return input;
}

// Null if it was written by another version or is damaged.
std::shared_ptr<const PackedCohort> OpenCached(const std::string& file) {
  if (!IsPackedFile(file)) return nullptr;
  try {
    return std::make_shared<const PackedCohort>(file);
  } catch (const Error& error) {
    LogInfo("{}; packing it anew", error.what());
    return nullptr;
  }
}

std::shared_ptr<const PackedCohort> PackIntoCache(const Settings& settings,
                                                  const CohortSource& source,
                                                  const PackOptions& options) {
  const PackInput input = ImagesOf(source);
  const std::string folder = CacheFolder(settings);
  MakeFolder(folder);
  const std::string file =
      fmt::format("{}/{}.plumb", folder, PackFingerprint(input, options, true));
  if (auto packed = OpenCached(file)) return packed;
  LogInfo("packing {} images into {}", WithThousands(input.paths.size()), file);
  PackImages(input, options, file);
  return std::make_shared<const PackedCohort>(file);
}

}  // namespace

std::string CacheFolder(const Settings& settings) {
  if (settings.Has("cache")) return settings.Text("cache");
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::string(value == nullptr ? "" : value);
  };
  // The XDG base directory specification: a path that is not absolute counts
  // for nothing.
  const std::string cache = variable("XDG_CACHE_HOME");
  if (cache.starts_with('/')) return cache + "/plumbline/packs";
  const std::string home = variable("HOME");
  if (home.starts_with('/')) return home + "/.cache/plumbline/packs";
  throw Error(ErrorCode::kUsage,
              "there is no folder for packed images: neither XDG_CACHE_HOME "
              "nor HOME is set; name one with --cache, or pack the cohort with "
              "plumbline pack");
}

Option CacheOption() {
  return {"cache", kText, "DIR",
          "where images of a cohort that is not packed are packed once; else "
          "plumbline/packs in the user's cache folder"};
}

OptionGroup CohortImageOptions() {
  OptionGroup group = PackingOptions();
  group.options.push_back({"no-images", kFlag, "", "look at the table alone"});
  group.options.push_back(CacheOption());
  return group;
}

CohortImages OpenCohortImages(const Settings& settings,
                              const CohortSource& source) {
  return OpenCohortImages(settings, source, ReadPackOptions(settings));
}

CohortImages OpenCohortImages(const Settings& settings,
                              const CohortSource& source,
                              const PackOptions& options) {
  CohortImages images;
  if (settings.Flag("no-images") || source.roles.image.empty()) return images;
  images.packed =
      source.packed ? source.packed : PackIntoCache(settings, source, options);
  // Those that the rows of the cohort name.
  for (const std::string& path : ImagePaths(source.cohort)) {
    const std::string reason =
        WhyUnusable(*images.packed, images.packed->Find(path));
    if (!reason.empty()) images.failed.push_back({path, reason});
  }
  return images;
}

int ReportFailedImages(const CohortImages& images) {
  const size_t failed = images.failed.size();
  if (failed == 0) return 0;
  std::string text =
      fmt::format("{} of the images cannot be used:", WithThousands(failed));
  for (size_t i = 0; i < std::min(failed, kMostListed); ++i) {
    text += fmt::format("\n  {}: {}", images.failed[i].path,
                        images.failed[i].reason);
  }
  if (failed > kMostListed) {
    text += fmt::format("\n  and {} more", WithThousands(failed - kMostListed));
  }
  LogWarning("{}", text);
  return 5;
}

}  // namespace plumbline
