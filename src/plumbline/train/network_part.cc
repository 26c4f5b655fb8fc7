// The part "network": what links to LibTorch, for the main binary.
#include "plumbline/base/on_demand.h"
#include "plumbline/model/scorers.h"
#include "plumbline/train/network_service.h"

namespace plumbline {
namespace {

constexpr NetworkService kService{.train = train::Train,
                                  .facts = MeasureNetworkFacts,
                                  .open_own = OpenOwn,
                                  .open_torchscript = OpenTorchScript};

// The part runs no command of its own.
int Run(int, const char* const*) { return 0; }

}  // namespace
}  // namespace plumbline

// The loader looks for this name.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" const plumbline::OnDemandPart plumbline_part = {
    plumbline::kOnDemandAbi, "network", plumbline::Run, &plumbline::kService};
