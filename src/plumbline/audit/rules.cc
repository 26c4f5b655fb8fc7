#include "plumbline/audit/rules.h"

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
    {"PB601", "Missing demographics",
     "An attribute is not recorded for some rows. Those rows form a group of "
     "their own, \"missing\", in every table; they are neither dropped nor "
     "added to another group.\n\n"
     "Found by counting empty cells and the texts that mean missing (see "
     "--missing). For every gap the report also gives the lowest and the "
     "highest value that the gap could have if the missing rows were known.\n\n"
     "What to do: complete the records where you can. If the bounds reach "
     "from \"no gap\" to \"large gap\", this data cannot answer the question, "
     "however small the reported gap is."},
    {"PB602", "Missingness goes with error",
     "The model errs more, or less, on rows whose attribute is missing than "
     "on the others. The records are then not missing at random, and a gap "
     "computed from the complete rows may be too small or too large.\n\n"
     "Found by a test of the error rate between missing and known rows, with "
     "subjects as the unit.\n\n"
     "What to do: find out why records are missing (emergency admissions, one "
     "site, one period). Report the bounds of the gap, not only its value."},
    {"PB603", "Subject in several groups of one attribute",
     "The same subject is recorded with different values of an attribute, such "
     "as two sexes or several races. For age bands this is natural, people "
     "grow older between images. For others it is a data-entry error, a "
     "changed record, or two people who share an identifier.\n\n"
     "Found by counting the subjects whose rows carry more than one known "
     "value of an attribute. Each row is counted in the group that stands in "
     "the row; intervals stay clustered by subject.\n\n"
     "What to do: settle the value for each subject in the table, for example "
     "by the latest record, or check that --subject names the right column."},
    {"PB604", "Duplicate rows",
     "Some rows are byte for byte copies of an earlier row. Counted twice, a "
     "case makes intervals narrower than they should be and may tilt every "
     "rate.\n\n"
     "Found by comparing whole rows as they stand in the file. Nothing is "
     "removed: the rows are counted as they are, because two equal rows can "
     "also be two true observations when the table holds few columns.\n\n"
     "What to do: remove the copies, or add a column that tells real "
     "repetitions apart (an image or study identifier), and run again. With "
     "--subject, copies of one subject's row do not narrow the intervals."},
    {"PB605", "Rows left out",
     "Rows without a label or without a score cannot be audited for that "
     "target and are left out, and counted here. They stay in for other "
     "targets of the same run.\n\n"
     "Found by counting, for each target, the rows whose label or score is "
     "missing.\n\n"
     "What to do: find out why they are missing. If images of one group more "
     "often have no score (unreadable, rejected by quality control) or no "
     "label, then the audit describes the easier cases of that group only."},
    {"PB606", "Attribute with very many levels",
     "An attribute has so many values that most of its groups are too small "
     "to say anything, and the correction for many comparisons hides what "
     "could be seen in fewer groups. Often the column is an identifier, a date "
     "or a number.\n\n"
     "Found when an attribute has many levels and few rows in most of "
     "them.\n\n"
     "What to do: give numbers in bins (--bins age=0,40,60,80), merge values "
     "in the table, or leave the column out of --by. If it identifies the "
     "patient, give it as --subject."},
    {"PB607", "Scores are decisions",
     "The scores take only a few distinct values, such as 0 and 1. Ranking "
     "and calibration metrics then describe the grid of values more than the "
     "model, and most threshold rules can only pick one of a few points.\n\n"
     "Found by counting the distinct values of the score column.\n\n"
     "What to do: export the model's continuous output. If only decisions "
     "exist, give the column as --decision; metrics that need scores are then "
     "left out and say so."},
    {"PB701", "Groups too small to estimate",
     "Some groups have too few rows for a metric: fewer than --minimum in the "
     "metric's own denominator (people with the finding for FNR, without it "
     "for FPR). They get no interval and take part in no gap. That they are "
     "not in a gap does not mean that the model works for them: nobody "
     "knows.\n\n"
     "Found by counting denominators, not rows: a group of 500 people with 3 "
     "cases cannot have an FNR.\n\n"
     "What to do: collect more cases of these groups, merge groups where that "
     "makes sense to a clinician, or say in the report that the model has not "
     "been validated for them."},
    {"PB702", "Gap cannot be told",
     "The data neither show a gap nor rule one out that would matter: the "
     "interval reaches from no gap to more than the margin. \"Not "
     "significant\" is not \"fair\" here.\n\n"
     "Found when the adjusted test shows no gap and the interval is not wholly "
     "inside the margin (--margin). The smallest gap that data of this size "
     "would have shown four times out of five is given beside it.\n\n"
     "What to do: use more data; the smallest detectable gap shrinks with the "
     "square root of the number of subjects in the smallest group. Until then "
     "claim nothing about this gap, in either direction."},
    {"PB703", "No gap above the margin",
     "The whole interval of the gap lies within the margin (--margin): with "
     "the stated confidence, any gap is smaller than what you said is of "
     "concern. This is the only finding that speaks for the model, and it "
     "speaks for this metric, these groups and this data alone.\n\n"
     "Found by an equivalence test: the interval of the gap against the "
     "margin.\n\n"
     "What to do: state the margin with the result, and that it was chosen "
     "before the data were seen, if it was."},
    {"PB801", "Gate failed",
     "A limit given with --gate is violated by the whole interval: not only "
     "the estimate but every value that the data allow lies beyond the "
     "limit. The command ends with exit code 1.\n\n"
     "Found by comparing both ends of the interval with the limit.\n\n"
     "What to do: see the findings on the same metric for the group and the "
     "size of the gap. Do not move the limit after seeing the result."},
    {"PB802", "Gate cannot be told",
     "A limit given with --gate lies inside the interval, or the quantity "
     "could not be estimated: this data can neither pass nor fail it. If no "
     "other gate failed, the command ends with exit code 4, which is neither "
     "the 0 of a pass nor the 1 of a failure.\n\n"
     "Found by comparing both ends of the interval with the limit.\n\n"
     "What to do: use more data of the groups concerned, or fewer and larger "
     "groups. Do not read it as a pass."},
    {"PL101", "Threshold chosen on the audited rows",
     "The threshold was fitted on the very rows that are audited "
     "(--tune-on-audited). Overall figures at that threshold are a little too "
     "good, and the fitted rate (such as FPR 0.2) is met by construction.\n\n"
     "The threshold is refitted in every bootstrap replicate, so that the "
     "intervals include the uncertainty of choosing it, but they cannot take "
     "the optimism away.\n\n"
     "What to do: mark rows for fitting in a column and use --tune-on "
     "COL=VALUE, or give the threshold that will be used in the clinic as a "
     "number."},
    {"PL102", "Rows taken as independent",
     "No subject column was given, so every row counts as a person of its "
     "own. If patients have several images, the intervals are too narrow and "
     "the p values too small, often by a lot.\n\n"
     "Nothing in a table of scores shows whether rows belong together; only "
     "an identifier does.\n\n"
     "What to do: give the patient's identifier with --subject. A pseudonym or "
     "a hash is enough, it is not written to any output."},
    {"PL103", "Many comparisons",
     "Many gaps are tested at once, and some of them would look unusual by "
     "chance. The p values are therefore adjusted, and a gap is called shown "
     "only by its adjusted p value; intervals are not adjusted.\n\n"
     "A family is a metric and a measure with the number of attributes in the "
     "grouping: the intersections do not weaken the statements on single "
     "attributes.\n\n"
     "What to do: name the few metrics and attributes that matter before the "
     "run (--metrics, --by, --cross), and read the rest as exploration."},
    {"PL104", "Groups taken as independent in the test of the largest gap",
     "The chance distribution of the largest difference is drawn as if the "
     "groups' people were different people. Where a subject has rows in "
     "several groups (PB603; age bands over years), that is only "
     "approximately so.\n\n"
     "The same person in two groups makes their rates alike, so the test is "
     "cautious as a rule. The intervals do not rest on this: they resample "
     "subjects.\n\n"
     "What to do: nothing, if few subjects are concerned. Otherwise keep one "
     "group for each subject."},
    {"PL105", "Closed forms only",
     "No bootstrap was run (--replicates 0). Metrics without a closed form "
     "(AUPRC, ECE, everything at a refitted threshold) and some gaps have no "
     "interval, and their cells say \"not requested\".\n\n"
     "The closed forms (Wilson, DeLong and Obuchowski, the delta method) are "
     "large-sample results; in small groups the bootstrap is no better.\n\n"
     "What to do: run with --replicates 1000 for a result that is to be "
     "handed on."},
    {"PL106", "Duplicate rows not counted",
     "It was not checked whether rows are copies of one another: the files "
     "are too large for it to be done unasked, or --no-duplicates was "
     "given.\n\n"
     "The check keeps 8 bytes for every row while reading and is on by default "
     "below 2 GB of input.\n\n"
     "What to do: if the table was joined from several sources, check it "
     "once, before the audit."},
    {"PL107", "Intervals describe sampling error only",
     "The intervals say how far the figures could be off because these people "
     "and not others were sampled. They do not cover wrong labels, labels that "
     "are wrong more often in one group, records filled in by the same doctors "
     "that the model imitates, or that other hospitals have other patients and "
     "devices.\n\n"
     "No computation on this table can measure those.\n\n"
     "What to do: state how labels were made and by whom; have a sample of "
     "each group re-read blindly; validate at another site before use "
     "there."},
    {"PL108", "Groups as recorded",
     "Groups are taken as they stand in the table. Race and ethnicity may be "
     "self-reported or assigned at a desk, sex may be a legal record, several "
     "answers may have been merged into one code; the categories differ "
     "between countries and years.\n\n"
     "The audit cannot tell how they were recorded.\n\n"
     "What to do: write beside the report who recorded the attribute, how, and "
     "what its values mean."},
};

}  // namespace

std::span<const Rule> AllRules() { return kRules; }

const Rule* FindRule(std::string_view code) {
  for (const Rule& rule : kRules) {
    if (rule.code == code) return &rule;
  }
  return nullptr;
}

}  // namespace plumbline
