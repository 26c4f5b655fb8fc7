#include "plumbline/audit/share_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <map>
#include <numeric>
#include <set>

#include "plumbline/stats/suppression.h"

namespace plumbline {
namespace {

// What a row is to a target. Missing and tuning rows, and those of weight 0,
// are not audited.
enum Category {
  kTruePositive,
  kFalseNegative,
  kFalsePositive,
  kTrueNegative,
  kMissingRow,
  kLeftOutRow,
  kCategories
};

// Counted of each group; the categories themselves come first.
enum Quantity {
  kAudited = kCategories,
  kPositive,
  kNegative,
  kNotAudited,
  kAnyRow,
  kQuantities
};

// A person with more rows than this stays where they are in all witnesses.
constexpr int kMostMovableRows = 4;

// The numbers of positives and negatives with each of so few scores could be
// solved for from the dozen figures that are made of them.
constexpr size_t kFewScores = 20;

struct GroupCounts {
  std::array<int64_t, kQuantities> people{};
  std::array<int64_t, kQuantities> rows{};
};

using Profile = std::array<int8_t, kCategories>;

int Sum(const Profile& profile) {
  return std::accumulate(profile.begin(), profile.end(), 0);
}
// A target's rows as categories: counted by group, gathered by person, and as
// they are in each cell.
struct TargetCounts {
  std::vector<GroupCounts> groups;
  MovablePeople movable;
  MovablePeople rows;
};

Category CategoryOf(const AuditInput& input, const AuditTarget& target,
                    double threshold, int64_t row) {
  if (!IsAudited(input, row)) return kLeftOutRow;
  if (target.labels[row] == kMissingLabel || std::isnan(target.scores[row])) {
    return kMissingRow;
  }
  const bool flagged = target.scores[row] >= threshold;
  if (target.labels[row] == 1) return flagged ? kTruePositive : kFalseNegative;
  return flagged ? kFalsePositive : kTrueNegative;
}

std::vector<Quantity> QuantitiesOf(Category category) {
  const auto own = static_cast<Quantity>(category);
  switch (category) {
    case kTruePositive:
    case kFalseNegative:
      return {own, kAudited, kPositive, kAnyRow};
    case kFalsePositive:
    case kTrueNegative:
      return {own, kAudited, kNegative, kAnyRow};
    default:
      return {own, kNotAudited, kAnyRow};
  }
}

// Rows in the order of their subjects, and where each subject begins.
struct RowsBySubject {
  std::vector<int64_t> rows;
  std::vector<int64_t> begins;

  explicit RowsBySubject(const AuditInput& input) : rows(input.rows) {
    std::iota(rows.begin(), rows.end(), int64_t{0});
    if (!input.subjects.empty()) {
      std::stable_sort(rows.begin(), rows.end(), [&](int64_t a, int64_t b) {
        return input.subjects[a] < input.subjects[b];
      });
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      if (i == 0 || input.subjects.empty() ||
          input.subjects[rows[i]] != input.subjects[rows[i - 1]]) {
        begins.push_back(static_cast<int64_t>(i));
      }
    }
    begins.push_back(static_cast<int64_t>(rows.size()));
  }
};

class Counter {
 public:
  Counter(const AuditInput& input, const RowsBySubject& order)
      : input_(input), order_(order) {}

  TargetCounts Count(const AuditTarget& target, double threshold) const {
    TargetCounts counts;
    counts.groups.resize(input_.groups.groups.size());
    counts.rows = {kMissingRow,
                   std::vector<int64_t>(
                       static_cast<size_t>(input_.groups.cells) * kMissingRow),
                   std::vector<int>(kMissingRow, 1)};
    std::map<Profile, int> kind_of;
    std::vector<std::pair<uint32_t, int>> movable;  // cell, kind
    std::vector<std::pair<int, Quantity>> seen;     // group, quantity
    for (size_t s = 0; s + 1 < order_.begins.size(); ++s) {
      seen.clear();
      Profile profile{};
      bool moves = true;
      const int64_t begin = order_.begins[s];
      const int64_t end = order_.begins[s + 1];
      const uint32_t cell = input_.groups.cell_of_row[order_.rows[begin]];
      for (int64_t i = begin; i < end; ++i) {
        const int64_t row = order_.rows[i];
        const Category category = CategoryOf(input_, target, threshold, row);
        moves = moves && input_.groups.cell_of_row[row] == cell &&
                category < kMissingRow && i - begin < kMostMovableRows;
        if (moves) ++profile[category];
        CountRow(row, category, &counts, &seen);
      }
      std::sort(seen.begin(), seen.end());
      seen.erase(std::unique(seen.begin(), seen.end()), seen.end());
      for (const auto& [group, quantity] : seen) {
        ++counts.groups[group].people[quantity];
      }
      if (!moves) continue;
      const auto [at, is_new] =
          kind_of.try_emplace(profile, static_cast<int>(kind_of.size()));
      if (is_new) counts.movable.rows.push_back(Sum(profile));
      movable.emplace_back(cell, at->second);
    }
    counts.movable.kinds = std::max(1, static_cast<int>(kind_of.size()));
    counts.movable.count.assign(
        static_cast<size_t>(input_.groups.cells) * counts.movable.kinds, 0);
    for (const auto& [cell, kind] : movable) {
      ++counts.movable
            .count[static_cast<size_t>(cell) * counts.movable.kinds + kind];
    }
    counts.movable.rows.resize(counts.movable.kinds, 1);
    return counts;
  }

