// Where the columns of a forest plot stand.
#include "plumbline/report/forest.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "plumbline/report/markup_checker.h"
#include "plumbline/report/text_table.h"
#include "plumbline/report/xy_plot.h"

namespace plumbline::report {
namespace {

ForestPlot PlotWith(const std::string& text, double lo, double hi) {
  ForestPlot plot;
  plot.id = "f1";
  plot.title = "t";
  plot.line = 0;
  plot.line_name = "no change";
  plot.rows = {{.label = "F",
                .count = "13,017",
                .value = (lo + hi) / 2,
                .lo = lo,
                .hi = hi,
                .text = text}};
  return plot;
}

// The number behind `name="` after `from`.
double NumberAfter(const std::string& svg, const std::string& name,
                   size_t from = 0) {
  const size_t at = svg.find(name + "=\"", from);
  return at == std::string::npos
             ? -1
             : std::strtod(svg.c_str() + at + name.size() + 2, nullptr);
}

// Where the text `text` begins; the x before it.
double LeftOf(const std::string& svg, const std::string& text) {
  const size_t at = svg.find('>' + text + "</text>");
  const size_t open = svg.rfind("<text", at);
  return NumberAfter(svg, " x", open);
}

TEST(DrawForest, LeavesRoomForWhatIsWrittenAtTheRight) {
  for (const std::string text :
       {"1.0 pp (0.0 to 2.0)", "-0.032 (-0.039 to -0.026)",
        "-1234.567 (-2345.678 to -3456.789)",
        "33.3 % (too few: 6 of 10 needed)"}) {
    const std::string svg = DrawForest(PlotWith(text, -0.04, -0.02));
    EXPECT_EQ(MarkupFault(svg), "");
    // The last text; 6 units a character is what a sans-serif of 12 px takes.
    const size_t at = svg.rfind("class=\"la\"");
    ASSERT_NE(at, std::string::npos);
    const double left = NumberAfter(svg, " x", svg.rfind("<text", at));
    EXPECT_LE(left + 6.0 * DisplayWidth(text), NumberAfter(svg, " width"))
        << text;
    EXPECT_GE(left, 186 + 120) << text;
  }
}

TEST(DrawForest, WritesNoTickOnTheNextOne) {
  const std::string svg = DrawForest(PlotWith("0.006", 0.0001, 0.0092));
  std::vector<double> ticks;
  for (size_t at = svg.find("class=\"ti am\""); at != std::string::npos;
       at = svg.find("class=\"ti am\"", at + 1)) {
    const size_t open = svg.rfind("<text", at);
    const size_t text = svg.find('>', at) + 1;
    if (svg[text] < '0' || svg[text] > '9') continue;
    ticks.push_back(NumberAfter(svg, " x", open));
  }
  ASSERT_GE(ticks.size(), 2u);
  for (size_t i = 1; i < ticks.size(); ++i) {
    // "0.005" is about 33 units wide.
    EXPECT_GE(ticks[i] - ticks[i - 1], 38);
  }
}

// The line lies at the left edge: its name would be written over the "n".
TEST(DrawForest, PutsTheNameOfTheLineBesideTheHeadingOfTheCounts) {
  const std::string beside = DrawForest(PlotWith("x", 0.0001, 0.0092));
  EXPECT_GE(LeftOf(beside, "no change"), 172 + 6);
  const std::string centred = DrawForest(PlotWith("x", -0.5, 0.5));
  EXPECT_NE(centred.find("\">no change</text>"), std::string::npos);
}

XyPlot OneLine() {
  XyPlot plot;
  plot.id = "f1";
  plot.title = "t";
  plot.x_hi = 60000;
  plot.percent_x = false;
  plot.series.push_back(
      {.label = "", .line = {{0, 0.1}, {30000, 0.5}, {60000, 0.9}}});
  return plot;
}

TEST(DrawXyPlot, WritesThousandsInFullAndNoLegendForOneLine) {
  XyPlot plot = OneLine();
  const std::string svg = DrawXyPlot(plot);
  EXPECT_EQ(MarkupFault(svg), "");
  EXPECT_NE(svg.find(">20,000</text>"), std::string::npos);
  EXPECT_EQ(svg.find("e+0"), std::string::npos);
  plot.series[0].label = "margin";
  EXPECT_LT(NumberAfter(svg, " height"),
            NumberAfter(DrawXyPlot(plot), " height"));
}

TEST(DrawXyPlot, DrawsLinesAcrossTheFrameOnlyInsideIt) {
  XyPlot plot = OneLine();
  const std::string without = DrawXyPlot(plot);
  EXPECT_EQ(without.find("class=\"rl\""), std::string::npos);
  plot.x_line = 70000;
  plot.y_line = -1;
  EXPECT_EQ(DrawXyPlot(plot), without);
  plot.y_line = 0.5;
  EXPECT_EQ(Occurrences(DrawXyPlot(plot), "class=\"rl\""), 1);
}

}  // namespace
}  // namespace plumbline::report
