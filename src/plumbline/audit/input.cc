#include "plumbline/audit/input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

constexpr size_t kListedColumns = 40;

// One finding: where its label and its score stand.
struct TargetColumns {
  std::string name;
  std::string label;
  std::string score;
};

// --- Column roles ----------------------------------------------------------

// A name with one '*', which stands for at least one character.
struct Pattern {
  explicit Pattern(const std::string& text) : text(text) {
    const size_t star = text.find('*');
    prefix = text.substr(0, star);
    if (star != std::string::npos) suffix = text.substr(star + 1);
    if (suffix.find('*') != std::string::npos) {
      throw Error(ErrorCode::kUsage,
                  "\"{}\": a column pattern has one *, not several", text);
    }
  }

  // What the '*' stands for, if the name matches.
  std::optional<std::string> Match(const std::string& name) const {
    if (name.size() <= prefix.size() + suffix.size() ||
        !name.starts_with(prefix) || !name.ends_with(suffix)) {
      return std::nullopt;
    }
    return name.substr(prefix.size(),
                       name.size() - prefix.size() - suffix.size());
  }
  std::string With(const std::string& middle) const {
    return prefix + middle + suffix;
  }
  size_t literal_size() const { return prefix.size() + suffix.size(); }

  std::string text;
  std::string prefix;
  std::string suffix;
};

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool IsPattern(const std::string& name) {
  return name.find('*') != std::string::npos;
}

void RequireColumn(const std::string& name,
                   const std::vector<std::string>& header,
                   const std::string& file) {
  if (!Contains(header, name)) ThrowNoSuchColumn(file, name, header);
}

// "y, score, sex", cut where it gets long.
std::string ListOf(const std::vector<std::string>& names, size_t most) {
  const size_t shown = std::min(names.size(), most);
  return fmt::format("{}{}",
                     fmt::join(names.begin(), names.begin() + shown, ", "),
                     shown < names.size() ? ", ..." : "");
}

// "y_*" with "p_*": every column that matches both belongs to the pattern that
// says more ("y_*_score", not "y_*").
void ExpandPair(const std::string& label_text, const std::string& score_text,
                const std::vector<std::string>& header, const std::string& file,
                std::vector<TargetColumns>* targets) {
  const Pattern label(label_text);
  const Pattern score(score_text);
  const size_t before = targets->size();
  std::vector<std::string> scores;
  for (const std::string& column : header) {
    if (score.Match(column)) scores.push_back(column);
  }
  for (const std::string& column : header) {
    const auto middle = label.Match(column);
    if (!middle) continue;
    if (score.literal_size() > label.literal_size() && score.Match(column)) {
      continue;
    }
    const std::string partner = score.With(*middle);
    if (!Contains(header, partner)) {
      throw Error(ErrorCode::kInvalidInput,
                  "{} has no column \"{}\", the score that belongs to the "
                  "label \"{}\" by the patterns {} and {}{}",
                  file, partner, column, label_text, score_text,
                  DidYouMean(partner, scores));
    }
    targets->push_back({*middle, column, partner});
  }
  if (targets->size() == before) {
    throw Error(ErrorCode::kInvalidInput,
                "{} has no column that matches \"{}\". Its columns: {}.", file,
                label_text, ListOf(header, kListedColumns));
  }
}

// Columns whose names say that they may hold what is missing, so that the
// message can offer them.
std::string Guess(const std::vector<std::string>& header,
                  std::initializer_list<std::string_view> usual) {
  std::vector<std::string> found;
  for (const std::string_view name : usual) {
    for (const std::string& column : header) {
      std::string lower = column;
      std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      });
      if ((lower == name || lower.starts_with(std::string(name) + "_")) &&
          !Contains(found, "\"" + column + "\"")) {
        found.push_back("\"" + column + "\"");
      }
    }
  }
  if (found.size() > 3) found.resize(3);
  return found.empty() ? ""
                       : fmt::format(" Perhaps {}.", JoinWords(found, "or"));
}

