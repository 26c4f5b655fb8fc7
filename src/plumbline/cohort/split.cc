#include "plumbline/cohort/split.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "plumbline/base/error.h"
#include "plumbline/base/random.h"
#include "plumbline/base/text.h"

namespace plumbline {
namespace {

// What the iterative stratification balances: each unit (people who belong
// together) has a set of features such as "sex=F" and "Effusion in sex=F".
struct Units {
  std::vector<int32_t> of_subject;
  std::vector<int64_t> subjects;               // of each unit
  std::vector<std::vector<int32_t>> features;  // of each unit, sorted
  int32_t feature_count = 0;
};

class UnionFind {
 public:
  explicit UnionFind(size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), 0u);
  }
  uint32_t Find(uint32_t a) {
    while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
    return a;
  }
  // The smaller one stays, so that the result does not depend on the order.
  void Join(uint32_t a, uint32_t b) {
    a = Find(a);
    b = Find(b);
    if (a < b) parent_[b] = a;
    if (b < a) parent_[a] = b;
  }

 private:
  std::vector<uint32_t> parent_;
};

Units MakeUnits(const Cohort& cohort,
                std::span<const std::pair<uint32_t, uint32_t>> keep_together) {
  UnionFind joined(cohort.subject_count);
  for (const auto& [a, b] : keep_together) joined.Join(a, b);
  Units units;
  units.of_subject.assign(cohort.subject_count, -1);
  for (uint32_t s = 0; s < cohort.subject_count; ++s) {
    int32_t& unit = units.of_subject[joined.Find(s)];
    if (unit < 0) {
      unit = static_cast<int32_t>(units.subjects.size());
      units.subjects.push_back(0);
    }
    units.of_subject[s] = unit;
    ++units.subjects[unit];
  }
  std::vector<std::set<int32_t>> features(units.subjects.size());
  // Features: labels, levels of attributes, labels in levels.
  const auto labels = static_cast<int32_t>(cohort.labels.size());
  int32_t next = labels;
  for (int32_t l = 0; l < labels; ++l) {
    for (int64_t row = 0; row < cohort.rows; ++row) {
      if (cohort.labels[l].values[row] == kLabelPositive) {
        features[units.of_subject[cohort.subjects[row]]].insert(l);
      }
    }
  }
  for (const CohortAttribute& attribute : cohort.attributes) {
    for (int64_t row = 0; row < cohort.rows; ++row) {
      auto& mine = features[units.of_subject[cohort.subjects[row]]];
      const int32_t base = next + attribute.codes[row] * (labels + 1);
      mine.insert(base);
      for (int32_t l = 0; l < labels; ++l) {
        if (cohort.labels[l].values[row] == kLabelPositive) {
          mine.insert(base + 1 + l);
        }
      }
    }
    next += static_cast<int32_t>(attribute.levels.size()) * (labels + 1);
  }
  units.feature_count = next;
  units.features.reserve(features.size());
  for (const auto& mine : features) {
    units.features.emplace_back(mine.begin(), mine.end());
  }
  return units;
}

