#include "plumbline/report/html.h"

#include "plumbline/report/utf8.h"

namespace plumbline::report {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void AppendEscaped(std::string_view text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    switch (const char c = text[i]) {
      case '&':
        *out += "&amp;";
        break;
      case '<':
        *out += "&lt;";
        break;
      case '>':
        *out += "&gt;";
        break;
      case '"':
        *out += "&quot;";
        break;
      case '\'':
        *out += "&#39;";
        break;
      case ' ': {
        const std::string_view next = text.substr(i + 1);
        const bool unit = next.starts_with('%') || next.starts_with("pp");
        *out += unit ? "\u00a0" : " ";
        break;
      }
      case '-': {
        const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(';
        const bool minus =
            starts && i + 1 < text.size() && IsDigit(text[i + 1]);
        *out += minus ? "\u2212" : "-";
        break;
      }
      default:
        *out += c;
    }
  }
}

std::string Escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  AppendEscaped(text, &out);
  return out;
}

std::string EscapedName(std::string_view name) {
  constexpr int kColumns = 80;
  return "<bdi>" + Escaped(Shorten(name, kColumns)) + "</bdi>";
}

HtmlTable::HtmlTable(std::string_view caption, std::string_view label,
                     std::string* out)
    : out_(out) {
  *out_ += "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"";
  AppendEscaped(label, out_);
  *out_ += "\"><table><caption><span>";
  *out_ += caption;
  *out_ += "</span></caption><thead><tr>";
}

void HtmlTable::HeadText(std::string_view html) {
  *out_ += "<th scope=\"col\" class=\"t\">";
  *out_ += html;
  *out_ += "</th>";
}

void HtmlTable::HeadNumber(std::string_view html) {
  *out_ += "<th scope=\"col\">";
  *out_ += html;
  *out_ += "</th>";
}

void HtmlTable::Row(std::string_view heading_html) {
  EndRow();
  *out_ += "<tr><th scope=\"row\">";
  *out_ += heading_html;
  *out_ += "</th>";
}

void HtmlTable::Number(std::string_view text) {
  *out_ += "<td>";
  AppendEscaped(text, out_);
  *out_ += "</td>";
}

void HtmlTable::Text(std::string_view html) {
  *out_ += "<td class=\"t\">";
  *out_ += html;
  *out_ += "</td>";
}

void HtmlTable::Word(std::string_view html) {
  *out_ += "<td class=\"t w\">";
  *out_ += html;
  *out_ += "</td>";
}

void HtmlTable::Outcome(std::string_view html, const char* css_class) {
  *out_ += "<td class=\"t o ";
  *out_ += css_class;
  *out_ += "\">";
  *out_ += html;
  *out_ += "</td>";
}

void HtmlTable::EndRow() {
  *out_ += in_body_ ? "</tr>\n" : "</tr></thead><tbody>\n";
  in_body_ = true;
}

void HtmlTable::Finish() {
  EndRow();
  *out_ += "</tbody></table></div>\n";
}

void OpenDetails(std::string_view summary, std::string* out) {
  *out += "<details><summary>";
  *out += summary;
  *out += "</summary>\n";
}

}  // namespace plumbline::report
