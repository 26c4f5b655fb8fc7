#include "plumbline/cohort/cohort.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <unordered_map>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/label_values.h"
#include "plumbline/table/natural_order.h"

namespace plumbline {
namespace {

// More distinct numbers than this are a measurement, fewer a code.
constexpr size_t kMostCodes = 12;

std::string ColumnOf(const std::string& attribute,
                     const std::map<std::string, AttributeMap>& maps) {
  const auto found = maps.find(attribute);
  return found == maps.end() ? attribute : found->second.column;
}

// Names that match `pattern`, which may have one '*'.
std::vector<std::string> Matching(const std::string& pattern,
                                  const std::vector<std::string>& header,
                                  const std::string& file) {
  const size_t star = pattern.find('*');
  if (star == std::string::npos) {
    if (std::find(header.begin(), header.end(), pattern) == header.end()) {
      ThrowNoSuchColumn(file, pattern, header);
    }
    return {pattern};
  }
  const std::string begin = pattern.substr(0, star);
  const std::string end = pattern.substr(star + 1);
  std::vector<std::string> names;
  for (const std::string& name : header) {
    if (name.size() >= begin.size() + end.size() && name.starts_with(begin) &&
        name.ends_with(end)) {
      names.push_back(name);
    }
  }
  if (names.empty()) {
    throw Error(ErrorCode::kInvalidInput,
                "{} has no column that matches \"{}\"; its columns: {}", file,
                pattern, JoinWords(header));
  }
  return names;
}

// Roles of one column each that may be left out.
std::vector<std::string> SingleColumns(const CohortRoles& roles) {
  std::vector<std::string> names;
  for (const std::string* name :
       {&roles.subject, &roles.study, &roles.image, &roles.split, &roles.site,
        &roles.device, &roles.time, &roles.report}) {
    if (!name->empty()) names.push_back(*name);
  }
  return names;
}

void RequireDistinctRoles(const CohortRoles& roles,
                          const std::vector<std::string>& labels) {
  std::map<std::string, const char*> role_of;
  const auto take = [&role_of](const std::string& name, const char* role) {
    const auto [at, is_new] = role_of.emplace(name, role);
    if (!is_new) {
      throw Error(ErrorCode::kUsage,
                  "column \"{}\" is named as {} and as {}; a column has one "
                  "role",
                  name, at->second, role);
    }
  };
  for (const std::string& name : labels) take(name, "label");
  for (const std::string& name : roles.attributes) take(name, "attribute");
  for (const auto& [name, role] : {std::pair{roles.subject, "subject"},
                                   {roles.image, "image"},
                                   {roles.split, "split"}}) {
    if (!name.empty()) take(name, role);
  }
}

CohortCovariate WordsOf(const CategoricalColumn& column) {
  CohortCovariate words;
  words.name = column.name;
  std::vector<int32_t> order(column.levels.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int32_t a, int32_t b) {
    return NaturalLess(column.levels[a], column.levels[b]);
  });
  std::vector<int32_t> place(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = static_cast<int32_t>(i);
    words.levels.push_back(column.levels[order[i]]);
  }
  words.codes.resize(column.codes.size());
  for (size_t row = 0; row < words.codes.size(); ++row) {
    const uint32_t code = column.codes[row];
    words.codes[row] = code == kMissingCode ? -1 : place[code];
  }
  return words;
}

// In the order of first appearance: paths, studies, where no person reads a
// list of levels.
CohortCovariate KeysOf(const CategoricalColumn& column) {
  CohortCovariate keys;
  keys.name = column.name;
  keys.levels = column.levels;
  keys.codes.resize(column.codes.size());
  for (size_t row = 0; row < keys.codes.size(); ++row) {
    const uint32_t code = column.codes[row];
    keys.codes[row] = code == kMissingCode ? -1 : static_cast<int32_t>(code);
  }
  return keys;
}

// False if a word of the column is no number.
bool NumbersOf(const CategoricalColumn& column, NumericColumn* numbers) {
  std::vector<double> of_level(column.levels.size());
  for (size_t i = 0; i < of_level.size(); ++i) {
    if (!ParseNumber(column.levels[i], &of_level[i])) return false;
  }
  numbers->name = column.name;
  numbers->missing = column.missing;
  numbers->values.resize(column.codes.size());
  for (size_t row = 0; row < numbers->values.size(); ++row) {
    const uint32_t code = column.codes[row];
    numbers->values[row] = code == kMissingCode
                               ? std::numeric_limits<double>::quiet_NaN()
                               : of_level[code];
  }
  return true;
}

NumericColumn RequireNumbers(const CategoricalColumn& column,
                             const Table& table, const char* why) {
  NumericColumn numbers;
  if (NumbersOf(column, &numbers)) return numbers;
  double ignored = 0;
  for (size_t i = 0; i < column.levels.size(); ++i) {
    if (ParseNumber(column.levels[i], &ignored)) continue;
    throw Error(ErrorCode::kInvalidInput,
                table.Where(column.first_row[i], column.name),
                "\"{}\" is no number, and {}", column.levels[i], why);
  }
  return numbers;
}

const BinRule* FindBins(const CohortRoles& roles, const std::string& column) {
  for (const BinRule& rule : roles.bins) {
    if (rule.column == column) return &rule;
  }
  return nullptr;
}

CohortCovariate CovariateOf(const CategoricalColumn& column,
                            const CohortRoles& roles, const Table& table) {
  if (const BinRule* rule = FindBins(roles, column.name)) {
    return KeysOf(BinColumn(RequireNumbers(column, table, "bins need numbers"),
                            rule->edges));
  }
  NumericColumn numbers;
  if (column.levels.size() > kMostCodes && NumbersOf(column, &numbers)) {
    CohortCovariate covariate;
    covariate.name = column.name;
    covariate.numeric = true;
    covariate.numbers = std::move(numbers.values);
    return covariate;
  }
  return WordsOf(column);
}

// --- Rows --------------------------------------------------------------------

void KeepRows(const std::vector<int64_t>& kept, CohortCovariate* column) {
  if (column->numeric) {
    std::vector<double> numbers;
    numbers.reserve(kept.size());
    for (const int64_t row : kept) numbers.push_back(column->numbers[row]);
    column->numbers = std::move(numbers);
  } else if (!column->codes.empty()) {
    std::vector<int32_t> codes;
    codes.reserve(kept.size());
    for (const int64_t row : kept) codes.push_back(column->codes[row]);
    column->codes = std::move(codes);
  }
}

// Numbers the subjects anew, by first appearance among the rows that are left.
void RenumberSubjects(Cohort* cohort) {
  std::vector<uint32_t> new_of_old(cohort->subject_count,
                                   std::numeric_limits<uint32_t>::max());
  std::vector<std::string> names;
  uint32_t next = 0;
  for (uint32_t& subject : cohort->subjects) {
    uint32_t& renamed = new_of_old[subject];
    if (renamed == std::numeric_limits<uint32_t>::max()) {
      renamed = next++;
      if (cohort->has_subjects) {
        names.push_back(cohort->subject_names[subject]);
      }
    }
    subject = renamed;
  }
  cohort->subject_count = next;
  cohort->subject_names = std::move(names);
}

void KeepRows(const std::vector<int64_t>& kept, Cohort* cohort) {
  const auto keep = [&kept](auto* values) {
    std::remove_pointer_t<decltype(values)> some;
    some.reserve(kept.size());
    for (const int64_t row : kept) some.push_back((*values)[row]);
    *values = std::move(some);
  };
  keep(&cohort->table_rows);
  keep(&cohort->subjects);
  for (CohortLabel& label : cohort->labels) keep(&label.values);
  for (CohortAttribute& attribute : cohort->attributes) keep(&attribute.codes);
  for (CohortCovariate& covariate : cohort->covariates) {
    KeepRows(kept, &covariate);
  }
  for (CohortCovariate* column :
       {&cohort->split, &cohort->site, &cohort->device, &cohort->time,
        &cohort->study, &cohort->image, &cohort->report}) {
    KeepRows(kept, column);
  }
  cohort->rows = static_cast<int64_t>(kept.size());
  RenumberSubjects(cohort);
}

FlowCount CountFlow(const Cohort& cohort, const std::vector<uint8_t>& in,
                    const std::string& name, const std::string& rule) {
  FlowCount count{name, rule};
  std::vector<uint8_t> seen(cohort.subject_count, 0);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    if (!in[row]) continue;
    ++count.rows;
    uint8_t& subject = seen[cohort.subjects[row]];
    count.subjects += !subject;
    subject = 1;
  }
  for (const CohortAttribute& attribute : cohort.attributes) {
    // A subject counts in each level that one of its rows has.
    std::vector<int64_t> by_level(attribute.levels.size(), 0);
    std::set<std::pair<uint32_t, int32_t>> several;
    std::vector<int32_t> first(cohort.subject_count, -1);
    for (int64_t row = 0; row < cohort.rows; ++row) {
      if (!in[row]) continue;
      int32_t& known = first[cohort.subjects[row]];
      const int32_t level = attribute.codes[row];
      if (known == -1) {
        known = level;
        ++by_level[level];
      } else if (known != level &&
                 several.emplace(cohort.subjects[row], level).second) {
        ++by_level[level];
      }
    }
    count.subjects_by_level.push_back(std::move(by_level));
  }
  return count;
}

