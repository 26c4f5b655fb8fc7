// What the codes of a survey mean: SV1xx disparities, SV2xx marginalised
// groups, SV3xx drivers.
#include "plumbline/survey/survey.h"

namespace plumbline::survey {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
    {"SV101", "Lost on the way",
     "The steps from the table to the cohort lose one group more often than "
     "others.\n\n"
     "Found by the share of each group's subjects that the declared flow "
     "keeps, "
     "over that of all others (Koopman's interval); below 0.9 with an adjusted "
     "p below --alpha.\n\n"
     "What to do: look at which step loses them, and whether it has to. A "
     "claim about the cohort is no claim about those who fell out."},
    {"SV102", "Underrepresented",
     "A group has less than 0.8 of the share that the declared reference "
     "population has.\n\n"
     "Found by the share of subjects over the declared share, among the groups "
     "that the population speaks of; the p-value is that of the difference "
     "from the declared share. A declared group of whom nobody is in the table "
     "has a share of 0: look for another spelling first.\n\n"
     "What to do: collect more of this group before training, or restrict the "
     "claim."},
    {"SV103", "Attribute not known",
     "For more than 5 % of the subjects an attribute is missing, unknown, "
     "declined or not collected. Those answers are kept apart from one "
     "another and from every group, \"other\" included.\n\n"
     "What to do: find out why, and for whom. No statement about groups covers "
     "these people."},
    {"SV104", "Label prevalence differs",
     "A label is given more or less often in one group than in the reference "
     "group: the standardised difference is above 0.1 (0.25 is large).\n\n"
     "Found by rates with intervals that are clustered by subject, one test "
     "for each label and group, adjusted by Benjamini and Yekutieli.\n\n"
     "What to do: ask whether the disease differs or the label does. A model "
     "that learns the group can use the difference in place of the disease."},
    {"SV105", "Labels missing by group",
     "A label is missing, uncertain or not mentioned more often in one group "
     "than in another (risk ratio above 1.25). Coded as negative, as published "
     "pipelines do, \"negative\" would not mean the same in each group.\n\n"
     "The report also gives the difference in prevalence with missing labels "
     "taken as negative, as positive and left out.\n\n"
     "What to do: re-label a sample of both groups, or leave these rows out "
     "and "
     "say so."},
    {"SV107", "Images made otherwise",
     "A column of the table or a fact of the images' headers (view, device, "
     "exposure, spacing) is distributed otherwise in one group than in the "
     "reference group: the standardised difference is above 0.1, or the two "
     "have no level in common.\n\n"
     "Found by Welch's test for numbers and chi-squared for words; where fewer "
     "than 5 are expected in a cell, by exact tests of each level.\n\n"
     "What to do: stratify the test by it; a model can tell the groups apart "
     "by it alone."},
    {"SV113", "Several values of one attribute",
     "Subjects have rows with different groups of one attribute. The rule of "
     "mapping.toml was applied (keep, conflicting, majority, first, last).\n\n"
     "What to do: settle the value with those who recorded it."},
    {"SV117", "Pixels differ",
     "A measure of the pixels (brightness, contrast, sharpness, noise, field) "
     "differs between groups by more than 0.1 standard deviations.\n\n"
     "What to do: find out whether the device, the exposure, the processing or "
     "the body makes the difference, before a network learns it."},
    {"SV201", "Too few for an estimate",
     "Some groups and intersections have too few cases for a false-negative "
     "rate within --half-width points: z sqrt(p (1 - p) deff / n) with p = 0.2 "
     "and the design effect of all images of one person alike.\n\n"
     "What to do: make no claim about them, or collect more."},
    {"SV202", "Disadvantages meet",
     "Two or more of these hold for one group or intersection: "
     "underrepresented, lost on the way, labels missing more often (shrunken "
     "rate above 1.25 times that of all others), images of other sharpness.\n\n"
     "What to do: look at this group first."},
    {"SV204", "Small cells",
     "Groups and intersections with few people: published counts would give "
     "them away.\n\n"
     "What to do: do not publish counts of these cells."},
    {"SV301", "Label goes with how images were made",
     "A label goes with a column of the table or a fact of the images' headers "
     "(view, device, site, exposure): Cramer's V, corrected for bias, is at "
     "least 0.1. Sick people are imaged in bed, say, and a model that sees the "
     "bed need not see the disease.\n\n"
     "Found by one row of each person; p adjusted over all labels and columns "
     "(Benjamini and Yekutieli).\n\n"
     "What to do: report results within each level of it, or balance it in "
     "training."},
    {"SV302", "Composition",
     "More than half of a difference in prevalence goes with another mix of a "
     "covariate (Kitagawa 1955), and the interval of that part is clear of "
     "0.\n\n"
     "What to do: compare and test within levels of the covariate."},
    {"SV305", "Simpson's reversal",
     "The difference between two groups has one sign overall and the other at "
     "equal levels of a covariate, and neither can be chance: both p-values, "
     "adjusted for all that were looked at, are below --alpha.\n\n"
     "What to do: do not report or train on the overall difference."},
    {"SV306", "Told from how images were made",
     "A logistic regression on columns and header facts alone tells a group "
     "from all others with an AUROC above 0.6, on people it was not fitted "
     "on.\n\n"
     "What to do: hold these constant before anybody says that a network reads "
     "the group from anatomy."},
    {"SV307", "Mix depends on site, device or time",
     "The groups are distributed otherwise at one site, on one device or in "
     "one year than elsewhere (population stability index above 0.1).\n\n"
     "What to do: split and report by it."},
    {"SV308", "Images that cannot be read",
     "Files are missing or damaged. plumbline pack lists each with the "
     "reason.\n\n"
     "What to do: copy them again; ask whether they are lost at random."},
    {"SV309", "Declared comparison out of reach",
     "With the cases at hand a comparison that was declared ([[contrast]] in "
     "cohort.toml) has a power of 0.8 only for gaps above its margin.\n\n"
     "What to do: collect more, or declare a wider margin before the model "
     "exists."},
    {"SV316", "Told from the labels",
     "The labels alone tell a group from all others with an AUROC above 0.6: "
     "what is called a leak of the group from images may be the disease.\n\n"
     "What to do: measure a leak within labels."},
    {"SV317", "Parts of the split differ",
     "An attribute or a label is distributed otherwise in one part of the "
     "split than in another (standardised difference above 0.1).\n\n"
     "What to do: if that is not meant, split anew with plumbline split."},
    {"SV318", "Subjects on both sides of the split",
     "Images of one person are in several parts. Every result on these parts "
     "is too good.\n\n"
     "What to do: split by subject (plumbline split)."},
    {"SV326", "Told from simple measures of the pixels",
     "Brightness, contrast, sharpness, noise and the like tell a group from "
     "all others with an AUROC above 0.6, on people who were not used for "
     "fitting. No network is needed for that much.\n\n"
     "What to do: report what a network adds to it."},
    {"SV328", "Pictures on both sides of the split",
     "The same picture, or a version of it (mirrored, turned, inverted, "
     "cropped, brightened), is in several parts of the split.\n\n"
     "Found by hashes of the decoded pixels, and by 64-bit perceptual hashes "
     "within 6 bits that a comparison of details confirms.\n\n"
     "What to do: keep the groups that are listed together when splitting."},
    {"SV336", "Site told from simple measures of the pixels",
     "Which site an image comes from can be told from brightness, sharpness "
     "and "
     "the like (\"name that data set\", Torralba and Efros 2011).\n\n"
     "What to do: hold out whole sites for the test."},
    {"SV338", "Pictures that are there several times",
     "Copies and changed versions within one part of the cohort count a case "
     "several times.\n\nWhat to do: count each once."},
    {"SV348", "One picture, several people",
     "The same picture is filed under several subjects.\n\n"
     "What to do: find out whose it is; attributes and labels of the others "
     "are wrong."},
    {"SV358", "One picture, contradicting labels",
     "Copies of a picture have different labels. The rate is a lower bound on "
     "how often labels are wrong.\n\nWhat to do: have them read again."},
};

}  // namespace

std::span<const Rule> SurveyRules() { return kRules; }

}  // namespace plumbline::survey
