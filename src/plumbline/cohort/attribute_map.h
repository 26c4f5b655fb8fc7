// From what a hospital wrote down to groups: a mapping file, and what was done
// with each value.
//
//   [race]
//   column = "race_raw"        # else the attribute's name
//   conflict = "conflicting"   # or keep, majority, first, last
//   declined = ["Patient declined"]
//   not_collected = ["Not asked"]
//   unknown = ["Unknown", "Unable to obtain"]
//   [race.groups]
//   White = ["WHITE", "WHITE - RUSSIAN"]
//   Black = ["BLACK/AFRICAN AMERICAN"]
//   other = ["OTHER"]
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plumbline/table/column.h"

namespace plumbline {

// What kind of answer a level is. Only kGroup says who somebody is.
enum class LevelKind {
  kGroup,
  kUnknown,
  kDeclined,
  kNotCollected,
  kMissing,
  kConflicting
};

// "group", "unknown", "declined", "not_collected", "missing", "conflicting".
const char* NameOf(LevelKind kind);

// What becomes of a subject with several groups.
enum class ConflictRule {
  kKeep,         // each row keeps its own
  kConflicting,  // a level of its own
  kMajority,     // the most frequent one; a tie is conflicting
  kFirst,        // that of the first row
  kLast,         // that of the last row
};

struct AttributeMap {
  std::string column;
  ConflictRule conflict = ConflictRule::kConflicting;
  std::vector<std::string> groups;  // in the order of the file
  // By raw value, small letters and trimmed: kind, and index into groups.
  std::map<std::string, std::pair<LevelKind, int>> of_value;
};

// By attribute. Throws Error(kUsage) with file and line: a key that is not
// known, a raw value that stands in two groups, an attribute without groups.
std::map<std::string, AttributeMap> ParseMappingFile(std::string_view text,
                                                     const std::string& file);

// One raw value and what became of it.
struct MappedValue {
  std::string raw;  // "" : blank
  std::string level;
  LevelKind kind = LevelKind::kGroup;
  int64_t rows = 0;
};

struct CohortAttribute {
  std::string name;
  std::string column;
  std::vector<std::string> levels;
  std::vector<LevelKind> kinds;  // of each level
  std::vector<int32_t> codes;    // of each row, never negative: "missing" is a
                                 // level, and so is every other non-answer
  std::vector<MappedValue> mapped;  // by raw value, most rows first
  // Subjects whose rows have several groups, before the rule was applied; 0
  // without subjects and for numbers in bins.
  int64_t conflicting_subjects = 0;
  ConflictRule conflict = ConflictRule::kKeep;
  // The first of them, for a person to look up: "rows 3 and 17".
  std::string first_conflict;

  bool IsGroup(int32_t level) const {
    return kinds[level] == LevelKind::kGroup;
  }
};

// Without a map each word is a group, but those that plainly say that nobody
// knows ("unknown", "declined to answer", "not collected" and their like).
// `subjects`: of each row, dense; empty: none. `keep_order`: levels stay as
// they are (bins) and people may change (they grow older); else they are sorted
// naturally. Groups come first, then the other kinds.
//
// Throws Error(kInvalidInput) for values that the map does not have, with the
// number of rows of each.
CohortAttribute MapAttribute(const std::string& name,
                             const CategoricalColumn& column,
                             const AttributeMap* map,
                             std::span<const uint32_t> subjects,
                             bool keep_order);

}  // namespace plumbline