 private:
  void CountRow(int64_t row, Category category, TargetCounts* counts,
                std::vector<std::pair<int, Quantity>>* seen) const {
    const uint32_t cell = input_.groups.cell_of_row[row];
    const auto groupings = static_cast<int>(input_.groups.groupings.size());
    if (category < kMissingRow) {
      ++counts->rows.count[static_cast<size_t>(cell) * kMissingRow + category];
    }
    for (const Quantity quantity : QuantitiesOf(category)) {
      for (int k = 0; k < groupings; ++k) {
        const auto group = static_cast<int>(input_.groups.GroupOf(cell, k));
        ++counts->groups[group].rows[quantity];
        seen->emplace_back(group, quantity);
      }
    }
  }

  const AuditInput& input_;
  const RowsBySubject& order_;
};

Lattice LatticeOf(const GroupIndex& index) {
  Lattice lattice;
  for (const Grouping& grouping : index.groupings) {
    lattice.groupings.push_back(grouping.attributes);
  }
  for (const Group& group : index.groups) {
    lattice.groups.push_back({group.grouping, group.levels});
  }
  // The level of every attribute, from the groups of single attributes.
  for (int64_t cell = 0; cell < index.cells; ++cell) {
    std::vector<uint32_t> levels(index.attributes.size(), 0);
    for (size_t k = 0; k < index.groupings.size(); ++k) {
      const Grouping& grouping = index.groupings[k];
      if (grouping.attributes.size() != 1) continue;
      const uint32_t group =
          index.GroupOf(static_cast<uint32_t>(cell), static_cast<int>(k));
      levels[grouping.attributes[0]] = index.groups[group].levels[0];
    }
    lattice.cells.push_back(std::move(levels));
  }
  return lattice;
}

class Planner {
 public:
  Planner(const AuditInput& input, const AuditResult& result,
          const ShareOptions& options)
      : input_(input), result_(result), lattice_(LatticeOf(input.groups)) {
    plan_.minimum = options.minimum;
    plan_.groups = static_cast<int64_t>(input.groups.groups.size());
  }

  SharePlan Run() {
    const RowsBySubject order(input_);
    const Counter counter(input_, order);
    for (size_t t = 0; t < input_.targets.size(); ++t) {
      counts_.push_back(
          counter.Count(input_.targets[t], result_.targets[t].threshold.value));
    }
    plan_.hidden.assign(counts_.size(),
                        std::vector<std::vector<uint8_t>>(kShareLayers));
    People();
    Labels();
    for (size_t t = 0; t < counts_.size(); ++t) Rates(t);
    Classes(order);
    Totals();
    return std::move(plan_);
  }

 private:
  bool IsSmall(int64_t count) const {
    return count > 0 && count < plan_.minimum;
  }

  std::vector<uint8_t>& Hidden(size_t target, ShareLayer layer) {
    return plan_.hidden[target][static_cast<int>(layer)];
  }

  SuppressionLayer LayerOf(size_t target, ShareLayer above) {
    SuppressionLayer layer;
    layer.tables = {&counts_[target].rows};
    layer.hidden = Hidden(target, above);
    layer.width = plan_.minimum;
    for (const GroupCounts& group : counts_[target].groups) {
      layer.people.push_back(group.people[kAudited]);
      layer.sensitive.push_back(0);
    }
    return layer;
  }

