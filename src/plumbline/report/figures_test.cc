// The drawings, each on its own.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "plumbline/report/curves.h"
#include "plumbline/report/forest.h"
#include "plumbline/report/heat_map.h"
#include "plumbline/report/html.h"
#include "plumbline/report/markup_checker.h"
#include "plumbline/report/page_style.h"
#include "plumbline/report/svg.h"

namespace plumbline::report {
namespace {

constexpr const char* kHostile = "<script>\"'&amp;]]></svg>";

TEST(MarkupFault, FindsWhatItIsFor) {
  EXPECT_EQ(MarkupFault("<p class=\"a\">x &lt; y<br></p>"), "");
  EXPECT_NE(MarkupFault("<p><b></p></b>"), "");
  EXPECT_NE(MarkupFault("<p>a & b</p>"), "");
  EXPECT_NE(MarkupFault("<p class=a></p>"), "");
  EXPECT_NE(MarkupFault("<p id=\"a\"></p><p id=\"a\"></p>"), "");
  EXPECT_NE(MarkupFault("<a href=\"#b\"></a>"), "");
  EXPECT_NE(MarkupFault("<p>"), "");
}

TEST(Escaped, LeavesNothingThatOpensOrClosesMarkup) {
  EXPECT_EQ(Escaped("<a href=\"x\">'&"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
}

TEST(Escaped, WritesNumbersAsAPrinterWould) {
  EXPECT_EQ(Escaped("-3.1 % (-5.0 to -1.2)"),
            "\u22123.1\u00a0% (\u22125.0 to \u22121.2)");
  EXPECT_EQ(Escaped("false-negative, fpr-2"), "false-negative, fpr-2");
}

TEST(NiceTicks, AreRoundAndInside) {
  EXPECT_EQ(NiceTicks(0, 1, 6).size(), 6u);
  for (const double tick : NiceTicks(0.13, 0.37, 5)) {
    EXPECT_GE(tick, 0.13);
    EXPECT_LE(tick, 0.37);
  }
  EXPECT_GE(NiceTicks(0.13, 0.37, 5).size(), 2u);
  EXPECT_TRUE(NiceTicks(1, 1, 5).empty());
  EXPECT_TRUE(NiceTicks(0, std::numeric_limits<double>::infinity(), 5).empty());
}

TEST(ThinLine, KeepsEverythingWithinTheTolerance) {
  std::vector<Point> circle;
  for (int i = 0; i <= 200; ++i) {
    const double angle = i * std::acos(-1) / 400;
    circle.push_back({300 * std::cos(angle), 300 * std::sin(angle)});
  }
  const std::vector<Point> thin = ThinLine(circle, 0.33);
  EXPECT_LT(thin.size(), 40u);
  // The chords of the thinned line stay within 0.33 of the circle.
  for (size_t i = 1; i < thin.size(); ++i) {
    const double x = (thin[i - 1].x + thin[i].x) / 2;
    const double y = (thin[i - 1].y + thin[i].y) / 2;
    EXPECT_NEAR(std::hypot(x, y), 300, 0.34);
  }
}

TEST(AppendMarker, GivesEverySeriesAShapeOfItsOwn) {
  std::vector<std::string> shapes;
  for (int shape = 0; shape < kSeriesStyles; ++shape) {
    std::string path;
    AppendMarker(shape, 10, 10, 4, &path);
    EXPECT_EQ(std::count(shapes.begin(), shapes.end(), path), 0);
    shapes.push_back(path);
  }
}

double Channel(std::string_view colour, int at) {
  const int byte = std::stoi(std::string(colour.substr(at, 2)), nullptr, 16);
  const double c = byte / 255.0;
  return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

// WCAG 2.1, relative luminance and contrast ratio.
double Contrast(std::string_view a, std::string_view b) {
  const auto luminance = [](std::string_view colour) {
    return 0.2126 * Channel(colour, 1) + 0.7152 * Channel(colour, 3) +
           0.0722 * Channel(colour, 5);
  };
  const double lighter = std::max(luminance(a), luminance(b));
  const double darker = std::min(luminance(a), luminance(b));
  return (lighter + 0.05) / (darker + 0.05);
}

TEST(Palettes, CanBeReadInLightAndDark) {
  for (const Palette* palette : {&LightPalette(), &DarkPalette()}) {
    for (const std::string_view text :
         {palette->ink, palette->muted, palette->link, palette->shown,
          palette->none, palette->unknown}) {
      EXPECT_GE(Contrast(text, palette->background), 4.5) << text;
    }
    for (const std::string_view colour : palette->series) {
      EXPECT_GE(Contrast(colour, palette->background), 4.5) << colour;
    }
    EXPECT_GE(Contrast(palette->shown, palette->shown_tint), 4.5);
    EXPECT_GE(Contrast(palette->none, palette->none_tint), 4.5);
    EXPECT_GE(Contrast(palette->unknown, palette->unknown_tint), 4.5);
    EXPECT_GE(Contrast(palette->ink, palette->unknown_tint), 4.5);
  }
  for (const Shade& shade : HeatShades()) {
    EXPECT_GE(Contrast(shade.ink, shade.fill), 4.5) << shade.fill;
  }
}

TEST(PageStyle, LoadsNothing) {
  EXPECT_EQ(PageStyle().find("url("), std::string::npos);
  EXPECT_EQ(PageStyle().find("@import"), std::string::npos);
  EXPECT_EQ(PageStyle().find("http"), std::string::npos);
}

ForestPlot OneForest() {
  ForestPlot plot;
  plot.id = "f1";
  plot.title = kHostile;
  plot.description = kHostile;
  plot.kind = NumberKind::kPercent;
  plot.line = 0.3;
  plot.rows = {{.mark = ForestRow::Mark::kHeading, .label = kHostile},
               {.label = "F",
                .count = "880",
                .value = 0.31,
                .lo = 0.28,
                .hi = 0.34,
                .text = "31.0 % (28.1 to 34.0)"},
               {.mark = ForestRow::Mark::kUncertain,
                .label = "X",
                .count = "6",
                .value = 0.5,
                .text = "too few"}};
  return plot;
}

TEST(DrawForest, IsWellFormedWithHostileNames) {
  const std::string svg = DrawForest(OneForest());
  EXPECT_EQ(MarkupFault(svg), "");
  EXPECT_NE(svg.find("role=\"img\""), std::string::npos);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_NE(svg.find("31.0\u00a0% (28.1 to 34.0)"), std::string::npos);
}

TEST(DrawForest, SurvivesNothingToDraw) {
  ForestPlot plot;
  plot.id = "f1";
  EXPECT_EQ(MarkupFault(DrawForest(plot)), "");
  plot.rows = {{.label = "F", .count = "0", .text = "only one class"}};
  EXPECT_EQ(MarkupFault(DrawForest(plot)), "");
}

TEST(RangeOfForest, IsNotSqueezedByOneEnormousInterval) {
  ForestPlot plot = OneForest();
  plot.kind = NumberKind::kRatio;
  for (int i = 0; i < 5; ++i) {
    plot.rows.push_back({.value = 0.3, .lo = 0.2, .hi = 0.4});
  }
  plot.rows.push_back({.value = 0.35, .lo = -80, .hi = 90});
  const ForestRange range = RangeOfForest(plot);
  EXPECT_GT(range.lo, -1);
  EXPECT_LT(range.hi, 2);
}

TEST(RangeOfForest, KeepsSharesBetweenZeroAndOne) {
  ForestPlot plot = OneForest();
  plot.rows.push_back({.value = 0.99, .lo = 0.02, .hi = 1.0});
  const ForestRange range = RangeOfForest(plot);
  EXPECT_GE(range.lo, 0);
  EXPECT_LE(range.hi, 1);
}

AuditCurve SomeCurve() {
  AuditCurve curve;
  curve.name = "everyone";
  curve.roc = {{0, 0}, {0.1, 0.6}, {0.5, 0.9}, {1, 1}};
  curve.roc_area = 0.83;
  curve.calibration = {{0.02, 0.01, 0.005, 0.02, 100},
                       {0.3, 0.35, 0.2, 0.5, 100}};
  curve.net_benefit = {
      {0.02, 0.08, 0.075}, {0.1, 0.05, 0.01}, {0.3, 0.02, -0.2}};
  return curve;
}

TEST(Curves, AreWellFormedAndSayWhatTheyShow) {
  const AuditCurve curve = SomeCurve();
  const std::vector<NamedCurve> named = {{kHostile, &curve, 0.1, 0.6},
                                         {"F", &curve, {}, {}}};
  for (const std::string& svg :
       {DrawRoc("f1", kHostile, named), DrawCalibration("f2", kHostile, named),
        DrawNetBenefit("f3", kHostile, named)}) {
    EXPECT_EQ(MarkupFault(svg), "");
    EXPECT_NE(svg.find("<title id="), std::string::npos);
    EXPECT_NE(svg.find("<desc id="), std::string::npos);
    // Lines differ by dash and marker, not by colour alone.
    EXPECT_NE(svg.find("ln s1 d1"), std::string::npos);
    EXPECT_NE(svg.find("\"m1\""), std::string::npos);
  }
}

TEST(Curves, AreLeftOutWithoutPoints) {
  AuditCurve curve;
  EXPECT_EQ(DrawRoc("f1", "t", {{"F", &curve, {}, {}}}), "");
  EXPECT_EQ(DrawCalibration("f1", "t", {{"F", &curve, {}, {}}}), "");
  EXPECT_EQ(DrawNetBenefit("f1", "t", {}), "");
}

TEST(Curves, DrawScoresThatAreNoProbabilities) {
  AuditCurve curve;
  curve.calibration = {{-3.0, 0.1, {}, {}, 10}, {7.0, 0.6, {}, {}, 10}};
  const std::string svg = DrawCalibration("f1", "t", {{"F", &curve, {}, {}}});
  EXPECT_EQ(MarkupFault(svg), "");
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(SensitivityAt, InterpolatesAndStopsAtTheEnds) {
  const AuditCurve curve = SomeCurve();
  EXPECT_NEAR(*SensitivityAt(curve, 0.3), 0.75, 1e-12);
  EXPECT_NEAR(*SensitivityAt(curve, 0), 0, 1e-12);
  EXPECT_NEAR(*SensitivityAt(curve, 1), 1, 1e-12);
  EXPECT_FALSE(SensitivityAt(AuditCurve(), 0.3));
}

HeatMap SomeMap() {
  HeatMap map;
  map.id = "f1";
  map.title = map.description = map.row_name = map.column_name = kHostile;
  map.rows = {"A", kHostile};
  map.columns = {"F", "M"};
  map.kind = NumberKind::kPercent;
  map.cells = {{true, false, 0.1, "10.0 %", "n 90"},
               {true, false, 0.5, "50.0 %", "n 80"},
               {true, true, 0.9, "90.0 %", "n 4"},
               {}};
  return map;
}

TEST(DrawHeatMap, HatchesSmallCellsAndShadesTheWorstDarkest) {
  const std::string svg = DrawHeatMap(SomeMap());
  EXPECT_EQ(MarkupFault(svg), "");
  // One cell and the legend.
  EXPECT_EQ(Occurrences(svg, "fill=\"url(#f1-h)\""), 2);
  // 0.9 is small: 0.5 is the darkest, and the legend ends there.
  EXPECT_NE(svg.find("class=\"t5 hv am\">50.0"), std::string::npos);
  EXPECT_NE(svg.find("class=\"t0 hv am\">10.0"), std::string::npos);
}

TEST(DrawHeatMap, TurnsTheShadesWhereLowIsBad) {
  HeatMap map = SomeMap();
  map.low_is_bad = true;
  EXPECT_NE(DrawHeatMap(map).find("class=\"t5 hv am\">10.0"),
            std::string::npos);
}

TEST(DrawHeatMap, DoesNotDramatiseDifferencesThatDoNotMatter) {
  HeatMap map = SomeMap();
  map.cells[1].value = 0.101;
  map.cells[1].value_text = "10.1 %";
  map.at_least_lo = 0.0;
  map.at_least_hi = 0.2;
  EXPECT_NE(DrawHeatMap(map).find("class=\"t3 hv am\">10.1"),
            std::string::npos);
}

}  // namespace
}  // namespace plumbline::report
