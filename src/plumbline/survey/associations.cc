// C1: which columns go together.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>

#include "plumbline/base/progress.h"
#include "plumbline/base/text.h"
#include "plumbline/base/thread_pool.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

constexpr size_t kMostColumns = 60;
// A label that goes with the acquisition this much is worth a sentence.
constexpr double kShortcut = 0.1;
constexpr double kShortcutAlarm = 0.3;

enum class ColumnOf { kAttribute, kLabel, kAcquisition, kPixels };

struct Column {
  std::string name;
  std::vector<int32_t> codes;  // of the sampled rows
  int levels = 0;
  ColumnOf kind = ColumnOf::kAttribute;
};

std::vector<Column> Columns(const Context& context) {
  std::vector<Column> columns;
  const Cohort& cohort = context.cohort();
  const std::vector<int64_t>& sample = context.input.sample;
  for (const CohortAttribute& attribute : cohort.attributes) {
    Column column{
        attribute.name, {}, static_cast<int>(attribute.levels.size())};
    for (const int64_t row : sample) {
      const int32_t code = attribute.codes[row];
      column.codes.push_back(attribute.IsGroup(code) ? code : -1);
    }
    columns.push_back(std::move(column));
  }
  for (const CohortLabel& label : cohort.labels) {
    Column column{label.name, {}, 2, ColumnOf::kLabel};
    for (const int64_t row : sample) {
      column.codes.push_back(label.values[row] < 0 ? -1 : label.values[row]);
    }
    columns.push_back(std::move(column));
  }
  for (const Factor& factor : context.input.factors) {
    const bool is_pixels = std::strcmp(factor.source, "pixels") == 0;
    Column column{factor.name,
                  {},
                  static_cast<int>(factor.levels.size()),
                  is_pixels ? ColumnOf::kPixels : ColumnOf::kAcquisition};
    for (const int64_t row : sample) column.codes.push_back(factor.codes[row]);
    columns.push_back(std::move(column));
  }
  if (columns.size() > kMostColumns) columns.resize(kMostColumns);
  return columns;
}

// One family for each pair of kinds: attributes with labels, labels with the
// acquisition, ...
void AdjustByKind(const std::vector<Column>& columns,
                  const std::vector<std::pair<size_t, size_t>>& pairs,
                  std::vector<AssociationRow>* rows) {
  std::map<std::pair<ColumnOf, ColumnOf>, std::vector<size_t>> families;
  for (size_t i = 0; i < pairs.size(); ++i) {
    families[{columns[pairs[i].first].kind, columns[pairs[i].second].kind}]
        .push_back(i);
  }
  for (const auto& [kinds, members] : families) {
    std::vector<double> p;
    for (const size_t i : members) {
      const AssociationRow& row = (*rows)[i];
      const Association& a = row.association;
      p.push_back(a.rows < 2 || a.columns < 2 ? kNaN : row.p);
    }
    const std::vector<double> adjusted = BenjaminiYekutieli(p);
    for (size_t k = 0; k < members.size(); ++k) {
      (*rows)[members[k]].p_adjusted = adjusted[k];
    }
  }
}

// Labels that can be guessed from how an image was made: one finding for each
// column that tells some, about the one that it tells best.
void FindShortcuts(Context* context,
                   const std::vector<const AssociationRow*>& of_acquisition) {
  std::map<std::string, std::vector<const AssociationRow*>> by_column;
  for (const AssociationRow* row : of_acquisition) {
    if (row->association.corrected_v.value >= kShortcut &&
        row->p_adjusted < context->options.alpha) {
      by_column[row->y].push_back(row);
    }
  }
  for (auto& [column, labels] : by_column) {
    std::stable_sort(labels.begin(), labels.end(),
                     [](const AssociationRow* a, const AssociationRow* b) {
                       return a->association.corrected_v.value >
                              b->association.corrected_v.value;
                     });
    const AssociationRow& best = *labels[0];
    Estimate effect = FromInterval(best.association.corrected_v,
                                   "bias_corrected_v_bootstrap");
    effect.n = effect.subjects = best.association.n;
    effect.p = best.p;
    effect.p_adjusted = best.p_adjusted;
    std::vector<std::string> names;
    for (size_t i = 0; i < std::min<size_t>(3, labels.size()); ++i) {
      names.push_back(labels[i]->x);
    }
    if (labels.size() > names.size()) {
      names.push_back(
          fmt::format("{} more labels", labels.size() - names.size()));
    }
    AddFinding(
        context,
        {.code = "SV301",
         .chapter = 3,
         .severity =
             Grade(*context, effect.value, kShortcutAlarm, best.p_adjusted, 1),
         .text = fmt::format(
             "{} {} with {}: a model can guess {} from how the image was "
             "made.",
             JoinWords(names), labels.size() > 1 ? "go" : "goes", column,
             labels.size() > 1 ? "them" : "it"),
         .action = fmt::format(
             "Report a model's results within each {0}, or balance {0} in "
             "training; a result on the mix says little about the disease.",
             column),
         .effect = effect,
         .measure = "cramers_v",
         .label = best.x,
         .covariate = column});
  }
}

}  // namespace

void CheckAssociations(Context* context) {
  const std::vector<Column> columns = Columns(*context);
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t i = 0; i < columns.size(); ++i) {
    for (size_t j = i + 1; j < columns.size(); ++j) pairs.emplace_back(i, j);
  }
  std::vector<AssociationRow>& rows = context->result->associations;
  rows.resize(pairs.size());
  Progress progress("associations", static_cast<int64_t>(pairs.size()),
                    "pairs");
  ParallelFor(static_cast<int64_t>(pairs.size()), context->options.threads,
              [&](int64_t i) {
                const Column& x = columns[pairs[i].first];
                const Column& y = columns[pairs[i].second];
                const ContingencyTable table =
                    CountPairs(x.codes, x.levels, y.codes, y.levels);
                const bool is_large = SmallestExpected(table) >= kLeastExpected;
                rows[i].x = x.name;
                rows[i].y = y.name;
                // Many draws only where the closed form cannot be trusted, and
                // there the tables are small.
                rows[i].association = Associate(
                    table,
                    {.permutations =
                         is_large ? std::min(199, context->options.permutations)
                                  : context->options.permutations,
                     .replicates = 200,
                     .level = context->options.level,
                     .seed = context->options.seed,
                     .stream = static_cast<uint64_t>(i)});
                rows[i].p = is_large ? rows[i].association.p_chi_squared
                                     : rows[i].association.p;
                progress.Advance(1);
              });
  AdjustByKind(columns, pairs, &rows);
  std::vector<const AssociationRow*> of_acquisition;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (columns[pairs[i].first].kind == ColumnOf::kLabel &&
        columns[pairs[i].second].kind == ColumnOf::kAcquisition) {
      of_acquisition.push_back(&rows[i]);
    }
  }
  FindShortcuts(context, of_acquisition);
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.association.corrected_v.value > b.association.corrected_v.value;
  });
}

}  // namespace plumbline::survey