// Which rows pass one step.
std::vector<uint8_t> Passing(const Table& table, const FlowStep& step) {
  using Test = FlowStep::Test;
  const CategoricalColumn& column = table.Categorical(step.column);
  std::vector<uint8_t> of_level(column.levels.size(), 0);
  const bool by_number =
      step.test == Test::kBelow || step.test == Test::kAtMost ||
      step.test == Test::kAtLeast || step.test == Test::kAbove;
  for (const std::string& word : step.words) {
    if (std::find(column.levels.begin(), column.levels.end(), word) ==
        column.levels.end()) {
      throw Error(ErrorCode::kInvalidInput,
                  "column \"{}\" has no value \"{}\", which the flow step "
                  "\"{}\" names{}",
                  step.column, word, step.name,
                  DidYouMean(word, column.levels));
    }
  }
  for (size_t i = 0; i < of_level.size(); ++i) {
    const std::string& word = column.levels[i];
    double number = 0;
    if (by_number && !ParseNumber(word, &number)) {
      throw Error(ErrorCode::kInvalidInput,
                  table.Where(column.first_row[i], column.name),
                  "\"{}\" is no number, and the flow step \"{}\" compares "
                  "numbers",
                  word, step.name);
    }
    const bool named = std::find(step.words.begin(), step.words.end(), word) !=
                       step.words.end();
    switch (step.test) {
      case Test::kOneOf:
        of_level[i] = named;
        break;
      case Test::kNoneOf:
        of_level[i] = !named;
        break;
      case Test::kBelow:
        of_level[i] = number < step.number;
        break;
      case Test::kAtMost:
        of_level[i] = number <= step.number;
        break;
      case Test::kAtLeast:
        of_level[i] = number >= step.number;
        break;
      case Test::kAbove:
        of_level[i] = number > step.number;
        break;
      case Test::kKnown:
        of_level[i] = 1;
        break;
    }
  }
  std::vector<uint8_t> passing(table.rows(), 0);
  for (int64_t row = 0; row < table.rows(); ++row) {
    const uint32_t code = column.codes[row];
    // Unknown is not "other than poor": a blank passes no step.
    passing[row] = code != kMissingCode && of_level[code];
  }
  return passing;
}

