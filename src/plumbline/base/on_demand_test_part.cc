// A part for on_demand_test.cc, built several times: PART_NAME, PART_ABI.
#include <string_view>

#include "plumbline/base/communicator.h"
#include "plumbline/base/error.h"
#include "plumbline/base/interrupt.h"
#include "plumbline/base/log.h"
#include "plumbline/base/on_demand.h"

namespace {

int Run(int argc, const char* const* argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "fail") {
    throw plumbline::Error(plumbline::ErrorCode::kInvalidInput,
                           "{} failed inside the part", argv[0]);
  }
  if (what == "signal") return plumbline::InterruptSignal();
  if (what == "log") plumbline::LogInfo("{} speaks", argv[0]);
  return 40 + argc;
}

// The test knows this as the part's service.
plumbline::Communicator* (*const kService)() = [] {
  return &plumbline::WorldCommunicator();
};

}  // namespace

#ifdef PART_NAME
// The loader looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" const plumbline::OnDemandPart plumbline_part = {PART_ABI, PART_NAME,
                                                           &Run, &kService};
#else
int (*unused)(int, const char* const*) = &Run;
#endif
