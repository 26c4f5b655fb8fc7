#include "plumbline/audit/compare/compare_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/audit/compare/row_match.h"
#include "plumbline/base/error.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();

// The challenger gives labels and scores and nothing else.
AuditColumns ChallengerColumns(const CompareColumns& columns) {
  AuditColumns challenger = columns.common;
  challenger.scores = columns.challenger_scores;
  challenger.subject.clear();
  challenger.by.clear();
  challenger.bins.clear();
  challenger.tune_on_column.clear();
  return challenger;
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void AddRequest(const ColumnRequest& request,
                std::vector<ColumnRequest>* requests) {
  for (const ColumnRequest& other : *requests) {
    if (other.name == request.name && other.kind == request.kind) return;
  }
  requests->push_back(request);
}

bool IsBinned(const CompareColumns& columns, const std::string& attribute) {
  return std::any_of(
      columns.common.bins.begin(), columns.common.bins.end(),
      [&](const BinRule& rule) { return rule.column == attribute; });
}

void RequestIds(const CompareColumns& columns,
                const std::vector<std::string>& header, const std::string& file,
                std::vector<ColumnRequest>* requests) {
  for (const std::string& id : columns.row_id) {
    if (!Contains(header, id)) ThrowNoSuchColumn(file, id, header);
    AddRequest({id, ColumnKind::kCategorical}, requests);
  }
}

void RefuseSharedScores(const std::vector<ColumnRequest>& baseline,
                        const std::vector<ColumnRequest>& challenger) {
  for (const ColumnRequest& request : challenger) {
    if (request.kind != ColumnKind::kNumeric) continue;
    for (const ColumnRequest& other : baseline) {
      if (other.name == request.name && other.kind == request.kind) {
        throw Error(ErrorCode::kUsage,
                    "column \"{}\" is given as the score of both models; "
                    "there is nothing to compare",
                    request.name);
      }
    }
  }
}

// A table with the challenger's columns of the table of both models.
Table TakeChallenger(const std::vector<ColumnRequest>& requests, Table* table) {
  Table challenger;
  challenger.set_header(table->header());
  challenger.set_rows(table->rows());
  challenger.set_sources(table->sources());
  for (const ColumnRequest& request : requests) {
    if (request.kind == ColumnKind::kNumeric) {
      challenger.Add(table->TakeNumeric(request.name));
    } else {
      challenger.Add(table->Categorical(request.name));
    }
  }
  return challenger;
}

// "1 row", "3 rows".
std::string CountedRows(int64_t count) {
  return WithThousands(count) + (count == 1 ? " row" : " rows");
}

// "1 row is", "3 rows are".
std::string Rows(int64_t count, const char* one, const char* many) {
  return CountedRows(count) + ' ' + (count == 1 ? one : many);
}

// Puts baseline and challenger of each target side by side.
CompareInput Join(AuditInput baseline, AuditInput challenger) {
  CompareInput input;
  std::vector<AuditTarget> targets;
  for (size_t t = 0; t < baseline.targets.size(); ++t) {
    targets.push_back(std::move(baseline.targets[t]));
    targets.push_back(std::move(challenger.targets[t]));
    targets.back().name = targets[2 * t].name;
  }
  baseline.targets = std::move(targets);
  input.rows = std::move(baseline);
  input.one_score.assign(input.targets(), 0);
  return input;
}

void RequireSameTargets(const AuditInput& baseline,
                        const AuditInput& challenger) {
  if (baseline.targets.size() == challenger.targets.size()) return;
  throw Error(ErrorCode::kUsage,
              "the first model has {} targets and the second {}; give a score "
              "of each model for every label",
              baseline.targets.size(), challenger.targets.size());
}

// Where a row of the input stands.
std::string Place(const AuditInput& input, int64_t row) {
  Table table;
  table.set_rows(input.rows);
  table.set_sources(input.sources);
  return ToString(table.Where(row, ""));
}

int64_t RowsWithBoth(const AuditTarget& a, const AuditTarget& b) {
  int64_t both = 0;
  for (size_t row = 0; row < a.scores.size(); ++row) {
    both += a.labels[row] != kMissingLabel && !std::isnan(a.scores[row]) &&
            !std::isnan(b.scores[row]);
  }
  return both;
}

// Rows with the score of one model only are refused or left out.
void LeaveOutHalfScored(bool common_rows, CompareInput* input,
                        std::vector<uint8_t>* left_out) {
  for (int t = 0; t < input->targets(); ++t) {
    AuditTarget& a = input->rows.targets[2 * t + kBaseline];
    AuditTarget& b = input->rows.targets[2 * t + kChallenger];
    int64_t first = -1;
    for (int64_t row = 0; row < input->rows.rows; ++row) {
      if (a.labels[row] == kMissingLabel ||
          std::isnan(a.scores[row]) == std::isnan(b.scores[row])) {
        continue;
      }
      if (input->one_score[t]++ == 0) first = row;
      if (!common_rows) continue;
      (*left_out)[row] = 1;
      a.scores[row] = b.scores[row] = kNan;
    }
    if (first < 0 || common_rows) continue;
    const bool lacks_a = std::isnan(a.scores[first]);
    throw Error(ErrorCode::kInvalidInput,
                "target {}: {} the score of one model only (first: {}, where "
                "\"{}\" of the {} model is missing). Give both models the "
                "same rows, or add --common-rows to compare them on the {} "
                "that both have scored",
                a.name, Rows(input->one_score[t], "has", "have"),
                Place(input->rows, first),
                lacks_a ? a.score_column : b.score_column,
                lacks_a ? "first" : "second", CountedRows(RowsWithBoth(a, b)));
  }
}

void CountByGroup(const std::vector<uint8_t>& left_out, CompareInput* input) {
  const GroupIndex& groups = input->rows.groups;
  input->left_out_of_group.assign(groups.groups.size(), 0);
  std::vector<int64_t> of_cell(groups.cells, 0);
  for (size_t row = 0; row < left_out.size(); ++row) {
    of_cell[groups.cell_of_row[row]] += left_out[row];
  }
  for (int64_t cell = 0; cell < groups.cells; ++cell) {
    for (size_t g = 0; g < groups.groupings.size(); ++g) {
      input->left_out_of_group[groups.GroupOf(
          static_cast<uint32_t>(cell), static_cast<int>(g))] += of_cell[cell];
    }
  }
}

// --- Two tables --------------------------------------------------------------

// What two tables say of the same rows.
class Agreement {
 public:
  Agreement(const Table& a, const Table& b, const RowMatch& match,
            const CompareColumns& columns)
      : a_(a), b_(b), match_(match), columns_(columns), differs_(a.rows(), 0) {}

  // Labels are compared by what they mean ("1" is "true"), so after reading.
  void AddLabels(const AuditInput& a, const AuditInput& b) {
    for (size_t t = 0; t < a.targets.size(); ++t) {
      Add(a.targets[t].label_column, [&](int64_t row, uint32_t partner) {
        return a.targets[t].labels[row] == b.targets[t].labels[partner];
      });
    }
  }

  void AddAttributesAndSubject() {
    for (const std::string& name : columns_.common.by) {
      if (!Contains(b_.header(), name)) continue;
      if (IsBinned(columns_, name)) {
        AddNumbers(name);
      } else {
        AddWords(name);
      }
    }
    const std::string& subject = columns_.common.subject;
    if (!subject.empty() && Contains(b_.header(), subject)) AddWords(subject);
  }

  int64_t count() const { return count_; }
  const std::vector<uint8_t>& differs() const { return differs_; }

  // "3 rows differ in what both tables say of them (first: ...)", or "".
  std::string Sentence() const {
    if (count_ == 0) return "";
    return fmt::format("{} in what both tables say of {} (first: {}, {})",
                       Rows(count_, "differs", "differ"),
                       count_ == 1 ? "it" : "them",
                       ToString(a_.Where(first_, first_column_)),
                       RowId(a_, columns_.row_id, first_));
  }

 private:
  template <typename Agrees>
  void Add(const std::string& column, const Agrees& agrees) {
    for (int64_t row = 0; row < a_.rows(); ++row) {
      const uint32_t partner = match_.partner[row];
      if (partner == kNoRow || differs_[row] || agrees(row, partner)) continue;
      differs_[row] = 1;
      if (count_++ == 0) {
        first_ = row;
        first_column_ = column;
      }
    }
  }

  void AddWords(const std::string& name) {
    const CategoricalColumn& a = a_.Categorical(name);
    const CategoricalColumn& b = b_.Categorical(name);
    Add(name, [&](int64_t row, uint32_t partner) {
      const uint32_t code_a = a.codes[row];
      const uint32_t code_b = b.codes[partner];
      if (code_a == kMissingCode || code_b == kMissingCode) {
        return code_a == code_b;
      }
      return a.levels[code_a] == b.levels[code_b];
    });
  }

  void AddNumbers(const std::string& name) {
    const NumericColumn& a = a_.Numeric(name);
    const NumericColumn& b = b_.Numeric(name);
    Add(name, [&](int64_t row, uint32_t partner) {
      const double x = a.values[row];
      const double y = b.values[partner];
      return x == y || (std::isnan(x) && std::isnan(y));
    });
  }

  const Table& a_;
  const Table& b_;
  const RowMatch& match_;
  const CompareColumns& columns_;
  std::vector<uint8_t> differs_;
  int64_t count_ = 0;
  int64_t first_ = -1;
  std::string first_column_;
};

// The challenger's labels and scores in the order of the baseline's rows.
void Reorder(const RowMatch& match, AuditInput* challenger) {
  for (AuditTarget& target : challenger->targets) {
    std::vector<double> scores(match.partner.size(), kNan);
    for (size_t row = 0; row < scores.size(); ++row) {
      if (match.partner[row] != kNoRow) {
        scores[row] = target.scores[match.partner[row]];
      }
    }
    target.scores = std::move(scores);
  }
}

void RequireSameRows(const Table& a, const Table& b, const RowMatch& match,
                     const Agreement& agreement,
                     const CompareColumns& columns) {
  std::vector<std::string> problems;
  const std::string& file_a = a.sources().front().file;
  const std::string& file_b = b.sources().front().file;
  if (match.only_first > 0) {
    problems.push_back(
        fmt::format("{} only in {} (first: row {}, {})",
                    Rows(match.only_first, "is", "are"), file_a,
                    a.Where(match.first_only_first, "").row,
                    RowId(a, columns.row_id, match.first_only_first)));
  }
  if (match.only_second > 0) {
    problems.push_back(
        fmt::format("{} only in {} (first: row {}, {})",
                    Rows(match.only_second, "is", "are"), file_b,
                    b.Where(match.first_only_second, "").row,
                    RowId(b, columns.row_id, match.first_only_second)));
  }
  if (agreement.count() > 0) problems.push_back(agreement.Sentence());
  if (problems.empty()) return;
  throw Error(ErrorCode::kInvalidInput,
              "{} and {} do not hold the same rows: {}. Give both models the "
              "same rows, or add --common-rows to compare them on the {} "
              "that both have and that agree",
              file_a, file_b, fmt::join(problems, "; "),
              CountedRows(match.matched - agreement.count()));
}

}  // namespace

