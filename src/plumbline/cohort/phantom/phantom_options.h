// What a phantom cohort is made of: every defect that a survey should find, and
// how much of it there is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline {

enum class PhantomKind { kChest, kSkin };
// Where in the picture the groups differ.
enum class SignalPlace { kWhole, kCentre, kBorder, kCorner };
// How fine that difference is, in cycles across the picture: 2 to 5, 10 to 20,
// and a quarter to three eighths of the side (near what pixels can hold).
enum class SignalBand { kLow, kMiddle, kHigh };

// A number for group A and one for group B.
struct ByGroup {
  double a = 0;
  double b = 0;
};

struct PhantomOptions {
  PhantomKind kind = PhantomKind::kChest;
  int side = 128;           // pixels, 64 to 512
  int64_t subjects = 1000;  // 40 to 10,000,000
  double images = 1.5;      // of a subject, mean, 1 to 10
  double share_b = 0.4;     // of the subjects that are in group B
  ByGroup prevalence = {0.3, 0.3};
  // Of the sign of the disease: 1 is plain to see, 0 is nothing.
  double disease = 1;

  // The picture of group B differs: amplitude in grey levels of 255.
  double attribute = 0;
  SignalPlace place = SignalPlace::kBorder;
  SignalBand band = SignalBand::kHigh;
  double tone_shift = 0;  // skin: by how many degrees of ITA B is darker

  // Share of subjects imaged on the device "south", which is softer, noisier
  // and marks its images, in each group; and by how much it is larger among
  // the sick.
  ByGroup south = {0.5, 0.5};
  double south_if_sick = 0;

  // Labels as they are recorded. Of the positives that are recorded as
  // negative, and the other way round:
  ByGroup missed = {0, 0};
  ByGroup invented = {0, 0};
  // Of the positives about which the report says nothing:
  ByGroup silent = {0.05, 0.05};
  // Of the negatives about which it says nothing:
  double silent_negative = 0.05;
  ByGroup blank = {0.03, 0.03};  // of all labels, that are not there
  ByGroup unknown = {0, 0};      // of subjects, whose group is not recorded

  // Copies of images, as a share of all images, filed under new people.
  double exact_copies = 0;
  double changed_copies = 0;  // mirrored, turned, brightened, cropped
  bool copies_cross_split = false;

  // Group B is ill more often overall and less often at each site.
  bool simpson = false;

  uint64_t seed = 1;
};

struct PhantomPreset {
  const char* name;
  const char* summary;
  // Codes that plumbline survey gives at the preset's own settings.
  std::vector<std::string> codes;
};

// "clean" first.
const std::vector<PhantomPreset>& PhantomPresets();

// Throws Error(kUsage) with the nearest name.
PhantomOptions OptionsOfPreset(const std::string& name);

// "chest", "whole", "low", ...
const char* NameOf(PhantomKind kind);
const char* NameOf(SignalPlace place);
const char* NameOf(SignalBand band);
PhantomKind ParsePhantomKind(const std::string& text);  // throws kUsage
SignalPlace ParseSignalPlace(const std::string& text);  // throws kUsage
SignalBand ParseSignalBand(const std::string& text);    // throws kUsage

// Throws Error(kUsage) for a number outside its range.
void CheckPhantomOptions(const PhantomOptions& options);

}  // namespace plumbline