void RequireLabelsAndScores(const AuditColumns& columns,
                            const std::vector<std::string>& header,
                            const std::string& file) {
  const std::string all = ListOf(header, kListedColumns);
  if (columns.labels.empty()) {
    throw Error(ErrorCode::kUsage,
                "--label is missing: which column of {} says whether the "
                "finding is really there (0 or 1)?{} Its columns: {}.",
                file,
                Guess(header, {"label", "labels", "y_true", "y", "truth",
                               "ground_truth", "gt", "target", "outcome"}),
                all);
  }
  if (columns.scores.empty() && columns.decisions.empty()) {
    throw Error(ErrorCode::kUsage,
                "--score is missing: which column of {} holds the model's "
                "output (or --decision for a column of 0 and 1)?{} Its "
                "columns: {}.",
                file,
                Guess(header, {"score", "scores", "prob", "probability", "p",
                               "y_prob", "y_score", "y_pred", "pred",
                               "prediction", "logit", "risk"}),
                all);
  }
  if (!columns.scores.empty() && !columns.decisions.empty()) {
    throw Error(ErrorCode::kUsage,
                "--score and --decision cannot be used together; audit scores "
                "and decisions in two runs");
  }
}

std::vector<TargetColumns> ResolveTargets(
    const AuditColumns& columns, const std::vector<std::string>& header,
    const std::string& file) {
  RequireLabelsAndScores(columns, header, file);
  const bool hard = columns.scores.empty();
  const char* option = hard ? "--decision" : "--score";
  const auto& scores = hard ? columns.decisions : columns.scores;
  if (columns.labels.size() != scores.size()) {
    throw Error(ErrorCode::kUsage,
                "--label names {} column{} and {} {}; give one for each label, "
                "in the same order",
                columns.labels.size(), columns.labels.size() == 1 ? "" : "s",
                option, scores.size());
  }
  std::vector<TargetColumns> targets;
  for (size_t i = 0; i < scores.size(); ++i) {
    const std::string& label = columns.labels[i];
    const std::string& score = scores[i];
    if (IsPattern(label) != IsPattern(score)) {
      throw Error(ErrorCode::kUsage,
                  "--label {} and {} {} belong together: either both are "
                  "patterns with a * or neither is",
                  label, option, score);
    }
    if (IsPattern(label)) {
      ExpandPair(label, score, header, file, &targets);
    } else {
      RequireColumn(label, header, file);
      RequireColumn(score, header, file);
      targets.push_back({label, label, score});
    }
  }
  return targets;
}

// Every column may play one part only, except that several targets may share a
// score, and the tuning column may also be an attribute.
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

