#include "plumbline/face/input/guard.h"

#include <gtest/gtest.h>

#include "plumbline/base/test_support.h"
#include "plumbline/face/input/comparisons_for_test.h"

namespace plumbline::face {
namespace {

CategoricalColumn Column(const std::string& name,
                         const std::vector<std::string>& levels) {
  CategoricalColumn column;
  column.name = name;
  column.levels = levels;
  return column;
}

std::string IdError(const std::string& name,
                    const std::vector<std::string>& levels) {
  return ErrorText([&] {
    CheckIdColumn(Column(name, levels), {"scores.csv", 0, name});
  });
}

TEST(Guard, KnowsNamesAddressesAndNumbersFromIds) {
  for (const char* name : {"Aaron_Eckhart", "Mary Ann Smith", "O'Neill, Tip",
                           "SMITH JOHN", "M\xC3\xBCller_\xC3\x89lodie"}) {
    EXPECT_TRUE(LooksLikeName(name)) << name;
  }
  for (const char* id : {"s17", "n000009", "Subject_12", "A", "African",
                         "m.0c7mh2", "AB CD", "b6d1-77aa", "a b"}) {
    EXPECT_FALSE(LooksLikeName(id)) << id;
  }
  EXPECT_TRUE(LooksLikeEmail("someone@example.org"));
  EXPECT_FALSE(LooksLikeEmail("s17@camera1"));
  EXPECT_FALSE(LooksLikeEmail("@a.b"));
  for (const char* phone :
       {"+49 151 2345678", "(555) 123-4567", "555-123-4567", "555 123 4567"}) {
    EXPECT_TRUE(LooksLikePhone(phone)) << phone;
  }
  for (const char* id : {"5551234567", "2020-01-31", "0001-0002-0003", "+1.5",
                         "123e4567-e89b-12d3"}) {
    EXPECT_FALSE(LooksLikePhone(id)) << id;
  }
}

TEST(Guard, RefusesColumnsThatAreCalledLikeNames) {
  EXPECT_EQ(
      IdError("ref_name", {"1"}),
      "3: scores.csv, column \"ref_name\": the column is called as if it "
      "held people's names or addresses (\"name\"); subject ids must mean "
      "nothing to a stranger: number the subjects, or rename the column "
      "if it does not");
  EXPECT_NE(IdError("subjectEmail", {"1"}), "no error");
  EXPECT_NE(IdError("probe.phone.number", {"1"}), "no error");
  EXPECT_EQ(IdError("ref_subject", {"1"}), "no error");
  EXPECT_EQ(IdError("tournament", {"1"}), "no error");
}

TEST(Guard, RefusesIdsThatAreNames) {
  EXPECT_EQ(IdError("ref_subject", {"Aaron_Eckhart", "Abel_Pacheco", "x1"}),
            "3: scores.csv, column \"ref_subject\": 2 of 3 values look like "
            "people's names; subject ids must mean nothing to a stranger: "
            "number the subjects");
  EXPECT_EQ(IdError("ref_subject", {"a", "b", "me@example.org"}),
            "3: scores.csv, column \"ref_subject\": 1 of 3 values look like "
            "e-mail addresses; subject ids must mean nothing to a stranger: "
            "number the subjects");
  EXPECT_EQ(IdError("ref_subject", {"555-123-4567"}),
            "3: scores.csv, column \"ref_subject\": 1 of 1 values look like "
            "phone numbers; subject ids must mean nothing to a stranger: "
            "number the subjects");
  // One in twenty may look like anything.
  std::vector<std::string> ids = {"Ab Cd"};
  for (int i = 0; i < 19; ++i) ids.push_back(std::to_string(i));
  EXPECT_EQ(IdError("ref_subject", ids), "no error");
}

TEST(Guard, AttributesMayBeWordsButNotOfOnePersonEach) {
  const auto error = [](const std::vector<std::string>& levels, int subjects) {
    return ErrorText([&] {
      CheckAttributeColumn(Column("race", levels), {"s.csv", 0, "race"},
                           subjects);
    });
  };
  EXPECT_EQ(error({"East Asian", "Black Female"}, 100), "no error");
  std::vector<std::string> many;
  for (int i = 0; i < 60; ++i) many.push_back(std::to_string(i));
  EXPECT_EQ(error(many, 200), "no error");
  EXPECT_EQ(error(many, 100),
            "3: s.csv, column \"race\": has 60 values for 100 subjects, and an "
            "attribute puts many subjects into one group; give bins for a "
            "number, or leave the attribute out");
}

TEST(Guard, RefusesFewAgainstMany) {
  const auto error = [](int64_t references, int64_t probes, bool justified) {
    return ErrorText(
        [&] { CheckShape(references, probes, justified, "s.csv"); });
  };
  EXPECT_EQ(error(30, 30, false), "no error");
  EXPECT_EQ(error(5000, 29, true),
            "3: s.csv: compares 5000 reference subjects with 29 probe "
            "subjects; an audit needs at least 30 on either side, because with "
            "fewer it would be a search for them");
  EXPECT_EQ(error(29, 5000, true).substr(0, 20), "3: s.csv: compares 2");
  EXPECT_EQ(error(5000, 50, false), "no error");
  EXPECT_EQ(error(5000, 49, false),
            "3: s.csv: compares 5000 reference subjects with 49 probe "
            "subjects, few with many (less than 1 in 100), as a search does; "
            "give a signed file that says why with --justification");
  EXPECT_NE(error(49, 5000, false), "no error");
  EXPECT_EQ(error(5000, 49, true), "no error");
}

TEST(Guard, AJustificationHasReasonsAndASignature) {
  const std::string reasons =
      "The test set has 50 staff members who agreed to be probes.\n";
  const auto error = [](const std::string& text) {
    return ErrorText([&] { CheckJustification(text, "why.txt"); });
  };
  EXPECT_EQ(error(reasons + "Signed: A. Lab, 2026-01-31\n"), "no error");
  EXPECT_EQ(error(reasons),
            "3: why.txt: is not signed; a justification says in at least ten "
            "words why few people are compared with many, and ends with a line "
            "\"Signed: NAME, DATE\"");
  EXPECT_EQ(error("Because.\nSigned: A. Lab, 2026-01-31\n").substr(0, 25),
            "3: why.txt: gives 1 words");
  EXPECT_NE(error(reasons + "Signed: , 2026\n"), "no error");
  EXPECT_NE(error(reasons + "Signed: A. Lab\n"), "no error");
}

TEST(Guard, StandsAtTheDoorOfEveryTable) {
  const FaceInputColumns columns{.by = {"sex"}};
  EXPECT_EQ(ErrorText([&] { FromCsv(RingTable(29), columns); }),
            "3: scores.csv: compares 29 reference subjects with 29 probe "
            "subjects; an audit needs at least 30 on either side, because with "
            "fewer it would be a search for them");
  std::string named = RingTable();
  for (size_t at = 0; (at = named.find('s', at + 60)) != std::string::npos;) {
    if (named[at + 1] >= '0' && named[at + 1] <= '9') {
      named.replace(at, 1, "me@example.org/");
    }
  }
  EXPECT_NE(ErrorText([&] { FromCsv(named, columns); }).find("e-mail"),
            std::string::npos);
}

}  // namespace
}  // namespace plumbline::face
