#include "plumbline/face/input/score_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "plumbline/base/file.h"
#include "plumbline/base/test_support.h"
#include "plumbline/face/input/comparisons_for_test.h"
#include "plumbline/face/synth/synthetic_faces.h"

namespace plumbline::face {
namespace {

using testing::ElementsAre;

std::string CsvError(const std::string& text, const FaceInputColumns& columns,
                     const std::optional<std::string>& subjects = {}) {
  return ErrorText([&] { FromCsv(text, columns, subjects); });
}

FaceInputColumns BySex() { return {.by = {"sex"}}; }

// 1 to n with sex and age.
std::string Subjects(int count) {
  std::string csv = "subject,sex,age\n";
  for (int i = 1; i <= count; ++i) {
    csv += fmt::format("s{},{},{}\n", i, i % 2 == 1 ? "F" : "M", 20 + i);
  }
  return csv;
}

// The ring without its group columns.
std::string BareRing(int subjects = 40) {
  std::string csv = "ref_subject,probe_subject,score\n";
  for (int i = 1; i <= subjects; ++i) {
    csv += fmt::format("s{},s{},0.9\ns{},s{},0.1\n", i, i, i, i % subjects + 1);
  }
  return csv;
}

TEST(ScoreInput, SubjectsAreNumberedAndTheirIdsDropped) {
  const FaceInput input = FromCsv(RingTable(), BySex());
  EXPECT_EQ(input.subjects, 40);
  EXPECT_EQ(input.impostor.size(), 40);
  EXPECT_EQ(input.genuine.size(), 40);
  EXPECT_EQ(input.impostor.reference[39], 39U);
  EXPECT_EQ(input.impostor.probe[39], 0U);
  EXPECT_EQ(input.genuine.subject[7], 7U);
  EXPECT_EQ(input.impostor.score[0], 0.1);
  EXPECT_EQ(input.genuine.score[0], 0.9);
  EXPECT_FALSE(input.independent);
  EXPECT_TRUE(input.warnings.empty());
  EXPECT_TRUE(input.left_out.empty());
  const SubjectGroups sex = GroupsOf(input, 1);
  EXPECT_EQ(sex.groups, 2);
  EXPECT_EQ(input.groups.Name(1), "sex=F");
  EXPECT_EQ(sex.of_subject[0], 0U);
  EXPECT_EQ(sex.of_subject[1], 1U);
  EXPECT_EQ(GroupsOf(input, 0).groups, 1);
}

TEST(ScoreInput, ASubjectTableGivesTheSameGroups) {
  FaceInputColumns columns = BySex();
  columns.subject_table = "subjects.csv";
  const FaceInput input = FromCsv(BareRing(), columns, Subjects(42));
  EXPECT_EQ(GroupsOf(input, 1).of_subject,
            GroupsOf(FromCsv(RingTable(), BySex()), 1).of_subject);
  EXPECT_THAT(
      input.left_out,
      ElementsAre("2 subjects of the subject table are in no comparison."));
  EXPECT_EQ(input.sources.size(), 2U);
}

TEST(ScoreInput, AgesAreBinnedAndCrossed) {
  FaceInputColumns columns{.by = {"sex", "age"}, .bins = {{"age", {0, 40}}}};
  columns.subject_table = "subjects.csv";
  const FaceInput input = FromCsv(BareRing(), columns, Subjects(40));
  EXPECT_EQ(input.groups.groupings.size(), 4U);
  EXPECT_EQ(input.groups.Name(input.groups.groupings[2].first_group),
            "age=0-39");
  EXPECT_EQ(input.groups.cells, 4);
  columns.cross = 1;
  EXPECT_EQ(FromCsv(BareRing(), columns, Subjects(40)).groups.groupings.size(),
            3U);
  columns.bins = {{"aeg", {0, 40}}};
  columns.by = {"sex"};
  EXPECT_EQ(CsvError(BareRing(), columns, Subjects(40)),
            "2: --bins aeg is for no attribute in use");
}

TEST(ScoreInput, AgesOfAScoreTableAreBinnedBySideAndSubject) {
  std::string csv = "ref_subject,probe_subject,ref_age,probe_age,score\n";
  for (int i = 0; i < 40; ++i) {
    const int next = (i + 1) % 40;
    csv += fmt::format("{},{},{},{},0.9\n", i, i, 20 + i, 20 + i);
    csv += fmt::format("{},{},{},{},0.1\n", i, next, 20 + i, 20 + next);
  }
  const FaceInputColumns columns{.by = {"age"}, .bins = {{"age", {0, 40, 50}}}};
  const FaceInput input = FromCsv(csv, columns);
  EXPECT_EQ(input.groups.groups[1].rows, 20);
  EXPECT_EQ(input.groups.Name(3), "age=50+");
  EXPECT_EQ(CsvError(WithLine(csv, 2, "0,0,20,44,0.9"), columns),
            "3: scores.csv, row 2, column \"probe_age\": age of this subject "
            "is \"40-49\" here and \"0-39\" in scores.csv, row 2, column "
            "\"ref_age\"; a subject is in one group in all rows");
}

TEST(ScoreInput, DistancesAreNegated) {
  FaceInputColumns columns = BySex();
  columns.distance = true;
  const FaceInput input = FromCsv(RingTable(), columns);
  EXPECT_EQ(input.genuine.score[0], -0.9);
  EXPECT_THAT(input.warnings,
              ElementsAre("Genuine comparisons are less alike than impostor "
                          "comparisons on average (mean distance 0.9 against "
                          "0.1): are these similarities? Then leave out "
                          "--distance."));
}

TEST(ScoreInput, WarnsOfDistancesThatAreTakenForScores) {
  std::string csv = RingTable();
  for (size_t at = 0; (at = csv.find(",0.", at)) != std::string::npos; ++at) {
    csv[at + 3] = csv[at + 3] == '9' ? '1' : '9';
  }
  EXPECT_THAT(FromCsv(csv, BySex()).warnings,
              ElementsAre("Genuine comparisons are less alike than impostor "
                          "comparisons on average (mean score 0.1 against "
                          "0.9): are these distances? Then give --distance."));
}

// s1 is F and fails against itself, and (F, M) in row 3.
TEST(ScoreInput, FailuresFollowThePolicyAndAreCountedByGroup) {
  std::string csv = WithLine(RingTable(), 2, "s1,s1,F,F,");
  csv = WithLine(csv, 3, "s1,s2,F,M,NaN");
  FaceInputColumns columns = BySex();
  FaceInput input = FromCsv(csv, columns);
  EXPECT_EQ(input.genuine.score[0], -INFINITY);
  EXPECT_EQ(input.impostor.score[0], -INFINITY);
  EXPECT_THAT(input.failed.genuine_of_group, ElementsAre(1, 1, 0));
  EXPECT_THAT(input.failed.impostor_of_group, ElementsAre(1, 0, 0));
  columns.failures = FailurePolicy::kNegative;
  EXPECT_EQ(FromCsv(csv, columns).impostor.score[0], INFINITY);
  columns.failures = FailurePolicy::kExclude;
  input = FromCsv(csv, columns);
  EXPECT_EQ(input.genuine.size(), 39);
  EXPECT_EQ(input.impostor.size(), 39);
  EXPECT_EQ(input.failed.genuine, 1);
  EXPECT_EQ(input.failed.impostor, 1);
  EXPECT_THAT(input.left_out,
              ElementsAre("1 impostor and 1 genuine comparisons failed and are "
                          "left out of all rates."));
}

TEST(ScoreInput, AStatusOtherThanSuccessIsAFailure) {
  std::string csv = RingTable();
  for (size_t at = 0; (at = csv.find('\n', at)) != std::string::npos;) {
    csv.insert(at, at < 60 ? ",status" : ",ok");
    at = csv.find('\n', at) + 1;
  }
  csv = WithLine(csv, 2, "s1,s1,F,F,0.9,extract error");
  EXPECT_EQ(FromCsv(csv, BySex()).failed.genuine, 1);
  EXPECT_EQ(FromCsv(csv, BySex()).genuine.score[0], -INFINITY);
  EXPECT_EQ(CsvError(WithLine(csv, 4, "s2,s2,M,M,0.9,"), BySex()),
            "3: scores.csv, row 4, column \"status\": is missing; a status is "
            "ok, success or 0, and anything else is a failed comparison");
}

TEST(ScoreInput, InfiniteScoresAreRefused) {
  EXPECT_THAT(CsvError(WithLine(RingTable(), 2, "s1,s1,F,F,inf"), BySex()),
              testing::StartsWith("3: scores.csv, row 2, column \"score\":"));
}

TEST(ScoreInput, MissingIdsAreRefused) {
  EXPECT_EQ(CsvError(WithLine(RingTable(), 5, "s2,,M,F,0.1"), BySex()),
            "3: scores.csv, row 5, column \"probe_subject\": has no subject "
            "id; without it nobody can tell whether this is a comparison of "
            "one person or of two");
}

TEST(ScoreInput, ASubjectInTwoGroupsIsRefusedWithBothRows) {
  EXPECT_EQ(CsvError(WithLine(RingTable(), 5, "s2,s3,M,M,0.1"), BySex()),
            "3: scores.csv, row 6, column \"ref_sex\": sex of this subject is "
            "\"F\" here and \"M\" in scores.csv, row 5, column \"probe_sex\"; "
            "a subject is in one group in all rows");
  EXPECT_EQ(CsvError(WithLine(RingTable(), 5, "s2,s3,M,,0.1"), BySex()),
            "3: scores.csv, row 6, column \"ref_sex\": sex of this subject is "
            "\"F\" here and missing in scores.csv, row 5, column "
            "\"probe_sex\"; a subject is in one group in all rows");
}

TEST(ScoreInput, GroupsComeFromOnePlace) {
  FaceInputColumns columns = BySex();
  columns.subject_table = "subjects.csv";
  EXPECT_EQ(CsvError(RingTable(), columns, Subjects(40)),
            "2: scores.csv has the groups of its subjects (\"ref_sex\"), and "
            "the subject table subjects.csv has them too; give one of them");
  columns.by = {};
  EXPECT_THAT(CsvError(RingTable(), columns, Subjects(40)),
              testing::StartsWith("2: scores.csv has the groups"));
}

TEST(ScoreInput, AsksWhichAttributesToUse) {
  EXPECT_EQ(CsvError(RingTable(), {}),
            "2: choose with --by which attributes of scores.csv make the "
            "groups: sex");
  EXPECT_EQ(CsvError(RingTable(), {.by = {"sx"}}),
            "3: scores.csv has no column \"ref_sx\"; did you mean "
            "\"ref_sex\"? Its columns: ref_subject, probe_subject, ref_sex, "
            "probe_sex, score.");
  EXPECT_EQ(FromCsv(BareRing(), {}).groups.groups.size(), 1U);
  EXPECT_THAT(
      CsvError(BareRing(), BySex()),
      testing::StartsWith("3: scores.csv has no column \"ref_sex\"; did"));
}

TEST(ScoreInput, SubjectsOutsideTheSubjectTableAreRefused) {
  FaceInputColumns columns = BySex();
  columns.subject_table = "subjects.csv";
  EXPECT_EQ(CsvError(BareRing(), columns, Subjects(39)),
            "3: scores.csv, row 80, column \"ref_subject\": subject \"s40\" is "
            "not in the subject table subjects.csv");
  EXPECT_EQ(CsvError(BareRing(), columns, Subjects(40) + "s7,F,30\n"),
            "3: subjects.csv, row 42, column \"subject\": subject \"s7\" "
            "stands in row 8 already; a subject table has one row for each "
            "subject");
}

TEST(ScoreInput, BothKindsOfComparisonAreNeeded) {
  std::string impostors = "ref_subject,probe_subject,score\n";
  std::string genuine = impostors;
  for (int i = 0; i < 40; ++i) {
    impostors += fmt::format("{},{},0.5\n", i, (i + 1) % 40);
    genuine += fmt::format("{},{},0.5\n", i, i);
  }
  EXPECT_EQ(CsvError(impostors, {}),
            "3: scores.csv: has no genuine (same subject) comparisons, so "
            "there is no false-non-match rate to audit");
  EXPECT_EQ(CsvError(genuine, {}),
            "3: scores.csv: has no impostor (different subjects) comparisons, "
            "so there is no false-match rate to audit");
  EXPECT_EQ(CsvError(genuine + "0,1,\n", {.failures = FailurePolicy::kExclude}),
            "3: scores.csv: has no impostor (different subjects) comparisons "
            "that did not fail, so there is no false-match rate to audit");
}

TEST(ScoreInput, WithoutIdsIndependenceMustBeAsserted) {
  std::string csv = "label,ref_group,probe_group,score\n";
  for (int i = 0; i < 50; ++i) csv += "0,A,B,0.1\n1,B,B,0.9\n";
  EXPECT_EQ(CsvError(csv, {}),
            "3: scores.csv: has no subject ids, so nobody can tell which "
            "comparisons share people, and intervals would be too narrow; add "
            "ids, or say with --assert-independent that everybody is in one "
            "comparison only");
  const FaceInputColumns columns{.assert_independent = true};
  const FaceInput input = FromCsv(csv, columns);
  EXPECT_EQ(input.subjects, 150);
  std::set<uint32_t> seen(input.genuine.subject.begin(),
                          input.genuine.subject.end());
  for (int64_t k = 0; k < input.impostor.size(); ++k) {
    seen.insert(input.impostor.reference[k]);
    seen.insert(input.impostor.probe[k]);
  }
  EXPECT_EQ(seen.size(), 150U);
  EXPECT_TRUE(input.independent);
  EXPECT_EQ(input.groups.groups[1].rows, 50);   // A
  EXPECT_EQ(input.groups.groups[2].rows, 100);  // B
  EXPECT_EQ(CsvError(WithLine(csv, 3, "1,A,B,0.9"), columns).substr(0, 46),
            "3: scores.csv, row 3, column \"probe_group\": gr");
  EXPECT_EQ(CsvError(WithLine(csv, 3, "2,B,B,0.9"), columns),
            "3: scores.csv, row 3, column \"label\": found \"2\"; a label is 1 "
            "(or genuine, mated) or 0 (or -1, impostor, non-mated)");
  EXPECT_EQ(CsvError(RingTable(), {.by = {"sex"}, .assert_independent = true}),
            "2: scores.csv has subject ids, so it is known which comparisons "
            "share people; leave out --assert-independent");
}

TEST(ScoreInput, LabelsMustAgreeWithTheIds) {
  std::string csv = "ref_subject,probe_subject,score,label\n";
  for (int i = 0; i < 40; ++i) {
    csv += fmt::format("{},{},0.9,1\n{},{},0.1,0\n", i, i, i, (i + 1) % 40);
  }
  EXPECT_EQ(CsvError(csv, {}), "no error");
  EXPECT_EQ(CsvError(WithLine(csv, 3, "0,1,0.1,1"), {}),
            "3: scores.csv, row 3, column \"label\": says that this comparison "
            "is genuine, but its sides are different subjects");
  EXPECT_EQ(CsvError(WithLine(csv, 2, "0,0,0.1,0"), {}),
            "3: scores.csv, row 2, column \"label\": says that this comparison "
            "is an impostor's, but both sides are the same subject");
}

TEST(ScoreInput, ReadsTheTableOfBalancedFaces) {
  std::string csv =
      "fold,p1,p2,label,id1,id2,att1,att2,vgg16,resnet50,a1,a2,g1,g2,e1,e2\n";
  const auto row = [&](int i, int j) {
    const char* e = "AB";
    const char* g = "FM";
    csv += fmt::format(
        "1,x/{0}.jpg,x/{1}.jpg,{2},{0},{1},at{3},at{4},{5},{6},{7}{8},{9}{10},"
        "{8},{10},{7},{9}\n",
        i, j, i == j ? 1 : 0, i % 2, j % 2, i == j ? 0.8 : 0.2,
        i == j ? 0.7 : 0.1, e[i % 2], g[i / 2 % 2], e[j % 2], g[j / 2 % 2]);
  };
  for (int i = 0; i < 40; ++i) {
    row(i, i);
    row(i, (i + 1) % 40);
  }
  EXPECT_EQ(CsvError(csv, {.profile = "bfw"}),
            "2: choose with --score which model of scores.csv is audited: "
            "vgg16 or resnet50");
  const FaceInput input = FromCsv(csv, {.profile = "bfw", .score = "resnet50"});
  EXPECT_EQ(input.genuine.score[0], 0.7);
  EXPECT_EQ(input.impostor.score[0], 0.1);
  EXPECT_EQ(input.groups.cells, 4);
  EXPECT_EQ(input.groups.attributes[0].name, "ethnicity");
  EXPECT_EQ(CsvError(csv, {.profile = "bfw", .score = "vgg16", .by = {"age"}}),
            "2: a BFW table has no attribute \"age\"; it has gender, "
            "ethnicity, subgroup and att, and others can come from a subject "
            "table (--subject-table FILE)");
}

TEST(ScoreInput, ReadsTheTablesOfBob) {
  std::string csv =
      "probe_subject_id,probe_key,probe_race,bio_ref_subject_id,bio_ref_race,"
      "score\n";
  for (int i = 0; i < 40; ++i) {
    const int next = (i + 1) % 40;
    csv += fmt::format("{0},k,{1},{0},{1},-0.2\n", i, "AB"[i % 2]);
    csv += fmt::format("{},k,{},{},{},-0.9\n", next, "AB"[next % 2], i,
                       "AB"[i % 2]);
  }
  const FaceInput input = FromCsv(csv, {.profile = "bob-csv", .by = {"race"}});
  EXPECT_EQ(input.impostor.reference[0], 0U);
  EXPECT_EQ(input.impostor.probe[0], 1U);
  EXPECT_EQ(input.groups.Name(2), "race=B");
}

TEST(ScoreInput, ProfilesAreFoundByName) {
  EXPECT_EQ(ErrorText([] { FindProfile("bob-cvs"); }),
            "2: there is no profile \"bob-cvs\"; did you mean \"bob-csv\"? The "
            "profiles are generic, bfw, bob-csv, bob-text, nist-log and "
            "pyeer.");
  for (const Profile& profile : Profiles()) {
    EXPECT_NE(profile.roles == nullptr, profile.read_text == nullptr);
    EXPECT_FALSE(profile.wants.empty());
  }
}

TEST(ScoreInput, FailurePoliciesAreWords) {
  for (const char* word : {"positive", "negative", "exclude"}) {
    EXPECT_STREQ(NameOf(ParseFailurePolicy(word)), word);
  }
  EXPECT_EQ(ErrorText([] { ParseFailurePolicy("drop"); }),
            "2: \"drop\" is no policy for failed comparisons; choose positive "
            "(never accepted), negative (always accepted) or exclude");
}

// The table of synthetic faces, written and read again, is the faces.
TEST(ReadScores, GivesSyntheticFacesBack) {
  SynthOptions options;
  options.groups[1].failure = 0.05;
  options.impostor_comparisons = 5000;
  const SyntheticFaces faces = MakeSyntheticFaces(options);
  const TemporaryFolder folder;
  WriteFile(folder / "s.csv", ToCsv(faces, options));
  FaceInputColumns columns;
  columns.csv.threads = 1;
  const FaceInput input = ReadScores({folder / "s.csv"}, columns);
  EXPECT_EQ(input.subjects, 200);
  EXPECT_EQ(input.sources.at(0).sha256.size(), 64U);
  ASSERT_EQ(input.impostor.size(), faces.impostor.size());
  // Ids are numbered by appearance; the same number must mean the same subject.
  std::vector<int64_t> of_number(200, -1);
  const SubjectGroups groups = GroupsOf(input, 1);
  int64_t failed = 0;
  for (int64_t k = 0; k < input.impostor.size(); ++k) {
    const uint32_t number = input.impostor.probe[k];
    const uint32_t subject = faces.impostor.probe[k];
    if (of_number[number] < 0) of_number[number] = subject;
    ASSERT_EQ(of_number[number], subject);
    ASSERT_EQ(groups.of_subject[number], faces.groups.of_subject[subject]);
    const bool fails = std::isnan(faces.impostor.score[k]);
    failed += fails;
    ASSERT_EQ(input.impostor.score[k],
              fails ? -INFINITY : faces.impostor.score[k]);
  }
  EXPECT_GT(failed, 0);
  EXPECT_EQ(input.failed.impostor, failed);
  columns.csv.threads = 2;
  EXPECT_EQ(ReadScores({folder / "s.csv"}, columns).impostor.reference,
            input.impostor.reference);
}

TEST(ReadScores, AJustificationIsReadOnlyIfItIsSigned) {
  const TemporaryFolder folder;
  std::string csv = "ref_subject,probe_subject,score\n";
  for (int i = 0; i < 4000; ++i) {
    csv += fmt::format("{},{},0.1\n", i, i % 35);
  }
  WriteFile(folder / "s.csv", csv);
  WriteFile(folder / "why.txt", "Because.\n");
  FaceInputColumns columns;
  EXPECT_THAT(ErrorText([&] { ReadScores({folder / "s.csv"}, columns); }),
              testing::HasSubstr("4000 reference subjects with 35 probe"));
  columns.justification = folder / "why.txt";
  EXPECT_THAT(ErrorText([&] { ReadScores({folder / "s.csv"}, columns); }),
              testing::HasSubstr("why.txt: is not signed"));
  WriteFile(folder / "why.txt",
            "The door of one building is tested with the staff of the whole "
            "company.\nSigned: A. Lab, 2026-01-31\n");
  EXPECT_EQ(ReadScores({folder / "s.csv"}, columns).subjects, 4000);
}

// A file of numbers as NumPy writes it.
std::string Npy(const std::vector<double>& values) {
  std::string header = fmt::format(
      "{{'descr': '<f8', 'fortran_order': False, 'shape': ({},), }}",
      values.size());
  header.resize(117, ' ');
  std::string npy("\x93NUMPY\x01\x00\x76\x00", 10);
  npy += header + '\n';
  return npy.append(reinterpret_cast<const char*>(values.data()),
                    values.size() * sizeof(double));
}

TEST(ReadScores, ReadsArraysAsColumns) {
  const TemporaryFolder folder;
  std::vector<double> reference, probe, score;
  for (int i = 0; i < 40; ++i) {
    for (const int j : {i, (i + 1) % 40}) {
      reference.push_back(i);
      probe.push_back(j);
      score.push_back(i == j ? 0.9 : 0.1);
    }
  }
  score[0] = NAN;
  WriteFile(folder / "r.npy", Npy(reference));
  WriteFile(folder / "p.npy", Npy(probe));
  WriteFile(folder / "s.npy", Npy(score));
  const std::vector<std::string> inputs = {"ref_subject=" + folder / "r.npy",
                                           "probe_subject=" + folder / "p.npy",
                                           "score=" + folder / "s.npy"};
  const FaceInput input = ReadScores(inputs, {});
  EXPECT_EQ(input.subjects, 40);
  EXPECT_EQ(input.impostor.probe[0], 1U);
  EXPECT_EQ(input.failed.genuine, 1);

  const std::string whole = Npy(score);
  WriteFile(folder / "s.npy", whole.substr(0, whole.size() - 8));
  EXPECT_THAT(
      ErrorText([&] { ReadScores(inputs, {}); }),
      testing::AllOf(testing::StartsWith("3: "), testing::HasSubstr("s.npy"),
                     testing::HasSubstr("bytes")));
}

}  // namespace
}  // namespace plumbline::face
