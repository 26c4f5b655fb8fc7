#include "plumbline/face/library/host/vendor_calls.h"

#include <chrono>
#include <cstring>

#include "plumbline/face/library/host/interface.h"

namespace plumbline::face {

using Template = std::vector<uint8_t>;
using Images = std::vector<FRVT::Image>;
using Eyes = std::vector<FRVT::EyePair>;

#if PLUMBLINE_FRVT_STRUCTS == 1
// The interface before version 5 brought a second createTemplate. Not in a
// nameless namespace: the compiler would know that nobody implements it.
class Version4 {
 public:
  virtual ~Version4() = default;
  virtual FRVT::ReturnStatus initialize(const std::string&) = 0;
  virtual FRVT::ReturnStatus createTemplate(const Images&, FRVT::TemplateRole,
                                            Template&, Eyes&) = 0;
  virtual FRVT::ReturnStatus matchTemplates(const Template&, const Template&,
                                            double&) = 0;
};
#endif

namespace {

FRVT::ReturnStatus Create(FRVT_11::Interface* library, const Images& images,
                          FRVT::TemplateRole role, Template* made, Eyes* eyes) {
#if PLUMBLINE_FRVT_STRUCTS == 3
  return library->createFaceTemplate(images, role, *made, *eyes);
#else
  return library->createTemplate(images, role, *made, *eyes);
#endif
}
#if PLUMBLINE_FRVT_STRUCTS == 1
FRVT::ReturnStatus Create(Version4* library, const Images& images,
                          FRVT::TemplateRole role, Template* made, Eyes* eyes) {
  return library->createTemplate(images, role, *made, *eyes);
}
#endif

Images ReadImages(const char* area, const TemplateWork& work) {
  Images images(work.pictures);
  for (int i = 0; i < work.pictures; ++i) {
    const PictureEntry& entry = work.picture[i];
    const size_t bytes = size_t{entry.width} * entry.height * (entry.depth / 8);
    auto* pixels = new uint8_t[bytes];
    memcpy(pixels, area + entry.offset, bytes);
    images[i].width = entry.width;
    images[i].height = entry.height;
    images[i].depth = entry.depth;
    images[i].data =
        std::shared_ptr<uint8_t>(pixels, std::default_delete<uint8_t[]>());
    images[i].description = entry.description;
  }
  return images;
}

int64_t Now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

void Wipe(Template* bytes) {
  if (!bytes->empty()) explicit_bzero(bytes->data(), bytes->size());
}

template <typename Library>
class Calls : public VendorLibrary {
 public:
  explicit Calls(std::shared_ptr<void> object)
      : object_(std::move(object)),
        library_(static_cast<Library*>(object_.get())) {}

  int Initialize(const char* config) override {
    return static_cast<int>(library_->initialize(config).code);
  }

  void MakeTemplate(char* area, int64_t area_bytes) override {
    auto* work = reinterpret_cast<TemplateWork*>(area + kAreaData);
    const Images images = ReadImages(area, *work);
    Template made;
    Eyes eyes;
    const int64_t begin = Now();
    const FRVT::ReturnStatus status =
        Create(library_, images, static_cast<FRVT::TemplateRole>(work->role),
               &made, &eyes);
    work->nanoseconds = Now() - begin;
    work->code = static_cast<int>(status.code);
    work->eyes = static_cast<int32_t>(eyes.size());
    constexpr int64_t kPlace = kAreaData + sizeof(TemplateWork);
    const auto bytes = static_cast<int64_t>(made.size());
    work->bytes = bytes <= area_bytes - kPlace ? bytes : -1;
    if (work->bytes > 0) memcpy(area + kPlace, made.data(), made.size());
    Wipe(&made);
  }

  void Match(char* area, int32_t first) override {
    auto* work = reinterpret_cast<MatchWork*>(area + kAreaData);
    const auto* entries =
        reinterpret_cast<const TemplateEntry*>(area + kMatchTable);
    auto* matches = reinterpret_cast<MatchEntry*>(
        area + kMatchTable + work->templates * sizeof(TemplateEntry));
    auto& done = reinterpret_cast<AreaHead*>(area)->done;
    std::vector<Template> templates(work->templates);
    for (int32_t i = 0; i < work->templates; ++i) {
      const char* begin = area + entries[i].offset;
      templates[i].assign(begin, begin + entries[i].bytes);
    }
    const int32_t count = work->matches;
    const int64_t begin = Now();
    for (int32_t i = first; i < count; ++i) {
      MatchEntry& match = matches[i];
      double similarity = 0;
      const FRVT::ReturnStatus status =
          library_->matchTemplates(templates[match.verification],
                                   templates[match.enrolment], similarity);
      match.code = static_cast<int>(status.code);
      match.similarity = similarity;
      done.store(i + 1, std::memory_order_release);
    }
    work->nanoseconds = Now() - begin;
    for (Template& each : templates) Wipe(&each);
  }

 private:
  std::shared_ptr<void> object_;
  Library* library_;
};

}  // namespace

std::unique_ptr<VendorLibrary> MakeVendorCalls(std::shared_ptr<void> object,
                                               FrvtInterface interface) {
#if PLUMBLINE_FRVT_STRUCTS == 1
  if (interface == FrvtInterface::kVersion4) {
    return std::make_unique<Calls<Version4>>(std::move(object));
  }
#endif
  static_cast<void>(interface);
  return std::make_unique<Calls<FRVT_11::Interface>>(std::move(object));
}

}  // namespace plumbline::face
