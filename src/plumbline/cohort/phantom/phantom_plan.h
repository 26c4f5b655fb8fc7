// Who is in a phantom cohort, and what is true of each picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/cohort/phantom/phantom_options.h"

namespace plumbline {

enum class PhantomSplit : uint8_t { kTrain, kTune, kTest };
const char* NameOf(PhantomSplit part);

// What a table says of a label.
enum class RecordedLabel : uint8_t { kNo, kYes, kNotMentioned, kBlank };

// How a copy differs from its picture.
enum class CopyChange : uint8_t {
  kNone,  // no copy
  kExact,
  kMirrored,
  kTurned,      // by 90 degrees
  kBrightened,  // and of another contrast
  kCropped      // by 2.5 % on each side
};
const char* NameOf(CopyChange change);

struct PhantomSubject {
  bool is_b = false;
  bool group_known = true;
  bool sick = false;      // opacity, or a malignant lesion
  bool second = false;    // chest: an enlarged heart
  bool is_south = false;  // device
  bool is_site_two = false;
  PhantomSplit part = PhantomSplit::kTrain;
  double age = 0;  // years
};

struct PhantomRow {
  int64_t subject = 0;
  int image_of_subject = 0;
  bool is_ap = false;   // view
  double exposure = 0;  // microampere seconds
  RecordedLabel sick = RecordedLabel::kNo;
  RecordedLabel second = RecordedLabel::kNo;
  int64_t copy_of = -1;  // row
  CopyChange change = CopyChange::kNone;
};

struct PhantomPlan {
  PhantomOptions options;
  std::vector<PhantomSubject> subjects;
  std::vector<PhantomRow> rows;  // those of one subject together, copies last

  const PhantomSubject& subject(int64_t row) const {
    return subjects[rows[row].subject];
  }
};

// Draws nothing yet. Attributes are dealt, not diced: each is spread over the
// combinations of those before it as evenly as whole people allow, so that what
// the options do not plant is not there, but for rounding.
//
// Throws as CheckPhantomOptions.
PhantomPlan MakePhantomPlan(const PhantomOptions& options);

// "images/000017.png".
std::string PhantomPath(int64_t row);

}  // namespace plumbline
