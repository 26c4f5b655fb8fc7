#include "plumbline/audit/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "plumbline/audit/columns.h"
#include "plumbline/audit/multiclass_input.h"
#include "plumbline/audit/scores.h"
#include "plumbline/audit/weights.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// Every column may play one part only, except that several targets may share a
// label or a score, and the tuning column may also be an attribute.
class Roles {
 public:
  void Take(const std::string& column, const char* option) {
    const auto [place, is_new] = options_.emplace(column, option);
    if (is_new) return;
    if (std::string_view(place->second) == option) {
      throw Error(ErrorCode::kUsage, "column \"{}\" is given twice as {}",
                  column, option);
    }
    throw Error(ErrorCode::kUsage,
                "column \"{}\" is given as {} and as {}; a column has one part "
                "in an audit",
                column, place->second, option);
  }
  void TakeShared(const std::string& column, const char* option) {
    const auto place = options_.find(column);
    if (place != options_.end() && std::string_view(place->second) == option) {
      return;
    }
    Take(column, option);
  }

 private:
  std::map<std::string, const char*> options_;
};

const BinRule* FindBins(const AuditColumns& columns, const std::string& name) {
  for (const BinRule& rule : columns.bins) {
    if (rule.column == name) return &rule;
  }
  return nullptr;
}

// Covariates may be attributes (of other gaps), but nothing else.
void CheckCovariates(const AuditColumns& columns, Roles roles) {
  for (const std::string& name : columns.adjust) roles.Take(name, "--adjust");
}

void CheckRoles(const AuditColumns& columns, const ResolvedColumns& resolved) {
  const bool hard = columns.scores.empty();
  Roles roles;
  for (const TargetColumns& target : resolved.targets) {
    roles.TakeShared(target.label, "--label");
  }
  for (const MulticlassColumns& model : resolved.multiclass) {
    roles.TakeShared(model.label, "--label");
  }
  for (const TargetColumns& target : resolved.targets) {
    roles.TakeShared(target.score, hard ? "--decision" : "--score");
  }
  for (const MulticlassColumns& model : resolved.multiclass) {
    for (const std::string& score : model.score_columns) {
      roles.Take(score, "--score");
    }
  }
  if (!columns.subject.empty()) roles.Take(columns.subject, "--subject");
  if (!columns.weight.empty()) roles.Take(columns.weight, "--weight");
  Roles tuning = roles;
  if (!columns.tune_on_column.empty()) {
    tuning.Take(columns.tune_on_column, "--tune-on");
  }
  for (const std::string& attribute : columns.by) {
    roles.Take(attribute, "--by");
  }
  for (const std::string& name : columns.slices) {
    // An attribute may also make slices.
    if (!Contains(columns.by, name)) roles.Take(name, "--slices");
  }
  std::set<std::string> binned;
  CheckCovariates(columns, tuning);
  for (const BinRule& rule : columns.bins) {
    if (!Contains(columns.by, rule.column) &&
        !Contains(columns.adjust, rule.column) &&
        !Contains(columns.slices, rule.column)) {
      throw Error(ErrorCode::kUsage,
                  "--bins {}=...: \"{}\" is not an attribute given with --by{}",
                  rule.column, rule.column,
                  DidYouMean(rule.column, columns.by));
    }
    if (!binned.insert(rule.column).second) {
      throw Error(ErrorCode::kUsage, "--bins for \"{}\" is given twice",
                  rule.column);
    }
  }
}

// --- Labels ----------------------------------------------------------------

// `what`: "label" or "decision".
std::vector<int8_t> ConvertLabels(const Table& table,
                                  const CategoricalColumn& column,
                                  const char* what) {
  std::vector<int8_t> of_level(column.levels.size());
  for (size_t level = 0; level < of_level.size(); ++level) {
    of_level[level] = ParseLabel(column.levels[level]);
    if (of_level[level] != kMissingLabel) continue;
    throw Error(
        ErrorCode::kInvalidInput,
        table.Where(column.first_row[level], column.name),
        "\"{}\" is not a {}; expected 0 or 1 (empty means missing).{}",
        column.levels[level], what,
        std::string_view(what) == "label"
            ? " For several classes give a score for each: --score 'p_*'."
            : " If the column holds scores, give it as --score.");
  }
  std::vector<int8_t> labels(column.codes.size());
  for (size_t row = 0; row < labels.size(); ++row) {
    const uint32_t code = column.codes[row];
    labels[row] = code == kMissingCode ? kMissingLabel : of_level[code];
  }
  return labels;
}

// --- The other parts -------------------------------------------------------

// Whether no later target needs the column `of` any more.
bool IsLastUse(const std::vector<TargetColumns>& targets, size_t at,
               std::string TargetColumns::*of) {
  return std::none_of(
      targets.begin() + at + 1, targets.end(),
      [&](const TargetColumns& later) { return later.*of == targets[at].*of; });
}

