// What the pages of several commands have in common.
#include "plumbline/report/page_parts.h"

#include <gtest/gtest.h>

#include "plumbline/report/markup_checker.h"

namespace plumbline::report {
namespace {

std::vector<AuditFinding> Findings(int count, const std::string& action) {
  std::vector<AuditFinding> findings;
  for (int i = 0; i < count; ++i) {
    findings.push_back({"PB" + std::to_string(100 + i), "high", "",
                        "It <differs> & so on.", action});
  }
  return findings;
}

TEST(WriteFindingsList, FoldsAndCountsWhatIsNotInSight) {
  PageWriter page;
  WriteFindingsList(Findings(10, "Look."), 3, 4, "audit.json", &page);
  EXPECT_EQ(MarkupFault(page.html), "");
  EXPECT_EQ(Occurrences(page.html, "<li>"), 7);
  EXPECT_NE(page.html.find("<summary>7 more findings</summary>"),
            std::string::npos);
  EXPECT_NE(page.html.find("3 more are in audit.json."), std::string::npos);
  EXPECT_NE(page.html.find("It &lt;differs&gt; &amp; so on."),
            std::string::npos);
  EXPECT_NE(page.html.find("<code>plumbline explain PB100</code>"),
            std::string::npos);
}

// Once in sight, once at the end of the folded ones.
TEST(WriteFindingsList, SaysWhatToDoOnceForSeveralThatSayTheSame) {
  PageWriter page;
  WriteFindingsList(Findings(10, "Look."), 3, 7, "audit.json", &page);
  EXPECT_EQ(Occurrences(page.html, "class=\"act\">Look."), 2);
}

TEST(WriteFindingsList, WritesNothingAboutNothing) {
  PageWriter page;
  WriteFindingsList({}, 3, 4, "audit.json", &page);
  EXPECT_EQ(page.html, "");
}

TEST(WriteFindingsList, HasNoSummaryIfAllAreInSight) {
  PageWriter page;
  WriteFindingsList(Findings(2, ""), 3, 4, "audit.json", &page);
  EXPECT_EQ(page.html.find("<details"), std::string::npos);
  EXPECT_EQ(page.html.find("class=\"act\""), std::string::npos);
}

TEST(WriteGateTable, PutsFailedFirstAndNamesTheOutcomeInWords) {
  PageWriter page;
  WriteGateTable("Caption.",
                 {{"m", "met", "m: met; found 1.", "m"},
                  {"c", "cannot_tell", "c: cannot tell.", "c"},
                  {"f", "failed", "f: failed; found <2>.", "f"}},
                 "audit.json", &page);
  EXPECT_EQ(MarkupFault(page.html), "");
  const size_t failed = page.html.find("</span> failed");
  const size_t open = page.html.find("</span> cannot tell");
  const size_t met = page.html.find("</span> met");
  ASSERT_NE(failed, std::string::npos);
  ASSERT_NE(open, std::string::npos);
  ASSERT_NE(met, std::string::npos);
  EXPECT_LT(failed, open);
  EXPECT_LT(open, met);
  // The limit is not said twice.
  EXPECT_NE(page.html.find(">failed; found &lt;2&gt;.</td>"),
            std::string::npos);
}

TEST(WriteGateTable, CountsWhatItLeavesOut) {
  PageWriter page;
  WriteGateTable("Caption.",
                 std::vector<GateLine>(42, {"m", "met", "met.", "m"}),
                 "compare.json", &page);
  EXPECT_EQ(Occurrences(page.html, "scope=\"row\""), 40);
  EXPECT_NE(page.html.find("2 more limits are in compare.json."),
            std::string::npos);
}

TEST(WriteFilesTable, HasRowsAndHashesAndCountsTheRest) {
  PageWriter page;
  std::vector<AuditInput::File> files(41, {"a&b.csv", 12'345, "ab12"});
  files[1] = {"later.csv", {}, ""};
  WriteFilesTable(files, "monitor.json", &page);
  EXPECT_EQ(MarkupFault(page.html), "");
  EXPECT_EQ(Occurrences(page.html, "scope=\"row\""), 40);
  EXPECT_NE(page.html.find("a&amp;b.csv"), std::string::npos);
  EXPECT_NE(page.html.find("12,345"), std::string::npos);
  EXPECT_NE(page.html.find("<code>ab12</code>"), std::string::npos);
  EXPECT_NE(page.html.find("1 more files are in monitor.json."),
            std::string::npos);
  PageWriter none;
  WriteFilesTable({}, "monitor.json", &none);
  EXPECT_EQ(none.html, "");
}

TEST(OutcomeMark, IsADifferentSignForEachOutcome) {
  EXPECT_NE(OutcomeMark(GapOutcome::kShown).find("▲"), std::string::npos);
  EXPECT_NE(OutcomeMark(GapOutcome::kNoneAboveMargin).find("●"),
            std::string::npos);
  EXPECT_NE(OutcomeMark(GapOutcome::kCannotTell).find("◇"), std::string::npos);
  EXPECT_EQ(OutcomeMark(GapOutcome::kNotTested), "");
  EXPECT_STREQ(OutcomeClass(GapOutcome::kNotTested), "untested");
}

}  // namespace
}  // namespace plumbline::report