  // The same for all targets: they have the same rows, or nearly so.
  void People() {
    SuppressionLayer layer;
    layer.width = plan_.minimum;
    for (const TargetCounts& target : counts_) {
      layer.tables.push_back(&target.movable);
    }
    for (size_t g = 0; g < lattice_.groups.size(); ++g) {
      layer.people.push_back(counts_[0].groups[g].people[kAnyRow]);
      bool small = IsSmall(layer.people.back());
      for (const TargetCounts& target : counts_) {
        small = small || IsSmall(target.groups[g].people[kAudited]);
      }
      layer.sensitive.push_back(small);
    }
    const Suppression suppression = Suppress(lattice_, layer);
    plan_.fell_back = suppression.fell_back;
    for (size_t t = 0; t < counts_.size(); ++t) {
      Hidden(t, ShareLayer::kPeople) = suppression.hidden;
      if (IsNearlyAnEarlierTarget(t)) {
        auto& hidden = Hidden(t, ShareLayer::kPeople);
        std::fill(hidden.begin(), hidden.end(), 1);
        plan_.fell_back = true;
      }
    }
  }

  // The few rows by which two targets differ would be the difference of what is
  // shown of both.
  bool IsNearlyAnEarlierTarget(size_t target) const {
    for (size_t other = 0; other < target; ++other) {
      for (size_t g = 0; g < lattice_.groups.size(); ++g) {
        if (IsSmall(std::abs(counts_[target].groups[g].rows[kAudited] -
                             counts_[other].groups[g].rows[kAudited]))) {
          return true;
        }
      }
    }
    return false;
  }

  // Several scores of one label have the same positives, so what is hidden for
  // one is hidden for all.
  void Labels() {
    std::map<std::string, std::vector<uint8_t>> of_label;
    for (size_t t = 0; t < counts_.size(); ++t) {
      SuppressionLayer layer = LayerOf(t, ShareLayer::kPeople);
      for (size_t g = 0; g < lattice_.groups.size(); ++g) {
        const auto& people = counts_[t].groups[g].people;
        // A group in which everybody has the finding tells it of everybody.
        layer.sensitive[g] = IsSmall(people[kPositive]) ||
                             IsSmall(people[kNegative]) ||
                             (people[kPositive] > 0 && people[kNegative] == 0);
        layer.whole.push_back(counts_[t].groups[g].rows[kAudited]);
      }
      // Who is flagged stays flagged.
      layer.exchanges = {{kTrueNegative, kFalseNegative},
                         {kFalsePositive, kTruePositive}};
      const std::vector<uint8_t> hidden = Apply(layer);
      auto& common = of_label[input_.targets[t].label_column];
      common.resize(hidden.size(), 0);
      for (size_t g = 0; g < hidden.size(); ++g) common[g] |= hidden[g];
    }
    for (size_t t = 0; t < counts_.size(); ++t) {
      Hidden(t, ShareLayer::kLabels) = of_label[input_.targets[t].label_column];
    }
  }

  void Rates(size_t target) {
    const auto rate = [&](ShareLayer which, Category wrong, Category right) {
      SuppressionLayer layer = LayerOf(target, ShareLayer::kLabels);
      for (size_t g = 0; g < lattice_.groups.size(); ++g) {
        const auto& people = counts_[target].groups[g].people;
        layer.sensitive[g] = IsSmall(people[wrong]) || IsSmall(people[right]);
        const auto& rows = counts_[target].groups[g].rows;
        layer.whole.push_back(rows[wrong] + rows[right]);
      }
      // Where the labels are hidden, too, they can have been others.
      const Category other =
          wrong == kFalseNegative ? kTrueNegative : kTruePositive;
      layer.exchanges = {{right, wrong}, {other, wrong, true}};
      Hidden(target, which) = Apply(layer);
    };
    rate(ShareLayer::kMisses, kFalseNegative, kTruePositive);
    rate(ShareLayer::kAlarms, kFalsePositive, kTrueNegative);
  }

  // One label's classes are hidden together: one of them is what the others
  // leave of everyone, and its misses are false alarms of the others.
  void Classes(const RowsBySubject& order) {
    std::map<std::string, std::vector<int>> of_label;
    std::map<std::string, bool> hides;
    for (const MulticlassModel& model : input_.multiclass) {
      for (const int t : model.targets) {
        if (t < 0) continue;
        of_label[model.label_column].push_back(t);
        hides[model.label_column] |= HidesAnything(t);
      }
      if (!hides[model.label_column]) {
        hides[model.label_column] = MistakesAreFew(model, order);
      }
    }
    for (const auto& [label, targets] : of_label) {
      if (!hides[label]) continue;
      plan_.hides_classes = true;
      for (const int t : targets) {
        for (const ShareLayer layer :
             {ShareLayer::kLabels, ShareLayer::kMisses, ShareLayer::kAlarms}) {
          auto& hidden = Hidden(t, layer);
          std::fill(hidden.begin(), hidden.end(), 1);
        }
      }
    }
  }

