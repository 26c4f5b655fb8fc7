#include "plumbline/cohort/phantom/phantom_options.h"

#include <array>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr std::array<const char*, 2> kKinds = {"chest", "skin"};
constexpr std::array<const char*, 4> kPlaces = {"whole", "centre", "border",
                                                "corner"};
constexpr std::array<const char*, 3> kBands = {"low", "middle", "high"};

template <size_t kCount>
size_t Find(const std::string& text,
            const std::array<const char*, kCount>& names, const char* what) {
  for (size_t i = 0; i < kCount; ++i) {
    if (text == names[i]) return i;
  }
  const std::vector<std::string> all(names.begin(), names.end());
  throw Error(ErrorCode::kUsage, "\"{}\" is no {}: expected {}{}", text, what,
              JoinWords(all, "or"), DidYouMean(text, all));
}

void SilentNegatives(PhantomOptions* options) { options->silent = {0.05, 0.5}; }

void DeviceConfounding(PhantomOptions* options) {
  options->south = {0.25, 0.75};
  options->south_if_sick = 0.2;
}

void CopiesAcrossSplit(PhantomOptions* options) {
  options->exact_copies = 0.02;
  options->changed_copies = 0.02;
  options->copies_cross_split = true;
}

void MissingByGroup(PhantomOptions* options) { options->blank = {0.03, 0.2}; }

void LabelNoise(PhantomOptions* options) { options->missed = {0, 0.5}; }

void AttributeSignal(PhantomOptions* options) { options->attribute = 12; }

void RequireShare(double value, const char* name) {
  if (value >= 0 && value <= 1) return;
  throw Error(ErrorCode::kUsage, "{} is {}; a share lies between 0 and 1", name,
              value);
}

void RequireShares(const ByGroup& value, const char* name) {
  RequireShare(value.a, name);
  RequireShare(value.b, name);
}

void RequireRange(double value, double least, double most, const char* name) {
  if (value >= least && value <= most) return;
  throw Error(ErrorCode::kUsage, "{} is {}; expected {} to {}", name, value,
              least, most);
}

}  // namespace

const std::vector<PhantomPreset>& PhantomPresets() {
  static const std::vector<PhantomPreset> presets = {
      {"clean", "nothing is wrong with it", {}},
      {"silent-negatives",
       "reports say nothing about half of the sick in group B",
       {"SV105"}},
      {"device-confounding",
       "group B, and the sick, are imaged on another device",
       {"SV107", "SV306", "SV301"}},
      {"duplicates-across-split",
       "copies of training images lie in the test set, under other people",
       {"SV328", "SV348"}},
      {"simpson",
       "group B is ill more often overall and less often at each site",
       {"SV305"}},
      {"missing-by-group", "labels are missing in group B", {"SV105"}},
      {"label-noise",
       "half of the sick in group B are recorded as healthy",
       {"SV104"}},
      {"attribute-signal",
       "a fine pattern at the border of the picture tells group B",
       {"SV117", "SV326"}},
      {"everything",
       "all of this at once",
       {"SV105", "SV107", "SV306", "SV328", "SV326"}}};
  return presets;
}

PhantomOptions OptionsOfPreset(const std::string& name) {
  PhantomOptions options;
  const bool all = name == "everything";
  std::vector<std::string> names;
  for (const PhantomPreset& preset : PhantomPresets()) {
    names.emplace_back(preset.name);
  }
  bool found = false;
  for (const std::string& known : names) found |= known == name;
  if (!found) {
    throw Error(ErrorCode::kUsage, "\"{}\" is no preset: expected {}{}", name,
                JoinWords(names, "or"), DidYouMean(name, names));
  }
  if (all || name == "silent-negatives") SilentNegatives(&options);
  if (all || name == "device-confounding") DeviceConfounding(&options);
  if (all || name == "duplicates-across-split") CopiesAcrossSplit(&options);
  if (all || name == "missing-by-group") MissingByGroup(&options);
  if (all || name == "label-noise") LabelNoise(&options);
  if (all || name == "attribute-signal") AttributeSignal(&options);
  options.simpson = all || name == "simpson";
  return options;
}

const char* NameOf(PhantomKind kind) {
  return kKinds[static_cast<size_t>(kind)];
}
const char* NameOf(SignalPlace place) {
  return kPlaces[static_cast<size_t>(place)];
}
const char* NameOf(SignalBand band) {
  return kBands[static_cast<size_t>(band)];
}

PhantomKind ParsePhantomKind(const std::string& text) {
  return static_cast<PhantomKind>(Find(text, kKinds, "kind of phantom"));
}
SignalPlace ParseSignalPlace(const std::string& text) {
  return static_cast<SignalPlace>(Find(text, kPlaces, "place"));
}
SignalBand ParseSignalBand(const std::string& text) {
  return static_cast<SignalBand>(Find(text, kBands, "band"));
}

void CheckPhantomOptions(const PhantomOptions& o) {
  RequireRange(o.side, 64, 512, "the side of the pictures");
  RequireRange(static_cast<double>(o.subjects), 40, 1e7,
               "the number of subjects");
  RequireRange(o.images, 1, 10, "the mean number of images");
  RequireRange(o.share_b, 0.02, 0.98, "the share of group B");
  RequireRange(o.disease, 0, 3, "the strength of the disease");
  RequireRange(o.attribute, 0, 100, "the amplitude of the attribute");
  RequireRange(o.tone_shift, -60, 60, "the shift of the skin's tone");
  RequireRange(o.south_if_sick, -1, 1, "the device's excess among the sick");
  RequireShares(o.prevalence, "the prevalence");
  RequireShares(o.south, "the device's share");
  RequireShares(o.missed, "the share of positives that are missed");
  RequireShares(o.invented, "the share of negatives that are invented");
  RequireShares(o.silent, "the share of silent positives");
  RequireShare(o.silent_negative, "the share of silent negatives");
  RequireShares(o.blank, "the share of missing labels");
  RequireShares(o.unknown, "the share of unknown groups");
  RequireRange(o.exact_copies, 0, 0.2, "the share of exact copies");
  RequireRange(o.changed_copies, 0, 0.2, "the share of changed copies");
}

}  // namespace plumbline
