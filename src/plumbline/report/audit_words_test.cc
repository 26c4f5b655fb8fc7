#include "plumbline/report/audit_words.h"

#include <gtest/gtest.h>

namespace plumbline::report {
namespace {

TEST(ShortName, IsTheShorterPartOfALabelWhereverItStands) {
  EXPECT_EQ(ShortName({.label = "False-negative rate (FNR)"}), "FNR");
  EXPECT_EQ(LongName({.label = "False-negative rate (FNR)"}),
            "False-negative rate");
  EXPECT_EQ(ShortName({.label = "AUPRC (average precision)"}), "AUPRC");
  EXPECT_EQ(LongName({.label = "AUPRC (average precision)"}),
            "average precision");
  EXPECT_EQ(ShortName({.label = "Brier score"}), "Brier score");
}

TEST(OutcomeWords, NameTheMargin) {
  AuditGap gap;
  gap.margin = 0.05;
  gap.outcome = GapOutcome::kNoneAboveMargin;
  EXPECT_EQ(OutcomeWords(gap, NumberKind::kPoints), "none above 5.0 pp");
  gap.outcome = GapOutcome::kCannotTell;
  EXPECT_EQ(OutcomeWords(gap, NumberKind::kPoints), "cannot tell");
}

TEST(AttributesWords, TellAMissingValueFromEveryone) {
  EXPECT_EQ(AttributesWords({}), "everyone");
  EXPECT_EQ(AttributesWords({{"sex", "F"}, {"race", std::nullopt}}),
            "sex=F, race=missing");
}

TEST(ThresholdWords, DoNotRepeatARuleThatIsItsOwnValue) {
  EXPECT_EQ(ThresholdWords({"0.5", 0.5, "given"}), "at or above 0.5");
  EXPECT_EQ(ThresholdWords({"fpr=0.2", 0.412345, "tuning_rows"}),
            "at or above 0.4123 (rule fpr=0.2)");
  EXPECT_EQ(ThresholdWords({"fpr=0.2", std::nullopt, "tuning_rows"}),
            "by the rule fpr=0.2");
}

TEST(MethodWords, PassOnACodeThatIsNewerThanThem) {
  EXPECT_EQ(MethodWords("delong"), "DeLong");
  EXPECT_EQ(MethodWords("new_method"), "new_method");
}

}  // namespace
}  // namespace plumbline::report
