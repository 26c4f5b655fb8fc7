// Rules about models of several classes and several models in one table.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

// Each text says what the code means, how it is found and what to do.
constexpr Rule kRules[] = {
    {"PB106", "Gap in recognising classes",
     "A model of several classes decides rightly more often in one group than "
     "in another: accuracy, balanced accuracy (the mean of the classes' "
     "recalls) or the recall of a single class differs by more than chance "
     "explains. A patient of the worse group more often gets the name of "
     "another disease.\n\n"
     "The decision is the class with the highest score; no threshold is "
     "chosen. Found as PB101 is. Accuracy also differs where one group has "
     "more "
     "of the easy classes; balanced accuracy does not.\n\n"
     "What to do: read the confusion matrices of the groups side by side: "
     "which "
     "class is taken for which? Then look at those images, and at the number "
     "of "
     "training images of that class in the group."},
    {"PB203", "Gap in telling classes apart",
     "A model of several classes ranks rows of the right class above others "
     "less well in one group: the mean over classes of the one-vs-rest AUROC "
     "differs by more than chance explains. No choice of thresholds makes up "
     "for that.\n\n"
     "Found from the AUROC of each class against the rest, averaged with equal "
     "weight, with an interval that counts subjects. Hand and Till's M, beside "
     "it, compares classes in pairs and does not depend on how common they "
     "are: where only the first differs, the mix of classes may be why.\n\n"
     "What to do: see in the classes' own sections which class carries the "
     "gap; look at that class in the worst group."},
    {"PB609", "Class without rows or with few subjects",
     "The model knows a class that no labelled row has, or that fewer subjects "
     "have than the minimum. Averages over classes count every class alike, so "
     "a class of five people weighs as much as one of five thousand; where a "
     "class is absent there is no average over all classes at all.\n\n"
     "Found by counting rows and subjects of every class. A group without rows "
     "of a class gets no average either, with the reason \"class_absent\": an "
     "average over the classes that are there would be another quantity.\n\n"
     "What to do: check the spelling of the classes. Give classes that these "
     "data cannot hold no score column, or merge rare ones before the audit "
     "and say so."},
    {"PL111", "Scores of classes are no probabilities",
     "The scores of the classes do not sum to 1 in every row (to within 0.01). "
     "They may be separate yes-or-no outputs, one a class, or log-odds turned "
     "into probabilities one by one.\n\n"
     "Areas under curves, accuracy and everything about single classes do not "
     "need the sum; Brier score and log loss over classes do, and are left "
     "out.\n\n"
     "What to do: nothing, if the model's outputs are meant so. If they should "
     "be a softmax, write its probabilities into the table."},
    {"PL118", "Models audited on different rows",
     "Several models of one label were given and some rows have a score of one "
     "model only. Each model is audited on the rows that it has a score for, "
     "so "
     "their figures are about different people.\n\n"
     "Found by comparing where scores are missing, among the rows with a "
     "label.\n\n"
     "What to do: find out why scores are missing (a model may refuse hard "
     "images), and keep the rows that all models have for a comparison."},
};

}  // namespace

std::span<const Rule> MulticlassRules() { return kRules; }

}  // namespace plumbline
