// How the report looks: colours for light and dark, and the style sheet.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "plumbline/report/svg.h"

namespace plumbline::report {

// Colours as "#rrggbb".
struct Palette {
  std::string_view background;
  std::string_view ink;
  std::string_view muted;  // secondary text
  std::string_view rule;   // lines between things, not for text
  std::string_view link;
  // Words and marks of the three outcomes, and what lies behind them.
  std::string_view shown;
  std::string_view none;
  std::string_view unknown;
  std::string_view shown_tint;
  std::string_view none_tint;
  std::string_view unknown_tint;
  // After Okabe and Ito 2008 ("Color universal design"), darkened for white and
  // lightened for dark pages until every colour has a contrast of 4.5.
  std::array<std::string_view, kSeriesStyles> series;
};

const Palette& LightPalette();
const Palette& DarkPalette();

// The shades of the heat map from best to worst and the ink on each; the same
// in light and dark.
struct Shade {
  std::string_view fill;
  std::string_view ink;
};
const std::array<Shade, 6>& HeatShades();

// The style sheet of the page.
const std::string& PageStyle();

}  // namespace plumbline::report
