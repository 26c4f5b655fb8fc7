// A part for run_test.cc: its exit code is 40 more than its arguments.
#include "plumbline/base/on_demand.h"

namespace {

int Run(int argc, const char* const*) { return 40 + argc - 1; }

}  // namespace

// The loader looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" const plumbline::OnDemandPart plumbline_part = {
    plumbline::kOnDemandAbi, "network", Run};
