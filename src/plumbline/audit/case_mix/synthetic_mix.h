// Tables with a known case mix for the tests.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/audit/case_mix/case_mix.h"
#include "plumbline/base/random.h"

namespace plumbline {

// Rows, groups and covariates that own what they point to.
class MixTable {
 public:
  MixTable() = default;
  MixTable(const MixTable&) = delete;
  MixTable& operator=(const MixTable&) = delete;

  MixRows rows;
  MixGroups groups;

 protected:
  void AddRow(uint32_t subject, uint32_t group, bool positive, double score) {
    rows.subject.push_back(subject);
    groups.group.push_back(group);
    rows.positive.push_back(positive);
    rows.scores.push_back(score);
    rows.flagged.push_back(score >= 0.5);
  }

  static Covariate Words(const std::string& name,
                         std::vector<std::string> levels,
                         const std::vector<uint32_t>& codes) {
    CategoricalColumn column;
    column.name = name;
    column.levels = std::move(levels);
    column.codes =
        CodeVector::Pack(codes, static_cast<uint32_t>(column.levels.size()));
    return CovariateOfColumn(column, {});
  }

  // After all rows and covariates.
  void Finish(size_t group_count) {
    for (const Covariate& covariate : covariates_) {
      pointers_.push_back(&covariate);
    }
    patterns_ = FindPatterns(pointers_);
    groups.groups = group_count;
    groups.covariates = &pointers_;
    groups.patterns = &patterns_;
    groups.pattern = patterns_.pattern_of_row;
    rows.by_score.resize(rows.scores.size());
    for (size_t i = 0; i < rows.by_score.size(); ++i) {
      rows.by_score[i] = static_cast<uint32_t>(i);
    }
    std::sort(rows.by_score.begin(), rows.by_score.end(),
              [&](uint32_t a, uint32_t b) {
                return rows.scores[a] != rows.scores[b]
                           ? rows.scores[a] < rows.scores[b]
                           : a < b;
              });
  }

  std::vector<Covariate> covariates_;

 private:
  std::vector<const Covariate*> pointers_;
  CovariatePatterns patterns_;
};

struct PlantedMixOptions {
  // Share of hard cases in groups 0 and 1.
  std::array<double, 2> hard_share = {0.5, 0.5};
  // Chance that a positive is missed: group, then easy or hard.
  std::array<std::array<double, 2>, 2> miss = {};
  int rows_per_subject = 1;
  uint64_t seed = 1;
};

// Two groups of equal size, half of the rows positive, easy and hard cases; a
// second covariate "site" of no effect.
class PlantedMix : public MixTable {
 public:
  PlantedMix(int count, const PlantedMixOptions& options) {
    RandomStream random(options.seed, "planted_mix");
    std::vector<uint32_t> hard;
    std::vector<uint32_t> site;
    for (int i = 0; i < count; ++i) {
      const uint32_t subject = i / options.rows_per_subject;
      const uint32_t group = subject % 2;
      // All rows of a subject share the case.
      if (i % options.rows_per_subject == 0) {
        hard_ = random.NextUniform() < options.hard_share[group];
        luck_ = random.NextUniform();
      }
      const bool positive = random.NextUniform() < 0.5;
      const double draw =
          random.NextUniform() < 0.5 ? luck_ : random.NextUniform();
      const bool missed = draw < options.miss[group][hard_];
      const double jitter = 0.2 * random.NextUniform();
      AddRow(subject, group, positive,
             (positive && !missed ? 0.6 : 0.2) + jitter);
      hard.push_back(hard_);
      site.push_back(static_cast<uint32_t>(random.NextBelow(3)));
    }
    covariates_.push_back(Words("case", {"easy", "hard"}, hard));
    covariates_.push_back(Words("site", {"x", "y", "z"}, site));
    Finish(2);
  }

 private:
  uint32_t hard_ = 0;
  double luck_ = 0;
};

}  // namespace plumbline
