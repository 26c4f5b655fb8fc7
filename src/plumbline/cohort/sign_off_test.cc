#include "plumbline/cohort/sign_off.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/base64.h"
#include "plumbline/base/error.h"
#include "plumbline/base/test_support.h"

namespace plumbline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kAnswers = R"(
[disparities]
answer = "Films of women are older."
owner = "head of data science"
evidence = ["survey/report.html"]
[marginalised]
answer = "Nobody known."
owner = "head of radiology"
evidence = "minutes of 3 May"
[drivers]
answer = "The view."
owner = "head of data science"
evidence = ["a", "b"]
)";

SigningKey TestKey() {
  return ParseSigningKey(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
      "-----END PRIVATE KEY-----\n",
      "key.pem");
}

Cohort SmallCohort() {
  CohortRoles roles;
  roles.subject = "id";
  roles.labels = {"ill"};
  roles.attributes = {"sex"};
  roles.split = "part";
  roles.contrasts = {{"sex", "F", "M", "ill", "fnr", 0.05}};
  const std::string csv =
      "id,ill,sex,part\n1,0,F,train\n2,1,M,train\n3,1,F,test\n";
  return MakeCohort(
      ReadCsvText(
          csv, "t.csv",
          CohortColumns(roles, {}, {"id", "ill", "sex", "part"}, "t.csv"), {}),
      roles, {});
}

SignOff SmallSignOff() {
  return {DigestOf(SmallCohort(), ""),
          ParseAnswers(kAnswers, "answers.toml"),
          {{"high", 2}},
          "2026-11-28T07:30:00Z"};
}

TEST(Answers, AreReadInTheOrderOfTheQuestions) {
  const auto answers = ParseAnswers(kAnswers, "answers.toml");
  ASSERT_EQ(answers.size(), 3);
  EXPECT_EQ(answers[1].owner, "head of radiology");
  EXPECT_THAT(answers[1].evidence, ElementsAre("minutes of 3 May"));
  EXPECT_EQ(answers[2].question, "drivers");
}

TEST(Answers, EachQuestionNeedsAnAnswerAnOwnerAndEvidence) {
  const std::string all = kAnswers;
  const auto without = [&](const std::string& part, const std::string& with) {
    std::string text = all;
    text.replace(text.find(part), part.size(), with);
    return ErrorText([&] { ParseAnswers(text, "answers.toml"); });
  };
  EXPECT_THAT(without("answer = \"The view.\"", "answer = \" \""),
              HasSubstr("[drivers] has no answer: What are the drivers?"));
  EXPECT_THAT(without("owner = \"head of radiology\"", ""),
              HasSubstr("[marginalised] has no owner"));
  EXPECT_THAT(without("evidence = [\"a\", \"b\"]", "evidence = []"),
              HasSubstr("[drivers] has no evidence"));
  EXPECT_THAT(without("[drivers]", "[driver]"), HasSubstr("drivers"));
  EXPECT_THAT(ErrorText([&] {
                ParseAnswers(all.substr(0, all.find("[drivers]")), "a.toml");
              }),
              HasSubstr("a.toml: [drivers] is missing: What are the drivers?"));
}

TEST(SignOffDocument, SaysWhatWasSigned) {
  const SigningKey key = TestKey();
  const auto read = ReadSignOff(WriteSignOff(SmallSignOff(), key), "s.json");
  EXPECT_EQ(read.public_key, key.public_key);
  EXPECT_EQ(read.sign_off.answers[0].answer, "Films of women are older.");
  EXPECT_EQ(read.sign_off.findings.at("high"), 2);
  EXPECT_THAT(ChangedSince(read.sign_off, DigestOf(SmallCohort(), "")),
              IsEmpty());
}

TEST(SignOffDocument, AnyChangeBreaksTheSignature) {
  const std::string good = WriteSignOff(SmallSignOff(), TestKey());
  for (const char* word : {"women", "radiology", "2026", "survey/report"}) {
    std::string text = good;
    text[text.find(word)] ^= 1;
    EXPECT_THAT(ErrorText([&] { ReadSignOff(text, "s.json"); }),
                HasSubstr("was changed after it was signed"))
        << word;
  }
  EXPECT_THAT(ErrorText([] { ReadSignOff("{}", "s.json"); }),
              HasSubstr("is no signature of a survey"));
}

TEST(SignOffDocument, NamesWhatHasChanged) {
  const SignOff sign_off = SmallSignOff();
  Cohort cohort = SmallCohort();
  cohort.labels[0].values[0] = kLabelPositive;
  EXPECT_THAT(ChangedSince(sign_off, DigestOf(cohort, "")),
              ElementsAre("the cohort"));
  cohort = SmallCohort();
  cohort.split.codes[2] = cohort.split.codes[0];
  EXPECT_THAT(ChangedSince(sign_off, DigestOf(cohort, "")),
              ElementsAre("the split"));
  cohort = SmallCohort();
  cohort.roles.contrasts[0].margin = 0.1;
  EXPECT_THAT(ChangedSince(sign_off, DigestOf(cohort, "[sex]")),
              ElementsAre("the mapping", "the declared contrasts"));
}

}  // namespace
}  // namespace plumbline
