#include "plumbline/report/svg.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "plumbline/report/html.h"
#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

// Names from the data may be of any length.
constexpr int kTitleColumns = 160;
constexpr int kDescriptionColumns = 400;

double DistanceToSegment(const Point& p, const Point& a, const Point& b) {
  const double dx = b.x - a.x;
  const double dy = b.y - a.y;
  const double length2 = dx * dx + dy * dy;
  if (length2 == 0) return std::hypot(p.x - a.x, p.y - a.y);
  const double t =
      std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0, 1.0);
  return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

void AppendPolygon(std::initializer_list<Point> corners, double x, double y,
                   double radius, std::string* path) {
  char command = 'M';
  for (const Point& corner : corners) {
    *path += command;
    AppendCoordinate(x + corner.x * radius, path);
    *path += ' ';
    AppendCoordinate(y + corner.y * radius, path);
    command = 'L';
  }
  *path += 'Z';
}

void AppendCircle(double x, double y, double radius, std::string* path) {
  std::string r;
  AppendCoordinate(radius, &r);
  std::string diameter;
  AppendCoordinate(2 * radius, &diameter);
  *path += 'M';
  AppendCoordinate(x - radius, path);
  *path += ' ';
  AppendCoordinate(y, path);
  const std::string arc = "a" + r + ' ' + r + " 0 1 0 ";
  *path += arc;
  *path += diameter;
  *path += " 0";
  *path += arc;
  *path += '-';
  *path += diameter;
  *path += " 0Z";
}

void AppendAttribute(const char* name, double value, std::string* out) {
  *out += ' ';
  *out += name;
  *out += "=\"";
  AppendCoordinate(value, out);
  *out += '"';
}

void AppendClass(std::string_view css_class, std::string* out) {
  *out += " class=\"";
  *out += css_class;
  *out += '"';
}

const char* AnchorClass(Anchor anchor) {
  switch (anchor) {
    case Anchor::kMiddle:
      return " am";
    case Anchor::kEnd:
      return " ae";
    case Anchor::kStart:
      break;
  }
  return "";
}

}  // namespace

std::vector<double> NiceTicks(double lo, double hi, int most) {
  std::vector<double> ticks;
  if (!std::isfinite(lo) || !std::isfinite(hi) || !(lo < hi)) return ticks;
  const double rough = (hi - lo) / std::max(most - 1, 1);
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double nice : {1.0, 2.0, 5.0}) {
    if (nice * power >= rough * (1 - 1e-9)) {
      step = nice * power;
      break;
    }
  }
  const double slack = step * 1e-9;
  for (double i = std::ceil((lo - slack) / step); i * step <= hi + slack; ++i) {
    ticks.push_back(i == 0 ? 0.0 : i * step);
  }
  return ticks;
}

void AppendCoordinate(double value, std::string* out) {
  const long long tenths = std::isfinite(value)
                               ? std::llround(std::clamp(value, -1e6, 1e6) * 10)
                               : 0;
  if (tenths < 0) *out += '-';
  const long long size = std::llabs(tenths);
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, size / 10);
  out->append(buffer, end.ptr);
  if (size % 10 != 0) {
    *out += '.';
    *out += static_cast<char>('0' + size % 10);
  }
}

void AppendMarker(int shape, double x, double y, double radius,
                  std::string* path) {
  const double r = radius;
  switch (shape % kSeriesStyles) {
    case 0:
      return AppendCircle(x, y, r, path);
    case 1:
      return AppendPolygon({{-.9, -.9}, {.9, -.9}, {.9, .9}, {-.9, .9}}, x, y,
                           r, path);
    case 2:
      return AppendPolygon({{0, -1.2}, {1.1, .8}, {-1.1, .8}}, x, y, r, path);
    case 3:
      return AppendPolygon({{0, -1.3}, {1.1, 0}, {0, 1.3}, {-1.1, 0}}, x, y, r,
                           path);
    case 4:
      return AppendPolygon({{0, 1.2}, {1.1, -.8}, {-1.1, -.8}}, x, y, r, path);
    case 5:
      return AppendPolygon({{-.4, -1.2},
                            {.4, -1.2},
                            {.4, -.4},
                            {1.2, -.4},
                            {1.2, .4},
                            {.4, .4},
                            {.4, 1.2},
                            {-.4, 1.2},
                            {-.4, .4},
                            {-1.2, .4},
                            {-1.2, -.4},
                            {-.4, -.4}},
                           x, y, r, path);
    case 6:
      return AppendPolygon({{0, -.5},
                            {.6, -1.1},
                            {1.1, -.6},
                            {.5, 0},
                            {1.1, .6},
                            {.6, 1.1},
                            {0, .5},
                            {-.6, 1.1},
                            {-1.1, .6},
                            {-.5, 0},
                            {-1.1, -.6},
                            {-.6, -1.1}},
                           x, y, r, path);
    default:
      return AppendPolygon({{-1.3, -.45}, {1.3, -.45}, {1.3, .45}, {-1.3, .45}},
                           x, y, r, path);
  }
}

