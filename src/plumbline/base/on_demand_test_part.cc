// A part for on_demand_test.cc, built several times: PART_NAME, PART_ABI.
#include <cstdio>
#include <string_view>

#include "plumbline/base/error.h"
#include "plumbline/base/on_demand.h"

namespace {

int Run(int argc, const char* const* argv) {
  if (argc > 1 && std::string_view(argv[1]) == "fail") {
    throw plumbline::Error(plumbline::ErrorCode::kInvalidInput,
                           "{} failed inside the part", argv[0]);
  }
  return 40 + argc;
}

}  // namespace

#ifdef PART_NAME
// The loader looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" const plumbline::OnDemandPart plumbline_part = {PART_ABI, PART_NAME,
                                                           &Run};
#else
int (*unused)(int, const char* const*) = &Run;
#endif
