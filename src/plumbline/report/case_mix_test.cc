// The parts of page, terminal and CSV about standardised gaps.
#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/synthetic_audit.h"
#include "plumbline/report/text_table.h"

namespace plumbline::report {
namespace {

Json Estimate(double value) {
  return {{"value", value},   {"lo", value - 0.02}, {"hi", value + 0.02},
          {"level", 0.95},    {"p", 0.001},         {"p_adjusted", 0.002},
          {"reason", nullptr}};
}

Json Nothing(const char* reason) {
  return {{"value", nullptr}, {"lo", nullptr},         {"hi", nullptr},
          {"level", 0.95},    {"p_adjusted", nullptr}, {"reason", reason}};
}

// One comparison of every outcome, of groups called `name`.
Json CaseMix(const std::string& target, const std::string& name) {
  Json comparisons = Json::array();
  for (const char* outcome : {"reversed", "explained", "remains", "appears",
                              "none_above_margin", "insufficient"}) {
    comparisons.push_back({{"metric", "fnr"},
                           {"measure", "difference_reference"},
                           {"group", name + "=F"},
                           {"reference", name + "=M"},
                           {"denominator", "positives"},
                           {"n", 100},
                           {"subjects", 90},
                           {"crude", Estimate(0.1)},
                           {"direct", Estimate(-0.05)},
                           {"ipw", Nothing("separation")},
                           {"explained", Estimate(0.15)},
                           {"outcome", outcome},
                           {"shapley", Json::array({{{"covariate", "age"},
                                                     {"value", 0.1},
                                                     {"lo", 0.05},
                                                     {"hi", 0.15}},
                                                    {{"covariate", name},
                                                     {"value", 0.05},
                                                     {"lo", 0.0},
                                                     {"hi", 0.1}}})}});
  }
  const Json support = {
      {"denominator", "positives"},
      {"coverage", 0.5},
      {"direct_reason", "no_overlap"},
      {"weights_reason", "separation"},
      {"separating_covariate", "age"},
      {"separating_level", name},
      {"groups", Json::array({{{"group", name + "=F"},
                               {"n", 100},
                               {"effective_sample_size", nullptr},
                               {"largest_share", nullptr},
                               {"imbalance_before", 1.2},
                               {"imbalance_after", nullptr}}})}};
  const Json balance = {{"group", name + "=F"}, {"reference", name + "=M"},
                        {"covariate", "age"},   {"level", name},
                        {"before", -1.2},       {"after", 0.05}};
  const Json entry = {{"target", target},
                      {"by", Json::array({name})},
                      {"covariates", Json::array({"age", name})},
                      {"adjust_to", name + "=F"},
                      {"comparisons", comparisons},
                      {"supports", Json::array({support})},
                      {"balance", Json::array({balance})}};
  return {{"covariates", Json::array()}, {"results", Json::array({entry})}};
}

Json Audit(const std::string& name) {
  Json audit = FixtureAudit();
  audit["case_mix"] =
      CaseMix(audit["targets"][0]["target"].get<std::string>(), name);
  return audit;
}

TEST(CaseMixReport, IsWellFormedWhateverTheNamesAre) {
  for (const char* name :
       {"sex", "<script>alert('x')</script>", "\"'&|\n\x1b[31m"}) {
    const std::string html = AuditReportHtml(Audit(name));
    EXPECT_EQ(MarkupFault(html), "");
    EXPECT_EQ(html.find("<script"), std::string::npos);
    EXPECT_NE(html.find("Gaps with the same case mix"), std::string::npos);
  }
}

TEST(CaseMixReport, HasForestBalanceAndShares) {
  const std::string html = AuditReportHtml(Audit("sex"));
  EXPECT_NE(html.find("<b>Difference to the reference</b>"), std::string::npos);
  EXPECT_NE(html.find("<b>Balance of "), std::string::npos);
  EXPECT_NE(html.find("<b>Shapley shares</b>"), std::string::npos);
}

TEST(CaseMixText, SaysOutcomesAndReasons) {
  const std::string text = AuditText(Audit("sex"), 120);
  for (const char* part :
       {"Case mix: gaps by sex adjusted for age and sex, as in sex=F",
        "reverses", "explained by case mix", "remains", "appears",
        "none above the margin", "cannot tell",
        "weights refused: not every group has age=sex; not standardised: too "
        "few",
        "FNR, F to M", "Explained is not"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

TEST(CaseMixCsv, HasOneRowAComparison) {
  const std::string csv = AuditCaseMixCsv(Audit("sex"));
  EXPECT_EQ(Occurrences(csv, "\r\n"), 7);
  EXPECT_NE(csv.find(",separation,"), std::string::npos);
  EXPECT_EQ(AuditCaseMixCsv(FixtureAudit()), "");
}

TEST(CaseMixDocument, SaysWhereItIsWrong) {
  Json audit = Audit("sex");
  audit["case_mix"]["results"][0]["comparisons"][1].erase("crude");
  try {
    AuditText(audit);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "audit.json: case_mix.results[0].comparisons[1] has no "
                 "\"crude\"; was it written by plumbline audit?");
  }
}

}  // namespace
}  // namespace plumbline::report
