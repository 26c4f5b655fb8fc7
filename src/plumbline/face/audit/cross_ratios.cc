#include <algorithm>
#include <cmath>

#include "plumbline/face/audit/grouping_audit.h"
#include "plumbline/face/statistics/cell_covariance.h"
#include "plumbline/stats/multiple_testing.h"

namespace plumbline::face {
namespace {

// One grouping's ratios at one threshold.
class CrossRatios {
 public:
  CrossRatios(const AuditContext& context, const GroupingData& data,
              int threshold, const FalseMatchRates& rates,
              std::span<const Hit> accepted)
      : context_(context),
        data_(data),
        threshold_(threshold),
        rates_(rates),
        covariance_(data.counts, data.groups, accepted) {}

  void AddOverWithin() {
    const int groups = data_.groups.groups;
    for (int g = 0; g < groups; ++g) {
      for (int h = 0; h < groups; ++h) {
        if (g == h) continue;
        Add("over_within", {g, h}, {g, g});
        Add("over_within", {g, h}, {h, h});
      }
    }
    Correct();
  }

  void AddAsymmetry() {
    const int groups = data_.groups.groups;
    for (int g = 0; g < groups; ++g) {
      for (int h = g + 1; h < groups; ++h) Add("asymmetry", {g, h}, {h, g});
    }
    Correct();
  }

  std::vector<FaceCrossRatio> Take() { return std::move(ratios_); }

 private:
  bool Usable(CellPlace cell) const {
    return rates_.cell(cell.reference, cell.probe).n > 0 &&
           Guarded(rates_.cell(cell.reference, cell.probe),
                   std::min(data_.subjects[cell.reference],
                            data_.subjects[cell.probe]),
                   context_.options)
                   .reason == nullptr;
  }

  void Add(const char* kind, CellPlace cell, CellPlace over) {
    if (!Usable(cell) || !Usable(over)) return;
    const RateEstimate& a = rates_.cell(cell.reference, cell.probe);
    const RateEstimate& b = rates_.cell(over.reference, over.probe);
    const SharedCovariance covariance = covariance_.Of(cell, over);
    ratios_.push_back(
        {.threshold = threshold_,
         .grouping = data_.grouping,
         .kind = kind,
         .reference = GroupId(context_.input, data_, cell.reference),
         .probe = GroupId(context_.input, data_, cell.probe),
         .over_reference = GroupId(context_.input, data_, over.reference),
         .over_probe = GroupId(context_.input, data_, over.probe),
         .ratio = RatioOfSharedRates(a, b, covariance, context_.options.level),
         .correlation = covariance.all / std::sqrt(a.variance * b.variance),
         .n = a.n + b.n});
  }

  // The ratios since the last time, together.
  void Correct() {
    std::vector<double> p;
    for (size_t i = corrected_; i < ratios_.size(); ++i) {
      p.push_back(ratios_[i].ratio.p);
    }
    for (const double adjusted : Holm(p)) {
      ratios_[corrected_++].p_adjusted = adjusted;
    }
  }

  const AuditContext& context_;
  const GroupingData& data_;
  int threshold_;
  const FalseMatchRates& rates_;
  CellCovariance covariance_;
  std::vector<FaceCrossRatio> ratios_;
  size_t corrected_ = 0;
};

}  // namespace

void AddCrossRatios(const AuditContext& context, const GroupingData& data,
                    int threshold, const FalseMatchRates& rates,
                    FaceAuditResult* result) {
  CrossRatios ratios(
      context, data, threshold, rates,
      AtOrAbove(data.hits, result->thresholds[threshold].fitted.value));
  ratios.AddOverWithin();
  ratios.AddAsymmetry();
  for (FaceCrossRatio& ratio : ratios.Take()) {
    result->cross_ratios.push_back(ratio);
  }
}

}  // namespace plumbline::face
