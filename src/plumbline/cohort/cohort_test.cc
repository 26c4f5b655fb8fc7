#include "plumbline/cohort/cohort.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"
#include "plumbline/base/text.h"
#include "plumbline/cohort/split.h"

namespace plumbline {
namespace {

using ::testing::ElementsAre;

Cohort Read(const std::string& csv, const CohortRoles& roles,
            const std::string& mapping = "") {
  const auto maps = ParseMappingFile(mapping, "mapping.toml");
  std::vector<std::string> header;
  for (std::string& name : Split(csv.substr(0, csv.find('\n')), ',')) {
    header.push_back(name);
  }
  return MakeCohort(
      ReadCsvText(csv, "t.csv", CohortColumns(roles, maps, header, "t.csv")),
      roles, maps);
}

CohortRoles Roles() {
  CohortRoles roles;
  roles.subject = "id";
  roles.labels = {"y_*"};
  roles.attributes = {"race"};
  return roles;
}

TEST(MakeCohort, KeepsEveryKindOfNonAnswerApart) {
  const Cohort cohort = Read(
      "id,race,y_a\n1,WHITE,1\n2,,0\n3,declined,-1\n4,not asked,\n5,dk,0\n"
      "6,mixed,1.0\n",
      Roles(),
      "[race]\ndeclined=[\"Declined\"]\nnot_collected=[\"not asked\"]\n"
      "unknown=[\"DK\"]\n[race.groups]\nA=[\"white\"]\nother=[\"mixed\"]\n");
  const CohortAttribute& race = cohort.attributes[0];
  EXPECT_THAT(race.levels, ElementsAre("A", "other", "unknown", "declined",
                                       "not_collected", "missing"));
  EXPECT_THAT(race.codes, ElementsAre(0, 5, 3, 4, 2, 1));
  EXPECT_EQ(race.kinds[3], LevelKind::kDeclined);
  EXPECT_EQ(race.mapped.size(), 6u);
  EXPECT_THAT(cohort.labels[0].values, ElementsAre(1, 0, -1, -2, 0, 1));
}

TEST(MakeCohort, NamesValuesThatTheMappingLacks) {
  EXPECT_EQ(ErrorText([] {
              Read("id,race,y_a\n1,WHITE,1\n2,Whte,0\n", Roles(),
                   "[race.groups]\nA=[\"white\"]\n");
            }),
            "3: column \"race\" has 1 value that the mapping of \"race\" does "
            "not have: \"Whte\" (1 rows); add it to a group, or to unknown, "
            "declined or not_collected");
}

TEST(MakeCohort, SettlesConflictsByTheRule) {
  const std::string csv =
      "id,race,y_a\n1,a,1\n1,b,0\n1,b,1\n2,a,0\n2,,0\n3,a,0\n3,b,0\n";
  for (const auto& [rule, expected] :
       std::vector<std::pair<std::string, std::vector<int32_t>>>{
           {"keep", {0, 1, 1, 0, 2, 0, 1}},
           {"conflicting", {3, 3, 3, 0, 2, 3, 3}},
           {"majority", {1, 1, 1, 0, 2, 3, 3}},
           {"first", {0, 0, 0, 0, 2, 0, 0}},
           {"last", {1, 1, 1, 0, 2, 1, 1}}}) {
    const Cohort cohort = Read(csv, Roles(),
                               "[race]\nconflict=\"" + rule +
                                   "\"\n[race.groups]\nA=[\"a\"]\nB=[\"b\"]\n");
    EXPECT_EQ(cohort.attributes[0].codes, expected) << rule;
    EXPECT_EQ(cohort.attributes[0].conflicting_subjects, 2);
    EXPECT_EQ(cohort.attributes[0].first_conflict, "rows 2 and 3");
  }
}

TEST(MakeCohort, CountsTheFlowByGroup) {
  CohortRoles roles = Roles();
  roles.flow = {ParseFlowStep("adults", "age >= 18"),
                ParseFlowStep("", "view = PA,AP")};
  const Cohort cohort = Read(
      "id,race,y_a,age,view\n1,a,1,20,PA\n1,a,1,20,LL\n2,b,0,17,AP\n"
      "3,b,0,18,\n4,b,1,40,AP\n",
      roles);
  ASSERT_EQ(cohort.flow.size(), 3u);
  EXPECT_EQ(cohort.flow[0].rows, 5);
  EXPECT_THAT(cohort.flow[0].subjects_by_level[0], ElementsAre(1, 3));
  EXPECT_THAT(cohort.flow[1].subjects_by_level[0], ElementsAre(1, 2));
  EXPECT_THAT(cohort.flow[2].subjects_by_level[0], ElementsAre(1, 1));
  EXPECT_EQ(cohort.rows, 2);
  EXPECT_EQ(cohort.subject_count, 2);
  EXPECT_THAT(cohort.subject_names, ElementsAre("1", "4"));
  EXPECT_THAT(cohort.table_rows, ElementsAre(0, 4));
}

TEST(MakeCohort, SaysWhatIsWrongWithARow) {
  EXPECT_EQ(ErrorText([] { Read("id,race,y_a\n1,a,1O\n", Roles()); }),
            "3: t.csv, row 2, column \"y_a\": \"1O\" is no label: expected 1, "
            "0, -1 (uncertain) or nothing; name other words as uncertain or "
            "not_mentioned in cohort.toml");
  EXPECT_EQ(ErrorText([] { Read("id,race,y_a\n,a,1\n", Roles()); }),
            "3: t.csv, row 2, column \"id\": the subject is missing; every row "
            "needs one, so that the images of one person are counted as one "
            "person's");
  CohortRoles roles = Roles();
  roles.labels = {"y_b"};
  EXPECT_EQ(ErrorText([&] { Read("id,race,y_a\n1,a,1\n", roles); }),
            "3: t.csv has no column \"y_b\"; did you mean \"y_a\"? Its "
            "columns: id, race, y_a.");
  roles.labels = {"race"};
  EXPECT_EQ(ErrorText([&] { Read("id,race,y_a\n1,a,1\n", roles); }),
            "2: column \"race\" is named as label and as attribute; a column "
            "has one role");
}

TEST(CohortFile, GivesItsRolesBackAfterPacking) {
  const std::string text =
      "table = \"m.csv\"\nfolder=\"img\"\nsubject=\"id\"\nimage=\"path\"\n"
      "labels=[\"y_*\"]\nattributes=[\"sex\",\"age\"]\nsite=\"s\"\n"
      "uncertain=[\"U\"]\n[bins]\nage=[0,40.5,60]\n"
      "[reference.sex]\nF=51\nM=49\nsource=\"census\"\n"
      "[[flow]]\nname=\"adults\"\nwhere=\"age >= 18\"\n"
      "[[contrast]]\nattribute=\"sex\"\ngroup=\"F\"\nreference=\"M\"\n"
      "label=\"y_a\"\nmargin=0.1\n";
  const CohortRoles roles = ParseCohortFile(text, "data/cohort.toml");
  EXPECT_THAT(roles.tables, ElementsAre("data/m.csv"));
  EXPECT_EQ(roles.folder, "data/img");
  EXPECT_DOUBLE_EQ(roles.references[0].shares[0].second, 0.51);
  const std::string packed = ToToml(roles);
  const CohortRoles again = ParsePackedRoles(packed, "x.plumb");
  EXPECT_EQ(ToToml(again), packed);
  EXPECT_EQ(again.flow[0].number, 18);
  EXPECT_EQ(again.contrasts[0].margin, 0.1);
  EXPECT_THAT(again.bins[0].edges, ElementsAre(0, 40.5, 60));
}

TEST(CohortFile, NamesTheNearestKeyAndTheLine) {
  EXPECT_EQ(ErrorText([] {
              ParseCohortFile("table=\"a\"\nsubjct=\"id\"\n", "c.toml");
            }),
            "2: c.toml, line 2: unknown key \"subjct\"; did you mean "
            "\"subject\"?");
  EXPECT_EQ(ErrorText([] {
              ParseCohortFile("table=\"a\"\n[reference.sex]\nF=0.5\nM=0.3\n",
                              "c.toml");
            }),
            "2: c.toml, line 2: the shares of \"sex\" add up to 0.8; give two "
            "or more groups whose shares add up to 1 or to 100");
  EXPECT_EQ(ErrorText([] { ParseFlowStep("", "view"); }),
            "2: \"view\" is no condition; write one such as \"view = PA,AP\", "
            "\"age >= 18\" or \"sex known\"");
}

// 300 subjects with 1 to 3 rows, two labels, three groups.
Cohort Patients() {
  std::string csv = "id,race,y_a,y_b\n";
  for (int s = 0; s < 300; ++s) {
    for (int r = 0; r <= s % 3; ++r) {
      csv += fmt::format("{},{},{},{}\n", s,
                         "abc"[s % 10 < 6   ? 0
                               : s % 10 < 9 ? 1
                                            : 2],
                         s % 7 == 0, s % 11 == r);
    }
  }
  return Read(csv, Roles());
}

TEST(SplitBySubject, GivesEachPartItsShareOfEveryStratum) {
  Cohort cohort = Patients();
  const SplitOptions options;
  const std::vector<int32_t> part = SplitBySubject(cohort, options);
  cohort.split.levels = {"train", "tune", "test"};
  for (int64_t row = 0; row < cohort.rows; ++row) {
    cohort.split.codes.push_back(part[cohort.subjects[row]]);
  }
  const SplitCheck check = CheckSplit(cohort);
  EXPECT_EQ(check.crossing_subjects, 0);
  EXPECT_EQ(check.rows_without_part, 0);
  for (const SplitStratum& stratum : SplitStrata(cohort)) {
    int64_t all = 0, positives = 0;
    for (int p = 0; p < 3; ++p) {
      all += stratum.subjects[p];
      positives += stratum.positives[p];
    }
    for (int p = 0; p < 3; ++p) {
      EXPECT_NEAR(stratum.subjects[p], options.parts[p].second * all, 1.6)
          << stratum.level << " " << stratum.label;
      EXPECT_NEAR(stratum.positives[p], options.parts[p].second * positives,
                  1.6)
          << stratum.level << " " << stratum.label;
    }
  }
  EXPECT_EQ(SplitBySubject(cohort, options), part);
  SplitOptions other = options;
  other.seed = 2;
  EXPECT_NE(SplitBySubject(cohort, other), part);
}

TEST(SplitBySubject, KeepsPeopleTogetherWhoShareAPicture) {
  const Cohort cohort = Patients();
  std::vector<std::pair<uint32_t, uint32_t>> together;
  for (uint32_t s = 0; s < 100; ++s) together.emplace_back(s, 299 - s);
  const auto part = SplitBySubject(cohort, {}, together);
  for (const auto& [a, b] : together) EXPECT_EQ(part[a], part[b]);
}

TEST(CheckSplit, FindsSubjectsOnBothSides) {
  CohortRoles roles = Roles();
  roles.split = "part";
  const Cohort cohort = Read(
      "id,race,y_a,part\n1,a,1,train\n1,a,0,test\n2,b,0,train\n3,a,1,test\n"
      "4,b,0,\n",
      roles);
  const SplitCheck check = CheckSplit(cohort);
  EXPECT_THAT(check.parts, ElementsAre("test", "train"));
  EXPECT_EQ(check.crossing_subjects, 1);
  EXPECT_EQ(check.crossing_rows, 2);
  EXPECT_EQ(check.first_crossing, "rows 2 and 3");
  EXPECT_EQ(check.rows_without_part, 1);
  EXPECT_THAT(check.rows_seen_in_first, ElementsAre(1, 0));
}

TEST(ParseSplitParts, WantsSharesThatAddUp) {
  EXPECT_EQ(ParseSplitParts("a=0.5, b=0.5").size(), 2u);
  for (const char* bad : {"a=0.5,b=0.6", "a=1", "a=.5,a=.5", "x", "a=0,b=1"}) {
    EXPECT_NE(ErrorText([&] { ParseSplitParts(bad); }), "no error") << bad;
  }
}

}  // namespace
}  // namespace plumbline
