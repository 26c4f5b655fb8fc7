// Rules about the data and what they can bear: PB6xx data, PB7xx not enough of
// them, PB8xx gates.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
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
};

}  // namespace

std::span<const Rule> DataRules() { return kRules; }

}  // namespace plumbline
