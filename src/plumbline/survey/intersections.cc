// B1 to B4: which combinations of groups are there, what they can support, and
// where disadvantages meet.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "plumbline/base/text.h"
#include "plumbline/stats/multiple_testing.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/shrinkage.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

constexpr int kMostOrder = 3;
constexpr double kAssumedRate = 0.2;  // a false-negative rate
constexpr double kMissingRatio = 1.25;
constexpr double kUnderrepresented = 0.8;
constexpr double kQualityDifference = 0.1;
constexpr size_t kMostUncovered = 20;

// A combination: attribute and level pairs, attributes increasing.
using Combination = std::vector<std::pair<int, int32_t>>;

struct CellSums {
  int64_t subjects = 0, rows = 0, positive_rows = 0;
  int64_t missing_rows = 0;  // with any label missing
  double sharpness = 0, sharp_n = 0;
};

class Lattice {
 public:
  explicit Lattice(Context* context)
      : context_(*context), cohort_(context->cohort()) {
    const auto attributes = static_cast<int>(cohort_.attributes.size());
    for (uint32_t set = 1; set < (1u << std::min(attributes, 16)); ++set) {
      if (__builtin_popcount(set) <= kMostOrder) sets_.push_back(set);
    }
    for (const Factor& factor : context->input.factors) {
      if (factor.name == "sharpness") sharpness_ = &factor;
    }
  }

  void Fill(Intersections* out) {
    Count();
    out->order =
        std::min<int>(kMostOrder, static_cast<int>(cohort_.attributes.size()));
    FindEmpty(out);
    MakeCells(out);
    FlagDisadvantage(out);
    std::stable_sort(
        out->cells.begin(), out->cells.end(),
        [](const Cell& a, const Cell& b) { return a.subjects < b.subjects; });
  }

 private:
  void Count() {
    // First the combinations of all attributes, which are few; then each set's.
    std::map<std::vector<int32_t>, std::vector<int64_t>> full;
    std::vector<int32_t> key(cohort_.attributes.size());
    for (int64_t row = 0; row < cohort_.rows; ++row) {
      for (size_t a = 0; a < key.size(); ++a) {
        key[a] = cohort_.attributes[a].codes[row];
      }
      full[key].push_back(row);
    }
    FindMissing();
    last_cell_.assign(cohort_.subject_count, -1);
    for (const uint32_t set : sets_) {
      std::map<Combination, std::vector<const std::vector<int64_t>*>> parts;
      for (const auto& [levels, rows] : full) {
        Combination combination;
        bool known = true;
        for (size_t a = 0; a < levels.size(); ++a) {
          if (((set >> a) & 1) == 0) continue;
          known = known && cohort_.attributes[a].IsGroup(levels[a]);
          combination.emplace_back(static_cast<int>(a), levels[a]);
        }
        if (known) parts[combination].push_back(&rows);
      }
      for (const auto& [combination, of_cell] : parts) {
        CellSums& sums = cells_[combination];
        const auto cell = static_cast<int32_t>(cells_.size());
        for (const auto* rows : of_cell) AddRows(*rows, cell, &sums);
      }
    }
  }

  // Rows with any label missing.
  void FindMissing() {
    missing_.assign(cohort_.rows, 0);
    for (const CohortLabel& label : cohort_.labels) {
      for (int64_t row = 0; row < cohort_.rows; ++row) {
        missing_[row] |= static_cast<uint8_t>(label.values[row] < 0);
      }
    }
  }

  void AddRows(const std::vector<int64_t>& rows, int32_t cell, CellSums* sums) {
    for (const int64_t row : rows) {
      int32_t& last = last_cell_[cohort_.subjects[row]];
      sums->subjects += last != cell;
      last = cell;
      ++sums->rows;
      sums->positive_rows += !cohort_.labels.empty() &&
                             cohort_.labels[0].values[row] == kLabelPositive;
      sums->missing_rows += missing_[row];
      if (sharpness_ != nullptr && std::isfinite(sharpness_->numbers[row])) {
        const double x = sharpness_->numbers[row];
        sums->sharpness += x;
        sums->sharp_n += 1;
      }
    }
  }