void CheckRoles(const AuditColumns& columns,
                const std::vector<TargetColumns>& targets) {
  const bool hard = columns.scores.empty();
  Roles roles;
  for (const TargetColumns& target : targets) {
    roles.Take(target.label, "--label");
  }
  for (const TargetColumns& target : targets) {
    roles.TakeShared(target.score, hard ? "--decision" : "--score");
  }
  if (!columns.subject.empty()) roles.Take(columns.subject, "--subject");
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
  std::set<std::string> names;
  for (const TargetColumns& target : targets) {
    if (names.insert(target.name).second) continue;
    throw Error(ErrorCode::kUsage,
                "two labels are called \"{}\"; rename a column, so that the "
                "report can tell them apart",
                target.name);
  }
  std::set<std::string> binned;
  for (const BinRule& rule : columns.bins) {
    if (!Contains(columns.by, rule.column) &&
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

// 0 or 1; anything else: kMissingLabel.
int8_t ParseLabel(const std::string& text) {
  const auto is = [&text](std::string_view word) {
    return std::equal(text.begin(), text.end(), word.begin(), word.end(),
                      [](char a, char b) { return (a | 0x20) == b; });
  };
  if (text == "0" || text == "0.0" || is("false")) return 0;
  if (text == "1" || text == "1.0" || is("true")) return 1;
  return kMissingLabel;
}

// `what`: "label" or "decision".
std::vector<int8_t> ConvertLabels(const Table& table,
                                  const CategoricalColumn& column,
                                  const char* what) {
  std::vector<int8_t> of_level(column.levels.size());
  for (size_t level = 0; level < of_level.size(); ++level) {
    of_level[level] = ParseLabel(column.levels[level]);
    if (of_level[level] != kMissingLabel) continue;
    throw Error(ErrorCode::kInvalidInput,
                table.Where(column.first_row[level], column.name),
                "\"{}\" is not a {}; expected 0 or 1 (empty means missing).{}",
                column.levels[level], what,
                std::string_view(what) == "label"
                    ? " For several classes give one 0/1 column each."
                    : " If the column holds scores, give it as --score.");
  }
  std::vector<int8_t> labels(column.codes.size());
  for (size_t row = 0; row < labels.size(); ++row) {
    const uint32_t code = column.codes[row];
    labels[row] = code == kMissingCode ? kMissingLabel : of_level[code];
  }
  return labels;
}

// --- Scores ----------------------------------------------------------------

// Beyond this, odds leave the range of a double and the number is no log-odds.
constexpr double kLargestLogit = 700;

double Logistic(double x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const double odds = std::exp(x);
  return odds / (1 + odds);
}

// Log-odds to probabilities, in place, keeping the order of distinct values.
// Near 1 doubles lie too far apart for that: sigmoid(37) == sigmoid(38) == 1.
// There each distinct log-odds takes the largest double that is below the one
// of the next larger, a shift of at most 1.2e-16 a value. Below kCrowded only
// log-odds closer than 1e-9 can fall together.
void ConvertLogits(std::vector<double>* scores) {
  constexpr double kCrowded = 16;
  std::vector<double> crowded;
  for (const double x : *scores) {
    if (x > kCrowded) crowded.push_back(x);
  }
  std::sort(crowded.begin(), crowded.end());
  crowded.erase(std::unique(crowded.begin(), crowded.end()), crowded.end());
  std::vector<double> probability(crowded.size());
  double below = 1;
  for (size_t i = crowded.size(); i-- > 0;) {
    below = std::min(Logistic(crowded[i]), std::nextafter(below, 0));
    probability[i] = below;
  }
  for (double& x : *scores) {
    if (x > kCrowded) {
      const auto place = std::lower_bound(crowded.begin(), crowded.end(), x);
      x = probability[place - crowded.begin()];
    } else if (!std::isnan(x)) {
      x = Logistic(x);
    }
  }
}

void CheckScores(const Table& table, const NumericColumn& column, bool logit) {
  for (size_t row = 0; row < column.values.size(); ++row) {
    const double score = column.values[row];
    if (std::isnan(score)) continue;
    if (logit && !(std::abs(score) <= kLargestLogit)) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, column.name),
                  "{} is not a log-odds; with --logit scores must lie in "
                  "[-700, 700].",
                  score);
    }
    if (!logit && !(score >= 0 && score <= 1)) {
      throw Error(ErrorCode::kInvalidInput, table.Where(row, column.name),
                  "{} is not a probability; scores must lie in [0, 1]. Are "
                  "they logits? Then add --logit.",
                  score);
    }
  }
}

// --- The other parts -------------------------------------------------------

AuditTarget MakeTarget(Table& table, const TargetColumns& columns, bool hard,
                       bool logit, bool last_use) {
  AuditTarget target;
  target.name = columns.name;
  target.label_column = columns.label;
  target.score_column = columns.score;
  target.hard_decisions = hard;
  target.labels =
      ConvertLabels(table, table.TakeCategorical(columns.label), "label");
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
  const NumericColumn& scores = table.Numeric(columns.score);
  CheckScores(table, scores, logit);
  target.scores =
      last_use ? table.TakeNumeric(columns.score).values : scores.values;
  if (logit) ConvertLogits(&target.scores);
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
  const auto targets = ResolveTargets(columns, header, file);
  CheckRoles(columns, targets);
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
  for (const TargetColumns& target : targets) {
    request(target.label, ColumnKind::kCategorical);
    request(target.score,
            hard ? ColumnKind::kCategorical : ColumnKind::kNumeric);
  }
  request(columns.subject, ColumnKind::kCategorical);
  request(columns.tune_on_column, ColumnKind::kCategorical);
  for (const std::string& name : columns.by) {
    request(name, FindBins(columns, name) ? ColumnKind::kNumeric
                                          : ColumnKind::kCategorical);
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
  const auto targets = ResolveTargets(columns, table.header(), file);
  CheckRoles(columns, targets);
  const bool hard = columns.scores.empty();
  for (size_t i = 0; i < targets.size(); ++i) {
    const bool last_use = std::none_of(
        targets.begin() + i + 1, targets.end(),
        [&](const auto& later) { return later.score == targets[i].score; });
    input.targets.push_back(
        MakeTarget(table, targets[i], hard, columns.logit, last_use));
  }
  input.tuning_rows = TuningRows(table, columns);
  ReadSubjects(table, columns.subject, &input);
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
