#include "plumbline/audit/missingness.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace plumbline {
namespace {

double MaxMin(const std::vector<RateCount>& groups) {
  double low = 1;
  double high = 0;
  for (const RateCount& group : groups) {
    low = std::min(low, group.events / group.trials);
    high = std::max(high, group.events / group.trials);
  }
  return high - low;
}

// Every way to deal the missing events and non-events to three groups.
RateBounds TryAll(const std::vector<RateCount>& known, int events,
                  int non_events) {
  RateBounds bounds{1, 0};
  for (int e0 = 0; e0 <= events; ++e0) {
    for (int e1 = 0; e0 + e1 <= events; ++e1) {
      for (int n0 = 0; n0 <= non_events; ++n0) {
        for (int n1 = 0; n0 + n1 <= non_events; ++n1) {
          const int e[] = {e0, e1, events - e0 - e1};
          const int n[] = {n0, n1, non_events - n0 - n1};
          std::vector<RateCount> groups = known;
          for (int g = 0; g < 3; ++g) {
            groups[g].events += e[g];
            groups[g].trials += e[g] + n[g];
          }
          const double gap = MaxMin(groups);
          bounds.lowest = std::min(bounds.lowest, gap);
          bounds.highest = std::max(bounds.highest, gap);
        }
      }
    }
  }
  return bounds;
}

TEST(BoundMaxMin, HoldsForEveryAssignment) {
  const std::vector<RateCount> known = {{10, 50}, {20, 40}, {12, 60}};
  const RateBounds tried = TryAll(known, 5, 8);
  const RateBounds bounds = BoundMaxMin(known, {5, 13});
  EXPECT_NEAR(bounds.highest, tried.highest, 1e-12);
  EXPECT_LE(bounds.lowest, tried.lowest + 1e-9);
  // Whole rows can be dealt less finely than the bound assumes.
  EXPECT_NEAR(bounds.lowest, tried.lowest, 0.02);
}

TEST(BoundMaxMin, IsTheGapItselfWhenNothingIsMissing) {
  const std::vector<RateCount> known = {{10, 50}, {20, 40}};
  const RateBounds bounds = BoundMaxMin(known, {0, 0});
  EXPECT_NEAR(bounds.lowest, 0.3, 1e-9);
  EXPECT_NEAR(bounds.highest, 0.3, 1e-12);
}

TEST(BoundMaxMin, CanCloseTheGapWithEnoughMissingRows) {
  const RateBounds bounds = BoundMaxMin({{10, 50}, {20, 40}}, {200, 1000});
  EXPECT_NEAR(bounds.lowest, 0, 1e-9);
  EXPECT_GT(bounds.highest, 0.8);
}

}  // namespace
}  // namespace plumbline
