#include "plumbline/report/weights_document.h"

#include <gtest/gtest.h>

#include "plumbline/base/json.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/synthetic_audit.h"

namespace plumbline::report {
namespace {

Json WeightedAudit() {
  Json audit = MakeAudit();
  audit["input"]["weight_column"] = "w";
  for (Json& group : audit["groups"]) {
    group["weight_sum"] = 20000.5;
    group["effective_n"] = 1234.56;
  }
  return audit;
}

TEST(Weights, AreNotSpokenOfWhereThereAreNone) {
  const Json audit = MakeAudit();
  const AuditDocument document = ReadAuditDocument(audit);
  EXPECT_FALSE(IsWeighted(document));
  EXPECT_EQ(WeightsClause(document), "");
  EXPECT_EQ(WeightColumns(audit), "");
  EXPECT_EQ(AuditReportHtml(audit).find("Sampling weights"), std::string::npos);
}

TEST(Weights, AreNamedInEveryFormOfTheResult) {
  const Json audit = WeightedAudit();
  const AuditDocument document = ReadAuditDocument(audit);
  EXPECT_EQ(WeightsClause(document),
            "weighted by column w (worth 1,234.6 rows of equal weight)");
  const std::string page = AuditReportHtml(audit);
  EXPECT_NE(page.find("Sampling weights"), std::string::npos);
  EXPECT_NE(page.find("Every figure counts a row by its weight (column"),
            std::string::npos);
  EXPECT_NE(page.find("1,234.6"), std::string::npos);
  EXPECT_NE(AuditMarkdown(audit).find("weighted by column w"),
            std::string::npos);
  EXPECT_NE(AuditMarkdown(audit).find("by weight)"), std::string::npos);
  EXPECT_NE(AuditGroupsCsv(audit).find(",20000.5,1234.56\r\n"),
            std::string::npos);
}

// Weights that were not read from a column have no name.
TEST(Weights, NeedNoColumn) {
  Json audit = WeightedAudit();
  audit["input"]["weight_column"] = nullptr;
  EXPECT_EQ(WeightsClause(ReadAuditDocument(audit)),
            "weighted (worth 1,234.6 rows of equal weight)");
}

TEST(ReadAuditDocument, TakesAReferenceThatIsNoGroup) {
  Json audit = MakeAudit();
  audit["gaps"][0]["measure"] = "difference_rest";
  audit["gaps"][0]["reference"] = "rest";
  EXPECT_TRUE(ReadAuditDocument(audit).targets[0].gaps[0].reference.empty());
}

}  // namespace
}  // namespace plumbline::report
