// The images of a cohort, packed: those of a packed file, or of the cache.
#pragma once

#include <memory>
#include <vector>

#include "plumbline/cli/cohort_settings.h"

namespace plumbline {

struct CohortImages {
  // Null: the cohort has no images, or they are not wanted.
  std::shared_ptr<const PackedCohort> packed;
  std::vector<FailedImage> failed;
};

Option CacheOption();
// The folder of --cache. Throws Error(kUsage) if there is none to think of.
std::string CacheFolder(const Settings& settings);

// --side, ..., --no-images and --cache.
OptionGroup CohortImageOptions();

// A cohort of files is packed on its first use into the folder of --cache and
// read from there as long as neither its images nor --side, --depth, ...
// change; labels and attributes may.
CohortImages OpenCohortImages(const Settings& settings,
                              const CohortSource& source);
// The same with what is packed given by the caller: for a model, which has a
// size of its own.
CohortImages OpenCohortImages(const Settings& settings,
                              const CohortSource& source,
                              const PackOptions& options);

// Says on standard error which images cannot be used and why, the first few of
// them. Returns the exit code: 0, or 5.
int ReportFailedImages(const CohortImages& images);

}  // namespace plumbline
