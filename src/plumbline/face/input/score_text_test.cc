#include "plumbline/face/input/score_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/face/input/profiles/profile.h"
#include "plumbline/face/input/score_input.h"

namespace plumbline::face {
namespace {

class TextFiles : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    WriteFile(folder_ / name, text);
    return folder_ / name;
  }
  // Without the folder's name.
  std::string Error(const std::vector<std::string>& inputs,
                    const FaceInputColumns& columns) {
    std::string text = ErrorText([&] { ReadScores(inputs, columns); });
    for (size_t at; (at = text.find(folder_.path())) != std::string::npos;) {
      text.erase(at, folder_.path().size() + 1);
    }
    return text;
  }
  std::string TextError(const std::string& profile, const std::string& text,
                        bool independent = true) {
    return Error({Write("s.txt", text)},
                 {.profile = profile, .assert_independent = independent});
  }

  TemporaryFolder folder_;
};

using BobText = TextFiles;
using NistLog = TextFiles;
using Pyeer = TextFiles;

TEST_F(BobText, TwoFieldsAreLabelAndScore) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "-1 -0.5\r\n1\t0.25\r\n";
  text += "-1 nan\n1 nan";
  const FaceInput input =
      ReadScores({Write("s.txt", text)},
                 {.profile = "bob-text", .assert_independent = true});
  EXPECT_EQ(input.impostor.size(), 31);
  EXPECT_EQ(input.genuine.score[0], 0.25);
  EXPECT_EQ(input.genuine.score[30], -INFINITY);
  EXPECT_EQ(input.failed.impostor, 1);
  EXPECT_TRUE(input.independent);
  EXPECT_THAT(TextError("bob-text", text, false),
              testing::StartsWith("3: s.txt: has no subject ids"));
}

TEST_F(BobText, FourAndFiveFieldsHaveSubjects) {
  std::string four;
  std::string five;
  std::string subjects = "subject,group\n";
  for (int i = 0; i < 40; ++i) {
    const int next = (i + 1) % 40;
    four += fmt::format("{} {} p 0.9\n{} {} p 0.1\n", i, i, i, next);
    five += fmt::format("{} m {} p 0.9\n{} m {} p 0.1\n", i, i, i, next);
    subjects += fmt::format("{},{}\n", i, "AB"[i % 2]);
  }
  FaceInputColumns columns{.profile = "bob-text"};
  columns.subject_table = Write("subjects.csv", subjects);
  const FaceInput a = ReadScores({Write("4.txt", four)}, columns);
  const FaceInput b = ReadScores({Write("5.txt", five)}, columns);
  EXPECT_EQ(a.subjects, 40);
  EXPECT_EQ(a.impostor.probe, b.impostor.probe);
  EXPECT_EQ(a.genuine.score, b.genuine.score);
  EXPECT_EQ(GroupsOf(a, 1).groups, 2);
  EXPECT_EQ(ReadScores({folder_ / "4.txt", folder_ / "5.txt"}, columns)
                .impostor.size(),
            80);
  Write("subjects.csv", subjects.substr(0, subjects.size() - 5));
  EXPECT_EQ(Error({folder_ / "5.txt"}, columns),
            "3: 5.txt, row 79, column \"reference subject\": subject "
            "\"39\" is not in the subject table subjects.csv");
}

TEST_F(BobText, SaysWhichLineIsWrong) {
  EXPECT_EQ(TextError("bob-text", ""),
            "3: s.txt: is empty, and comparisons are needed");
  EXPECT_EQ(TextError("bob-text", "-1 0.5\n\n1 0.5\n"),
            "3: s.txt, row 2: is empty; a comparison is expected in every "
            "line");
  EXPECT_EQ(TextError("bob-text", "-1 0.5\n1 0.5 3\n"),
            "3: s.txt, row 2: has 3 fields; expected are 2 (label, score), 4 "
            "(claimed id, real id, label, score) or 5 (claimed id, model "
            "label, real id, label, score)");
  EXPECT_EQ(TextError("bob-text", "-1 0.5\na b c 1\n"),
            "3: s.txt, row 2: has 4 fields, and the lines before it have 2");
  EXPECT_EQ(TextError("bob-text", "0 0.5\n"),
            "3: s.txt, row 1, column \"label\": \"0\" is neither below 0 "
            "(impostor) nor above 0 (genuine)");
  EXPECT_EQ(TextError("bob-text", "-1 0,5\n"),
            "3: s.txt, row 1, column \"score\": \"0,5\" is not a number; write "
            "a failed comparison as nan");
  EXPECT_EQ(TextError("bob-text", "-1 inf\n"),
            "3: s.txt, row 1, column \"score\": \"inf\" is infinite; write a "
            "failed comparison as nan");
  EXPECT_EQ(TextError("bob-text", std::string("-1 0.5\0\n", 8)),
            "3: s.txt: holds a NUL byte, so it is no text; was it saved as "
            "UTF-16, or is it a binary file?");
  EXPECT_EQ(TextError("bob-text", "-1 0.5\n1 \xFF\n"),
            "3: s.txt, row 2: holds bytes that are not UTF-8; save the file as "
            "UTF-8");
}

// 40 subjects with an enrolment and a verification template each.
std::string NistText(const std::string& header = "") {
  std::string text = header;
  for (int i = 0; i < 40; ++i) {
    text +=
        fmt::format("e{} v{} 3.5 0\ne{} v{} 0.25 0\n", i, i, i, (i + 1) % 40);
  }
  return text;
}

