#include "plumbline/audit/gaps.h"

namespace plumbline {
namespace {

constexpr GapMeasure kMeasures[] = {
    {"max_min", "Largest difference between groups",
     "The highest minus the lowest value over the groups. Above zero by chance "
     "alone: compare it with the null.",
     true},
    {"max_ratio", "Largest ratio between groups",
     "The highest over the lowest value.", true},
    {"heterogeneity", "Test that all groups are equal",
     "Cochran's chi-squared statistic; sensitive to many small differences.",
     true},
    {"difference_reference", "Difference to the reference group",
     "The group's value minus the reference group's.", true},
    {"ratio_reference", "Ratio to the reference group",
     "The group's value over the reference group's.", false},
    {"difference_rest", "Difference to everyone else",
     "The group's value minus that of all other groups together.", false},
    {"ratio_rest", "Ratio to everyone else",
     "The group's value over that of all other groups together.", false},
    {"difference_overall", "Difference to everyone",
     "The group's value minus everyone's, the group included.", false},
    {"ratio_overall", "Ratio to everyone",
     "The group's value over everyone's, the group included.", false},
    {"gini", "Gini coefficient",
     "How unequally the metric is spread over groups, weighted by their size; "
     "0 is equal.",
     false},
    {"theil", "Theil index",
     "As Gini, more sensitive to groups far above the mean; 0 is equal.",
     false},
    {"demographic_parity", "Demographic parity",
     "The largest difference in selection rate.", true},
    {"equal_opportunity", "Equal opportunity",
     "The largest difference in sensitivity.", true},
    {"equalised_odds", "Equalised odds",
     "The larger of the largest differences in sensitivity and in "
     "false-positive rate.",
     true},
    {"predictive_parity", "Predictive parity",
     "The largest difference in positive predictive value.", true},
    {"calibration_within_groups", "Calibration within groups",
     "The largest difference in calibration intercept.", true},
    {"underdiagnosis", "Underdiagnosis",
     "The false-negative rate of the group that is most probably worst, minus "
     "the reference group's.",
     true},
    {"amplification", "Amplification",
     "The model's gap in positive rate to the reference group, minus the gap "
     "that the labels themselves have.",
     true},
};

}  // namespace

std::span<const GapMeasure> GapRegistry() { return kMeasures; }

const GapMeasure* FindGapMeasure(std::string_view name) {
  for (const GapMeasure& measure : kMeasures) {
    if (name == measure.name) return &measure;
  }
  return nullptr;
}

}  // namespace plumbline