  std::string NameOf(const Combination& combination) const {
    std::vector<std::string> parts;
    for (const auto& [a, level] : combination) {
      parts.push_back(GroupName(cohort_.attributes[a], level));
    }
    return JoinWords(parts, "and");
  }

  void FindEmpty(Intersections* out) {
    for (const uint32_t set : sets_) {
      std::vector<Combination> combinations(1);
      for (size_t a = 0; a < cohort_.attributes.size(); ++a) {
        if (((set >> a) & 1) == 0) continue;
        std::vector<Combination> longer;
        const CohortAttribute& attribute = cohort_.attributes[a];
        for (const Combination& c : combinations) {
          for (size_t l = 0; l < attribute.levels.size(); ++l) {
            if (!attribute.IsGroup(static_cast<int32_t>(l))) continue;
            longer.push_back(c);
            longer.back().emplace_back(static_cast<int>(a),
                                       static_cast<int32_t>(l));
          }
        }
        combinations = std::move(longer);
      }
      for (const Combination& c : combinations) {
        ++out->possible;
        if (cells_.contains(c)) continue;
        ++out->empty;
        if (out->uncovered.size() < kMostUncovered && IsSmallest(c)) {
          out->uncovered.push_back(NameOf(c));
        }
      }
    }
  }

  // No part of it is empty already.
  bool IsSmallest(const Combination& combination) const {
    for (size_t skip = 0; skip < combination.size(); ++skip) {
      Combination part;
      for (size_t i = 0; i < combination.size(); ++i) {
        if (i != skip) part.push_back(combination[i]);
      }
      if (!part.empty() && !cells_.contains(part)) return false;
    }
    return true;
  }

  void MakeCells(Intersections* out) {
    const double z = TwoSidedZ(context_.options.level);
    if (!cohort_.labels.empty()) out->label = cohort_.labels[0].name;
    out->smallest = std::numeric_limits<int64_t>::max();
    for (const auto& [combination, sums] : cells_) {
      Cell cell;
      for (const auto& [a, level] : combination) {
        cell.levels.emplace_back(cohort_.attributes[a].name,
                                 cohort_.attributes[a].levels[level]);
      }
      cell.subjects = sums.subjects;
      cell.rows = sums.rows;
      cell.positive_rows = sums.positive_rows;
      if (sums.positive_rows > 0) {
        const double deff =
            static_cast<double>(sums.rows) / static_cast<double>(sums.subjects);
        cell.half_width =
            z * std::sqrt(kAssumedRate * (1 - kAssumedRate) * deff /
                          static_cast<double>(sums.positive_rows));
      }
      cell.supports = cell.half_width <= context_.options.half_width;
      cell.missing_rate = static_cast<double>(sums.missing_rows) /
                          static_cast<double>(sums.rows);
      out->unsupported += !cell.supports;
      out->below_minimum += sums.subjects < context_.options.privacy_minimum;
      out->smallest = std::min(out->smallest, sums.subjects);
      out->cells.push_back(std::move(cell));
      sums_.push_back(&sums);
    }
    if (out->cells.empty()) out->smallest = 0;
  }

