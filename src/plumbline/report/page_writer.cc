#include "plumbline/report/page_writer.h"

#include "plumbline/report/page_style.h"

namespace plumbline::report {
namespace {

void AppendHead(const PageHead& head, std::string* out) {
  *out +=
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
      "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<meta name=\"generator\" content=\"Plumbline ";
  AppendEscaped(head.version, out);
  *out += "\">\n<title>" + Escaped(head.title) + "</title>\n<style>" +
          PageStyle() +
          "</style>\n</head>\n<body>\n"
          "<a class=\"skip\" href=\"#main\">Skip to the verdict</a>\n"
          "<div class=\"page\">\n<header>\n"
          "<p class=\"kicker\">" +
          Escaped(head.kicker) + "</p>\n<h1>" + Escaped(head.title) +
          "</h1>\n<dl class=\"facts\">\n";
  for (const auto& [name, value_html] : head.facts) {
    *out += "<div><dt>" + Escaped(name) + "</dt><dd>" + value_html +
            "</dd></div>\n";
  }
  *out += "</dl>\n</header>\n";
}

}  // namespace

std::string PageWriter::NextSection(std::string_view title_html) {
  std::string number = std::to_string(contents_.size() + 1);
  contents_.push_back({"s" + number, std::string(title_html)});
  return number;
}

void PageWriter::BeginSection(std::string_view title_html,
                              const char* css_class) {
  const std::string number = NextSection(title_html);
  html += "<section id=\"s" + number + '"';
  if (*css_class != '\0') {
    html += " class=\"";
    html += css_class;
    html += '"';
  }
  html += "><h2>" + number + ". ";
  html += title_html;
  html += "</h2>\n";
}

void PageWriter::BeginFoldedSection(std::string_view title_html, bool open) {
  const std::string number = NextSection(title_html);
  html += "<section id=\"s" + number + "\"><details class=\"target\"";
  if (open) html += " open";
  html += "><summary><h2>" + number + ". ";
  html += title_html;
  html += "</h2></summary>\n";
}

void PageWriter::BeginFigure(const char* kind, std::string_view svg,
                             std::string_view caption) {
  html += "<figure class=\"";
  html += kind;
  html += "\"><figcaption>";
  html += caption;
  html += "</figcaption><div tabindex=\"0\">";
  html += svg;
  html += "</div>\n";
}

std::string PageWriter::Contents() const {
  std::string out = "<nav aria-label=\"Contents\"><ol>\n";
  for (const Entry& entry : contents_) {
    out += "<li><a href=\"#" + entry.id + "\">" + entry.title + "</a></li>\n";
  }
  return out + "</ol></nav>\n";
}

std::string FinishPage(const PageHead& head, std::string_view main_html,
                       std::string_view closing_note) {
  std::string out;
  out.reserve(main_html.size() + (1 << 15));
  AppendHead(head, &out);
  out += "<main id=\"main\">\n";
  out += main_html;
  out += "</main>\n<p class=\"note printed\">";
  out += closing_note;
  out += "</p>\n</div>\n</body>\n</html>\n";
  return out;
}

}  // namespace plumbline::report
