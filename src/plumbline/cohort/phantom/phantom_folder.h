// A phantom cohort as a folder: pictures, table, cohort.toml, and apart from
// them the truth.
#pragma once

#include <cstdint>
#include <string>

#include "plumbline/cohort/phantom/phantom_plan.h"

namespace plumbline {

// metadata.csv: what a hospital would hand over.
std::string PhantomTable(const PhantomPlan& plan);
// cohort.toml for it.
std::string PhantomCohortToml(const PhantomPlan& plan);
// truth.csv: of each image what is true, and what was done to its record.
std::string PhantomTruthTable(const PhantomPlan& plan);
// truth.json: the options, what came of them in numbers, and the codes that a
// survey should give (of the preset, "" for none).
std::string PhantomTruth(const PhantomPlan& plan, const std::string& preset);

// Writes all of it; the same plan gives the same bytes. A call that was stopped
// is taken up where it stopped. Shows progress.
//
// Throws Error(kUsage) if the folder holds anything but an unfinished phantom
// of the same plan, Error(kOutOfResources) for a full disk,
// Error(kInterrupted), Error(kUnavailable) without the part that writes PNG.
void WritePhantom(const PhantomPlan& plan, const std::string& preset,
                  const std::string& folder, int threads);

}  // namespace plumbline
