// Rules about gaps between groups: PB1xx error rates, PB2xx discrimination,
// PB3xx calibration, PB4xx utility.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
    {"PB101", "Underdiagnosis gap",
     "The model misses disease more often in one group than in another: the "
     "false-negative rate (FNR, the share of people with the finding whom the "
     "model does not flag) differs between groups by more than chance "
     "explains. Patients of the worse group are sent home more often although "
     "they are ill.\n\n"
     "Found by comparing the FNR of the groups of one attribute or of an "
     "intersection. The gap is reported only if it is larger than the gap that "
     "equal groups of these sizes would show by chance (the p value is "
     "adjusted for the number of comparisons); the worst group is named by its "
     "posterior probability, so that a small group is not blamed for noise.\n\n"
     "What to do: look at the worst group's missed cases; check whether their "
     "labels are as reliable as others'; check that the training data held "
     "enough of them; consider a threshold that meets the sensitivity you need "
     "in every group, and audit again on rows that were not used to choose "
     "it."},
    {"PB102", "False-alarm gap",
     "The model raises false alarms more often in one group: the "
     "false-positive rate (FPR, the share of people without the finding whom "
     "the model flags) differs between groups by more than chance explains. "
     "The worse group bears more needless follow-up, and for a model that "
     "detects \"no finding\" a false alarm is a missed disease.\n\n"
     "Found as PB101 is, on rows with label 0.\n\n"
     "What to do: look at the false alarms of the worst group for a shared "
     "cause (devices, views, support lines, another disease). If the FNR of "
     "the same group is lower than the others', the group's scores are shifted "
     "as a whole: look at calibration (PB301) before you move a threshold."},
    {"PB103", "Selection-rate gap",
     "The model flags one group more often than another. That alone is no "
     "fault: groups may truly differ in how common the finding is. It matters "
     "where a flag gives or withholds something scarce, such as an early "
     "reading or a follow-up visit.\n\n"
     "Found by comparing the share of all rows that are flagged, whatever "
     "their label. Compare it with PB105, which takes the labels' own "
     "difference away.\n\n"
     "What to do: compare the groups' prevalences in the same report. If those "
     "explain the difference, say so; if not, look at the error rates (PB101, "
     "PB102) to see in which direction the model errs."},
    {"PB104", "Gap in another error rate or predictive value",
     "A rate other than FNR, FPR and selection rate differs between groups by "
     "more than chance explains: for example the positive predictive value "
     "(how often a flag is right), the negative predictive value, accuracy or "
     "F1. What a flag means to the doctor who sees it then depends on the "
     "patient's group.\n\n"
     "Found as PB101 is, each metric on its own denominator. Predictive "
     "values, accuracy and F1 depend on prevalence: two groups with equal FNR "
     "and FPR but different prevalence differ in them.\n\n"
     "What to do: first see whether FNR and FPR differ as well. If they do "
     "not, the gap comes from prevalence; report predictive values for each "
     "group rather than one number for all."},
    {"PB105", "Amplification of a difference",
     "The difference between groups in how often the model flags is larger "
     "than the difference in how often the finding is really there: the model "
     "amplifies what it saw in the data.\n\n"
     "Found as the group's flagged rate minus the reference group's, minus the "
     "same difference of the labels, with an interval that takes both from "
     "the same people.\n\n"
     "What to do: treat it as a sign that the model uses the group, or "
     "something that goes with it, as evidence for the finding. Look for "
     "shortcuts (site, device, view position), and check whether the labels "
     "themselves were made with knowledge of the group."},
    {"PB201", "Gap in discrimination (AUROC)",
     "The model ranks ill above healthy people less well in one group: the "
     "area under the ROC curve (AUROC) differs by more than chance explains. "
     "No choice of threshold repairs that.\n\n"
     "Found by comparing the groups' AUROC, with DeLong's variance, or "
     "Obuchowski's where a subject has several rows. A group's AUROC also "
     "depends on its mix of cases: a group with subtler disease or sicker "
     "controls has a lower one under the same model.\n\n"
     "What to do: compare the severity and the alternative diagnoses of the "
     "groups; check the image quality and devices of the worse group; more or "
     "better training data for that group helps, thresholds do not."},
    {"PB202", "Gap in average precision (AUPRC)",
     "Average precision (area under the precision-recall curve) differs "
     "between groups. Be careful: a model that gives no information has an "
     "AUPRC equal to the prevalence, so a group in which the finding is rarer "
     "has a lower AUPRC under a perfectly even-handed model.\n\n"
     "Found by comparing the groups' average precision with a bootstrap by "
     "subject.\n\n"
     "What to do: read it together with the prevalence and the AUROC of the "
     "same groups. If AUROC does not differ and prevalence does, this is not "
     "evidence against the model."},
    {"PB301", "Gap in calibration between groups",
     "The same score means a different risk in different groups: among people "
     "scored 0.3, more of one group are ill than of another. The calibration "
     "intercept (scores too low or too high throughout), the slope (too "
     "extreme or too timid) or the ratio of observed to expected cases "
     "differs between groups by more than chance explains.\n\n"
     "Found by a logistic regression of the label on the log-odds of the score "
     "within each group, with standard errors clustered by subject, and by the "
     "ratio of the number of cases to the sum of the scores.\n\n"
     "What to do: do not use one threshold on these scores for all groups "
     "before they are recalibrated. Recalibrating for each group needs the "
     "group at the time of use, which may not be wanted or allowed; "
     "recalibrating for each site often removes most of the gap."},
    {"PB302", "Miscalibrated overall",
     "The scores are not probabilities: over everyone, the number of cases "
     "expected from the scores differs from the number observed, or the scores "
     "are too extreme or too timid. This is about everyone, not about one "
     "group.\n\n"
     "Found when the interval of the calibration intercept excludes 0 or that "
     "of the slope excludes 1. Models trained with class weights or balanced "
     "sampling always show it; so do logits that were taken for "
     "probabilities.\n\n"
     "What to do: if the scores are log-odds, add --logit. Otherwise "
     "recalibrate on rows that are not audited. Ranking metrics (AUROC) and "
     "metrics at a threshold fitted by --at are not affected; the fixed "
     "threshold 0.5 and net benefit are."},
    {"PB303", "Gap in expected calibration error (ECE)",
     "The average distance between score and observed frequency is larger in "
     "one group. ECE is above zero even for a perfectly calibrated model, and "
     "the more so the smaller the group, so small groups look worse by "
     "construction.\n\n"
     "Found by comparing the groups' ECE with bins of equal counts, each "
     "reported with the value that chance alone would give it.\n\n"
     "What to do: prefer the calibration intercept and slope (PB301), which do "
     "not have this flaw; use ECE only next to its expected value under "
     "perfect calibration."},
    {"PB401", "No net benefit in a group",
     "At the threshold in use, the model does a group more harm than good "
     "compared with doing without it: flagging everyone, or no one, in that "
     "group would have a higher net benefit.\n\n"
     "Found from decision-curve analysis: true positives minus false positives "
     "weighted by the odds of the threshold, per person, against treat-all and "
     "treat-none with the group's own prevalence. The threshold's odds are "
     "taken to be the harm of a false alarm relative to the benefit of a "
     "hit.\n\n"
     "What to do: check that the threshold really stands for that trade-off, "
     "and that scores are calibrated (PB302). If they are, the model should "
     "not be used for that group at that threshold."},
};

}  // namespace

std::span<const Rule> GapRules() { return kRules; }

}  // namespace plumbline
