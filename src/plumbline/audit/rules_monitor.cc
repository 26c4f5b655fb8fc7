// Rules about rates over time: PB91x, and the limits of following them.
#include "plumbline/audit/rule_families.h"

namespace plumbline {
namespace {

constexpr Rule kRules[] = {
    {"PB911", "Drift of an error rate in a group",
     "An error rate of a group is no longer what it was in the baseline: the "
     "model now misses more or fewer ill people, raises more or fewer false "
     "alarms, or its scores have come to stand too high or too low.\n\n"
     "Found by plumbline monitor with an e-value for each group and rate. It "
     "is small as long as the rate stays what it was, and grows when it does "
     "not; the chance that it ever crosses the line without drift is at most "
     "alpha for all groups and rates together, however often one looks. The "
     "baseline's own uncertainty is taken into account.\n\n"
     "What to do: look at the group's errors since the day of the alarm, and "
     "at what changed around it: devices, acquisition, software, patients, "
     "how labels are made. If prevalence drifted as well (PB912), predictive "
     "values drift without any change of the model."},
    {"PB912", "Drift of prevalence or selection rate in a group",
     "The share of a group that has the finding, or that the model flags, is "
     "no longer what it was in the baseline. Who is examined has changed, or "
     "how labels are made, or (selection rate only) how the model scores.\n\n"
     "Found as PB911 is, on all rows of the group.\n\n"
     "What to do: if prevalence and selection rate drift together and the "
     "error rates do not, the patients changed and the model follows. If the "
     "selection rate drifts alone, the scores shifted: look at PB911 for the "
     "false-positive rate and for observed minus expected."},
    {"PB913", "A gap between groups widened over time",
     "The difference between a group and its reference group is larger than "
     "it was in the baseline, by more than chance explains (high); or it has "
     "changed and now looks larger, but the baseline's gap is too uncertain to "
     "say that it was smaller (medium).\n\n"
     "Found from the confidence sequences of the two groups' drift: the "
     "change of the gap is shown if the two together, at a level corrected "
     "for all gaps, exclude no change. That is valid at any time, and careful: "
     "it needs more data than a test of one group's drift.\n\n"
     "What to do: see which of the two groups drifted (PB911), and audit the "
     "windows since then on their own with plumbline audit."},
    {"PB914", "Too few data to tell whether rates drifted",
     "For some groups and rates it can neither be said that they drifted nor "
     "that they stayed, on average, within the margin. \"No alarm\" does not "
     "mean \"no "
     "drift\" there.\n\n"
     "Found where no e-value crossed the line and the confidence sequence of "
     "the drift reaches beyond the margin, or where the baseline has fewer "
     "contributions than --minimum.\n\n"
     "What to do: wait for more data, take a longer baseline, follow fewer "
     "groups (--by, --cross), or choose a margin that the data can settle."},
    {"PL121", "Limits of following rates over time",
     "Evidence over time counts people, each with its mean over its rows in a "
     "window. Its guarantee needs that, if nothing drifts, a new contribution "
     "has the same expected value given all that came before. People who come "
     "back in several windows resemble themselves, so each is counted once, "
     "in the first window in which it has a row in the rate's denominator "
     "(--subject-visits every counts them anew in each window and rests on a "
     "stronger assumption). Counting once has its price: the first windows "
     "hold all patients, the later ones only new patients. A threshold fitted "
     "on the baseline flatters the baseline a little. Rows without a date are "
     "not audited, and a last window that is not yet over will change. With "
     "--expected a group that first appears later joins those tested, and an "
     "alarm then needs more evidence than before.\n\n"
     "What to do: give --subject where people have several rows; read a drift "
     "that begins right after the baseline with the change from all patients "
     "to new ones in mind; fit thresholds on rows of their own; fill in "
     "missing dates; run when a window has closed."},
};

}  // namespace

std::span<const Rule> MonitorRules() { return kRules; }

}  // namespace plumbline