class IterativeStratification {
 public:
  IterativeStratification(const Units& units, const SplitOptions& options)
      : units_(units), random_(options.seed, "split") {
    const auto count = static_cast<double>(std::accumulate(
        units.subjects.begin(), units.subjects.end(), int64_t{0}));
    holders_.resize(units.feature_count);
    // A random order once, so that ties do not follow the order of the file.
    std::vector<int32_t> order(units.subjects.size());
    std::iota(order.begin(), order.end(), 0);
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[random_.NextBelow(i)]);
    }
    for (const int32_t unit : order) {
      for (const int32_t f : units.features[unit]) holders_[f].push_back(unit);
    }
    order_ = std::move(order);
    left_.resize(units.feature_count);
    for (int32_t f = 0; f < units.feature_count; ++f) {
      left_[f] = static_cast<int64_t>(holders_[f].size());
    }
    for (const auto& [name, share] : options.parts) {
      wanted_.push_back(share * count);
      wanted_of_feature_.emplace_back();
      for (const auto& holders : holders_) {
        wanted_of_feature_.back().push_back(
            share * static_cast<double>(holders.size()));
      }
    }
    part_.assign(units.subjects.size(), -1);
  }

  std::vector<int32_t> Run() {
    // The feature with the fewest units that are still free goes first: later
    // there may be too few of them left to choose from.
    std::set<std::pair<int64_t, int32_t>> queue;
    for (int32_t f = 0; f < units_.feature_count; ++f) {
      if (left_[f] > 0) queue.emplace(left_[f], f);
    }
    while (!queue.empty()) {
      const int32_t feature = queue.begin()->second;
      for (const int32_t unit : holders_[feature]) {
        if (part_[unit] >= 0) continue;
        Assign(unit, feature, &queue);
      }
      queue.erase({left_[feature], feature});
    }
    for (const int32_t unit : order_) {
      if (part_[unit] < 0) Assign(unit, -1, &queue);
    }
    return part_;
  }

 private:
  void Assign(int32_t unit, int32_t feature,
              std::set<std::pair<int64_t, int32_t>>* queue) {
    int32_t best = 0;
    const auto need = [&](int32_t p) {
      return std::pair{feature < 0 ? 0.0 : wanted_of_feature_[p][feature],
                       wanted_[p]};
    };
    for (int32_t p = 1; p < static_cast<int32_t>(wanted_.size()); ++p) {
      if (need(p) > need(best)) best = p;
    }
    part_[unit] = best;
    wanted_[best] -= static_cast<double>(units_.subjects[unit]);
    for (const int32_t f : units_.features[unit]) {
      wanted_of_feature_[best][f] -= 1;
      queue->erase({left_[f], f});
      if (--left_[f] > 0) queue->emplace(left_[f], f);
    }
  }

  const Units& units_;
  RandomStream random_;
  std::vector<std::vector<int32_t>> holders_;  // units with each feature
  std::vector<int64_t> left_;                  // of them, free
  std::vector<int32_t> order_;
  std::vector<double> wanted_;  // subjects that each part still lacks
  std::vector<std::vector<double>> wanted_of_feature_;
  std::vector<int32_t> part_;
};

void CountCrossing(const Cohort& cohort, SplitCheck* check) {
  const size_t parts = check->parts.size();
  std::vector<uint64_t> in_parts(cohort.subject_count, 0);
  std::vector<int64_t> first_row(cohort.subject_count, -1);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t part = cohort.split.codes[row];
    if (part < 0) {
      ++check->rows_without_part;
      continue;
    }
    ++check->rows[part];
    const uint32_t s = cohort.subjects[row];
    if (first_row[s] < 0) {
      first_row[s] = row;
    } else if (check->first_crossing.empty() &&
               cohort.split.codes[first_row[s]] != part) {
      check->first_crossing =
          fmt::format("rows {} and {}", cohort.table_rows[first_row[s]] + 2,
                      cohort.table_rows[row] + 2);
    }
    in_parts[s] |= uint64_t{1} << part;
  }
  for (const uint64_t mask : in_parts) {
    for (size_t p = 0; p < parts; ++p) {
      check->subjects[p] += static_cast<int64_t>((mask >> p) & 1);
    }
    check->crossing_subjects += (mask & (mask - 1)) != 0;
  }
  const int first =
      std::max<int>(0, static_cast<int>(std::find(check->parts.begin(),
                                                  check->parts.end(), "train") -
                                        check->parts.begin()) %
                           static_cast<int>(parts));
  check->rows_seen_in_first.assign(parts, 0);
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t part = cohort.split.codes[row];
    if (part < 0) continue;
    const uint64_t mask = in_parts[cohort.subjects[row]];
    check->crossing_rows += (mask & (mask - 1)) != 0;
    if (part != first && ((mask >> first) & 1) != 0) {
      ++check->rows_seen_in_first[part];
    }
  }
}