void RunFlow(const Table& table, Cohort* cohort) {
  std::vector<uint8_t> in(table.rows(), 1);
  cohort->flow.push_back(CountFlow(*cohort, in, "table", ""));
  for (const FlowStep& step : cohort->roles.flow) {
    const std::vector<uint8_t> passing = Passing(table, step);
    for (size_t row = 0; row < in.size(); ++row) in[row] &= passing[row];
    cohort->flow.push_back(CountFlow(*cohort, in, step.name, step.column));
    if (cohort->flow.back().rows == 0) {
      throw Error(ErrorCode::kInvalidInput,
                  "no row is left after the flow step \"{}\"", step.name);
    }
  }
  if (cohort->roles.flow.empty()) return;
  std::vector<int64_t> kept;
  for (size_t row = 0; row < in.size(); ++row) {
    if (in[row]) kept.push_back(static_cast<int64_t>(row));
  }
  KeepRows(kept, cohort);
}

void ReadSubjects(const Table& table, Cohort* cohort) {
  cohort->subjects.resize(table.rows());
  cohort->has_subjects = !cohort->roles.subject.empty();
  if (!cohort->has_subjects) {
    std::iota(cohort->subjects.begin(), cohort->subjects.end(), 0u);
    cohort->subject_count = table.rows();
    return;
  }
  const CategoricalColumn& column = table.Categorical(cohort->roles.subject);
  for (int64_t row = 0; row < table.rows(); ++row) {
    const uint32_t code = column.codes[row];
    if (code == kMissingCode) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, column.name),
                  "the subject is missing; every row needs one, so that the "
                  "images of one person are counted as one person's");
    }
    cohort->subjects[row] = code;
  }
  cohort->subject_names = column.levels;
  cohort->subject_count = static_cast<int64_t>(column.levels.size());
}

void ReadAttributes(const Table& table,
                    const std::map<std::string, AttributeMap>& maps,
                    Cohort* cohort) {
  std::span<const uint32_t> subjects;
  if (cohort->has_subjects) subjects = cohort->subjects;
  for (const std::string& name : cohort->roles.attributes) {
    const auto map = maps.find(name);
    const CategoricalColumn& column = table.Categorical(ColumnOf(name, maps));
    const BinRule* bins = FindBins(cohort->roles, name);
    if (bins != nullptr && map != maps.end()) {
      throw Error(ErrorCode::kUsage,
                  "attribute \"{}\" has bins and a mapping; leave one of them "
                  "out",
                  name);
    }
    if (bins == nullptr && map == maps.end() && column.levels.size() > 50) {
      throw Error(ErrorCode::kInvalidInput,
                  "attribute \"{}\" has {} different values; numbers need "
                  "bins, such as --bins {}=0,40,60,80, words a mapping file",
                  name, WithThousands(column.levels.size()), name);
    }
    const CategoricalColumn binned =
        bins == nullptr
            ? column
            : BinColumn(RequireNumbers(column, table, "bins need numbers"),
                        bins->edges);
    cohort->attributes.push_back(
        MapAttribute(name, binned, map == maps.end() ? nullptr : &map->second,
                     subjects, bins != nullptr));
  }
}

}  // namespace