  bool HidesAnything(int target) const {
    const auto& layers = plan_.hidden[target];
    return std::any_of(layers.begin(), layers.end(), [](const auto& layer) {
      return std::find(layer.begin(), layer.end(), 1) != layer.end();
    });
  }

  // Whether somewhere few people of one class are taken for another. No such
  // count is shown, but it can be what is left of misses and false alarms.
  bool MistakesAreFew(const MulticlassModel& model,
                      const RowsBySubject& order) const {
    std::map<std::array<int, 3>, int64_t> people;  // group, class, taken for
    for (size_t s = 0; s + 1 < order.begins.size(); ++s) {
      std::set<std::array<int, 3>> of_subject;
      for (int64_t i = order.begins[s]; i < order.begins[s + 1]; ++i) {
        AddMistakes(model, order.rows[i], &of_subject);
      }
      for (const auto& mistake : of_subject) ++people[mistake];
    }
    return std::any_of(people.begin(), people.end(), [&](const auto& count) {
      return IsSmall(count.second);
    });
  }

  void AddMistakes(const MulticlassModel& model, int64_t row,
                   std::set<std::array<int, 3>>* mistakes) const {
    const uint32_t cell = input_.groups.cell_of_row[row];
    for (const int other : model.targets) {
      if (other < 0) continue;
      if (CategoryOf(input_, input_.targets[other],
                     result_.targets[other].threshold.value,
                     row) != kFalsePositive) {
        continue;
      }
      for (size_t k = 0; k < input_.groups.groupings.size(); ++k) {
        mistakes->insert(
            {static_cast<int>(input_.groups.GroupOf(cell, static_cast<int>(k))),
             model.labels[row], other});
      }
    }
  }

  std::vector<uint8_t> Apply(SuppressionLayer& layer) {
    Suppression suppression = Suppress(lattice_, layer);
    plan_.fell_back = plan_.fell_back || suppression.fell_back;
    return std::move(suppression.hidden);
  }

  bool HasFewScores(const AuditTarget& target) const {
    std::set<double> different;
    for (const double score : target.scores) {
      if (std::isnan(score)) continue;
      different.insert(score);
      if (different.size() > kFewScores) return false;
    }
    return true;
  }

  // What stands beside the groups.
  void Totals() {
    for (size_t t = 0; t < counts_.size(); ++t) {
      plan_.few_scores.push_back(HasFewScores(input_.targets[t]));
      const GroupCounts& everyone = counts_[t].groups[0];
      const TargetResult& target = result_.targets[t];
      plan_.shows_missing.push_back(!IsSmall(everyone.people[kMissingRow]) &&
                                    !IsSmall(everyone.people[kNotAudited]) &&
                                    !IsSmall(target.missing_labels) &&
                                    !IsSmall(target.missing_scores));
      plan_.shows_level_rows =
          plan_.shows_level_rows && plan_.shows_missing.back();
      for (size_t g = 0; g < lattice_.groups.size(); ++g) {
        const GroupCounts& group = counts_[t].groups[g];
        plan_.shows_level_rows = plan_.shows_level_rows &&
                                 !IsSmall(group.people[kNotAudited]) &&
                                 !IsSmall(group.people[kMissingRow]);
      }
    }
    for (const AttributeSummary& attribute : result_.attributes) {
      plan_.shows_subjects = plan_.shows_subjects &&
                             !IsSmall(attribute.subjects_in_several_groups);
    }
    plan_.shows_duplicates = !IsSmall(input_.duplicate_rows);
  }

  const AuditInput& input_;
  const AuditResult& result_;
  const Lattice lattice_;
  std::vector<TargetCounts> counts_;
  SharePlan plan_;
};

}  // namespace

int64_t SharePlan::CountHidden(ShareLayer layer) const {
  int64_t count = 0;
  for (const auto& of_target : hidden) {
    const auto& of_layer = of_target[static_cast<int>(layer)];
    count += std::count(of_layer.begin(), of_layer.end(), 1);
  }
  return count;
}

SharePlan PlanSharing(const AuditInput& input, const AuditResult& result,
                      const ShareOptions& options) {
  return Planner(input, result, options).Run();
}

}  // namespace plumbline
