#include "plumbline/cohort/attribute_map.h"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <unordered_map>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/toml_reader.h"
#include "plumbline/table/natural_order.h"

namespace plumbline {
namespace {

std::string Folded(std::string_view text) {
  std::string folded(Trim(text));
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return folded;
}

// Values that no group is called, whatever the language of the table's makers.
LevelKind KindOfWord(const std::string& folded) {
  static const std::unordered_map<std::string, LevelKind> kWords = {
      {"unknown", LevelKind::kUnknown},
      {"unk", LevelKind::kUnknown},
      {"unknown/not specified", LevelKind::kUnknown},
      {"unable to obtain", LevelKind::kUnknown},
      {"not specified", LevelKind::kUnknown},
      {"declined", LevelKind::kDeclined},
      {"declined to answer", LevelKind::kDeclined},
      {"patient declined to answer", LevelKind::kDeclined},
      {"patient refused", LevelKind::kDeclined},
      {"refused", LevelKind::kDeclined},
      {"prefer not to say", LevelKind::kDeclined},
      {"not collected", LevelKind::kNotCollected},
      {"not_collected", LevelKind::kNotCollected},
      {"not asked", LevelKind::kNotCollected}};
  const auto found = kWords.find(folded);
  return found == kWords.end() ? LevelKind::kGroup : found->second;
}

ConflictRule ParseConflictRule(const TomlTable& table) {
  if (!table.Has("conflict")) return ConflictRule::kConflicting;
  const std::vector<std::string> names = {"keep", "conflicting", "majority",
                                          "first", "last"};
  const std::string text = table.Text("conflict");
  for (size_t i = 0; i < names.size(); ++i) {
    if (text == names[i]) return static_cast<ConflictRule>(i);
  }
  table.Fail("conflict", "\"{}\" is no rule for conflicts: expected {}{}", text,
             JoinWords(names, "or"), DidYouMean(text, names));
}

void AddValues(const TomlTable& table, const std::string& key, LevelKind kind,
               int group, AttributeMap* map) {
  for (const std::string& raw : table.Texts(key)) {
    const auto [at, is_new] =
        map->of_value.emplace(Folded(raw), std::pair{kind, group});
    if (!is_new && at->second != std::pair{kind, group}) {
      table.Fail(key, "\"{}\" stands in two places; a value has one group",
                 raw);
    }
  }
}

AttributeMap ReadMap(const TomlTable& table, const std::string& attribute) {
  table.RequireKeys(
      {"column", "conflict", "groups", "unknown", "declined", "not_collected"});
  AttributeMap map;
  map.column = table.Has("column") ? table.Text("column") : attribute;
  map.conflict = ParseConflictRule(table);
  const TomlTable groups = table.Table("groups");
  map.groups = groups.Keys();
  if (map.groups.empty()) {
    table.Fail("",
               "[{}] has no groups: write [{}.groups] and lines such as "
               "A = [\"a\"]",
               attribute, attribute);
  }
  for (size_t g = 0; g < map.groups.size(); ++g) {
    AddValues(groups, map.groups[g], LevelKind::kGroup, static_cast<int>(g),
              &map);
  }
  AddValues(table, "unknown", LevelKind::kUnknown, -1, &map);
  AddValues(table, "declined", LevelKind::kDeclined, -1, &map);
  AddValues(table, "not_collected", LevelKind::kNotCollected, -1, &map);
  return map;
}

// A level of the attribute: a group by name, or one of the other kinds.
using LevelKey = std::pair<LevelKind, std::string>;

class Mapper {
 public:
  Mapper(const CategoricalColumn& column, const AttributeMap* map,
         CohortAttribute* out)
      : column_(column), map_(map), out_(*out) {}

  void Run(bool keep_order) {
    CountRows();
    FindKeys();
    OrderLevels(keep_order);
    const auto rows = static_cast<int64_t>(column_.codes.size());
    out_.codes.resize(rows);
    for (int64_t row = 0; row < rows; ++row) {
      out_.codes[row] = level_of_code_[CodeOf(row)];
    }
  }

 private:
  // The column's code, or one past the last for a blank.
  size_t CodeOf(int64_t row) const {
    const uint32_t code = column_.codes[row];
    return code == kMissingCode ? column_.levels.size() : code;
  }

  void CountRows() {
    count_.assign(column_.levels.size() + 1, 0);
    for (size_t row = 0; row < column_.codes.size(); ++row) {
      ++count_[CodeOf(static_cast<int64_t>(row))];
    }
  }

