#include "plumbline/audit/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "plumbline/audit/rules.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/error.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

std::string Document(const AuditInput& input, const AuditOptions& options) {
  return WriteJson(ToJson(Audit(input, options), input, options));
}

std::string ErrorOf(const AuditInput& input, const AuditOptions& options) {
  try {
    Audit(input, options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

bool HasFinding(const AuditResult& result, std::string_view code) {
  for (const Finding& finding : result.findings) {
    if (finding.code == code) return true;
  }
  return false;
}

TEST(Audit, GivesTheSameBytesForAnyNumberOfThreads) {
  const AuditInput input = SyntheticInput({.rows = 3000,
                                           .rows_per_subject = 3,
                                           .subject_sd = 1,
                                           .levels = {3, 4},
                                           .score_steps = 200,
                                           .missing_attribute = 0.05});
  AuditOptions options;
  options.replicates = 100;
  options.threads = 1;
  const std::string one = Document(input, options);
  options.threads = 3;
  EXPECT_EQ(one, Document(input, options));
}

TEST(Audit, DependsOnTheSeedInItsReplicatesOnly) {
  const AuditInput input = SyntheticInput({.rows = 1000});
  AuditOptions options;
  options.replicates = 100;
  const AuditResult first = Audit(input, options);
  options.seed = 2;
  const AuditResult second = Audit(input, options);
  bool differs = false;
  for (size_t m = 0; m < first.metrics.size(); ++m) {
    EXPECT_EQ(first.groups[0].metrics[m].value,
              second.groups[0].metrics[m].value);
    differs |= first.groups[0].metrics[m].hi != second.groups[0].metrics[m].hi;
  }
  EXPECT_TRUE(differs);
}

TEST(Audit, WritesNoNumberThatIsNotOne) {
  AuditInput input =
      SyntheticInput({.rows = 80, .levels = {20, 3}, .missing_attribute = 0.3});
  input.targets[0].scores[3] = std::numeric_limits<double>::quiet_NaN();
  input.targets[0].labels[4] = kMissingLabel;
  const std::string document = Document(input, {});
  EXPECT_THAT(document, testing::Not(testing::HasSubstr("nan")));
  EXPECT_THAT(document, testing::Not(testing::HasSubstr("inf,")));
}

TEST(Audit, UsesOnlyCodesThatCanBeExplained) {
  AuditInput input = SyntheticInput({.rows = 900,
                                     .rows_per_subject = 3,
                                     .levels = {2, 60},
                                     .planted = -2,
                                     .missing_attribute = 0.1,
                                     .attributes_by_subject = false});
  input.targets[0].labels[4] = kMissingLabel;
  const AuditResult result = Audit(input, {});
  for (const Finding& finding : result.findings) {
    EXPECT_NE(FindRule(finding.code), nullptr) << finding.code;
  }
  for (const Limitation& limitation : result.limitations) {
    EXPECT_NE(FindRule(limitation.code), nullptr) << limitation.code;
  }
  for (const char* code : {"PB101", "PB601", "PB603", "PB605", "PB606"}) {
    EXPECT_TRUE(HasFinding(result, code)) << code;
  }
}

TEST(Audit, CountsSubjectsInSeveralGroups) {
  const AuditInput input = SyntheticInput({.rows = 600,
                                           .rows_per_subject = 3,
                                           .levels = {2},
                                           .attributes_by_subject = false});
  const AuditResult result = Audit(input, {});
  const AttributeSummary& a = result.attributes.at(0);
  int64_t several = 0;
  for (int64_t s = 0; s < input.subject_count; ++s) {
    const uint32_t first = input.groups.cell_of_row[3 * s];
    several += input.groups.cell_of_row[3 * s + 1] != first ||
               input.groups.cell_of_row[3 * s + 2] != first;
  }
  EXPECT_EQ(a.subjects_in_several_groups, several);
  EXPECT_EQ(a.levels[0].subjects + a.levels[1].subjects,
            input.subject_count + several);
}

TEST(Audit, HandlesGroupsOfOneRow) {
  const AuditInput input = SyntheticInput({.rows = 40, .levels = {40}});
  const AuditResult result = Audit(input, {});
  EXPECT_TRUE(HasFinding(result, "PB701"));
  for (const GapResult& gap : result.gaps) {
    if (gap.measure == "max_min") {
      EXPECT_STREQ(gap.outcome, "insufficient");
    }
  }
}

TEST(Audit, HandlesTenThousandGroups) {
  const AuditInput input = SyntheticInput({.rows = 30000, .levels = {10000}});
  AuditOptions options;
  options.metrics = {"fnr", "auroc"};
  options.replicates = 64;
  const AuditResult result = Audit(input, options);
  EXPECT_GT(result.groups.size(), 9000u);
  EXPECT_TRUE(HasFinding(result, "PB606"));
}

TEST(Audit, FitsTheThresholdOnTheTuningRowsAndLeavesThemOut) {
  AuditInput input = SyntheticInput({.rows = 1000});
  input.tuning_rows.assign(1000, 0);
  for (int row = 0; row < 400; ++row) input.tuning_rows[row] = 1;
  AuditOptions options;
  options.threshold = ParseThresholdRule("sensitivity=0.9");
  const AuditResult result = Audit(input, options);
  EXPECT_EQ(result.targets[0].rows, 600);
  EXPECT_EQ(result.targets[0].threshold.rows, 400);
  EXPECT_STREQ(result.targets[0].threshold.fitted_on, "tuning_rows");
}

TEST(Audit, RefusesToTuneOnTheAuditedRowsUnlessTold) {
  const AuditInput input = SyntheticInput({});
  AuditOptions options;
  options.threshold = ParseThresholdRule("youden");
  EXPECT_EQ(ErrorOf(input, options),
            "--at youden must be fitted, and fitting a threshold on the rows "
            "that are audited makes the audit look better than it is; name "
            "other rows with --tune-on COLUMN=VALUE, give a fixed threshold, "
            "or accept it with --tune-on-audited");
  options.tune_on_audited = true;
  const AuditResult result = Audit(input, options);
  EXPECT_STREQ(result.targets[0].threshold.fitted_on, "audited_rows");
  EXPECT_EQ(result.limitations.at(0).code, "PL101");
}

TEST(Audit, NamesTheNearestMetric) {
  AuditOptions options;
  options.metrics = {"sensitivty"};
  EXPECT_THAT(
      ErrorOf(SyntheticInput({}), options),
      testing::StartsWith(
          "--metrics: there is no metric \"sensitivty\"; did you mean"));
}

TEST(Audit, KnowsMetricsByTheNamesOfOtherTools) {
  AuditOptions options;
  options.metrics = {"recall", "auc"};
  const AuditResult result = Audit(SyntheticInput({}), options);
  EXPECT_THAT(result.metrics, testing::ElementsAre("sensitivity", "auroc"));
}

TEST(Audit, RefusesATargetWithNothingToAudit) {
  AuditInput input = SyntheticInput({.rows = 30});
  for (int8_t& label : input.targets[0].labels) label = kMissingLabel;
  EXPECT_EQ(ErrorOf(input, {}),
            "target finding: no row has both a label (column \"y\") and a "
            "score (column \"score\"); there is nothing to audit");
}

TEST(Audit, AuditsSeveralTargetsAsItAuditsEach) {
  AuditInput both = SyntheticInput({.rows = 800, .seed = 1});
  AuditTarget second = SyntheticInput({.rows = 800, .seed = 2}).targets[0];
  second.name = "second";
  both.targets.push_back(second);
  AuditInput alone = both;
  alone.targets.erase(alone.targets.begin());
  AuditOptions options;
  options.replicates = 100;
  options.threads = 2;
  const AuditResult two = Audit(both, options);
  const AuditResult one = Audit(alone, options);
  const size_t groups = both.groups.groups.size();
  for (size_t g = 0; g < groups; ++g) {
    for (size_t m = 0; m < one.metrics.size(); ++m) {
      const Estimate& a = one.groups[g].metrics[m];
      const Estimate& b = two.groups[groups + g].metrics[m];
      EXPECT_TRUE(a.value == b.value ||
                  (std::isnan(a.value) && std::isnan(b.value)));
      EXPECT_TRUE(a.lo == b.lo || (std::isnan(a.lo) && std::isnan(b.lo)));
    }
  }
}

}  // namespace
}  // namespace plumbline
