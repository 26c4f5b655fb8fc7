// Rules about the limits of an audit: PL1xx.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
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

std::span<const Rule> LimitationRules() { return kRules; }

}  // namespace plumbline