  void FindKeys() {
    std::vector<std::string> strangers;
    for (size_t code = 0; code < column_.levels.size(); ++code) {
      const std::string& raw = column_.levels[code];
      if (map_ == nullptr) {
        const LevelKind kind = KindOfWord(Folded(raw));
        keys_.emplace_back(kind,
                           kind == LevelKind::kGroup ? raw : NameOf(kind));
        continue;
      }
      const auto found = map_->of_value.find(Folded(raw));
      if (found == map_->of_value.end()) {
        strangers.push_back("\"" + raw + "\" (" + WithThousands(count_[code]) +
                            " rows)");
        keys_.emplace_back(LevelKind::kUnknown, "");
      } else {
        const auto& [kind, group] = found->second;
        keys_.emplace_back(kind, kind == LevelKind::kGroup ? map_->groups[group]
                                                           : NameOf(kind));
      }
    }
    if (!strangers.empty()) {
      const size_t all = strangers.size();
      if (all > 5) strangers.resize(5);
      throw Error(ErrorCode::kInvalidInput,
                  "column \"{}\" has {} value{} that the mapping of \"{}\" "
                  "does not have: {}{}; add {} to a group, or to unknown, "
                  "declined or not_collected",
                  column_.name, all, all == 1 ? "" : "s", out_.name,
                  JoinWords(strangers), all > 5 ? ", ..." : "",
                  all == 1 ? "it" : "them");
    }
    keys_.emplace_back(LevelKind::kMissing, NameOf(LevelKind::kMissing));
  }

  void OrderLevels(bool keep_order) {
    std::vector<LevelKey> levels;
    if (map_ != nullptr) {
      for (const std::string& group : map_->groups) {
        levels.emplace_back(LevelKind::kGroup, group);
      }
    }
    for (size_t code = 0; code < keys_.size(); ++code) {
      if (count_[code] > 0 || (keep_order && code < column_.levels.size())) {
        levels.push_back(keys_[code]);
      }
    }
    if (map_ == nullptr && !keep_order) {
      std::stable_sort(levels.begin(), levels.end(), [](auto& a, auto& b) {
        if (a.first != b.first) return a.first < b.first;
        return NaturalLess(a.second, b.second);
      });
    } else {
      std::stable_sort(levels.begin(), levels.end(),
                       [](auto& a, auto& b) { return a.first < b.first; });
    }
    std::map<LevelKey, int> index;
    for (const LevelKey& level : levels) {
      if (!index.emplace(level, static_cast<int>(out_.levels.size())).second) {
        continue;
      }
      out_.levels.push_back(level.second);
      out_.kinds.push_back(level.first);
    }
    for (size_t code = 0; code < keys_.size(); ++code) {
      const auto found = index.find(keys_[code]);
      level_of_code_.push_back(found == index.end() ? -1 : found->second);
      if (count_[code] == 0) continue;
      out_.mapped.push_back(
          {code < column_.levels.size() ? column_.levels[code] : std::string(),
           keys_[code].second, keys_[code].first, count_[code]});
    }
    std::stable_sort(
        out_.mapped.begin(), out_.mapped.end(),
        [](const auto& a, const auto& b) { return a.rows > b.rows; });
  }

