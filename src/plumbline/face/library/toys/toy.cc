// A face-recognition library for tests and examples. A picture's pixels are the
// numbers of an embedding; a template is the embedding, its similarity 1 + the
// cosine. Macros make it another generation, or misbehave.
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "plumbline/face/library/host/interface.h"

#ifndef TOY_NO_VERSIONS
#ifndef TOY_SAYS
#if PLUMBLINE_FRVT_STRUCTS == 3
#define TOY_SAYS 6
#elif defined(PLUMBLINE_FRVT_4)
#define TOY_SAYS 4
#else
#define TOY_SAYS 5
#endif
#endif
namespace FRVT_11 {
uint16_t API_MAJOR_VERSION{TOY_SAYS};
uint16_t API_MINOR_VERSION{0};
}  // namespace FRVT_11
namespace FRVT {
uint16_t FRVT_STRUCTS_MAJOR_VERSION{PLUMBLINE_FRVT_STRUCTS};
uint16_t FRVT_STRUCTS_MINOR_VERSION{PLUMBLINE_FRVT_STRUCTS == 3 ? 1 : 2};
}  // namespace FRVT
#endif

namespace {

using FRVT::ReturnCode;
using FRVT::ReturnStatus;
using FRVT_11::Template;

// A failed template is empty.
ReturnStatus Embed(const FRVT::Image& image, Template* made) {
  const int channels = image.depth / 8;
  const size_t pixels = size_t{image.width} * image.height;
  std::vector<float> values(pixels);
  double squares = 0;
  for (size_t i = 0; i < pixels; ++i) {
    values[i] = static_cast<float>(image.data.get()[i * channels]) - 128.0f;
    squares += static_cast<double>(values[i]) * values[i];
  }
  if (squares == 0) return {ReturnCode::FaceDetectionError, "a grey picture"};
  for (float& value : values) {
    value = static_cast<float>(value / std::sqrt(squares));
  }
  made->resize(values.size() * sizeof(float));
  memcpy(made->data(), values.data(), made->size());
  return {ReturnCode::Success, ""};
}

[[maybe_unused]] int calls = 0;

ReturnStatus MakeTemplate(const FRVT::Image& image, Template* made) {
#if defined(TOY_CRASH_TEMPLATE)
  if (image.data.get()[0] % 16 == 3) abort();
#elif defined(TOY_REFUSE_TEMPLATE)
  if (image.data.get()[0] % 8 == 3) return {ReturnCode::RefuseInput, "no"};
#elif defined(TOY_LICENCE)
  return {ReturnCode::VendorError, "no licence"};
#elif defined(TOY_HUGE_TEMPLATE)
  if (image.data.get()[0] % 16 == 3) {
    made->resize(size_t{100} << 20);
    return {ReturnCode::Success, ""};
  }
#elif defined(TOY_TALK)
  for (int i = 0; i < 1000; ++i) fprintf(stderr, "a template is made\n");
#endif
  return Embed(image, made);
}

ReturnStatus Compare(const Template& a, const Template& b, double* similarity) {
  *similarity = -1;
  if (a.empty() || a.size() != b.size()) {
    return {ReturnCode::VerifTemplateError, "a failed template"};
  }
  const size_t count = a.size() / sizeof(float);
  double sum = 0;
  for (size_t i = 0; i < count; ++i) {
    float x = 0, y = 0;
    memcpy(&x, &a[i * sizeof x], sizeof x);
    memcpy(&y, &b[i * sizeof y], sizeof y);
    sum += static_cast<double>(x) * y;
  }
  *similarity = 1 + sum;
#if defined(TOY_CRASH_MATCH)
  if (a[0] == b[0] && a[1] == b[1] && a[4] % 4 == 0) raise(11);
#elif defined(TOY_HANG_MATCH)
  if (sum > 0.6 && a[4] % 32 == 5) {
    for (volatile int forever = 0; forever == 0;) {
    }
  }
#elif defined(TOY_NAN)
  if (a[1] % 8 == 0) *similarity = std::numeric_limits<double>::quiet_NaN();
#elif defined(TOY_NEGATIVE)
  *similarity = sum;
#elif defined(TOY_CONSTANT)
  *similarity = sum > 0.5 ? 2 : sum > 0.3 ? 1 : 0;
#elif defined(TOY_RANDOM)
  *similarity += 1e-6 * ++calls;
#endif
  return {ReturnCode::Success, ""};
}

ReturnStatus Start(const std::string& config) {
#if defined(TOY_CRASH_INITIALIZE)
  throw std::runtime_error("no model in " + config);
#elif defined(TOY_HANG_INITIALIZE)
  for (;;) pause();
#elif defined(TOY_NETWORK)
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0) abort();
#elif defined(TOY_WRITE)
  if (open((config + "/stolen").c_str(), O_WRONLY | O_CREAT, 0600) >= 0)
    abort();
  if (open("/tmp/stolen", O_WRONLY | O_CREAT, 0600) >= 0) abort();
  if (open("/etc/passwd", O_RDONLY) >= 0) abort();
#endif
  // It has a file to read there.
  FILE* file = fopen((config + "/toy.txt").c_str(), "r");
  if (file == nullptr) return {ReturnCode::ConfigError, "no toy.txt"};
  fclose(file);
  return {ReturnCode::Success, ""};
}

}  // namespace

// With a name that the host can find, as most vendors' classes have.
class Toy : public FRVT_11::Interface {
 public:
  ReturnStatus initialize(const std::string& config) override {
    return Start(config);
  }
#if PLUMBLINE_FRVT_STRUCTS == 3
  ReturnStatus createFaceTemplate(const std::vector<FRVT::Image>& faces,
                                  FRVT::TemplateRole, Template& made,
                                  std::vector<FRVT::EyePair>& eyes) override {
    eyes.resize(faces.size());
    return MakeTemplate(faces[0], &made);
  }
  ReturnStatus createIrisTemplate(const std::vector<FRVT::Image>&,
                                  FRVT::TemplateRole, Template&,
                                  std::vector<FRVT::IrisAnnulus>&) override {
    return {ReturnCode::NotImplemented, ""};
  }
  ReturnStatus createFaceTemplate(const FRVT::Image&, FRVT::TemplateRole,
                                  std::vector<Template>&,
                                  std::vector<FRVT::EyePair>&) override {
    return {ReturnCode::NotImplemented, ""};
  }
#else
  ReturnStatus createTemplate(const std::vector<FRVT::Image>& faces,
                              FRVT::TemplateRole, Template& made,
                              std::vector<FRVT::EyePair>& eyes) override {
    eyes.resize(faces.size());
    return MakeTemplate(faces[0], &made);
  }
#ifndef PLUMBLINE_FRVT_4
  ReturnStatus createTemplate(const FRVT::Image&, FRVT::TemplateRole,
                              std::vector<Template>&,
                              std::vector<FRVT::EyePair>&) override {
    return {ReturnCode::NotImplemented, ""};
  }
#endif
#endif
  ReturnStatus matchTemplates(const Template& verification,
                              const Template& enrolment,
                              double& similarity) override {
#ifdef TOY_FORK
    if (fork() >= 0) abort();
#endif
    return Compare(verification, enrolment, &similarity);
  }
};

namespace {

#ifdef TOY_CRASH_LOAD
[[maybe_unused]] const int crashed = (abort(), 0);
#endif

}  // namespace

std::shared_ptr<FRVT_11::Interface> FRVT_11::Interface::getImplementation() {
  return std::make_shared<Toy>();
}
