#include "plumbline/face/audit/face_rules.h"

namespace plumbline::face {
namespace {

constexpr Rule kRules[] = {
    {"PF101", "False matches are more frequent in a group",
     "At the common threshold, two different people of this group are taken "
     "for one person more often than two people of the reference group. The "
     "whole interval of the ratio lies above 1 after correction for the number "
     "of comparisons of groups (Holm).\n\n"
     "Found from the comparisons within each group. Comparisons share people, "
     "so the variance is dyadic cluster-robust: a few people whom many others "
     "resemble cannot make a finding by themselves.\n\n"
     "What to do: ask the vendor for a threshold at which the worst group "
     "meets the target, and look what it costs in false non-matches; do not "
     "use one-to-many search with a threshold that was set on another group. "
     "A threshold of its own for each group needs to know the group of "
     "everyone who is looked at: reported here for diagnosis, not as advice."},
    {"PF102", "A group is provably outside the target false-match rate",
     "Even the lower limit of the group's false-match rate exceeds the rate "
     "that the threshold was set for.\n\n"
     "A threshold is usually set on all comparisons together, of which those "
     "between different groups are many and seldom match. People are more "
     "often taken for somebody of their own group.\n\n"
     "What to do: set the threshold by the worst group's own comparisons (see "
     "own_threshold), or state the rate of each group instead of one."},
    {"PF103", "False-match rates are not equal over groups",
     "The omnibus test rejects that all groups of a grouping have one "
     "false-match rate. It says that there is a difference, not where; the "
     "ratios say where."},
    {"PF104", "False-match rates are equal within the stated ratio",
     "Two one-sided tests show that the ratio of the two groups lies inside "
     "the limit of --equivalence-ratio. Only this shows parity; that no "
     "difference was found does not."},
    {"PF201", "False non-matches are more frequent in a group",
     "At the common threshold, two pictures of one person of this group are "
     "taken for two people more often than in the reference group.\n\n"
     "Found from genuine comparisons, clustered by person. Often the cause is "
     "how the pictures were taken (light, exposure, age of the picture).\n\n"
     "What to do: compare the capture of the groups; see failures (PF203)."},
    {"PF202", "False non-match rates are not equal over groups",
     "As PF103, for genuine comparisons."},
    {"PF203", "Comparisons fail more often in a group",
     "No score could be computed for a larger share of this group's "
     "comparisons: pictures in which no face was found or from which no "
     "template could be made. With --failures positive a failure counts as "
     "no match, with negative as a match; exclude leaves it out and hides it "
     "from both rates."},
    {"PF301", "People are taken as independent",
     "The input has no subject ids and --assert-independent was given: every "
     "comparison is taken to be of people who occur in no other. If people "
     "occur in several, intervals are too narrow: in simulations a nominal "
     "95 % interval then covers 39 to 75 %.\n\n"
     "What to do: get the subject ids from whoever computed the scores."},
    {"PF302", "The threshold was set on the audited comparisons",
     "The threshold that reaches the target was found on the same comparisons "
     "that it is judged on. The bootstrap finds it anew in every replicate, "
     "so the intervals of disparity measures allow for that; those of single "
     "rates hold for the threshold as it stands.\n\n"
     "What to do: give the threshold in use, or a calibration set "
     "(--calibrate-on)."},
    {"PF303", "Genuine scores are lower than impostor scores",
     "On average two pictures of one person are less alike than pictures of "
     "two people. Either the scores are distances (then use --distance) or "
     "something is wrong with the columns. The direction is never guessed."},
    {"PF304", "The calibration set and the audit share people",
     "Ids of the calibration set occur in the audited comparisons as well. A "
     "threshold that is set on the people it is judged on looks better than it "
     "is, and the replicates draw the two sets as if they were of different "
     "people.\n\n"
     "What to do: split by person, not by comparison."},
    {"PF401", "A group is too small",
     "The group has fewer subjects than the minimum, or its cell fewer "
     "comparisons; nothing is said about it. The minimum can only be raised: "
     "rates of few people tell about these people."},
    {"PF402", "The target cannot be reached",
     "There are fewer impostor comparisons than the target's inverse, or the "
     "highest score already occurs too often. No threshold is extrapolated.\n\n"
     "What to do: choose a larger rate, or compare more people."},
    {"PF403", "What the numbers do not say",
     "Rates are those of the people and pictures compared, under the pairing "
     "that the input has. Equal rates do not make a use of face recognition "
     "acceptable, and unequal ones at a test do not say what happens at a "
     "gate. Groups are as supplied; nothing was inferred from pictures."},
    {"PF404", "No match between others was seen in a group",
     "Not one false match was seen, so the rate is only known to lie below a "
     "limit. Two are given: 3/n with all n comparisons (as if they were "
     "independent), and with only as many as there are pairs of people "
     "without one in common."},
    {"PF405", "Only the highest scores are known one by one",
     "All pairs of embeddings were compared, and those above a cut kept. Rates "
     "and thresholds above it are exact. Below it, own thresholds of groups "
     "whose scores are low are not known; curves, equal-error rates and means "
     "of impostor scores rest on 200,000 pairs of each group, drawn at "
     "random by --seed.\n\n"
     "What to do: ask for a larger false-match rate as well (--at "
     "fmr=0.001,fmr=0.01); the cut follows the largest."},
    {"PF501", "The library crashed or hung",
     "Calls of the audited library ended its process or did not answer within "
     "--call-limit. Each is a failure to enrol, to acquire or to compare, and "
     "the process was started again.\n\n"
     "What to do: ask the vendor; see `library` in face.json for how often and "
     "where."},
    {"PF502", "The library gives scores that are none",
     "The interface demands a similarity of 0 or more with every success. A "
     "negative score or one that is no number was given with success and "
     "counts as a failed comparison."},
    {"PF503", "Few scores are different",
     "Fewer than half of the scores are different, which NIST's package does "
     "not accept: thresholds can be set between few values alone, so a target "
     "rate is met coarsely."},
    {"PF504", "The library gives other scores the second time",
     "One in a hundred comparisons was made twice with the same templates and "
     "did not give the same score."},
    {"PF505", "Not all protections against the library are in force",
     "The library runs in a process of its own with system calls filtered. "
     "Namespaces, Landlock or limits are not offered by this machine: it could "
     "read more than its own files. Run it where they are, or read the code "
     "that you run."},
    {"PF506", "Impostor comparisons are a sample",
     "There are more pairs of pictures than --impostors, so that many were "
     "drawn at random by --seed. Rates are those of all pairs, less "
     "precisely."},
};

}  // namespace

std::span<const Rule> FaceRules() { return kRules; }

}  // namespace plumbline::face
