// Headings, paragraphs, lists and tables as plain text for a terminal or as
// Markdown, from the same calls.
#pragma once

#include <string>
#include <string_view>

#include "plumbline/report/text_table.h"

namespace plumbline::report {

class PlainWriter {
 public:
  enum class Format { kText, kMarkdown };

  // `width`: no line of text is longer. Markdown lines are not wrapped.
  PlainWriter(Format format, int width) : format_(format), width_(width) {}

  void Title(std::string_view text);
  void Heading(std::string_view text);
  void Paragraph(std::string_view text);
  // "label  text", continued under the text.
  void Item(std::string_view label, std::string_view text);
  void Table(const TextTable& table);

  std::string Finish() const { return out_; }

 private:
  enum class Block { kNone, kHeading, kParagraph, kItem };
  // The empty line between blocks.
  void Begin(Block block);
  void Wrap(std::string_view text, std::string_view first, int indent);

  Format format_;
  int width_;
  Block last_ = Block::kNone;
  std::string out_;
};

// Text in which nothing is taken for Markdown or HTML.
std::string EscapeMarkdown(std::string_view text);

}  // namespace plumbline::report
