#include "plumbline/image/dicom/facts.h"

#include <algorithm>
#include <string>

#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// Years that rarer ages are not told apart from: 45 CFR 164.514(b)(2)(i)(C).
constexpr int kOldest = 90;

// Printable ASCII of at most 64 characters (the length of LO), else "".
std::string Clean(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 32; }, ' ');
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 127;
  });
  return ascii && text.size() <= 64 ? text : "";
}

std::string NumberText(const DicomItem& item, const DcmTagKey& tag) {
  const std::string text = item.Text(tag);
  double value = 0;
  return ParseNumber(text, &value) ? text : "";
}

// "0.5" or, between rows and between columns, "0.5x0.6", in mm.
std::string Spacing(const DicomItem& item, const DcmTagKey& tag) {
  const std::vector<std::string> parts = Split(item.Text(tag, true), '\\');
  if (parts.size() != 2) return "";
  const std::string rows(Trim(parts[0]));
  const std::string columns(Trim(parts[1]));
  double a = 0;
  double b = 0;
  if (!ParseNumber(rows, &a) || !ParseNumber(columns, &b)) return "";
  return a == b ? rows : rows + "x" + columns;
}

std::string Year(const DicomItem& root) {
  for (const DcmTagKey& tag :
       {DCM_AcquisitionDate, DCM_ContentDate, DCM_SeriesDate, DCM_StudyDate}) {
    const std::string date = root.Text(tag);
    if (date.size() >= 8 &&
        date.find_first_not_of("0123456789.") == std::string::npos) {
      return date.substr(0, 4);
    }
  }
  return "";
}

// "045Y" is 45; months, weeks and days are years, rounded down.
std::string Age(const DicomItem& root) {
  const std::string text = root.Text(DCM_PatientAge);
  double count = 0;
  if (text.size() < 2 ||
      !ParseNumber(text.substr(0, text.size() - 1), &count) || count < 0) {
    return "";
  }
  double per_year = 0;
  switch (text.back()) {
    case 'Y':
      per_year = 1;
      break;
    case 'M':
      per_year = 12;
      break;
    case 'W':
      per_year = 52.1775;
      break;
    case 'D':
      per_year = 365.2425;
      break;
    default:
      return "";
  }
  return std::to_string(
      std::min(kOldest, static_cast<int>(std::min(count / per_year, 1e3))));
}

std::string Either(const std::string& first, const std::string& second) {
  return first.empty() ? second : first;
}

}  // namespace

std::vector<ImageFact> DicomFacts(const DicomFile& file, int frame) {
  const DicomItem root = file.root();
  const DicomItem measures = file.Group(DCM_PixelMeasuresSequence, frame);
  const std::string sex = root.Text(DCM_PatientSex);
  const std::vector<ImageFact> all = {
      {"manufacturer", Clean(root.Text(DCM_Manufacturer))},
      {"model", Clean(root.Text(DCM_ManufacturerModelName))},
      {"modality", Clean(root.Text(DCM_Modality))},
      {"view", Clean(root.Text(DCM_ViewPosition))},
      {"laterality", Clean(Either(root.Text(DCM_ImageLaterality),
                                  root.Text(DCM_Laterality)))},
      {"body_part", Clean(root.Text(DCM_BodyPartExamined))},
      {"kvp", NumberText(root, DCM_KVP)},
      {"exposure", NumberText(root, DCM_Exposure)},
      {"exposure_time", NumberText(root, DCM_ExposureTime)},
      {"tube_current", NumberText(root, DCM_XRayTubeCurrent)},
      {"exposure_index", NumberText(root, DCM_ExposureIndex)},
      {"spacing", Either(Spacing(measures, DCM_PixelSpacing),
                         Spacing(root, DCM_ImagerPixelSpacing))},
      {"slice_thickness", NumberText(measures, DCM_SliceThickness)},
      {"photometric", Clean(root.Text(DCM_PhotometricInterpretation))},
      {"transfer_syntax", Clean(file.container().transfer_syntax)},
      {"bits_stored", NumberText(root, DCM_BitsStored)},
      {"burned_in", Clean(root.Text(DCM_BurnedInAnnotation))},
      {"year", Year(root)},
      {"header_sex", sex == "M" || sex == "F" || sex == "O" ? sex : ""},
      {"header_age", Age(root)}};
  std::vector<ImageFact> facts;
  for (const ImageFact& fact : all) {
    if (!fact.second.empty()) facts.push_back(fact);
  }
  return facts;
}

}  // namespace plumbline
