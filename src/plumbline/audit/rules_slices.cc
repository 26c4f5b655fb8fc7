// Rules about slices: PB501 to PB503, PL113.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
    {"PB501", "Slice with more misses",
     "Among the people who match a few conditions at once (such as one sex, "
     "one race and one device) the model misses the finding more often than "
     "among all others. Tables of one attribute, or of two, can hide such a "
     "slice.\n\n"
     "Found by testing every combination of conditions to the depth of "
     "--slice-depth on one random half of the subjects, with control of the "
     "false-discovery rate; what a simpler or a stronger slice explains is "
     "left out. The numbers come from the other half, which had no part in "
     "the choice, and are adjusted for the slices that were carried over.\n\n"
     "What to do: look at the missed cases of the slice for a shared cause; "
     "count how many such cases the training data held; audit again on new "
     "data with the slice as a group of its own."},
    {"PB502", "Slice with more false alarms",
     "Among the people who match a few conditions at once the model raises "
     "false alarms more often than among all others, so they bear more "
     "needless follow-up.\n\n"
     "Found as PB501 is, on rows with label 0.\n\n"
     "What to do: look at the false alarms of the slice for a shared cause, "
     "such as a device or a support line; if the slice is one device or site, "
     "check its calibration (PB301) before you move a threshold."},
    {"PB503", "No slice shown",
     "No combination of conditions was shown to have a higher error rate than "
     "the rest. That is no proof that there is none: a search over many "
     "slices needs stronger evidence for each of them.\n\n"
     "Found as PB501 is. The sentence gives the smallest excess that this "
     "search would have shown in 4 of 5 audits, for a slice of a twentieth "
     "and of a fifth of the rows.\n\n"
     "What to do: if that excess is larger than you can accept, collect more "
     "subjects, or search fewer columns to a smaller depth: fewer tests see "
     "smaller differences."},
    {"PL113", "Slices come from one split",
     "Half of the subjects, drawn at random with --seed, were used to find "
     "slices and the other half to estimate them. What was found depends on "
     "the draw: a slice near the limit may be missed with another seed. The "
     "numbers of the half that found a slice are too extreme, because the "
     "most extreme slices were picked; only those of the other half are to "
     "be quoted.\n\n"
     "The level holds within one target and one metric. Conditions are "
     "levels of the columns that were given; a slice that no column "
     "describes cannot be found. Where rows are weighted (--weight), slices "
     "count each row with a weight above 0 once: exact tests have no weighted "
     "form.\n\n"
     "What to do: name the columns before the run, and confirm a slice that "
     "matters on data of another time or place."},
};

}  // namespace

std::span<const Rule> SliceRules() { return kRules; }

}  // namespace plumbline
