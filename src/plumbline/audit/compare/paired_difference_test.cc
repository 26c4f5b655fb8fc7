#include "plumbline/audit/compare/paired_difference.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "plumbline/base/file.h"
#include "plumbline/base/json.h"

namespace plumbline {
namespace {

Json Golden() {
  const std::string path =
      std::string(PLUMBLINE_SOURCE_DIR) + "/tests/golden/compare.json";
  return ParseJson(ReadFile(path), path);
}

std::string Csv(const Json& rows) {
  std::string text = "y,g,s,a,b\n";
  for (size_t i = 0; i < rows.at("label").size(); ++i) {
    text += fmt::format("{},{},{},{},{}\n", rows.at("label")[i].get<int>(),
                        rows.at("group")[i].get<std::string>(),
                        rows.at("subject")[i].get<int>(),
                        rows.at("a")[i].get<double>(),
                        rows.at("b")[i].get<double>());
  }
  return text;
}

CompareInput Read(const Json& golden) {
  CompareColumns columns;
  columns.common.labels = {"y"};
  columns.common.scores = {"a"};
  columns.challenger_scores = {"b"};
  columns.common.by = {"g"};
  if (golden.at("clustered").get<bool>()) columns.common.subject = "s";
  const std::string text = Csv(golden.at("rows"));
  const std::vector<std::string> header = {"y", "g", "s", "a", "b"};
  return MakeCompareInput(
      ReadCsvText(
          text, "golden",
          RequestedColumns(columns, CompareTable::kBoth, header, "golden")),
      columns);
}

class GoldenDifferences : public ::testing::TestWithParam<int> {};

TEST_P(GoldenDifferences, AreThoseOfThePythonOracle) {
  const Json golden = Golden().at("cases")[GetParam()];
  const CompareInput input = Read(golden);
  CompareOptions options;
  options.audit.metrics = {"auroc", "fnr", "ppv", "brier"};
  options.audit.replicates = 0;
  options.audit.threads = 1;
  const CompareResult result = CompareModels(input, options);
  for (const ComparedGroup& group : result.groups) {
    std::string name = input.rows.groups.Name(group.group);
    if (name != "everyone") name = name.substr(2);
    const Json& expected = golden.at("expected").at(name);
    for (size_t m = 0; m < result.metrics.size(); ++m) {
      const PairedDifference& d = group.metrics[m].difference;
      const Json& e = expected.at(result.metrics[m]);
      EXPECT_NEAR(d.value, e.at("value").get<double>(), 1e-12);
      EXPECT_NEAR(d.standard_error, e.at("se").get<double>(), 1e-12)
          << result.metrics[m] << ' ' << name;
      if (result.metrics[m] == "fnr") {
        // The interval of a rate is Newcombe's.
        if (!expected.contains("fnr_paired")) {
          EXPECT_NEAR(d.p, e.at("p").get<double>(), 1e-9);
          continue;
        }
        const Json& exact = expected.at("fnr_paired");
        EXPECT_NEAR(d.lo, exact.at("lo").get<double>(), 1e-12);
        EXPECT_NEAR(d.hi, exact.at("hi").get<double>(), 1e-12);
        EXPECT_NEAR(d.p, exact.at("p").get<double>(), 1e-12);
        continue;
      }
      EXPECT_NEAR(d.lo, e.at("lo").get<double>(), 1e-9);
      EXPECT_NEAR(d.hi, e.at("hi").get<double>(), 1e-9);
      EXPECT_NEAR(d.p, e.at("p").get<double>(), 1e-9);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(IndependentAndClustered, GoldenDifferences,
                         ::testing::Values(0, 1));

TEST(UnseenDifference, ShrinksAsThreeOrFourOverTheSubjects) {
  EXPECT_NEAR(UnseenDifference(1000, 0.95), 3.689 / 1000, 1e-5);
  EXPECT_EQ(UnseenDifference(0, 0.95), 1);
}

}  // namespace
}  // namespace plumbline
