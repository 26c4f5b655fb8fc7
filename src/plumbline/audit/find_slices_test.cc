#include "plumbline/audit/find_slices.h"

#include <gtest/gtest.h>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

AuditInput Planted(double planted) {
  AuditInput input = SyntheticInput({.rows = 12000,
                                     .rows_per_subject = 2,
                                     .levels = {3, 4},
                                     .planted = planted});
  input.slice_columns = input.groups.attributes;
  return input;
}

AuditOptions Options() {
  AuditOptions options;
  options.replicates = 0;
  return options;
}

bool HasFinding(const AuditResult& result, const std::string& code) {
  for (const Finding& finding : result.findings) {
    if (finding.code == code) return true;
  }
  return false;
}

TEST(FindSlices, DoesNothingUnlessAsked) {
  AuditInput input = Planted(-1.5);
  input.slice_columns.clear();
  const AuditResult result = Audit(input, Options());
  EXPECT_TRUE(result.slices.empty());
  EXPECT_FALSE(ToJson(result, input, Options()).contains("slices"));
  EXPECT_FALSE(HasFinding(result, "PB503"));
}

TEST(FindSlices, TellsMissesFromFalseAlarms) {
  const AuditInput input = Planted(-1.5);
  const AuditResult result = Audit(input, Options());
  ASSERT_EQ(result.slices.size(), 2u);
  const SliceResult& misses = result.slices[0];
  EXPECT_EQ(misses.metric, "fnr");
  ASSERT_EQ(misses.search.found.size(), 1u);
  EXPECT_EQ(SliceName(misses.search.found[0].conditions, input.slice_columns),
            "a=a0");
  EXPECT_TRUE(result.slices[1].search.found.empty());
  EXPECT_TRUE(HasFinding(result, "PB501"));
  EXPECT_TRUE(HasFinding(result, "PB503")) << "of false alarms";
  EXPECT_FALSE(HasFinding(result, "PB502"));
}

// The two halves together are the group of the audit.
TEST(FindSlices, CountWhatTheAuditCounts) {
  const AuditInput input = Planted(-1.5);
  const AuditResult result = Audit(input, Options());
  const FoundSlice& found = result.slices[0].search.found.at(0);
  for (const GroupResult& group : result.groups) {
    if (input.groups.Name(group.group) != "a=a0") continue;
    for (size_t m = 0; m < result.metrics.size(); ++m) {
      if (result.metrics[m] != "fnr") continue;
      EXPECT_EQ(found.found_on.rows + found.held_out.rows, group.metrics[m].n);
      EXPECT_EQ(found.found_on.errors + found.held_out.errors,
                group.metrics[m].events);
      EXPECT_EQ(found.found_on.subjects + found.held_out.subjects,
                group.metrics[m].subjects);
    }
  }
}

TEST(FindSlices, LeaveTuningRowsAndMissingScoresOut) {
  AuditInput input = Planted(0);
  input.tuning_rows.assign(input.rows, 0);
  for (int64_t row = 0; row < 4000; ++row) input.tuning_rows[row] = 1;
  for (int64_t row = 4000; row < 4100; ++row) {
    input.targets[0].labels[row] = kMissingLabel;
  }
  for (int64_t row = 4100; row < 4200; ++row) {
    input.targets[0].scores[row] = NAN;
  }
  const AuditResult result = Audit(input, Options());
  int64_t rows = 0;
  for (const SliceResult& slices : result.slices) {
    rows += slices.search.found_on.rows + slices.search.held_out.rows;
  }
  EXPECT_EQ(rows, 12000 - 4000 - 200);
}

TEST(FindSlices, GiveTheSameBytesForAnyNumberOfThreads) {
  const AuditInput input = Planted(-1);
  AuditOptions options = Options();
  const auto document = [&](int threads) {
    options.threads = threads;
    return WriteJson(ToJson(Audit(input, options), input, options));
  };
  EXPECT_EQ(document(1), document(4));
}

}  // namespace
}  // namespace plumbline