AuditTarget MakeTarget(Table& table, const std::vector<TargetColumns>& targets,
                       size_t at, bool hard, bool logit) {
  const TargetColumns& columns = targets[at];
  AuditTarget target;
  target.name = columns.name;
  if (columns.finding != columns.name) target.finding = columns.finding;
  target.label_column = columns.label;
  target.score_column = columns.score;
  target.hard_decisions = hard;
  target.labels =
      IsLastUse(targets, at, &TargetColumns::label)
          ? ConvertLabels(table, table.TakeCategorical(columns.label), "label")
          : ConvertLabels(table, table.Categorical(columns.label), "label");
  if (hard) {
    const std::vector<int8_t> decisions =
        ConvertLabels(table, table.Categorical(columns.score), "decision");
    target.scores.reserve(decisions.size());
    for (const int8_t decision : decisions) {
      target.scores.push_back(decision == kMissingLabel
                                  ? std::numeric_limits<double>::quiet_NaN()
                                  : decision);
    }
    return target;
  }
  target.scores = ReadScores(table, columns.score, logit,
                             IsLastUse(targets, at, &TargetColumns::score));
  return target;
}

std::vector<uint8_t> TuningRows(const Table& table,
                                const AuditColumns& columns) {
  if (columns.tune_on_column.empty()) return {};
  const CategoricalColumn& column = table.Categorical(columns.tune_on_column);
  const auto level = std::find(column.levels.begin(), column.levels.end(),
                               columns.tune_on_value);
  if (level == column.levels.end()) {
    const std::string nearest =
        DidYouMean(columns.tune_on_value, column.levels);
    throw Error(ErrorCode::kInvalidInput,
                "{}: no row has \"{}\" in column \"{}\" (--tune-on){} It "
                "holds: {}.",
                table.sources().front().file, columns.tune_on_value,
                column.name, nearest.empty() ? "." : nearest,
                ListOf(column.levels, 10));
  }
  const auto code = static_cast<uint32_t>(level - column.levels.begin());
  std::vector<uint8_t> rows(column.codes.size());
  for (size_t row = 0; row < rows.size(); ++row) {
    rows[row] = column.codes[row] == code;
  }
  if (std::find(rows.begin(), rows.end(), 0) == rows.end()) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: every row has \"{}\" in column \"{}\" (--tune-on), so "
                "that none is left to audit",
                table.sources().front().file, columns.tune_on_value,
                column.name);
  }
  return rows;
}

void ReadSubjects(Table& table, const std::string& name, AuditInput* input) {
  if (name.empty()) return;
  const CategoricalColumn column = table.TakeCategorical(name);
  input->subject_column = name;
  input->subject_count = static_cast<int64_t>(column.levels.size());
  input->subjects.resize(column.codes.size());
  for (size_t row = 0; row < input->subjects.size(); ++row) {
    const uint32_t code = column.codes[row];
    if (code == kMissingCode) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, name),
                  "the subject is missing (in {} row{}); fill it in, for "
                  "example with a number of its own for each row, or leave "
                  "out --subject",
                  column.missing, column.missing == 1 ? "" : "s");
    }
    input->subjects[row] = code;
  }
}

GroupIndex ReadGroups(Table& table, const AuditColumns& columns) {
  std::vector<CategoricalColumn> attributes;
  std::vector<bool> keep_order;
  for (const std::string& name : columns.by) {
    const BinRule* bins = FindBins(columns, name);
    attributes.push_back(bins ? BinColumn(table.TakeNumeric(name), bins->edges)
                              : table.TakeCategorical(name));
    keep_order.push_back(bins != nullptr);
    if (attributes.back().missing == table.rows()) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}: column \"{}\" is empty in every row, so that it makes "
                  "no groups; leave it out of --by",
                  table.sources().front().file, name);
    }
  }
  GroupIndex groups =
      BuildGroups(std::move(attributes), keep_order, columns.cross);
  if (columns.by.empty()) {
    // Without a column nothing says how many rows there are.
    groups.cell_of_row.assign(table.rows(), 0);
    groups.groups[0].rows = table.rows();
  }
  return groups;
}

// Before the groups, which take their columns out of the table.
std::vector<Covariate> ReadCovariates(const Table& table,
                                      const AuditColumns& columns,
                                      const std::vector<uint8_t>& tuning_rows) {
  std::vector<uint8_t> counts(tuning_rows.size());
  for (size_t row = 0; row < counts.size(); ++row) {
    counts[row] = !tuning_rows[row];
  }
  std::vector<Covariate> covariates;
  for (const std::string& name : columns.adjust) {
    const BinRule* bins = FindBins(columns, name);
    const int64_t missing =
        bins ? table.Numeric(name).missing : table.Categorical(name).missing;
    if (missing == table.rows()) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}: column \"{}\" is empty in every row, so that there is "
                  "nothing to adjust for; leave it out of --adjust",
                  table.sources().front().file, name);
    }
    covariates.push_back(
        bins ? CovariateInBins(table.Numeric(name), bins->edges)
             : CovariateOfColumn(table.Categorical(name), counts));
  }
  return covariates;
}