  void FlagDisadvantage(Intersections* out) {
    std::vector<double> missing, rows, p;
    for (size_t i = 0; i < out->cells.size(); ++i) {
      missing.push_back(static_cast<double>(sums_[i]->missing_rows));
      rows.push_back(static_cast<double>(sums_[i]->rows));
    }
    const auto all_rows = static_cast<double>(cohort_.rows);
    const auto all_missing = static_cast<double>(
        std::count(missing_.begin(), missing_.end(), uint8_t{1}));
    const ShrunkenEstimates shrunken = ShrinkProportions(missing, rows);
    for (size_t i = 0; i < out->cells.size(); ++i) {
      Cell& cell = out->cells[i];
      cell.shrunken_missing_rate = shrunken.mean[i];
      // Against everybody else, rows of a subject taken as one.
      const double weight = static_cast<double>(cell.subjects) / rows[i];
      const double rest = all_rows - rows[i];
      p.push_back(rest > 0 ? SameRateP(cell.missing_rate, rows[i] * weight,
                                       (all_missing - missing[i]) / rest,
                                       std::max(1.0, rest * weight))
                           : 1.0);
    }
    const std::vector<double> adjusted = BenjaminiYekutieli(p);
    const auto [mean_sharp, sd_sharp] = SpreadOfSharpness();
    for (size_t i = 0; i < out->cells.size(); ++i) {
      Cell& cell = out->cells[i];
      cell.p_adjusted = adjusted[i];
      const double rest = all_rows - rows[i];
      const double rest_rate = rest > 0 ? (all_missing - missing[i]) / rest : 0;
      if (adjusted[i] < context_.options.alpha &&
          cell.shrunken_missing_rate > kMissingRatio * rest_rate) {
        cell.signs.emplace_back("labels missing");
      }
      AddOtherSigns(*sums_[i], mean_sharp, sd_sharp, &cell);
      cell.flags = static_cast<int>(cell.signs.size());
    }
  }

  // Mean and standard deviation over all rows; 0 and 0 without images.
  std::pair<double, double> SpreadOfSharpness() const {
    if (sharpness_ == nullptr) return {0, 0};
    double n = 0, sum = 0, squares = 0;
    for (const double x : sharpness_->numbers) {
      if (!std::isfinite(x)) continue;
      n += 1;
      sum += x;
      squares += x * x;
    }
    if (n < 2) return {0, 0};
    const double mean = sum / n;
    return {mean, std::sqrt(std::max(0.0, squares / n - mean * mean))};
  }

  void AddOtherSigns(const CellSums& sums, double mean_sharp, double sd_sharp,
                     Cell* cell) {
    for (const GroupCount& group : context_.result->groups) {
      for (const auto& [attribute, level] : cell->levels) {
        if (group.attribute == attribute && group.group == level &&
            group.ratio.value < kUnderrepresented &&
            group.ratio.p_adjusted < context_.options.alpha) {
          cell->signs.push_back("underrepresented (" + attribute + ")");
        }
      }
    }
    if (sd_sharp > 0 && sums.sharp_n > 1) {
      const double smd =
          (sums.sharpness / sums.sharp_n - mean_sharp) / sd_sharp;
      const double error = 1 / std::sqrt(static_cast<double>(sums.subjects));
      // As many cells as are tested, by Bonferroni.
      const double p =
          TwoSidedNormalP(smd / error) * static_cast<double>(cells_.size());
      if (std::abs(smd) > kQualityDifference && p < context_.options.alpha) {
        cell->signs.emplace_back(smd < 0 ? "images less sharp"
                                         : "images sharper");
      }
    }
    for (const Attrition& attrition : context_.result->attrition) {
      for (const auto& [attribute, level] : cell->levels) {
        if (attrition.attribute == attribute && attrition.group == level &&
            attrition.ratio.value < 0.9 &&
            attrition.ratio.p_adjusted < context_.options.alpha) {
          cell->signs.push_back("lost on the way (" + attribute + ")");
        }
      }
    }
  }

  const Context& context_;
  const Cohort& cohort_;
  std::vector<uint32_t> sets_;
  std::map<Combination, CellSums> cells_;
  std::vector<const CellSums*> sums_;  // in the order of Intersections::cells
  const Factor* sharpness_ = nullptr;
  std::vector<uint8_t> missing_;    // of each row
  std::vector<int32_t> last_cell_;  // of each subject, that counted them last
};

std::string NameOf(const Cell& cell) {
  std::vector<std::string> parts;
  for (const auto& [attribute, group] : cell.levels) {
    parts.push_back(attribute + "=" + group);
  }
  return JoinWords(parts, "and");
}

}  // namespace

