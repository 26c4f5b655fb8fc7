// Rules about two models compared: PB9xx and PL12x.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
    {"PB901", "New model worse in a group",
     "In this group the new model does worse than the old one by this metric, "
     "and by more than chance explains.\n\n"
     "Both models are judged on the same rows and their difference is paired: "
     "DeLong's or Obuchowski's covariance for AUROC, discordant decisions for "
     "rates, subject sums or resampled subjects for the rest. p is corrected "
     "(Holm) over the groups of the grouping. The severity is high if the "
     "whole interval lies beyond the margin, low if the one-sided bound says "
     "that the harm is within it.\n\n"
     "What to do: do not bring the new model into use for this group before "
     "the cause is known; read the images that only the new model gets "
     "wrong."},
    {"PB902", "Non-inferiority cannot be told",
     "For some groups the data can neither show that the new model is worse by "
     "less than the margin nor that it is worse by more. This is not a "
     "pass.\n\n"
     "Non-inferior means that the one-sided upper bound of the harm lies below "
     "the margin; inferior, that the whole two-sided interval lies above it. "
     "The number of subjects needed is computed from the observed variability, "
     "for a model that is truly no better and no worse, and a chance of 4 in 5 "
     "to conclude.\n\n"
     "What to do: collect more people of these groups, agree on a wider margin "
     "before the next look, or state that it is not known."},
    {"PB903", "Gap between groups changed for the worse",
     "With the new model the groups are farther apart in this metric than with "
     "the old one, or the difference moved across 0: it is reversed if both "
     "models are shown to have a gap, on different sides, and shifted if that "
     "is not shown of one of them or of either.\n\n"
     "For a pair of groups the change is a difference of paired differences. "
     "For the largest gap it comes from subjects resampled for both models "
     "alike; the largest of several is pulled upwards by chance in both "
     "models, which the bias beside it describes.\n\n"
     "What to do: see whether one group gained or the other lost; a gap that "
     "widens because one group gained is another matter than one that widens "
     "because a group was harmed."},
    {"PB904", "Better on the whole, worse in a group",
     "For everyone together the new model is shown to be better, while it is "
     "worse for at least one group. Small groups weigh little in the whole, so "
     "an average can improve at their cost.\n\n"
     "It is found by setting the paired difference of everyone beside those of "
     "the groups; both must hold after correction for the number of groups.\n\n"
     "What to do: decide on the groups and not on the average. Keep the old "
     "model for the group, or repair the new one."},
    {"PL120", "Compared on common rows only",
     "The two models were not given the same rows, or had no score for the "
     "same rows, and only the rows that both have were compared "
     "(--common-rows). If the rows that a model leaves out are the difficult "
     "ones, the comparison flatters it.\n\n"
     "The counts, also by group, say how many rows were left out; a group that "
     "loses a larger share than others is described less well.\n\n"
     "What to do: find out why rows are missing, run both models on all of "
     "them, and compare again without --common-rows."},
};

}  // namespace

std::span<const Rule> CompareRules() { return kRules; }

}  // namespace plumbline