std::string NistSubjects() {
  std::string csv = "template,subject,region\n";
  for (int i = 0; i < 40; ++i) {
    csv += fmt::format("e{0},p{0},{1}\nv{0},p{0},{1}\n", i, "AB"[i % 2]);
  }
  return csv;
}

TEST_F(NistLog, TemplatesBecomeSubjects) {
  FaceInputColumns columns{.profile = "nist-log"};
  columns.subject_table = Write("t.csv", NistSubjects());
  const FaceInput plain = ReadScores({Write("a.log", NistText())}, columns);
  EXPECT_EQ(plain.subjects, 40);
  EXPECT_EQ(plain.genuine.size(), 40);
  EXPECT_EQ(GroupsOf(plain, 1).groups, 2);
  const FaceInput headed =
      ReadScores({Write("b.log", NistText("enrollTempl verifTempl simScore "
                                          "returnCode\n"))},
                 columns);
  EXPECT_EQ(plain.impostor.probe, headed.impostor.probe);
}

TEST_F(NistLog, ReturnCodesAreFailuresOrTheEndOfTheRun) {
  FaceInputColumns columns{.profile = "nist-log"};
  columns.subject_table = Write("t.csv", NistSubjects());
  const auto with = [&](const std::string& line) {
    return std::vector<std::string>{Write("m.log", NistText() + line)};
  };
  for (const char* code : {"1", "3", "7", "10", "14"}) {
    const FaceInput input =
        ReadScores(with(fmt::format("e0 v0 -1 {}\n", code)), columns);
    EXPECT_EQ(input.failed.genuine, 1) << code;
    EXPECT_EQ(input.genuine.score[40], -INFINITY);
  }
  EXPECT_EQ(Error(with("e0 v0 -1 17\n"), columns),
            "3: m.log, row 81, column \"returnCode\": code 17 says that the "
            "run went wrong, not this comparison alone; repair it and run the "
            "library again");
  EXPECT_EQ(Error(with("e0 v0 1 18\n"), columns),
            "3: m.log, row 81, column \"returnCode\": \"18\" is no return code "
            "of FRVT (0 to 17)");
  EXPECT_EQ(Error(with("e0 v0 -0.5 0\n"), columns),
            "3: m.log, row 81, column \"simScore\": -0.5 is below 0 with "
            "return code 0 (success), which FRVT does not allow; is this a "
            "match log?");
  EXPECT_EQ(Error(with("e0 v0 0\n"), columns),
            "3: m.log, row 81: has 3 fields; expected are 4: enrollTempl "
            "verifTempl simScore returnCode");
  EXPECT_EQ(Error(with("e0 v77 1 0\n"), columns),
            "3: m.log, row 81, column \"probe template\": template \"v77\" is "
            "not in the subject table t.csv");
}

TEST_F(NistLog, TheSubjectTableMustMapTemplates) {
  FaceInputColumns columns{.profile = "nist-log"};
  const std::string log = Write("m.log", NistText());
  EXPECT_EQ(Error({log}, columns),
            "2: m.log compares templates; give a subject table with the "
            "columns template and subject (--subject-table FILE)");
  columns.subject_table = Write("t.csv", NistSubjects() + "x,p0,B\n");
  EXPECT_EQ(Error({log}, columns),
            "3: t.csv, row 82, column \"region\": region of this subject is "
            "\"B\" here and \"A\" in row 2; a subject is in one group in all "
            "rows");
  columns.subject_table = Write("t.csv", NistSubjects() + "e0,p0,A\n");
  EXPECT_EQ(Error({log}, columns),
            "3: t.csv, row 82, column \"template\": template \"e0\" stands in "
            "row 2 already; a subject table has one row for each template");
}

TEST_F(Pyeer, FilesSayWhichKindTheyHold) {
  std::string scores;
  for (int i = 0; i < 40; ++i) scores += fmt::format("0.{}\n", 10 + i);
  const std::string a = "genuine=" + Write("g.txt", scores);
  const std::string b = "impostor=" + Write("i.txt", scores);
  const FaceInputColumns columns{.profile = "pyeer",
                                 .assert_independent = true};
  const FaceInput input = ReadScores({a, b}, columns);
  EXPECT_EQ(input.genuine.size(), 40);
  EXPECT_EQ(input.impostor.size(), 40);
  EXPECT_EQ(input.subjects, 120);
  EXPECT_EQ(Error({folder_ / "g.txt", b}, columns),
            "2: \"g.txt\" does not say which comparisons it holds; the profile "
            "pyeer takes genuine=FILE and impostor=FILE");
  EXPECT_EQ(Error({a}, columns),
            "2: the profile pyeer needs both genuine=FILE and impostor=FILE");
  Write("i.txt", "0.5 0.5\n");
  EXPECT_EQ(Error({a, b}, columns),
            "3: i.txt, row 1: has 2 fields, and one score a line is expected");
  FaceInputColumns by = columns;
  by.by = {"sex"};
  Write("i.txt", scores);
  EXPECT_EQ(Error({a, b}, by).substr(0, 45),
            "2: g.txt has no attributes of subjects; give ");
}

}  // namespace
}  // namespace plumbline::face
