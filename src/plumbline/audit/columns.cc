#include "plumbline/audit/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "plumbline/base/error.h"
#include "plumbline/base/text.h"
#include "plumbline/table/table.h"

namespace plumbline {
namespace {

constexpr size_t kListedColumns = 40;

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

bool IsPattern(const std::string& name) {
  return name.find('*') != std::string::npos;
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
    targets->push_back({*middle, *middle, column, partner});
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

// "dx" with "p_*": a class for each column that matches. What another option
// names (a subject "p_id") is no class.
MulticlassColumns ExpandClasses(const AuditColumns& columns,
                                const std::string& label,
                                const std::string& score,
                                const std::vector<std::string>& header,
                                const std::string& file) {
  const Pattern pattern(score);
  MulticlassColumns model;
  model.label = label;
  model.pattern = score;
  for (const std::string& column : header) {
    const auto middle = pattern.Match(column);
    if (!middle || Contains(columns.labels, column) ||
        Contains(columns.by, column) || column == columns.subject ||
        column == columns.tune_on_column) {
      continue;
    }
    model.classes.push_back(*middle);
    model.score_columns.push_back(column);
  }
  if (model.classes.size() < 2) {
    throw Error(ErrorCode::kInvalidInput,
                "{} has {} column{} that match{} \"{}\"; the label \"{}\" with "
                "a pattern of scores needs one for each of at least two "
                "classes. Its columns: {}.",
                file, model.classes.size(),
                model.classes.size() == 1 ? "" : "s",
                model.classes.size() == 1 ? "es" : "", score, label,
                ListOf(header, kListedColumns));
  }
  return model;
}

// The label of each score: as many, or one label for all of them.
std::vector<std::string> LabelOfEachScore(
    const AuditColumns& columns, const std::vector<std::string>& scores,
    const char* option) {
  const size_t labels = columns.labels.size();
  if (labels == scores.size()) return columns.labels;
  if (labels == 1) {
    return std::vector<std::string>(scores.size(), columns.labels[0]);
  }
  std::string models;
  if (scores.size() > labels) {
    std::vector<std::string> repeated;
    for (const std::string& label : columns.labels) {
      repeated.insert(repeated.end(), 2, label);
    }
    models = fmt::format(
        ". Where labels have several models, name a label once for each of its "
        "scores, as in --label {}",
        fmt::join(repeated, ","));
  }
  throw Error(ErrorCode::kUsage,
              "--label names {} column{} and {} {}; give one for each label, "
              "in the same order{}",
              labels, labels == 1 ? "" : "s", option, scores.size(), models);
}

// The models of one finding stand side by side and carry their score's name.
void NameModels(std::vector<TargetColumns>* targets) {
  std::map<std::string, size_t> first;  // place of each finding
  std::map<std::string, std::string> label_of;
  std::map<std::string, int> models;
  std::set<std::pair<std::string, std::string>> pairs;
  for (const TargetColumns& target : *targets) {
    first.emplace(target.finding, first.size());
    ++models[target.finding];
    if (label_of.emplace(target.finding, target.label).first->second !=
        target.label) {
      throw Error(ErrorCode::kUsage,
                  "two labels are called \"{}\"; rename a column, so that the "
                  "report can tell them apart",
                  target.finding);
    }
    if (!pairs.insert({target.label, target.score}).second) {
      throw Error(ErrorCode::kUsage,
                  "label \"{}\" with score \"{}\" is given twice", target.label,
                  target.score);
    }
  }
  std::stable_sort(targets->begin(), targets->end(),
                   [&first](const TargetColumns& a, const TargetColumns& b) {
                     return first.at(a.finding) < first.at(b.finding);
                   });
  for (TargetColumns& target : *targets) {
    if (models[target.finding] > 1) target.name += " by " + target.score;
  }
}

}  // namespace

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void RequireColumn(const std::string& name,
                   const std::vector<std::string>& header,
                   const std::string& file) {
  if (!Contains(header, name)) ThrowNoSuchColumn(file, name, header);
}

std::string ListOf(const std::vector<std::string>& names, size_t most) {
  const size_t shown = std::min(names.size(), most);
  return fmt::format("{}{}",
                     fmt::join(names.begin(), names.begin() + shown, ", "),
                     shown < names.size() ? ", ..." : "");
}

ResolvedColumns ResolveColumns(const AuditColumns& columns,
                               const std::vector<std::string>& header,
                               const std::string& file) {
  RequireLabelsAndScores(columns, header, file);
  const bool hard = columns.scores.empty();
  const char* option = hard ? "--decision" : "--score";
  const auto& scores = hard ? columns.decisions : columns.scores;
  const std::vector<std::string> labels =
      LabelOfEachScore(columns, scores, option);
  ResolvedColumns resolved;
  for (size_t i = 0; i < scores.size(); ++i) {
    const std::string& label = labels[i];
    const std::string& score = scores[i];
    if (!IsPattern(label)) RequireColumn(label, header, file);
    if (!IsPattern(label) && IsPattern(score) && !hard) {
      resolved.multiclass.push_back(
          ExpandClasses(columns, label, score, header, file));
      continue;
    }
    if (IsPattern(label) != IsPattern(score)) {
      throw Error(ErrorCode::kUsage,
                  "--label {} and {} {} belong together: either both are "
                  "patterns with a * or neither is",
                  label, option, score);
    }
    if (IsPattern(label)) {
      ExpandPair(label, score, header, file, &resolved.targets);
    } else {
      RequireColumn(score, header, file);
      resolved.targets.push_back({label, label, label, score});
    }
  }
  if (!resolved.targets.empty() && !resolved.multiclass.empty()) {
    throw Error(ErrorCode::kUsage,
                "--score names patterns of classes ({}) and single columns "
                "({}); audit them in two runs",
                resolved.multiclass[0].pattern, resolved.targets[0].score);
  }
  NameModels(&resolved.targets);
  return resolved;
}

}  // namespace plumbline
