#include "plumbline/face/input/subject_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "plumbline/face/input/guard.h"
#include "plumbline/table/bins.h"

namespace plumbline::face {
namespace {

// No row has told a subject's level yet.
constexpr uint32_t kUntold = kMissingCode - 1;
constexpr uint32_t kNoSubject = std::numeric_limits<uint32_t>::max();

// Numbers ids, those of a subject table through its rows.
class Numbering {
 public:
  Numbering(const Table& table, const ScoreRoles& roles,
            const std::optional<SubjectTable>& subjects)
      : table_(table), roles_(roles), subjects_(subjects) {
    if (!subjects) return;
    const CategoricalColumn& key =
        roles.templates ? *subjects->templates : subjects->subject;
    for (size_t level = 0; level < key.levels.size(); ++level) {
      row_of_key_.emplace(key.levels[level], key.first_row[level]);
    }
    number_of_subject_.assign(subjects->subject.levels.size(), kNoSubject);
  }

  // The subject of each level of a column of ids.
  std::vector<uint32_t> NumberLevels(const CategoricalColumn& column) {
    std::vector<uint32_t> numbers;
    for (size_t level = 0; level < column.levels.size(); ++level) {
      const std::string& id = column.levels[level];
      numbers.push_back(subjects_ ? NumberInTable(column, level, id)
                                  : NumberOfId(id));
    }
    return numbers;
  }

  int64_t subjects() const { return count_; }
  std::vector<int64_t> TakeTableRows() { return std::move(table_row_); }

 private:
  uint32_t NumberOfId(const std::string& id) {
    const auto [place, is_new] = number_of_id_.emplace(id, count_);
    count_ += is_new;
    return place->second;
  }

  uint32_t NumberInTable(const CategoricalColumn& column, size_t level,
                         const std::string& id) {
    const auto place = row_of_key_.find(id);
    if (place == row_of_key_.end()) {
      throw Error(
          ErrorCode::kInvalidInput,
          RowPlace(table_, roles_, column.first_row[level], column.name),
          "{} \"{}\" is not in the subject table {}",
          roles_.templates ? "template" : "subject", id,
          subjects_->table.Where(0, "").file);
    }
    uint32_t& number =
        number_of_subject_[subjects_->subject.codes[place->second]];
    if (number == kNoSubject) {
      number = count_++;
      table_row_.push_back(place->second);
    }
    return number;
  }

  const Table& table_;
  const ScoreRoles& roles_;
  const std::optional<SubjectTable>& subjects_;
  uint32_t count_ = 0;
  std::unordered_map<std::string_view, uint32_t> number_of_id_;
  std::unordered_map<std::string_view, int64_t> row_of_key_;
  std::vector<uint32_t> number_of_subject_;  // of the subject table's levels
  std::vector<int64_t> table_row_;
};

// The levels of two columns as one, and where each column's levels are in it.
struct JoinedLevels {
  std::vector<std::string> levels;
  std::vector<uint32_t> of_reference;
  std::vector<uint32_t> of_probe;
};

JoinedLevels JoinLevels(const CategoricalColumn& reference,
                        const CategoricalColumn& probe) {
  JoinedLevels joined;
  std::unordered_map<std::string_view, uint32_t> place_of;
  const auto place = [&](const std::string& level) {
    const auto [at, is_new] =
        place_of.emplace(level, static_cast<uint32_t>(joined.levels.size()));
    if (is_new) joined.levels.push_back(level);
    return at->second;
  };
  for (const std::string& level : reference.levels) {
    joined.of_reference.push_back(place(level));
  }
  for (const std::string& level : probe.levels) {
    joined.of_probe.push_back(place(level));
  }
  return joined;
}

// One attribute's level for each subject, told by every row the subject is in.
class ToldLevels {
 public:
  ToldLevels(const Table& table, const ScoreRoles& roles,
             const AttributeRole& attribute, JoinedLevels joined,
             int64_t subjects)
      : table_(table),
        roles_(roles),
        attribute_(attribute),
        joined_(std::move(joined)),
        level_(subjects, kUntold),
        told_in_(subjects, 0) {}

  void Tell(uint32_t subject, uint32_t code, bool as_probe, int64_t row) {
    const uint32_t level = code == kMissingCode ? kMissingCode
                           : as_probe           ? joined_.of_probe[code]
                                                : joined_.of_reference[code];
    if (level_[subject] == level) return;
    if (level_[subject] != kUntold) {
      ThrowDisagree(subject, level, as_probe, row);
    }
    level_[subject] = level;
    told_in_[subject] = 2 * row + (as_probe ? 1 : 0);
  }