  const CategoricalColumn& column_;
  const AttributeMap* map_;
  CohortAttribute& out_;
  std::vector<int64_t> count_;  // by code
  std::vector<LevelKey> keys_;  // by code
  std::vector<int32_t> level_of_code_;
};

// The rows of each subject, in order: offsets into `order`.
struct RowsOfSubjects {
  std::vector<int64_t> first;
  std::vector<int64_t> order;
};

RowsOfSubjects GroupRows(std::span<const uint32_t> subjects) {
  RowsOfSubjects rows;
  const uint32_t count =
      subjects.empty()
          ? 0
          : *std::max_element(subjects.begin(), subjects.end()) + 1;
  rows.first.assign(count + 1, 0);
  for (const uint32_t subject : subjects) ++rows.first[subject + 1];
  std::partial_sum(rows.first.begin(), rows.first.end(), rows.first.begin());
  rows.order.resize(subjects.size());
  std::vector<int64_t> next(rows.first.begin(), rows.first.end() - 1);
  for (size_t row = 0; row < subjects.size(); ++row) {
    rows.order[next[subjects[row]]++] = static_cast<int64_t>(row);
  }
  return rows;
}

// The level that a subject's rows get; -1: a level of its own.
int32_t Settle(const CohortAttribute& attribute,
               std::span<const int64_t> rows) {
  std::map<int32_t, int64_t> votes;
  int32_t first = -1, last = -1;
  for (const int64_t row : rows) {
    const int32_t level = attribute.codes[row];
    if (!attribute.IsGroup(level)) continue;
    if (first < 0) first = level;
    last = level;
    ++votes[level];
  }
  switch (attribute.conflict) {
    case ConflictRule::kFirst:
      return first;
    case ConflictRule::kLast:
      return last;
    case ConflictRule::kMajority: {
      int64_t most = 0;
      for (const auto& [level, count] : votes) most = std::max(most, count);
      int32_t winner = -1;
      for (const auto& [level, count] : votes) {
        if (count < most) continue;
        if (winner >= 0) return -1;
        winner = level;
      }
      return winner;
    }
    default:
      return -1;
  }
}

void SettleConflicts(std::span<const uint32_t> subjects,
                     CohortAttribute* attribute) {
  const RowsOfSubjects rows = GroupRows(subjects);
  const auto own_level = static_cast<int32_t>(attribute->levels.size());
  bool uses_own_level = false;
  for (size_t s = 0; s + 1 < rows.first.size(); ++s) {
    const std::span<const int64_t> of_subject(
        &rows.order[rows.first[s]],
        static_cast<size_t>(rows.first[s + 1] - rows.first[s]));
    int64_t first_row = -1, other_row = -1;
    for (const int64_t row : of_subject) {
      if (!attribute->IsGroup(attribute->codes[row])) continue;
      if (first_row < 0) {
        first_row = row;
      } else if (attribute->codes[row] != attribute->codes[first_row]) {
        other_row = row;
        break;
      }
    }
    if (other_row < 0) continue;
    if (attribute->conflicting_subjects++ == 0) {
      // The header is row 1 of the file.
      attribute->first_conflict =
          fmt::format("rows {} and {}", first_row + 2, other_row + 2);
    }
    if (attribute->conflict == ConflictRule::kKeep) continue;
    int32_t level = Settle(*attribute, of_subject);
    if (level < 0) {
      level = own_level;
      uses_own_level = true;
    }
    for (const int64_t row : of_subject) {
      // A blank beside two answers stays a blank.
      if (attribute->kinds.size() >
              static_cast<size_t>(attribute->codes[row]) &&
          attribute->IsGroup(attribute->codes[row])) {
        attribute->codes[row] = level;
      }
    }
  }
  if (uses_own_level) {
    attribute->levels.emplace_back(NameOf(LevelKind::kConflicting));
    attribute->kinds.push_back(LevelKind::kConflicting);
  }
}

}  // namespace

const char* NameOf(LevelKind kind) {
  switch (kind) {
    case LevelKind::kGroup:
      return "group";
    case LevelKind::kUnknown:
      return "unknown";
    case LevelKind::kDeclined:
      return "declined";
    case LevelKind::kNotCollected:
      return "not_collected";
    case LevelKind::kMissing:
      return "missing";
    case LevelKind::kConflicting:
      return "conflicting";
  }
  return "";
}

std::map<std::string, AttributeMap> ParseMappingFile(std::string_view text,
                                                     const std::string& file) {
  const TomlTable document = TomlTable::Parse(text, file);
  std::map<std::string, AttributeMap> maps;
  for (const std::string& attribute : document.Keys()) {
    if (!document.IsTable(attribute)) {
      document.Fail(attribute,
                    "\"{}\" stands outside a table; write [ATTRIBUTE] above it",
                    attribute);
    }
    maps.emplace(attribute, ReadMap(document.Table(attribute), attribute));
  }
  return maps;
}

CohortAttribute MapAttribute(const std::string& name,
                             const CategoricalColumn& column,
                             const AttributeMap* map,
                             std::span<const uint32_t> subjects,
                             bool keep_order) {
  CohortAttribute attribute;
  attribute.name = name;
  attribute.column = column.name;
  attribute.conflict = map == nullptr ? ConflictRule::kKeep : map->conflict;
  Mapper(column, map, &attribute).Run(keep_order);
  if (!subjects.empty() && !keep_order) SettleConflicts(subjects, &attribute);
  return attribute;
}

}  // namespace plumbline
