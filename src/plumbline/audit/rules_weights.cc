// Rules about sampling weights.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

constexpr Rule kRules[] = {
    {"PB608", "Few rows carry most of the weight",
     "The weights of a group are so unequal that its rows say no more than "
     "fewer than half as many rows of equal weight would. Such a figure "
     "rests on a few images, and a single wrong label among them moves it.\n\n"
     "Found by Kish's effective sample size, (sum w)^2 / sum w^2, of groups "
     "with at least --minimum rows. The severity is medium if it lies below "
     "--minimum.\n\n"
     "What to do: look at the largest weights. Trim them or sample more of the "
     "kind of image that they stand for, and say so; compare with the audit "
     "without weights."},
    {"PL110", "Figures are weighted",
     "Every figure counts a row by its weight (--weight). The intervals take a "
     "weight as the inverse of the probability that the row was sampled: a "
     "row with weight 20 stands for 20 images, but is one observation. They "
     "take the weights as known and the sampled subjects as drawn "
     "independently.\n\n"
     "Weights that count identical rows (frequencies) give the right figures "
     "but too wide intervals; repeat the rows instead. Weights that state how "
     "exactly a row was measured (precisions) mean something else and should "
     "not be given. Where the weights were estimated, for example from a "
     "model of who was sampled, that uncertainty is not in the intervals. n "
     "counts rows with a weight above 0.\n\n"
     "What to do: state beside the report where the weights come from, and "
     "read the effective sample size beside n."},
};

}  // namespace

std::span<const Rule> WeightRules() { return kRules; }

}  // namespace plumbline