std::vector<ColumnRequest> RequestedColumns(
    const CompareColumns& columns, CompareTable which,
    const std::vector<std::string>& header, const std::string& file) {
  const AuditColumns challenger = ChallengerColumns(columns);
  if (which == CompareTable::kChallenger) {
    auto requests = RequestedColumns(challenger, header, file);
    RequestIds(columns, header, file, &requests);
    std::vector<std::string> shared = columns.common.by;
    if (!columns.common.subject.empty()) {
      shared.push_back(columns.common.subject);
    }
    for (const std::string& name : shared) {
      if (!Contains(header, name)) continue;
      AddRequest({name, IsBinned(columns, name) ? ColumnKind::kNumeric
                                                : ColumnKind::kCategorical},
                 &requests);
    }
    return requests;
  }
  auto requests = RequestedColumns(columns.common, header, file);
  if (which == CompareTable::kBaseline) {
    RequestIds(columns, header, file, &requests);
    return requests;
  }
  const auto of_challenger = RequestedColumns(challenger, header, file);
  RefuseSharedScores(requests, of_challenger);
  for (const ColumnRequest& request : of_challenger) {
    AddRequest(request, &requests);
  }
  return requests;
}

CompareInput MakeCompareInput(Table table, const CompareColumns& columns) {
  const std::string file =
      table.sources().empty() ? "the table" : table.sources().front().file;
  const AuditColumns challenger_columns = ChallengerColumns(columns);
  const auto requests =
      RequestedColumns(challenger_columns, table.header(), file);
  Table challenger = TakeChallenger(requests, &table);
  AuditInput b = MakeAuditInput(std::move(challenger), challenger_columns);
  AuditInput a = MakeAuditInput(std::move(table), columns.common);
  RequireSameTargets(a, b);
  CompareInput input = Join(std::move(a), std::move(b));
  std::vector<uint8_t> left_out(input.rows.rows, 0);
  LeaveOutHalfScored(columns.common_rows, &input, &left_out);
  CountByGroup(left_out, &input);
  return input;
}

