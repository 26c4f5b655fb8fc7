// Tables with known truth for the tests of the audit.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "plumbline/audit/input.h"
#include "plumbline/base/random.h"
#include "plumbline/table/groups.h"

namespace plumbline {

struct SyntheticOptions {
  int64_t rows = 500;
  int rows_per_subject = 1;  // above 1: subjects share a random effect
  double subject_sd = 0.0;   // of that effect, on the logit of the score
  std::vector<int> levels = {2, 3};  // of the attributes "a", "b", ...
  double prevalence = 0.3;
  double signal = 1.5;  // shift of the positives' score, in logits
  // Added to the logit of positives in level 0 of the first attribute.
  double planted = 0.0;
  int score_steps = 0;  // above 0: scores are rounded, so that they tie
  double missing_attribute = 0.0;  // share of rows without attribute "a"
  // Attributes belong to the subject (true) or to the row.
  bool attributes_by_subject = true;
  uint64_t seed = 1;
};

inline AuditInput SyntheticInput(const SyntheticOptions& options) {
  RandomStream random(options.seed, "synthetic");
  AuditInput input;
  input.rows = options.rows;
  AuditTarget target;
  target.name = "finding";
  target.label_column = "y";
  target.score_column = "score";
  const size_t attributes = options.levels.size();
  std::vector<std::vector<uint32_t>> codes(attributes);
  std::vector<uint32_t> level(attributes, 0);
  double effect = 0;
  for (int64_t row = 0; row < options.rows; ++row) {
    const bool new_subject = row % options.rows_per_subject == 0;
    if (new_subject) effect = options.subject_sd * random.NextNormal();
    for (size_t a = 0; a < attributes; ++a) {
      if (new_subject || !options.attributes_by_subject) {
        level[a] = static_cast<uint32_t>(random.NextBelow(options.levels[a]));
        if (a == 0 && random.NextUniform() < options.missing_attribute) {
          level[a] = kMissingCode;
        }
      }
      codes[a].push_back(level[a]);
    }
    const bool positive = random.NextUniform() < options.prevalence;
    double logit =
        -1 + (positive ? options.signal : 0) + effect + random.NextNormal();
    if (positive && level[0] == 0) logit += options.planted;
    double score = 1 / (1 + std::exp(-logit));
    if (options.score_steps > 0) {
      score = std::round(score * options.score_steps) / options.score_steps;
    }
    target.labels.push_back(positive ? 1 : 0);
    target.scores.push_back(score);
    if (options.rows_per_subject > 1) {
      input.subjects.push_back(
          static_cast<uint32_t>(row / options.rows_per_subject));
    }
  }
  if (!input.subjects.empty()) {
    input.subject_count = input.subjects.back() + 1;
  }
  std::vector<CategoricalColumn> columns(attributes);
  for (size_t a = 0; a < attributes; ++a) {
    columns[a].name = std::string(1, static_cast<char>('a' + a));
    for (int l = 0; l < options.levels[a]; ++l) {
      columns[a].levels.push_back(columns[a].name + std::to_string(l));
      columns[a].first_row.push_back(0);
    }
    for (const uint32_t code : codes[a]) {
      columns[a].missing += code == kMissingCode;
    }
    columns[a].codes =
        CodeVector::Pack(codes[a], static_cast<uint32_t>(options.levels[a]));
  }
  input.targets.push_back(std::move(target));
  input.groups =
      BuildGroups(std::move(columns), std::vector<bool>(attributes, false), 2);
  return input;
}

// The ranked rows of one group, for comparison with the functions of stats/.
struct GroupRows {
  std::vector<double> scores;
  std::vector<uint8_t> labels;
  std::vector<uint32_t> clusters;  // subject, or the row's number
};

inline GroupRows RowsOfGroup(const AuditInput& input, int group) {
  GroupRows rows;
  const int grouping = input.groups.groups[group].grouping;
  const AuditTarget& target = input.targets[0];
  for (int64_t row = 0; row < input.rows; ++row) {
    const uint32_t cell = input.groups.cell_of_row[row];
    if (input.groups.GroupOf(cell, grouping) != static_cast<uint32_t>(group)) {
      continue;
    }
    rows.scores.push_back(target.scores[row]);
    rows.labels.push_back(static_cast<uint8_t>(target.labels[row]));
    rows.clusters.push_back(input.subjects.empty() ? static_cast<uint32_t>(row)
                                                   : input.subjects[row]);
  }
  return rows;
}

}  // namespace plumbline
