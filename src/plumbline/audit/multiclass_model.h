// A model that tells several classes apart, as an audit reads it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace plumbline {

inline constexpr int32_t kNoClass = -1;

struct MulticlassModel {
  std::string name;          // "dx", or "dx by p_*" beside other models
  std::string label_column;  // "dx"
  std::string model;         // the pattern "p_*" or the column of decisions
  std::vector<std::string> classes;
  std::vector<std::string> score_columns;  // one a class; empty: decisions
  bool logit = false;                      // scores were log-odds
  std::vector<int32_t> labels;     // a row: index into classes, or kNoClass
  std::vector<int32_t> decisions;  // the same; empty where there are scores
  // The one-vs-rest target of each class (index into AuditInput::targets), -1
  // for a class without any labelled row.
  std::vector<int> targets;
  // Scores of the classes whose target is -1, else empty.
  std::vector<std::vector<double>> other_scores;

  bool hard() const { return score_columns.empty(); }
};

}  // namespace plumbline