void CheckIntersections(Context* context) {
  Intersections& out = context->result->intersections;
  if (context->cohort().attributes.empty()) return;
  Lattice(context).Fill(&out);
  if (out.unsupported > 0 && !out.label.empty()) {
    Estimate effect;
    effect.value = static_cast<double>(out.unsupported);
    effect.n = context->cohort().rows;
    effect.subjects = context->cohort().subject_count;
    effect.method = "count";
    AddFinding(
        context,
        {.code = "SV201",
         .chapter = 2,
         .severity = Severity::kNote,
         .text = fmt::format(
             "{} of {} groups and intersections have too few cases of {} for a "
             "false-negative rate within {:.0f} points; {} of {} combinations "
             "have nobody.",
             WithThousands(out.unsupported),
             WithThousands(static_cast<long long>(out.cells.size())), out.label,
             100 * context->options.half_width, WithThousands(out.empty),
             WithThousands(out.possible)),
         .action = "Make no claim about them, or collect more. An audit will "
                   "say \"cannot tell\" there.",
         .effect = effect,
         .measure = "groups",
         .label = out.label});
  }
  for (const Cell& cell : out.cells) {
    if (cell.flags < 2) continue;
    Estimate effect;
    effect.value = cell.flags;
    effect.n = cell.rows;
    effect.subjects = cell.subjects;
    effect.method = "count";
    AddFinding(
        context,
        {.code = "SV202",
         .chapter = 2,
         .severity = cell.flags >= 3 ? Severity::kHigh : Severity::kMedium,
         .text = fmt::format("Disadvantages meet in {}: {}.", NameOf(cell),
                             JoinWords(cell.signs)),
         .action = "Look at this group first, and with those who belong "
                   "to it.",
         .effect = effect,
         .measure = "signs",
         .group = NameOf(cell)});
  }
  if (out.below_minimum > 0) {
    Estimate effect;
    effect.value = static_cast<double>(out.below_minimum);
    effect.n = context->cohort().rows;
    effect.subjects = context->cohort().subject_count;
    effect.method = "count";
    AddFinding(
        context,
        {.code = "SV204",
         .chapter = 2,
         .severity = Severity::kNote,
         .text = fmt::format(
             "{} groups and intersections have fewer than {} people; "
             "the smallest has {}.",
             WithThousands(out.below_minimum), context->options.privacy_minimum,
             WithThousands(out.smallest)),
         .action = "Do not publish counts of these cells: they would give "
                   "people away.",
         .effect = effect,
         .measure = "groups"});
  }
}

void CheckClustering(Context* context) {
  const Cohort& cohort = context->cohort();
  const std::string label = cohort.labels.empty() ? "" : cohort.labels[0].name;
  for (const CohortAttribute& attribute : cohort.attributes) {
    for (size_t l = 0; l < attribute.levels.size(); ++l) {
      const auto level = static_cast<int32_t>(l);
      std::vector<int32_t> rows(cohort.subject_count, 0);
      int64_t all = 0, subjects = 0;
      Clustering clustering{attribute.name, attribute.levels[l]};
      for (int64_t row = 0; row < cohort.rows; ++row) {
        if (attribute.codes[row] != level) continue;
        ++all;
        const int32_t count = ++rows[cohort.subjects[row]];
        subjects += count == 1;
        clustering.largest = std::max<int64_t>(clustering.largest, count);
      }
      if (subjects == 0) continue;
      clustering.images_per_subject =
          static_cast<double>(all) / static_cast<double>(subjects);
      clustering.label = label;
      for (const Prevalence& p : context->result->prevalence) {
        if (p.label == label && p.attribute == attribute.name &&
            p.group == attribute.levels[l]) {
          clustering.design_effect = p.design_effect;
          clustering.icc = p.icc;
        }
      }
      context->result->clustering.push_back(clustering);
    }
  }
}

}  // namespace plumbline::survey