void AppendSegment(double x1, double y1, double x2, double y2,
                   std::string* path) {
  *path += 'M';
  AppendCoordinate(x1, path);
  *path += ' ';
  AppendCoordinate(y1, path);
  if (y1 == y2) {
    *path += 'H';
    AppendCoordinate(x2, path);
  } else if (x1 == x2) {
    *path += 'V';
    AppendCoordinate(y2, path);
  } else {
    *path += 'L';
    AppendCoordinate(x2, path);
    *path += ' ';
    AppendCoordinate(y2, path);
  }
}

void AppendPolyline(const std::vector<Point>& points, std::string* path) {
  char command = 'M';
  for (const Point& point : points) {
    *path += command;
    AppendCoordinate(point.x, path);
    *path += ' ';
    AppendCoordinate(point.y, path);
    command = 'L';
  }
}

std::vector<Point> ThinLine(const std::vector<Point>& points,
                            double tolerance) {
  if (points.size() < 3) return points;
  std::vector<bool> keep(points.size());
  keep.front() = keep.back() = true;
  std::vector<std::pair<size_t, size_t>> open = {{0, points.size() - 1}};
  while (!open.empty()) {
    const auto [first, last] = open.back();
    open.pop_back();
    double farthest = tolerance;
    size_t at = 0;
    for (size_t i = first + 1; i < last; ++i) {
      const double distance =
          DistanceToSegment(points[i], points[first], points[last]);
      if (distance > farthest) {
        farthest = distance;
        at = i;
      }
    }
    if (at == 0) continue;
    keep[at] = true;
    open.emplace_back(first, at);
    open.emplace_back(at, last);
  }
  std::vector<Point> thin;
  for (size_t i = 0; i < points.size(); ++i) {
    if (keep[i]) thin.push_back(points[i]);
  }
  return thin;
}

Svg::Svg(double width, double height, std::string_view id,
         std::string_view title, std::string_view description) {
  out_.reserve(4096);
  out_ += "<svg role=\"img\" viewBox=\"0 0 ";
  AppendCoordinate(width, &out_);
  out_ += ' ';
  AppendCoordinate(height, &out_);
  out_ += '"';
  AppendAttribute("width", width, &out_);
  AppendAttribute("height", height, &out_);
  // The style sheet stretches a drawing with the page, but not beyond reason.
  out_ += " style=\"--w:";
  AppendCoordinate(width, &out_);
  out_ += "px\"";
  const std::string name(id);
  out_ += " aria-labelledby=\"" + name + "-t\" aria-describedby=\"" + name +
          "-d\"><title id=\"" + name + "-t\">";
  AppendEscaped(Shorten(title, kTitleColumns), &out_);
  out_ += "</title><desc id=\"" + name + "-d\">";
  AppendEscaped(Shorten(description, kDescriptionColumns), &out_);
  out_ += "</desc>\n";
}

void Svg::Line(double x1, double y1, double x2, double y2,
               const char* css_class) {
  std::string data;
  AppendSegment(x1, y1, x2, y2, &data);
  Path(data, css_class);
}

void Svg::Rectangle(double x, double y, double width, double height,
                    const char* css_class) {
  out_ += "<rect";
  AppendAttribute("x", x, &out_);
  AppendAttribute("y", y, &out_);
  AppendAttribute("width", width, &out_);
  AppendAttribute("height", height, &out_);
  AppendClass(css_class, &out_);
  out_ += "/>";
}

void Svg::Text(double x, double y, std::string_view text, const char* css_class,
               Anchor anchor) {
  out_ += "<text";
  AppendAttribute("x", x, &out_);
  AppendAttribute("y", y, &out_);
  AppendClass(std::string(css_class) + AnchorClass(anchor), &out_);
  out_ += '>';
  AppendEscaped(text, &out_);
  out_ += "</text>\n";
}

void Svg::VerticalText(double x, double y, std::string_view text,
                       const char* css_class) {
  out_ += "<text transform=\"translate(";
  AppendCoordinate(x, &out_);
  out_ += ' ';
  AppendCoordinate(y, &out_);
  out_ += ")rotate(-90)\"";
  AppendClass(std::string(css_class) + " am", &out_);
  out_ += '>';
  AppendEscaped(text, &out_);
  out_ += "</text>\n";
}

void Svg::Path(std::string_view data, std::string_view css_class) {
  if (data.empty()) return;
  out_ += "<path d=\"";
  out_ += data;
  out_ += '"';
  AppendClass(css_class, &out_);
  out_ += "/>\n";
}

std::string Svg::Finish() {
  out_ += "</svg>";
  return std::move(out_);
}

}  // namespace plumbline::report
