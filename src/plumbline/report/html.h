// Pieces of an HTML page. Text that comes from a user goes through Escaped or
// EscapedName; everything else is written by us.
#pragma once

#include <string>
#include <string_view>

namespace plumbline::report {

// Safe as text and inside a double-quoted attribute. A minus before a digit
// becomes U+2212, the space before a unit one that does not break.
void AppendEscaped(std::string_view text, std::string* out);
std::string Escaped(std::string_view text);

// A name from the data: cut at 80 columns and kept from turning the direction
// of the text around it.
std::string EscapedName(std::string_view name);

// A table with a caption, in a box that scrolls sideways and can be reached
// with the keyboard. The first cell of each row is its heading; cells are
// numbers (right-aligned) unless said otherwise.
class HtmlTable {
 public:
  // `caption` is HTML; `label` is plain text for screen readers.
  HtmlTable(std::string_view caption, std::string_view label, std::string* out);
  // Text columns are left-aligned.
  void HeadText(std::string_view html);
  void HeadNumber(std::string_view html);
  void Row(std::string_view heading_html);
  void Number(std::string_view text);  // escaped here
  void Text(std::string_view html);    // left-aligned
  void Word(std::string_view html);    // the same, as narrow as it is
  void Outcome(std::string_view html, const char* css_class);
  void Finish();

 private:
  void EndRow();

  std::string* out_;
  bool in_body_ = false;
};

// Opens <details>; `summary` is HTML. Close with "</details>\n".
void OpenDetails(std::string_view summary, std::string* out);

}  // namespace plumbline::report
