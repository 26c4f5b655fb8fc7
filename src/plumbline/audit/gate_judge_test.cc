#include "plumbline/audit/gate_judge.h"

#include <gtest/gtest.h>

#include "plumbline/audit/audit.h"
#include "plumbline/audit/synthetic_input.h"
#include "plumbline/base/error.h"

namespace plumbline {
namespace {

GateResult Judge(const AuditInput& input, const std::string& text) {
  AuditOptions options;
  options.metrics = {"fnr", "auroc"};
  options.threshold = ParseThresholdRule("0.4");
  options.replicates = 0;
  options.threads = 1;
  options.gates = {
      ParseGate(text, {"fnr", "auroc", "selection_rate"}, {"a", "b"})};
  return Audit(input, options).gates.at(0);
}

class Gates : public testing::Test {
 protected:
  const AuditInput large_ = SyntheticInput({.rows = 20000, .planted = -1.5});
  const AuditInput small_ = SyntheticInput({.rows = 150});
};

TEST_F(Gates, FailWhenTheWholeIntervalIsBeyondTheLimit) {
  const GateResult gate = Judge(large_, "fnr gap by a <= 0.05");
  EXPECT_EQ(gate.outcome, GateOutcome::kFailed);
  EXPECT_GT(gate.lo, 0.05);
}

TEST_F(Gates, AreMetWhenTheWholeIntervalIsWithinTheLimit) {
  EXPECT_EQ(Judge(large_, "fnr gap by b <= 0.1").outcome, GateOutcome::kMet);
  EXPECT_EQ(Judge(large_, "auroc worst by b >= 0.6").outcome,
            GateOutcome::kMet);
}

TEST_F(Gates, CannotBeToldWithLittleData) {
  EXPECT_EQ(Judge(small_, "fnr gap by a <= 0.05").outcome,
            GateOutcome::kCannotTell);
}

TEST_F(Gates, OfTheWorstGroupUseItsValue) {
  const GateResult gate = Judge(large_, "fnr worst by a <= 0.2");
  EXPECT_EQ(gate.outcome, GateOutcome::kFailed);
  const GateResult ratio = Judge(large_, "fnr ratio by a <= 1.1");
  EXPECT_EQ(ratio.outcome, GateOutcome::kFailed);
  EXPECT_GT(ratio.value, 1.1);
}

TEST_F(Gates, ComputeTheMetricTheyNeed) {
  const GateResult gate = Judge(large_, "selection_rate gap by b <= 0.2");
  EXPECT_EQ(gate.outcome, GateOutcome::kMet);
}

// A group that cannot be estimated could break the limit.
TEST_F(Gates, AreNotMetWhileAGroupIsUnknown) {
  const AuditInput input = SyntheticInput({.rows = 60, .levels = {25, 2}});
  EXPECT_EQ(Judge(input, "fnr worst by a <= 1").outcome,
            GateOutcome::kCannotTell);
}

TEST_F(Gates, NeedGroupsThatAreAudited) {
  AuditOptions options;
  options.gates = {ParseGate("fnr gap by a <= 0.1", {"fnr"}, {"a", "b"})};
  options.gates[0].by = {"a", "c"};
  try {
    Audit(large_, options);
    FAIL() << "accepted attribute c";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_STREQ(error.what(),
                 "gate \"fnr gap by a <= 0.1\": the audit has no groups by a "
                 "and c; name every attribute in --by and set --cross to at "
                 "least 2");
  }
}

}  // namespace
}  // namespace plumbline
