#include "plumbline/image/dicom/grey.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/image/dicom/sample_type.h"

namespace plumbline {
namespace {

// The values that a frame's bits can hold.
struct StoredRange {
  int64_t least;
  int64_t most;
};

StoredRange RangeOf(const DicomPixels& pixels) {
  const int64_t count = int64_t{1} << pixels.bits_stored;
  if (pixels.is_signed) return {-count / 2, count / 2 - 1};
  return {0, count - 1};
}

// Values that mark places outside the picture, in stored units; none if the
// least exceeds the most.
StoredRange PaddingOf(const DicomFile& file, bool is_signed) {
  const auto one = file.root().Integer(DCM_PixelPaddingValue);
  if (!one) return {1, 0};
  const auto other = file.root().Integer(DCM_PixelPaddingRangeLimit);
  const auto as_stored = [&](int64_t value) {
    return is_signed ? static_cast<int16_t>(value & 0xffff) : value;
  };
  const int64_t a = as_stored(*one);
  const int64_t b = as_stored(other.value_or(*one));
  return {std::min(a, b), std::max(a, b)};
}

// The least and the most modality value of a frame, without padding.
struct ValueRange {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

ValueRange UsedRange(const DicomFile& file, const DicomPixels& pixels,
                     const ModalityTransform& modality) {
  const StoredRange padding = PaddingOf(file, pixels.is_signed);
  ValueRange range;
  const auto add = [&](int64_t stored) {
    if (stored >= padding.least && stored <= padding.most) return;
    const double value = modality.At(stored);
    range.least = std::min(range.least, value);
    range.most = std::max(range.most, value);
  };
  WithSamples(pixels, [&](const auto samples) {
    if (pixels.bits_stored > 16) {
      for (const auto sample : samples) add(sample);
      return;
    }
    const auto least = static_cast<int>(RangeOf(pixels).least);
    std::vector<char> used(size_t{1} << pixels.bits_stored);
    for (const auto sample : samples) {
      used[static_cast<size_t>(static_cast<int>(sample) - least)] = 1;
    }
    for (size_t i = 0; i < used.size(); ++i) {
      if (used[i] != 0) add(least + static_cast<int64_t>(i));
    }
  });
  // Nothing but padding.
  if (range.least > range.most) range.least = range.most = modality.At(0);
  return range;
}

GreyWindow MinMax(const DicomFile& file, const DicomPixels& pixels,
                  const ModalityTransform& modality,
                  std::vector<std::string>* notes) {
  const ValueRange range = UsedRange(file, pixels, modality);
  if (range.least == range.most) {
    notes->emplace_back("all its pixels are equal");
  }
  return WindowOfRange(range.least, range.most);
}

GreyWindow Everything(const DicomPixels& pixels,
                      const ModalityTransform& modality) {
  if (modality.table) {
    return WindowOfRange(0, std::exp2(modality.table->bits) - 1);
  }
  const StoredRange all = RangeOf(pixels);
  const double a = modality.At(all.least);
  const double b = modality.At(all.most);
  return WindowOfRange(std::min(a, b), std::max(a, b));
}

// LINEAR needs a width of 1 (PS3.3, C.11.2.1.2.1); below, its exact form is
// meant.
WindowShape ShapeFor(double width) {
  return width < 1 ? WindowShape::kLinearExact : WindowShape::kLinear;
}

GreyWindow ParseWindow(const std::string& text) {
  const std::vector<std::string> parts = Split(text, ',');
  GreyWindow window;
  if (parts.size() != 2 || !ParseNumber(Trim(parts[0]), &window.center) ||
      !ParseNumber(Trim(parts[1]), &window.width) || window.width <= 0) {
    throw Error(ErrorCode::kUsage,
                "\"{}\" is no window; expected default, minmax, none or "
                "CENTER,WIDTH with a width above 0, such as 40,400",
                text);
  }
  window.shape = ShapeFor(window.width);
  return window;
}

// The window of the file; nothing if it has none that can be used.
std::optional<GreyWindow> OwnWindow(const DicomFile& file, int frame,
                                    std::vector<std::string>* notes) {
  const DicomItem group = file.Group(DCM_FrameVOILUTSequence, frame);
  const auto center = group.Number(DCM_WindowCenter, file.name());
  const auto width = group.Number(DCM_WindowWidth, file.name());
  if (!center || !width) return std::nullopt;
  if (*width <= 0) {
    notes->push_back(
        fmt::format("its window is {} wide; shown from its least to its most "
                    "value instead",
                    *width));
    return std::nullopt;
  }
  if (group.Count(DCM_WindowWidth) > 1) {
    notes->push_back(fmt::format("it has {} windows; the first was taken",
                                 group.Count(DCM_WindowWidth)));
  }
  GreyWindow window;
  window.center = *center;
  window.width = *width;
  window.shape = ShapeFor(*width);
  const std::string shape = group.Text(DCM_VOILUTFunction);
  if (shape == "SIGMOID") window.shape = WindowShape::kSigmoid;
  if (shape == "LINEAR_EXACT") window.shape = WindowShape::kLinearExact;
  return window;
}

GreyWindow DefaultWindow(const DicomFile& file, const DicomPixels& pixels,
                         const ModalityTransform& modality, int frame,
                         std::vector<std::string>* notes) {
  const DicomItem item = file.root().Item(DCM_VOILUTSequence);
  // The first value is signed where the modality's output can be negative
  // (PS3.3, C.11.2.1.1).
  const bool is_signed =
      !modality.table && (pixels.is_signed || modality.intercept < 0);
  GreyWindow window;
  window.table = ReadLookupTable(item, DCM_LUTDescriptor, DCM_LUTData,
                                 is_signed, file.name());
  if (window.table) return window;
  const auto own = OwnWindow(file, frame, notes);
  if (own) return *own;
  // 8 bits were made for a screen; what more bits hold was not.
  return pixels.bits_stored <= 8 && !file.root().Has(DCM_WindowWidth)
             ? Everything(pixels, modality)
             : MinMax(file, pixels, modality, notes);
}

GreyWindow ChooseWindow(const DicomFile& file, const DicomPixels& pixels,
                        const ModalityTransform& modality,
                        const DecodeOptions& options,
                        std::vector<std::string>* notes) {
  if (options.window == "none") return Everything(pixels, modality);
  if (options.window == "minmax") {
    return MinMax(file, pixels, modality, notes);
  }
  if (options.window == "default") {
    return DefaultWindow(file, pixels, modality, options.frame, notes);
  }
  return ParseWindow(options.window);
}

// INVERSE goes with MONOCHROME1 and says the same thing (PS3.3, C.8.11.3.1.2):
// both together invert once.
bool IsInverted(const DicomFile& file, const DicomPixels& pixels,
                std::vector<std::string>* notes) {
  const bool monochrome1 = pixels.photometric == "MONOCHROME1";
  const bool inverse = file.root().Text(DCM_PresentationLUTShape) == "INVERSE";
  if (inverse && !monochrome1) {
    notes->emplace_back(
        "its presentation LUT shape is INVERSE without MONOCHROME1; shown "
        "inverted");
  }
  return monochrome1 || inverse;
}

// Fills `out` with what `shown` makes of each sample, by a table where that is
// shorter than the picture may be.
template <typename T, typename Shown>
void Fill(const DicomPixels& pixels, const Shown& shown, std::span<T> out) {
  WithSamples(pixels, [&](const auto samples) {
    if (pixels.bits_stored > 16) {
      for (size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<T>(shown(samples[i]));
      }
      return;
    }
    const StoredRange all = RangeOf(pixels);
    const auto least = static_cast<int>(all.least);
    std::vector<T> table;
    for (int64_t v = all.least; v <= all.most; ++v) {
      table.push_back(static_cast<T>(shown(v)));
    }
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = table[static_cast<size_t>(static_cast<int>(samples[i]) - least)];
    }
  });
}

}  // namespace

ModalityTransform ReadModality(const DicomFile& file, int frame, bool is_signed,
                               std::vector<std::string>* notes) {
  ModalityTransform modality;
  const DicomItem table = file.root().Item(DCM_ModalityLUTSequence);
  modality.table = ReadLookupTable(table, DCM_LUTDescriptor, DCM_LUTData,
                                   is_signed, file.name());
  if (modality.table) {
    modality.unit = table.Text(DCM_ModalityLUTType);
    return modality;
  }
  const DicomItem group =
      file.Group(DCM_PixelValueTransformationSequence, frame);
  modality.slope = group.Number(DCM_RescaleSlope, file.name()).value_or(1.0);
  modality.intercept =
      group.Number(DCM_RescaleIntercept, file.name()).value_or(0.0);
  if (modality.slope == 0) {
    modality.slope = 1;
    notes->emplace_back(
        "its rescale slope is 0, which would make all values equal; taken as "
        "1");
  }
  // Beyond what a float holds.
  if (std::abs(modality.slope) > 1e25 || std::abs(modality.intercept) > 1e35) {
    throw Error(ErrorCode::kInvalidInput, Location{.file = file.name()},
                "its rescale slope {} and intercept {} are no measures of "
                "anything; correct the file's header",
                modality.slope, modality.intercept);
  }
  modality.unit = group.Text(DCM_RescaleType);
  if (modality.unit.empty() && file.root().Text(DCM_Modality) == "CT" &&
      group.Has(DCM_RescaleSlope)) {
    modality.unit = "HU";
  }
  return modality;
}

GreyWindow WindowOfRange(double least, double most) {
  GreyWindow window;
  window.shape = WindowShape::kLinearExact;
  window.center = least + (most - least) / 2;
  window.width = most - least;
  return window;
}

double GreyWindow::At(double value) const {
  if (table) {
    const double input = std::clamp(std::round(value), -1e9, 1e9);
    return table->At(static_cast<int64_t>(input)) /
           (std::exp2(table->bits) - 1);
  }
  switch (shape) {
    case WindowShape::kSigmoid:
      return 1 / (1 + std::exp(-4 * (value - center) / width));
    case WindowShape::kLinear: {
      const double from = center - 0.5 - (width - 1) / 2;
      if (value <= from) return 0;
      if (value > from + width - 1) return 1;
      return (value - (center - 0.5)) / (width - 1) + 0.5;
    }
    case WindowShape::kLinearExact:
      break;
  }
  if (value <= center - width / 2) return 0;
  if (value >= center + width / 2) return 1;
  return (value - center) / width + 0.5;
}

Image ToGreyImage(const DicomFile& file, const DicomPixels& pixels,
                  const DecodeOptions& options,
                  std::vector<std::string>* notes) {
  const ModalityTransform modality =
      ReadModality(file, options.frame, pixels.is_signed, notes);
  const GreyWindow window =
      ChooseWindow(file, pixels, modality, options, notes);
  const bool inverted = IsInverted(file, pixels, notes);
  const int bytes = pixels.bits_stored > 8 ? 2 : 1;
  const double white = bytes == 2 ? 65535 : 255;
  const auto shown = [&](int64_t stored) {
    const double light = std::clamp(window.At(modality.At(stored)), 0.0, 1.0);
    return static_cast<uint16_t>(
        std::lround((inverted ? 1 - light : light) * white));
  };
  Image image = MakeImage(pixels.width, pixels.height, 1, bytes);
  if (bytes == 1) {
    Fill(pixels, shown, image.samples8());
  } else {
    Fill(pixels, shown, image.samples16());
  }
  return image;
}

}  // namespace plumbline
