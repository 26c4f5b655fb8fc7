// Static figures as inline SVG: scales, ticks, marks. Colours are classes that
// the page's style sheet defines for light and dark (page_style.cc).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline::report {

// The number of ways to draw a series: colour, dash and marker all differ.
inline constexpr int kSeriesStyles = 8;

// Linear map from data to user units; `to_lo` may be larger than `to_hi`.
struct Scale {
  double from_lo = 0;
  double from_hi = 1;
  double to_lo = 0;
  double to_hi = 1;
  double operator()(double value) const {
    return to_lo + (value - from_lo) / (from_hi - from_lo) * (to_hi - to_lo);
  }
};

// Round numbers (1, 2, 5 times a power of ten) inside [lo, hi], at most `most`
// (at least 2 are asked for). Empty unless lo < hi and both are finite.
std::vector<double> NiceTicks(double lo, double hi, int most);

// A user-unit coordinate with at most one decimal.
void AppendCoordinate(double value, std::string* out);

// Path data of one filled marker centred at (x, y): circle, square, triangle,
// diamond, inverted triangle, plus, cross, bar; `shape` modulo 8.
void AppendMarker(int shape, double x, double y, double radius,
                  std::string* path);
// Path data of an interval bar from (x1, y) to (x2, y) or (x, y1) to (x, y2).
void AppendSegment(double x1, double y1, double x2, double y2,
                   std::string* path);

struct Point {
  double x;
  double y;
};
// Path data of a polyline.
void AppendPolyline(const std::vector<Point>& points, std::string* path);
// The points that matter: no dropped point is farther than `tolerance` from
// the line that is left (Douglas and Peucker 1973).
std::vector<Point> ThinLine(const std::vector<Point>& points, double tolerance);

enum class Anchor { kStart, kMiddle, kEnd };

// One figure: <svg role="img"> with a title and a description.
class Svg {
 public:
  // `id` must be unique in the page; title and description are plain text.
  Svg(double width, double height, std::string_view id, std::string_view title,
      std::string_view description);

  void Line(double x1, double y1, double x2, double y2, const char* css_class);
  void Rectangle(double x, double y, double width, double height,
                 const char* css_class);
  // `text` is plain.
  void Text(double x, double y, std::string_view text, const char* css_class,
            Anchor anchor = Anchor::kStart);
  void VerticalText(double x, double y, std::string_view text,
                    const char* css_class);
  void Path(std::string_view data, std::string_view css_class);
  void Raw(std::string_view svg) { out_ += svg; }
  std::string Finish();

 private:
  std::string out_;
};

}  // namespace plumbline::report
