// A model of several classes on the page and the terminal.
#include <gtest/gtest.h>

#include "plumbline/base/error.h"
#include "plumbline/report/audit_report.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/synthetic_audit.h"

namespace plumbline::report {
namespace {

Json Estimate(double value) {
  return {{"value", value},   {"lo", value - 0.03}, {"hi", value + 0.03},
          {"n", 2560},        {"subjects", 1138},   {"method", "wilson"},
          {"reason", nullptr}};
}

Json Nothing(const char* reason) {
  return {{"value", nullptr},
          {"lo", nullptr},
          {"hi", nullptr},
          {"n", 2560},
          {"reason", reason}};
}

Json Group(const std::string& name, const Json& grouping, size_t classes) {
  Json confusion = Json::array();
  Json recall = Json::array();
  for (size_t i = 0; i < classes; ++i) {
    Json row = Json::array();
    for (size_t j = 0; j < classes; ++j) row.push_back(i == j ? 150 : 50);
    confusion.push_back(row);
    recall.push_back(Estimate(0.617));
  }
  return {{"name", name},
          {"grouping", grouping},
          {"n", 2560},
          {"subjects", 1138},
          {"metrics",
           {{"accuracy", Estimate(0.658)},
            {"macro_auroc", Estimate(0.784)},
            {"brier", Nothing("not_probabilities")}}},
          {"recall", recall},
          {"confusion", confusion}};
}

Json Metric(const char* name, const char* label, const char* unit) {
  return {{"name", name},
          {"label", label},
          {"unit", unit},
          {"summary", "What it says."},
          {"direction", "higher_is_better"}};
}

Json Audit(const std::string& name, size_t classes) {
  Json audit = MakeAudit();
  Json list = Json::array();
  for (size_t k = 0; k < classes; ++k) {
    list.push_back({{"class", name + std::to_string(k)},
                    {"rows", 453},
                    {"subjects", 311}});
  }
  audit["multiclass"] = Json::array(
      {{{"name", name},
        {"model", "p_*"},
        {"rows", 2560},
        {"hard_decisions", false},
        {"classes", list},
        {"metrics",
         Json::array({Metric("accuracy", "Accuracy over classes", "rate"),
                      Metric("macro_auroc", "Macro AUROC", "number"),
                      Metric("brier", "Brier score", "number")})},
        {"groups",
         Json::array({Group("everyone", Json::array(), classes),
                      Group("sex=F", Json::array({"sex"}), classes)})},
        {"gaps", Json::array({{{"by", Json::array({"sex"})},
                               {"metric", "recall:" + name + "0"},
                               {"measure", "max_min"},
                               {"value", 0.208},
                               {"lo", 0.103},
                               {"hi", 0.313},
                               {"p_adjusted", 0.0002},
                               {"null_expected", 0.043},
                               {"null_p95", 0.09},
                               {"smallest_detectable", 0.11},
                               {"margin", 0.05},
                               {"worst", {{"name", "sex=F"}}},
                               {"outcome", "shown"}}})}}});
  return audit;
}

TEST(MulticlassReport, ShowsTheNumbersOfTheDocument) {
  const std::string html = AuditReportHtml(Audit("dx", 3));
  EXPECT_EQ(MarkupFault(html), "");
  for (const char* part :
       {"All classes together: <bdi>dx</bdi>", "61.7\u00a0% (58.7 to 64.7)",
        "65.8\u00a0% (62.8 to 68.8)", "0.784 (0.754 to 0.814)", ">453<",
        ">311<", "n 150", "60.0\u00a0%", "20.0\u00a0%",
        "<h3>Confusion matrices</h3>", "<h3>Gaps between groups</h3>",
        "20.8\u00a0pp (10.3 to 31.3)", "Recall of dx0 by sex"}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  // Left out, since no group has a value.
  EXPECT_EQ(html.find(">Brier score<"), std::string::npos);
}

TEST(MulticlassReport, DrawsNoMatrixOfManyClasses) {
  const std::string html = AuditReportHtml(Audit("c", 15));
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("Confusion matrix:"), std::string::npos);
  EXPECT_NE(html.find("The confusion matrices are in audit.json."),
            std::string::npos);
}

TEST(MulticlassReport, ShowsHiddenMatricesAndHostileNames) {
  Json audit = Audit("<b>&'\"", 2);
  for (Json& group : audit["multiclass"][0]["groups"]) {
    group["confusion"] = nullptr;
    group["n"] = nullptr;
  }
  audit["multiclass"][0]["gaps"] = Json::array();
  const std::string html = AuditReportHtml(audit);
  EXPECT_EQ(MarkupFault(html), "");
  EXPECT_EQ(html.find("<h3>Confusion matrices</h3>"), std::string::npos);
  EXPECT_EQ(html.find("<b>&'"), std::string::npos);
}

TEST(MulticlassDocument, SaysWhereItIsWrong) {
  const auto message = [](const Json& audit) -> std::string {
    try {
      AuditReportHtml(audit);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  };
  Json audit = Audit("dx", 3);
  audit["multiclass"][0]["groups"][1]["recall"].erase(0);
  EXPECT_NE(
      message(audit).find("audit.json: multiclass[0].groups[1].recall is "),
      std::string::npos)
      << message(audit);
  audit = Audit("dx", 3);
  audit["multiclass"][0]["groups"][0]["confusion"][0][1] = nullptr;
  EXPECT_NE(
      message(audit).find("expected counts, a row and a column for each class"),
      std::string::npos)
      << message(audit);
  audit = Audit("dx", 3);
  audit["multiclass"][0]["groups"] = Json::array();
  EXPECT_NE(message(audit).find("expected at least the group of everyone"),
            std::string::npos)
      << message(audit);
}

}  // namespace
}  // namespace plumbline::report
