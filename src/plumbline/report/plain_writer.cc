#include "plumbline/report/plain_writer.h"

#include <algorithm>

#include "plumbline/report/utf8.h"

namespace plumbline::report {

void PlainWriter::Title(std::string_view text) {
  Begin(Block::kHeading);
  if (format_ == Format::kMarkdown) {
    out_ += "# " + EscapeMarkdown(text) + '\n';
    return;
  }
  const std::string line = Shorten(CleanText(text), width_);
  out_ += line + '\n' + std::string(DisplayWidth(line), '=') + '\n';
  last_ = Block::kHeading;
}

void PlainWriter::Heading(std::string_view text) {
  Begin(Block::kParagraph);
  if (format_ == Format::kMarkdown) {
    out_ += "## " + EscapeMarkdown(text) + '\n';
  } else {
    Wrap(text, "", 0);
  }
  last_ = Block::kHeading;
}

void PlainWriter::Paragraph(std::string_view text) {
  if (text.empty()) return;
  Begin(Block::kParagraph);
  if (format_ == Format::kMarkdown) {
    out_ += EscapeMarkdown(text) + '\n';
  } else {
    Wrap(text, "  ", 2);
  }
}

void PlainWriter::Item(std::string_view label, std::string_view text) {
  Begin(Block::kItem);
  if (format_ == Format::kMarkdown) {
    out_ += "- ";
    if (!label.empty()) out_ += "**" + EscapeMarkdown(label) + "** ";
    out_ += EscapeMarkdown(text) + '\n';
    return;
  }
  std::string first = "  ";
  if (label.empty()) {
    first += "- ";
  } else {
    first += std::string(label) + "  ";
  }
  Wrap(text, first, label.empty() ? 4 : 6);
}

void PlainWriter::Table(const TextTable& table) {
  Begin(Block::kParagraph);
  if (format_ == Format::kMarkdown) {
    out_ += table.ToMarkdown();
    return;
  }
  const std::string text = table.ToText(width_ - 2);
  for (size_t start = 0; start < text.size();) {
    const size_t end = text.find('\n', start);
    out_ += "  " + text.substr(start, end - start) + '\n';
    start = end + 1;
  }
}

void PlainWriter::Begin(Block block) {
  const bool tight = last_ == Block::kNone ||
                     (block == Block::kItem && last_ == Block::kItem) ||
                     (format_ == Format::kText && last_ == Block::kHeading);
  if (!tight) out_ += '\n';
  last_ = block;
}

void PlainWriter::Wrap(std::string_view text, std::string_view first,
                       int indent) {
  const std::string clean = CleanText(text);
  std::string line(first);
  int used = DisplayWidth(line);
  bool empty = true;
  const auto break_line = [&] {
    out_ += line + '\n';
    line.assign(indent, ' ');
    used = indent;
    empty = true;
  };
  for (size_t start = 0; start < clean.size();) {
    const size_t end = std::min(clean.find(' ', start), clean.size());
    // A word that no line can hold is cut.
    const std::string word =
        Shorten(clean.substr(start, end - start), width_ - indent);
    start = end + 1;
    if (word.empty()) continue;
    const int columns = DisplayWidth(word);
    if (used + columns + (empty ? 0 : 1) > width_ &&
        (!empty || used > indent)) {
      break_line();
    }
    if (!empty) {
      line += ' ';
      ++used;
    }
    line += word;
    used += columns;
    empty = false;
  }
  out_ += line + '\n';
}

std::string EscapeMarkdown(std::string_view text) {
  std::string out;
  for (const char c : CleanText(text)) {
    if (std::string_view("\\|<>[]*`#").find(c) != std::string_view::npos) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

}  // namespace plumbline::report