// Attributes are copied from the groups, the others are taken from the table.
std::vector<CategoricalColumn> ReadSliceColumns(Table& table,
                                                const AuditColumns& columns,
                                                const GroupIndex& groups) {
  std::vector<CategoricalColumn> slices;
  for (const std::string& name : columns.slices) {
    const auto attribute =
        std::find_if(groups.attributes.begin(), groups.attributes.end(),
                     [&name](const auto& a) { return a.name == name; });
    if (attribute != groups.attributes.end()) {
      slices.push_back(*attribute);
      continue;
    }
    const BinRule* bins = FindBins(columns, name);
    slices.push_back(bins ? BinColumn(table.TakeNumeric(name), bins->edges)
                     : name == columns.tune_on_column
                         ? table.Categorical(name)
                         : table.TakeCategorical(name));
  }
  return slices;
}

std::string FirstDuplicate(const Table& table) {
  if (table.first_duplicate() < 0) return "";
  const Location copy = table.Where(table.first_duplicate(), "");
  Location original = table.Where(table.first_duplicate_of(), "");
  if (original.file == copy.file) {
    return fmt::format("row {} is a copy of row {}", copy.row, original.row);
  }
  return fmt::format("{} is a copy of {}", ToString(copy), ToString(original));
}

}  // namespace

std::vector<ColumnRequest> RequestedColumns(
    const AuditColumns& columns, const std::vector<std::string>& header,
    const std::string& file) {
  const ResolvedColumns resolved = ResolveColumns(columns, header, file);
  CheckRoles(columns, resolved);
  std::vector<ColumnRequest> requests;
  const auto request = [&](const std::string& name, ColumnKind kind) {
    if (name.empty()) return;
    RequireColumn(name, header, file);
    for (const ColumnRequest& other : requests) {
      if (other.name == name && other.kind == kind) return;
    }
    requests.push_back({name, kind});
  };
  const bool hard = columns.scores.empty();
  for (const TargetColumns& target : resolved.targets) {
    request(target.label, ColumnKind::kCategorical);
    request(target.score,
            hard ? ColumnKind::kCategorical : ColumnKind::kNumeric);
  }
  for (const MulticlassColumns& model : resolved.multiclass) {
    request(model.label, ColumnKind::kCategorical);
    for (const std::string& score : model.score_columns) {
      request(score, ColumnKind::kNumeric);
    }
  }
  request(columns.subject, ColumnKind::kCategorical);
  request(columns.weight, ColumnKind::kNumeric);
  request(columns.tune_on_column, ColumnKind::kCategorical);
  for (const auto* names : {&columns.by, &columns.adjust}) {
    for (const std::string& name : *names) {
      request(name, FindBins(columns, name) ? ColumnKind::kNumeric
                                            : ColumnKind::kCategorical);
    }
  }
  for (const std::string& name : columns.slices) {
    request(name, FindBins(columns, name) ? ColumnKind::kNumeric
                                          : ColumnKind::kCategorical);
  }
  return requests;
}

AuditInput MakeAuditInput(Table table, const AuditColumns& columns) {
  AuditInput input;
  const std::string file =
      table.sources().empty() ? "the table" : table.sources().front().file;
  if (table.rows() == 0) {
    throw Error(ErrorCode::kInvalidInput,
                "{}: has a header but no rows of data", file);
  }
  input.rows = table.rows();
  ResolvedColumns resolved = ResolveColumns(columns, table.header(), file);
  CheckRoles(columns, resolved);
  const bool hard = columns.scores.empty();
  std::vector<TargetColumns>& targets = resolved.targets;
  std::vector<TargetColumns> classes;
  if (hard) {
    const auto first = std::stable_partition(
        targets.begin(), targets.end(), [&table](const TargetColumns& target) {
          return !AreClassDecisions(table, target);
        });
    classes.assign(first, targets.end());
    targets.erase(first, targets.end());
  }
  for (size_t i = 0; i < targets.size(); ++i) {
    input.targets.push_back(MakeTarget(table, targets, i, hard, columns.logit));
  }
  input.tuning_rows = TuningRows(table, columns);
  ReadSubjects(table, columns.subject, &input);
  input.weights = TakeWeights(table, columns.weight);
  input.weight_column = columns.weight;
  AddMulticlass(table, resolved.multiclass, classes, columns.logit, &input);
  input.covariates = ReadCovariates(table, columns, input.tuning_rows);
  input.groups = ReadGroups(table, columns);
  input.slice_columns = ReadSliceColumns(table, columns, input.groups);
  input.sources = table.sources();
  for (const BinRule& rule : columns.bins) {
    input.bins[rule.column] = rule.edges;
  }
  input.duplicate_rows = table.duplicate_rows();
  input.first_duplicate = FirstDuplicate(table);
  return input;
}

}  // namespace plumbline