  CategoricalColumn Take() {
    CategoricalColumn column;
    column.name = attribute_.name;
    for (const uint32_t level : level_) column.missing += level == kMissingCode;
    column.codes =
        CodeVector::Pack(level_, static_cast<uint32_t>(joined_.levels.size()));
    column.levels = std::move(joined_.levels);
    return column;
  }

 private:
  std::string Shown(uint32_t level) const {
    if (level == kMissingCode) return "missing";
    return "\"" + joined_.levels[level] + "\"";
  }
  const std::string& ColumnOf(bool as_probe) const {
    return as_probe ? attribute_.probe : attribute_.reference;
  }

  [[noreturn]] void ThrowDisagree(uint32_t subject, uint32_t level,
                                  bool as_probe, int64_t row) const {
    const Location first = RowPlace(table_, roles_, told_in_[subject] / 2,
                                    ColumnOf(told_in_[subject] % 2 == 1));
    throw Error(ErrorCode::kInvalidInput,
                RowPlace(table_, roles_, row, ColumnOf(as_probe)),
                "{} of this subject is {} here and {} in {}; a subject is in "
                "one group in all rows",
                attribute_.name, Shown(level), Shown(level_[subject]),
                ToString(first));
  }

  const Table& table_;
  const ScoreRoles& roles_;
  const AttributeRole& attribute_;
  JoinedLevels joined_;
  std::vector<uint32_t> level_;   // of each subject
  std::vector<int64_t> told_in_;  // first row * 2 + (as probe)
};

// Both columns cut by the same rule, so that a level has one name in both.
std::pair<CategoricalColumn, CategoricalColumn> BinBoth(
    const NumericColumn& reference, const NumericColumn& probe,
    const std::string& name, const std::vector<double>& edges) {
  NumericColumn both{name, reference.values, reference.missing + probe.missing};
  both.values.insert(both.values.end(), probe.values.begin(),
                     probe.values.end());
  const CategoricalColumn binned = BinColumn(both, edges);
  const auto half = [&](size_t first, size_t count) {
    CategoricalColumn column;
    column.name = name;
    column.levels = binned.levels;
    std::vector<uint32_t> codes(count);
    for (size_t i = 0; i < count; ++i) codes[i] = binned.codes[first + i];
    column.codes =
        CodeVector::Pack(codes, static_cast<uint32_t>(column.levels.size()));
    return column;
  };
  const size_t references = reference.values.size();
  return {half(0, references), half(references, probe.values.size())};
}

CategoricalColumn FromRows(const Table& table, const ScoreRoles& roles,
                           const AttributeRole& attribute,
                           const CategoricalColumn& reference,
                           const CategoricalColumn& probe,
                           const NumberedRows& rows) {
  ToldLevels told(table, roles, attribute, JoinLevels(reference, probe),
                  rows.subjects);
  for (int64_t row = 0; row < table.rows(); ++row) {
    told.Tell(rows.reference[row], reference.codes[row], false, row);
    told.Tell(rows.probe[row], probe.codes[row], true, row);
  }
  return told.Take();
}

CategoricalColumn FromScoreTable(const Table& table, const ScoreRoles& roles,
                                 const AttributeRole& attribute,
                                 const FaceInputColumns& columns,
                                 const NumberedRows& rows) {
  if (const BinRule* bins = FindBins(columns, attribute.name)) {
    const auto [reference, probe] =
        BinBoth(table.Numeric(attribute.reference),
                table.Numeric(attribute.probe), attribute.name, bins->edges);
    return FromRows(table, roles, attribute, reference, probe, rows);
  }
  const CategoricalColumn& reference = table.Categorical(attribute.reference);
  const CategoricalColumn& probe = table.Categorical(attribute.probe);
  const auto place = [&](const std::string& column) {
    return Location{RowPlace(table, roles, 0, column).file, 0, column};
  };
  CheckAttributeColumn(reference, place(attribute.reference), rows.subjects);
  CheckAttributeColumn(probe, place(attribute.probe), rows.subjects);
  return FromRows(table, roles, attribute, reference, probe, rows);
}

CategoricalColumn FromSubjectTable(const CategoricalColumn& attribute,
                                   const std::vector<int64_t>& table_row) {
  CategoricalColumn column;
  column.name = attribute.name;
  column.levels = attribute.levels;
  std::vector<uint32_t> codes;
  codes.reserve(table_row.size());
  for (const int64_t row : table_row) codes.push_back(attribute.codes[row]);
  for (const uint32_t code : codes) column.missing += code == kMissingCode;
  column.codes =
      CodeVector::Pack(codes, static_cast<uint32_t>(column.levels.size()));
  return column;
}

// One group, everyone.
GroupIndex Everyone(int64_t subjects) {
  GroupIndex index;
  index.groupings.push_back({{}, 0, 1});
  index.groups.push_back({0, {}, subjects});
  index.cell_of_row.assign(subjects, 0);
  index.cells = 1;
  index.group_of_cell = {0};
  return index;
}

}  // namespace

Location RowPlace(const Table& table, const ScoreRoles& roles, int64_t row,
                  const std::string& column) {
  Location place = table.Where(row, column);
  const std::vector<TableSource>& sources = table.sources();
  for (size_t i = 0; i < sources.size() && i < roles.header_lines.size(); ++i) {
    const int64_t begin = sources[i].first_row;
    if (row >= begin && row < begin + sources[i].rows) {
      place.row += roles.header_lines[i] - 1;
      break;
    }
  }
  return place;
}

int64_t FirstMissing(const CategoricalColumn& column) {
  for (size_t row = 0; row < column.codes.size(); ++row) {
    if (column.codes[row] == kMissingCode) return static_cast<int64_t>(row);
  }
  return 0;
}

NumberedRows NumberById(const Table& table, const ScoreRoles& roles,
                        const std::optional<SubjectTable>& subjects) {
  Numbering numbering(table, roles, subjects);
  NumberedRows rows;
  const auto number = [&](const std::string& name) {
    const CategoricalColumn& column = table.Categorical(name);
    if (column.missing > 0) {
      throw Error(ErrorCode::kInvalidInput,
                  RowPlace(table, roles, FirstMissing(column), name),
                  "has no subject id; without it nobody can tell whether this "
                  "is a comparison of one person or of two");
    }
    const std::vector<uint32_t> of_level = numbering.NumberLevels(column);
    std::vector<uint32_t> numbers(table.rows());
    for (int64_t row = 0; row < table.rows(); ++row) {
      numbers[row] = of_level[column.codes[row]];
    }
    return numbers;
  };
  rows.reference = number(roles.reference);
  rows.probe = number(roles.probe);
  rows.subjects = numbering.subjects();
  rows.table_row = numbering.TakeTableRows();
  return rows;
}

std::vector<uint64_t> MarksOfIds(const Table& table, const ScoreRoles& roles,
                                 const std::optional<SubjectTable>& subjects,
                                 const NumberedRows& rows) {
  static const std::string salt = [] {
    std::random_device device;
    return fmt::format("{}-{}-", device(), device());
  }();
  std::vector<uint64_t> marks;
  const auto add = [&marks](const std::string& id) {
    marks.push_back(std::hash<std::string>()(salt + id));
  };
  if (subjects) {
    for (const int64_t row : rows.table_row) {
      add(subjects->subject.levels[subjects->subject.codes[row]]);
    }
  } else {
    for (const std::string& name : {roles.reference, roles.probe}) {
      for (const std::string& id : table.Categorical(name).levels) add(id);
    }
  }
  std::sort(marks.begin(), marks.end());
  marks.erase(std::unique(marks.begin(), marks.end()), marks.end());
  return marks;
}

NumberedRows NumberApart(const std::vector<uint8_t>& genuine) {
  NumberedRows rows;
  if (genuine.size() >= std::numeric_limits<uint32_t>::max() / 2) {
    throw Error(ErrorCode::kInvalidInput,
                "{} comparisons without subject ids are too many; an audit "
                "takes up to {} of them",
                genuine.size(), std::numeric_limits<uint32_t>::max() / 2);
  }
  rows.reference.reserve(genuine.size());
  rows.probe.reserve(genuine.size());
  uint32_t next = 0;
  for (const uint8_t is_genuine : genuine) {
    rows.reference.push_back(next);
    if (!is_genuine) ++next;
    rows.probe.push_back(next++);
  }
  rows.subjects = next;
  return rows;
}

GroupIndex GroupSubjects(const Table& table, const ScoreRoles& roles,
                         const std::optional<SubjectTable>& subjects,
                         const FaceInputColumns& columns,
                         const NumberedRows& rows) {
  std::vector<CategoricalColumn> attributes;
  std::vector<bool> keep_order;
  for (const AttributeRole& attribute : roles.attributes) {
    attributes.push_back(
        FromScoreTable(table, roles, attribute, columns, rows));
    keep_order.push_back(FindBins(columns, attribute.name) != nullptr);
  }
  if (subjects) {
    for (const CategoricalColumn& attribute : subjects->attributes) {
      attributes.push_back(FromSubjectTable(attribute, rows.table_row));
    }
    keep_order.insert(keep_order.end(), subjects->keep_order.begin(),
                      subjects->keep_order.end());
  }
  if (attributes.empty()) return Everyone(rows.subjects);
  return BuildGroups(std::move(attributes), keep_order, columns.cross);
}

}  // namespace plumbline::face
