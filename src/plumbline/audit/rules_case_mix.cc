// Rules about gaps after standardising for the case mix: PB110 to PB113, PB610,
// PB611, PL112.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
    {"PB110", "Gap explained by case mix",
     "Between two groups there is a gap, and it is gone once both groups have "
     "the same distribution of the chosen covariates (--adjust): like cases "
     "are treated alike, and the groups have different cases.\n\n"
     "Found when the crude difference is shown (adjusted p) and the "
     "standardised one is not, with its whole interval within the margin. "
     "Strata of the covariates are weighted alike in both groups; an FNR is "
     "standardised over people with the finding.\n\n"
     "What to do: explained is not excused. People still meet the crude gap. "
     "Ask why the groups differ in the covariate (access, referral, device) "
     "and improve the model on the cases that the worse-off group has more "
     "of."},
    {"PB111", "Gap remains after standardising",
     "The gap between two groups is shown before and after both are given the "
     "same distribution of the chosen covariates. Their different case mix is "
     "not the reason, or not all of it.\n\n"
     "Found when the crude and the standardised difference are both shown "
     "with the same sign, each corrected for the number of comparisons. The "
     "part that is explained stands beside it with its interval.\n\n"
     "What to do: look for causes other than these covariates: image "
     "acquisition, quality of labels, too few training cases. The covariates "
     "in the table may also measure the case mix too coarsely."},
    {"PB112", "Gap reverses after standardising",
     "The group that looks better off in the crude figures is worse off among "
     "like cases: Simpson's paradox. The crude gap then says more about which "
     "cases the groups have than about the model.\n\n"
     "Found when the crude and the standardised difference are both shown, "
     "with opposite signs.\n\n"
     "What to do: report both, with the covariates. Decide from the question "
     "which one matters: what people of a group meet (crude) or how the model "
     "treats like cases (standardised). Check that the covariate is not "
     "itself caused by the model or by the finding."},
    {"PB113", "Gap appears only after standardising",
     "The groups look alike in the crude figures, but among like cases one is "
     "worse off; a different case mix had made up for it.\n\n"
     "Found when the standardised difference is shown and the crude one is "
     "not, each corrected for the number of comparisons.\n\n"
     "What to do: take the standardised gap seriously wherever the case mix "
     "may change: at another site or after a change of referral the crude gap "
     "will appear. Look at the strata in which the groups differ."},
    {"PB610", "Groups without common support",
     "Groups have too little in common in the covariates to be compared like "
     "with like. A covariate that separates them completely (a level that "
     "only one group has) leaves nothing to weigh, and weights are refused; "
     "standardising by strata is refused when the strata that all groups have "
     "hold less than 80 % of the target distribution.\n\n"
     "Found by counting the rows of each level and stratum in each group, and "
     "by a logistic model of the group that has no finite maximum.\n\n"
     "What to do: leave the covariate out, merge its levels or use wider "
     "--bins, or restrict the table to cases that all groups have and say so. "
     "No statistical method can adjust here without inventing data."},
    {"PB611", "Imbalance left after weighting",
     "After inverse-probability weighting some covariate still differs "
     "between a group and its reference by more than 0.1 standard deviations, "
     "or a single row holds more than 5 % of its group's weight. The weighted "
     "gap then is not adjusted for all of it, or hangs on few cases.\n\n"
     "Found from the standardised differences of every level before and after "
     "weighting, and the largest weight. The effective sample size says how "
     "many rows the weights leave.\n\n"
     "What to do: rely on the gap standardised by strata where it covers the "
     "target, give numbers in --bins, or compare fewer covariates."},
    {"PL112", "What standardising cannot do",
     "Standardising compares groups with the same distribution of the "
     "covariates that were named and are in the table. It cannot adjust for "
     "what was not recorded or is measured coarsely, and it does not say why "
     "the groups differ in a covariate.\n\n"
     "A covariate may itself be a consequence of belonging to the group (a "
     "portable device because of the ward, a later stage because of access to "
     "care). Adjusting for it takes away a part of the very gap that is "
     "asked about. The choice of covariates is an assumption that no number "
     "here tests.\n\n"
     "What to do: name the covariates before the run, with the reason for "
     "each; always report the crude gap beside the standardised one; never "
     "read \"explained\" as \"excused\"."},
};

}  // namespace

std::span<const Rule> CaseMixRules() { return kRules; }

}  // namespace plumbline
