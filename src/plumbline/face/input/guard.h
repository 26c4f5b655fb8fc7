// What a face audit refuses, so that it measures groups and cannot be used to
// look for a person.
//
// All throw Error(kInvalidInput).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/base/error.h"
#include "plumbline/table/column.h"

namespace plumbline::face {

// Fewest subjects among the references, and among the probes.
inline constexpr int64_t kMinimumSubjects = 30;
// Smallest share that the fewer of the two may be of the more.
inline constexpr double kMinimumShare = 0.01;

// Refuses a column of ids whose name or values look like names, e-mail
// addresses or phone numbers: ids must mean nothing to a stranger.
void CheckIdColumn(const CategoricalColumn& column, const Location& where);
// The same for an attribute, whose values may be words such as "East Asian";
// what has a value of its own for nearly everybody is no attribute.
void CheckAttributeColumn(const CategoricalColumn& column,
                          const Location& where, int64_t subjects);
// The name alone.
void CheckColumnName(const std::string& name, const Location& where);

// Refuses designs with fewer than kMinimumSubjects on a side, and those that
// compare few with many (kMinimumShare) unless `justified`.
void CheckShape(int64_t reference_subjects, int64_t probe_subjects,
                bool justified, const std::string& file);

// Reads a signed justification: some sentence of at least ten words and a line
// "Signed: NAME, DATE". Throws for anything less.
void CheckJustification(const std::string& text, const std::string& file);

// Whether a value looks like one. For tests and messages.
bool LooksLikeEmail(const std::string& value);
bool LooksLikePhone(const std::string& value);
bool LooksLikeName(const std::string& value);

}  // namespace plumbline::face
