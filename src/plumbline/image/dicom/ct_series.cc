#include "plumbline/image/dicom/ct_series.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <optional>

#include "plumbline/base/error.h"
#include "plumbline/image/codecs/codecs.h"
#include "plumbline/image/dicom/dicom_file.h"
#include "plumbline/image/dicom/dicom_pixels.h"
#include "plumbline/image/dicom/grey.h"

namespace plumbline {
namespace {

using Vector = std::array<double, 3>;

// Directions whose cosines differ by less are one (about 0.8 degrees).
constexpr double kSameDirection = 1e-4;
// Slices nearer to one another than this lie at one place, mm.
constexpr double kSamePlace = 0.01;

double Dot(const Vector& a, const Vector& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vector Normal(const std::array<double, 6>& o) {
  return {o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5],
          o[0] * o[4] - o[1] * o[3]};
}

// What the header says about where one slice is.
struct Place {
  CtSlice slice;
  std::string uid;
  int64_t width = 0;
  int64_t height = 0;
  std::array<double, 6> orientation{};
  Vector origin{};
  double row_spacing = 0.0;
  double column_spacing = 0.0;
};

template <size_t N>
bool ReadNumbers(const DicomItem& item, const DcmTagKey& tag,
                 const std::string& name, std::array<double, N>* out) {
  if (item.Count(tag) != static_cast<int>(N)) return false;
  for (size_t i = 0; i < N; ++i) {
    const auto value = item.Number(tag, name, static_cast<int>(i));
    if (!value) return false;
    (*out)[i] = *value;
  }
  return true;
}

// Unit vectors at right angles, as far as the digits of a header go.
bool IsOrientation(const std::array<double, 6>& o) {
  const Vector row{o[0], o[1], o[2]};
  const Vector column{o[3], o[4], o[5]};
  return std::abs(Dot(row, row) - 1) < 0.01 &&
         std::abs(Dot(column, column) - 1) < 0.01 &&
         std::abs(Dot(row, column)) < 0.01;
}

// "" or why the frame has no place.
std::string ReadPlace(const DicomFile& file, int frame, Place* place) {
  const DicomItem root = file.root();
  place->slice.frame = frame;
  place->uid = root.Text(DCM_SeriesInstanceUID);
  place->width = root.Integer(DCM_Columns).value_or(0);
  place->height = root.Integer(DCM_Rows).value_or(0);
  if (root.Text(DCM_Modality) != "CT") {
    return "is no CT but \"" + root.Text(DCM_Modality) + "\"";
  }
  if (place->uid.empty()) return "does not say which series it belongs to";
  if (!ReadNumbers(file.Group(DCM_PlaneOrientationSequence, frame),
                   DCM_ImageOrientationPatient, file.name(),
                   &place->orientation) ||
      !IsOrientation(place->orientation)) {
    return "has no orientation (ImageOrientationPatient)";
  }
  if (!ReadNumbers(file.Group(DCM_PlanePositionSequence, frame),
                   DCM_ImagePositionPatient, file.name(), &place->origin)) {
    return "has no position (ImagePositionPatient)";
  }
  std::array<double, 2> spacing{};
  if (ReadNumbers(file.Group(DCM_PixelMeasuresSequence, frame),
                  DCM_PixelSpacing, file.name(), &spacing)) {
    place->row_spacing = spacing[0];
    place->column_spacing = spacing[1];
  }
  place->slice.position = Dot(place->origin, Normal(place->orientation));
  return "";
}

void ReadPlaces(const NamedBytes& input, size_t index,
                std::vector<Place>* places, CtStudy* study) {
  try {
    const DicomFile file(input.bytes, input.name, kMaxPixels);
    // As many as have a place of their own.
    const int frames =
        std::max(1, file.root().Count(DCM_PerFrameFunctionalGroupsSequence));
    for (int frame = 0; frame < frames; ++frame) {
      Place place;
      place.slice.file = index;
      const std::string reason = ReadPlace(file, frame, &place);
      if (reason.empty()) {
        places->push_back(place);
      } else {
        study->left_out.push_back({index, frame, reason});
      }
    }
  } catch (const Error& error) {
    study->left_out.push_back({index, 0, error.what()});
  }
}

bool AreAlike(const Place& a, const Place& b) {
  for (size_t i = 0; i < 6; i += 3) {
    const Vector u{a.orientation[i], a.orientation[i + 1],
                   a.orientation[i + 2]};
    const Vector v{b.orientation[i], b.orientation[i + 1],
                   b.orientation[i + 2]};
    if (Dot(u, v) < 1 - kSameDirection) return false;
  }
  return a.width == b.width && a.height == b.height &&
         std::abs(a.row_spacing - b.row_spacing) < 1e-3 &&
         std::abs(a.column_spacing - b.column_spacing) < 1e-3;
}

// The largest set of slices that are alike; the others are left out.
std::vector<Place> MostAlike(const std::vector<Place>& places, CtStudy* study) {
  std::vector<std::vector<Place>> kinds;
  for (const Place& place : places) {
    const auto kind = std::find_if(
        kinds.begin(), kinds.end(),
        [&](const auto& members) { return AreAlike(members.front(), place); });
    if (kind == kinds.end()) {
      kinds.push_back({place});
    } else {
      kind->push_back(place);
    }
  }
  const auto most = std::max_element(
      kinds.begin(), kinds.end(),
      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  for (auto kind = kinds.begin(); kind != kinds.end(); ++kind) {
    if (kind == most) continue;
    for (const Place& place : *kind) {
      study->left_out.push_back(
          {place.slice.file, place.slice.frame,
           "has another size, pixel spacing or orientation than most slices "
           "of its series (a scout view?)"});
    }
  }
  return *most;
}

std::vector<Place> WithoutDuplicates(std::vector<Place> places,
                                     CtStudy* study) {
  std::stable_sort(places.begin(), places.end(),
                   [](const Place& a, const Place& b) {
                     return a.slice.position < b.slice.position;
                   });
  std::vector<Place> kept;
  for (const Place& place : places) {
    if (!kept.empty() &&
        place.slice.position - kept.back().slice.position < kSamePlace) {
      study->left_out.push_back(
          {place.slice.file, place.slice.frame,
           fmt::format("lies at {:.2f} mm, where its series has a slice "
                       "already",
                       place.slice.position)});
      continue;
    }
    kept.push_back(place);
  }
  return kept;
}

void Measure(const std::vector<Place>& places, CtSeries* series) {
  std::vector<double> steps;
  for (size_t i = 1; i < places.size(); ++i) {
    steps.push_back(places[i].slice.position - places[i - 1].slice.position);
  }
  if (steps.empty()) return;
  std::vector<double> sorted = steps;
  std::sort(sorted.begin(), sorted.end());
  const double usual = sorted[(sorted.size() - 1) / 2];
  series->slice_spacing = usual;
  const double tolerance = std::max(0.01, usual / 100);
  size_t irregular = 0;
  for (size_t i = 0; i < steps.size(); ++i) {
    if (std::abs(steps[i] - usual) > tolerance) ++irregular;
    if (steps[i] > 1.5 * usual) {
      series->notes.push_back(fmt::format(
          "a gap of {:.2f} mm behind slice {} where {:.2f} mm is usual: about "
          "{} slices are missing",
          steps[i], i + 1, usual,
          static_cast<int>(std::lround(steps[i] / usual)) - 1));
    }
  }
  series->is_regular = irregular == 0;
  // Slices that do not lie above one another: a tilted gantry.
  const Vector& first = places.front().origin;
  const Vector& last = places.back().origin;
  const Vector way{last[0] - first[0], last[1] - first[1], last[2] - first[2]};
  const double along =
      places.back().slice.position - places.front().slice.position;
  const double aside = std::sqrt(std::max(0.0, Dot(way, way) - along * along));
  if (aside > 0.02 * along && aside > 1) {
    series->notes.push_back(fmt::format(
        "the slices are shifted against one another by {:.1f} mm in all: the "
        "gantry was tilted, and the volume is sheared",
        aside));
  }
}

CtSeries MakeSeries(const std::vector<Place>& places) {
  const Place& first = places.front();
  CtSeries series;
  series.uid = first.uid;
  series.width = static_cast<int>(first.width);
  series.height = static_cast<int>(first.height);
  series.orientation = first.orientation;
  series.row_spacing = first.row_spacing;
  series.column_spacing = first.column_spacing;
  for (const Place& place : places) series.slices.push_back(place.slice);
  Measure(places, &series);
  return series;
}

}  // namespace

CtStudy GroupCtSlices(std::span<const NamedBytes> files) {
  CtStudy study;
  std::vector<Place> places;
  for (size_t i = 0; i < files.size(); ++i) {
    ReadPlaces(files[i], i, &places, &study);
  }
  std::map<std::string, size_t> order;
  std::vector<std::vector<Place>> by_series;
  for (const Place& place : places) {
    const auto [at, is_new] = order.emplace(place.uid, by_series.size());
    if (is_new) by_series.emplace_back();
    by_series[at->second].push_back(place);
  }
  for (const std::vector<Place>& members : by_series) {
    study.series.push_back(
        MakeSeries(WithoutDuplicates(MostAlike(members, &study), &study)));
  }
  std::stable_sort(study.left_out.begin(), study.left_out.end(),
                   [](const CtLeftOut& a, const CtLeftOut& b) {
                     return std::pair(a.file, a.frame) <
                            std::pair(b.file, b.frame);
                   });
  return study;
}

CtVolume ReadCtVolume(const CtSeries& series, std::span<const NamedBytes> files,
                      const DecodeOptions& options) {
  CtVolume volume;
  volume.width = series.width;
  volume.height = series.height;
  volume.depth = static_cast<int>(series.slices.size());
  // As one tall picture.
  RequireAllowedSize(series.width,
                     static_cast<int64_t>(series.height) * volume.depth,
                     "the CT series", options);
  for (const CtSlice& slice : series.slices) {
    DecodeOptions one = options;
    one.frame = slice.frame;
    const NamedBytes& file = files[slice.file];
    const ModalityImage image = ReadModalityValues(file.bytes, file.name, one);
    if (image.unit != "HU") {
      volume.notes.push_back(file.name +
                             ": does not say that its values are Hounsfield "
                             "units; taken as such");
    }
    for (const std::string& note : image.notes) {
      volume.notes.push_back(file.name + ": " + note);
    }
    volume.values.insert(volume.values.end(), image.values.begin(),
                         image.values.end());
  }
  return volume;
}

Image CtSliceImage(const CtVolume& volume, int z, double center, double width) {
  if (z < 0 || z >= volume.depth) {
    throw Error(ErrorCode::kUsage,
                "the volume has no slice {}: it has {}, counted from 0", z,
                volume.depth);
  }
  if (!(width > 0)) {
    throw Error(ErrorCode::kUsage,
                "a window cannot be {} wide; expected a width above 0", width);
  }
  const GreyWindow window =
      WindowOfRange(center - width / 2, center + width / 2);
  Image image = MakeImage(volume.width, volume.height, 1, 2);
  const std::span<const float> values = volume.Slice(z);
  const std::span<uint16_t> out = image.samples16();
  for (size_t i = 0; i < values.size(); ++i) {
    const double light =
        std::clamp(window.At(static_cast<double>(values[i])), 0.0, 1.0);
    out[i] = static_cast<uint16_t>(std::lround(light * 65535));
  }
  return image;
}

}  // namespace plumbline
