#include "plumbline/image/codecs/colour_profile.h"

#include <lcms2.h>

#include <memory>

#include "plumbline/base/hash.h"

namespace plumbline {
namespace {

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
struct DeleteTransform {
  void operator()(void* transform) const { cmsDeleteTransform(transform); }
};
using Profile = std::unique_ptr<void, CloseProfile>;
using Transform = std::unique_ptr<void, DeleteTransform>;

// Making one takes longer than using it, and the pictures of a cohort mostly
// share theirs.
struct CachedTransform {
  uint64_t profile = 0;
  int bytes = 0;
  Transform transform;
};

void QuietLog(cmsContext, cmsUInt32Number, const char*) {}

Transform MakeTransform(std::string_view bytes, int bytes_per_sample,
                        std::string* why_not) {
  cmsSetLogErrorHandler(&QuietLog);
  const Profile from(cmsOpenProfileFromMem(
      bytes.data(), static_cast<cmsUInt32Number>(bytes.size())));
  if (!from) {
    *why_not = "its colour profile is damaged and was not used";
    return nullptr;
  }
  if (cmsGetColorSpace(from.get()) != cmsSigRgbData) {
    *why_not =
        "its colour profile is not for red, green and blue and was not "
        "used";
    return nullptr;
  }
  const Profile to(cmsCreate_sRGBProfile());
  const cmsUInt32Number type = bytes_per_sample == 1 ? TYPE_RGB_8 : TYPE_RGB_16;
  Transform transform(cmsCreateTransform(from.get(), type, to.get(), type,
                                         INTENT_RELATIVE_COLORIMETRIC,
                                         cmsFLAGS_BLACKPOINTCOMPENSATION));
  if (!transform) *why_not = "its colour profile cannot be used";
  return transform;
}

}  // namespace

void ConvertToSrgb(std::string_view profile, Image* image,
                   std::vector<std::string>* notes) {
  if (profile.empty() || image->channels != 3) return;
  thread_local CachedTransform cache;
  const uint64_t hash = FastHash(profile);
  if (!cache.transform || cache.profile != hash ||
      cache.bytes != image->bytes_per_sample) {
    std::string why_not;
    cache = {hash, image->bytes_per_sample,
             MakeTransform(profile, image->bytes_per_sample, &why_not)};
    if (!cache.transform) {
      notes->push_back(why_not);
      return;
    }
  }
  const auto pixels =
      static_cast<cmsUInt32Number>(image->samples() / image->channels);
  cmsDoTransform(cache.transform.get(), image->data.data(), image->data.data(),
                 pixels);
}

}  // namespace plumbline