CompareInput MakeCompareInput(Table baseline, Table challenger,
                              const CompareColumns& columns) {
  const RowMatch match = MatchRows(baseline, challenger, columns.row_id);
  Agreement agreement(baseline, challenger, match, columns);
  agreement.AddAttributesAndSubject();
  // The tables are needed for messages after their columns have been read.
  AuditInput a = MakeAuditInput(baseline, columns.common);
  AuditInput b = MakeAuditInput(challenger, ChallengerColumns(columns));
  RequireSameTargets(a, b);
  agreement.AddLabels(a, b);
  if (!columns.common_rows) {
    RequireSameRows(baseline, challenger, match, agreement, columns);
  }
  Reorder(match, &b);
  for (size_t t = 0; t < b.targets.size(); ++t) {
    b.targets[t].labels = a.targets[t].labels;
  }
  const std::vector<TableSource> sources = b.sources;
  CompareInput input = Join(std::move(a), std::move(b));
  input.only_in_baseline = match.only_first;
  input.only_in_challenger = match.only_second;
  input.differing = agreement.count();
  std::vector<uint8_t> left_out = agreement.differs();
  for (size_t row = 0; row < left_out.size(); ++row) {
    if (match.partner[row] == kNoRow) left_out[row] = 1;
    if (!left_out[row]) continue;
    for (AuditTarget& target : input.rows.targets) target.scores[row] = kNan;
  }
  LeaveOutHalfScored(columns.common_rows, &input, &left_out);
  CountByGroup(left_out, &input);
  input.rows.sources.insert(input.rows.sources.end(), sources.begin(),
                            sources.end());
  return input;
}

}  // namespace plumbline
