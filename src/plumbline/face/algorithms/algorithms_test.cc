#include "plumbline/face/algorithms/algorithms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "plumbline/base/error.h"
#include "plumbline/table/table_reader.h"

namespace plumbline::face {
namespace {

AlgorithmsInput Read(const std::string& file) {
  TableReader reader({file});
  std::vector<ColumnRequest> columns;
  for (const std::string& name : reader.header()) {
    columns.push_back({name, columns.empty() ? ColumnKind::kCategorical
                                             : ColumnKind::kNumeric});
  }
  return MakeAlgorithmsInput(reader.Read(columns));
}

// NIST's table of October 2020, 240 algorithms at the threshold that gives
// white men a false-match rate of 0.001; the expected values were computed from
// it with pandas.
class NistTable : public testing::Test {
 protected:
  const AlgorithmsInput input_ = Read(std::string(PLUMBLINE_SOURCE_DIR) +
                                      "/examples/nist_frvt_11_gender_race.csv");
  const AlgorithmsResult result_ = SummariseAlgorithms(input_, {});

  const CellSummary& Cell(const std::string& name) {
    return *std::find_if(
        result_.cells.begin(), result_.cells.end(),
        [&](const CellSummary& cell) { return cell.name == name; });
  }
  const Quantiles& Measure(const std::string& name) {
    return std::find_if(result_.measures.begin(), result_.measures.end(),
                        [&](const MeasureSummary& measure) {
                          return measure.measure == name;
                        })
        ->values;
  }
};

TEST_F(NistTable, WhiteMenAreTheReferenceAndBlackWomenAreAboveThemInAll) {
  EXPECT_EQ(result_.algorithms, 240);
  EXPECT_EQ(result_.reference, "MW_MW");
  EXPECT_EQ(Cell("FB_FB").above, 240);
  EXPECT_NEAR(Cell("MB_MB").share.value, 0.967, 5e-4);
  EXPECT_NEAR(Cell("FW_FW").share.value, 0.988, 5e-4);
}

TEST_F(NistTable, CellsHaveNistsQuantiles) {
  EXPECT_NEAR(Cell("FB_FB").rates.median, 0.01165, 5e-6);
  EXPECT_NEAR(Cell("FB_FB").rates.p5, 0.0033, 5e-5);
  EXPECT_NEAR(Cell("FB_FB").rates.p95, 0.0331, 5e-5);
  EXPECT_NEAR(Cell("FB_FB").rates.max, 0.4175, 5e-5);
  EXPECT_NEAR(Cell("MB_MB").rates.median, 0.00225, 5e-6);
  EXPECT_NEAR(Cell("FW_FW").rates.median, 0.0029, 5e-6);
  EXPECT_NEAR(Cell("MW_MB").rates.median, 0.0002, 5e-6);
  EXPECT_NEAR(Cell("FW_FB").rates.median, 0.0005, 5e-6);
}

TEST_F(NistTable, MeasuresHaveTheirMedians) {
  EXPECT_NEAR(Measure("max_min").median, 11.75, 0.005);
  EXPECT_NEAR(Measure("max_min").p95, 35.1, 0.05);
  EXPECT_NEAR(Measure("max_min").max, 498.5, 0.05);
  EXPECT_NEAR(Measure("max_geomean").median, 3.91, 0.005);
  EXPECT_NEAR(Measure("gini").median, 0.612, 5e-4);
  EXPECT_NEAR(Measure("gini").p5, 0.340, 5e-4);
}

// Where rates are equal, 150 have the first order, 144 without such a tie.
TEST_F(NistTable, OrdersGroupsAs150And72OfTheAlgorithmsDo) {
  EXPECT_EQ(result_.orderings[0].order, "MW < MB < FW < FB");
  EXPECT_EQ(result_.orderings[0].n, 144);
  int64_t with_ties = 0;
  for (const Ordering& ordering : result_.orderings) {
    std::string order = ordering.order;
    std::replace(order.begin(), order.end(), '=', '<');
    if (order == "MW < MB < FW < FB") with_ties += ordering.n;
  }
  EXPECT_EQ(with_ties, 150);
  EXPECT_EQ(result_.orderings[1].order, "MW < FW < MB < FB");
  EXPECT_EQ(result_.orderings[1].n, 72);
}

TEST_F(NistTable, DifferentPeopleOfDifferentGroupsSeldomMatch) {
  const auto cell =
      std::find_if(result_.cross_ratio.begin(), result_.cross_ratio.end(),
                   [](const auto& entry) { return entry.first == "MW_MB"; });
  EXPECT_NEAR(cell->second, 0.129, 5e-4);
}

TEST_F(NistTable, RefusesAReferenceThatIsNoGroup) {
  EXPECT_THROW(SummariseAlgorithms(input_, {.reference = "XX"}), Error);
  EXPECT_EQ(SummariseAlgorithms(input_, {.reference = "FW"}).reference,
            "FW_FW");
}

Table TableOf(std::vector<double> rates) {
  Table table;
  table.set_header({"name", "A_A", "B_B"});
  table.set_rows(1);
  table.set_sources({{.file = "t.csv", .rows = 1}});
  const std::vector<uint32_t> codes = {0};
  table.Add(CategoricalColumn{.name = "name",
                              .levels = {"x"},
                              .first_row = {0},
                              .codes = CodeVector::Pack(codes, 1)});
  table.Add(NumericColumn{.name = "A_A", .values = {rates[0]}});
  table.Add(NumericColumn{.name = "B_B", .values = {rates[1]}});
  return table;
}

TEST(MakeAlgorithmsInput, RefusesWhatIsNoRate) {
  EXPECT_EQ(MakeAlgorithmsInput(TableOf({0.1, 0.2})).cells.size(), 2u);
  try {
    MakeAlgorithmsInput(TableOf({0.1, 1.2}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "t.csv, row 2, column \"B_B\": 1.2 is no rate; expected a "
                 "number from 0 to 1");
  }
}

}  // namespace
}  // namespace plumbline::face