SplitStratum CountStratum(const Cohort& cohort, size_t parts,
                          const CohortAttribute* attribute, int32_t level,
                          const CohortLabel* label) {
  SplitStratum stratum;
  if (attribute != nullptr) {
    stratum.attribute = attribute->name;
    stratum.level = attribute->levels[level];
  }
  if (label != nullptr) stratum.label = label->name;
  std::vector<std::vector<uint8_t>> seen(
      parts, std::vector<uint8_t>(cohort.subject_count, 0));
  for (int64_t row = 0; row < cohort.rows; ++row) {
    const int32_t part = cohort.split.codes[row];
    if (part < 0) continue;
    if (attribute != nullptr && attribute->codes[row] != level) continue;
    uint8_t& bits = seen[part][cohort.subjects[row]];
    bits |= 1;
    if (label != nullptr && label->values[row] == kLabelPositive) bits |= 2;
  }
  for (size_t p = 0; p < parts; ++p) {
    int64_t subjects = 0, positives = 0;
    for (const uint8_t bits : seen[p]) {
      subjects += bits & 1;
      positives += (bits >> 1) & 1;
    }
    stratum.subjects.push_back(subjects);
    stratum.positives.push_back(positives);
  }
  return stratum;
}

}  // namespace

std::vector<std::pair<std::string, double>> ParseSplitParts(
    const std::string& text) {
  std::vector<std::pair<std::string, double>> parts;
  double sum = 0;
  std::set<std::string> names;
  for (const std::string& part : Split(text, ',')) {
    const size_t equals = part.find('=');
    double share = 0;
    const std::string name(Trim(std::string_view(part).substr(0, equals)));
    if (equals == std::string::npos || name.empty() ||
        !ParseNumber(part.substr(equals + 1), &share) || !(share > 0) ||
        !names.insert(name).second) {
      throw Error(ErrorCode::kUsage,
                  "\"{}\" is no split; write names and shares such as "
                  "train=0.7,tune=0.1,test=0.2",
                  text);
    }
    parts.emplace_back(name, share);
    sum += share;
  }
  if (parts.size() < 2 || parts.size() > 60 || std::abs(sum - 1) > 1e-9) {
    throw Error(ErrorCode::kUsage,
                "\"{}\": expected two or more parts whose shares add up to 1",
                text);
  }
  return parts;
}

std::vector<int32_t> SplitBySubject(
    const Cohort& cohort, const SplitOptions& options,
    std::span<const std::pair<uint32_t, uint32_t>> keep_together) {
  if (cohort.subject_count < static_cast<int64_t>(options.parts.size())) {
    throw Error(ErrorCode::kUsage, "{} subjects cannot be split into {} parts",
                cohort.subject_count, options.parts.size());
  }
  const Units units = MakeUnits(cohort, keep_together);
  const std::vector<int32_t> of_unit =
      IterativeStratification(units, options).Run();
  std::vector<int32_t> of_subject(cohort.subject_count);
  for (int64_t s = 0; s < cohort.subject_count; ++s) {
    of_subject[s] = of_unit[units.of_subject[s]];
  }
  return of_subject;
}

SplitCheck CheckSplit(const Cohort& cohort) {
  SplitCheck check;
  check.parts = cohort.split.levels;
  if (check.parts.size() > 60) {
    throw Error(ErrorCode::kInvalidInput,
                "the split column \"{}\" has {} different values; a split has "
                "2 to 60 parts",
                cohort.split.name, check.parts.size());
  }
  check.rows.assign(check.parts.size(), 0);
  check.subjects.assign(check.parts.size(), 0);
  CountCrossing(cohort, &check);
  return check;
}

std::vector<SplitStratum> SplitStrata(const Cohort& cohort) {
  const size_t parts = cohort.split.levels.size();
  std::vector<SplitStratum> strata;
  const auto add = [&](const CohortAttribute* attribute, int32_t level) {
    strata.push_back(CountStratum(cohort, parts, attribute, level, nullptr));
    for (const CohortLabel& label : cohort.labels) {
      strata.push_back(CountStratum(cohort, parts, attribute, level, &label));
    }
  };
  add(nullptr, 0);
  for (const CohortAttribute& attribute : cohort.attributes) {
    for (size_t l = 0; l < attribute.levels.size(); ++l) {
      add(&attribute, static_cast<int32_t>(l));
    }
  }
  return strata;
}

}  // namespace plumbline