int Cohort::AttributeIndex(const std::string& name) const {
  for (size_t i = 0; i < attributes.size(); ++i) {
    if (attributes[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

std::vector<std::string> LabelColumns(const CohortRoles& roles,
                                      const std::vector<std::string>& header,
                                      const std::string& file) {
  std::vector<std::string> labels;
  for (const std::string& pattern : roles.labels) {
    for (std::string& name : Matching(pattern, header, file)) {
      if (std::find(labels.begin(), labels.end(), name) == labels.end()) {
        labels.push_back(std::move(name));
      }
    }
  }
  return labels;
}

std::vector<ColumnRequest> CohortColumns(
    const CohortRoles& roles, const std::map<std::string, AttributeMap>& maps,
    const std::vector<std::string>& header, const std::string& file) {
  const std::vector<std::string> labels = LabelColumns(roles, header, file);
  RequireDistinctRoles(roles, labels);
  std::vector<std::string> names = labels;
  for (const std::string& name : SingleColumns(roles)) names.push_back(name);
  for (const std::string& name : roles.attributes) {
    names.push_back(ColumnOf(name, maps));
  }
  for (const std::string& name : roles.covariates) names.push_back(name);
  for (const FlowStep& step : roles.flow) names.push_back(step.column);
  for (const auto& [name, map] : maps) {
    if (std::find(roles.attributes.begin(), roles.attributes.end(), name) ==
        roles.attributes.end()) {
      throw Error(ErrorCode::kUsage,
                  "the mapping file has [{}], which is no attribute{}", name,
                  DidYouMean(name, roles.attributes));
    }
  }
  std::vector<ColumnRequest> requests;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (std::find(header.begin(), header.end(), name) == header.end()) {
      ThrowNoSuchColumn(file, name, header);
    }
    if (seen.insert(name).second) {
      requests.push_back({name, ColumnKind::kCategorical});
    }
  }
  return requests;
}

Cohort MakeCohort(const Table& table, const CohortRoles& roles,
                  const std::map<std::string, AttributeMap>& maps) {
  if (table.rows() == 0) {
    throw Error(ErrorCode::kInvalidInput, "the table has no rows");
  }
  Cohort cohort;
  cohort.roles = roles;
  cohort.rows = table.rows();
  cohort.table_rows.resize(table.rows());
  std::iota(cohort.table_rows.begin(), cohort.table_rows.end(), 0);
  cohort.sources = table.sources();
  cohort.duplicate_rows = table.duplicate_rows();
  ReadSubjects(table, &cohort);
  const std::string file =
      table.sources().empty() ? "the table" : table.sources().front().file;
  cohort.roles.labels = LabelColumns(roles, table.header(), file);
  for (const std::string& name : cohort.roles.labels) {
    cohort.labels.push_back(
        {name, LabelValues(table.Categorical(name), table, roles)});
  }
  ReadAttributes(table, maps, &cohort);
  for (const std::string& name : roles.covariates) {
    cohort.covariates.push_back(
        CovariateOf(table.Categorical(name), roles, table));
  }
  for (const auto& [name, column] : {std::pair{&roles.split, &cohort.split},
                                     {&roles.site, &cohort.site},
                                     {&roles.device, &cohort.device}}) {
    if (!name->empty()) *column = WordsOf(table.Categorical(*name));
  }
  for (const auto& [name, column] : {std::pair{&roles.study, &cohort.study},
                                     {&roles.image, &cohort.image}}) {
    if (!name->empty()) *column = KeysOf(table.Categorical(*name));
  }
  if (!roles.time.empty()) {
    cohort.time = CovariateOf(table.Categorical(roles.time), roles, table);
  }
  if (!roles.report.empty()) {
    cohort.report = KeysOf(table.Categorical(roles.report));
  }
  RunFlow(table, &cohort);
  return cohort;
}

std::vector<std::string> ImagePaths(const Cohort& cohort) {
  std::vector<std::string> paths;
  std::vector<uint8_t> seen(cohort.image.levels.size(), 0);
  for (const int32_t code : cohort.image.codes) {
    if (code < 0 || seen[code]) continue;
    seen[code] = 1;
    paths.push_back(cohort.image.levels[code]);
  }
  return paths;
}

}  // namespace plumbline
