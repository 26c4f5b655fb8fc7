// What a survey found: three chapters of numbers, and what of them a person
// must look at.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "plumbline/cohort/cohort.h"
#include "plumbline/cohort/split.h"
#include "plumbline/stats/association.h"
#include "plumbline/survey/estimate.h"

namespace plumbline::survey {

enum class Severity { kNote, kLow, kMedium, kHigh };

struct Finding {
  const char* code = "";  // "SV104"
  int chapter = 1;        // 1 disparities, 2 marginalised, 3 drivers
  Severity severity = Severity::kLow;
  std::string text;    // one sentence in plain words
  std::string action;  // what to do
  Estimate effect;
  const char* measure = "";  // what `effect` is: "smd", "risk_ratio", ...
  std::string attribute, group, label, covariate;  // what it is about; "": none
};

// --- Chapter 1: are there disparities? ---------------------------------------

struct GroupCount {
  std::string attribute, group;
  LevelKind kind = LevelKind::kGroup;
  int64_t rows = 0, subjects = 0, images = 0;
  double effective = 0;     // Kish's number of subjects, by rows
  Estimate share;           // of the subjects
  double reference = kNaN;  // share in the declared population
  Estimate ratio;           // share over reference
};

struct AttributeSummary {
  std::string attribute;
  std::string reference_group;
  int64_t known = 0, unknown = 0;  // subjects
  int64_t conflicting = 0;         // subjects with several groups
  std::string first_conflict, conflict_rule;
  double divergence = kNaN;  // from the declared population, KL, in nats
  std::string reference_source;
};

struct Attrition {
  std::string attribute, group;
  Estimate kept;   // share of the subjects that the flow leaves
  Estimate ratio;  // over the share in all other groups together
};

struct Prevalence {
  std::string label, attribute, group;
  Estimate rate;
  double design_effect = 1, icc = 0;
  Estimate difference;  // minus the reference group; none for itself
  Estimate smd;
};

struct Missingness {
  std::string label, attribute, group;
  Estimate blank;        // share of rows without a label
  Estimate uncertain;    // -1
  Estimate unmentioned;  // not mentioned
  Estimate missing;      // any of the three
  Estimate ratio;        // of `missing`, over that of the reference group
};

// The prevalence difference of a group from the reference, by what a missing
// label is taken for.
struct Recoding {
  std::string label, attribute, group;
  double excluded = kNaN, as_negative = kNaN, as_positive = kNaN;
  // Missing labels negative in one group and positive in the other.
  double lowest = kNaN, highest = kNaN;
};

struct MissingAssociation {
  std::string label, attribute;
  double information = 0;  // bits, Miller-Madow
  double p = 1;
  int64_t subjects = 0;
};

struct LittleResult {
  std::string reason;
  double chi_squared = kNaN, degrees = kNaN, p = kNaN;
  int patterns = 0;
  std::vector<std::string> columns;
};

// Prevalence behind labels that are wrong at times.
struct LabelBounds {
  std::string label, attribute, group;
  double apparent = kNaN;
  double lowest = kNaN, highest = kNaN;  // over the declared range of errors
};

struct Acquisition {
  std::string covariate;  // a column, a fact of the header, a measure of pixels
  const char* source = "";  // "table", "header", "pixels"
  std::string attribute, group;
  bool numeric = false;
  Estimate smd;                               // from the reference group
  double mean = kNaN, reference_mean = kNaN;  // numeric
  std::string most_different;  // the level with the largest difference
  double share = kNaN, reference_share = kNaN;  // of that level
};

// --- Chapter 2: which groups are marginalised? -------------------------------

struct Cell {
  std::vector<std::pair<std::string, std::string>> levels;  // attribute, group
  int64_t subjects = 0, rows = 0;
  int64_t positive_rows = 0;  // with the label of `half_width`
  double half_width = kNaN;   // expected, of a false-negative rate
  bool supports = false;
  // B2: how many of the signs of disadvantage, and which.
  int flags = 0;
  std::vector<std::string> signs;
  double missing_rate = kNaN, shrunken_missing_rate = kNaN;
  double p_adjusted = kNaN;  // of as many missing labels
};

struct Intersections {
  int order = 0;
  int64_t possible = 0;                // combinations of groups
  int64_t empty = 0;                   // of them, without anybody
  std::vector<std::string> uncovered;  // smallest combinations without anybody
  int64_t unsupported = 0;             // cells that cannot give the half-width
  int64_t below_minimum = 0;  // cells with fewer subjects than may be published
  int64_t smallest = 0;       // k of the published tables
  std::string label;          // that the half-width is about
  std::vector<Cell> cells;    // fewest subjects first
};

struct Clustering {
  std::string attribute, group;
  double images_per_subject = kNaN;
  int64_t largest = 0;                // images of one subject
  double design_effect = 1, icc = 0;  // of the label
  std::string label;
};

// --- Chapter 3: what are the drivers? ----------------------------------------

struct AssociationRow {
  std::string x, y;
  Association association;
  double p = 1;  // chi-squared, or permutation where counts are small
  double p_adjusted = 1;
};

struct Decomposition {
  std::string label, attribute, group, reference, covariate;
  Estimate difference, composition, rate;
  double left_out = 0;  // largest share of a group that is left out
};

struct Drivers {
  std::string label, attribute, group, reference;
  std::string reason;
  Estimate difference, explained, unexplained;
  std::vector<std::string> factors;
  std::vector<Estimate> by_factor, shapley;
};

struct Reversal {
  std::string label, attribute, group, reference, covariate;
  Estimate crude, standardised;
  int same_sign = 0, other_sign = 0;
  bool strong = false;  // both intervals clear of 0
};

struct AttributeModel {
  std::string target;         // attribute or site
  const char* features = "";  // "acquisition", "labels", "pixels"
  std::string group;          // told from all others
  Estimate auroc;
  int columns = 0;
};

struct ConditionalRow {
  std::string covariate, attribute, label;
  ConditionalAssociation association;
  double p_adjusted = 1;
};

struct MixShift {
  std::string attribute, by, level;  // "site", "B"
  double stability_index = kNaN;
  int64_t subjects = 0;
};

struct SplitBalance {
  std::string part_a, part_b, what;  // attribute or label
  Estimate smd;
};

struct DuplicateGroup {
  bool exact = false;
  std::vector<int64_t> rows;  // of the cohort
  std::vector<std::string> paths;
  std::string how;  // "turned by 90 degrees clockwise"
  double correlation = 1;
  int64_t subjects = 0;  // different people on it
  bool crosses_split = false;
  bool labels_differ = false;
};

struct Duplicates {
  bool looked = false;  // there are images
  int64_t images = 0, failed = 0;
  int64_t exact_groups = 0, exact_images = 0;
  int64_t near_pairs = 0;
  int64_t candidates =
      0;  // pairs with near hashes, before pixels were compared
  int64_t different_people = 0;  // groups with several subjects
  int64_t label_conflicts = 0;
  int64_t crossing = 0;          // groups on several sides of the split
  int64_t test_rows = 0;         // rows outside the part that is trained on
  Estimate test_with_neighbour;  // share of them with a twin or the same person
                                 // in it
  std::vector<DuplicateGroup> groups;
};

struct PlannedContrast {
  Contrast contrast;
  bool declared = false;
  int64_t positives_a = 0, positives_b = 0;  // rows
  int64_t subjects_a = 0, subjects_b = 0;    // positive
  int64_t negatives_a = 0, negatives_b = 0;
  double design_effect = 1;
  double detectable = kNaN;       // of the metric's gap, power 0.8
  double detectable_leak = kNaN;  // AUROC above 0.5 of telling the groups apart
  bool reached = false;           // detectable <= margin
  std::string absent;  // what the cohort does not have of it; "": nothing
};

struct SurveyResult {
  int64_t rows = 0, subjects = 0, images = 0;
  bool has_subjects = false;
  std::vector<std::string> limitations;
  std::vector<Finding> findings;  // most severe first
  // 1
  std::vector<FlowCount> flow;
  std::vector<Attrition> attrition;
  std::vector<AttributeSummary> attributes;
  std::vector<GroupCount> groups;
  std::vector<std::pair<std::string, MappedValue>> mapped;  // attribute, value
  std::vector<Prevalence> prevalence;
  std::vector<Missingness> missingness;
  std::vector<MissingAssociation> missing_association;
  std::vector<Recoding> recodings;
  LittleResult little;
  std::vector<LabelBounds> bounds;
  std::vector<Acquisition> acquisition;
  // 2
  Intersections intersections;
  std::vector<Clustering> clustering;
  // 3
  std::vector<AssociationRow> associations;
  std::vector<Decomposition> decompositions;
  std::vector<Drivers> drivers;
  std::vector<Reversal> reversals;
  std::vector<AttributeModel> models;
  std::vector<ConditionalRow> conditional;
  std::vector<MixShift> mix;
  bool has_split = false;
  SplitCheck split;
  std::vector<SplitBalance> split_balance;
  Duplicates duplicates;
  std::vector<PlannedContrast> plan;
};

}  // namespace plumbline::survey
