// NIST's interface of face-recognition libraries (FRVT/FRTE 1:1), declared anew
// from its description: classes whose tables of virtual functions and structs
// whose layouts are those of the published headers.
//
// Compiled once for each generation of the structs (PLUMBLINE_FRVT_STRUCTS: 1
// or 3), because vectors of Image have another stride in each.
//
// Source: FRVT 1:1 API 4.0 to 5.1 with structs 1.x; FRTE 1:1 face and iris,
// structs 3.1 (usnistgov/frvt; works of the US Government, in the public
// domain).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#ifndef PLUMBLINE_FRVT_STRUCTS
#define PLUMBLINE_FRVT_STRUCTS 1
#endif

namespace FRVT {

// Raster order, no padding; 8 bits of grey or 24 of RGB.
struct Image {
  uint16_t width = 0;
  uint16_t height = 0;
  uint8_t depth = 24;
  std::shared_ptr<uint8_t> data;
  int description = 0;
#if PLUMBLINE_FRVT_STRUCTS == 3
  int illuminant = 0;
  int iris_side = 0;
#endif
};

struct EyePair {
  bool left_assigned = false;
  bool right_assigned = false;
  uint16_t x_left = 0;
  uint16_t y_left = 0;
  uint16_t x_right = 0;
  uint16_t y_right = 0;
};

struct IrisAnnulus {
  uint16_t limbus_x = 0;
  uint16_t limbus_y = 0;
  uint16_t pupil_radius = 0;
  uint16_t limbus_radius = 0;
};

enum class TemplateRole { Enrollment_11 = 0, Verification_11 = 1 };

enum class ReturnCode {
  Success = 0,
  UnknownError = 1,
  ConfigError = 2,
  RefuseInput = 3,
  ExtractError = 4,
  VerifTemplateError = 7,
  FaceDetectionError = 8,
  NotImplemented = 16,
  VendorError = 17,
};

struct ReturnStatus {
  ReturnCode code = ReturnCode::UnknownError;
  std::string info;
};

#if PLUMBLINE_FRVT_STRUCTS == 3
static_assert(sizeof(Image) == 40);
#else
static_assert(sizeof(Image) == 32);
#endif
static_assert(sizeof(EyePair) == 10 && sizeof(IrisAnnulus) == 8);

}  // namespace FRVT

namespace FRVT_11 {

using Template = std::vector<uint8_t>;

#if PLUMBLINE_FRVT_STRUCTS == 3
class Interface {
 public:
  virtual ~Interface() {}
  virtual FRVT::ReturnStatus initialize(const std::string& config) = 0;
  virtual FRVT::ReturnStatus createFaceTemplate(
      const std::vector<FRVT::Image>& faces, FRVT::TemplateRole role,
      Template& made, std::vector<FRVT::EyePair>& eyes) = 0;
  virtual FRVT::ReturnStatus createIrisTemplate(
      const std::vector<FRVT::Image>& irises, FRVT::TemplateRole role,
      Template& made, std::vector<FRVT::IrisAnnulus>& places) = 0;
  virtual FRVT::ReturnStatus createFaceTemplate(
      const FRVT::Image& image, FRVT::TemplateRole role,
      std::vector<Template>& made, std::vector<FRVT::EyePair>& eyes) = 0;
  virtual FRVT::ReturnStatus matchTemplates(const Template& verification,
                                            const Template& enrolment,
                                            double& similarity) = 0;
  static std::shared_ptr<Interface> getImplementation();
};
#else
class Interface {
 public:
  virtual ~Interface() {}
  virtual FRVT::ReturnStatus initialize(const std::string& config) = 0;
  virtual FRVT::ReturnStatus createTemplate(
      const std::vector<FRVT::Image>& faces, FRVT::TemplateRole role,
      Template& made, std::vector<FRVT::EyePair>& eyes) = 0;
#ifndef PLUMBLINE_FRVT_4  // came with version 5
  virtual FRVT::ReturnStatus createTemplate(
      const FRVT::Image& image, FRVT::TemplateRole role,
      std::vector<Template>& made, std::vector<FRVT::EyePair>& eyes) = 0;
#endif
  virtual FRVT::ReturnStatus matchTemplates(const Template& verification,
                                            const Template& enrolment,
                                            double& similarity) = 0;
  static std::shared_ptr<Interface> getImplementation();
};
#endif

}  // namespace FRVT_11
