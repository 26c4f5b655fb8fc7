#include "plumbline/audit/multiclass_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "plumbline/audit/labels.h"
#include "plumbline/audit/scores.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/table/natural_order.h"

namespace plumbline {
namespace {

// Whole numbers that another program wrote as 2.0 are the class 2.
std::string WithoutFraction(const std::string& text) {
  double value = 0;
  return text.size() > 2 && text.ends_with(".0") && ParseNumber(text, &value)
             ? text.substr(0, text.size() - 2)
             : text;
}

int32_t FindClass(const std::vector<std::string>& classes,
                  const std::string& text) {
  for (const std::string& name : {text, WithoutFraction(text)}) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found != classes.end()) {
      return static_cast<int32_t>(found - classes.begin());
    }
  }
  return kNoClass;
}

std::vector<int32_t> ClassOfRows(const Table& table,
                                 const CategoricalColumn& column,
                                 const MulticlassModel& model) {
  std::vector<int32_t> of_level;
  for (size_t level = 0; level < column.levels.size(); ++level) {
    of_level.push_back(FindClass(model.classes, column.levels[level]));
    if (of_level.back() != kNoClass) continue;
    const std::string nearest = DidYouMean(column.levels[level], model.classes);
    throw Error(ErrorCode::kInvalidInput,
                table.Where(column.first_row[level], column.name),
                "\"{}\" is none of the classes that {} names{} They are: {}.",
                column.levels[level], model.model,
                nearest.empty() ? "." : nearest, JoinWords(model.classes));
  }
  std::vector<int32_t> classes(column.codes.size(), kNoClass);
  for (size_t row = 0; row < classes.size(); ++row) {
    const uint32_t code = column.codes[row];
    if (code != kMissingCode) classes[row] = of_level[code];
  }
  return classes;
}

// The classes of decisions: every name that label or decision holds.
std::vector<std::string> NamesOf(const Table& table,
                                 const TargetColumns& target) {
  std::set<std::string> names;
  for (const std::string& column : {target.label, target.score}) {
    const CategoricalColumn& words = table.Categorical(column);
    for (const std::string& level : words.levels) {
      names.insert(WithoutFraction(level));
    }
    if (names.size() > kMostClasses) {
      throw Error(ErrorCode::kInvalidInput,
                  "{}: column \"{}\" holds {} different values, too many for "
                  "classes (at most {}). If it holds scores, give one column "
                  "for each class with --score.",
                  table.sources().front().file, column, words.levels.size(),
                  kMostClasses);
    }
  }
  std::vector<std::string> sorted(names.begin(), names.end());
  std::sort(sorted.begin(), sorted.end(), NaturalLess);
  return sorted;
}

// The scores of one class against the rest: the class's own, or whether it was
// decided for.
std::vector<double> ScoresOfClass(Table& table, const MulticlassModel& model,
                                  size_t k) {
  if (!model.hard()) {
    return ReadScores(table, model.score_columns[k], model.logit, true);
  }
  std::vector<double> scores;
  scores.reserve(model.decisions.size());
  for (const int32_t decision : model.decisions) {
    scores.push_back(decision == kNoClass
                         ? std::numeric_limits<double>::quiet_NaN()
                         : decision == static_cast<int32_t>(k));
  }
  return scores;
}

AuditTarget TargetOfClass(const MulticlassModel& model, size_t k) {
  AuditTarget target;
  target.name = model.classes[k];
  target.label_column = model.label_column;
  target.score_column = model.hard() ? model.model : model.score_columns[k];
  target.hard_decisions = model.hard();
  target.labels.reserve(model.labels.size());
  for (const int32_t label : model.labels) {
    target.labels.push_back(label == kNoClass                  ? kMissingLabel
                            : label == static_cast<int32_t>(k) ? 1
                                                               : 0);
  }
  return target;
}

void AddClasses(Table& table, MulticlassModel model, AuditInput* input) {
  const size_t classes = model.classes.size();
  std::vector<uint8_t> has_rows(classes, 0);
  for (const int32_t label : model.labels) {
    if (label != kNoClass) has_rows[label] = 1;
  }
  model.targets.assign(classes, -1);
  model.other_scores.resize(classes);
  for (size_t k = 0; k < classes; ++k) {
    std::vector<double> scores = ScoresOfClass(table, model, k);
    if (!has_rows[k]) {
      if (!model.hard()) model.other_scores[k] = std::move(scores);
      continue;
    }
    model.targets[k] = static_cast<int>(input->targets.size());
    input->targets.push_back(TargetOfClass(model, k));
    input->targets.back().scores = std::move(scores);
  }
  input->multiclass.push_back(std::move(model));
}

// "melanoma", "dx=melanoma" where several labels have classes, and
// "melanoma by a_melanoma" where several models know the class.
void NameClasses(AuditInput* input) {
  std::set<std::string> labels;
  std::map<std::string, int> models;
  for (const MulticlassModel& model : input->multiclass) {
    labels.insert(model.label_column);
    ++models[model.label_column];
  }
  size_t of_classes = 0;
  std::map<std::string, int> uses;
  for (MulticlassModel& model : input->multiclass) {
    model.name = model.label_column;
    if (models[model.label_column] > 1) model.name += " by " + model.model;
    for (const int t : model.targets) of_classes += t >= 0;
  }
  const bool with_label =
      labels.size() > 1 || of_classes < input->targets.size();
  for (const MulticlassModel& model : input->multiclass) {
    for (const int t : model.targets) {
      if (t < 0) continue;
      AuditTarget& target = input->targets[t];
      if (with_label) target.name = model.label_column + '=' + target.name;
      ++uses[target.name];
    }
  }
  for (const MulticlassModel& model : input->multiclass) {
    for (const int t : model.targets) {
      if (t < 0 || uses[input->targets[t].name] < 2) continue;
      AuditTarget& target = input->targets[t];
      target.finding = target.name;
      target.name += " by " + target.score_column;
    }
  }
}

}  // namespace

bool AreClassDecisions(const Table& table, const TargetColumns& target) {
  return HoldsClassNames(table.Categorical(target.label)) &&
         HoldsClassNames(table.Categorical(target.score));
}

void AddMulticlass(Table& table, const std::vector<MulticlassColumns>& scored,
                   const std::vector<TargetColumns>& decided, bool logit,
                   AuditInput* input) {
  for (const MulticlassColumns& columns : scored) {
    MulticlassModel model;
    model.label_column = columns.label;
    model.model = columns.pattern;
    model.classes = columns.classes;
    model.score_columns = columns.score_columns;
    model.logit = logit;
    model.labels = ClassOfRows(table, table.Categorical(columns.label), model);
    AddClasses(table, std::move(model), input);
  }
  for (const TargetColumns& columns : decided) {
    MulticlassModel model;
    model.label_column = columns.label;
    model.model = columns.score;
    model.classes = NamesOf(table, columns);
    model.labels = ClassOfRows(table, table.Categorical(columns.label), model);
    model.decisions =
        ClassOfRows(table, table.Categorical(columns.score), model);
    AddClasses(table, std::move(model), input);
  }
  if (!input->multiclass.empty()) NameClasses(input);
}

}  // namespace plumbline
