// The part "images": everything that decodes, but HEIC.
#include "plumbline/base/error.h"
#include "plumbline/base/on_demand.h"
#include "plumbline/image/codecs/codecs.h"

namespace plumbline {
namespace {

constexpr ImageService kService = {&DecodeWithCodecs, &EncodePngWithCodecs};

int Run(int, const char* const*) {
  throw Error(ErrorCode::kInternal, "the part \"images\" has no command");
}

}  // namespace
}  // namespace plumbline

extern "C" const plumbline::OnDemandPart plumbline_part = {
    plumbline::kOnDemandAbi, "images", plumbline::Run, &plumbline::kService};
