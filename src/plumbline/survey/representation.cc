// A1 to A3: who is in the cohort, who fell out of it, and how well it is known
// who they are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/text.h"
#include "plumbline/stats/decomposition.h"
#include "plumbline/stats/normal.h"
#include "plumbline/stats/proportion.h"
#include "plumbline/survey/checks.h"

namespace plumbline::survey {
namespace {

// A group that is lost more often than others by this factor.
constexpr double kAttritionRatio = 0.9;
// Less than this share of what the population has.
constexpr double kUnderrepresented = 0.8;
// Of the subjects without a known group.
constexpr double kUnknownShare = 0.05;
constexpr double kConflictShare = 0.005;

const char* RuleName(ConflictRule rule) {
  switch (rule) {
    case ConflictRule::kKeep:
      return "keep";
    case ConflictRule::kConflicting:
      return "conflicting";
    case ConflictRule::kMajority:
      return "majority";
    case ConflictRule::kFirst:
      return "first";
    case ConflictRule::kLast:
      return "last";
  }
  return "";
}

const ReferencePopulation* FindReference(const CohortRoles& roles,
                                         const std::string& attribute) {
  for (const ReferencePopulation& reference : roles.references) {
    if (reference.attribute == attribute) return &reference;
  }
  return nullptr;
}

double ShareOf(const ReferencePopulation* reference, const std::string& group) {
  if (reference == nullptr) return kNaN;
  for (const auto& [name, share] : reference->shares) {
    if (name == group) return share;
  }
  return kNaN;
}

// Of every level, in one pass over the rows of one person after another.
std::vector<GroupCount> CountGroups(const SurveyInput& input,
                                    const CohortAttribute& attribute) {
  const Cohort& cohort = *input.cohort;
  const size_t levels = attribute.levels.size();
  std::vector<GroupCount> counts(levels);
  std::vector<double> squares(levels, 0.0);
  std::vector<int64_t> of_one(levels, 0);
  std::vector<int32_t> touched;
  const std::vector<int64_t>& order = input.by_subject;
  for (size_t i = 0; i < order.size();) {
    const uint32_t subject = cohort.subjects[order[i]];
    touched.clear();
    for (; i < order.size() && cohort.subjects[order[i]] == subject; ++i) {
      const int64_t row = order[i];
      const int32_t level = attribute.codes[row];
      if (of_one[level]++ == 0) touched.push_back(level);
      counts[level].images +=
          !input.image_of_row.empty() && input.image_of_row[row] >= 0;
    }
    for (const int32_t level : touched) {
      const auto rows = static_cast<double>(of_one[level]);
      squares[level] += rows * rows;
      counts[level].rows += of_one[level];
      ++counts[level].subjects;
      of_one[level] = 0;
    }
  }
  for (size_t l = 0; l < levels; ++l) {
    counts[l].attribute = attribute.name;
    counts[l].group = attribute.levels[l];
    counts[l].kind = attribute.kinds[l];
    const auto all = static_cast<double>(counts[l].rows);
    if (all > 0) counts[l].effective = all * all / squares[l];
  }
  return counts;
}

// Groups of the declared population of whom nobody is in the cohort.
std::vector<GroupCount> AbsentGroups(const CohortAttribute& attribute,
                                     const ReferencePopulation* population) {
  std::vector<GroupCount> absent;
  if (population == nullptr) return absent;
  for (const auto& [name, share] : population->shares) {
    if (std::find(attribute.levels.begin(), attribute.levels.end(), name) !=
        attribute.levels.end()) {
      continue;
    }
    GroupCount& group = absent.emplace_back();
    group.attribute = attribute.name;
    group.group = name;
    group.reference = share;
  }
  return absent;
}

Estimate ShareEstimate(int64_t subjects, int64_t all, double level) {
  Estimate share =
      FromInterval(WilsonInterval(subjects, all, {.level = level}), "wilson");
  share.n = share.subjects = all;
  share.events = subjects;
  return share;
}

void FindUnderrepresented(Context* context, size_t first_group) {
  std::vector<Estimate*> family;
  for (size_t i = first_group; i < context->result->groups.size(); ++i) {
    GroupCount& group = context->result->groups[i];
    if (std::isfinite(group.reference)) family.push_back(&group.ratio);
  }
  AdjustFamily(family);
  for (size_t i = first_group; i < context->result->groups.size(); ++i) {
    const GroupCount& group = context->result->groups[i];
    if (!(group.ratio.value < kUnderrepresented) ||
        !(group.ratio.p_adjusted < context->options.alpha)) {
      continue;
    }
    AddFinding(
        context,
        {.code = "SV102",
         .chapter = 1,
         .severity = Grade(*context, 1 - group.ratio.value, 0.5,
                           group.ratio.p_adjusted, group.reference),
         .text = fmt::format(
             "{}={} is {} of the subjects and {} of the population that was "
             "declared: {:.2f} times its share.",
             group.attribute, group.group, Percent(group.share.value),
             Percent(group.reference), group.ratio.value),
         .action = "Collect more of this group before training, or restrict "
                   "the claim to those who are represented.",
         .effect = group.ratio,
         .measure = "share_ratio",
         .attribute = group.attribute,
         .group = group.group});
  }
}

void FindUnknown(Context* context, const AttributeSummary& summary) {
  const int64_t all = summary.known + summary.unknown;
  const Estimate share = ShareEstimate(
      summary.unknown, std::max<int64_t>(1, all), context->options.level);
  if (share.lo > kUnknownShare) {
    AddFinding(
        context,
        {.code = "SV103",
         .chapter = 1,
         .severity = share.value >= 0.2 ? Severity::kHigh : Severity::kMedium,
         .text = fmt::format("{} is not known for {} of {} subjects ({}).",
                             summary.attribute, WithThousands(summary.unknown),
                             WithThousands(all), Percent(share.value)),
         .action = "Find out why it was not recorded. Until then no "
                   "statement about groups of this attribute covers "
                   "these people.",
         .effect = share,
         .measure = "unknown_share",
         .attribute = summary.attribute});
  }
  const Estimate conflicts = ShareEstimate(
      summary.conflicting, std::max<int64_t>(1, all), context->options.level);
  if (summary.conflicting >= 5 && conflicts.value > kConflictShare) {
    AddFinding(
        context,
        {.code = "SV113",
         .chapter = 1,
         .severity =
             conflicts.value >= 0.05 ? Severity::kMedium : Severity::kLow,
         .text = fmt::format(
             "{} subjects have several values of {} (first: {}); the rule "
             "\"{}\" was applied.",
             WithThousands(summary.conflicting), summary.attribute,
             summary.first_conflict, summary.conflict_rule),
         .action = "Settle the value with those who recorded it, and write the "
                   "rule into mapping.toml.",
         .effect = conflicts,
         .measure = "conflicting_share",
         .attribute = summary.attribute});
  }
}

}  // namespace

void CheckFlow(Context* context) {
  const Cohort& cohort = context->cohort();
  context->result->flow = cohort.flow;
  if (cohort.flow.size() < 2) return;
  const FlowCount& first = cohort.flow.front();
  const FlowCount& last = cohort.flow.back();
  const size_t begin = context->result->attrition.size();
  for (size_t a = 0; a < cohort.attributes.size(); ++a) {
    const auto& before = first.subjects_by_level[a];
    const auto& after = last.subjects_by_level[a];
    for (size_t l = 0; l < before.size(); ++l) {
      int64_t others_before = 0, others_after = 0;
      for (size_t o = 0; o < before.size(); ++o) {
        if (o == l) continue;
        others_before += before[o];
        others_after += after[o];
      }
      if (before[l] == 0 || others_before == 0) continue;
      Attrition attrition{cohort.attributes[a].name,
                          cohort.attributes[a].levels[l]};
      attrition.kept =
          ShareEstimate(after[l], before[l], context->options.level);
      attrition.ratio = FromInterval(
          KoopmanRatio(after[l], before[l], others_after, others_before,
                       {.level = context->options.level}),
          "koopman");
      attrition.ratio.n = attrition.ratio.subjects = before[l] + others_before;
      attrition.ratio.events = after[l] + others_after;
      const auto n_a = static_cast<double>(before[l]);
      const auto n_b = static_cast<double>(others_before);
      attrition.ratio.p =
          SameRateP(static_cast<double>(after[l]) / n_a, n_a,
                    static_cast<double>(others_after) / n_b, n_b);
      if (!std::isfinite(attrition.ratio.value) ||
          !std::isfinite(attrition.ratio.hi)) {
        attrition.ratio.value = attrition.ratio.lo = attrition.ratio.hi = kNaN;
        attrition.ratio.reason = "no_events";
      }
      context->result->attrition.push_back(attrition);
    }
  }
  std::vector<Estimate*> family;
  for (size_t i = begin; i < context->result->attrition.size(); ++i) {
    family.push_back(&context->result->attrition[i].ratio);
  }
  AdjustFamily(family);
  for (const Attrition& attrition : context->result->attrition) {
    if (!(attrition.ratio.value < kAttritionRatio) ||
        !(attrition.ratio.p_adjusted < context->options.alpha)) {
      continue;
    }
    AddFinding(
        context,
        {.code = "SV101",
         .chapter = 1,
         .severity = Grade(*context, 1 - attrition.ratio.value, 0.5,
                           attrition.ratio.p_adjusted,
                           static_cast<double>(attrition.kept.n) /
                               static_cast<double>(first.subjects)),
         .text = fmt::format(
             "The steps from the table to the cohort keep {} of {}={}, {:.2f} "
             "times as many as of all others.",
             Percent(attrition.kept.value), attrition.attribute,
             attrition.group, attrition.ratio.value),
         .action = "Look at which step loses them, and whether it has to.",
         .effect = attrition.ratio,
         .measure = "retention_ratio",
         .attribute = attrition.attribute,
         .group = attrition.group});
  }
}

void CheckRepresentation(Context* context) {
  const Cohort& cohort = context->cohort();
  for (size_t a = 0; a < cohort.attributes.size(); ++a) {
    const CohortAttribute& attribute = cohort.attributes[a];
    const ReferencePopulation* population =
        FindReference(cohort.roles, attribute.name);
    AttributeSummary summary;
    summary.attribute = attribute.name;
    summary.conflicting = attribute.conflicting_subjects;
    summary.first_conflict = attribute.first_conflict;
    summary.conflict_rule = RuleName(attribute.conflict);
    if (context->reference[a] >= 0) {
      summary.reference_group = attribute.levels[context->reference[a]];
    }
    if (population != nullptr) summary.reference_source = population->source;
    for (const MappedValue& value : attribute.mapped) {
      context->result->mapped.emplace_back(attribute.name, value);
    }
    const size_t first = context->result->groups.size();
    std::vector<double> counts, shares;
    int64_t all = 0;
    const auto declare = [&](const GroupCount& group) {
      counts.push_back(static_cast<double>(group.subjects));
      shares.push_back(group.reference);
      all += group.subjects;
    };
    for (GroupCount& group : CountGroups(context->input, attribute)) {
      const bool is_group = group.kind == LevelKind::kGroup;
      group.reference = is_group ? ShareOf(population, group.group) : kNaN;
      (is_group ? summary.known : summary.unknown) += group.subjects;
      if (std::isfinite(group.reference)) declare(group);
      context->result->groups.push_back(std::move(group));
    }
    for (GroupCount& group : AbsentGroups(attribute, population)) {
      declare(group);
      context->result->groups.push_back(std::move(group));
    }
    for (size_t i = first; i < context->result->groups.size(); ++i) {
      GroupCount& group = context->result->groups[i];
      group.share = ShareEstimate(group.subjects, cohort.subject_count,
                                  context->options.level);
      if (!std::isfinite(group.reference) || all == 0) continue;
      // Among the groups that the population speaks of.
      const Estimate among =
          ShareEstimate(group.subjects, all, context->options.level);
      group.ratio = among;
      group.ratio.method = "wilson_over_constant";
      for (double* limit :
           {&group.ratio.value, &group.ratio.lo, &group.ratio.hi}) {
        *limit /= group.reference;
      }
      const double error = std::sqrt(group.reference * (1 - group.reference) /
                                     static_cast<double>(all));
      group.ratio.p = TwoSidedNormalP((among.value - group.reference) / error);
    }
    if (counts.size() >= 2) {
      summary.divergence = KullbackLeibler(counts, shares);
    }
    FindUnderrepresented(context, first);
    FindUnknown(context, summary);
    context->result->attributes.push_back(std::move(summary));
  }
}

}  // namespace plumbline::survey
