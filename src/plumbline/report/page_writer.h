// A page while it is written, whatever it is about: its text so far, numbered
// sections with a list of contents, names for figures.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plumbline/report/html.h"

namespace plumbline::report {

class PageWriter {
 public:
  std::string html;

  // A numbered section with an entry in the list of contents.
  void BeginSection(std::string_view title_html, const char* css_class = "");
  void EndSection() { html += "</section>\n"; }

  // A section that can be folded away.
  void BeginFoldedSection(std::string_view title_html, bool open);
  void EndFoldedSection() { html += "</details></section>\n"; }

  // "f7", unique in the page.
  std::string NextId() { return "f" + std::to_string(++last_id_); }

  void Paragraph(std::string_view html_text) {
    html += "<p>";
    html += html_text;
    html += "</p>\n";
  }
  void Note(std::string_view html_text) {
    html += "<p class=\"note\">";
    html += html_text;
    html += "</p>\n";
  }
  // <figure> of this kind ("forest", "heat", "curve") with the drawing and a
  // caption (HTML); close with EndFigure, after the data table if any.
  void BeginFigure(const char* kind, std::string_view svg,
                   std::string_view caption);
  void EndFigure() { html += "</figure>\n"; }

  // Anchors and titles of the sections so far.
  struct Entry {
    std::string id;
    std::string title;
  };
  const std::vector<Entry>& contents() const { return contents_; }
  // The list of contents as HTML.
  std::string Contents() const;

 private:
  std::string NextSection(std::string_view title_html);

  std::vector<Entry> contents_;
  int last_id_ = 0;
};

// Mail servers and records systems take a megabyte; a little is kept in hand.
inline constexpr size_t kMostPageBytes = 980'000;

// What stands above the first section: document head, style, a title.
struct PageHead {
  std::string kicker;   // "Plumbline audit by group"
  std::string title;    // plain text
  std::string version;  // of Plumbline
  // Name and value (HTML) of the few facts under the title.
  std::vector<std::pair<std::string, std::string>> facts;
};

// A whole page: head, `main_html`, a closing note (HTML). No script, nothing
// loaded from elsewhere.
std::string FinishPage(const PageHead& head, std::string_view main_html,
                       std::string_view closing_note);

}  // namespace plumbline::report
