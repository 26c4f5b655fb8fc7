#include "plumbline/audit/input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "plumbline/base/error.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

AuditInput Read(const std::string& text, const AuditColumns& columns) {
  const std::string header = text.substr(0, text.find('\n'));
  std::vector<std::string> names;
  size_t begin = 0;
  while (true) {
    const size_t end = header.find(',', begin);
    names.push_back(header.substr(begin, end - begin));
    if (end == std::string::npos) break;
    begin = end + 1;
  }
  CsvOptions options;
  options.count_duplicate_rows = true;
  return MakeAuditInput(
      ReadCsvText(text, "preds.csv",
                  RequestedColumns(columns, names, "preds.csv"), options),
      columns);
}

std::string Message(const std::string& text, const AuditColumns& columns,
                    ErrorCode code = ErrorCode::kInvalidInput) {
  try {
    Read(text, columns);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  return "accepted";
}

AuditColumns Simple() { return {.labels = {"y"}, .scores = {"p"}}; }

TEST(AuditInput, ReadsLabelsScoresSubjectsAndGroups) {
  AuditColumns columns = Simple();
  columns.subject = "who";
  columns.by = {"sex", "age"};
  columns.bins = {{"age", {0, 40}}};
  const AuditInput input = Read(
      "who,y,p,sex,age\n"
      "b,1,0.9,F,50\n"
      "a,0,0.1,M,20\n"
      "b,,0.5,F,\n"
      "c,1,,M,60\n",
      columns);
  EXPECT_EQ(input.rows, 4);
  ASSERT_EQ(input.targets.size(), 1u);
  EXPECT_EQ(input.targets[0].name, "y");
  EXPECT_THAT(input.targets[0].labels, ElementsAre(1, 0, kMissingLabel, 1));
  EXPECT_EQ(input.targets[0].scores[2], 0.5);
  EXPECT_TRUE(std::isnan(input.targets[0].scores[3]));
  EXPECT_THAT(input.subjects, ElementsAre(0, 1, 0, 2));
  EXPECT_EQ(input.subject_count, 3);
  ASSERT_EQ(input.groups.attributes.size(), 2u);
  EXPECT_THAT(input.groups.attributes[1].levels, ElementsAre("0-39", "40+"));
  EXPECT_EQ(input.groups.attributes[1].missing, 1);
  EXPECT_EQ(input.duplicate_rows, 0);
  EXPECT_EQ(input.first_duplicate, "");
}

TEST(AuditInput, TakesLabelsAsNumbersOrWords) {
  const AuditInput input =
      Read("y,p\n0,0\n1,0\n0.0,0\n1.0,0\ntrue,0\nFALSE,0\nTrue,0\n", Simple());
  EXPECT_THAT(input.targets[0].labels, ElementsAre(0, 1, 0, 1, 1, 0, 1));
}

TEST(AuditInput, RefusesALabelThatIsNeitherZeroNorOne) {
  EXPECT_EQ(Message("y,p\n1,0\n0,0\n1,0\n2,0\n", Simple()),
            "preds.csv, row 5, column \"y\": \"2\" is not a label; expected 0 "
            "or 1 (empty means missing). For several classes give a score for "
            "each: --score 'p_*'.");
  EXPECT_THAT(Message("y,p\n-1,0\n", Simple()),
              HasSubstr("\"-1\" is not a label"));
}

TEST(AuditInput, RefusesAScoreOutsideTheUnitInterval) {
  EXPECT_EQ(Message("y,p\n1,0.5\n0,3.2\n", Simple()),
            "preds.csv, row 3, column \"p\": 3.2 is not a probability; scores "
            "must lie in [0, 1]. Are they logits? Then add --logit.");
  EXPECT_THAT(Message("y,p\n1,-0.001\n", Simple()),
              HasSubstr("-0.001 is not a probability"));
  EXPECT_EQ(Message("y,p\n1,0\n0,1\n", Simple()), "accepted");
}

TEST(AuditInput, TurnsLogitsIntoProbabilities) {
  AuditColumns columns = Simple();
  columns.logit = true;
  const AuditInput input = Read("y,p\n1,0\n0,-2\n0,2\n1,\n", columns);
  const auto& scores = input.targets[0].scores;
  EXPECT_EQ(scores[0], 0.5);
  EXPECT_DOUBLE_EQ(scores[1], 0.11920292202211755);
  EXPECT_DOUBLE_EQ(scores[2], 0.88079707797788243);
  EXPECT_TRUE(std::isnan(scores[3]));
}

TEST(AuditInput, KeepsTheOrderOfLogitsWhereProbabilitiesCrowd) {
  AuditColumns columns = Simple();
  columns.logit = true;
  // As doubles, the logistic of each of the last four is 1.
  const AuditInput input = Read(
      "y,p\n1,-700\n1,-40\n1,15\n1,30.0000001\n1,30.0000002\n1,40\n1,41\n"
      "1,41\n1,300\n1,700\n",
      columns);
  const auto& scores = input.targets[0].scores;
  for (size_t i = 1; i < scores.size(); ++i) {
    if (i == 7) {
      EXPECT_EQ(scores[i], scores[i - 1]);
    } else {
      EXPECT_GT(scores[i], scores[i - 1]) << i;
    }
  }
  EXPECT_GT(scores.front(), 0);
  EXPECT_LT(scores.back(), 1);
  EXPECT_NEAR(scores[5], 1, 1e-15);
}

TEST(AuditInput, RefusesALogitThatCannotBeOne) {
  AuditColumns columns = Simple();
  columns.logit = true;
  EXPECT_EQ(Message("y,p\n1,5000\n", columns),
            "preds.csv, row 2, column \"p\": 5000 is not a log-odds; with "
            "--logit scores must lie in [-700, 700].");
}

TEST(AuditInput, TakesDecisionsInPlaceOfScores) {
  const AuditColumns columns = {.labels = {"y"}, .decisions = {"d"}};
  const AuditInput input = Read("y,d\n1,1\n0,0\n0,\n", columns);
  EXPECT_TRUE(input.targets[0].hard_decisions);
  EXPECT_EQ(input.targets[0].scores[0], 1);
  EXPECT_EQ(input.targets[0].scores[1], 0);
  EXPECT_TRUE(std::isnan(input.targets[0].scores[2]));
  EXPECT_EQ(Message("y,d\n1,0.7\n", columns),
            "preds.csv, row 2, column \"d\": \"0.7\" is not a decision; "
            "expected 0 or 1 (empty means missing). If the column holds "
            "scores, give it as --score.");
}

TEST(AuditInput, PairsPatternsByWhatTheStarStandsFor) {
  const AuditColumns columns = {.labels = {"y_*"}, .scores = {"p_*"}};
  const AuditInput input =
      Read("p_B,y_A,y_B,p_A,p_C\n0.1,1,0,0.9,0.5\n", columns);
  ASSERT_EQ(input.targets.size(), 2u);
  EXPECT_EQ(input.targets[0].name, "A");
  EXPECT_EQ(input.targets[0].score_column, "p_A");
  EXPECT_EQ(input.targets[0].scores[0], 0.9);
  EXPECT_EQ(input.targets[1].name, "B");
  EXPECT_EQ(input.targets[1].labels[0], 0);
}

TEST(AuditInput, GivesAColumnToThePatternThatSaysMore) {
  const AuditColumns columns = {.labels = {"y_*"}, .scores = {"y_*_score"}};
  const AuditInput input = Read("y_A,y_A_score\n1,0.9\n", columns);
  ASSERT_EQ(input.targets.size(), 1u);
  EXPECT_EQ(input.targets[0].name, "A");
  EXPECT_EQ(input.targets[0].score_column, "y_A_score");
}

TEST(AuditInput, LetsTargetsShareAScore) {
  const AuditColumns columns = {.labels = {"a", "b"}, .scores = {"p", "p"}};
  const AuditInput input = Read("a,b,p\n1,0,0.25\n", columns);
  EXPECT_EQ(input.targets[0].scores[0], 0.25);
  EXPECT_EQ(input.targets[1].scores[0], 0.25);
}

TEST(AuditInput, SaysWhichPartnerOfAPatternIsMissing) {
  EXPECT_EQ(
      Message("y_A,y_B,p_A\n1,0,0.9\n", {.labels = {"y_*"}, .scores = {"p_*"}}),
      "preds.csv has no column \"p_B\", the score that belongs to the "
      "label \"y_B\" by the patterns y_* and p_*; did you mean "
      "\"p_A\"?");
  EXPECT_EQ(Message("y,p\n1,0\n", {.labels = {"y_*"}, .scores = {"p_*"}}),
            "preds.csv has no column that matches \"y_*\". Its columns: y, p.");
}

TEST(AuditInput, NamesTheNearestColumn) {
  EXPECT_EQ(Message("y,score\n1,0\n", {.labels = {"y"}, .scores = {"scor"}}),
            "preds.csv has no column \"scor\"; did you mean \"score\"? Its "
            "columns: y, score.");
}

TEST(AuditInput, GuessesWhatTheMissingOptionsCouldBe) {
  EXPECT_EQ(Message("id,y_true,prob,sex\n1,1,0,F\n", {}, ErrorCode::kUsage),
            "--label is missing: which column of preds.csv says whether the "
            "finding is really there (0 or 1)? Perhaps \"y_true\". Its "
            "columns: id, y_true, prob, sex.");
  EXPECT_EQ(Message("id,y_true,prob,sex\n1,1,0,F\n", {.labels = {"y_true"}},
                    ErrorCode::kUsage),
            "--score is missing: which column of preds.csv holds the model's "
            "output (or --decision for a column of 0 and 1)? Perhaps "
            "\"prob\". Its columns: id, y_true, prob, sex.");
}

TEST(AuditInput, RefusesContradictoryRoles) {
  const auto message = [](const AuditColumns& columns) {
    return Message("y,p,sex\n1,0,F\n", columns, ErrorCode::kUsage);
  };
  EXPECT_EQ(message({.labels = {"y"}, .scores = {"p"}, .by = {"y"}}),
            "column \"y\" is given as --label and as --by; a column has one "
            "part in an audit");
  EXPECT_EQ(message({.labels = {"y"}, .scores = {"y"}}),
            "column \"y\" is given as --label and as --score; a column has one "
            "part in an audit");
  EXPECT_EQ(message({.labels = {"y"}, .scores = {"p"}, .by = {"sex", "sex"}}),
            "column \"sex\" is given twice as --by");
  EXPECT_EQ(message({.labels = {"y", "sex"}, .scores = {"p"}}),
            "--label names 2 columns and --score 1; give one for each label, "
            "in the same order");
  EXPECT_EQ(message({.labels = {"y"}, .scores = {"p"}, .decisions = {"sex"}}),
            "--score and --decision cannot be used together; audit scores and "
            "decisions in two runs");
  EXPECT_EQ(message({.labels = {"y*"}, .scores = {"p"}}),
            "--label y* and --score p belong together: either both are "
            "patterns with a * or neither is");
  EXPECT_EQ(message({.labels = {"y"},
                     .scores = {"p"},
                     .by = {"sex"},
                     .bins = {{"sax", {1}}}}),
            "--bins sax=...: \"sax\" is not an attribute given with --by; did "
            "you mean \"sex\"?");
}

TEST(AuditInput, MakesATargetOfEachModelOfALabel) {
  const AuditInput input = Read("y,p,q\n1,0.9,0.5\n0,0.1,\n",
                                {.labels = {"y"}, .scores = {"p", "q"}});
  ASSERT_EQ(input.targets.size(), 2u);
  EXPECT_EQ(input.targets[0].name, "y by p");
  EXPECT_EQ(input.targets[1].name, "y by q");
  EXPECT_EQ(FindingOf(input.targets[1]), "y");
  EXPECT_THAT(input.targets[1].labels, ElementsAre(1, 0));
  EXPECT_TRUE(IsCalled(input.targets[1], "y"));
  EXPECT_TRUE(IsCalled(input.targets[1], "q"));
  EXPECT_FALSE(IsCalled(input.targets[1], "y by p"));
}

TEST(AuditInput, MakesATargetOfEachClass) {
  const AuditInput input =
      Read("g,p_0,p_1,p_who,p_2\n0,0.9,0.1,a,0\n1.0,0.2,0.8,b,0\n,0,1,b,0\n",
           {.labels = {"g"}, .scores = {"p_*"}, .subject = "p_who"});
  ASSERT_EQ(input.multiclass.size(), 1u);
  const MulticlassModel& model = input.multiclass[0];
  EXPECT_THAT(model.classes, ElementsAre("0", "1", "2"));
  EXPECT_THAT(model.labels, ElementsAre(0, 1, kNoClass));
  EXPECT_THAT(model.targets, ElementsAre(0, 1, -1));
  EXPECT_THAT(model.other_scores[2], ElementsAre(0, 0, 0));
  ASSERT_EQ(input.targets.size(), 2u);
  EXPECT_EQ(input.targets[1].name, "1");
  EXPECT_THAT(input.targets[1].labels, ElementsAre(0, 1, kMissingLabel));
  EXPECT_THAT(input.targets[1].scores, ElementsAre(0.1, 0.8, 1));
}

TEST(AuditInput, RefusesAnAttributeThatIsAlwaysMissing) {
  AuditColumns columns = Simple();
  columns.by = {"race"};
  EXPECT_EQ(Message("y,p,race\n1,0,\n0,0,NA\n", columns),
            "preds.csv: column \"race\" is empty in every row, so that it "
            "makes no groups; leave it out of --by");
}

TEST(AuditInput, RefusesAMissingSubject) {
  AuditColumns columns = Simple();
  columns.subject = "who";
  EXPECT_EQ(Message("y,p,who\n1,0,a\n0,0,\n0,0,\n", columns),
            "preds.csv, row 3, column \"who\": the subject is missing (in 2 "
            "rows); fill it in, for example with a number of its own for each "
            "row, or leave out --subject");
}

TEST(AuditInput, MarksTheRowsForTuning) {
  AuditColumns columns = Simple();
  columns.tune_on_column = "split";
  columns.tune_on_value = "val";
  columns.by = {"split"};
  const std::string text = "y,p,split\n1,0,val\n0,0,test\n0,0,\n";
  EXPECT_THAT(Read(text, columns).tuning_rows, ElementsAre(1, 0, 0));
  columns.tune_on_value = "vall";
  EXPECT_EQ(Message(text, columns),
            "preds.csv: no row has \"vall\" in column \"split\" (--tune-on); "
            "did you mean \"val\"? It holds: val, test.");
  EXPECT_EQ(Message("y,p,split\n1,0,vall\n", columns),
            "preds.csv: every row has \"vall\" in column \"split\" "
            "(--tune-on), so that none is left to audit");
}

TEST(AuditInput, SaysWhichRowIsACopy) {
  const AuditInput input = Read("y,p\n1,0.5\n0,0.5\n1,0.5\n1,0.5\n", Simple());
  EXPECT_EQ(input.duplicate_rows, 2);
  EXPECT_EQ(input.first_duplicate, "row 4 is a copy of row 2");
}

TEST(AuditInput, RefusesATableWithoutRows) {
  EXPECT_THAT(Message("y,p\n", Simple()), HasSubstr("preds.csv"));
}

TEST(AuditInput, WorksWithoutAttributes) {
  const AuditInput input = Read("y,p\n1,0.5\n0,0.5\n", Simple());
  ASSERT_EQ(input.groups.groups.size(), 1u);
  EXPECT_EQ(input.groups.Name(0), "everyone");
  EXPECT_EQ(input.groups.groups[0].rows, 2);
  EXPECT_EQ(input.groups.rows(), 2);
  EXPECT_EQ(input.groups.cells, 1);
  EXPECT_EQ(input.groups.GroupOf(0, 0), 0u);
  EXPECT_THAT(input.subjects, IsEmpty());
}

}  // namespace
}  // namespace plumbline
