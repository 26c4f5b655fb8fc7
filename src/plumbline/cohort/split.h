// Splits by subject, and what is wrong with a given one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/cohort/cohort.h"

namespace plumbline {

struct SplitOptions {
  // Names and shares; the shares are above 0 and add up to 1.
  std::vector<std::pair<std::string, double>> parts = {
      {"train", 0.7}, {"tune", 0.1}, {"test", 0.2}};
  uint64_t seed = 1;
};

// "train=0.7,tune=0.1,test=0.2". Throws Error(kUsage).
std::vector<std::pair<std::string, double>> ParseSplitParts(
    const std::string& text);

// The part of each subject, so that each part has its share of the subjects,
// of the subjects of each group, and of those with each label, in each group,
// as nearly as whole people allow. The same seed gives the same split for any
// order of the rows of a subject.
//
// `keep_together`: pairs of subjects that belong to one part, such as two that
// share an image.
//
// Source: Sechidis, Tsoumakas, Vlahavas 2011, "On the stratification of
// multi-label data", algorithm 1 (iterative stratification), with subjects as
// examples and "label in group" as labels.
//
// Throws Error(kUsage) for fewer than two parts, shares that do not add up, or
// more parts than subjects.
std::vector<int32_t> SplitBySubject(
    const Cohort& cohort, const SplitOptions& options,
    std::span<const std::pair<uint32_t, uint32_t>> keep_together = {});

struct SplitCheck {
  std::vector<std::string> parts;
  std::vector<int64_t> rows, subjects;  // of each part
  int64_t rows_without_part = 0;
  // Subjects with rows in several parts, and their rows.
  int64_t crossing_subjects = 0;
  int64_t crossing_rows = 0;
  std::string first_crossing;  // "rows 3 and 17"
  // Rows of each part whose subject also has rows in the first part.
  std::vector<int64_t> rows_seen_in_first;
};

// Checks the split column of the cohort. Needs cohort.HasSplit().
SplitCheck CheckSplit(const Cohort& cohort);

// How the rows of one stratum are spread over the parts.
struct SplitStratum {
  std::string attribute;  // "" : everybody
  std::string level;
  std::string label;  // "" : all rows
  // Subjects, and of those with the label, in each part.
  std::vector<int64_t> subjects;
  std::vector<int64_t> positives;
};

// Of the split column: everybody, each label, each group, each label in each
// group.
std::vector<SplitStratum> SplitStrata(const Cohort& cohort);

}  // namespace plumbline
