// Parts of the audit's page and text that are there only when asked for: the
// policy, the shared version, several models, weights.
#include <gtest/gtest.h>

#include "plumbline/report/audit_report.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/synthetic_audit.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

TEST(PolicyOnThePage, StandsInTheVerdictWithItsHash) {
  Json audit = MakeAudit();
  const std::string hash(64, 'a');
  audit["policy"] = {{"file", "policy.toml"},        {"sha256", hash},
                     {"name", "Release <1> & more"}, {"version", "3"},
                     {"owner", "Committee"},         {"approved", "2026-05-04"},
                     {"settings", Json::array()},    {"gates", Json::array()}};
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  const size_t policy = html.find(
      "Fixed beforehand by the policy Release &lt;1&gt; &amp; more, version 3 "
      "(policy.toml), owner Committee, approved 2026-05-04; SHA-256 <code>" +
      hash);
  ASSERT_NE(policy, std::string::npos);
  EXPECT_LT(policy, html.find("<nav"));
  // The head has the name alone.
  EXPECT_NE(html.find("<dt>Policy</dt><dd><bdi>Release &lt;1&gt; &amp; more"
                      "</bdi>, version <bdi>3</bdi></dd>"),
            std::string::npos);
  EXPECT_EQ(AuditReportHtml(MakeAudit()).find("Fixed beforehand by"),
            std::string::npos);
}

TEST(SharedVersionOnThePage, SaysSoAndDrawsNoMapOfHiddenCells) {
  Json audit = MakeAudit();
  audit["shared"] = {{"text", "Shared version: counts are <hidden>."}};
  const std::string before = AuditReportHtml(audit);
  EXPECT_NE(before.find("<figure class=\"heat\">"), std::string::npos);
  for (Json& group : audit["groups"]) {
    if (group["attributes"].size() < 2) continue;
    group["n"] = nullptr;
    for (auto& [name, estimate] : group["metrics"].items()) {
      estimate = {{"value", nullptr}, {"lo", nullptr},
                  {"hi", nullptr},    {"n", nullptr},
                  {"method", "none"}, {"reason", "suppressed"}};
    }
  }
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("Shared version: counts are &lt;hidden&gt;."),
            std::string::npos);
  EXPECT_EQ(html.find("<figure class=\"heat\">"), std::string::npos);
  const size_t note = html.find(
      "Not drawn, since every group is hidden or has "
      "too few rows: ");
  ASSERT_NE(note, std::string::npos);
  const std::string names = html.substr(note, html.find("</p>", note) - note);
  EXPECT_EQ(Occurrences(names, " by <bdi>race</bdi> and <bdi>sex</bdi>"), 2)
      << names;
}

// A second model of the first target, with a name of `score`.
Json TwoModels(const std::string& score) {
  Json audit = MakeAudit({.targets = {"Effusion"}});
  const auto add = [&](const char* list) {
    const Json all = audit[list];
    for (const Json& entry : all) {
      Json copy = entry;
      copy["model"] = score;
      if (copy.contains("score")) copy["score"] = score;
      audit[list].push_back(copy);
    }
  };
  for (const char* list : {"targets", "groups", "gaps"}) {
    for (Json& entry : audit[list]) {
      entry["model"] = "own";
      if (entry.contains("score")) entry["score"] = "own";
    }
    add(list);
  }
  audit["curves"] = Json::array();
  return audit;
}

TEST(ModelsSideBySide, HaveAColumnEachAndNamesThatAreNotCut) {
  const Json audit = TwoModels("atelectasis");
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find("Models side by side</h2>"), std::string::npos);
  EXPECT_NE(html.find("<th scope=\"col\"><bdi>own</bdi></th><th "
                      "scope=\"col\"><bdi>atelectasis</bdi></th>"),
            std::string::npos);
  const std::string text = AuditText(audit, 100);
  const size_t table = text.find("Models side by side, everyone");
  ASSERT_NE(table, std::string::npos);
  const std::string part = text.substr(table, text.find("\n\n", table) - table);
  EXPECT_NE(part.find("Effusion  atelectasis"), std::string::npos) << part;
  EXPECT_EQ(part.find("…"), std::string::npos) << part;
}

TEST(ModelsSideBySide, AreShownAsTextWhateverTheirNames) {
  const std::string html = AuditReportHtml(TwoModels("<script>&\""));
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("<script"), std::string::npos);
}

TEST(WeightsOnThePage, AreSummedWithThousandsAndOneDecimal) {
  Json audit = MakeAudit();
  audit["input"]["weight_column"] = "w<1>";
  const double sums[] = {13017, 5801.449, 0.25, 1e15};
  size_t next = 0;
  for (Json& group : audit["groups"]) {
    group["weight_sum"] = sums[next++ % 4];
    group["effective_n"] = 1234.56;
  }
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  for (const char* part : {">13,017.0<", ">5,801.4<", ">0.25<", ">1e+15<",
                           "weighted by <bdi>w&lt;1&gt;</bdi>"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
}

// A value whose interval nobody asked for is still a value.
TEST(EstimatesOnThePage, KeepTheirValueWithoutAnInterval) {
  Json audit = MakeAudit();
  for (Json& group : audit["groups"]) {
    Json& estimate = group["metrics"]["auroc"];
    estimate["value"] = 0.777;
    estimate["lo"] = nullptr;
    estimate["hi"] = nullptr;
    estimate["reason"] = "not_requested";
  }
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_NE(html.find(">0.777 (no interval)</text>"), std::string::npos);
  EXPECT_EQ(html.find("not asked for"), std::string::npos);
}

}  // namespace
}  // namespace plumbline::report
